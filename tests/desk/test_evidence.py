"""An incident's evidence: a handing over counts when both sides said it; who opened an incident closes it."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, SOUTH, said

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.desk.action import HOUR
from quartet.desk.evidence import (
    Custody,
    Evidence,
    Hand,
    Incident,
    IncidentStep,
    Status,
    check_evidence,
    check_incident,
    custody,
    holder,
    status,
)
from quartet.desk.said import Said

INCIDENT = said(NORTH, Incident(since=BEGAN, until=Micros(BEGAN + HOUR), area="the harbour"))
FRAGMENT = said(NORTH, Evidence(incident=INCIDENT.id, thing="OBJECT", how="SAW", collector="patrol 3"))
SHA, OTHER = "a" * 64, "b" * 64


def moved(member: MemberId, move: Any, other: MemberId, at: int = BEGAN, **more: Any) -> Said[Custody]:
    of = more.pop("of", FRAGMENT.id)
    form = Custody(evidence=of, move=move, other=other, at=Micros(at), why="to the laboratory", **more)
    return said(member, form, at)


def test_a_handing_over_is_both_sides_word_or_one_sides() -> None:
    gives, takes = moved(NORTH, "GIVES", EAST), moved(EAST, "TAKES", NORTH, BEGAN + HOUR)

    assert [link.hand for link in custody(FRAGMENT, [gives])] == [Hand.GIVER_ALONE]
    assert [link.hand for link in custody(FRAGMENT, [takes])] == [Hand.TAKER_ALONE]
    (both,) = custody(FRAGMENT, [takes, gives])
    assert (both.giver, both.taker, both.hand, both.items) == (NORTH, EAST, Hand.BOTH, (gives.id, takes.id))
    assert holder(FRAGMENT, [both]) == EAST
    assert holder(FRAGMENT, custody(FRAGMENT, [gives])) == NORTH


def test_other_bytes_than_were_given_are_shown_and_the_copy_is_not_believed_to_have_moved() -> None:
    gives, takes = moved(NORTH, "GIVES", EAST, sha256=SHA), moved(EAST, "TAKES", NORTH, sha256=OTHER)

    links = custody(FRAGMENT, [gives, takes])

    assert [link.hand for link in links] == [Hand.DIFFER]
    assert holder(FRAGMENT, links) == NORTH


def test_each_giving_answers_one_taking_in_the_order_of_dates() -> None:
    there = [moved(NORTH, "GIVES", EAST), moved(EAST, "TAKES", NORTH)]
    back = [moved(EAST, "GIVES", NORTH, BEGAN + 1), moved(NORTH, "TAKES", EAST, BEGAN + 1)]
    again = [moved(NORTH, "GIVES", EAST, BEGAN + 2)]

    links = custody(FRAGMENT, [*again, *back, *there])

    assert [(link.giver, link.hand) for link in links] == [
        (NORTH, Hand.BOTH),
        (EAST, Hand.BOTH),
        (NORTH, Hand.GIVER_ALONE),
    ]
    assert holder(FRAGMENT, links) == NORTH


MOVES = st.lists(
    st.builds(
        moved,
        st.sampled_from([NORTH, EAST, SOUTH]),
        st.sampled_from(["GIVES", "TAKES"]),
        st.sampled_from([NORTH, EAST, SOUTH]),
        st.integers(BEGAN, BEGAN + 3),
        sha256=st.sampled_from([None, SHA, OTHER]),
    ),
    max_size=6,
)


@given(MOVES, st.randoms())
def test_neither_the_order_of_arrival_nor_what_comes_twice_changes_the_chain(moves: list[Any], dice: Any) -> None:
    shuffled = [*moves, *moves[:2]]
    dice.shuffle(shuffled)

    assert custody(FRAGMENT, shuffled) == custody(FRAGMENT, moves)
    assert {item for link in custody(FRAGMENT, moves) for item in link.items} == {one.id for one in moves}


def test_what_is_said_of_other_evidence_is_no_link() -> None:
    assert custody(FRAGMENT, [moved(NORTH, "GIVES", EAST, of=INCIDENT.id)]) == ()


def step(member: MemberId, move: Any, at: int = BEGAN, **more: Any) -> Said[IncidentStep]:
    return said(member, IncidentStep(incident=more.pop("of", INCIDENT.id), move=move), at, **more)


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ([], Status.OPEN),
        ([step(NORTH, "CLOSE")], Status.CLOSED),
        ([step(EAST, "CLOSE")], Status.OPEN),
        ([step(NORTH, "CLOSE", hat="CHAIR")], Status.OPEN),
        ([step(NORTH, "CLOSE"), step(SOUTH, "REOPEN", BEGAN + 1)], Status.REOPENED),
        ([step(NORTH, "CLOSE"), step(NORTH, "REOPEN", BEGAN + 1, hat="CHAIR")], Status.CLOSED),
        ([step(NORTH, "CLOSE"), step(SOUTH, "REOPEN", BEGAN + 1), step(NORTH, "CLOSE", BEGAN + 2)], Status.CLOSED),
        ([step(NORTH, "CLOSE", of=FRAGMENT.id)], Status.OPEN),
    ],
)
def test_its_opener_closes_an_incident_and_any_member_opens_it_again(steps: list[Any], stands: Status) -> None:
    assert {status(INCIDENT, ones) for ones in itertools.permutations(steps)} == {stands}


@pytest.mark.parametrize(
    "change",
    [{"since": BEGAN}, {"since": BEGAN, "until": BEGAN - 1}, {"sha256": SHA}, {"size": 3}],
)
def test_evidence_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    form = Evidence(incident=INCIDENT.id, thing="PHOTO", how="CAMERA", collector="tower 2", **change)

    with pytest.raises(Malformed, match="bad-form"):
        check_evidence(form, BEGAN)
    with pytest.raises(Malformed, match="bad-form"):
        check_incident(Incident(since=BEGAN, until=Micros(BEGAN - 1), area="x"), BEGAN)
