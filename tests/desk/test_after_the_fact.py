"""What is said after the fact, under a false date or in a flood, changes nothing that was found before."""

import hashlib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, END, NORTH, SOUTH, proposal, said

from quartet.core.encoding import b64
from quartet.core.ids import Epoch, ItemId, MemberId, Micros
from quartet.core.keyring import Rota
from quartet.desk.action import HOUR
from quartet.desk.chair import LOST, Procedure, effective, extended, presides
from quartet.desk.incident import (
    Assessment,
    Concurrence,
    Finding,
    Hypothesis,
    Known,
    Ladder,
    Question,
    Stand,
    ladder,
)
from quartet.desk.rating import Rating, Revealed, Sealed, decisive, order, rated, seal_of
from quartet.desk.said import Said


def named(name: object) -> ItemId:
    return ItemId(b64(hashlib.sha256(str(name).encode()).digest()))


ROTA = (Rota(Epoch(0), Micros(0), (NORTH, EAST, SOUTH)),)
VERSION = proposal(begins=Micros(END + 4 * HOUR), ends=Micros(END + 5 * HOUR))
INCIDENT, QUESTION = named("incident"), named("question")


def does(chair: MemberId, act: Any, at: int, timely: int | None = None, **about: Any) -> Said[Procedure]:
    return said(chair, Procedure(act=act, **about), at, hat="CHAIR", timely=timely)


def test_nobody_takes_or_hands_over_the_chair_of_yesterday() -> None:
    longer = Micros(END + HOUR)
    extends = does(NORTH, "EXTEND", BEGAN + 4 * LOST, about=VERSION.id, until=longer)

    for late in (
        does(EAST, "TAKE", BEGAN, END + 2 * HOUR),
        does(NORTH, "HAND_OVER", BEGAN, END + 2 * HOUR, member=EAST),
    ):
        assert extended(VERSION, ROTA, [extends, late]).form.decide_by == longer
        assert presides(ROTA, [extends, late], Micros(END + HOUR)) == NORTH
        assert presides(ROTA, [extends, late], Micros(END + 3 * HOUR)) == EAST


def test_a_chair_that_spoke_yesterday_in_a_drawer_was_lost_all_the_same() -> None:
    taken = does(EAST, "TAKE", BEGAN + LOST)
    extends = does(EAST, "EXTEND", BEGAN + LOST + 1, about=VERSION.id, until=Micros(END + HOUR))
    drawer = does(NORTH, "PRESENT", BEGAN + LOST - 1, END + HOUR)

    assert set(effective(ROTA, [taken, extends, drawer])) == {taken, extends}


def test_what_a_chair_said_has_no_effect_before_it_is_proven() -> None:
    unproven = Said(id=named(1), member=EAST, officer=VERSION.officer, at=END, form=Procedure(act="TAKE"), hat="CHAIR")

    assert effective(ROTA, [unproven]) == ()
    assert presides(ROTA, [unproven], Micros(END + HOUR)) == NORTH


def test_each_word_of_a_chair_is_looked_at_once_and_not_once_for_each_other() -> None:
    class Asked(tuple[MemberId, ...]):
        times = 0

        def __contains__(self, member: object) -> bool:
            Asked.times += 1
            return super().__contains__(member)

    words = [does(NORTH, "PRESENT", BEGAN + n) for n in range(100)]
    rota = Rota(Epoch(0), Micros(0), Asked(ROTA[0].members))

    assert len(effective([rota], words)) == 100
    assert Asked.times <= 200


def test_an_answer_on_another_rung_than_its_question_is_no_answer_and_an_origin_has_no_point() -> None:
    question = said(NORTH, Question(incident=INCIDENT, rung="PLACE_OF_ORIGIN"))
    lies = said(EAST, Hypothesis(question=question.id, rung="EVENT", text="33.89N 35.50E"))
    points = said(EAST, Hypothesis(question=question.id, rung="PLACE_OF_ORIGIN", text="33.89N 35.50E"))
    sector = said(EAST, Hypothesis(question=question.id, rung="PLACE_OF_ORIGIN", text="north of the river"))

    known = Known(Ladder(questions=(question,), hypotheses=(lies, points, sector, sector)))

    assert known.proposed(question) == (sector,)


