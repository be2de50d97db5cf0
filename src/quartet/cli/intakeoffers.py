"""Who may have said what an open source tells: shown as offered, and in a report only where an officer takes it."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from quartet.cli.intakenames import at
from quartet.cli.output import one_line, say
from quartet.console.clippings.views import ClippedEvent, ClippedOffer, Clipping
from quartet.core.faults import Malformed

WHY: Final = {
    "name": "the name may be longer",
    "binding": "another may have said it",
    "page": "the page says so, not the sentence",
    "root": "says it; knew it first?",
    "reading": "stands beside it, no more",
    "model": "a model says so",
}
"""Why an offer is not filled in, in the console's words."""


def take_offers(found: Clipping, given: Sequence[str]) -> Clipping:
    """Return what a text tells with the offers that an officer takes, as `1.2`; raise `Malformed("bad-offer")`."""
    events = list(found.events)
    for said in given:
        number, offer = _chosen(said, found)
        events[number] = _filled(events[number], offer)
    return structs.replace(found, events=tuple(events))


def tell_offers(found: Clipping) -> None:
    """Say who is offered for each event, and how to take one."""
    for number, event in enumerate(found.events, start=1):
        for nth, offer in enumerate(event.offered, start=1):
            option = f"{number}" if nth == 1 else f"{number}.{nth}"
            why = WHY[offer.doubt]
            say(f"{number}: offered: {_named(found, event, offer)} - {why} (take with --offer {option})")


def _chosen(said: str, found: Clipping) -> tuple[int, ClippedOffer]:
    number, _, nth = said.partition(".")
    if number.isdecimal() and 1 <= int(number) <= len(found.events) and (nth or "1").isdecimal():
        offered = found.events[int(number) - 1].offered
        if 1 <= int(nth or 1) <= len(offered):
            return int(number) - 1, offered[int(nth or 1) - 1]
    raise Malformed("bad-offer", f"--offer {said[:40]}: write the number of an event, as 1, or as 1.2 for its second")


def _filled(event: ClippedEvent, offer: ClippedOffer) -> ClippedEvent:
    """Return an event with an offer in what is blank of it."""
    taken: dict[str, object] = {"offered": ()}
    if event.speaker is None:
        taken |= {"speaker": offer.speaker, "speaker_means": offer.speaker_means, "relays": offer.relays}
    if event.root is None:
        taken |= {"root": offer.root, "root_means": offer.root_means, "root_named": offer.root_named}
    return structs.replace(event, **taken)


def _named(found: Clipping, event: ClippedEvent, offer: ClippedOffer) -> str:
    return "; ".join(_parts(found, event, offer))


def _parts(found: Clipping, event: ClippedEvent, offer: ClippedOffer) -> Iterator[str]:
    root = "" if event.root else one_line(at(found, offer.root))
    speaker = "" if event.speaker else one_line(at(found, offer.speaker))
    if root and root == speaker:
        yield root
        return
    if root:
        yield f"{root} knew it first"
    if speaker:
        yield f"{speaker} says it"
    for relay in offer.relays:
        yield f"{one_line(at(found, relay))} passed it on"
