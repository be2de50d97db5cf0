"""Times of day: digits and the words that make a number an hour, morning or evening, and a zone."""

from quartet.intake.dates.shapes import Clock, Run

_HALF_DAY = 12
_WORDED = frozenset({"hourword", "past"})


def clock(run: Run, at: int, *, dated: bool) -> tuple[Clock, int] | None:
    """Return the time at a place and the place after it. Beside a date (`dated`) a bare `15 h` is a time."""
    item = run.at(at)
    one = (
        _one(run, at, dated=dated) if item is not None and (item.digits or _WORDED.intersection(item.senses)) else None
    )
    if one is None:
        return None
    first, after = one
    other = _one(run, _skip_cue(run, after + 1), dated=True) if run.reaches(after, _before_cue(run, at)) else None
    if other is not None and not (run.sign(after, "-") and other[0].minute is None):
        second, after = other
        if second.hour >= first.hour and first.zone is None:
            end = (second.hour, second.minute or 0)
            first = first._replace(until=end, zone=second.zone, offset=second.offset)
    about = run.has(at - 1, "about")
    return first._replace(about=about), after


def _before_cue(run: Run, at: int) -> int:
    return at - 1 if not run.has(at - 1, "between") and run.has(at - 1, "clockcue") else at


def _skip_cue(run: Run, at: int) -> int:
    return at + 1 if run.has(at, "clockcue") or (run.has(at, "at") and not run.has(at, "hourword")) else at


def _one(run: Run, at: int, *, dated: bool) -> tuple[Clock, int] | None:
    tried = (
        _with_sign(run, at)
        or _past(run, at)
        or _with_word(run, at, dated=dated)
        or _cued(run, at)
        or _military(run, at)
    )
    if tried is None:
        tried = _half_day_only(run, at)
    if tried is None:
        return None
    found, after = tried
    found, after = _half_day(run, found, after)
    if found.hour > 24 or (found.hour == 24 and found.minute):
        return None
    return _zone(run, found, after)


def _with_sign(run: Run, at: int) -> tuple[Clock, int] | None:
    """`15:30`, `15:30:20`; with a dot only after a word that says that a time comes."""
    hour, minute = run.number(at, 0, 24), _two_digits(run, at + 2)
    if hour is None or minute is None or not (run.touches(at + 1) and run.touches(at + 2)):
        return None
    if _glued(run, at):
        return None
    if run.sign(at + 1, ":"):
        second = _two_digits(run, at + 4) if run.sign(at + 3, ":") and run.touches(at + 4) else None
        after = at + 3 if second is None else at + 5
        longer = (
            run.sign(after, ":") and run.touches(after) and run.touches(after + 1) and run.number(after + 1, 0, 99, 8)
        )
        return None if longer is not None and longer is not False else (Clock(hour, minute, second), after)
    more = run.sign(at + 3, ".,") and run.touches(at + 4) and run.number(at + 4, 0, 99999, 8) is not None
    if run.sign(at + 1, ".") and run.has(at - 1, "at") and not more:
        return Clock(hour, minute), at + 3
    return None


def _glued(run: Run, at: int) -> bool:
    before = run.at(at - 1)
    return run.touches(at) and before is not None and (before.text in ":./" or before.number >= 0)


def _with_word(run: Run, at: int, *, dated: bool) -> tuple[Clock, int] | None:
    """`15 h 30`, `15 часов 30 минут`; the hour alone where it cannot be how long something took."""
    hour = run.number(at, 0, 24)
    if hour is None or not run.has(at + 1, "oclock"):
        return None
    minute = _two_digits(run, at + 2)
    if minute is not None and (run.touches(at + 2) or run.language != "en"):
        after = at + 4 if run.has(at + 3, "minutes") else at + 3
        return Clock(hour, minute), after
    half = run.integer(at + 2, "half")
    if half is not None:
        return Clock(hour, half), at + 3
    said = dated or run.has(at - 1, "at") or (run.has(at - 1, "filler") and run.has(at - 2, "at"))
    if run.language == "en" or not (said or run.has(at + 2, "meridiem") or _zoned(run, at + 2)):
        return None
    return Clock(hour), at + 2


