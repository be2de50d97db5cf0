"""Make of what a page tells what can be compared with what other pages tell."""

from typing import Final

from quartet.intake.alike.values import Days, Figure, Told
from quartet.intake.events import Happening, Tally
from quartet.intake.suggestions import Reading, Suggestion
from quartet.intake.texts import BlockKind, Page

MAX_STATEMENT: Final = 1200
"""Characters of a statement, and of the title before it, in which a place may be named."""


def told(reading: Reading, text: str) -> tuple[Told, ...]:
    """Return the events of a page, made ready to be compared; `text` names the page, and a number each event."""
    title = _title(reading.page)
    return tuple(_told(reading.page, one, text, n, title) for n, one in enumerate(reading.suggestions))


def _told(page: Page, one: Suggestion, text: str, number: int, title: str) -> Told:
    happening = one.happening
    root = next((read.root for read in one.readings if read.root is not None), None)
    said = " ".join(span.of(page.text) for span in (happening.span, *happening.also))
    return Told(
        key=f"{text}#{number:02}",
        text=text,
        type=happening.type,
        polarity=one.polarity,
        days=days(happening),
        published=page.published,
        places=(happening.place.span.of(page.text),) if happening.place and happening.place.named else (),
        grid=happening.grid.of(page.text) if happening.grid else "",
        figures=tuple(figure(count) for count in happening.counts),
        root=root.of(page.text) if root else None,
        words=f"{said[:MAX_STATEMENT]} {title}",
    )


def days(happening: Happening) -> Days | None:
    """Return the days of an event; None where none is told."""
    when = happening.date
    return None if when is None else Days(when.first, when.last, when.candidates)


def figure(count: Tally) -> Figure:
    """Return how many of what."""
    return Figure(count.what, count.low, count.high, count.approx)


def _title(page: Page) -> str:
    title = next((one.place.of(page.text) for one in page.blocks if one.kind is BlockKind.TITLE), "")
    return title[:MAX_STATEMENT]
