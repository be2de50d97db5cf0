"""Destroy what was recalled, lost by a narrowing, or expired, when its time has come; say so to whoever waits for it.

The time runs from the record, not from arrival (`core.recall.Coverage`), so that all holders reach one end.
"""

import asyncio
from collections.abc import Callable, Iterator

from quartet.core.encoding import encode
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.recall import Coverage, destroy_due, drop_due, evidence, expiry_due, standings
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.publishing import Publisher
from quartet.node.records import Records
from quartet.node.seeing import Seeing
from quartet.node.stub import SALT_SIZE, make_stub


class Recalls:
    """Looks once a tick for what must be destroyed now."""

    def __init__(
        self,
        parts: Parts,
        holdings: Holdings,
        records: Records,
        publisher: Publisher,
        seeing: Seeing,
        peers: dict[MemberId, Peer],
    ) -> None:
        self._parts = parts
        self._registry = holdings.registry
        self._holdings = holdings
        self._records = records
        self._publisher = publisher
        self._seeing = seeing
        self._peers = peers
        self._scrub = True

    async def look(self, now: Micros) -> int:
        """Destroy what is due; return how many items went."""
        gone = 0
        by_item: dict[ItemId, list[ItemId]] = {}
        for item, fact, _ in self._parts.store.reader.recalls_pending():
            by_item.setdefault(item, []).append(fact)
        for item, facts in by_item.items():
            gone += await self._one(item, facts, now)
        if gone or self._scrub:
            self._scrub = not await asyncio.to_thread(self._parts.store.scrub)
        return gone

    async def _one(self, item: ItemId, facts: list[ItemId], now: Micros) -> bool:
        verified = self._holdings.verified(item)
        if item in self._holdings.damaged:
            return False  # what cannot be opened cannot be destroyed in its own name: it is owed, and alarmed
        if verified is None or evidence(verified.controls):
            await self._parts.store.write(lambda tx: tx.drop_recall(item))
            return False
        coverage = {f: c for f in facts if f != item and (c := self._coverage(f, now)) is not None}
        due, why = self._due(verified, coverage, now)
        return due and await self.destroy(verified, why, lambda: self._due(verified, coverage, now)[0])

    def _due(self, verified: Verified, coverage: dict[ItemId, Coverage], now: Micros) -> tuple[bool, ItemId | None]:
        """Return whether this node must have destroyed an item by now, and under which fact."""
        for at, why in self._ends(verified, coverage, now):
            if at is not None and at <= (self._parts.clock.latest(now) if why is None else now):
                return True, why
        return False, None

    def _ends(
        self, item: Verified, coverage: dict[ItemId, Coverage], now: Micros
    ) -> Iterator[tuple[Micros | None, ItemId | None]]:
        """Yield when this node must have destroyed an item, and under which fact: a recall, a narrowing, or expiry."""
        me, facts, membership = self._parts.me, self._holdings.facts, self._registry.membership
        standing = standings(item, facts, membership.recall_delay)
        if standing:
            yield destroy_due(item, facts, membership, coverage), standing[0].recalls[0].id
        yield drop_due(item, me, facts, membership, coverage, now) or (None, None)
        yield expiry_due(item, me, facts, membership), None

    async def destroy(self, verified: Verified, recall: ItemId | None, still: Callable[[], bool]) -> bool:
        """Destroy an item here: its key, contents and files; leave a stub, and state that it is done.

        Return False where it is not due any more once the facts are ours alone: what cannot be undone is asked twice.
        """
        item = verified.id
        askers = self._seeing.askers(verified, self._parts.clock.now())
        salt = self._parts.entropy(SALT_SIZE)
        stub = encode(make_stub(item, verified.c, verified.statement.member, recall, askers, salt))
        controls = tuple(c.id for c in verified.controls)
        if not await self._publisher.purged(item, verified.c, recall, controls, stub, still):
            return False
        self._holdings.purged(item)
        self._scrub = True
        return True

    def _coverage(self, fact: ItemId, now: Micros) -> Coverage | None:
        row = self._parts.store.reader.row(fact)
        if row is None:
            return None
        recorded = self._records.stated(row, now)
        if row.author == self._parts.me:
            return Coverage(recorded=recorded, receipted=recorded, received=row.received, gap=False)
        peer = self._peers.get(row.author)
        return Coverage(
            recorded=recorded,
            receipted=self._records.own_receipt(fact, now),
            received=row.received,
            gap=peer is not None and peer.incoming.gap,
        )
