"""When an event was: the date and the time that govern its clause, of those found in its sentence."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from quartet.intake.dates import Context, Found, Language, Open, Precision, find
from quartet.intake.events.values import Hours, When
from quartet.intake.events.words import Reading
from quartet.intake.texts import Span

YEARS: Final = 10
"""Of how many years back the candidates of an open year are listed."""
SOON: Final = timedelta(days=10)
"""A day without a year within so many days after the page's own is of this year or of the last: nobody can tell."""
_DAY: Final = timedelta(days=1)
_SPEECH_NEAR: Final = 3
"""A date within so many words after a word of saying is when it was said."""
_NOON_IS_WIDE: Final = frozenset({"ar", "fa"})
_BY_PART: Final = {"noon": "12:00", "midnight": "00:00"}


class Known(NamedTuple):
    """What is known beside the text: when the page is from, and the last day that can be meant."""

    language: Language
    published: date | None = None
    today: date | None = None
    written: tuple[datetime, int] | None = None
    """When an officer's report was written, by its date-time group, and how many minutes east of UTC that is."""


class Moments:
    """The dates and times of one sentence."""

    def __init__(self, reading: Reading, known: Known) -> None:
        self._reading = reading
        self._known = known
        piece = reading.span.of(reading.text)
        self._found = find(piece, known.language, Context(published=known.published))

    def spans(self) -> tuple[Span, ...]:
        """Return where they stand."""
        return tuple(self._place(one) for one in self._found)

    def whole_day(self) -> bool:
        """Return whether a day is told here with its month or its year: no memory without it is an event."""
        return any(one.said.day is not None and one.said.month is not None for one in self._found)

    def within(self, part: tuple[int, int]) -> bool:
        """Return whether a day or a time is told among the words from and to."""
        place = self._reading.place(*part)
        return any(place.holds(self._place(one)) for one in self._found)

    def date(self, within: tuple[int, int], cue: Span, before: When | None) -> When | None:
        """Return the date that governs the words from and to: the nearest to the cue of those that stand there."""
        dated = [one for one in self._found if _has_day(one) and not self._is_of_saying(one, cue)]
        for one in self._ordered(dated, within, cue):
            when = self._when(one, before)
            if when is not None:
                return when
        return self._now(within) or self._same(within, before) or self._reported(within, cue)

    def time(self, within: tuple[int, int], cue: Span, chosen: When | None) -> Hours | None:
        """Return the time of day of the event; when somebody reported it is not."""
        timed = [one for one in self._found if self._is_timed(one) and not self._is_of_report(one, cue)]
        for one in self._ordered(timed, within, cue):
            same = chosen is None or self._place(one) == chosen.span or not _has_day(one)
            if same:
                return self._hours(one)
        return None

    def _is_timed(self, one: Found) -> bool:
        """Return whether an hour is told: in Arabic and Persian the word for noon is a part of the day."""
        part = self._known.language not in _NOON_IS_WIDE and one.said.part in _BY_PART
        return one.said.hour is not None or part

    def _ordered(self, found: list[Found], within: tuple[int, int], cue: Span) -> list[Found]:
        """Return those of the clause, nearest first, and then those of the sentence before it."""
        part = self._reading.place(*within)
        inside = [one for one in found if part.holds(self._place(one))]
        earlier = [one for one in found if self._place(one).end <= part.start]
        inside.sort(key=lambda one: _far(self._place(one), cue))
        return inside or earlier[-1:]

    def _place(self, one: Found) -> Span:
        return Span(self._reading.span.start + one.start, self._reading.span.start + one.end)

    def _is_of_saying(self, one: Found, cue: Span) -> bool:
        """Return whether a date follows a word of saying at once, behind the event: then it says when it was said."""
        place = self._place(one)
        at = self._reading.word_at(place.start)
        said = self._reading.hits("mark", "speech", (max(0, at - _SPEECH_NEAR), at))
        return bool(said) and place.start > cue.end

    def _is_of_report(self, one: Found, cue: Span) -> bool:
        """Return whether a word of saying stands between a time and the event."""
        place = self._place(one)
        after, before = self._reading.word_at(place.end), self._reading.word_at(cue.start)
        between = after < before and self._reading.has("mark", "speech", (after, before))
        return between or self._is_of_saying(one, cue)

    def _when(self, one: Found, before: When | None) -> When | None:
        if one.said.relative is not None and Open.REFERENCE in one.open:
            return self._from_another(one, before)
        if _is_open(one, self._known.published):
            return self._open(one)
        days = _days(one, self._known.published)
        if days is None:
            return None
        return When(days[0], days[1], _width(days, one), self._place(one), one.rule)

    def _from_another(self, one: Found, before: When | None) -> When | None:
        """Return the day that is told from the event before: the day after, that same day."""
        count, _, unit = (one.said.relative or "").partition(" ")
        if unit != "day":
            return None
        if before is None or before.first is None or before.last is None:
            return None if before is None or int(count) else _again(before, self._place(one))
        base = before.last if int(count) >= 0 else before.first
        try:
            day = base + timedelta(int(count))
        except OverflowError:
            return None
        first = before.first if int(count) == 0 else day
        return When(first, day, "day" if first == day else "interval", self._place(one), "told-from-another")

    def _open(self, one: Found) -> When:
        candidates = tuple[date, ...]()
        if self._known.today is not None:
            years = (self._known.today.year - YEARS + 1, self._known.today.year)
            piece = self._reading.span.of(self._reading.text)
            again = find(piece[one.start : one.end], self._known.language, Context(years=years))
            days = {reading.first.date() for same in again[:1] for reading in same.readings}
            published = self._known.published
            if published is not None and _soon(one, published):
                days = {day for day in days if published - timedelta(366) <= day <= published + SOON}
            candidates = tuple(sorted(day for day in days if day <= self._known.today))
        return When(None, None, "day", self._place(one), one.rule, year_open=True, candidates=candidates)

    def _now(self, within: tuple[int, int]) -> When | None:
        hits = self._reading.hits("mark", "now", within)
        day = self._known.published
        if not hits or day is None:
            return None
        return When(day, day, "day", self._reading.place(hits[0].start, hits[0].end), "now")

    def _same(self, within: tuple[int, int], before: When | None) -> When | None:
        hits = self._reading.hits("mark", "same", within)
        if not hits or before is None:
            return None
        return _again(before, self._reading.place(hits[0].start, hits[0].end))

    def _reported(self, within: tuple[int, int], cue: Span) -> When | None:
        """Return the day of an hour that a report tells in its own zone: that of the report, or the day before."""
        timed = [one for one in self._found if one.said.hour is not None and not _has_day(one)]
        near = next(iter(self._ordered(timed, within, cue)), None)
        if near is None or self._known.written is None:
            return None
        written, offset = self._known.written
        if _OFFSETS.get(near.said.zone or "") != offset or near.said.hour is None:
            return None
        later = (near.said.hour, near.said.minute or 0) > (written.hour, written.minute)
        day = written.date() - _DAY if later else written.date()
        return When(day, day, "day", self._place(near), "report-day")

    def _hours(self, one: Found) -> Hours | None:
        return _clock_of(one, self._place(one))


