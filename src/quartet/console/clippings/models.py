"""What an officer is shown of a model's reading: suggestions as those of the rules, and by whom they were made."""

from typing import Final

from msgspec import structs

from quartet.console.clippings.views import ClippedEvent, ClippedPlace, Clipping, clipping
from quartet.core.encoding import Value
from quartet.intake.ports import Anchor
from quartet.intake.suggestions import Reading
from quartet.intake.texts import Span
from quartet.node.assist.assisting import Extracted
from quartet.node.assist.views import Made, made_view

MODEL: Final = "model"
"""The rule, the confidence and the attribution of what a model suggests: nobody measured it."""


class Extraction(Value, frozen=True):
    """An open source as a model read it: each word of a suggestion stands in the text, at its place.

    `dropped` counts what the model said and the text does not.
    """

    clipping: Clipping
    made: Made
    dropped: int


def extraction(reading: Reading, extracted: Extracted) -> Extraction:
    """Return a model's suggestions in place of those of the rules, of which nothing else changes."""
    bare = clipping(structs.replace(reading, suggestions=(), more=False))
    found = extracted.anchored
    events = tuple(_event(one) for one in found.claims)
    return Extraction(structs.replace(bare, events=events), made_view(extracted.made), found.dropped)


def _event(one: Anchor) -> ClippedEvent:
    return ClippedEvent(
        type=one.type.value,
        polarity=one.polarity.value,
        rule=MODEL,
        confidence=MODEL,
        place=_at(one.quote),
        also=(),
        day=None,
        hour=None,
        where=_place(one.where),
        grid=None,
        counts=(),
        denied_counts=(),
        speaker=_place(one.speaker),
        root=_place(one.root),
        relays=(),
        unnamed=None,
        attributed_by=MODEL,
    )


def _at(span: Span) -> ClippedPlace:
    return ClippedPlace(span.start, span.end)


def _place(span: Span | None) -> ClippedPlace | None:
    return None if span is None else _at(span)
