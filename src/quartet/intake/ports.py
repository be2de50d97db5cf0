"""Ports for a model's help: what goes to one and comes back, and what of its answer is kept.

Nothing here asks a model; who does stands at the edge, behind the gate. A model believes whatever a text tells it, so
that of what it says only quotes count, which stand in the text letter by letter: what does not is dropped, counted, and
never repaired. Its own words reach nobody, but for a translation, which stands beside the original and says what it is.
"""

import math
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Final, Protocol

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.marking import TlpWord
from quartet.intake.events import EventType, Polarity
from quartet.intake.texts import TELLING, Page, Span

MAX_TEXT: Final = 128 * 1024
"""Characters that go to a model at once."""
MAX_CLAIMS: Final = 64
"""As many events as one report may hold."""
MAX_QUOTE: Final = 1_000
"""Characters of a quote: two sentences, not a page in which everything stands somewhere."""
MAX_NAME: Final = 300
MAX_LOOKS: Final = 200
"""Places at which words of a claim are looked at: a text in which they stand more often anchors nothing by them."""
MAX_TEXTS: Final = 64
MAX_DIMENSIONS: Final = 16_384
LONGER: Final = 8
"""How many times as long as its original a translation may be, and `MAX_NAME` beyond that."""
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Vector = tuple[float, ...]
Sending = Callable[[], None]
"""Called at the moment in which a text is sent, before a byte of it is: it raises where the text may not go."""


class Given(Value, frozen=True):
    """A text as it goes to a model, and its label, which goes along."""

    text: str
    tlp: TlpWord


class Claim(Value, frozen=True):
    """An event as a model says that a text tells it: the words that tell it, and in them who says so and where."""

    type: EventType
    polarity: Polarity
    quote: Annotated[str, Meta(min_length=1, max_length=MAX_QUOTE)]
    speaker: Name | None = None
    root: Name | None = None
    where: Name | None = None


class Anchor(Value, frozen=True):
    """A claim whose every quote stands in the text, and where."""

    type: EventType
    polarity: Polarity
    quote: Span
    speaker: Span | None = None
    root: Span | None = None
    where: Span | None = None


class Anchored(Value, frozen=True):
    """What of a model's claims was kept, in the order of the text, and how many were not."""

    claims: tuple[Anchor, ...]
    dropped: int


class Translator(Protocol):
    """Says a text in another language."""

    @property
    def model(self) -> str:
        """What is asked, as it is named to who reads the answer."""

    async def translate(self, given: Given, to: str, sending: Sending) -> str:
        """Return the text in a language (`fr`); raise `Malformed`, `Unavailable`, or what `sending` raises."""


class Extractor(Protocol):
    """Says which events a text tells."""

    @property
    def model(self) -> str:
        """What is asked, as it is named to who reads the answer."""

    async def extract(self, given: Given, sending: Sending) -> tuple[Claim, ...]:
        """Return what a text claims, none of it checked; raise as `Translator.translate`."""


class Embedder(Protocol):
    """Places texts so that those of like meaning lie near each other."""

    @property
    def model(self) -> str:
        """What is asked, as it is named to who reads the answer."""

    async def embed(self, given: tuple[Given, ...], sending: Sending) -> tuple[Vector, ...]:
        """Return a vector of unit length for each text, in their order; raise as `Translator.translate`."""


def sendable(text: str) -> str:
    """Return a text that a model can be asked about; raise `Malformed("no-text")` or `Malformed("too-large")`."""
    if not text.strip():
        raise Malformed("no-text", "there are no words in it")
    if len(text) > MAX_TEXT:
        raise Malformed("too-large", f"{len(text)} characters where a model is asked about {MAX_TEXT} at most")
    return text


def told(page: Page) -> str:
    """Return of a page what tells something, as it goes to a model: menus, captions and comments do not."""
    return "\n\n".join(block.place.of(page.text) for block in page.blocks if block.kind in TELLING)


def beside(original: str, said: str) -> str:
    """Return a translation as it may stand beside its original; raise `Malformed("odd-model-answer")` if it cannot."""
    if not said.strip():
        raise odd("it says nothing")
    if len(said) > LONGER * len(original) + MAX_NAME:
        raise odd(f"{len(said)} characters for {len(original)}")
    if "\x00" in said or any("\ud800" <= letter <= "\udfff" for letter in said):
        raise odd("it holds what is no text")
    return said


def anchored(claims: Iterable[Claim], page: Page) -> Anchored:
    """Return the claims whose every quote stands in what a page tells; the others are counted, and nothing is mended.

    The quote stands in one paragraph or title; speaker, root and place stand in the quote, as whole words.
    """
    blocks = [block.place for block in page.blocks if block.kind in TELLING]
    starts = [block.start for block in blocks]
    given = tuple(claims)
    found = [_anchor(one, page.text, blocks, starts) for one in given[:MAX_CLAIMS]]
    kept = {one: None for one in found if one is not None}
    return Anchored(tuple(sorted(kept, key=lambda one: one.quote)), len(given) - len(kept))


def unit(vector: Iterable[float]) -> Vector:
    """Return a vector scaled to length 1; raise `Malformed("odd-model-answer")` for one that has no direction."""
    found = tuple(vector)
    length = math.hypot(*found) if 0 < len(found) <= MAX_DIMENSIONS else 0.0
    if not math.isfinite(length) or length < sys.float_info.min:  # below it lengths are no numbers of their kind
        raise odd("a vector without a direction")
    return tuple(one / length for one in found)


def odd(detail: str) -> Malformed:
    """Return the fault of an answer that is none; the detail is ours, and quotes nothing of it."""
    return Malformed("odd-model-answer", detail)


def _anchor(claim: Claim, text: str, blocks: list[Span], starts: list[int]) -> Anchor | None:
    """Return where a claim stands: at its first place in the text; None where any of its quotes stands nowhere."""
    for quote in _quotes(claim.quote, text, blocks, starts):
        names = [_within(name, text, quote) for name in (claim.speaker, claim.root, claim.where)]
        if all((name is None) == (place is None) for name, place in zip(_names(claim), names, strict=True)):
            return Anchor(claim.type, claim.polarity, quote, *names)
    return None


def _names(claim: Claim) -> tuple[str | None, str | None, str | None]:
    return claim.speaker, claim.root, claim.where


def _quotes(words: str, text: str, blocks: list[Span], starts: list[int]) -> Iterator[Span]:
    """Yield where words stand as whole words, the first place in each block."""
    seen = -1
    for place in _places(words, text, Span(0, len(text))):
        at = bisect_right(starts, place.start) - 1
        if at > seen and blocks[at].holds(place):
            seen = at
            yield place


def _within(words: str | None, text: str, place: Span) -> Span | None:
    """Return where words first stand in a place of a text as whole words; None where they do not."""
    return None if words is None else next(_places(words, text, place), None)


def _places(words: str, text: str, place: Span) -> Iterator[Span]:
    """Yield where words stand in a place of a text as whole words, of the first `MAX_LOOKS` places where they stand."""
    at = place.start
    for _ in range(MAX_LOOKS if words and words == words.strip() else 0):
        at = text.find(words, at, place.end)
        if at < 0:
            return
        end = at + len(words)
        if not (_joined(text, at) or _joined(text, end)):
            yield Span(at, end)
        at = end


def _joined(text: str, at: int) -> bool:
    """Return whether a place lies inside a word, or between a letter and its mark."""
    inside = 0 < at < len(text)
    return inside and (
        _is_mark(text[at]) or (text[at].isalnum() and (text[at - 1].isalnum() or _is_mark(text[at - 1])))
    )


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"
