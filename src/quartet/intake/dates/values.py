"""What a date in a text can mean: windows of local time, and what the text leaves open.

A reading is a half-open window of wall-clock time. Nothing here says which of several readings is the right one.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from quartet.core.encoding import Value

Language = Literal["fr", "en", "ar", "fa", "ru"]
LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en", "ar", "fa", "ru")
Order = Literal["dmy", "mdy"]
"""In which order a page writes the day and the month of `03/04/2026`."""
MIN_YEAR: Final = 1800
MAX_YEAR: Final = 2199
"""Four digits outside of these are not taken for a year of the common era."""
MAX_READINGS: Final = 16


class Calendar(StrEnum):
    """By which calendar a date is said. A Hijri month begins by sighting, so that its days are never converted."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"
    HIJRI = "hijri"


class Precision(StrEnum):
    """How wide the window of a reading is, by what the text said."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    PART = "part of a day"
    DAY = "day"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"


class Open(StrEnum):
    """What the text leaves open, so that no reading or several stand."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    ORDER = "order"
    CALENDAR = "calendar"
    REFERENCE = "reference"
    WEEKDAY = "weekday"
    """The weekday that is said fits no day that is said."""


class Reading(Value, frozen=True, order=True):
    """One window of local time, from `first` to before `until`; `offset_min` is minutes east of UTC, if said."""

    first: datetime
    until: datetime
    offset_min: int | None = None


class Said(Value, frozen=True):
    """What stands in the text, in the calendar named; a weekday counts from Monday, 0."""

    calendar: Calendar = Calendar.GREGORIAN
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    part: str | None = None
    zone: str | None = None
    relative: str | None = None
    """A count and a unit from the day of reference, such as `-1 day`."""


class Found(Value, frozen=True):
    """A date or a time in a text: where it stands, by which rule, and what it can mean.

    From `start` to before `end`, in characters of the text as it came. With a day of publication `readings` begin
    with the latest before it, and those after it come last. `open` says why there is none, or more than one;
    `year_open` that the text names no year: then even one reading is only what fits within the years asked for.
    """

    start: int
    end: int
    words: str
    rule: str
    precision: Precision
    said: Said
    readings: tuple[Reading, ...] = ()
    open: tuple[Open, ...] = ()
    about: bool = False

    @property
    def year_open(self) -> bool:
        """Whether the text leaves the year open."""
        return Open.YEAR in self.open


class Context(Value, frozen=True):
    """What is known of a page beside its text: when it was published, which years come into question, its order."""

    published: date | None = None
    years: tuple[int, int] | None = None
    order: Order | None = None
