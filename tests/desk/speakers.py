"""What a member may say next, kind by kind: sense and nonsense, on whatever was said before, from whoever it is.

Forms are drawn as they may arrive, not as an honest node would let them out: a fold reads what others sent.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, TypeVar

from centre import MEMBERS, Centre

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk import Said, duty
from quartet.desk.action import HOUR, SILENCE, Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Challenge, Consent, Procedure
from quartet.desk.communique import Communique, Drafted, Version, hash_of
from quartet.desk.consent import ConsentWord, Sought
from quartet.desk.deconflict import Activity, Conflict
from quartet.desk.forms import Handover
from quartet.desk.outcome import State
from quartet.desk.request import Closed, Reply, Request
from quartet.desk.roster import Roster, Turn
from quartet.desk.running import ActionStep, Afterwards, Lesson, Task, TaskStep, Withdrawal
from quartet.desk.situation import Part, Situation
from quartet.desk.threat import Threat, ThreatOver

T = TypeVar("T")
STANCES: Final = ("CONCUR", "CONCUR", "CONCUR_WITH_STATEMENT", "ABSTAIN", "OBJECT", "NOT_PARTICIPATING")
TEXTS: Final = (Version("en", "On the harbour", "We agree."), Version("fr", "Du port", "Nous sommes d'accord."))


class Pen:
    """Who writes: the member, and the dice that say what of all that it may.

    A seed is drawn for many words at once: drawn word by word, most worlds were too big to be drawn at all.
    """

    def __init__(self, centre: Centre, member: MemberId, dice: Random) -> None:
        self.centre, self.member, self.dice = centre, member, dice

    def any(self, *among: Any) -> Any:
        """Return one of these."""
        return self.dice.choice(among)

    def some(self, *among: T, least: int = 1, most: int = 4) -> tuple[T, ...]:
        """Return some of these, each once, in their order."""
        found = self.dice.sample(among, self.dice.randint(least, min(most, len(among))))
        return tuple(sorted(found, key=among.index))

    def many(self, *among: T, most: int = 3) -> tuple[T, ...]:
        """Return some of these, in any order and more than once."""
        return tuple(self.dice.choices(among, k=self.dice.randint(1, most)))

    def about(self, *forms: type[Value]) -> ItemId:
        """Return the id of something said before in one of these forms."""
        return ItemId(self.any(*(one.id for one in self.centre.of(*forms))))

    def maybe(self, *forms: type[Value]) -> ItemId | None:
        """Return such an id, or None."""
        found: ItemId | None = self.any(None, *(one.id for one in self.centre.of(*forms)))
        return found

    def own(self, form: type[Value], **about: Any) -> list[Said[Any]]:
        """Return what this member said in a form before, which says this."""
        mine = [one for one in self.centre.of(form) if one.member == self.member]
        return [one for one in mine if all(getattr(one.form, name) == value for name, value in about.items())]

    def later(self, *hours: int) -> Micros:
        """Return a time some hours from now, or before."""
        return Micros(max(0, self.centre.now + self.any(*hours) * HOUR))


# -- joint actions


def proposal(pen: Pen) -> Proposal:
    emergency = pen.any(False, False, True)
    runs = 2 * HOUR if emergency else pen.any(SILENCE, SILENCE, HOUR)
    end = pen.centre.now + runs
    begins = end + pen.any(0, 4 * HOUR, 30 * HOUR)
    return Proposal(
        aim=pen.any("Search the strait", "Sweep the channel"),
        legal_basis="memorandum 4",
        area="the strait",
        begins=Micros(begins),
        ends=Micros(begins + HOUR),
        participants=pen.some(*MEMBERS),
        hosts=pen.some(*MEMBERS, least=0, most=2),
        rule=pen.any("CONSENSUS", "CONSENSUS", "SELF"),
        decide_by=Micros(end),
        emergency=emergency,
        previous=pen.any(None, pen.maybe(Proposal), *(one.id for one in pen.own(Proposal)[-2:])),
    )


def position(pen: Pen) -> Position:
    version = pen.about(Proposal, Proposal, Drafted, Communique)
    before = [one.id for one in pen.own(Position, version=version)]
    return Position(version=version, stance=pen.any(*STANCES), text="so", previous=pen.any(None, *before[-2:]))


def acknowledgement(pen: Pen) -> Acknowledged:
    return Acknowledged(version=pen.about(Proposal))


def closing(pen: Pen) -> Closing:
    version = pen.about(Proposal)
    own = [one.id for one in pen.own(Position, version=version)]
    return Closing(version=version, positions=tuple(pen.any(own, own, own[:1], own[1:], [])))


def step(pen: Pen) -> ActionStep:
    return ActionStep(
        version=pen.about(Proposal), move=pen.any("START", "SUSPEND", "RESUME", "STOP", "COMPLETE", "CLOSE")
    )


def withdrawal(pen: Pen) -> Withdrawal:
    return Withdrawal(version=pen.about(Proposal))


def task(pen: Pen) -> Task:
    now = pen.centre.now
    return Task(version=pen.about(Proposal), owner=pen.any(*MEMBERS), what="patrol", begins=now, ends=Micros(now + 1))


def task_step(pen: Pen) -> TaskStep:
    return TaskStep(task=pen.about(Task), move=pen.any("ACCEPT", "DECLINE", "START", "DONE", "ABORT"))


def account(pen: Pen) -> Afterwards:
    lessons = (Lesson(what="one plan", owner=pen.member, due=pen.later(1, 9)),)
    return Afterwards(version=pen.about(Proposal), text="the strait is clear", lessons=lessons)


# -- the chair


def procedure(pen: Pen) -> Procedure:
    acts = (
        "EXTEND",
        "NOMINATE",
        "ANNOUNCE",
        "HAND_OVER",
        "TAKE",
        "PRESENT",
        "CONVENE",
        "ASK_COMMENT",
        "RULE",
        "AGENDA",
    )
    about = pen.about(Proposal)
    form: Proposal = pen.centre.said[about].form
    return Procedure(
        act=pen.any(*acts, "EXTEND", "EXTEND", "TAKE", "TAKE", "HAND_OVER", "EMERGENCY", "AGENDA"),
        about=about,
        member=pen.any(*MEMBERS),
        until=Micros(pen.any(form.decide_by - HOUR, form.decide_by + HOUR, form.begins, form.begins + 1)),
        state=pen.any(*(state.value for state in State)),
    )


def challenge(pen: Pen) -> Challenge:
    return Challenge(procedure=pen.about(Procedure), text="that was not the order")


def consent(pen: Pen) -> Consent:
    return Consent(procedure=pen.about(Procedure), accepts=pen.any(True, True, False))


# -- requests, threats, watches, texts


def request(pen: Pen) -> Request:
    return Request(
        asked=pen.some(*MEMBERS, most=2),
        precedence=pen.any("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"),
        broker=pen.any(False, False, True),
    )


def reply(pen: Pen) -> Reply:
    ends = ("ANSWER", "REFUSE", "NO_HOLDINGS", "TRANSFER", "TRANSFER")
    word = pen.any("ACKNOWLEDGE", "PARTIAL", "BROKERED", "BROKERED", *ends)
    wild = pen.any(False, False, False, True)
    return Reply(
        request=pen.about(Request),
        word=word,
        reason=pen.any("HARM", "NO_CONSENT", None) if wild or word == "REFUSE" else None,
        to=pen.any(*MEMBERS) if wild or word == "TRANSFER" else None,
        question=pen.about(Request) if wild or word == "BROKERED" else None,
    )


def closed(pen: Pen) -> Closed:
    return Closed(request=pen.about(Request), rating=pen.any(None, 1, 5))


def sought(pen: Pen) -> Sought:
    return Sought(item=pen.about(Request), member=pen.any(*MEMBERS), asked=pen.some(*MEMBERS, most=2))


def consent_word(pen: Pen) -> ConsentWord:
    word = pen.any("GRANT", "CONDITION", "DENY")
    return ConsentWord(
        request=pen.about(Sought),
        word=word,
        condition=pen.any("SANITISE", "DOWNGRADE") if word == "CONDITION" else None,
        reason=pen.any("SOURCE", "HARM") if word == "DENY" else None,
    )


def threat(pen: Pen) -> Threat:
    now = pen.centre.now
    return Threat(
        threatened="the ferry",
        danger="mines adrift",
        since=now,
        until=Micros(now + 10 * HOUR),
        likelihood=5,
        confidence="LOW",
        review_at=Micros(now + pen.any(1, 5) * HOUR),
        previous=pen.maybe(Threat),
    )


def activity(pen: Pen) -> Activity:
    begins, floor = pen.later(0, 1, 2), pen.any(0, 200)
    return Activity(
        desk=pen.any(*MEMBERS),
        cells=pen.some("N4705E00805", "N4705E00810", "N4710E00805"),
        floor_m=floor,
        ceiling_m=floor + 100,
        begins=begins,
        ends=Micros(begins + pen.any(1, 3) * HOUR),
        contact="watch, 1",
    )


def conflict(pen: Pen) -> Conflict:
    now = pen.centre.now
    return Conflict(pen.about(Activity), "N4705E00805", now, Micros(now + HOUR), "desk, 2")


def threat_over(pen: Pen) -> ThreatOver:
    return ThreatOver(threat=pen.about(Threat))


def situation(pen: Pen) -> Situation:
    rests = tuple(sorted(set(pen.many(*pen.centre.said))))
    return Situation(pen.later(-1, -8), (Part("At sea", rests), Part("On land")))


def roster(pen: Pen) -> Roster:
    begins, ends = pen.later(-1, 0, 2), pen.later(3, 8, 24)
    turns = (Turn("A", begins, pen.later(2)), Turn("B", pen.later(2), ends))
    return Roster(begins, ends, pen.any(turns, turns[:1], turns[1:], turns[::-1], ()))


def watch(pen: Pen) -> duty.Watch:
    return duty.Watch(name="Watch officer", role="duty officer", phones=("1",), until=pen.later(-1, 1, 8))


def handover(_: Pen) -> Handover:
    return Handover()


def draft(pen: Pen) -> Drafted:
    return Drafted(versions=pen.any(TEXTS, TEXTS[:1]), members=pen.some(*MEMBERS, most=3), previous=pen.maybe(Drafted))


def communique(pen: Pen) -> Communique:
    of = pen.about(Drafted)
    agreed: Drafted = pen.centre.said[of].form
    altered = (Version("en", "On the harbour", "We agree!"),)
    versions = pen.any(agreed.versions, agreed.versions, agreed.versions[::-1], altered)
    members = pen.any(agreed.members, agreed.members, agreed.members[:1])
    honest = hash_of(versions, members)
    hashed = pen.any(honest, honest, hash_of(agreed.versions, agreed.members))
    return Communique(draft=of, hash=hashed, versions=versions, members=members)


SPEAK: Final[Mapping[type[Value], Callable[[Pen], Value]]] = {
    Proposal: proposal,
    Position: position,
    Acknowledged: acknowledgement,
    Closing: closing,
    ActionStep: step,
    Withdrawal: withdrawal,
    Task: task,
    TaskStep: task_step,
    Afterwards: account,
    Procedure: procedure,
    Challenge: challenge,
    Consent: consent,
    Request: request,
    Reply: reply,
    Closed: closed,
    Sought: sought,
    ConsentWord: consent_word,
    Activity: activity,
    Conflict: conflict,
    Threat: threat,
    ThreatOver: threat_over,
    duty.Watch: watch,
    Roster: roster,
    Situation: situation,
    Handover: handover,
    Drafted: draft,
    Communique: communique,
}