def _cued(run: Run, at: int) -> tuple[Clock, int] | None:
    """`ساعت ۱۵`, `الساعة الثالثة والنصف`: an hour after the word for it."""
    if not run.has(at - 1, "clockcue"):
        return None
    word = run.integer(at, "hourword")
    hour = word if word is not None else run.number(at, 0, 24)
    if hour is None:
        return None
    half, minute = run.integer(at + 1, "half"), run.number(at + 2, 0, 59)
    if half is not None:
        return Clock(hour, half), at + 2
    if run.has(at + 1, "to") and minute is not None and run.has(at + 3, "minutes"):
        return Clock(hour, minute), at + 4
    return Clock(hour), at + 1


def _past(run: Run, at: int) -> tuple[Clock, int] | None:
    """`a quarter past nine`, `half past 3`, `quarter to four`."""
    minutes = run.integer(at, "past")
    hour = run.integer(at + 1, "number") or run.integer(at + 1, "hourword") or run.number(at + 1, 1, 12)
    if minutes is None or hour is None:
        return None
    return Clock(hour if minutes > 0 else (hour - 2) % 12 + 1, minutes % 60), at + 2


def _military(run: Run, at: int) -> tuple[Clock, int] | None:
    """`1530Z`, `1530 GMT`, `1530 hours`, `1530 local`."""
    item = run.at(at)
    if item is None or item.digits != 4 or not (item.number // 100 <= 24 and item.number % 100 <= 59):
        return None
    found = Clock(item.number // 100, item.number % 100)
    if run.language == "en" and run.has(at + 1, "oclock"):
        return found, at + 2
    letter = run.at(at + 1)
    upper = letter is not None and letter.capital and (letter.text != "z" or run.touches(at + 1))
    return (found, at + 1) if upper and run.has(at + 1, "zone") else None


def _half_day_only(run: Run, at: int) -> tuple[Clock, int] | None:
    """`3 pm`, `3 مساء`; `3 o'clock`."""
    hour = run.number(at, 1, 12)
    if hour is None or (run.touches(at) and run.sign(at - 1, ".:/")):
        return None
    if run.has(at + 1, "clockword"):
        return Clock(hour), at + 2
    if not run.has(at + 1, "meridiem") or run.language not in {"en", "ar"}:
        return None
    letters = run.items[at + 1]
    if run.language == "ar" and (letters.end - letters.start <= 1 or not run.has(at - 1, "at")):
        return None
    return Clock(hour), at + 1


def _half_day(run: Run, found: Clock, after: int) -> tuple[Clock, int]:
    half = run.integer(after, "meridiem")
    if half is None or not 1 <= found.hour <= _HALF_DAY:
        return found, after + (half is not None)
    late = half == _HALF_DAY
    night_of_twelve = found.hour == _HALF_DAY and run.items[after].text in _NIGHTS
    return found._replace(hour=0 if night_of_twelve else found.hour % 12 + (12 if late else 0)), after + 1


_NIGHTS = frozenset({"شب", "لیلا", "ночи"})


def _zone(run: Run, found: Clock, after: int) -> tuple[Clock, int]:
    place = after + 1 if run.sign(after, "(") and run.has(after + 1, "zone") else after
    offset, name = run.integer(place, "zone"), run.sense(place, "zonename")
    if offset is not None and (run.items[place].text not in {"z", "tu"} or run.capital(place)):
        text = run.items[place].text.upper()
        if run.has(place, "utc") and (more := _offset(run, place + 1)):
            return found._replace(zone=text, offset=more[0]), more[1]
        end = place + 2 if place > after and run.sign(place + 1, ")") else place + 1
        return found._replace(zone=text, offset=offset), end
    if name is not None:
        return found._replace(zone=str(name)), place + 1
    if run.touches(after) and (bare := _offset(run, after)) and bare[1] == after + 4:
        return found._replace(zone="offset", offset=bare[0]), bare[1]
    return found, after


def _zoned(run: Run, at: int) -> bool:
    return run.has(at, "zone") or run.has(at, "zonename")


def _offset(run: Run, at: int) -> tuple[int, int] | None:
    """`+3`, `+03:00`, `-04:30`."""
    sign, hours = run.sign(at, "+-"), run.number(at + 1, 0, 14)
    if sign is None or hours is None or not run.touches(at + 1):
        return None
    minutes = _two_digits(run, at + 3) if run.sign(at + 2, ":") and run.touches(at + 3) else None
    total = 60 * hours + (minutes or 0)
    return (total if sign == "+" else -total), at + (2 if minutes is None else 4)


def _two_digits(run: Run, at: int) -> int | None:
    item = run.at(at)
    return item.number if item is not None and item.digits == 2 and item.number <= 59 else None
