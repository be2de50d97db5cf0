"""Point at what a tear-line still gives away of the text that it is torn from: to be looked at, never a verdict.

A tear-line is a new text with a marking of its own. What is pointed at: names and codes that both have, a run of the
original's own letters, every position and time, and every word that tells how or from whom it is known. Too much is
pointed at rather than too little; what was put in other words, or in another script, nobody points at.

Beware: both texts are hostile. Each step here reads a text a fixed number of times, and each pattern is bounded.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple

from quartet.core.encoding import Value
from quartet.desk.sourcewords import HOW_WORDS, MONTHS, SMALL_WORDS, SOURCE_WORDS
from quartet.desk.tokens import Token, folded, keys_of, spaced, tokens

RUN: Final = 24
"""So many letters and spaces in a row that both texts have are pointed at."""
MIN_NAME: Final = 3
MIN_CODE: Final = 2

_POSITIONS: Final = re.compile(
    r"[-+]?\d{1,3}[.,]\d{2,10}\s{0,3}°?\s{0,3}[NSEWnsew]?"  # decimal degrees, and decimal minutes
    r"|\d{1,3}\s{0,3}[°º˚]\s{0,3}(?:\d{1,2}(?:[.,]\d{1,6})?\s{0,3}['’′]?\s{0,3})?(?:\d{1,2}(?:[.,]\d{1,4})?\s{0,3}[\"”″])?"
    r"\s{0,3}[NSEWnsew]?"  # degrees, minutes, seconds
    r"|\b\d{1,2}\s?[C-HJ-NP-Xc-hj-np-x]\s?[A-HJ-NP-Za-hj-np-z]{2}\s?\d{2,5}\s?\d{0,5}\b"  # a military grid reference
    r"|\b\d{4,7}\s{0,3}[NSEWnsew]\b"  # degrees and minutes in a run
    r"|\b[NSEWnsew]\s{0,3}\d{1,3}[\s.,]{1,3}\d{1,3}"  # N 33 53
)
_TIMES: Final = re.compile(
    r"\b\d{1,2}\s{0,2}[:h٫]\s{0,2}\d{2}(?::\d{2})?(?:\s{0,2}[ap]\.?m\b)?"  # 14:05, 14h05
    r"|\b\d{6}\s{0,2}[A-Z]\b(?:\s{0,2}[A-Z]{3}\s{0,2}\d{2,4}\b)?"  # a date-time group
    r"|\b\d{4}\s{0,2}(?:Z|UTC|hrs|hours|[LlJj])\b"  # 1405Z
    r"|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"  # 2026-11-28, 28/11/2026
    r"|\b\d{1,2}\s{0,2}[ap]\.?m\b"
    r"|\b(?:1[3-5]|19|20)\d{2}\b",  # a year, of either calendar
    re.IGNORECASE,
)
_REFERENCES: Final = re.compile(r"\b[A-Z]-[0-9A-Z]{3}-[0-9A-Z]{3}\b|(?<![\w-])[\w-]{43}(?![\w-])")
_SENTENCE: Final = re.compile(r"[.!?؟。:;\n]")
_SOURCES: Final = frozenset({"collector", "url", "archive", "tool", "version", "original_ref", "author"})
"""Fields of a form that say from whom or with what something is known."""
_LISTED: Final = frozenset({"how", "polarity", "reliability"})
_APART: Final = _SOURCES | _LISTED
"""Those, and words of closed lists: none of the text's own."""
_HASH: Final = re.compile(r"[\w-]{43}", re.ASCII)


class What(StrEnum):
    """What a span of a draft still gives away."""

    NAME = "NAME"
    CODE = "CODE"
    POSITION = "POSITION"
    TIME = "TIME"
    SOURCE = "SOURCE"
    RUN = "RUN"


class Span(Value, frozen=True, order=True):
    """A piece of the draft, from `start` to before `end` in characters, and what it gives away."""

    start: int
    end: int
    what: What


class Original(Value, frozen=True):
    """The text that is torn, with what stands beside it: who signed, its files, its form; `how` are its words."""

    text: str
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    how: tuple[str, ...] = ()


class _Known(NamedTuple):
    """What the original's tokens may be found by."""

    names: frozenset[str]
    codes: frozenset[str]
    sources: frozenset[str]


def left_over(original: Original, draft: str) -> tuple[Span, ...]:
    """Return the spans of a draft that still give something away, by their place; of one place, each thing once."""
    found = tokens(draft)
    plain, places = folded(draft)
    spans = {
        *_shared(_known(original), found),
        *_how(original, found),
        *_months(found),
        *_matched(_POSITIONS, plain, places, What.POSITION),
        *_matched(_TIMES, plain, places, What.TIME),
        *_runs(original.text, draft),
    }
    spans |= {Span(m.start(), m.end(), What.CODE) for m in _REFERENCES.finditer(draft)}
    return tuple(sorted(spans))


