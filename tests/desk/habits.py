"""What members do together where all goes well, or all but a little: chance alone seldom gets a centre so far."""

from collections.abc import Callable, Mapping
from typing import Final

from centre import MEMBERS, Centre
from joint import EAST, NORTH, SOUTH, WEST
from speakers import STANCES, Pen
from witnesses import RUNGS, SHA, finding

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.desk import Said
from quartet.desk.action import HOUR, LAPSES, SILENCE, Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import LOST, Procedure
from quartet.desk.communique import Communique, Drafted
from quartet.desk.consent import ConsentWord, Sought
from quartet.desk.evidence import Custody, Evidence
from quartet.desk.identification import Identification, TrackOffer
from quartet.desk.incident import Assessment, Concurrence, Finding, Question
from quartet.desk.notification import Known, Notified
from quartet.desk.rating import Revealed
from quartet.desk.report import EventRef, Independent, Report, SameAs
from quartet.desk.request import Reply, Request
from quartet.desk.running import ActionStep, Task, TaskStep
from quartet.desk.site import Call, SiteSeen, Warned
from quartet.desk.warning import Ack, Alert


def waits(centre: Centre, time: int) -> None:
    centre.now = Micros(max(centre.now, time))


def stands(pen: Pen, member: MemberId, version: Said[Value], stance: str = "CONCUR") -> None:
    """Have a member take a stand in the place of the one that it took last, which it seldom forgets to name."""
    own = [one.id for one in Pen(pen.centre, member, pen.dice).own(Position, version=version.id)]
    pen.centre.says(member, Position(version.id, stance, "so", own[-1] if own and pen.any(*range(6)) else None))  # type: ignore[arg-type]


def closes(pen: Pen, member: MemberId, version: Said[Value]) -> None:
    own = Pen(pen.centre, member, pen.dice).own(Position, version=version.id)
    pen.centre.says(member, Closing(version.id, tuple(one.id for one in own)))


def all_take_a_stand(pen: Pen) -> None:
    version = pen.centre.said[pen.about(Proposal)]
    for member in version.form.parties:
        stance = pen.any("CONCUR", "CONCUR", *STANCES, None)
        if stance is None:
            pen.centre.says(member, Acknowledged(version.id))
        else:
            stands(pen, member, version, stance)


def all_adopt(pen: Pen) -> None:
    """All concur; its time comes, it is begun, and somebody takes a task."""
    version = pen.centre.said[pen.about(Proposal)]
    for member in version.form.parties:
        stands(pen, member, version)
    waits(pen.centre, version.form.decide_by)
    if pen.any(False, True):
        pen.centre.says(version.member, ActionStep(version.id, "START"))
        begins = pen.centre.now
        offered = pen.centre.says(
            version.member, Task(version.id, pen.any(*version.form.parties), "patrol", begins, begins)
        )
        pen.centre.says(offered.form.owner, TaskStep(offered.id, "ACCEPT"))


def silence_adopts_or_nearly(pen: Pen) -> None:
    """Hosts and some concur, the others only read, before the end or after it; all close their accounts, or nearly."""
    version = pen.centre.said[pen.about(Proposal)]
    quiet = set(pen.some(*MEMBERS, most=2)) - set(version.form.hosts)
    for member in version.form.parties:
        if member not in quiet and not Pen(pen.centre, member, pen.dice).own(Position, version=version.id):
            stands(pen, member, version)
    waits(
        pen.centre,
        version.form.decide_by + pen.any(-SILENCE, -SILENCE, -HOUR, HOUR, LAPSES - SILENCE - HOUR, LAPSES + HOUR),
    )
    for member in sorted(quiet):
        pen.centre.says(member, Acknowledged(version.id))
    waits(pen.centre, max(version.form.decide_by, pen.centre.now + version.form.silence))
    forgets = pen.any(None, None, None, None, *MEMBERS)
    for member in version.form.participants:
        if member != forgets:
            closes(pen, member, version)
    waits(pen.centre, pen.centre.now + pen.any(0, HOUR, HOUR, HOUR))


