"""The statements that are due to one peer: put into its parcels, the urgent first, by the gate's word of then."""

from typing import Final

from quartet.core.ids import ItemId, Micros
from quartet.core.parcel import Content, open_content, released_contents
from quartet.core.release import Reason, Released, release_fact
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.large import Urgency
from quartet.node.link import Cargo
from quartet.node.load import Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.store import Tx

MAX_ROWS: Final = 400
MAX_TOO_LARGE: Final = 4
"""After so many that no longer fit, a parcel is full: the next one looks again."""
URGENT: Final = 2
"""The last lane that is urgent: FLASH and IMMEDIATE."""


class DueRows:
    """Gives one peer's parcels the statements that are due to it."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, peer: Peer) -> None:
        self._store = parts.store
        self._reader = parts.store.reader
        self._registry = registry
        self._holdings = holdings
        self._peer = peer

    async def add(self, load: Load, now: Micros) -> tuple[list[tuple[ItemId, int]], bool]:
        """Add due statements, the urgent first; what the gate withholds now is decided so, and stays."""
        facts: list[tuple[ItemId, int]] = []
        withheld: list[tuple[ItemId, int, Reason | str]] = []
        due = self._reader.due(self._peer.member, MAX_ROWS)
        reserve = load.reserve if any(r.lane > URGENT for r in due) else 0
        going = {item for cargo in self._peer.larges.cargos for item in cargo.rows}
        full = 0
        for row in due:
            if row.item_id in going:
                continue
            if full == MAX_TOO_LARGE:
                break
            verified = self._holdings.verified(row.item_id)
            if verified is None:
                withheld.append((row.item_id, row.lane, self._holdings.damaged.get(row.item_id, "purged")))
                continue
            decision = self._decide(verified, now)
            if not isinstance(decision, Released):
                withheld.append((row.item_id, row.lane, decision))
                continue
            contents = [*released_contents(decision), *self._way_back(verified)]
            size = sum(len(c.data) + 32 for c in contents)
            urgency: Urgency = "urgent" if row.lane <= URGENT else "other"
            left = reserve if 1 <= row.lane <= URGENT else 0
            if size + left > load.room and not load.cuts(size, urgency, left=left):
                full += 1
                continue
            load.add(*contents, urgency=urgency, left=left).rows.append(row.item_id)
            facts += [(f, 0) for f in self._holdings.facts_for(decision)]
        if withheld:
            await self._withhold(withheld, now)
        return facts, full > 0 or len(due) == MAX_ROWS

    def released(self, item: ItemId, now: Micros) -> Released | None:
        """Return the gate's yes for an item and this peer, or None."""
        verified = self._holdings.verified(item)
        decision = None if verified is None else self._decide(verified, now)
        return decision if isinstance(decision, Released) else None

    def gives(self, cargo: Cargo, now: Micros) -> bool:
        """Return whether the gate still gives this peer all that a parcel carries, whole or in pieces."""
        if self._peer.larges.lacks(cargo.pieces):
            return False
        carried = [cargo, *self._peer.larges.cargo_of(cargo.pieces)]
        items = [item for one in carried for item in (*one.rows, *one.feeds, *(item for item, _, _ in one.parts))]
        items += [item for one in carried for item, _, _ in one.told if not self._of_peer(item)]
        return all(self.released(ItemId(item), now) is not None for item in items)

    def _of_peer(self, item: ItemId) -> bool:
        """Return whether an item is the peer's own: it may be told when that came on record, whoever else has it."""
        verified = self._holdings.verified(item)
        return verified is not None and verified.statement.member == self._peer.member

    def last_due(self, now: Micros) -> int | None:
        """Return the newest leaf of our log with a statement that is due to this peer, and that the gate lets pass."""
        passed = (self.released(row.item_id, now) for row in self._reader.due(self._peer.member, MAX_ROWS))
        ticks = (self._reader.tick_of(one.item.c) for one in passed if one is not None)
        tick = self._reader.tick(max((one for one in ticks if one is not None), default=-1))
        return None if tick is None else tick.leaf_index

    def _way_back(self, verified: Verified) -> list[Content]:
        """Return the path with which a statement goes back to the peer that said it and lost it."""
        if verified.statement.member != self._peer.member:
            return []
        path = self._reader.path(verified.c)
        return [] if path is None else [open_content("path", path[2])]

    def _decide(self, verified: Verified, now: Micros) -> Released | Reason:
        if verified.statement.kind in FACT_KINDS:
            membership = self._registry.membership
            to = self._peer.member
            decision = release_fact(verified, to, frozenset({to}), membership, now)
        else:
            decision = self._holdings.release(verified.id, self._peer.member, now)
        return decision if isinstance(decision, Released) else decision.reason

    async def _withhold(self, rows: list[tuple[ItemId, int, Reason | str]], now: Micros) -> None:
        member = self._peer.member

        def job(tx: Tx) -> None:
            for item, lane, reason in rows:
                tx.set_delivery(item, member, "withheld", lane, now, str(reason))

        await self._store.write(job)
