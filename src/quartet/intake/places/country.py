"""Which country a found place is in, where the text or the name says it; a blank rather than a guess.

(1) A country is in itself. (2) A country, or a part of one, that is named beside the name decides; one that no place of
the name is in leaves it open. (3) A city that all know is where all know it. (4) Where every place of the name is in
one country, and the text names that country and no other, it is that.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.intake.places.values import Kind, Place
from quartet.intake.places.words import Around, spelt
from quartet.intake.texts import Span

WELL_KNOWN: Final = 500_000
"""How many must live in a city that is known by its name alone, though others far away may have that name too."""
ABOVE: Final = 20
"""How many times as many as in any other place of that name in another country."""
KNOWN: Final = 150_000
"""How many, where no place of that name in another country is known."""
_FAR: Final = 16
"""Letters between a name and the country beside it."""
_SIGNS: Final = " ,،(-–—'’"


class By(StrEnum):
    """What says in which country a place is."""

    ITSELF = "itself"
    """It is a country."""
    BESIDE = "beside"
    """The country is named beside it."""
    WELL_KNOWN = "well-known"
    """It is a large city, and no other place of that name comes near."""
    TEXT = "text"
    """Every place of that name is in the one country that the text names."""


class Hit(NamedTuple):
    """Where a name stands, and every place of that name."""

    span: Span
    meanings: tuple[Place, ...]


class Found(Value, frozen=True):
    """A name of a place in a text, and what it may mean."""

    place: Span
    words: str
    meanings: tuple[Place, ...]
    """Every known place of that name; an officer says which it is."""
    country: str | None = None
    """ISO 3166 code, where the text or the name says it; never guessed."""
    by: By | None = None


def told(text: str, hits: Sequence[Hit], words: Around) -> tuple[Found, ...]:
    """Return what was found with the countries that are told."""
    named = {code for hit in hits if (code := _itself(hit)) is not None}
    found = []
    for at, hit in enumerate(hits):
        country, by = _country(text, hits, at, words, named)
        found.append(Found(place=hit.span, words=hit.span.of(text), meanings=hit.meanings, country=country, by=by))
    return tuple(found)


def _country(
    text: str, hits: Sequence[Hit], at: int, words: Around, named: set[str]
) -> tuple[str, By] | tuple[None, None]:
    hit = hits[at]
    beside = _beside(text, hits, at, words)
    if (own := _itself(hit)) is not None:
        return (None, None) if any(other.divided and other.code != own for other in beside) else (own, By.ITSELF)
    possible = {place.country for place in hit.meanings if place.country is not None}
    if beside:
        agreed = {other.code for other in beside} & possible
        return (agreed.pop(), By.BESIDE) if len(agreed) == 1 else (None, None)
    if (known := _well_known(hit.meanings)) is not None:
        return known, By.WELL_KNOWN
    if len(possible) == 1 and possible == named and all(place.country for place in hit.meanings):
        return next(iter(named)), By.TEXT
    return None, None


def _itself(hit: Hit) -> str | None:
    """Return the code of a country, if the name is one's; towns that were named after it do not count."""
    codes = {place.country for place in hit.meanings if place.kind is Kind.COUNTRY}
    code = codes.pop() if len(codes) == 1 else None
    towns = (place.kind is Kind.CITY and place.population < KNOWN for place in hit.meanings if place.country != code)
    return code if all(towns) else None


class _Beside(NamedTuple):
    code: str
    divided: bool
    """Whether it is a subdivision that stands there, not the country."""


def _beside(text: str, hits: Sequence[Hit], at: int, words: Around) -> list[_Beside]:
    pairs = [(hits[at], hits[at + 1], hits[at + 1])] if at + 1 < len(hits) else []
    pairs += [(hits[at - 1], hits[at], hits[at - 1])] if at else []
    return [
        told
        for first, second, other in pairs
        if (told := _tells(other)) is not None and _touch(text[first.span.end : second.span.start], words)
    ]


def _tells(other: Hit) -> _Beside | None:
    """Return which country a name tells of what stands beside it: one that is a country's or a subdivision's."""
    if (code := _itself(other)) is not None:
        return _Beside(code, False)
    codes = {place.country for place in other.meanings}
    divided = all(place.kind is Kind.SUBDIVISION for place in other.meanings)
    code = codes.pop() if divided and len(codes) == 1 else None
    return None if code is None else _Beside(code, True)


def _touch(gap: str, words: Around) -> bool:
    """Return whether nothing stands between two names but a sign, or a word like "in"; a space alone says nothing."""
    if gap.isspace() or len(gap) > _FAR or any(sign in gap for sign in ".;:!?؟؛\n"):
        return False
    between = spelt(gap.strip(_SIGNS))
    return not between or (len(between) == 1 and between[0] in words.within)


def _well_known(meanings: Sequence[Place]) -> str | None:
    largest = max(meanings, key=lambda place: (place.population, place.id))
    others = [place for place in meanings if place.country != largest.country]
    if largest.kind is not Kind.CITY or any(place.kind is Kind.OWN for place in others):
        return None
    above = all(place.population * ABOVE <= largest.population for place in others)
    return largest.country if above and largest.population >= (WELL_KNOWN if others else KNOWN) else None
