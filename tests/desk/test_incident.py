"""The ladder of an incident: found only by concurrence, reopened with its evidence, and no origin to the point."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import EAST, END, NORTH, SOUTH, WEST, said

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId
from quartet.desk.incident import (
    RUNGS,
    Answered,
    Assessment,
    Concurrence,
    Dissent,
    Finding,
    Hypothesis,
    Ladder,
    Question,
    Rejection,
    Rung,
    Stand,
    check_hypothesis,
    ladder,
)
from quartet.desk.said import Said

INCIDENT = ItemId("i" * 43)
FILM, RADAR = ItemId("f" * 43), ItemId("r" * 43)


@dataclass
class File:
    """An incident file, so that a test reads as what happens."""

    items: list[Said[Any]] = field(default_factory=list)

    def add(self, member: MemberId, form: Any, at: int = END, **about: Any) -> Said[Any]:
        self.items.append(said(member, form, at, **about))
        return self.items[-1]

    def asks(self, rung: Rung) -> Said[Question]:
        return self.add(NORTH, Question(incident=INCIDENT, rung=rung))

    def judges(self, member: MemberId, question: Said[Question], *evidence: ItemId, **about: Any) -> Said[Assessment]:
        form = Assessment(
            question=question.id,
            hypothesis=question.id,
            likelihood=5,
            confidence="MODERATE",
            evidence=evidence,
            previous=about.pop("previous", None),
        )
        return self.add(member, form, **about)

    def finds(self, question: Said[Question], *members: MemberId, on: ItemId = FILM, at: int = END) -> Said[Finding]:
        """Have members find together, each on an assessment of its own."""
        form = Finding(question=question.id, hypothesis=question.id, members=tuple(sorted(members)))
        finding = self.add(NORTH, form, at)
        for member in members:
            self.concurs(member, finding, self.judges(member, question, on, at=at), at)
        return finding

    def concurs(
        self, member: MemberId, finding: Said[Finding], on: Said[Assessment], at: int = END, **about: Any
    ) -> None:
        self.add(member, Concurrence(finding=finding.id, assessment=on.id), at, **about)

    def told(self, items: Any = None) -> Ladder:
        kinds = {
            "questions": Question,
            "hypotheses": Hypothesis,
            "rejections": Rejection,
            "assessments": Assessment,
            "findings": Finding,
            "concurrences": Concurrence,
            "dissents": Dissent,
        }
        known = self.items if items is None else items
        return Ladder(**{name: tuple(i for i in known if type(i.form) is kind) for name, kind in kinds.items()})

    def stands(self, *withdrawn: ItemId) -> tuple[Answered, ...]:
        return ladder(INCIDENT, self.told(), set(withdrawn))


def stands_of(answers: tuple[Answered, ...]) -> list[Stand]:
    return [one.stand for one in answers]


def test_a_finding_stands_by_the_concurrence_of_every_member_that_it_names() -> None:
    file = File()
    question = file.asks("EVENT")
    form = Finding(question=question.id, hypothesis=question.id, members=(EAST, NORTH))
    finding = file.add(NORTH, form)
    for member in (NORTH, EAST):
        own = file.judges(member, question, FILM)
        assert file.stands()[0].findings == ()
        file.concurs(member, finding, own)

    assert (file.stands()[0].stand, file.stands()[0].findings) == (Stand.FOUND, (finding.id,))


def test_members_who_judge_differently_differ_and_each_judgement_stands() -> None:
    file = File()
    question = file.asks("ACTOR")
    norths, easts = file.judges(NORTH, question), file.judges(EAST, question)
    (answer,) = file.stands()

    assert answer.stand is Stand.DIFFER
    assert answer.assessments == {EAST: (easts.id,), NORTH: (norths.id,)}


def test_a_dissent_stays_for_good_and_undoes_the_concurrence_of_who_dissents() -> None:
    file = File()
    question = file.asks("EVENT")
    finding = file.finds(question, NORTH, EAST)
    dissent = file.add(SOUTH, Dissent(finding=finding.id, text="no crater was seen"))

    assert file.stands()[0].stand is Stand.FOUND
    assert file.stands()[0].dissents == {finding.id: (dissent.id,)}
    file.add(EAST, Dissent(finding=finding.id, text="we were wrong"))
    assert file.stands()[0].findings == ()


def test_withdrawn_evidence_reopens_its_rung_and_every_rung_above() -> None:
    file = File()
    event, kind, actor = (file.asks(rung) for rung in ("EVENT", "OBJECT_TYPE", "ACTOR"))
    file.finds(event, NORTH, EAST, on=RADAR)
    file.finds(kind, NORTH, EAST, on=FILM)
    file.finds(actor, NORTH, EAST, on=RADAR)

    assert stands_of(file.stands()) == [Stand.FOUND] * 3
    assert stands_of(file.stands(FILM)) == [Stand.FOUND, Stand.REOPENED, Stand.REOPENED]
    assert stands_of(file.stands(RADAR)) == [Stand.REOPENED] * 3


def test_once_the_foot_is_found_anew_the_rungs_above_are_found_anew_too() -> None:
    file = File()
    event, actor = file.asks("EVENT"), file.asks("ACTOR")
    file.finds(event, NORTH, EAST, on=FILM)
    file.finds(actor, NORTH, EAST, on=RADAR)
    anew = file.finds(event, NORTH, EAST, on=RADAR, at=END + 10)

    assert stands_of(file.stands(FILM)) == [Stand.FOUND, Stand.REOPENED]
    assert file.stands(FILM)[0].findings == (anew.id,)
    again = file.finds(actor, NORTH, EAST, on=RADAR, at=END + 20)
    assert stands_of(file.stands(FILM)) == [Stand.FOUND, Stand.FOUND]
    assert file.stands(FILM)[1].findings == (again.id,)


def test_an_assessment_that_replaces_another_takes_its_place_and_two_stand_side_by_side() -> None:
    file = File()
    question = file.asks("EVENT")
    first = file.judges(NORTH, question)
    second = file.judges(NORTH, question, at=END + 1, previous=first.id)
    third = file.judges(NORTH, question, at=END + 2)

    assert file.stands()[0].assessments == {NORTH: (second.id, third.id)}


def test_a_rejected_hypothesis_stays_with_who_rejects_it() -> None:
    file = File()
    question = file.asks("OBJECT_TYPE")
    hypothesis = file.add(EAST, Hypothesis(question=question.id, rung="OBJECT_TYPE", text="a rocket"))
    for member in (WEST, NORTH, WEST):
        file.add(member, Rejection(hypothesis=hypothesis.id, text="no tail"))

    assert file.stands()[0].rejected == {hypothesis.id: (NORTH, WEST)}


@pytest.mark.parametrize(
    "text",
    [
        "from 47.3769, 8.5417",
        "47,3769 / 8,5417",
        "about 33\u00b0 30\u2032 N",
        "32U MV 12345 67890",
        "32UMV1234567890",
        "3330N 03515E",
    ],
)
def test_no_origin_is_said_to_the_point(text: str) -> None:
    with pytest.raises(Malformed, match="origin-has-coordinates"):
        check_hypothesis(Hypothesis(question=INCIDENT, rung="PLACE_OF_ORIGIN", text=text), END)


@pytest.mark.parametrize(
    "text", ["from the north-eastern sector", "beyond the river, 30 to 60 km away", "undetermined"]
)
def test_a_sector_in_words_is_an_origin(text: str) -> None:
    check_hypothesis(Hypothesis(question=INCIDENT, rung="PLACE_OF_ORIGIN", text=text), END)


def test_no_form_of_an_incident_has_a_place_for_a_position() -> None:
    for form in (Question, Hypothesis, Assessment, Finding, Concurrence, Dissent, Rejection):
        assert not {"lat", "lon", "position", "where", "point"} & set(form.__struct_fields__)


# -- laws over random files


@st.composite
def files(draw: st.DrawFn) -> File:
    file = File()
    questions = [file.asks(rung) for rung in draw(st.lists(st.sampled_from(RUNGS), min_size=1, max_size=4))]
    members = st.sampled_from([NORTH, EAST, SOUTH])
    for n in range(draw(st.integers(0, 8))):
        question, member = draw(st.sampled_from(questions)), draw(members)
        match draw(st.integers(0, 3)):
            case 0 | 1:
                pair = tuple(sorted(draw(st.sets(members, min_size=2, max_size=3))))
                file.finds(question, *pair, on=draw(st.sampled_from([FILM, RADAR])), at=END + n)
            case 2:
                file.judges(member, question, at=END + n, hat=draw(st.sampled_from(["MEMBER", "CHAIR"])))
            case _:
                findings = [i for i in file.items if type(i.form) is Finding]
                if findings:
                    file.add(member, Dissent(finding=draw(st.sampled_from(findings)).id, text="no"), END + n)
    return file


withdrawals = st.sets(st.sampled_from([FILM, RADAR]))


@given(files(), st.randoms(use_true_random=False), withdrawals)
def test_neither_order_nor_repetition_matters(file: File, dice: Any, withdrawn: set[ItemId]) -> None:
    twice = file.items * 2
    dice.shuffle(twice)

    assert ladder(INCIDENT, file.told(twice), withdrawn) == file.stands(*withdrawn)


@given(files(), withdrawals)
def test_nothing_is_found_above_a_reopened_rung(file: File, withdrawn: set[ItemId]) -> None:
    answers = file.stands(*withdrawn)
    reopened = [RUNGS.index(one.rung) for one in answers if one.stand is Stand.REOPENED]

    for one in answers:
        if one.stand is Stand.FOUND:
            assert all(rung >= RUNGS.index(one.rung) for rung in reopened)


@given(files(), withdrawals)
def test_to_withdraw_more_finds_nothing_more(file: File, withdrawn: set[ItemId]) -> None:
    before = {item for one in file.stands() for item in one.findings}
    after = {item for one in file.stands(*withdrawn) for item in one.findings}

    assert after <= before


@given(files())
def test_the_chair_concurs_for_nobody(file: File) -> None:
    question = file.asks("EVENT")
    form = Finding(question=question.id, hypothesis=question.id, members=(SOUTH, WEST))
    finding = file.add(WEST, form)
    for member in (SOUTH, WEST):
        file.concurs(member, finding, file.judges(member, question), hat="CHAIR")

    assert all(finding.id not in one.findings for one in file.stands())