def all_close(pen: Pen) -> None:
    version = pen.centre.said[pen.about(Proposal)]
    for member in version.form.participants:
        closes(pen, member, version)


def the_next_takes_the_chair(pen: Pen) -> None:
    """The chair is lost; the next of the rota takes it, and gives a proposal more time."""
    version = pen.centre.said[pen.about(Proposal)]
    waits(pen.centre, pen.centre.now + LOST)
    pen.centre.says(EAST, Procedure("TAKE"), hat="CHAIR")
    until = Micros(pen.any(version.form.decide_by + HOUR, version.form.begins))
    pen.centre.says(pen.any(EAST, EAST, NORTH), Procedure("EXTEND", version.id, None, until), hat="CHAIR")


def another_rota_is_agreed(pen: Pen) -> None:
    """The charter names others to preside, or the same in another turn; then the one of before speaks on."""
    before = pen.centre.rotas[-1].members
    pen.centre.agrees(*pen.any((SOUTH, EAST), (EAST, SOUTH, NORTH), (WEST,), (), MEMBERS))
    version = pen.about(Proposal)
    until = Micros(pen.centre.said[version].form.decide_by + HOUR)
    pen.centre.says(pen.any(*before, *MEMBERS), Procedure("EXTEND", version, None, until), hat="CHAIR")


def members_find_together(pen: Pen) -> None:
    made = pen.centre.says(pen.member, finding(pen))
    of = made.form.question
    for member in made.form.members:
        evidence = pen.some(*(one.id for one in pen.centre.of(Evidence)), most=1)
        own = pen.centre.says(member, Assessment(of, of, 5, "HIGH", evidence))
        pen.centre.says(member, Concurrence(made.id, own.id))


def the_ladder_is_climbed(pen: Pen) -> None:
    """Two find together on every question, from the foot, each time on evidence; then some of that is withdrawn."""
    for asked in sorted(pen.centre.of(Question), key=lambda one: RUNGS.index(one.form.rung)):
        made = pen.centre.says(NORTH, Finding(asked.id, asked.id, (EAST, NORTH)))
        for member in (NORTH, EAST):
            on = (pen.about(Evidence),)
            own = pen.centre.says(member, Assessment(asked.id, asked.id, 5, "HIGH", on))
            pen.centre.says(member, Concurrence(made.id, own.id))
    if pen.any(False, True):
        evidence_is_withdrawn(pen)


def evidence_is_withdrawn(pen: Pen) -> None:
    if len(pen.centre.of(Evidence)) > 1:
        pen.centre.recalls(pen.about(Evidence))


def evidence_changes_hands(pen: Pen) -> None:
    """One gives and another takes the same bytes; the giver may never have had them."""
    of, taker = pen.about(Evidence), pen.any(*MEMBERS)
    pen.centre.says(pen.member, Custody(of, "GIVES", taker, pen.centre.now, "to the laboratory", pen.any(*SHA)))
    pen.centre.says(taker, Custody(of, "TAKES", pen.member, pen.centre.now, "for the laboratory", pen.any(*SHA)))


def all_stand_behind_a_text(pen: Pen) -> None:
    text = pen.centre.said[pen.about(Drafted, Communique)]
    for member in text.form.members:
        stands(pen, member, text)


def all_show_their_ratings(pen: Pen) -> None:
    for of, member, nonce, table in list(pen.centre.kept):
        pen.centre.says(member, Revealed(of, nonce, table))


def a_request_is_received(pen: Pen) -> None:
    asked = pen.centre.said[pen.about(Request)]
    for member in asked.form.asked:
        pen.centre.receives(asked.id, member)
    pen.centre.says(asked.form.asked[0], Reply(asked.id, "TRANSFER", to=pen.any(*MEMBERS)))


