"""What a page says and where: the visible text, its blocks, and the sentences of the blocks that tell something.

All places are in characters of `Page.text`, in which every run of white space is one space. The text is never changed
otherwise: a suggestion's words are what stands at its place.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from quartet.core.encoding import Value
from quartet.intake.dates import Language


class Span(Value, frozen=True, order=True):
    """A place in a text, from `start` to before `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return what stands there."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Return whether the other place lies within this one."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a block of a page is; only a title and the body tell of events."""

    TITLE = "title"
    BODY = "body"
    BYLINE = "byline"
    """Who wrote it, when, and who supplied the words, above the body or in its dateline."""
    SOURCE = "source"
    """The line that names who supplied the words, wherever it stands: read before the furniture is dropped."""
    CAPTION = "caption"
    FURNITURE = "furniture"
    """Menus, share buttons, "read also", most read, tickers, adverts, comments, the footer."""


TELLING: Final = frozenset({BlockKind.TITLE, BlockKind.BODY})


class Block(Value, frozen=True):
    """A paragraph, a heading, an item of a list or a line of plain text, and what it is."""

    place: Span
    kind: BlockKind


class Control(Value, frozen=True):
    """A character of the text that a reader does not see or that moves what is seen: where it stands and its name."""

    at: int
    name: str


class Page(Value, frozen=True):
    """A page or a text as read: its visible text, its blocks in order, and what it prints of itself."""

    text: str
    blocks: tuple[Block, ...]
    language: Language | None = None
    published: date | None = None
    """The day that the page prints for itself, or the day of an officer's date-time group; None where none is."""
    outlet: Span | None = None
    agency: Span | None = None
    author: Span | None = None
    """Who signs an officer's report, as printed, with the rank: the one who says "I"; None for any other text."""
    controls: tuple[Control, ...] = ()
    """What shows nothing, or moves what is shown, and is no part of how a word is spelt; the text keeps it."""
    charset: str = "utf-8"
    """By which encoding the bytes were read."""
    unreadable: int = 0
    """How many places were no characters in it; each stands as U+FFFD."""
    cut_at: int | None = None
    """Where the text was cut because it is longer than is read; None where all of it stands here."""


class Sentence(Value, frozen=True):
    """A sentence of a block that tells something."""

    place: Span
    kind: BlockKind
    block: int
    """Which block of the page it stands in, counted from 0."""


_END: Final = re.compile(r"(?<![.!?؟…۔])[.!?؟…۔]++(?:[\"'»”’)\]]|\s»)*(?=\s)")
"""Tried once for each run of signs, from its first: a run that ends no sentence is not tried again from within."""
_SHORT: Final = re.compile(
    r"(?:\b(?:[^\W\d_]|mm?|mme|mlle|dr|pr|st|ste|mr|mrs|ms|gen|col|capt|lt|maj|sgt|no|nos|av|art|env|vs|approx|dept|"
    r"г|гг|ул|им|тыс|млн|руб|стр|см|др|пр|т|е|д|св|обл|р|н|п|к)|№)\.\Z",
    re.IGNORECASE,
)
"""What stands before a full stop that ends no sentence: one letter, or a word that is written short."""
_STOPS: Final = tuple(".!?؟…۔")
_LOOK_BACK: Final = 12


def sentences(page: Page) -> tuple[Sentence, ...]:
    """Return the sentences of the title and the body, in order; together they hold every character but spaces."""
    return tuple(
        Sentence(place=place, kind=block.kind, block=number)
        for number, block in enumerate(page.blocks)
        if block.kind in TELLING
        for place in _cut(page.text, block.place)
    )


def _cut(text: str, block: Span) -> Iterator[Span]:
    start = block.start
    for end in _ends(text, block):
        while start < end and text[start] == " ":
            start += 1
        if start < end:
            yield Span(start, end)
        start = end


def _ends(text: str, block: Span) -> Iterator[int]:
    for stop in _END.finditer(text, block.start, block.end):
        before = text[max(block.start, stop.start() - _LOOK_BACK) : stop.start() + 1]
        lone_stop = stop.group()[0] == "." and stop.group()[1:2] not in _STOPS
        if not (lone_stop and _goes_on(text, before, stop.end(), block.end)):
            yield stop.end()
    yield block.end


def _goes_on(text: str, before: str, at: int, end: int) -> bool:
    """Return whether a full stop ends no sentence: a short word stands before it, or a small letter after it."""
    following = text[at : min(end, at + 2)].lstrip()
    return _SHORT.search(before) is not None or following[:1].islower()
