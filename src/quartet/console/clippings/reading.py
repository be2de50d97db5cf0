"""Have an open source read that an officer brought: its text, what it tells, who says it, as suggestions.

Nothing is fetched, for that would tell its site of the interest; and what comes back is checked before it is believed
to be a reading, for a page may have broken the process that read it.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from quartet.console.clippings.worker import REFUSED, Known
from quartet.console.confined import Confined
from quartet.core.faults import Malformed, Unavailable
from quartet.intake.pages import Form
from quartet.intake.pages.controls import MAX_CONTROLS
from quartet.intake.pages.lines import MAX_LINES, MAX_TEXT
from quartet.intake.sayings import MAX_OFFERS
from quartet.intake.suggestions import MAX_MENTIONED, MAX_SUGGESTIONS, Reading, Suggestion
from quartet.intake.texts import Span

WORKER: Final = Path(__file__).with_name("worker.py")
MAX_READING: Final = 8 * 1024**2
"""Bytes of what is said of a page: of each letter of its text six at most, of each block sixty, and what it tells."""
PATIENCE_S: Final = 60.0
MAX_CHARSET: Final = 40
MAX_DETAIL: Final = 300


class Clippings:
    """Reads open sources for officers, few at a time."""

    def __init__(self) -> None:
        self._confined = Confined()

    async def read(self, data: bytes, form: Form, charset: str | None, officer: str, today: date) -> Reading:
        """Return what a source tells; one at a time for each officer.

        Raise `Malformed` as `quartet.intake.pages.read` does, or `Unavailable("reading-failed")` where it took more
        memory or time than it may, or what came back is no reading.
        """
        if charset is not None and (len(charset) > MAX_CHARSET or not charset.isascii()):
            raise Malformed("bad-charset", f"{charset[:MAX_CHARSET]!r} is the name of no encoding")
        line = msgspec.json.encode(Known(form, today, charset)) + b"\n"
        code, out = await self._confined.run(WORKER, _given(line, data), officer, MAX_READING, PATIENCE_S)
        if code == REFUSED:
            reason, _, detail = out.decode("utf-8", "replace").partition("\n")
            raise Malformed(reason if reason == "too-large" else "unreadable-page", detail[:MAX_DETAIL])
        if code != 0 or len(out) > MAX_READING:
            raise _failed()
        return _checked(out)


async def _given(line: bytes, data: bytes) -> AsyncIterator[bytes]:
    yield line
    yield data


def _checked(out: bytes) -> Reading:
    try:
        found = msgspec.json.decode(out, type=Reading)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _failed() from error
    size = len(found.page.text)
    if size > MAX_TEXT or len(found.suggestions) > MAX_SUGGESTIONS or len(found.mentioned) > MAX_MENTIONED:
        raise _failed()
    if len(found.page.blocks) > MAX_LINES or len(found.page.controls) > MAX_CONTROLS:
        raise _failed()
    if any(len(one.offered) > MAX_OFFERS for one in found.suggestions):
        raise _failed()
    if any(not 0 <= one.start <= one.end <= size for one in _places(found)):
        raise _failed()
    return found


def _places(reading: Reading) -> Iterator[Span]:
    """Yield every place that a reading names."""
    page = reading.page
    yield from (one.place for one in page.blocks)
    yield from _some(page.outlet, page.agency, page.author)
    yield from reading.mentioned
    for one in reading.suggestions:
        yield from _of(one)


def _of(one: Suggestion) -> Iterator[Span]:
    happening, saying = one.happening, one.saying
    yield from (happening.span, happening.cue, *happening.also, saying.span, *saying.relays)
    yield from (span for offer in one.offered for span in (*offer.relays, *_some(offer.speaker, offer.root)))
    yield from _some(happening.grid, saying.speaker, saying.root, saying.unnamed)
    yield from (field.span for field in (happening.date, happening.time, happening.place) if field is not None)
    yield from (count.span for count in (*happening.counts, *happening.denied_counts))


def _some(*spans: Span | None) -> Iterator[Span]:
    return (span for span in spans if span is not None)


def _failed() -> Unavailable:
    return Unavailable("reading-failed", "reading it took more than it may; take only the part of it that matters")
