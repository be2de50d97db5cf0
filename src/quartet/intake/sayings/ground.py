"""What a page as a whole says of who speaks: whose page it is, who is credited, which officer wrote it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind, tokens
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.people import people
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Scene, Sort
from quartet.intake.sayings.words import MAX_SENTENCE, Line, line_of
from quartet.intake.texts import TELLING, BlockKind, Page, Sentence, Span, sentences

MAX_SENTENCES: Final = 5_000
"""Sentences of a page that are read; what comes after says that it was not."""
MAX_TOLD: Final = 400_000
"""Characters of sentences that are read."""
_MARKS: Final = re.compile('[«»“”„"]')
_OPENS: Final = '«“„"'
_CLOSES: Final = '»”“"'
_SHORT_BLOCK: Final = 240
_AROUND: Final = 90


class Ground(NamedTuple):
    """The page as it is known before its sentences are judged."""

    page: Page
    scenes: Sequence[Scene]
    kinds: Sequence[BlockKind]
    own_body: bool
    """Who publishes is a body that speaks for itself."""
    credited: Span | None
    """The agency that passed on what others say: not the one that publishes, nor one that gave a part."""
    channel: bool
    unread: Span | None
    """What stands beyond the sentences that are read."""
    officer: Span | None
    """Who signs the report, without rank; None for any other text."""


def ground(page: Page, language: Language) -> Ground:
    """Return what is known of a page and its sentences."""
    every = sentences(page)
    told = _read(every)
    lines = [line_of(page.text, one.place, language, one.block) for one in told]
    asides = [
        line_of(page.text, block.place, language, number, telling=False)
        for number, block in enumerate(page.blocks)
        if block.kind not in TELLING and block.place.end - block.place.start <= _SHORT_BLOCK
    ]
    outlet = _line(page, page.outlet, language)
    own_body = outlet is not None and _speaks_for_itself(outlet)
    known = [
        (_words_of(page, page.outlet), Sort.BODY if own_body else Sort.OURS),
        (_words_of(page, page.agency), Sort.OWN_AGENCY),
    ]
    named = [(name, sort) for name, sort in known if name]
    return Ground(
        page=page,
        scenes=[Scene(line, people(line), named) for line in lines],
        kinds=[one.kind for one in told],
        own_body=own_body,
        credited=_credited(page, language),
        channel=page.outlet is not None and any(_is_channel(line) for line in [*lines, *asides]),
        unread=Span(every[len(told)].place.start, every[-1].place.end) if len(every) > len(told) else None,
        officer=_officer(page, language),
    )


def _read(every: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return the sentences that are read: so many, and of so many characters, those too long to read not counted."""
    seen = 0
    for at, one in enumerate(every[:MAX_SENTENCES]):
        size = one.place.end - one.place.start
        seen += size if size <= MAX_SENTENCE else 0
        if seen > MAX_TOLD:
            return every[:at]
    return every[:MAX_SENTENCES]


def quotations(page: Page) -> Iterator[Span]:
    """Yield what stands in quotation marks in what tells something, marks included, but none inside another."""
    for block in page.blocks:
        if block.kind in TELLING:
            yield from _quoted(page.text, block.place)


def _quoted(text: str, block: Span) -> Iterator[Span]:
    opened = -1
    for mark in _MARKS.finditer(text, block.start, block.end):
        sign = mark.group()
        if opened < 0 and sign in _OPENS:
            opened = mark.start()
        elif opened >= 0 and sign in _CLOSES and (sign == '"') == (text[opened] == '"'):
            yield Span(opened, mark.end())
            opened = -1


def _line(page: Page, place: Span | None, language: Language) -> Line | None:
    return None if place is None else line_of(page.text, place, language, 0)


def _words_of(page: Page, place: Span | None) -> tuple[str, ...]:
    if place is None:
        return ()
    return tuple(one.text for one in tokens(place.of(page.text)) if one.kind in (Kind.WORD, Kind.NUMBER))


def _speaks_for_itself(outlet: Line) -> bool:
    words = outlet.words
    return any(Tag.OFFICIAL in word.tags for word in words) and not any(
        has(word, Tag.MEDIUM, Tag.AGENCY) for word in words
    )


def _is_channel(line: Line) -> bool:
    return len(line.words) < _AROUND and any(Tag.CHANNEL in word.tags for word in line.words)


def _credited(page: Page, language: Language) -> Span | None:
    """Return the agency through which what is told came, or None where it publishes itself or gave a part only."""
    if page.agency is None:
        return None
    if page.outlet is not None and _within(_words_of(page, page.agency), _words_of(page, page.outlet)):
        return None
    block = next((one.place for one in page.blocks if one.place.holds(page.agency)), page.agency)
    start = max(block.start, page.agency.start - _AROUND)
    line = line_of(page.text, Span(start, min(block.end, page.agency.end + _AROUND)), language, 0)
    return None if any(Tag.PARTIAL in word.tags for word in line.words) else page.agency


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return bool(few) and (set(few) <= set(many) or set(many) <= set(few))


def _officer(page: Page, language: Language) -> Span | None:
    """Return the name of who signs a report, without rank."""
    if page.author is None:
        return None
    line = line_of(page.text, page.author, language, 0)
    named = people(line)
    if named:
        return named[0].place
    rest = [
        word for word in line.words if word.kind is Kind.WORD and not has(word, Tag.RANK, Tag.HONORIFIC, Tag.QUALIFIER)
    ]
    return Span(rest[0].start, rest[-1].end) if rest else None