def original_of(text: str, *, names: Iterable[str] = (), files: Iterable[str] = (), form: object = None) -> Original:
    """Return what a draft is compared with; a form's own strings stand with the text, its sources apart."""
    strings = list(_strings("", form))
    told = [one for key, one in strings if key not in _APART and not _HASH.fullmatch(one)]
    return Original(
        text="\n".join((text, *told)),
        names=tuple(names),
        files=tuple(files),
        sources=tuple(one for key, one in strings if key in _SOURCES and not _HASH.fullmatch(one)),
        how=tuple(sorted({one for key, one in strings if key == "how"})),
    )


def strings_of(value: object) -> tuple[str, ...]:
    """Return what a form says in words of its own: without the words of closed lists, and names of items."""
    told = (one for key, one in _strings("", value) if key not in _LISTED and not _HASH.fullmatch(one))
    return tuple(dict.fromkeys(told))


def _strings(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every string of a form with the field that holds it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(str(name), inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(key, inner)


def _known(original: Original) -> _Known:
    told = tokens(original.text)
    stated = [one for word in original.names for one in tokens(word)]
    files = [one for word in original.files for one in tokens(word)]
    sources = [one for word in original.sources for one in tokens(word)]
    codes = [one for one in (*told, *stated, *sources) if one.digits]
    return _Known(
        names=frozenset(_keys((*_names(original.text, told), *(one.folded for one in stated)))),
        codes=frozenset(one.folded for one in (*codes, *files) if len(one.folded) >= MIN_CODE),
        sources=frozenset(_keys(one.folded for one in sources)),
    )


def _names(text: str, told: tuple[Token, ...]) -> Iterator[str]:
    """Yield the words of a text that may be names: with a capital, or of a script that has none.

    A word that begins a sentence is none if it stands without its capital elsewhere.
    """
    plain = {one.folded for one in told if one.cased and not one.capital}
    before = 0
    for one in told:
        begins = before == 0 or _SENTENCE.search(text, before, one.start) is not None
        if (one.capital and not (begins and one.folded in plain)) or not (one.cased or one.digits):
            yield one.folded
        before = one.end


def _keys(words: Iterable[str]) -> Iterator[str]:
    for word in frozenset(words):
        if len(word) >= MIN_NAME and word not in SMALL_WORDS:
            yield from keys_of(word, endings=1)


def _shared(known: _Known, draft: tuple[Token, ...]) -> Iterator[Span]:
    gives = {word: _gives(known, word) for word in {one.folded for one in draft} - SMALL_WORDS}
    yield from (Span(one.start, one.end, what) for one in draft for what in gives.get(one.folded, ()))


def _gives(known: _Known, word: str) -> tuple[What, ...]:
    """Return what a word of a draft gives away of what is known."""
    keys = frozenset(keys_of(word, endings=4))
    found = (
        (What.NAME, not known.names.isdisjoint(keys)),
        (What.SOURCE, not known.sources.isdisjoint(keys)),
        (What.CODE, word in known.codes),
    )
    return tuple(what for what, so in found if so)


def _how(original: Original, draft: Iterable[Token]) -> Iterator[Span]:
    """Yield the words by which a draft says how it is known what the original says: by its form, or in its words."""
    formal = frozenset[str]().union(*(HOW_WORDS.get(one, frozenset()) for one in original.how))
    said = SOURCE_WORDS.intersection(one.folded for one in tokens(original.text))
    yield from (Span(one.start, one.end, What.SOURCE) for one in draft if one.folded in formal | said)


def _months(draft: Iterable[Token]) -> Iterator[Span]:
    """Yield the months that stand beside a number: a date."""
    for one, other in pairwise(draft):
        month, number = (one, other) if one.folded in MONTHS else (other, one)
        if month.folded in MONTHS and number.digits:
            yield Span(one.start, other.end, What.TIME)


def _matched(pattern: re.Pattern[str], plain: str, places: list[int], what: What) -> Iterator[Span]:
    for found in pattern.finditer(plain):
        yield Span(places[found.start()], places[found.end()], what)


def _runs(original: str, draft: str) -> Iterator[Span]:
    """Yield the longest pieces of the draft of which each `RUN` letters in a row stand in the original."""
    there, (words, places) = spaced(original)[0], spaced(draft)
    known = {there[at : at + RUN] for at in range(len(there) - RUN + 1)}
    begin = end = -1
    for at in range(len(words) - RUN + 1):
        if words[at : at + RUN] not in known:
            continue
        if begin < 0 or at > end:
            if begin >= 0:
                yield Span(places[begin], places[end - 1] + 1, What.RUN)
            begin = at
        end = at + RUN
    if begin >= 0:
        yield Span(places[begin], places[end - 1] + 1, What.RUN)
