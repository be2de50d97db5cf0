"""Whether an event was at a place that somebody asks for by name: in another script, by another name, as a part of one.

Names are compared as those of events are, and a name that is begun finds what goes on from it. Nothing is concluded of
where a place lies: a village is not found by its country.
"""

from collections.abc import Iterable
from typing import Final

from quartet.core.encoding import Value
from quartet.core.fold import Term, fold, has, term
from quartet.intake.alike.compare import called
from quartet.intake.alike.values import Why
from quartet.intake.alike.words import place

MAX_HEARD: Final = 8
"""Names of one place that are compared by their sound: the one that was asked for, and those that officers said."""
MAX_PARTS: Final = 4
"""Parts between commas of where an event was that are compared."""


class Placed(Value, frozen=True):
    """A place that is asked for: how it may be written, how it may sound, and what a book of places calls it too."""

    written: tuple[Term, ...]
    heard: tuple[str, ...]
    known: frozenset[tuple[str, ...]] = frozenset()


def asked_for(names: Iterable[str], known: Iterable[str] = ()) -> Placed:
    """Return a place by what an officer calls it, and by what a book calls the places of those names."""
    mine = tuple(dict.fromkeys(names))[:MAX_HEARD]
    bare = frozenset(rest for one in known if (rest := place(one).rest))
    return Placed(tuple(one for one in map(term, mine) if one.text), mine, bare)


def is_at(where: str, asked: Placed) -> bool:
    """Return whether an event that was at `where` was at the place that is asked for."""
    if not where:
        return False
    folded = fold(where)
    if any(has(folded, one) for one in asked.written):
        return True
    parts = [part.strip() for part in where.replace("،", ",").split(",")][:MAX_PARTS]
    return any(place(part).rest in asked.known or any(_is_part(part, name) for name in asked.heard) for part in parts)


def _is_part(where: str, name: str) -> bool:
    """Return whether a place is called as the one that is asked for, or has it as a part of its name."""
    why = called(*sorted((name, where)))
    return why is Why.PLACE or (why is Why.PLACE_PART and len(place(name).rest) < len(place(where).rest))
