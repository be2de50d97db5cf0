"""Dates of digits alone, and date-time groups.

Four digits first is year, month, day. Otherwise the language says the order, except in English: there the page must.
Two digits of a year are read as POSIX does (69-99 of the last century, 00-68 of this one).
"""

from typing import Final

from quartet.intake.dates.calendars import from_common, from_jalali
from quartet.intake.dates.shapes import Clock, Core, Run, Ymd
from quartet.intake.dates.values import MAX_YEAR, MIN_YEAR, Calendar

PIVOT: Final = 69
_GROUP_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ["jan", "feb|fev", "mar", "apr|avr", "may|mai", "jun", "jul", "aug|aou", "sep", "oct", "nov", "dec"],
        start=1,
    )
    for name in names.split("|")
}
_ZONES: Final = {
    **{letter: 60 * hour for hour, letter in enumerate("abcdefghiklm", start=1)},
    **{letter: -60 * hour for hour, letter in enumerate("nopqrstuvwxy", start=1)},
    "z": 0,
}
"""ACP 121(I), 323: Alfa to Mike without Juliett are east, November to Yankee west. Juliett is no zone, and refused."""


def group(run: Run, at: int) -> tuple[Core, Clock, int] | None:
    """Return the date-time group at a place: `141530ZNOV26`, with or without spaces, the year or the month."""
    item = run.at(at)
    if item is None or item.digits != 6 or not 10000 <= item.number <= 312459:
        return None
    day, hour, minute = item.number // 10000, item.number // 100 % 100, item.number % 100
    zone, month, after = _letters(run, at + 1)
    if zone not in _ZONES or not (1 <= day <= 31 and hour <= 23 and minute <= 59) or _in_a_code(run, at, after):
        return None
    year = run.number(after, 0, 99) if month else None
    four = run.number(after, MIN_YEAR, MAX_YEAR, 4) if month else None
    if year is not None and run.items[after].digits == 2:
        year = _century(year)
    year, after = (year or four, after + 1) if year or four else (None, after)
    clock = Clock(hour, minute, zone=zone.upper(), offset=_ZONES[zone])
    return Core("date-time-group", Ymd(year, month, day)), clock, after


def refused(run: Run, at: int) -> int | None:
    """Return the place after a group of the zone that is none: then nothing of it is read as something else."""
    item = run.at(at)
    if item is None or item.digits != 6:
        return None
    zone, month, after = _letters(run, at + 1)
    if zone != "j":
        return None
    return after + 1 if month and run.number(after, 0, MAX_YEAR, 4) is not None else after


def _letters(run: Run, at: int) -> tuple[str, int | None, int]:
    """Return the zone letter, the month and the place after: the letters stand together or apart."""
    first, second = run.at(at), run.at(at + 1)
    if first is None or first.gap > 1 or not first.capital:
        return "", None, at
    month = _GROUP_MONTHS.get(first.text[1:])
    if month is not None:
        return first.text[0], month, at + 1
    month = _GROUP_MONTHS.get(second.text) if second is not None and second.capital else None
    return (first.text if len(first.text) == 1 else ""), month, at + (2 if month else 1)


def numeric(run: Run, at: int) -> tuple[Core, int] | None:
    """Return the date of digits at a place: three numbers between the same signs, or two where that is no fraction."""
    sign = run.sign(at + 1, "/.-")
    if sign is None or not (run.touches(at + 1) and run.touches(at + 2)):
        return None
    if run.sign(at + 3, sign) and run.touches(at + 3) and run.touches(at + 4):
        return _three(run, at)
    return _two(run, at, sign)


def _three(run: Run, at: int) -> tuple[Core, int] | None:
    items = run.items[at : at + 5 : 2]
    if len(items) < 3 or _in_a_code(run, at, at + 5) or any(not item.number >= 0 for item in items):
        return None
    first, second, third = (item.number for item in items)
    digits = tuple(item.digits for item in items)
    if digits[0] == 4 and max(digits[1:]) <= 2:
        found = _of_year(run, first, [(second, third)])
    elif digits[2] == 4 and max(digits[:2]) <= 2:
        found = _of_year(run, third, _orders(run, first, second))
    elif max(digits) <= 2 and digits[2] == 2 and (run.language != "en" or run.items[at + 1].text == "/"):
        found = _short(run, first, second, third)
    else:
        return None
    return (_core("numeric", found), at + 5) if found else None


