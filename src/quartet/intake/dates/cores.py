"""Dates with words: a day of a month, ranges, months, seasons and years by themselves, days told from another day."""

from quartet.intake.dates.numeric import numeric
from quartet.intake.dates.shapes import Core, Run, Ymd
from quartet.intake.dates.values import Calendar

_Found = tuple[Core, int]


def core(run: Run, at: int) -> _Found | None:
    """Return the date at a place and the place after it: of all that could begin there, the longest."""
    item = run.at(at)
    rules = () if item is None else _OF_DIGITS if item.digits else _OF_WORDS if item.senses else ()
    tried = [rule(run, at) for rule in rules]
    return max((one for one in tried if one is not None), key=lambda one: one[1], default=None)


def _numeric(run: Run, at: int) -> _Found | None:
    found = numeric(run, at)
    if found is None or not run.reaches(found[1], at):
        return found
    other = numeric(run, _cue(run, found[1] + 1))
    if other is None or found[0].others or other[0].others or found[0].calendar is not other[0].calendar:
        return found
    return found[0]._replace(rule="numeric-range", last=other[0].first), other[1]


def _day_month(run: Run, at: int) -> _Found | None:
    """`14 November 2026`, `the 14th of November`, `14 تشرين الثاني/نوفمبر`."""
    return None if _tied(run, at) else _day_of_month(run, at)


def _tied(run: Run, at: int) -> bool:
    return run.touches(at) and run.sign(at - 1, "/.:-") is not None


def _day_of_month(run: Run, at: int) -> _Found | None:
    day = run.day(at)
    named = run.month(_of(run, day[1])) if day is not None else None
    if day is None or named is None or _shaky(run, at, named[2]):
        return None
    calendar, month, after = named
    year, after, calendar = _year(run, after, calendar)
    return Core("day-month", Ymd(year, month, day[0]), calendar=calendar), after


def _shaky(run: Run, at: int, after: int) -> bool:
    """Whether the name of the month is also a common noun that is counted, with nothing beside it that says a month."""
    odd = run.has(after - 1, "odd")
    said = run.has(at - 1, "dayword") or run.has(at - 1, "weekday") or run.has(after, "of") or run.year(after, _J)
    return odd and not said and run.year(after, Calendar.GREGORIAN) is None


_J = Calendar.JALALI


def _of(run: Run, at: int) -> int:
    return at + 1 if run.has(at, "of") or run.sign(at, "-") or run.has(at, "daymonth") else at


def _year(run: Run, at: int, calendar: Calendar) -> tuple[int | None, int, Calendar]:
    place = at
    while place < at + 2 and (
        run.has(place, "of") or run.has(place, "yearbefore") or (run.language == "en" and run.sign(place, ","))
    ):
        place += 1
    return run.year(place, calendar) or (None, at, calendar)


def _month_day(run: Run, at: int) -> _Found | None:
    """`November 14, 2026`, in English."""
    named = run.month(at) if run.language == "en" else None
    day = run.day(named[2] + run.has(named[2], "the")) if named else None
    if named is None or day is None or (run.sign(day[1], ":") and run.touches(day[1])):
        return None
    calendar, month, _ = named
    last, after = None, day[1]
    other = run.day(after + 1) if run.reaches(after, at) else None
    if other is not None and other[0] > day[0] and run.month(_of(run, other[1])) is None:
        last, after = other
    year, after, calendar = _year(run, after, calendar)
    first, end = Ymd(year, month, day[0]), Ymd(year, month, last) if last else None
    return Core("day-range" if end else "month-day", first, end, calendar=calendar), after


def _range(run: Run, at: int) -> _Found | None:
    """`du 3 au 5 mai`, `3-5 мая 2026`, `28 April to 3 May`."""
    day = run.day(at)
    if day is None or _tied(run, at):
        return None
    named = run.month(_of(run, day[1]))
    year, between = (None, day[1]) if named is None else _year(run, named[2], named[0])[:2]
    other = _day_of_month(run, _cue(run, between + 1)) if run.reaches(between, at) else None
    if other is None:
        return None
    last, month = other[0].first, named[1] if named else other[0].first.month
    if named is None and last.day is not None and last.day <= day[0]:
        return None
    first = Ymd(year if year is not None else _year_before(month, last), month, day[0])
    return Core("day-range", first, last, calendar=other[0].calendar), other[1]


def _year_before(month: int | None, last: Ymd) -> int | None:
    """Return the year in which a range began that ends in a known one: with a later month it was the one before."""
    return None if last.year is None else last.year - ((month or 0) > (last.month or 0))