def the_chair_brokers(pen: Pen) -> None:
    """A member asks through north's chair, who puts it to east, hears from it, and may tell the asker."""
    centre = pen.centre
    asking = centre.says(pen.member, Request(asked=(NORTH,), broker=True))
    centre.receives(asking.id, NORTH)
    put = centre.says(NORTH, Request(asked=(EAST,)), hat="CHAIR")
    centre.says(NORTH, Reply(asking.id, "BROKERED", question=put.id), hat="CHAIR")
    centre.says(EAST, Reply(put.id, "ANSWER"))
    if pen.any(True, False):
        centre.says(NORTH, Reply(asking.id, "ANSWER"), hat=pen.any("CHAIR", "MEMBER"))


def consent_is_asked(pen: Pen) -> None:
    """All who are asked have it; one says its word, and another the word that is not its own to say."""
    asked = pen.centre.said[pen.about(Sought)]
    for member in (*asked.form.asked, pen.member):
        pen.centre.receives(asked.id, member)
    for member in (asked.form.asked[0], pen.member):
        pen.centre.says(member, ConsentWord(asked.id, "GRANT"))


def reports_are_compared(pen: Pen) -> None:
    told = [EventRef(one.id, 0) for one in pen.centre.of(Report)]
    roots = {root for one in pen.centre.of(Report) for event in one.form.events for root in event.roots}
    pen.centre.says(pen.member, SameAs((told[0], *told)))
    if len(roots) > 1:
        pen.centre.says(pen.member, Independent(tuple(sorted(roots))))


def an_aircraft_is_taken_over(pen: Pen) -> None:
    """Who is offered an aircraft takes it over, or another does that was not asked."""
    offer = pen.centre.said[pen.about(TrackOffer)]
    takes = pen.any(offer.form.to, offer.form.to, *MEMBERS)
    lasts = Micros(pen.centre.now + HOUR)
    pen.centre.says(takes, Identification(offer.form.aircraft, "PENDING", lasts, ("HANDOVER",), offer=offer.id))


def a_warning_is_acknowledged(pen: Pen) -> None:
    """Some member's desk says that it has a warning before it, named or not; its author's says so too."""
    warning = pen.centre.said[pen.about(Alert)]
    for member in (pen.any(*MEMBERS), warning.member):
        pen.centre.says(member, Ack(warning.id, ""))


def a_site_is_watched(pen: Pen) -> None:
    """What nears a site is noted by whoever it is, the call about it too."""
    warned = pen.about(Warned)
    pen.centre.says(pen.member, SiteSeen(warned))
    pen.centre.says(pen.member, Call(warned, "the keeper", pen.centre.now, "REACHED"))


def a_notification_is_known(pen: Pen) -> None:
    """Each party knows of it, and some members that are none."""
    about = pen.about(Notified)
    for member in (NORTH, pen.any(*MEMBERS)):
        pen.centre.says(member, Known(about))


HABITS: Final[Mapping[str, tuple[Callable[[Pen], None], ...]]] = {
    "proposals": (all_take_a_stand, all_take_a_stand, silence_adopts_or_nearly, silence_adopts_or_nearly, all_close),
    "courses": (all_adopt,),
    "chairs": (the_next_takes_the_chair, another_rota_is_agreed, all_take_a_stand),
    "requests": (a_request_is_received, the_chair_brokers),
    "consents": (consent_is_asked,),
    "watches": (reports_are_compared,),
    "aircraft": (an_aircraft_is_taken_over,),
    "sites": (a_site_is_watched,),
    "warnings": (a_warning_is_acknowledged,),
    "notifications": (a_notification_is_known,),
    "texts": (all_stand_behind_a_text,),
    "reports": (reports_are_compared,),
    "evidence": (evidence_is_withdrawn,),
    "hands": (evidence_changes_hands, evidence_changes_hands),
    "ladders": (members_find_together, the_ladder_is_climbed, the_ladder_is_climbed, evidence_is_withdrawn),
    "ratings": (all_show_their_ratings,),
}
