"""Find what a page tells that happened: what, when, where, how many, and whether the text says so or denies it.

Rules and lists of words for each language, no guess: a field that is not told is None, and what is asked, feared,
planned, practised or remembered is no event. Who says it is not said here; each clause has its place for that.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from quartet.core.encoding import Value
from quartet.intake.dates import find
from quartet.intake.events.joining import Gathered
from quartet.intake.events.moments import Known
from quartet.intake.events.tellers import Teller, Whose, nobody
from quartet.intake.events.telling import Sentence
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
    "MAX_READ",
    "Account",
    "Confidence",
    "EventType",
    "Happening",
    "Hours",
    "Polarity",
    "Tally",
    "Teller",
    "What",
    "When",
    "Where",
    "account",
    "happenings",
]
MAX_SENTENCE: Final = 4_000
"""Characters of a sentence that are read together; a longer one is read in pieces, of which none is left out."""
MAX_READ: Final = 500_000
"""Characters of title and body that are read: half a minute at the worst, a hundred times the longest article."""
_HEADER: Final = 20
"""Among how many blocks a report's date-time group is looked for."""
_LONGEST_HEADER: Final = 200
FOLLOWS: Final = 2
"""Within how many sentences figures are taken to be of the event before them."""


class Account(Value, frozen=True):
    """What a page tells, and what stands behind `MAX_READ` characters of it and was not read."""

    happenings: tuple[Happening, ...]
    unread: Span | None = None


def happenings(page: Page, *, today: date | None = None, whose: Whose = nobody) -> tuple[Happening, ...]:
    """Return what the title and the body of a page of a known language tell, one entry for each event and polarity.

    `today` bounds the days that an open year may mean; without it none are listed. `whose` says who tells what stands
    at a place: what two tell is two events, and each has only its own. A page whose language is not known tells
    nothing. Of a page longer than `MAX_READ` only the beginning is read: `account` says so.
    """
    return account(page, today=today, whose=whose).happenings


def account(page: Page, *, today: date | None = None, whose: Whose = nobody) -> Account:
    """Return what a page tells as `happenings` does, and what of it was not read."""
    gathered, since, read, unread = Gathered(page.text, page.language, whose), FOLLOWS + 1, 0, None
    known = None if page.language is None else Known(page.language, page.published, today, _written(page))
    for span, title in _pieces(page) if known is not None else ():
        read += span.end - span.start
        if read > MAX_READ:
            unread = Span(span.start, len(page.text))
            break
        assert known is not None
        since = _take(gathered, page, span, known, title=title, since=since)
    return Account(gathered.events(), unread)


def _written(page: Page) -> tuple[datetime, int] | None:
    """Return when an officer's report was written: the date-time group over it, if that is the day of the page."""
    if page.outlet is not None or page.published is None or page.language is None:
        return None
    for block in page.blocks[:_HEADER]:
        if block.kind is not BlockKind.BYLINE or block.place.end - block.place.start > _LONGEST_HEADER:
            continue
        for one in find(block.place.of(page.text), page.language):
            if one.rule == "date-time-group" and one.readings:
                first = one.readings[0]
                mine = first.first.date() == page.published and first.offset_min is not None
                return (first.first, first.offset_min or 0) if mine else None
    return None


def _take(gathered: Gathered, page: Page, span: Span, known: Known, *, title: bool, since: int) -> int:
    """Take what one sentence tells; return how many sentences ago the last event was."""
    told = Sentence(page.text, span, known, title=title, before=gathered.last()).told()
    for draft in told.own:
        if title:
            gathered.title(draft)
        else:
            gathered.tell(draft)
    since = 0 if told.own and not title else since + 1
    if told.sequel is None or title:
        return since
    gathered.add(told.sequel, near=since <= FOLLOWS)
    return min(since, FOLLOWS - 1) if since <= FOLLOWS else since


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
