"""Deconfliction: what meets is found whichever way one looks, and each owner is told the least."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, SOUTH, WEST, said

from quartet.core.encoding import encode
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.desk.cells import COLUMNS, ROWS, STEP, Box, cell_name, cell_numbers, cells_of
from quartet.desk.deconflict import Activity, Conflict, check_activity, clashes, telling, told
from quartet.desk.said import Said

DESK = NORTH
HOUR = 3_600_000_000


def outline(**change: Any) -> Activity:
    form: dict[str, Any] = {
        "desk": DESK,
        "cells": cells_of(Box(47.0, 8.0, 47.1, 8.1)),
        "floor_m": 0,
        "ceiling_m": 300,
        "begins": BEGAN + HOUR,
        "ends": BEGAN + 3 * HOUR,
        "contact": "watch, 01 23",
    }
    return Activity(**{**form, **change})


names = st.lists(st.sampled_from([cell_name(2740, c % COLUMNS) for c in range(-2, 3)]), min_size=1, unique=True)
outlines = st.builds(
    lambda cells, low, high, begins, lasts, desk: outline(
        cells=tuple(sorted(cells)),
        floor_m=min(low, high),
        ceiling_m=max(low, high),
        begins=BEGAN + begins * HOUR,
        ends=BEGAN + (begins + lasts) * HOUR,
        desk=desk,
    ),
    names,
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(1, 3),
    st.sampled_from([DESK, DESK, DESK, WEST]),
)
members = st.sampled_from([EAST, SOUTH, WEST])
several = st.lists(st.tuples(members, outlines), max_size=6).map(
    lambda ones: tuple(said(member, form) for member, form in ones)
)


def met(one: Activity, other: Activity) -> bool:
    """The plain rule: some cell, some height and some hour are in both."""
    heights = set(range(one.floor_m, one.ceiling_m + 1)) & set(range(other.floor_m, other.ceiling_m + 1))
    hours = set(range(one.begins, one.ends, HOUR)) & set(range(other.begins, other.ends, HOUR))
    return bool(set(one.cells) & set(other.cells) and heights and hours)


@given(several, st.integers(0, 6))
def test_what_meets_is_what_the_plain_rule_finds_pair_by_pair(ones: tuple[Said[Activity], ...], hours: int) -> None:
    now = Micros(BEGAN + hours * HOUR)
    pairs = {
        tuple(sorted((one.id, other.id)))
        for one in ones
        for other in ones
        if one.member != other.member
        and one.form.desk == other.form.desk == DESK
        and min(one.form.ends, other.form.ends) > now
        and met(one.form, other.form)
    }

    assert {(one.first, one.second) for one in clashes(DESK, ones, now)} == pairs


@given(several, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(ones: tuple[Said[Activity], ...], dice: Any) -> None:
    mixed = list(ones) + list(ones[:2])
    dice.shuffle(mixed)

    assert clashes(DESK, mixed, BEGAN) == clashes(DESK, ones, BEGAN)


@given(outlines, outlines, outlines, members, members)
def test_an_owner_is_told_the_same_whoever_the_other_is_and_whatever_else_its_activity_has(
    own: Activity, one: Activity, another: Activity, member: MemberId, other: MemberId
) -> None:
    """Two worlds that agree in the cell and the time are one to her who is told."""
    mine = said(EAST, own)
    worlds = [
        [clash for clash in clashes(DESK, (mine, said(of, form)), BEGAN) if of != EAST]
        for of, form in ((member, one), (other, another))
    ]
    where = [[(c.cell, c.begins, c.ends) for c in found] for found in worlds]
    heard = [[encode(telling(clash, mine.id, "desk, 04 56")) for clash in found] for found in worlds]

    assert (heard[0] == heard[1]) == (where[0] == where[1])
    assert set(Conflict.__struct_fields__) == {"activity", "cell", "begins", "ends", "contact"}


def test_an_owner_is_told_once_of_one_clash_and_again_of_another() -> None:
    own, other = said(EAST, outline()), said(SOUTH, outline(begins=BEGAN + 2 * HOUR))
    (clash,) = clashes(DESK, (own, other), BEGAN)
    word = said(DESK, telling(clash, own.id, "desk, 04 56"))

    assert told(clash, (), DESK) == ()
    assert told(clash, (word,), DESK) == (own.id,)
    assert told(clash, (said(WEST, word.form),), DESK) == ()  # nobody else speaks for the desk
    (later,) = clashes(DESK, (own, said(SOUTH, outline(begins=BEGAN))), BEGAN)
    assert told(later, (word,), DESK) == ()


@given(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))
def test_a_cells_name_leads_back_to_it(row: int, column: int) -> None:
    assert cell_numbers(cell_name(row, column)) == (row, column)


@pytest.mark.parametrize("name", ["N4706E00810", "N9000E00000", "N4705E18000", "S0000E00000", "N0000W00000", "x"])
def test_a_name_that_no_cell_has_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        cell_numbers(name)


hundredths = st.tuples(st.integers(-9000, 9000), st.integers(-18_000, 18_000), st.integers(0, 40), st.integers(0, 40))


@given(hundredths)
def test_an_area_has_the_cells_that_a_look_at_every_hundredth_finds(corner: tuple[int, int, int, int]) -> None:
    south, west, high, wide = corner
    north, east = min(south + high, 9000), (west + wide + 18_000) % 36_000 - 18_000
    if wide and east == -18_000:
        east = 18_000
    rows = {min((at + 9000) // STEP, ROWS - 1) for at in range(south, max(north, south + 1))}
    columns = {(at + 18_000) // STEP % COLUMNS for at in range(west, max(west + wide, west + 1))}

    found = cells_of(Box(south / 100, west / 100, north / 100, east / 100))

    assert {cell_numbers(name) for name in found} == {(row, column) for row in rows for column in columns}
    assert list(found) == sorted(set(found))


def test_an_area_across_the_date_line_is_one_and_meets_what_lies_on_either_side() -> None:
    across = cells_of(Box(10.0, 179.95, 10.05, -179.95))

    assert across == ("N1000E17995", "N1000W18000")
    both = (said(EAST, outline(cells=across)), said(SOUTH, outline(cells=("N1000W18000",))))
    assert [clash.cell for clash in clashes(DESK, both, BEGAN)] == ["N1000W18000"]


@pytest.mark.parametrize(
    "change",
    [
        {"ceiling_m": -1},
        {"ends": BEGAN + HOUR},
        {"begins": BEGAN - 3 * HOUR, "ends": BEGAN},
        {"cells": ("N4705E00810", "N4705E00805")},
        {"cells": ("N4705E00810", "N4705E00810")},
        {"cells": ("N4707E00810",)},
    ],
)
def test_an_outline_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    check_activity(outline(), BEGAN)

    with pytest.raises(Malformed, match="bad-form"):
        check_activity(outline(**change), BEGAN)


def test_an_area_of_too_many_cells_or_upside_down_is_refused() -> None:
    for box in (Box(0, 0, 20, 20), Box(2, 0, 1, 1)):
        with pytest.raises(Malformed):
            cells_of(box)
