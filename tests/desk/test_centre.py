"""The machine of the folds: anything is said by anybody, and comes to each in any order, twice, or never.

Whoever holds whatever part of it sees the state that the plain rules give for that part, and no more.
"""

from random import Random
from typing import Any, Final

import pytest
from aircraft import OF_AIRCRAFT
from centre import MEMBERS, Centre, Fact, Held
from folded import States, folded
from habits import HABITS
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from joint import BEGAN, EAST, NORTH, SOUTH, WEST
from plain import justified
from protected import OF_SITES
from speakers import SPEAK, Pen
from speakers_warnings import SPEAK_OF_WARNINGS
from witnesses import TELL

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.desk import FORMS, duty, named
from quartet.desk.action import HOUR, LAPSES, SILENCE, Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Challenge, Consent, Procedure
from quartet.desk.communique import Communique, Drafted
from quartet.desk.consent import ConsentWord, Sought
from quartet.desk.deconflict import Activity, Conflict
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
from quartet.desk.flightplan import FlightPlan
from quartet.desk.forms import Handover
from quartet.desk.identification import Identification, TrackAnswer, TrackOffer
from quartet.desk.incident import Assessment, Concurrence, Dissent, Finding, Hypothesis, Question, Rejection
from quartet.desk.notification import Known, Notified
from quartet.desk.rating import Revealed, Sealed
from quartet.desk.report import Independent, Report, SameAs
from quartet.desk.request import Closed, Reply, Request
from quartet.desk.roots import CircleKey
from quartet.desk.roster import Roster
from quartet.desk.running import ActionStep, Afterwards, Task, TaskStep, Withdrawal
from quartet.desk.site import Call, Exemption, Lifted, Notice, Site, SiteSeen, Warned
from quartet.desk.situation import Situation
from quartet.desk.stands import Away
from quartet.desk.threat import Threat, ThreatOver
from quartet.desk.warning import Ack, Alert, Check, Early, Proposed

SAYS: Final = {**SPEAK, **TELL, **OF_AIRCRAFT, **OF_SITES, **SPEAK_OF_WARNINGS}
OPENING: Final = (
    Alert,
    Notified,
    Proposal,
    Request,
    Sought,
    Report,
    Incident,
    Evidence,
    Evidence,
    Question,
    Question,
    Hypothesis,
    Assessment,
    Finding,
    Drafted,
    Communique,
    Threat,
    Activity,
    Task,
    Procedure,
    Sealed,
    TrackOffer,
    Site,
    Exemption,
    Warned,
)
"""What is there from the beginning, so that there is something to speak of."""
NOUNS: Final[dict[str, tuple[type[Value], ...]]] = {
    "proposals": (Proposal, Position, Position, Position, Acknowledged, Acknowledged, Closing, Closing),
    "courses": (ActionStep, ActionStep, ActionStep, Withdrawal, Task, TaskStep, TaskStep, Afterwards),
    "chairs": (Procedure, Procedure, Procedure, Procedure, Challenge, Consent),
    "requests": (Request, Reply, Reply, Reply, Reply, Closed),
    "consents": (Sought, ConsentWord, ConsentWord, ConsentWord),
    "watches": (Threat, ThreatOver, duty.Watch, Roster, Situation, Handover, Activity, Conflict),
    "texts": (Drafted, Communique, Position, Position, Position),
    "reports": (Report, Report, SameAs, SameAs, Independent, CircleKey),
    "evidence": (Incident, IncidentStep, IncidentStep, Effect, Moment, Evidence, WorkingCopy, AccessDenied),
    "hands": (Custody,),
    "ladders": (Question, Hypothesis, Rejection, Assessment, Finding, Concurrence, Dissent),
    "ratings": (Sealed, Revealed, Revealed),
    "aircraft": (FlightPlan, Identification, Identification, TrackOffer, TrackAnswer),
    "sites": (Site, Notice, Exemption, Lifted, Warned, SiteSeen, Call),
    "warnings": (Alert, Early, Proposed, Check, Ack, Ack),
    "notifications": (Notified, Known),
}
NEVER_THE_CHAIRS: Final = frozenset({Proposal, Report, SameAs, Independent, Question, Hypothesis, Finding, Threat})
"""What opens a matter no node takes under the chair's hat (`core/hats.py`)."""
DECIDED: Final = frozenset({"ADOPTED", "NOT_ADOPTED", "LAPSED", "REPLACED", "FORKED"})
READERS: Final = ("first", "second", "third")