def _again(before: When, place: Span) -> When:
    """Return the days of the event before, by words that say that it was then too."""
    return When(before.first, before.last, before.precision, place, "the-same", before.year_open, before.candidates)


def _has_day(one: Found) -> bool:
    said = one.said
    return (
        said.weekday is not None
        or said.day is not None
        or said.month is not None
        or said.relative is not None
        or said.year is not None
    )


def _clock_of(one: Found, place: Span) -> Hours | None:
    if one.said.hour is None:
        told = _BY_PART.get(one.said.part or "")
        return None if told is None else Hours(told, place)
    if not one.readings:
        return Hours(
            f"{one.said.hour:02}:{one.said.minute or 0:02}", place, offset_min=_OFFSETS.get(one.said.zone or "")
        )
    first = one.readings[0]
    until = first.until if one.precision is Precision.PART else None
    lasted = until is not None and until - first.first < _DAY
    return Hours(
        f"{first.first:%H:%M}", place, f"{until:%H:%M}" if until is not None and lasted else None, first.offset_min
    )


_OFFSETS: Final = {"Z": 0, "GMT": 0, "UTC": 0, "МСК": 180, "MSK": 180}


def _far(place: Span, cue: Span) -> int:
    return max(place.start - cue.end, cue.start - place.end, 0)


def _is_open(one: Found, published: date | None) -> bool:
    """Return whether the year of a day is open: none is told, and the page's own day does not settle it."""
    said = one.said
    if Open.YEAR not in one.open or said.month is None:
        return False
    if published is None or _soon(one, published):
        return True
    if said.weekday is None or said.day is None:
        return False
    nearest = _latest(one, published)
    return nearest is None or published - nearest >= timedelta(366)


def _soon(one: Found, published: date) -> bool:
    """Return whether a day without a weekday is one of the next too: a page may be dated too early."""
    if one.said.weekday is not None or one.said.day is None:
        return False
    days = [reading.first.date() - published for reading in one.readings]
    return any(timedelta(0) < ahead <= SOON for ahead in days)


def _latest(one: Found, published: date) -> date | None:
    return max((reading.first.date() for reading in one.readings if reading.first.date() <= published), default=None)


def _days(one: Found, published: date | None) -> tuple[date, date] | None:
    """Return the first and the last day of the likeliest reading; none of the future, none where it is open."""
    if Open.WEEKDAY in one.open or not one.readings or Open.CALENDAR in one.open or Open.ORDER in one.open:
        return None
    reading = one.readings[0]
    if published is not None and reading.first > datetime.combine(published, time.max):
        return None
    first, last = reading.first.date(), (reading.until - timedelta(microseconds=1)).date()
    if one.precision in (Precision.PART, Precision.HOUR, Precision.MINUTE, Precision.SECOND):
        night = one.said.part == "night to" or _between_days(one)
        last = last if night else first
        if one.said.part == "midnight":
            first = last = reading.until.date()
    return first, last


def _between_days(one: Found) -> bool:
    return (
        one.said.part == "night"
        and one.said.hour is None
        and len(one.readings) > 0
        and (one.readings[0].first.hour >= 16)
    )


def _width(days: tuple[date, date], one: Found) -> str:
    if days[0] == days[1]:
        return "day"
    if one.precision in (Precision.MONTH, Precision.YEAR):
        return one.precision.value
    return "interval"
