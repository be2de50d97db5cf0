"""The machine of the folds: anything is said by anybody, and comes to each in any order, twice, or never.

Whoever holds whatever part of it sees the state that the plain rules give for that part, and no more.
"""

from typing import Any, Final

from centre import MEMBERS, Centre, Fact, Held
from folded import States, folded
from habits import HABITS
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from joint import EAST, NORTH, SOUTH, WEST
from plain import justified
from speakers import SPEAK, Pen
from witnesses import TELL

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.desk import FORMS, duty, named
from quartet.desk.action import HOUR, LAPSES, SILENCE, Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Challenge, Consent, Procedure
from quartet.desk.communique import Communique, Drafted
from quartet.desk.evidence import (
    AccessDenied,
    Custody,
    Effect,
    Evidence,
    Incident,
    IncidentStep,
    Moment,
    WorkingCopy,
)
from quartet.desk.forms import Handover
from quartet.desk.incident import Assessment, Concurrence, Dissent, Finding, Hypothesis, Question, Rejection
from quartet.desk.rating import Revealed, Sealed
from quartet.desk.report import Independent, Report, SameAs
from quartet.desk.request import Closed, Reply, Request
from quartet.desk.roots import CircleKey
from quartet.desk.running import Afterwards, Step, Task, TaskStep, Withdrawal
from quartet.desk.stands import Away
from quartet.desk.threat import Threat, ThreatOver

SAYS: Final = {**SPEAK, **TELL}
OPENING: Final = (
    Proposal,
    Request,
    Report,
    Incident,
    Evidence,
    Question,
    Hypothesis,
    Assessment,
    Finding,
    Drafted,
    Communique,
    Threat,
    Task,
    Procedure,
    Sealed,
)
"""One of each is there from the beginning, so that there is something to speak of."""
NOUNS: Final[dict[str, tuple[type[Value], ...]]] = {
    "proposals": (Proposal, Position, Position, Position, Acknowledged, Acknowledged, Closing, Closing),
    "courses": (Step, Step, Step, Withdrawal, Task, TaskStep, TaskStep, Afterwards),
    "chairs": (Procedure, Procedure, Procedure, Procedure, Challenge, Consent),
    "requests": (Request, Reply, Reply, Reply, Reply, Closed),
    "watches": (Threat, ThreatOver, duty.Watch, Handover),
    "texts": (Drafted, Communique, Position, Position, Position),
    "reports": (Report, Report, SameAs, SameAs, Independent, CircleKey),
    "evidence": (Incident, IncidentStep, IncidentStep, Effect, Moment, Evidence, WorkingCopy, AccessDenied),
    "hands": (Custody,),
    "ladders": (Question, Hypothesis, Rejection, Assessment, Finding, Concurrence, Dissent),
    "ratings": (Sealed, Revealed, Revealed),
}
NEVER_THE_CHAIRS: Final = frozenset({Proposal, Report, SameAs, Independent, Question, Hypothesis, Finding, Threat})
"""What opens a matter no node takes under the chair's hat (`core/hats.py`)."""
DECIDED: Final = frozenset({"ADOPTED", "NOT_ADOPTED", "LAPSED", "REPLACED", "FORKED"})
READERS: Final = ("first", "second", "third")

members = st.sampled_from(MEMBERS)
chairs = st.sampled_from([NORTH, NORTH, EAST, EAST, SOUTH, WEST])
dates = st.sampled_from([0, 0, 0, 0, 0, -SECOND, -HOUR, -SILENCE, SECOND])
hats = st.sampled_from(["MEMBER", "MEMBER", "MEMBER", "MEMBER", "MEMBER", "CHAIR"])
proofs = st.sampled_from([True, True, True, True, False])


def ids_in(states: Any, among: set[ItemId]) -> set[ItemId]:
    """Return every id of an item that these states show."""
    match states:
        case str():
            return {ItemId(states)} & among
        case dict():
            return {item for pair in states.items() for one in pair for item in ids_in(one, among)}
        case list() | tuple():
            return {item for one in states for item in ids_in(one, among)}
    return set()


