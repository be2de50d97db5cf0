"""What an expression can mean on the calendar, and what of that it leaves open.

Parts of a day are wide windows, so that the truth lies within: words such as `evening` have no edges. A season is the
northern one, from the first day that any use gives it to the last. A week begins as the language's countries begin it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from quartet.intake.dates.calendars import from_common, from_jalali, length
from quartet.intake.dates.expression import NIGHT_TO, Expression
from quartet.intake.dates.shapes import Clock, Core, Ymd
from quartet.intake.dates.values import (
    MAX_READINGS,
    MAX_YEAR,
    MIN_YEAR,
    Calendar,
    Context,
    Language,
    Open,
    Precision,
    Reading,
    Said,
)

Days = tuple[date, date]
"""The first day and the last."""
YEARS_BEFORE: Final = 7
YEARS_AFTER: Final = 1
"""Which years come into question about a day of publication, where none are stated: on the same
date a weekday comes back after 5, 6 or 11 years."""
PARTS: Final[dict[str, tuple[int, int]]] = {
    "dawn": (3, 8),
    "early": (0, 9),
    "morning": (5, 12),
    "noon": (11, 14),
    "afternoon": (12, 19),
    "evening": (16, 24),
    "night": (0, 32),
    "midnight": (-1, 25),
    NIGHT_TO: (-6, 8),
}
"""Hours of the day that is said, from and to; more than 24 are of the day after. A night is either of two nights."""
_WEEK_BEGINS: Final[dict[str, int]] = {"ar": 6, "fa": 5}
_SEASONS: Final = {1: ((3, 1), (6, 21)), 2: ((6, 1), (9, 23)), 3: ((9, 1), (12, 22)), 4: ((12, 1), (3, 21))}
_DAY: Final = timedelta(days=1)


def said(found: Expression) -> Said:
    """Return what stands in the text."""
    core, clock = found.core or Core(""), found.clock
    return Said(
        calendar=core.calendar,
        year=core.first.year,
        month=core.first.month,
        day=core.first.day,
        weekday=found.weekdays[0] if found.weekdays else None,
        hour=clock.hour if clock else None,
        minute=clock.minute if clock else None,
        part=found.part,
        zone=clock.zone if clock else None,
        relative=f"{core.shift:+d} {core.unit}" if core.unit else None,
    )


def precision(found: Expression) -> Precision:
    """Return how wide the windows are."""
    clock, core = found.clock, found.core
    if clock is not None and clock.until is None:
        return Precision(("hour", "minute", "second")[(clock.minute is not None) + (clock.second is not None)])
    if clock is not None or found.part is not None:
        return Precision.PART
    if core is None or (core.first.day is not None and core.last is None):
        return Precision.DAY
    if core.last is not None:
        return Precision.DAYS
    if core.unit:
        return Precision.HOUR if core.unit == "hour" else Precision(core.unit)
    return Precision.SEASON if core.season else Precision.MONTH if core.first.month else Precision.YEAR


def readings(found: Expression, context: Context, language: Language) -> tuple[tuple[Reading, ...], tuple[Open, ...]]:
    """Return what the expression can mean, the latest before the publication first, and what is open about it."""
    context = _within(context)
    days = sorted(set(_days(found, context, language)))
    fitting = [one for one in days if _fits(found, one)]
    opened = _open(found, context, language)
    if days and not fitting:
        opened.append(Open.WEEKDAY)
        fitting = days
    windows = {window for one in fitting for window in _windows(found, one)}
    now = datetime.combine(context.published or date.min, time(12))
    ordered = sorted(windows, key=lambda one: (one.first > now, abs(one.first - now), one.first))
    return tuple(ordered[:MAX_READINGS]), tuple(opened)


def _within(context: Context) -> Context:
    """Return a context without days and years that no page is of."""
    published = context.published
    known = published if published is not None and MIN_YEAR <= published.year <= MAX_YEAR else None
    years = context.years and (max(context.years[0], MIN_YEAR), min(context.years[1], MAX_YEAR))
    return Context(published=known, years=years, order=context.order)


def _open(found: Expression, context: Context, language: Language) -> list[Open]:
    core, opened = found.core, list[Open]()
    if core is None:
        if found.weekdays:
            clear = context.published is not None and found.turn is not None
            opened.extend([] if clear and not _loose(found, language) else [Open.WEEK])
        return opened or ([] if found.weekdays else [Open.DAY])
    if core.unit:
        unknown = context.published is None or core.anaphor or core.unit == "hour"
        return [Open.REFERENCE] if unknown else []
    if core.first.year is None:
        opened.append(Open.YEAR)
    if core.first.month is None and core.first.day is not None:
        opened.append(Open.MONTH)
    if core.calendar is Calendar.HIJRI:
        opened.append(Open.CALENDAR)
    if core.others:
        mixed = any(calendar is not core.calendar for calendar, _ in core.others)
        opened.append(Open.CALENDAR if mixed else Open.ORDER)
    return opened


def _loose(found: Expression, language: Language) -> bool:
    """Whether `last Tuesday` may be the one before the last: so in English."""
    return language == "en" or found.turn == 0


def _fits(found: Expression, days: Days) -> bool:
    if len(found.weekdays) == 1 and days[0] == days[1]:
        return days[0].weekday() in found.weekdays
    return len(found.weekdays) != 2 or (days[0].weekday(), days[1].weekday()) == found.weekdays


def _days(found: Expression, context: Context, language: Language) -> Iterator[Days]:
    core = found.core
    if core is None:
        yield from _by_weekday(found, context, language)
    elif core.unit:
        yield from _relative(core, context, language)
    else:
        for calendar, first in ((core.calendar, core.first), *core.others):
            if calendar is not Calendar.HIJRI:
                yield from _dated(core._replace(first=first, calendar=calendar), context)


def _by_weekday(found: Expression, context: Context, language: Language) -> Iterator[Days]:
    if context.published is None or not found.weekdays:
        return
    ahead = (found.weekdays[0] - context.published.weekday()) % 7
    before, after = context.published + timedelta(ahead - 7), context.published + timedelta(ahead or 7)
    length = timedelta((found.weekdays[-1] - found.weekdays[0]) % 7)
    chosen = {-1: [before], 1: [after]}.get(2 if found.turn is None else found.turn, [before, after])
    if (found.turn is None and ahead == 0) or (found.turn == 0 and ahead == 0):
        chosen = [context.published, before, after]
    if language == "en" and found.turn in {-1, 1}:
        chosen = [chosen[0], chosen[0] + timedelta(7 * found.turn)]
    yield from ((one, one + length) for one in chosen)


def _relative(core: Core, context: Context, language: Language) -> Iterator[Days]:
    day = context.published
    if day is None or core.anaphor or core.unit == "hour":
        return
    ago = core.rule == "relative-ago"
    if core.unit == "day":
        yield _shifted(day, core.shift), _shifted(day, core.shift)
    elif core.unit == "week":
        middle = _shifted(day, 7 * core.shift)
        begin = -3 if ago else -((day.weekday() - _WEEK_BEGINS.get(language, 0)) % 7)
        yield _shifted(middle, begin), _shifted(middle, begin + 6)
    elif core.unit == "month":
        months = day.year * 12 + day.month - 1 + core.shift
        yield from _month(Calendar.GREGORIAN, months // 12, months % 12 + 1)
    else:
        yield from _year(Calendar.GREGORIAN, day.year + core.shift)


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 366), date.max.toordinal() - 366))


def _dated(core: Core, context: Context) -> Iterator[Days]:
    for year in _years(core, context):
        first = core.first._replace(year=year)
        if core.last is not None:
            yield from _between(core, first, core.last._replace(year=core.last.year or year))
        elif core.season:
            yield from _season(core, year)
        elif first.month is None and first.day is not None:
            yield from (one for month in range(1, 13) for one in _single(core.calendar, first._replace(month=month)))
        elif first.day is not None:
            yield from _single(core.calendar, first)
        else:
            whole = _month(core.calendar, year, first.month) if first.month else _year(core.calendar, year)
            yield from (_edge(core.edge, one) for one in whole)


def _years(core: Core, context: Context) -> range:
    if core.first.year is not None:
        return range(core.first.year, core.first.year + 1)
    first, last = context.years or _about(context.published)
    if core.calendar is Calendar.JALALI and first <= last:
        first, last = first - 622, last - 621
    return range(max(first, 1), min(last, 9998) + 1)


def _about(published: date | None) -> tuple[int, int]:
    return (1, 0) if published is None else (published.year - YEARS_BEFORE, published.year + YEARS_AFTER)


def _single(calendar: Calendar, day: Ymd) -> Iterator[Days]:
    convert = from_jalali if calendar is Calendar.JALALI else from_common
    found = convert(day.year or 0, day.month or 0, day.day or 0)
    if found is not None:
        yield found, found


def _between(core: Core, first: Ymd, last: Ymd) -> Iterator[Days]:
    if core.first.year is None and core.last is not None and core.last.year is None and last[1:] < first[1:]:
        last = last._replace(year=(last.year or 0) + 1)
    for begin, _ in _single(core.calendar, first):
        for end, _ in _single(core.calendar, last):
            if begin <= end:
                yield begin, end


def _month(calendar: Calendar, year: int, month: int) -> Iterator[Days]:
    jalali = calendar is Calendar.JALALI
    last = length(year, month) if jalali else (from_common(year + month // 12, month % 12 + 1, 1) or date.max).day
    for begin, _ in _single(calendar, Ymd(year, month, 1)):
        end = begin + timedelta(last - 1) if jalali else _shifted_month(begin)
        yield begin, end


def _shifted_month(begin: date) -> date:
    return (begin + timedelta(32)).replace(day=1) - _DAY


def _year(calendar: Calendar, year: int) -> Iterator[Days]:
    for begin, _ in _single(calendar, Ymd(year, 1, 1)):
        for after, _ in _single(calendar, Ymd(year + 1, 1, 1)):
            yield begin, after - _DAY


def _season(core: Core, year: int) -> Iterator[Days]:
    if core.calendar is Calendar.JALALI:
        months = [
            one
            for month in range(3 * core.season - 2, 3 * core.season + 1)
            for one in _month(core.calendar, year, month)
        ]
        if months:
            yield _edge(core.edge, (months[0][0], months[-1][1]))
        return
    begin, end = _SEASONS[core.season]
    for started in (year - 1, year) if core.season == 4 else (year,):
        first, last = from_common(started, *begin), from_common(started + (core.season == 4), *end)
        if first is not None and last is not None:
            yield _edge(core.edge, (first, last))


def _edge(edge: str, days: Days) -> Days:
    """Return the beginning, the middle or the end of a span: a wide third each, as such words have no edges."""
    first, last = days
    third = (last - first) * 2 // 5
    match edge:
        case "begin":
            return first, first + third
        case "middle":
            return first + (last - first) // 4, last - (last - first) // 4
        case "end":
            return last - third, last
        case _:
            return days


def _windows(found: Expression, days: Days) -> Iterator[Reading]:
    begin, end = (datetime.combine(day, time()) for day in days)
    one_night = found.part == "night" and end - begin == _DAY
    if found.clock is not None and (begin == end or one_night):
        yield _at(found.clock, found.part, begin, end)
    elif one_night:
        yield Reading(begin + timedelta(hours=18), end + timedelta(hours=8))
    elif found.part is not None and begin == end:
        first, until = PARTS[found.part]
        yield Reading(begin + timedelta(hours=first), begin + timedelta(hours=until))
    else:
        yield Reading(begin, end + _DAY)


def _at(clock: Clock, part: str | None, begin: datetime, end: datetime) -> Reading:
    hour = clock.hour + (12 if clock.hour in _LATE.get(part or "", ()) else 0)
    in_a_night = part == NIGHT_TO or begin != end
    day = begin if hour >= 12 or not in_a_night else end
    day -= _DAY if part == NIGHT_TO and hour >= 12 else timedelta(0)
    first = day + timedelta(hours=hour, minutes=clock.minute or 0, seconds=clock.second or 0)
    if clock.until is not None:
        later = timedelta(hours=clock.until[0] + hour - clock.hour, minutes=clock.until[1])
        return Reading(first, max(day + later, first), clock.offset)
    return Reading(first, first + _width(clock), clock.offset)


def _width(clock: Clock) -> timedelta:
    if clock.second is not None:
        return timedelta(seconds=1)
    return timedelta(hours=1) if clock.minute is None else timedelta(minutes=1)


_LATE: Final = {
    "afternoon": range(1, 8),
    "evening": range(4, 12),
    "night": range(7, 12),
    NIGHT_TO: range(7, 12),
}
"""Hours that are said by twelve with a part of the day: `8` in the evening is 20."""
