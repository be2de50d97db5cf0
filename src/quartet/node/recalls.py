"""Destroy what was recalled or has expired, when its time has come, and say so to whoever waits for it.

The time runs from the record, not from arrival (`core.recall.Coverage`), so that all holders reach one end.
"""

import asyncio

from quartet.core.encoding import encode
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.recall import Coverage, destroy_due, evidence, expiry_due, recalled
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.publishing import Publisher
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.stub import SALT_SIZE, make_stub
from quartet.node.witness import Witness


class Recalls:
    """Looks once a tick for what must be destroyed now."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        witness: Witness,
        publisher: Publisher,
        seeing: Seeing,
        peers: dict[MemberId, Peer],
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._witness = witness
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
        if verified is None or evidence(verified.controls):
            await self._parts.store.write(lambda tx: tx.drop_recall(item))
            return False
        membership = self._registry.membership
        if item in facts:
            ends = expiry_due(verified, self._parts.me, self._holdings.facts, membership)
            if ends is not None and now >= ends:
                await self.destroy(verified, None)
                return True
            facts = [f for f in facts if f != item]
        if not recalled(verified, self._holdings.facts, membership):
            return False
        coverage = {f: c for f in facts if (c := self._coverage(f, now)) is not None}
        due = destroy_due(verified, self._holdings.facts, membership, coverage)
        if due is None or now < due:
            return False
        await self.destroy(verified, facts[0])
        return True

    async def destroy(self, verified: Verified, recall: ItemId | None) -> None:
        """Destroy an item here: its key, contents and files; leave a stub, and state that it is done."""
        item = verified.id
        askers = self._seeing.askers(verified, self._parts.clock.now())
        salt = self._parts.entropy(SALT_SIZE)
        stub = encode(make_stub(item, verified.c, verified.statement.member, recall, askers, salt))
        controls = tuple(c.id for c in verified.controls)
        await self._publisher.purged(item, verified.c, recall, controls, stub)
        self._holdings.forget(item)
        self._scrub = True

    def _coverage(self, fact: ItemId, now: Micros) -> Coverage | None:
        row = self._parts.store.reader.row(fact)
        if row is None:
            return None
        me, reader = self._parts.me, self._parts.store.reader
        if row.author == me:
            recorded = self._own_time(row.c, now)
            return Coverage(recorded=recorded, receipted=recorded, received=row.received, gap=False)
        path = reader.path(row.c)
        recorded = None if path is None else self._witness.record(row.author, path[1], now).since
        made = reader.made_receipt(fact)
        receipted = None if made is None else self._own_time(made[0], now)
        peer = self._peers.get(row.author)
        return Coverage(
            recorded=recorded,
            receipted=receipted,
            received=row.received,
            gap=peer is not None and peer.incoming.gap,
        )

    def _own_time(self, c: str, now: Micros) -> Micros | None:
        """Return since when a quorum covers one of our own commitments."""
        tick = self._parts.store.reader.tick_of(c)
        row = None if tick is None else self._parts.store.reader.tick(tick)
        return None if row is None else self._witness.record(self._parts.me, row.leaf_index, now).since
