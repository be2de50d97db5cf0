"""Read a page or a text: its visible text, what each block of it is, and what it prints of itself.

Any bytes give a `Page` or raise `Malformed`. Nothing is run and nothing is fetched; what is beyond a limit is refused,
or the page says where it was cut.
"""

from datetime import date
from typing import Final, Literal, NamedTuple

from quartet.core.faults import Malformed
from quartet.intake.dates import Language
from quartet.intake.pages.controls import controls
from quartet.intake.pages.decoding import decoded, is_text
from quartet.intake.pages.kinds import Told, tell
from quartet.intake.pages.markup import markup
from quartet.intake.pages.officers import report
from quartet.intake.pages.outlet import outlet
from quartet.intake.pages.plain import plain
from quartet.intake.pages.published import published
from quartet.intake.pages.supply import agency
from quartet.intake.pages.tongues import language_of
from quartet.intake.texts import Block, BlockKind, Page, Span

__all__ = ["MAX_BYTES", "Form", "read"]

Form = Literal["html", "txt"]
MAX_BYTES: Final = 16 * 1024 * 1024
"""Bytes of a page that are read at all."""


def read(data: bytes, form: Form, charset: str | None = None) -> Page:
    """Return what some bytes say as a page, or raise `Malformed`; `charset` is what was said of them beside them.

    (1) size, (2) encoding, (3) that it is a text, (4) visible text, (5) the kinds of its blocks, (6) what it prints of
    itself.
    """
    if len(data) > MAX_BYTES:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_BYTES} may be")
    found = decoded(data, charset, form == "html")
    if not is_text(found.text):
        raise Malformed("unreadable-page", "it is no text: open it where it belongs, and paste its words")
    source = markup(found.text) if form == "html" else plain(found.text)
    told = tell(source)
    language = language_of(_telling(told), source.language)
    written = report(told, language) if form == "txt" else None
    prints = _Prints(written.written, author=written.author) if written is not None else _prints(told, language)
    return Page(
        text=source.text,
        blocks=_blocks(told),
        language=language,
        published=prints.published,
        outlet=prints.outlet,
        agency=prints.agency,
        author=prints.author,
        controls=controls(source.text),
        charset=found.charset,
        unreadable=found.unreadable,
        cut_at=source.cut_at,
    )


class _Prints(NamedTuple):
    published: date | None
    outlet: Span | None = None
    agency: Span | None = None
    author: Span | None = None


def _prints(told: Told, language: Language | None) -> _Prints:
    publisher = outlet(told)
    return _Prints(published(told, language), publisher, agency(told, publisher))


def _blocks(told: Told) -> tuple[Block, ...]:
    return tuple(
        Block(place=Span(line.start, line.end), kind=kind) for line, kind in zip(told.lines, told.kinds, strict=True)
    )


def _telling(told: Told) -> str:
    """Return the text whose language is asked for: the title and the body, or all of a page that has none."""
    lines = zip(told.lines, told.kinds, strict=True)
    return "\n".join(told.words(line) for line, kind in lines if kind is BlockKind.BODY) or told.source.text