def _cue(run: Run, at: int) -> int:
    while run.has(at, "daycue") or run.has(at, "dayword") or run.has(at, "the"):
        if at > len(run.items):
            return at
        at += 1
    return at


def _month_alone(run: Run, at: int) -> _Found | None:
    """`mai 2026`, `in May`, `شهر آذار`."""
    named = run.month(at)
    if named is None:
        return None
    calendar, month, after = named
    year, after, calendar = _year(run, after, calendar)
    weak = run.has(at, "shy") or run.language in {"ar", "fa"}
    if year is None and not (run.has(at - 1, "monthcue") or run.has(at - 1, "edge") or not weak):
        return None
    if year is None and run.has(at, "odd"):
        return None
    return Core("month", Ymd(year, month), calendar=calendar), after


def _season(run: Run, at: int) -> _Found | None:
    season = run.integer(at, "season")
    if season is None:
        return None
    calendar = Calendar.JALALI if run.language == "fa" else Calendar.GREGORIAN
    year, after, calendar = _year(run, at + 1, calendar)
    phrase = " " in run.items[at].text or run.items[at].end - run.items[at].start > 7
    if year is None and not (
        (run.has(at - 1, "monthcue") and not run.has(at, "shy")) or (phrase and run.language != "en")
    ):
        return None
    return Core("season", Ymd(year), season=season, calendar=calendar), after


def _year_alone(run: Run, at: int) -> _Found | None:
    if not run.has(at - 1, "yearcue") and not run.has(at + 1, "yearmark") and not run.has(at - 1, "edge"):
        return None
    if run.language == "ru" and not run.has(at + 1, "yearmark"):
        return None
    found = run.year(at, Calendar.JALALI) if run.language == "fa" else None
    found = found or run.year(at, Calendar.GREGORIAN)
    return None if found is None else (Core("year", Ymd(found[0]), calendar=found[2]), found[1])


def _edge(run: Run, at: int) -> _Found | None:
    """`early May`, `mi-mai`, `в конце 2025 года`."""
    if not run.has(at, "edge"):
        return None
    place = at + 1
    while place < at + 3 and (run.has(place, "of") or run.sign(place, "-") or run.has(place, "yearbefore")):
        place += 1
    found = _month_alone(run, place) or _season(run, place) or _year_alone(run, place) or _plain_year(run, place)
    edge = str(run.sense(at, "edge"))
    return None if found is None else (found[0]._replace(rule=found[0].rule + "-part", edge=edge), found[1])


def _plain_year(run: Run, at: int) -> _Found | None:
    found = run.year(at, Calendar.JALALI if run.language == "fa" else Calendar.GREGORIAN)
    return None if found is None else (Core("year", Ymd(found[0]), calendar=found[2]), found[1])


def _near(run: Run, at: int) -> _Found | None:
    """`hier`, `the day after`."""
    count = run.integer(at, "relday")
    if count is not None:
        return Core("relative-day", shift=count, unit="day"), at + 1
    count = run.integer(at, "anaphor")
    return None if count is None else (Core("relative-day", shift=count, unit="day", anaphor=True), at + 1)


def _ago(run: Run, at: int) -> _Found | None:
    """`il y a trois jours`, `three days ago`, `قبل يومين`."""
    sign = run.integer(at, "agofirst")
    place = at + 1 if sign is not None else at
    count = run.integer(place, "number") or run.number(place, 1, 999, 3) or run.integer(place, "dual")
    after = place if run.has(place, "dual") else place + 1
    unit = run.sense(after, "unit")
    if sign is None and run.has(place, "unit"):
        count, after, unit = 1, place, run.sense(place, "unit")
    sign = sign if sign is not None else run.integer(after + 1, "ago")
    if count is None or unit is None or sign is None:
        return None
    end = after + 1 if place > at else after + 2
    told = sign > 0  # "three years later" may be told from any day of the text
    return Core("relative-ago", shift=sign * count, unit=str(unit), anaphor=told), end


def _unit(run: Run, at: int) -> _Found | None:
    """`last week`, `la semaine dernière`, `هفته گذشته`."""
    for place, other in ((at, at + 1), (at + 1, at)):
        unit = run.sense(place, "unit")
        for kind in ("last", "next", "this"):
            count = run.integer(other, kind)
            if unit is not None and unit != "hour" and count is not None and (kind != "this" or unit != "day"):
                return Core("relative-unit", shift=count, unit=str(unit)), at + 2
    return None


_OF_DIGITS = (_numeric, _range, _day_month, _year_alone, _ago)
_OF_WORDS = (_range, _day_month, _month_day, _month_alone, _season, _edge, _near, _ago, _unit)
"""The rules by what they begin with."""
