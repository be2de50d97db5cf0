"""The form of a report: what happened, where, when, how it is known, and from whom it was known first.

Reliability and credibility are what the officer judges. Credibility 1, confirmed by other sources, is never typed: it
is computed from distinct roots (`corroboration.py`).
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import HASH_PATTERN, CountField, Micros, TimeField
from quartet.desk.naming import Item

MAX_EVENTS: Final = 64

Root = Annotated[str, Meta(pattern=HASH_PATTERN)]
"""Who knew it first, blinded by a key of the circle: a source has one id there, and nobody learns which it is."""
Line = Annotated[str, Meta(max_length=1024)]
How = Literal["SAW", "HEARD", "CAMERA", "RADAR", "INSTRUMENT", "TOLD", "PUBLISHED"]
Polarity = Literal["ASSERTS", "DENIES", "UNCLEAR"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, Meta(ge=2, le=6)]


class Counted(Value, frozen=True):
    """How many of something: a range, for nobody counts exactly; `most` is None where nobody knows a limit."""

    of: Line
    least: CountField
    most: CountField | None = None


class ReportedEvent(Value, frozen=True):
    """One thing in a report. Its roots are those of this event: a report may have others for another."""

    what: Line
    how: How
    polarity: Polarity
    reliability: Reliability
    credibility: Credibility
    where: Line = ""
    since: TimeField | None = None
    until: TimeField | None = None
    counts: Annotated[tuple[Counted, ...], Meta(max_length=16)] = ()
    roots: Annotated[tuple[Root, ...], Meta(max_length=16)] = ()


class Report(Value, frozen=True):
    """The form of a `report` item, version 2: its events; the text says the rest."""

    events: Annotated[tuple[ReportedEvent, ...], Meta(min_length=1, max_length=MAX_EVENTS)]


class EventRef(Value, frozen=True, order=True):
    """Names one event: the report, and its number in it, from 0."""

    report: Item
    number: Annotated[int, Meta(ge=0, lt=MAX_EVENTS)]


class SameAs(Value, frozen=True):
    """The form of a `same-as` item: somebody says, under her name, that these events are one; no name merges them."""

    events: Annotated[tuple[EventRef, ...], Meta(min_length=2, max_length=MAX_EVENTS)]


class Independent(Value, frozen=True):
    """The form of an `independent` item: a reviewer says that none of these roots has it from another of them."""

    roots: Annotated[tuple[Root, ...], Meta(min_length=2, max_length=64)]


def check_report(report: Report, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for an event that ends before it begins, or a range that is upside down."""
    for number, event in enumerate(report.events):
        if event.since is not None and event.until is not None and event.until < event.since:
            raise Malformed("bad-form", f"events[{number}].until: it would end before it begins")
        if any(one.most is not None and one.most < one.least for one in event.counts):
            raise Malformed("bad-form", f"events[{number}].counts: at most less than at least")
