"""Find the day that a page prints for itself: beside its title, at its end, in its dateline, or over its masthead.

A day counts where the line says little else. Two days that differ are none, unless the line says which is the day of
publication; a year in a copyright line, a weekday alone and a day without its year are none.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from quartet.intake.dates import Context, Found, Language, Open, find, order_of
from quartet.intake.dates.spelling import Kind
from quartet.intake.dates.values import MAX_YEAR, MIN_YEAR
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.lines import Line
from quartet.intake.pages.notes import SHORT
from quartet.intake.pages.pieces import pieces
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind

_LITTLE: Final = 7
"""How many other words a piece of a line may have that gives the day of the page."""
_DATELINE: Final = 90
"""Within how many characters of its first paragraph a text has its dateline."""
_MASTHEAD: Final = 30
"""How many lines over the title may be the masthead's."""


class Day(NamedTuple):
    """A day in a line, and what the words before it call it."""

    day: date
    label: str


def published(told: Told, language: Language | None) -> date | None:
    """Return the day of a page; None where it prints none, or more than one."""
    if language is None:
        return None
    order = Context(order=order_of(told.source.text[:20_000], language))
    updates: list[Day] = []
    for lines in (_beside_the_title(told), _dated(told), _datelines(told), _masthead(told), _labelled(told)):
        days = [day for line in lines for day in _days(told, line, language, order)]
        first = [day for day in days if day.label != "updated"]
        updates += [day for day in days if day.label == "updated"]
        if first:
            return _one(first)
    return _one(updates)


def _one(days: list[Day]) -> date | None:
    labelled = {day.day for day in days if day.label == "published"}
    every = {day.day for day in days}
    for found in (labelled, every):
        if len(found) == 1:
            return found.pop()
    return None


def _beside_the_title(told: Told) -> Iterator[Line]:
    for line, kind in zip(told.lines, told.kinds, strict=True):
        if kind is BlockKind.BYLINE:
            yield line


def _dated(told: Told) -> Iterator[Line]:
    """Yield the lines that the markup dates beside the text, such as the foot of a message."""
    around = told.main.parent if told.main.parent is not None and told.main.parent.parent is not None else told.main
    for line in told.lines:
        if line.dated and line.length <= SHORT and line.box.within(around):
            yield line


def _datelines(told: Told) -> Iterator[Line]:
    """Yield the beginning of the first paragraph, where it has the dash of a dateline."""
    for line, kind in zip(told.lines, told.kinds, strict=True):
        if kind is BlockKind.BODY:
            head = told.source.text[line.start : min(line.end, line.start + _DATELINE)]
            ends = [at for sign in _DASHES if (at := head.find(sign)) > 0]
            if ends:
                yield Line(line.box, line.start, line.start + min(ends))
            return


_DASHES: Final = (" - ", " – ", " — ", " -- ", ".-", ".–", ".—")


def _masthead(told: Told) -> Iterator[Line]:
    until = told.title if told.title is not None else min(_MASTHEAD, len(told.lines))
    for line in told.lines[max(0, until - _MASTHEAD) : until]:
        if line.length <= SHORT and line.linked * 2 < line.length:
            yield line


def _labelled(told: Told) -> Iterator[Line]:
    """Yield the short lines after the text that begin with what is said of a day of publication."""
    for number, line in enumerate(told.lines):
        after = told.title is None or number > told.title
        if after and line.length <= SHORT and phrases("published").at(told.spoken[number], 0):
            yield line


def _days(told: Told, line: Line, language: Language, order: Context) -> Iterable[Day]:
    for start, end in pieces(told.source.text, line.start, line.end):
        words = told.source.text[start:end]
        found = [_with_year(words, one, language) for one in find(words, language, order)]
        others = _others(words, found)
        for one in found:
            day = _whole(one)
            if day is not None and others <= _LITTLE:
                yield Day(day, _label(words, one))


_YEAR_AFTER: Final = re.compile(r"[\s,،]{0,4}(\d{4})(?!\d)")


def _with_year(words: str, found: Found, language: Language) -> Found:
    """Return a date without a year with the year that stands behind it and a weekday or a comma."""
    year = _YEAR_AFTER.match(words, found.end) if Open.YEAR in found.open else None
    if year is None:
        return found
    given = int(year.group(1))
    again = find(found.words, language, Context(years=(given, given))) if MIN_YEAR <= given <= MAX_YEAR else ()
    return again[0] if len(again) == 1 else found


def _others(words: str, found: list[Found]) -> int:
    """Return how many words of a piece belong to no day."""
    inside = [(one.start, one.end) for one in found]
    return sum(
        token.kind is Kind.WORD and not any(start <= token.start < end for start, end in inside)
        for token in said(words, 0, len(words))
    )


def _whole(found: Found) -> date | None:
    """Return the one day that a date is; None where it is more, or may be another."""
    days = {reading.first.date() for reading in found.readings if reading.until - reading.first <= timedelta(days=1)}
    return days.pop() if len(days) == 1 and len(found.readings) == 1 else None


def _label(words: str, found: Found) -> str:
    """Return what the words before a day call it: the longest of those that end nearest to it."""
    before = spoken(said(words, 0, found.start))
    called = [
        (at + length, length, name)
        for at in range(max(0, len(before) - 6), len(before))
        for name in ("updated", "published")
        if (length := phrases(name).at(before, at))
    ]
    return max(called)[2] if called else ""
