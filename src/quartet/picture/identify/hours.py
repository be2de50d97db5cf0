"""When an airspace is in use: always, within windows, or at hours of the day on days of the week, all in UTC."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

MAX_PERIODS: Final = 64
DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY: Final = 86_400
_FIRST: Final = 3
"""The day of the week on which time began: a Thursday."""

DayName = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A period as a file writes it: two dates with their times, or two hours and the days on which the first lies.

    An end that is not after its beginning is of the next day, and 24:00 the end of the day.
    """

    begins: str = msgspec.field(name="from")
    until: str
    days: Annotated[tuple[DayName, ...], Meta(min_length=1, max_length=7)] | None = None


class Hours(msgspec.Struct, frozen=True):
    """When an airspace is in use: in `windows`, from and to before a moment, and `weekly`, by seconds of the week.

    Without either it always is.
    """

    windows: tuple[tuple[Micros, Micros], ...] = ()
    weekly: tuple[tuple[int, int], ...] = ()

    def hold(self, at: Micros) -> bool:
        """Return whether the airspace is in use at a moment."""
        if not self.windows and not self.weekly:
            return True
        week = (at // SECOND + _FIRST * _DAY) % (7 * _DAY)
        return any(begins <= at < until for begins, until in self.windows) or any(
            begins <= second < until for begins, until in self.weekly for second in (week, week + 7 * _DAY)
        )


ALWAYS: Final = Hours()


def read_hours(given: object, name: str) -> Hours:
    """Return the hours that a file gives as a list of periods; None is always. Raise `Malformed("bad-schedule")`."""
    if given is None:
        return ALWAYS
    try:
        periods = msgspec.convert(given, _PERIODS)
        windows = tuple(_window(one) for one in periods if one.days is None and "T" in one.begins)
        weekly = tuple(span for one in periods if one.days is not None or "T" not in one.begins for span in _week(one))
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        raise Malformed("bad-schedule", f"{name}: {_HELP} ({str(error)[:80]})") from error
    return Hours(windows, weekly)


_PERIODS = Annotated[list[Period], Meta(min_length=1, max_length=MAX_PERIODS)]
_HELP: Final = (
    'write {"from": "2026-03-01T08:00Z", "until": "2026-03-01T12:00Z"}, '
    'or {"days": ["MON"], "from": "08:00", "until": "16:00"}'
)


def _window(period: Period) -> tuple[Micros, Micros]:
    begins, until = _moment(period.begins), _moment(period.until)
    if begins >= until:
        raise ValueError(f"{period.until} is not after {period.begins}")
    return begins, until


def _moment(text: str) -> Micros:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text[:40]} names no zone; Z is UTC")
    return Micros(int(found.astimezone(UTC).timestamp()) * SECOND)


def _week(period: Period) -> list[tuple[int, int]]:
    begins, until = _second(period.begins), _second(period.until)
    until += _DAY if until <= begins else 0
    return [(n * _DAY + begins, n * _DAY + until) for n, day in enumerate(DAYS) if day in (period.days or DAYS)]


def _second(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and len(hour) == len(minute) == 2 and text.isascii() and (hour + minute).isdecimal()):
        raise ValueError(f"{text[:40]} is no hour")
    second = int(hour) * 3600 + int(minute) * 60
    if int(minute) > 59 or second > _DAY:
        raise ValueError(f"{text} is no hour")
    return second
