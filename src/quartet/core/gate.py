"""The rule with a memory: a decision is kept until a fact, an act or a time could change it, never longer.

Whoever stores a fact tells the gate of it (`learned`) in the same breath; what it could touch is forgotten: the items
that carry its controls, those that cite the item of a standing grant, those that its author took back before.
"""

from collections.abc import Callable, Iterable
from typing import Final

from quartet.core.admission import cited_by
from quartet.core.facts import AnyFact, Facts, Grant, Recall, controls_named
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.release import Case, Decision, Viewer, keep, view
from quartet.core.verify import Verified

MAX_ITEMS: Final = 8192
"""How many items a gate remembers, each with its facts and its decisions for every member."""

Load = Callable[[ItemId], tuple[Verified, Facts]]
"""Finds an item with all the facts that touch it."""


class _Entry:
    """What is remembered of an item, good from `since` until before `until`."""

    __slots__ = ("case", "decisions", "facts", "held", "since", "until", "watched")

    def __init__(self, item: Verified, facts: Facts, membership: Membership, now: Micros) -> None:
        self.case = Case(item, facts, membership, now)
        self.facts = facts
        self.since = now
        self.until = self.case.horizon()
        self.watched = _watched(self.case, facts)
        self.decisions: dict[MemberId, Decision] = {}
        self.held: dict[MemberId, Decision] = {}


class Gate:
    """Decides as `release` does, and remembers; `hits` and `misses` count."""

    def __init__(self, membership: Membership, load: Load, limit: int = MAX_ITEMS) -> None:
        self._membership = membership
        self._load = load
        self._limit = limit
        self._entries: dict[ItemId, _Entry] = {}
        self._watchers: dict[str, set[ItemId]] = {}
        self.hits = 0
        self.misses = 0

    @property
    def membership(self) -> Membership:
        """The membership by which it decides."""
        return self._membership

    def __len__(self) -> int:
        return len(self._entries)

    def release(self, item: ItemId, to: MemberId, now: Micros) -> Decision:
        """Decide whether `to` may receive an item."""
        entry = self._entries.get(item)
        if entry is not None and entry.since <= now < entry.until:
            decision = entry.decisions.get(to)
            if decision is not None:
                self.hits += 1
                return decision
        return self._decide(item, to, now, held=False)

    def view(self, item: ItemId, viewer: Viewer, now: Micros) -> Decision:
        """Decide whether a person may see an item that her node holds (`may_view`)."""
        decision, entry = self._held(item, viewer.member, now)
        return view(decision, viewer, entry.facts, now)

    def keep(self, item: ItemId, to: MemberId, now: Micros) -> Decision:
        """Decide whether a copy may be kept of an item that the node of `to` holds (`may_keep`)."""
        decision, entry = self._held(item, to, now)
        return keep(decision, entry.facts, now)

    def _held(self, item: ItemId, to: MemberId, now: Micros) -> tuple[Decision, _Entry]:
        entry = self._entries.get(item)
        decision = None
        if entry is not None and entry.since <= now < entry.until:
            decision = entry.held.get(to)
        if entry is None or decision is None:
            decision = self._decide(item, to, now, held=True)
            entry = self._entries[item]
        else:
            self.hits += 1
        return decision, entry

    def _decide(self, item: ItemId, to: MemberId, now: Micros, *, held: bool) -> Decision:
        self.misses += 1
        entry = self._entry(item, now)
        decision = entry.case.decide(to, held=held)
        (entry.held if held else entry.decisions)[to] = decision
        return decision

    def _entry(self, item: ItemId, now: Micros) -> _Entry:
        entry = self._entries.get(item)
        if entry is not None and entry.since <= now < entry.until:
            return entry
        self.touched(item)
        while len(self._entries) >= self._limit:
            self.touched(next(iter(self._entries)))
        entry = self._entries[item] = _Entry(*self._load(item), self._membership, now)
        for key in entry.watched:
            self._watchers.setdefault(key, set()).add(item)
        return entry

    def learned(self, fact: AnyFact) -> None:
        """Forget what a fact, new or found to be recorded late, could change."""
        for key in _keys(fact):
            for item in tuple(self._watchers.get(key, ())):
                self.touched(item)

    def touched(self, item: ItemId) -> None:
        """Forget what was decided about an item."""
        entry = self._entries.pop(item, None)
        for key in () if entry is None else entry.watched:
            watchers = self._watchers[key]
            watchers.discard(item)
            if not watchers:
                del self._watchers[key]

    def charter_changed(self, membership: Membership) -> None:
        """Decide by another membership from now on: an act touches every item."""
        self._membership = membership
        self._entries.clear()
        self._watchers.clear()


def _watched(case: Case, facts: Facts) -> tuple[str, ...]:
    """Return the keys of the facts that could touch an item."""
    keys: list[str] = []
    for c in case.clauses:
        keys.append(c.id)
        keys += (f"recalled by {fact.member}" for fact in c.said.recalls)
    for cited in cited_by(case.item):
        keys.append(f"cites {cited}")
        keys += (grant.body.control for grant in facts.following(cited))
    return tuple(dict.fromkeys(keys))


def _keys(fact: AnyFact) -> Iterable[str]:
    """Return the keys under which those whom a fact could touch are watching."""
    yield from controls_named(fact.body)
    if isinstance(fact.body, Grant) and fact.body.scope == "FOLLOWING":
        yield f"cites {fact.body.item}"
    if isinstance(fact.body, Recall):
        yield f"recalled by {fact.member}"
