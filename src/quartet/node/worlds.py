"""Which tracks are of an exercise and which are so: two worlds, and nothing of one counts in the other.

It is by how a feed is marked now, so also of a time that is past: what turned out to be a drill was one.
"""

from typing import NamedTuple

from quartet.core.facts import Facts
from quartet.core.ids import SECOND, ControlId, ItemId
from quartet.node.holdings import Holdings
from quartet.node.inforce import drilling, drills
from quartet.node.pieces import Piece, Place


class _Known(NamedTuple):
    """By what the answers were given, in which second; they are good for no other."""

    facts: Facts
    second: int
    places: dict[tuple[ControlId, ...], bool]
    items: dict[str, bool]


class Worlds:
    """Answers of which world tracks are; from any thread."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._known = _Known(holdings.facts, -1, {}, {})

    def drills(self, place: Place, piece: Piece) -> bool:
        """Return whether what lies at a place is of an exercise, by all of the controls that it is under."""
        known, controls = self._now(), place[1]
        found = known.places.get(controls)
        if found is None:
            governing = (one for segment in piece[1][:1] for one in segment.controls)
            found = known.places[controls] = drilling(governing, known.facts, self._holdings.clock.now())
        return found

    def is_drill(self, item: str) -> bool:
        """Return whether a feed, or what is said, is of an exercise, as far as it is held."""
        known = self._now()
        found = known.items.get(item)
        if found is None:
            held = self._holdings.verified(ItemId(item))
            now = self._holdings.clock.now()
            found = known.items[item] = held is not None and drills(held, known.facts, now)
        return found

    def _now(self) -> _Known:
        known, facts, second = self._known, self._holdings.facts, self._holdings.clock.now() // SECOND
        if known.facts is not facts or known.second != second:
            known = self._known = _Known(facts, second, {}, {})
        return known
