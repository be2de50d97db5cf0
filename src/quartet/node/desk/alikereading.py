"""What the events of reports say, read so that they can be compared.

What an officer typed of an event is read as a page of one sentence. What she typed in a field of its own, when and
where and how many, comes before what the sentence says.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from msgspec import structs

from quartet.core.ids import SECOND, Micros
from quartet.desk import Said
from quartet.desk.report import Report, ReportedEvent
from quartet.intake.alike import Days, Figure, Told
from quartet.intake.alike.reading import days, figure
from quartet.intake.dates import LANGUAGES
from quartet.intake.events import EventType, Happening, Polarity, What, happenings
from quartet.intake.pages import read
from quartet.intake.texts import Page

MAX_PLACES: Final = 3
_GRID: Final = 6
"""Digits from which on a part of a place is a grid reference or a position."""


def events_of(said: Said[Report]) -> tuple[Told, ...]:
    """Return the events of a report of which is known of what type they are; others are not compared."""
    read_all = (_told(said, number, event) for number, event in enumerate(said.form.events))
    return tuple(one for one in read_all if one is not None)


def number_of(told: Told) -> int:
    """Return which event of its report one is, from 0."""
    return int(told.key.rpartition("#")[2])


def _told(said: Said[Report], number: int, event: ReportedEvent) -> Told | None:
    kind, text = _typed(event.what)
    one = _happening(text, kind)
    if kind is None and one is None:
        return None
    found = structs.replace(
        Told(f"{said.id}#{number:02}", said.id, kind or EventType.OTHER, Polarity(event.polarity.lower())),
        type=kind or (one[1].type if one else EventType.OTHER),
        days=_days(event) or (days(one[1]) if one else None),
        published=_day(Micros(said.at)),
        blinded=event.roots,
        words=f"{event.what} {event.where}",
    )
    return _placed(found, event, one)


def _placed(found: Told, event: ReportedEvent, one: tuple[Page, Happening] | None) -> Told:
    """Return an event with where it was and how many were counted."""
    parts = [part.strip() for part in event.where.replace("،", ",").split(",")]
    grid = next((part for part in parts if _is_grid(part)), "")
    places = tuple(part for part in parts if part and not _is_grid(part))[:MAX_PLACES]
    figures = tuple(Figure(What(c.of), c.least, c.most) for c in event.counts if c.of in set(What))
    if one is not None:
        page, told = one
        where = told.place
        places = places or ((where.span.of(page.text),) if where and where.named else ())
        grid = grid or (told.grid.of(page.text) if told.grid else "")
        figures = figures or tuple(map(figure, told.counts))
    return structs.replace(found, places=places, grid=grid, figures=figures)


def _typed(what: str) -> tuple[EventType | None, str]:
    """Return the type that stands before what happened, as intake writes it, and the rest."""
    word, colon, rest = what.partition(":")
    kind = word.strip().casefold()
    return (EventType(kind), rest.strip()) if colon and kind in set(EventType) else (None, what)


def _happening(text: str, kind: EventType | None) -> tuple[Page, Happening] | None:
    """Return the first event that a sentence tells, of a type if that is known; where its language is not, of any."""
    page = read(text.encode(), "txt")
    tongues: Iterable[Page] = (structs.replace(page, language=one) for one in LANGUAGES)
    for one in (page,) if page.language is not None else tongues:
        found = [(one, told) for told in happenings(one) if kind is None or told.type is kind]
        if found:
            return found[0]
    return None


def _days(event: ReportedEvent) -> Days | None:
    times = [time for time in (event.since, event.until) if time is not None]
    return Days(_day(Micros(times[0])), _day(Micros(times[-1]))) if times else None


def _day(at: Micros) -> date:
    return datetime.fromtimestamp(at // SECOND, UTC).date()


def _is_grid(part: str) -> bool:
    return sum(map(str.isdecimal, part)) >= _GRID