def test_what_is_found_is_read_a_few_times_and_not_once_for_each_question() -> None:
    class Findings(tuple[Said[Finding], ...]):
        times = 0

        def __iter__(self) -> Iterator[Said[Finding]]:
            Findings.times += 1
            return super().__iter__()

    questions = tuple(said(NORTH, Question(incident=INCIDENT, rung="EVENT")) for _ in range(100))
    form = Finding(question=questions[0].id, hypothesis=questions[0].id, members=(EAST, NORTH))
    findings = Findings((said(NORTH, form),))

    assert len(ladder(INCIDENT, Ladder(questions=questions, findings=findings), set())) == 100
    assert Findings.times <= 3


def test_who_takes_back_the_judgement_on_which_it_concurred_closes_no_rung_that_is_reopened() -> None:
    question = said(NORTH, Question(incident=INCIDENT, rung="EVENT"))
    judged = [_judges(member, question) for member in (EAST, NORTH)]
    finding = said(NORTH, Finding(question=question.id, hypothesis=question.id, members=(EAST, NORTH)))
    agreed = tuple(said(a.member, Concurrence(finding=finding.id, assessment=a.id)) for a in judged)

    def stand(*assessments: Said[Assessment], without: set[ItemId]) -> Stand:
        known = Ladder(questions=(question,), assessments=assessments, findings=(finding,), concurrences=agreed)
        return ladder(INCIDENT, known, without)[0].stand

    assert stand(*judged, without=set()) is Stand.FOUND
    assert stand(*judged, without={named("film")}) is Stand.REOPENED
    assert stand(judged[0], without={judged[1].id}) is Stand.REOPENED
    assert stand(without={one.id for one in judged}) is Stand.REOPENED


def _judges(member: MemberId, question: Said[Question]) -> Said[Assessment]:
    film = (named("film"),)
    form = Assessment(question=question.id, hypothesis=question.id, likelihood=5, confidence="HIGH", evidence=film)
    return said(member, form)


def test_who_seals_late_hides_no_ratings_that_were_shown() -> None:
    mine = (Rating(named("film"), named("rocket"), "I"),)
    seals = [said(m, Sealed(question=QUESTION, seal=seal_of(QUESTION, m, QUESTION, mine))) for m in (EAST, NORTH)]
    shown = [said(m, Revealed(question=QUESTION, nonce=QUESTION, ratings=mine), END + 1) for m in (EAST, NORTH)]
    late = said(SOUTH, Sealed(question=QUESTION, seal=seal_of(QUESTION, SOUTH, QUESTION, mine)), END + 2)
    in_time = said(SOUTH, Sealed(question=QUESTION, seal=seal_of(QUESTION, SOUTH, QUESTION, mine)), END)

    assert list(rated(QUESTION, [*seals, late], shown).ratings) == [EAST, NORTH]
    assert rated(QUESTION, [*seals, in_time], shown).waiting == (SOUTH,)


MARKS = st.sampled_from(["CC", "C", "N", "I", "II", "NA"])
CELLS = st.builds(Rating, st.integers(0, 5).map(named), st.integers(6, 10).map(named), MARKS)


@given(st.lists(CELLS, max_size=20))
def test_what_is_decisive_is_what_changes_the_order_once_it_bears_on_nothing(cells: list[Rating]) -> None:
    def without(item: ItemId) -> list[Rating]:
        return [Rating(c.evidence, c.hypothesis, "NA") if c.evidence == item else c for c in cells]

    items = sorted({one.evidence for one in cells})

    assert decisive(cells) == tuple(item for item in items if order(without(item)) != order(cells))


def test_a_table_of_ratings_is_read_a_few_times_and_not_once_for_each_column() -> None:
    class Table(list[Rating]):
        times = 0

        def __iter__(self) -> Iterator[Rating]:
            Table.times += 1
            return super().__iter__()

    cells = Table(Rating(named(n), named(-n), "I") for n in range(100))

    assert len(decisive(cells)) == 100
    assert Table.times <= 3
