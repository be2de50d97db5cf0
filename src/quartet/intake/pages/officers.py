"""Read an officer's report: its header with a date-time group, who signs it, and what it tells.

A text is one where the lines before its first paragraph hold a date-time group. It has no outlet and no agency; whoever
signs is taken only where a label or a rank says who that is.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from quartet.intake.dates import Language, find
from quartet.intake.dates.spelling import Kind, Token
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.lines import Line
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind, Span

_HEADER: Final = 14
"""How many lines a header has at most."""
_TAIL: Final = 5
"""How many lines may stand behind the last paragraph."""
_NUMBERED: Final = re.compile(r"\W{0,2}\d{1,2}\s?[.)\-:]\s")
_PARAGRAPH: Final = 120
_SIGNATURE: Final = 70
_NAME: Final = 5
_UNITS: Final = frozenset({"from", "de", "من", "от", "از"})
"""Labels behind which a unit stands as often as a person: they need a rank."""


class Report(NamedTuple):
    """What an officer's report says of itself."""

    written: date
    author: Span | None


def report(told: Told, language: Language | None) -> Report | None:
    """Return what a report says of itself, and tell its header and its end from what it tells; None for other texts."""
    header = list(_header(told))
    written = _written(told, header, language or "en")
    if written is None:
        return None
    tail = list(_tail(told, header))
    for number in (*header, *tail):
        told.kinds[number] = _kind(told, number, header)
    body = range(len(header), len(told.lines) - len(tail))
    for number in body:
        told.kinds[number] = BlockKind.BODY
    return Report(written, _author(told, header, tail))


def _header(told: Told) -> Iterator[int]:
    """Yield the lines before the first that tells something: a numbered one, a long one, a sentence."""
    for number, line in enumerate(told.lines[:_HEADER]):
        words = told.words(line)
        if line.length > _PARAGRAPH or _NUMBERED.match(words) or _is_sentence(words):
            return
        yield number


def _is_sentence(words: str) -> bool:
    return words.endswith((".", "!", "?", "؟", "…", ";")) and len(words.split()) > _NAME


def _tail(told: Told, header: list[int]) -> Iterator[int]:
    """Yield the short lines behind the last paragraph: a signature, an end mark."""
    first = len(told.lines)
    while first - 1 > len(header) and len(told.lines) - first < _TAIL and _ends(told, told.lines[first - 1]):
        first -= 1
    yield from range(first, len(told.lines))


def _ends(told: Told, line: Line) -> bool:
    words = told.words(line)
    return line.length <= _SIGNATURE and not _is_sentence(words) and not _NUMBERED.match(words)


def _written(told: Told, header: list[int], language: Language) -> date | None:
    """Return the day of the first date-time group of the header, best of a line that is labelled so."""
    days = []
    for number in header:
        line = told.lines[number]
        for one in find(told.words(line), language):
            if one.rule == "date-time-group" and one.readings:
                labelled = phrases("stamp").at(told.spoken[number], 0) > 0
                days.append((not labelled, number, one.readings[0].first.date()))
    return min(days)[2] if days else None


def _kind(told: Told, number: int, header: list[int]) -> BlockKind:
    """Return what a line of the header or the end is: who and when; a mark that all is said is furniture."""
    words = told.spoken[number]
    if number in header or phrases("rank").at(words, 0) or _is_labelled(told, number):
        return BlockKind.BYLINE
    return BlockKind.BYLINE if _like_a_name(told.source.text, words) else BlockKind.FURNITURE


def _is_labelled(told: Told, number: int) -> bool:
    return phrases("author").at(told.spoken[number], 0) > 0 and ":" in told.words(told.lines[number])


def _author(told: Told, header: list[int], tail: list[int]) -> Span | None:
    """Return who signs: behind a label, else in a line of the end; None where two sign."""
    text = told.source.text
    labelled = [place for number in (*header, *tail) if (place := _behind_label(told, number)) is not None]
    signed = [place for number in tail if (place := _signature(text, told.spoken[number])) is not None]
    found = labelled or signed
    return found[0] if found and all(_last(text, one) == _last(text, found[0]) for one in found) else None


def _last(text: str, place: Span) -> str:
    return spoken(said(text, place.start, place.end))[-1].text


def _behind_label(told: Told, number: int) -> Span | None:
    line, words = told.lines[number], told.spoken[number]
    length = phrases("author").at(words, 0)
    colon = told.source.text.find(":", line.start, line.end)
    if not length or colon < words[length - 1].end - 1 or colon > words[length - 1].end + 24:
        return None
    behind = _to_stop(told.source.text, colon + 1, line.end)
    ranked = any(phrases("rank").at(behind, at) for at in range(min(2, len(behind))))
    if ranked or (words[0].text not in _UNITS and _like_a_name(told.source.text, behind)):
        return _signature(told.source.text, behind) or Span(behind[0].start, behind[-1].end)
    return None


def _to_stop(text: str, start: int, end: int) -> list[Token]:
    """Return the words up to a comma or a bracket: a name, not the post."""
    kept: list[Token] = []
    for token in said(text, start, end):
        if (token.kind is Kind.SIGN and token.text in ",()/") or token.kind is Kind.OTHER:
            break
        kept.append(token)
    return spoken(kept)


def _signature(text: str, words: list[Token]) -> Span | None:
    """Return a rank and the name behind it, or a name alone where it is like one."""
    rank = phrases("rank").at(words, 0)
    if rank and rank < len(words) <= rank + _NAME:
        return Span(words[0].start, words[-1].end)
    return Span(words[0].start, words[-1].end) if _like_a_name(text, words) else None


def _like_a_name(text: str, words: list[Token]) -> bool:
    """Return whether a few words are like a person's name: each with a capital, and not all of them in capitals."""
    if not 2 <= len(words) <= 4 or any(token.kind is not Kind.WORD for token in words):
        return False
    written = [text[token.start : token.end] for token in words]
    return all(word[0].isupper() for word in written) and (
        len(written[0]) == 1 or not all(w.isupper() for w in written)
    )
