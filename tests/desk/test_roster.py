"""The duty roster's fold: what is planned at each moment is what the latest word on that moment says."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, said

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.desk import check_form
from quartet.desk.roster import (
    DAY,
    MAX_SPAN,
    Hole,
    Planned,
    Roster,
    Turn,
    ahead,
    holes,
    planned,
    relief,
    replaces,
    watches,
)
from quartet.desk.said import Said

HOUR = 3600 * SECOND
SPAN = 12


@st.composite
def rosters(draw: st.DrawFn) -> Said[Roster]:
    edges = sorted(draw(st.sets(st.integers(0, SPAN), min_size=2, max_size=7)))
    held = [pair for pair in pairwise(edges) if draw(st.booleans())]
    turns = tuple(Turn(f"officer {since}", at(since), at(until)) for since, until in held)
    form = Roster(at(edges[0]), at(edges[-1]), turns)
    return said(draw(st.sampled_from([NORTH, EAST])), form, at=Micros(BEGAN + draw(st.integers(0, 3))))


def at(hours: float) -> Micros:
    return Micros(BEGAN + int(hours * HOUR))


def plainly(told: list[Said[Roster]], member: str, hour: float) -> tuple[str | None, str] | None:
    """Who is planned at a moment: as the latest roster that speaks of that moment says; None where none does."""
    speak = [one for one in told if one.member == member and one.form.begins <= at(hour) < one.form.ends]
    if not speak:
        return None
    last = max(speak, key=lambda one: (one.at, one.id))
    turn = next((one for one in last.form.turns if one.since <= at(hour) < one.until), None)
    return (None if turn is None else turn.name), last.id


def shown(plan: tuple[Planned, ...], hour: float) -> tuple[str | None, str] | None:
    found = [one for one in plan if one.since <= at(hour) < one.until]
    assert len(found) <= 1
    return ((None if found[0].turn is None else found[0].turn.name), found[0].item) if found else None


@given(st.lists(rosters(), max_size=6), st.randoms(use_true_random=False))
def test_at_every_moment_the_latest_word_on_it_counts_in_whatever_order_and_however_often_it_came(
    told: list[Said[Roster]], dice: Any
) -> None:
    came = [*told, *told[:2]]
    dice.shuffle(came)
    plans = planned(came)

    assert plans == planned(told)
    for member in (NORTH, EAST):
        for hour in (half / 2 for half in range(2 * SPAN + 1)):
            assert shown(plans.get(member, ()), hour) == plainly(told, member, hour)


@given(st.lists(rosters(), max_size=6), st.integers(0, 2 * SPAN), st.integers(0, 2 * SPAN + 4))
def test_nobody_is_planned_in_a_hole_and_somebody_between_two(
    told: list[Said[Roster]], half: int, further: int
) -> None:
    now, until = at(half / 2), at((half + further) / 2)
    for member, plan in planned(told).items():
        found = holes(plan, now, until)
        assert all(now <= one.since < until for one in found)
        assert all(one.until is None or one.since < one.until for one in found)
        assert [one.until for one in found[:-1]] == sorted(one.until for one in found[:-1] if one.until is not None)
        for hour in (one / 2 for one in range(half, half + further)):
            there = any(one.since <= at(hour) and (one.until is None or at(hour) < one.until) for one in found)
            nobody = (plainly(told, member, hour) or (None, ""))[0] is None
            assert there == (nobody and bool(ahead(plan, now)))


@given(st.lists(rosters(), max_size=6), st.integers(0, 2 * SPAN))
def test_who_has_the_watch_has_it_until_somebody_else_or_nobody_has(told: list[Said[Roster]], half: int) -> None:
    now, hour = at(half / 2), half / 2
    for member, plan in planned(told).items():
        first, second = relief(plan, now)
        name = (plainly(told, member, hour) or (None, ""))[0]
        assert (first and first.turn and first.turn.name) == name
        if first is not None:
            assert first.since <= now < first.until
            after = first.until
            assert second is None or after <= second.since
            at_its_end = plainly(told, member, (after - BEGAN) / HOUR)
            assert at_its_end is None or at_its_end[0] != name
        elif second is not None:
            assert now < second.since


@given(st.lists(rosters(), max_size=6))
def test_without_what_was_replaced_whole_the_plan_is_the_same(told: list[Said[Roster]]) -> None:
    for member in (NORTH, EAST):
        own = [one for one in told if one.member == member]
        kept = [one for one in own if not any(replaces(other, one) for other in own)]
        assert planned(kept) == planned(own)


def test_what_is_over_is_not_ahead_and_what_runs_is() -> None:
    plan = planned([said(NORTH, Roster(at(0), at(4), (Turn("a", at(0), at(2)), Turn("b", at(2), at(4)))))])[NORTH]

    assert [one.turn.name for one in ahead(plan, at(1)) if one.turn] == ["a", "b"]
    assert [one.turn.name for one in ahead(plan, at(2)) if one.turn] == ["b"]
    assert ahead(plan, at(4)) == ()


def test_one_persons_turns_that_adjoin_are_one_watch_over_midnight_and_over_the_change_of_items() -> None:
    late = said(NORTH, Roster(at(0), at(8), (Turn("a", at(0), at(4)), Turn("a", at(4), at(8)))))
    later = said(
        NORTH, Roster(at(6), at(12), (Turn("a", at(6), at(10)), Turn("b", at(11), at(12)))), at=Micros(BEGAN + 1)
    )
    plan = planned([late, later])[NORTH]

    first, second = relief(plan, at(1))

    assert [(one.since, one.until) for one in plan] == [(at(a), at(b)) for a, b in pairwise((0, 4, 6, 10, 11, 12))]
    assert (first, second) == (
        Planned(at(0), at(10), Turn("a", at(0), at(4)), late.id),
        Planned(at(11), at(12), Turn("b", at(11), at(12)), later.id),
    )
    assert relief(plan, at(10)) == (None, second)
    assert relief(plan, at(12)) == (None, None)


def test_the_same_name_at_another_phone_is_another_watch() -> None:
    turns = (Turn("a", at(0), at(4), phones=("1",)), Turn("a", at(4), at(8), phones=("2",)))

    assert len(list(watches(planned([said(NORTH, Roster(at(0), at(8), turns))])[NORTH]))) == 2


def test_a_hole_is_told_whole_between_two_rosters_and_without_an_end_behind_the_last() -> None:
    friday = said(NORTH, Roster(at(0), at(4), (Turn("a", at(0), at(3)),)))
    monday = said(NORTH, Roster(at(20), at(28), (Turn("b", at(20), at(28)),)))
    plan = planned([friday, monday])[NORTH]

    assert holes(plan, at(1), at(12)) == (Hole(at(3), at(20)),)
    assert holes(plan, at(5), at(40)) == (Hole(at(5), at(20)), Hole(at(28), None))
    assert holes(plan, at(28), at(40)) == holes((), at(0), at(40)) == ()


def test_what_another_node_let_through_out_of_order_and_what_the_chair_says_plan_nothing() -> None:
    backwards = Roster(at(0), at(4), (Turn("b", at(2), at(4)), Turn("a", at(0), at(2))))
    chairs = said(NORTH, Roster(at(0), at(4), (Turn("a", at(0), at(2)),)), hat="CHAIR")

    assert planned([said(NORTH, backwards), chairs]) == {}


FORM = {"begins": at(0), "ends": at(8), "turns": [{"name": "Officer 1", "since": at(0), "until": at(4)}]}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"ends": at(0)}, "ends"),
        ({"begins": at(9), "ends": at(8)}, "ends"),
        ({"ends": Micros(BEGAN + MAX_SPAN + 1)}, "ends"),
        ({"turns": [{"name": "a", "since": at(-1), "until": at(1)}]}, "turns: number 1"),
        ({"turns": [{"name": "a", "since": at(1), "until": at(1)}]}, "turns: number 1"),
        ({"turns": [{"name": "a", "since": at(1), "until": at(9)}]}, "turns: number 1"),
        (
            {"turns": [{"name": n, "since": at(s), "until": at(s + 2)} for n, s in (("a", 0), ("b", 1))]},
            "turns: number 2",
        ),
        ({"turns": [{"name": "", "since": at(1), "until": at(2)}]}, "name"),
    ],
)
def test_a_roster_that_makes_no_sense_is_refused(change: dict[str, object], place: str) -> None:
    with pytest.raises(Malformed, match="bad-form") as told:
        check_form("roster", {**FORM, **change}, at(0))
    assert place in str(told.value)


def test_a_roster_that_is_over_is_refused_and_one_that_runs_already_is_taken() -> None:
    assert check_form("roster", FORM, at(7)) == msgspec.convert(FORM, Roster)
    with pytest.raises(Malformed, match="over already"):
        check_form("roster", FORM, at(8))
    assert MAX_SPAN == 62 * DAY
