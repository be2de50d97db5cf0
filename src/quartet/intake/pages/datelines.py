"""Read the dateline of a text, "TOWN, 12 Nov. (Agency) -", for the agency that it names.

What stands before the name must be a place or a day: a sentence that happens to have brackets or a dash is no dateline.
Where no capital letter and no day tells the one from the other, the name is unsure.
"""

import re
from typing import Final, NamedTuple

from quartet.intake.dates import LANGUAGES, find
from quartet.intake.dates.spelling import Kind, Token
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.naming import name_after, staff_like
from quartet.intake.pages.pieces import stripped
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind, Span

_HEAD: Final = 140
"""Within how many characters a text has its dateline."""
_PLACE: Final = 4
"""How many words the place of a dateline has at most."""
_BEFORE: Final = r"[^()\[\]!?؟«»\"]{2,90}?"
_BRACKETS: Final = re.compile(_BEFORE + r"\s?[(\[/]([^()\[\]/]{2,40})[)\]/]\s?(?:[-–—]{1,2}|\.-|:)\s?")
_DASHED: Final = re.compile(_BEFORE + r"\s[-–—]{1,2}\s((?:[^-–—.,،:()]|(?<=\w)-(?=\w)){2,40})\s?(?:[.:]|[-–—]{1,2})\s")
_COMMA: Final = re.compile(_BEFORE + r"[,،]\s((?:[^-–—.,،:()\d]|(?<=\w)-(?=\w)){2,40})\s?[-–—]{1,2}\s")

_NUMERIC: Final = re.compile(r"\d{1,2}\s?[-/.]\s?\d{1,2}")
"""A day and a month without a year, in whichever order."""


class Dateline(NamedTuple):
    """The name in a dateline, and whether nothing else can be meant."""

    place: Span
    sure: bool


def dateline(told: Told) -> Dateline | None:
    """Return the name that the dateline of the first paragraph gives, if it has one."""
    number = next((number for number, kind in enumerate(told.kinds) if kind is BlockKind.BODY), None)
    if number is None:
        return None
    line = told.lines[number]
    head = told.source.text[line.start : min(line.end, line.start + _HEAD)]
    for pattern in (_BRACKETS, _DASHED, _COMMA):
        found = pattern.match(head)
        named = None if found is None else _named(head, found.start(1), found.end(1), pattern is _BRACKETS)
        if named is not None and pattern is _COMMA:  # "TOWN, Region -" is one place
            named = named._replace(sure=False)
        if named is not None:
            return Dateline(Span(line.start + named.place.start, line.start + named.place.end), named.sure)
    return None


def _named(head: str, start: int, end: int, in_brackets: bool) -> Dateline | None:
    before = head[:start].rstrip("([/ -–—,،")
    days = [one for language in LANGUAGES for one in find(before, language) if one.said.day is not None]
    others = [
        token
        for token in spoken(said(before, 0, len(before)))
        if token.kind is Kind.WORD and not any(one.start <= token.start < one.end for one in days)
    ]
    dated = bool(days) or _NUMERIC.search(before) is not None
    edges = stripped(head, start, end, " .,،")
    name = None if edges is None else name_after(head, said(head, *edges))
    if name is None or len(others) > _PLACE or not others or staff_like(spoken(said(head, name.start, name.end))):
        return None
    heard = spoken(said(head, *edges)) if edges is not None else []
    agency = phrases("agency_first").at(heard, 0) > 0 and len(heard) > 1
    agency = agency or phrases("known_agency").at(heard, 0) == len(heard) > 0
    plain = in_brackets or dated or agency or _is_loud(before, others)
    if _has_small_words(before, others) or not plain:
        return None
    return Dateline(name, dated or agency or _is_loud(before, others))


def _has_small_words(before: str, words: list[Token]) -> bool:
    """Return whether what should be a place has an article or a word in small letters: then it is a sentence."""
    small = sum(before[token.start].islower() and len(token.text) > 3 for token in words)
    return small > 0 or (phrases("article").at(words, 0) > 0 and not _is_loud(before, words))


def _is_loud(before: str, words: list[Token]) -> bool:
    """Return whether a place is written in capitals, as datelines have it."""
    letters = [letter for token in words for letter in before[token.start : token.end] if letter.isalpha()]
    return len(letters) > 2 and all(letter.isupper() for letter in letters)
