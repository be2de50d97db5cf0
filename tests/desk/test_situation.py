"""A rendering is made of what its audience may have, and is the same whatever else there is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.core.marking import TLP_ORDER
from quartet.desk.situation import (
    MAX_AGE,
    Chosen,
    Part,
    Situation,
    check_cut_off,
    check_situation,
    choose,
    printed,
    strictest,
)

NOON = Micros(1_800_000_000_000_000)
Told = list[list[tuple[str, bool]]]
"""Of each part its wordings, and whether the audience may have each."""
WORDS = st.text(st.sampled_from("abc xyz\n"), min_size=1, max_size=12)
REPORTS = st.lists(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=3), max_size=6)


def rendering(report: Told) -> str:
    chosen = choose([len(part) for part in report], lambda one: report[one.part][one.wording][1])
    return printed(NOON, [("", report[one.part][one.wording][0]) for one in chosen])


@given(REPORTS)
def test_a_rendering_is_that_of_a_report_without_what_its_reader_may_not_have(report: Told) -> None:
    allowed = [[wording for wording in part if wording[1]] for part in report]

    assert rendering(report) == rendering([part for part in allowed if part])


@given(REPORTS, st.data())
def test_what_a_reader_may_not_have_changes_no_letter_of_what_she_reads(report: Told, data: st.DataObject) -> None:
    other = [[(data.draw(WORDS) if not may else said, may) for said, may in part] for part in report]
    place = data.draw(st.integers(0, len(report)))
    other.insert(place, [(data.draw(WORDS), False)])

    assert rendering(other) == rendering(report)


@given(REPORTS)
def test_parts_are_numbered_from_one_without_a_gap_in_the_reports_own_order(report: Told) -> None:
    chosen = choose([len(part) for part in report], lambda one: report[one.part][one.wording][1])
    text = printed(NOON, [(f"Part of {n}", "") for n, _ in enumerate(chosen)])

    assert [one.part for one in chosen] == sorted({one.part for one in chosen})
    numbers = [int(n) for n in re.findall(r"^(\d+)\. Part", text, re.MULTILINE)]
    assert numbers == list(range(1, len(chosen) + 1))


def test_an_audience_gets_the_first_wording_that_it_may_have() -> None:
    may = {Chosen(0, 1), Chosen(0, 2), Chosen(2, 0), Chosen(2, 1)}

    assert choose([3, 1, 2], may.__contains__) == (Chosen(0, 1), Chosen(2, 0))


def test_the_cut_off_is_printed_first_in_utc() -> None:
    text = printed(NOON, [("The river ", " high\n"), ("", "calm")])

    assert text == "CUT-OFF 2027-01-15 08:00Z\n\n1. The river\nhigh\n\n2. calm"


@given(st.lists(st.sampled_from((*TLP_ORDER, "PURPLE")), min_size=1))
def test_the_label_is_the_strictest_of_all_and_an_unknown_one_is_stricter_than_those(labels: list[str]) -> None:
    order = (*TLP_ORDER, "PURPLE")

    assert order.index(strictest(labels)) == max(map(order.index, labels))


def test_a_cut_off_lies_not_ahead() -> None:
    check_situation(Situation(cut_off=NOON, parts=(Part(),)), NOON)

    with pytest.raises(Malformed, match="still to come"):
        check_situation(Situation(cut_off=Micros(NOON + 1), parts=(Part(),)), NOON)


def test_a_cut_off_of_more_than_ten_years_ago_is_a_mistyped_date() -> None:
    check_cut_off(Micros(NOON - MAX_AGE), NOON)
    with pytest.raises(Malformed, match="ten years ago"):
        check_cut_off(Micros(NOON - MAX_AGE - 1), NOON)
