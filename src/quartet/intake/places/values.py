"""Places, what they are called, and whose word that is."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.intake.dates import Language

MAX_BOOK: Final = 128 * 2**20
"""Bytes of a book of places."""
MAX_PLACES: Final = 500_000
MAX_NAMES: Final = 64
"""Names of one place that are kept."""
MAX_LETTERS: Final = 200
"""Letters of one name."""
FORMAT: Final = 1

PlaceName = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LETTERS)]
CountryCode = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]


class Kind(StrEnum):
    """What a place is."""

    COUNTRY = "country"
    SUBDIVISION = "subdivision"
    CITY = "city"
    OWN = "own"
    """A place of the member's own file, whatever it is."""


class Name(Value, frozen=True):
    """What a place is called, and in which language where that is known."""

    text: PlaceName
    language: Language | None = None


class Place(Value, frozen=True, omit_defaults=True):
    """A place, as one source knows it. Places are never merged, not even of one name."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    kind: Kind
    names: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=MAX_NAMES)]
    source: Annotated[int, msgspec.Meta(ge=0)]
    """Which of the book's sources it is from, counted from 0."""
    country: CountryCode | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    """Latitude in degrees (WGS 84)."""
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    """Longitude in degrees (WGS 84)."""
    population: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How many live there; 0 where it is not known."""


class Source(Value, frozen=True):
    """Where places are from, and under which licence they may be used."""

    name: str
    version: str
    licence: str
    credit: str = ""
    """Who is to be named with the data."""
    places: int = 0


class Book(Value, frozen=True):
    """A book of places: what a member's node knows of them."""

    sources: tuple[Source, ...] = ()
    places: Annotated[tuple[Place, ...], msgspec.Meta(max_length=MAX_PLACES)] = ()
    format: int = FORMAT


_DECODER: Final = msgspec.json.Decoder(Book)


def read_book(data: bytes) -> Book:
    """Return the book that a file holds, or raise `Malformed`; nothing else escapes."""
    if len(data) > MAX_BOOK:
        raise Malformed("too-large", f"{len(data)} bytes of places where {MAX_BOOK} may be")
    try:
        book = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("bad-places", str(error)[:200]) from error
    if book.format != FORMAT or any(one.source >= len(book.sources) for one in book.places):
        raise Malformed("bad-places", f"format {book.format}, or a place of no source")
    return book


def joined(book: Book, source: Source, places: tuple[Place, ...]) -> Book:
    """Return a book with the places of one more source, in place of those that it had of a source of that name."""
    kept = [at for at, one in enumerate(book.sources) if one.name != source.name]
    moved = {old: new for new, old in enumerate(kept)}
    before = [msgspec.structs.replace(one, source=moved[one.source]) for one in book.places if one.source in moved]
    added = [msgspec.structs.replace(one, source=len(kept)) for one in places]
    if len(before) + len(added) > MAX_PLACES:
        raise Malformed("too-many-places", f"{len(before) + len(added)} where {MAX_PLACES} may be")
    named = msgspec.structs.replace(source, places=len(added))
    return Book(sources=(*(book.sources[at] for at in kept), named), places=(*before, *added))