members = st.sampled_from(MEMBERS)
CHAIRS: Final = (NORTH, NORTH, EAST, EAST, SOUTH, WEST)
DATES: Final = (0, 0, 0, 0, 0, -SECOND, -HOUR, -SILENCE, SECOND)
seeds = st.integers(0, 1 << 32)


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

    @initialize(seed=seeds)
    def a_centre_opens(self, seed: int) -> None:
        self.centre, self.dice = Centre(), Random(seed)
        self.nouns = self.dice.choices([*NOUNS, "proposals", "proposals", "ladders"], k=self.dice.randint(1, 3))
        self.arrived: dict[str, list[Fact]] = {reader: [] for reader in READERS}
        self.decided: dict[tuple[str, str], Any] = {}
        self.noted = 0
        for form in OPENING:
            self.centre.says(NORTH, SAYS[form](Pen(self.centre, NORTH, self.dice)))

    def a_day_goes_on(self, seed: int) -> None:
        self.dice.seed(f"{self.dice.random()} {seed}")
        happens = [self.some_speak, self.all_goes_well_or_nearly, self.something_befalls, self.time_passes]
        for _ in range(3):
            self.dice.choices(happens, [4, 4, 1, 2])[0]()

    @rule(reader=st.sampled_from(READERS), share=st.sampled_from([0.1, 0.5, 0.95, 1]), seed=seeds)
    def a_day_goes_on_and_news_of_it_comes_to_a_reader(self, reader: str, share: float, seed: int) -> None:
        """Some of it comes, or all but a little; in any order, and some of it again."""
        self.a_day_goes_on(seed)
        news = [one for one in self.centre.facts if self.dice.random() < share]
        self.arrived[reader] += self.dice.sample(news, len(news)) + news[: self.dice.randrange(4)]
        self.is_justified(self.centre.held(self.arrived[reader]))

    @rule(reader=st.sampled_from(READERS), seed=seeds)
    def a_day_goes_on_and_a_reader_catches_up_and_agrees_with_all_who_hold_the_same(
        self, reader: str, seed: int
    ) -> None:
        self.a_day_goes_on(seed)
        missing = [one for one in self.centre.facts if one not in self.arrived[reader]]
        self.arrived[reader] = self.dice.sample(missing, len(missing)) + self.arrived[reader]

        assert folded(self.centre.held(self.arrived[reader])) == folded(self.centre.held(self.centre.facts))

    def some_speak(self) -> None:
        dice = self.dice
        for _ in range(dice.randint(1, 6)):
            form = dice.choice(NOUNS[dice.choice(self.nouns)])
            member = dice.choice(CHAIRS if form is Procedure else MEMBERS)
            rarely = dice.random() < 0.15 and form not in NEVER_THE_CHAIRS
            hat = "CHAIR" if rarely != (form is Procedure) else "MEMBER"
            said = SAYS[form](Pen(self.centre, member, dice))
            self.centre.says(member, said, at=dice.choice(DATES), hat=hat, proven=dice.random() < 0.8)

    def all_goes_well_or_nearly(self) -> None:
        habit = self.dice.choice(HABITS[self.dice.choice(self.nouns)])
        habit(Pen(self.centre, self.dice.choice(MEMBERS), self.dice))

    def something_befalls(self) -> None:
        """Something is recorded late, or taken back, or a member is suspended, for a while or for good."""
        centre, dice = self.centre, self.dice
        unproven = [one.id for one in centre.said.values() if one.timely is None]
        forms = [type(one.form) for one in centre.of(*SAYS)]
        spare = [one.id for one in centre.of(*SAYS) if forms.count(type(one.form)) > 1]
        match dice.choice(["late", "late", "recall", "recall", "suspension"]):
            case "late" if unproven:
                centre.proves(dice.choice(unproven))
            case "recall" if spare:
                centre.recalls(dice.choice(spare))
            case "suspension":
                until = dice.choice([None, Micros(centre.now + HOUR)])
                centre.away.append(Away(dice.choice(MEMBERS), centre.now, until))

    def time_passes(self) -> None:
        """A while passes, or the time comes at which something ends."""
        now, near = self.centre.now, self.dice.choice([-1, 0, 1])
        ends = {one.form.decide_by for one in self.centre.of(Proposal)}
        ends |= {one.at + lasts for one in self.centre.of(Acknowledged) for lasts in (SILENCE, 2 * HOUR)}
        coming = sorted({end + more + near for end in ends for more in (0, HOUR, LAPSES) if end + more + near >= now})
        whiles = [now + SECOND, now + 15 * 60 * SECOND, now + 8 * HOUR]
        self.centre.now = Micros(self.dice.choice([*coming[:4], *whiles]))

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
        for one in list(self.centre.said.values())[self.noted :]:
            note(f"{one.at - BEGAN} {one.hat} of {one.member} at {self.centre.now - BEGAN}: {one.id} {one.form}")
        self.noted = len(self.centre.said)
        states = self.is_justified(self.centre.held(self.centre.facts))
        for thing, state in states.items():
            if thing[0] == "action":
                gone = "GONE" if state["state"] in {"REPLACED", "FORKED"} else state["state"]  # either has no effect
                now = [gone, state["binds"], state["by silence"]]
                assert self.decided.get(thing, now) == now
                if state["state"] in DECIDED:
                    self.decided[thing] = now

    def teardown(self) -> None:
        if hasattr(self, "arrived"):
            for arrived in self.arrived.values():
                self.is_justified(self.centre.held(arrived))


TestFolding = Folding.TestCase
pytest.mark.rare(TestFolding)  # everything that a centre's desk says: half a minute by itself
TestFolding.settings = settings(max_examples=settings().max_examples * 3 // 5, stateful_step_count=12)


def test_every_kind_with_a_form_is_spoken_in_the_machine() -> None:
    spoken = {form for forms in NOUNS.values() for form in forms}

    assert spoken == {kind.form for kind in FORMS.values()} == set(SAYS)
