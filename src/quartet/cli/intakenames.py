"""Names in what an open source tells, put right at the command line, and what is remembered of that if she says so."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

from msgspec import structs

from quartet.cli.client import Client
from quartet.cli.output import complain, one_line, say
from quartet.console.clippings.views import ClippedEvent, ClippedOffer, ClippedPlace, Clipping
from quartet.core.faults import Malformed
from quartet.node.aliasviews import MAX_NAME, AliasPage, Meant

Field = Literal["speaker", "place", "root"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
MAX_ASKED: Final = 16
"""Names of one text of which is asked which of the member's they may be."""


class Correction(NamedTuple):
    """What an officer writes in the place of a name: of which event, counted from 1."""

    number: int
    field: Field
    name: str


def at(found: Clipping, place: ClippedPlace | None) -> str:
    """Return what stands at a place of the text."""
    return "" if place is None else found.text[place.start : place.end]


def corrections(given: dict[Field, list[str] | None], events: int) -> tuple[Correction, ...]:
    """Return what options as `1=Harbour Wire` put right; raise `Malformed("bad-correction")`."""
    return tuple(_correction(field, said, events) for field in FIELDS for said in given[field] or ())


def _correction(field: Field, said: str, events: int) -> Correction:
    number, equals, name = said.partition("=")
    good = number.strip().isdecimal() and 1 <= int(number) <= events
    if not (good and equals and 0 < len(name.strip()) <= MAX_NAME):
        raise Malformed("bad-correction", f"--{field} {said[:40]}: write the number of an event and a name, as 1=NAME")
    return Correction(int(number), field, name.strip())


def put_right(found: Clipping, made: Sequence[Correction]) -> Clipping:
    """Return what a text tells with the names that an officer put right, each as one that the member has for it."""
    events = list(found.events)
    for one in made:
        place, name, named = f"{_field(one.field)}_means", one.name, {}
        if one.field == "root":
            named = {"root_named": name}
        events[one.number - 1] = structs.replace(events[one.number - 1], **{place: name}, **named)
    return structs.replace(found, events=tuple(events))


def remember(client: Client, found: Clipping, made: Sequence[Correction], *, wanted: bool) -> None:
    """Keep what names mean by an officer's corrections, if she wants it; else say how: never unasked."""
    for spelt, means in dict(_meant(found, made)).items():
        if not wanted:
            complain(f"not remembered: {spelt} is {means}; --remember keeps it for all officers of your member")
            continue
        client.post("/aliases", Meant(name=spelt, means=means), AliasPage)
        complain(f"remembered: {spelt} is {means}")


def _meant(found: Clipping, made: Sequence[Correction]) -> Iterator[tuple[str, str]]:
    """Return the text's own words of each name that was put right, and what was put in their place."""
    for one in made:
        event = found.events[one.number - 1]
        spelt = _seen(found, _place(event, one.field))
        known = getattr(event, f"{_field(one.field)}_means")
        if spelt and one.name not in (spelt, known) and not (one.field == "root" and one.name == event.root_named):
            yield spelt, one.name


def tell_likely(client: Client, found: Clipping) -> None:
    """Say which names of the member's those of a text may be that nobody said the meaning of: at most five each."""
    for number, field, spelt in list(_unknown(found))[:MAX_ASKED]:
        page = client.get("/aliases", AliasPage, {"like": spelt[:MAX_NAME]})
        if not page.aliases:
            return
        if page.likely:
            names = ", ".join(one_line(one.name) for one in page.likely)
            say(f"{number}: {one_line(spelt)} may be {names}; if it is: --{field} {number}=NAME")


def _unknown(found: Clipping) -> Iterator[tuple[int, Field, str]]:
    """Return each name of a text once that has no meaning here, with where it stands first."""
    told = set[str]()
    for number, event in enumerate(found.events, start=1):
        for field, one in _named(event):
            spelt = _seen(found, _place(one, field))
            if spelt and spelt not in told and getattr(one, f"{_field(field)}_means") is None:
                told.add(spelt)
                yield number, field, spelt


def _named(event: ClippedEvent) -> Iterator[tuple[Field, ClippedEvent | ClippedOffer]]:
    """Yield each field of an event, and those of what is offered for it."""
    for field in FIELDS:
        yield field, event
        for offer in event.offered if field != "place" else ():
            yield field, offer


def _place(event: ClippedEvent | ClippedOffer, field: Field) -> ClippedPlace | None:
    place: ClippedPlace | None = getattr(event, _field(field))
    return place


def _field(field: Field) -> str:
    """Return how an event calls what the options call a place."""
    return "where" if field == "place" else field


def _seen(found: Clipping, place: ClippedPlace | None) -> str:
    """Return what stands at a place, without the characters that show nothing."""
    if place is None:
        return ""
    hides = {one.at for one in found.controls}
    return "".join(found.text[n] for n in range(place.start, place.end) if n not in hides)
