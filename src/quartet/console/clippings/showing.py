"""From what was read of an open source to what an officer is shown of it."""

from collections.abc import Callable

from msgspec import structs

from quartet.console.clippings.views import (
    ClippedBlock,
    ClippedControl,
    ClippedCount,
    ClippedDay,
    ClippedEvent,
    ClippedHour,
    ClippedOffer,
    ClippedPlace,
    Clipping,
)
from quartet.intake.events import Hours, Tally, When
from quartet.intake.names.led import unled
from quartet.intake.pages.controls import controls
from quartet.intake.sayings import Doubt, Offer
from quartet.intake.suggestions import Reading, Suggestion
from quartet.intake.texts import Span

Means = Callable[[str], str | None]
"""What this member's officers said that a name means; None where they said nothing."""


def clipping(reading: Reading, means: Means = lambda _: None) -> Clipping:
    """Return a reading as an officer is shown it; `means` is the member's own name for a name, where it has one."""
    page = reading.page
    return Clipping(
        text=page.text,
        language=page.language,
        published=page.published.isoformat() if page.published else None,
        outlet=place_of(page.outlet),
        agency=place_of(page.agency),
        author=place_of(page.author),
        blocks=tuple(ClippedBlock(one.kind.value, at(one.place)) for one in page.blocks),
        controls=tuple(ClippedControl(one.at, one.name) for one in page.controls),
        unreadable=page.unreadable,
        cut_at=page.cut_at,
        events=tuple(named(_event(one), page.text, means) for one in reading.suggestions),
        more=reading.more,
        mentioned=tuple(at(one) for one in reading.mentioned),
    )


def _event(one: Suggestion) -> ClippedEvent:
    happening, saying = one.happening, one.saying
    return ClippedEvent(
        type=happening.type.value,
        polarity=one.polarity.value,
        rule=happening.rule,
        confidence=happening.confidence.value,
        place=at(happening.span),
        also=tuple(at(place) for place in happening.also),
        day=_day(happening.date),
        hour=_hour(happening.time),
        where=place_of(happening.place.span if happening.place else None),
        grid=place_of(happening.grid),
        counts=tuple(_count(count) for count in happening.counts),
        denied_counts=tuple(_count(count) for count in happening.denied_counts),
        speaker=place_of(saying.speaker),
        root=place_of(saying.root),
        relays=tuple(at(relay) for relay in saying.relays),
        unnamed=place_of(saying.unnamed),
        attributed_by=saying.rule.value,
        offered=tuple(_offer(offer) for offer in one.offered),
    )


def _offer(one: Offer) -> ClippedOffer:
    relays = tuple(at(relay) for relay in one.relays)
    return ClippedOffer(one.doubt.value, place_of(one.speaker), place_of(one.root), relays)


def named(one: ClippedEvent, text: str, means: Means) -> ClippedEvent:
    """Return an event with what the member's officers said that its names mean, and the name of its root.

    Who says it is filled in, where only the name was in doubt, and an officer said what that name means.
    """
    offered = tuple(_named_offer(offer, text, means) for offer in one.offered)
    first = offered[0] if offered else None
    if first is not None and first.doubt == Doubt.NAME and first.speaker_means is not None:
        one = structs.replace(one, speaker=first.speaker, relays=first.relays)
        offered = () if first.root is None else (structs.replace(first, doubt=Doubt.ROOT.value, relays=()),)
    speaker, where, root_name = (_words(it, text) for it in (one.speaker, one.where, one.root))
    mine, there, its = (None if name is None else means(name) for name in (speaker, where, root_name))
    return structs.replace(
        one,
        speaker_means=mine,
        where_means=there,
        root_means=its,
        root_named=its or (None if root_name is None else unled(root_name)),
        offered=offered,
    )


def _named_offer(one: ClippedOffer, text: str, means: Means) -> ClippedOffer:
    speaker, root = _words(one.speaker, text), _words(one.root, text)
    its = None if root is None else means(root)
    return structs.replace(
        one,
        speaker_means=None if speaker is None else means(speaker),
        root_means=its,
        root_named=its or (None if root is None else unled(root)),
    )


def _words(place: ClippedPlace | None, text: str) -> str | None:
    return None if place is None else _seen(text[place.start : place.end])


def _seen(words: str) -> str:
    """Return words without the characters that show nothing: with and without them it is one name."""
    hides = {one.at for one in controls(words)}
    return "".join(letter for place, letter in enumerate(words) if place not in hides)


def at(span: Span) -> ClippedPlace:
    """Return a place as an officer's page counts it."""
    return ClippedPlace(span.start, span.end)


def place_of(span: Span | None) -> ClippedPlace | None:
    """Return the same, if there is one."""
    return None if span is None else at(span)


def _day(when: When | None) -> ClippedDay | None:
    if when is None:
        return None
    first, last = (day.isoformat() if day else None for day in (when.first, when.last))
    candidates = tuple(day.isoformat() for day in when.candidates)
    return ClippedDay(first, last, when.precision, at(when.span), when.year_open, candidates)


def _hour(time: Hours | None) -> ClippedHour | None:
    return None if time is None else ClippedHour(time.at, time.until, time.offset_min, at(time.span))


def _count(one: Tally) -> ClippedCount:
    return ClippedCount(one.what.value, one.low, one.high, one.approx, at(one.span))
