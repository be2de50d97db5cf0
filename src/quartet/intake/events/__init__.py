"""Find what a page tells that happened: what, when, where, how many, and whether the text says so or denies it.

Rules and lists of words for each language, no guess: a field that is not told is None, and what is asked, feared,
planned, practised or remembered is no event. Who says it is not said here; each clause has its place for that.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from quartet.intake.events.joining import Page as _Gathered
from quartet.intake.events.moments import Known
from quartet.intake.events.telling import Sentence as _Sentence
from quartet.intake.events.values import (
    Confidence,
    EventType,
    Happening,
    Hours,
    Polarity,
    Tally,
    What,
    When,
    Where,
)
from quartet.intake.texts import BlockKind, Page, Span, sentences

__all__ = [
    "Confidence",
    "EventType",
    "Happening",
    "Hours",
    "Polarity",
    "Tally",
    "What",
    "When",
    "Where",
    "happenings",
]
MAX_SENTENCE: Final = 4_000
"""Characters of a sentence that are read together; a longer one is read in pieces, of which none is left out."""
FOLLOWS: Final = 2
"""Within how many sentences figures are taken to be of the event before them."""


def happenings(page: Page, *, today: date | None = None) -> tuple[Happening, ...]:
    """Return what the title and the body of a page of a known language tell, one entry for each event and polarity.

    `today` bounds the days that an open year may mean; without it none are listed. A page whose language is not known
    tells nothing.
    """
    if page.language is None:
        return ()
    known = Known(page.language, page.published, today)
    gathered = _Gathered(page.text)
    since = FOLLOWS + 1
    for span, title in _pieces(page):
        told = _Sentence(page.text, span, known, title=title, before=gathered.last()).told()
        for one in told.own:
            if title:
                gathered.title(one)
            else:
                gathered.tell(one)
        since = 0 if told.own and not title else since + 1
        if told.sequel is not None and not title:
            gathered.add(told.sequel, near=since <= FOLLOWS)
            since = min(since, FOLLOWS - 1) if since <= FOLLOWS else since
    return gathered.events()


def _pieces(page: Page) -> Iterator[tuple[Span, bool]]:
    """Yield the sentences, the long ones in pieces that end with a word, and whether each is of a title."""
    for sentence in sentences(page):
        title, start, end = sentence.kind is BlockKind.TITLE, sentence.place.start, sentence.place.end
        while end - start > MAX_SENTENCE:
            cut = page.text.rfind(" ", start + 1, start + MAX_SENTENCE)
            cut = start + MAX_SENTENCE if cut < 0 else cut
            yield Span(start, cut), title
            start = cut + (page.text[cut] == " ")
        yield Span(start, end), title
