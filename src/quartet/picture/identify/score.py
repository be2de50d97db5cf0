"""From bases to a category: identified by at least five points from at least two independent bases.

The points are those of the page (PICTURE, "Identification"); what is shown is the bases, never the number. A conflict
about who it is holds the category at PENDING, whatever the bases say.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from quartet.core.category import Basis, Category

POINTS: Final[Mapping[Basis, int]] = {
    "PLAN": 3,
    "CODE": 3,
    "ADDRESS": 2,
    "FLIGHT_ID": 2,
    "ATC": 4,
    "HANDOVER": 3,
    "ORIGIN": 1,
    "KINEMATICS": 1,
    "PERSON": 0,
}
"""What each basis is worth; a person's word is none of them: it stands beside, with her name and reason."""
ENOUGH: Final = 5
WITNESSES: Final = 2

_SPEAKS: Final[Mapping[Basis, str]] = {
    "PLAN": "way",
    "ORIGIN": "way",
    "KINEMATICS": "way",
    "CODE": "transponder",
    "ADDRESS": "transponder",
    "FLIGHT_ID": "transponder",
    "ATC": "control",
    "HANDOVER": "neighbour",
}
"""Who speaks in a basis: all that one transponder answers is one witness, so is where and how the aircraft flies."""


def points(bases: Iterable[Basis]) -> int:
    """Return what bases are worth together, each once."""
    return sum(POINTS[basis] for basis in set(bases))


def witnesses(bases: Iterable[Basis]) -> int:
    """Return how many independent bases these are."""
    return len({_SPEAKS[basis] for basis in bases if basis in _SPEAKS})


def category(bases: Iterable[Basis], named: Category, *, conflict: bool) -> Category:
    """Return `named` where the bases carry it, else PENDING; a conflict caps it at PENDING."""
    given = tuple(bases)
    carried = points(given) >= ENOUGH and witnesses(given) >= WITNESSES
    return named if carried and not conflict else "PENDING"
