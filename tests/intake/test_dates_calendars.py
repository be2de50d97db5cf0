"""The Persian calendar against ICU's, and against itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.intake.dates.calendars import FIRST_JALALI, LAST_JALALI, from_jalali, is_leap, length

ICU = [
    ("1300-01-01", "1921-03-21"),
    ("1304-09-24", "1925-12-15"),
    ("1329-12-29", "1951-03-20"),
    ("1357-11-22", "1979-02-11"),
    ("1375-01-01", "1996-03-20"),
    ("1378-10-10", "1999-12-31"),
    ("1399-01-01", "2020-03-20"),
    ("1399-12-30", "2021-03-20"),
    ("1400-01-01", "2021-03-21"),
    ("1403-01-01", "2024-03-20"),
    ("1403-12-30", "2025-03-20"),
    ("1404-01-01", "2025-03-21"),
    ("1405-08-23", "2026-11-14"),
    ("1408-01-01", "2029-03-20"),
    ("1408-12-30", "2030-03-20"),
    ("1409-01-01", "2030-03-21"),
]
"""What ICU's `ca-persian` gives for these days."""


@pytest.mark.parametrize(("jalali", "common"), ICU)
def test_a_jalali_day_is_the_common_day_of_icu(jalali: str, common: str) -> None:
    year, month, day = map(int, jalali.split("-"))

    assert from_jalali(year, month, day) == date.fromisoformat(common)


@given(st.integers(FIRST_JALALI, LAST_JALALI - 1), st.integers(1, 12))
def test_a_month_begins_the_day_after_the_one_before_ends(year: int, month: int) -> None:
    last = from_jalali(year, month, length(year, month))
    after = from_jalali(year + month // 12, month % 12 + 1, 1)

    assert last is not None
    assert after == last + timedelta(1)


def test_a_day_that_no_calendar_has_is_nothing() -> None:
    assert not is_leap(1404)
    assert from_jalali(1404, 12, 30) is None
    assert from_jalali(1404, 13, 1) is None
    assert from_jalali(1404, 7, 31) is None
    assert from_jalali(LAST_JALALI + 1, 1, 1) is None
