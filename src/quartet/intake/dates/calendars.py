"""The Persian solar calendar in the common one.

Its leap years follow a cycle of 33 years within the years given here: K. Borkowski, "The Persian calendar for 3000
years", Earth, Moon, and Planets 74 (1996) 223-230, whose table of breaks has none between 1210 and 1635.
"""

from datetime import date, timedelta
from typing import Final

FIRST_JALALI: Final = 1210
LAST_JALALI: Final = 1634
_LEAP: Final = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_NOWRUZ_1400: Final = date(2021, 3, 21)
_CYCLE_DAYS: Final = 33 * 365 + 8


def is_leap(year: int) -> bool:
    """Return whether Esfand of a Jalali year has thirty days."""
    return year % 33 in _LEAP


def length(year: int, month: int) -> int:
    """Return how many days a Jalali month has."""
    return 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29


def from_jalali(year: int, month: int, day: int) -> date | None:
    """Return the common date of a Jalali one, or nothing where that does not exist or no cycle is known."""
    if not (FIRST_JALALI <= year <= LAST_JALALI and 1 <= month <= 12 and 1 <= day <= length(year, month)):
        return None
    cycles, rest = divmod(year - 1400, 33)
    before = cycles * _CYCLE_DAYS + sum(365 + is_leap(1400 + one) for one in range(rest))
    return _NOWRUZ_1400 + timedelta(before + 31 * (month - 1) - max(0, month - 7) + day - 1)


def from_common(year: int, month: int, day: int) -> date | None:
    """Return the day, or nothing where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