class Folding(RuleBasedStateMachine):
    """Members speak, time passes, and readers get what they get."""

    @initialize(data=st.data(), nouns=st.sets(st.sampled_from(sorted(NOUNS)), min_size=2, max_size=4))
    def a_centre_opens(self, data: st.DataObject, nouns: set[str]) -> None:
        self.centre = Centre()
        self.nouns = sorted(nouns)
        self.arrived: dict[str, list[Fact]] = {reader: [] for reader in READERS}
        self.decided: dict[tuple[str, str], Any] = {}
        for form in OPENING:
            self.centre.says(MEMBERS[0], SAYS[form](self.pen(MEMBERS[0], data)))

    def pen(self, member: MemberId, data: st.DataObject) -> Pen:
        return Pen(self.centre, member, data.draw)

    # -- what is said

    @rule(data=st.data(), words=st.integers(1, 6))
    def some_speak(self, data: st.DataObject, words: int) -> None:
        for _ in range(words):
            noun = data.draw(st.sampled_from(self.nouns))
            form = data.draw(st.sampled_from(NOUNS[noun]))
            member = data.draw(chairs if form is Procedure else members)
            said = SAYS[form](self.pen(member, data))
            hat = "MEMBER" if form in NEVER_THE_CHAIRS else data.draw(hats)
            if form is Procedure:
                hat = "MEMBER" if hat == "CHAIR" else "CHAIR"
            self.centre.says(member, said, at=data.draw(dates), hat=hat, proven=data.draw(proofs))

    @rule(data=st.data(), member=members)
    def all_goes_well_or_nearly(self, data: st.DataObject, member: MemberId) -> None:
        habits = [habit for noun in self.nouns for habit in HABITS[noun]]
        if habits:
            data.draw(st.sampled_from(habits))(self.pen(member, data))

    @rule(data=st.data(), member=members)
    def something_befalls(self, data: st.DataObject, member: MemberId) -> None:
        """Something is recorded late, or taken back, or a member is suspended, for a while or for good."""
        centre = self.centre
        forms = [type(one.form) for one in centre.of(*SAYS)]
        unproven = [one.id for one in centre.said.values() if one.timely is None]
        spare = [one.id for one in centre.of(*SAYS) if forms.count(type(one.form)) > 1]
        match data.draw(st.sampled_from(["late", "late", "recall", "recall", "suspension"])):
            case "late" if unproven:
                centre.proves(data.draw(st.sampled_from(unproven)))
            case "recall" if spare:
                centre.recalls(data.draw(st.sampled_from(spare)))
            case "suspension":
                until = data.draw(st.sampled_from([None, Micros(centre.now + HOUR)]))
                centre.away.append(Away(member, centre.now, until))

    @rule(data=st.data(), near=st.sampled_from([-1, 0, 1]))
    def time_passes(self, data: st.DataObject, near: int) -> None:
        """A while passes, or the time comes at which something ends."""
        now = self.centre.now
        ends = {one.form.decide_by for one in self.centre.of(Proposal)}
        ends |= {one.at + lasts for one in self.centre.of(Acknowledged) for lasts in (SILENCE, 2 * HOUR)}
        coming = sorted({end + more + near for end in ends for more in (0, HOUR, LAPSES) if end + more + near >= now})
        whiles = [now + SECOND, now + 15 * 60 * SECOND, now + 8 * HOUR]
        self.centre.now = Micros(data.draw(st.sampled_from([*coming[:6], *whiles])))

    @rule(reader=st.sampled_from(READERS), data=st.data(), dice=st.randoms(use_true_random=False))
    def news_comes_to_a_reader(self, reader: str, data: st.DataObject, dice: Any) -> None:
        """Some of it comes, or all but a little; in any order, and some of it again."""
        facts, arrived = self.centre.facts, self.arrived[reader]
        if data.draw(st.booleans()):
            news = data.draw(st.lists(st.sampled_from(facts), min_size=1, max_size=30))
        else:
            lacking = data.draw(st.sets(st.sampled_from(facts), max_size=2))
            news = [one for one in facts if one not in lacking] + facts[:3]
            dice.shuffle(news)
        self.arrived[reader] = [*arrived, *news]
        self.is_justified(self.centre.held(self.arrived[reader]))

    @rule(reader=st.sampled_from(READERS), dice=st.randoms(use_true_random=False))
    def a_reader_catches_up_and_agrees_with_all_who_hold_the_same(self, reader: str, dice: Any) -> None:
        missing = [one for one in self.centre.facts if one not in self.arrived[reader]]
        dice.shuffle(missing)
        self.arrived[reader] = missing + self.arrived[reader]

        assert folded(self.centre.held(self.arrived[reader])) == folded(self.centre.held(self.centre.facts))

    # -- what must hold

    def is_justified(self, held: Held) -> States:
        """Check that the folds say what the plain rules say, and show nothing of what is not held."""
        states = folded(held)
        plain = justified(held)
        assert states.keys() == plain.keys()
        for thing, state in plain.items():
            assert (thing, states[thing]) == (thing, state)
        known = {one.id for one in held.items} | {item for one in held.items for item in named(one.form)}
        assert ids_in([list(states), list(states.values())], set(self.centre.said)) <= known
        self.no_word_is_taken_for_silence(held, states)
        return states

    def no_word_is_taken_for_silence(self, held: Held, states: States) -> None:
        """Check that whoever is bound by silence said nothing in time, or signed an account that leaves it out."""
        for (kind, item), state in states.items():
            for member in state["by silence"] if kind == "action" else ():
                spoken = [one for one in self.centre.of(Position) if (one.member, one.form.version) == (member, item)]
                counted = {one.id for one in spoken if one.hat == "MEMBER" and one.by(state["end"])}
                own = (one for one in held.every(Closing) if (one.member, one.form.version) == (member, item))
                assert not counted or not any(counted <= set(one.form.positions) for one in own)

    @invariant()
    def who_holds_everything_sees_what_is_justified_and_what_was_decided_stays_decided(self) -> None:
        states = self.is_justified(self.centre.held(self.centre.facts))
        for thing, state in states.items():
            if thing[0] == "action":
                now = [state[part] for part in ("state", "binds", "by silence")]
                assert self.decided.get(thing, now) == now
                if state["state"] in DECIDED:
                    self.decided[thing] = now

    def teardown(self) -> None:
        if hasattr(self, "arrived"):
            for arrived in self.arrived.values():
                self.is_justified(self.centre.held(arrived))


TestFolding = Folding.TestCase
TestFolding.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=20)


def test_every_kind_with_a_form_is_spoken_in_the_machine() -> None:
    spoken = {form for forms in NOUNS.values() for form in forms}

    assert spoken == {kind.form for kind in FORMS.values()} == set(SAYS)
