"""Which tracks a viewer may see: asked of the gate once a beat, for all whom it decides alike.

An answer is good for a beat, and no longer than anything is news: a fact, an item, an act. What a person's name decides
is asked for each person.
"""

from typing import Final, NamedTuple

from quartet.core.facts import Facts
from quartet.core.ids import SECOND, ControlId, ItemId, Micros
from quartet.core.membership import Membership
from quartet.core.release import Viewer, alike
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing

BEAT: Final = SECOND // 4
"""How long an answer is good while nothing is news."""

Controls = tuple[ControlId, ...]


class _Known(NamedTuple):
    """By what the answers were given, and since when."""

    facts: Facts
    membership: Membership
    since: Micros

    def same(self, other: "_Known") -> bool:
        asked = self.facts is other.facts and self.membership is other.membership
        return asked and self.since <= other.since < self.since + BEAT


class Admitting:
    """Answers whether a viewer may see what is under a set of controls."""

    def __init__(self, registry: Registry, holdings: Holdings, seeing: Seeing) -> None:
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._known: _Known | None = None
        self._feeds: dict[Controls, tuple[ItemId, ...]] = {}
        self._answers: dict[tuple[ItemId, Viewer], bool] = {}

    def news(self, _: Verified) -> None:
        """Forget every answer: a new statement may be what they turn on."""
        self._known = None

    def admits(self, controls: Controls, viewer: Viewer, now: Micros) -> bool:
        """Return whether some feed that she may see carries all of these controls.

        No other item counts: a grant for what was made of a feed opens neither the feed nor its tracks.
        """
        self._look(now)
        return any(self._sees(item, viewer, now) for item in self._feeds_of(controls))

    def admitted_then(self, controls: Controls, viewer: Viewer, then: Micros, now: Micros) -> bool:
        """Return whether some feed carries all of these that she may see now, and could at a time that is past.

        What was opened since - by a grant, a widening, a date - stays closed for the time before.
        """
        self._look(now)
        return any(self._sees(item, viewer, now) and self._saw(item, viewer, then) for item in self._feeds_of(controls))

    def _saw(self, item: ItemId, viewer: Viewer, then: Micros) -> bool:
        verified = self._holdings.verified(item)
        return verified is not None and self._seeing.would_see(verified, viewer, self._holdings.facts, then)

    def _look(self, now: Micros) -> None:
        """Begin anew where the answers are too old, or were given by other facts or another membership."""
        asked = _Known(self._holdings.facts, self._registry.membership, now)
        if self._known is None or not self._known.same(asked):
            self._known = asked
            self._feeds.clear()
            self._answers.clear()

    def _feeds_of(self, controls: Controls) -> tuple[ItemId, ...]:
        found = self._feeds.get(controls)
        if found is None:
            named = self._holdings.store.reader.feeds_under(controls)
            found = self._feeds[controls] = tuple(item for item in named if self._carries(item, set(controls)))
        return found

    def _carries(self, item: ItemId, controls: set[ControlId]) -> bool:
        verified = self._holdings.verified(item)
        return verified is not None and controls <= {c.id for c in verified.controls}

    def _sees(self, item: ItemId, viewer: Viewer, now: Micros) -> bool:
        verified = self._holdings.verified(item)
        if verified is None:
            return False
        key = item, alike(verified, viewer, self._holdings.facts, now, self._holdings.clock.latest(now))
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._seeing.see(item, viewer, now) is not None
        return found