def _orders(run: Run, first: int, second: int) -> list[tuple[int, int]]:
    """Return month and day in each order that the language and the page admit."""
    by_day, by_month = (second, first), (first, second)
    if run.order is not None:
        return [by_day if run.order == "dmy" else by_month]
    return [by_day] if run.language != "en" or first == second else [by_day, by_month]


def _of_year(run: Run, year: int, orders: list[tuple[int, int]]) -> list[tuple[Calendar, Ymd]]:
    calendar = _calendar(run, year)
    return [(calendar, Ymd(year, *one)) for one in orders if _is_day(calendar, Ymd(year, *one))] if calendar else []


def _calendar(run: Run, year: int) -> Calendar | None:
    if MIN_YEAR <= year <= MAX_YEAR:
        return Calendar.GREGORIAN
    if run.language == "fa" and 1250 <= year <= 1499:
        return Calendar.JALALI
    return Calendar.HIJRI if run.language == "ar" and 1300 <= year <= 1499 else None


def _short(run: Run, first: int, second: int, third: int) -> list[tuple[Calendar, Ymd]]:
    found = [(Calendar.GREGORIAN, Ymd(_century(third), *one)) for one in _orders(run, first, second)]
    if run.language == "fa":
        found = [(Calendar.JALALI, Ymd(1300 + first + 100 * (first < 50), second, third)), *found]
        found.append((Calendar.JALALI, Ymd(1300 + third + 100 * (third < 50), second, first)))
    return [one for one in found if _is_day(*one)]


def _century(year: int) -> int:
    return year + (1900 if year >= PIVOT else 2000)


def _is_day(calendar: Calendar, day: Ymd) -> bool:
    year, month, number = day.year or 2000, day.month or 0, day.day or 0
    if calendar is Calendar.JALALI:
        return from_jalali(year, month, number) is not None
    if calendar is Calendar.HIJRI:
        return 1 <= month <= 12 and 1 <= number <= 30
    return from_common(year, month, number) is not None


def _two(run: Run, at: int, sign: str) -> tuple[Core, int] | None:
    first, second = run.number(at, 1, 31), run.number(at + 2, 1, 31)
    if first is None or second is None or sign == "-" or _in_a_code(run, at, at + 3):
        return None
    full = run.items[at].digits == run.items[at + 2].digits == 2
    said = run.has(at - 1, "daycue") or run.has(at - 1, "dayword") or run.has(at - 1, "weekday")
    if not (said and (full or sign == "/")) and not (full and sign == "/" and second != first):
        return None
    calendar = Calendar.JALALI if run.language == "fa" else Calendar.GREGORIAN
    found = [(calendar, Ymd(None, *one)) for one in _orders(run, first, second)]
    leap = 1403 if calendar is Calendar.JALALI else 2024
    kept = [(kind, one) for kind, one in found if _is_day(kind, one._replace(year=leap))]
    return (_core("numeric-without-year", kept), at + 3) if kept else None


def _core(rule: str, found: list[tuple[Calendar, Ymd]]) -> Core:
    (calendar, first), *others = found
    return Core(rule, first, others=tuple(others), calendar=calendar)


def _in_a_code(run: Run, at: int, after: int) -> bool:
    """Whether the digits are a piece of something longer: a code, a version, an address."""
    before = run.at(at - 1)
    tied = run.touches(at) and before is not None and (before.text in "-/.+:" or before.number >= 0)
    latin = run.touches(at) and before is not None and before.text.isascii() and before.text.isalpha()
    following = run.at(after)
    goes_on = run.touches(after) and following is not None and following.text in "/.-:+" and run.touches(after + 1)
    more = run.at(after + 1)
    return tied or latin or (goes_on and more is not None and more.digits > 0)
