"""What an officer is shown of a model's reading: suggestions as those of the rules, and by whom they were made."""

from typing import Final

from msgspec import structs

from quartet.console.clippings.showing import Means, at, clipping, named, place_of
from quartet.console.clippings.views import ClippedEvent, ClippedOffer, Extraction
from quartet.intake.ports import Anchor
from quartet.intake.suggestions import Reading
from quartet.node.assist.assisting import Extracted
from quartet.node.assist.views import made_view

MODEL: Final = "model"
"""The rule, the confidence and the attribution of what a model suggests: nobody measured it."""


def extraction(reading: Reading, extracted: Extracted, means: Means = lambda _: None) -> Extraction:
    """Return a model's suggestions in place of those of the rules, of which nothing else changes."""
    bare = clipping(structs.replace(reading, suggestions=(), more=False))
    found = extracted.anchored
    events = tuple(named(_event(one), bare.text, means) for one in found.claims)
    return Extraction(structs.replace(bare, events=events), made_view(extracted.made), found.dropped)


def _event(one: Anchor) -> ClippedEvent:
    """Return an event as a model tells it; who says it is offered, for nothing but the model binds them."""
    offer = ClippedOffer(MODEL, place_of(one.speaker), place_of(one.root), ())
    return ClippedEvent(
        type=one.type.value,
        polarity=one.polarity.value,
        rule=MODEL,
        confidence=MODEL,
        place=at(one.quote),
        also=(),
        day=None,
        hour=None,
        where=place_of(one.where),
        grid=None,
        counts=(),
        denied_counts=(),
        speaker=None,
        root=None,
        relays=(),
        unnamed=None,
        attributed_by=MODEL,
        offered=(offer,) if one.speaker or one.root else (),
    )
