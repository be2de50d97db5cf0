"""Collect what goes into one parcel to a peer: log and charter, receipts, items by lane, paths, parts of files.

Under cover the picture goes in it too, and receipts have a share of their own: without one a peer that says more than
fits would never hear that what it got was confirmed.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.parcel import open_content
from quartet.node.attachments import Attachments
from quartet.node.duerows import DueRows
from quartet.node.groundwork import Groundwork
from quartet.node.holdings import Holdings
from quartet.node.ledger import Ledger
from quartet.node.load import Cell, Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.node.returning import Returning
from quartet.node.shipping import Shipping
from quartet.node.telling import Telling
from quartet.node.ways import Ways
from quartet.node.witness import Witness

RECEIPTS: Final = 4
"""Under cover receipts have the first quarter of a parcel, what is urgent and goes in pieces half of what is left then,
the picture half of what is left after it, and all else in pieces a fifth: where they need it. The rest is for items."""
URGENT: Final = 2
PICTURE: Final = 2
OTHERS: Final = 5
PROOFS: Final = 4
"""In each fourth parcel under cover paths, and what is told of times, go before items."""

Due = list[tuple[bytes, tuple[ItemId, ...]]]
"""Frames, each with the feeds that it shows."""


class Gathered(NamedTuple):
    """What was collected: the facts that follow, and whether more may be due."""

    facts: list[tuple[ItemId, int]]
    more: bool


class Gathering:
    """Collects for one peer."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        ledger: Ledger,
        witness: Witness,
        attachments: Attachments,
        peer: Peer,
        frames: Callable[[MemberId, Micros], Due],
    ) -> None:
        self._peer = peer
        self._frames = frames
        self._turn = 0
        self.rows = DueRows(parts, registry, holdings, peer)
        self.groundwork = Groundwork(parts, registry, ledger, witness, peer)
        self.shipping = Shipping(parts, attachments, peer, self.rows.released)
        self.returning = Returning(parts, witness, holdings, peer, self.rows.released)
        self.ways = Ways(parts.store.reader, ledger, peer)
        self.telling = Telling(parts.store.reader, peer, self.rows.released)

    async def of(
        self, load: Load, now: Micros, *, active: bool, said: bool, ways: bool, beat: bool, upto: int | None
    ) -> Gathered:
        """Collect what a member in force gets, or what is left to one that is not `active`.

        Statements, and what follows from them, only where they may be `said`; `ways` of proof where our log is known.
        `beat`: the log's leaves too; `upto`: as many of them, for a file.
        """
        if not active:
            return await self._recalls(load, now)
        await self.returning.add(load, now)
        far = self.groundwork.add(load, beat=beat, upto=upto)
        over = self._first(load, now) if isinstance(load, Cell) else []
        if isinstance(load, Cell) and said and self._turn == 0:
            self._proofs(load, now, ways=ways)
        facts, more = await self.rows.add(load, now) if said else ([], far)
        self._receipts(load)
        self._picture(load, over)
        if said:
            more |= self._proofs(load, now, ways=ways)
            more |= far | await self.shipping.add(load, now)
        if isinstance(load, Cell):
            load.fill("urgent", "frame", "other")
        return Gathered(facts, more or bool(self._peer.batches))

    def _proofs(self, load: Load, now: Micros, *, ways: bool) -> bool:
        """Add paths, and since when something is on record; return whether more of that may be."""
        if ways:
            self.ways.add(load)
        return self.telling.add(load, now)

    async def _recalls(self, load: Load, now: Micros) -> Gathered:
        """Collect what a suspended member still gets: acts, the recalls of what it holds, and who asserts them."""
        self.groundwork.add_acts(load)
        facts, more = await self.rows.add(load, now)
        if load.cargo.rows:
            self.groundwork.add_officers(load)
        if isinstance(load, Cell):
            load.fill("urgent", "frame", "other")
        return Gathered(facts, more)

    def _first(self, cell: Cell, now: Micros) -> Due:
        """Give each its share of a parcel under cover; return the frames that wait for what others leave."""
        self._turn = (self._turn + 1) % PROOFS
        self._receipts(cell, cell.room - cell.room // RECEIPTS)
        cell.fill("urgent", share=URGENT)
        over = self._picture(cell, self._frames(self._peer.member, now), cell.room - cell.room // PICTURE)
        cell.fill("frame", share=PICTURE)
        cell.fill("other", share=OTHERS)
        return over

    def _receipts(self, load: Load, left: int = 0) -> None:
        """Add the receipts that wait, so that `left` bytes stay free for others."""
        waiting = self._peer.batches
        while waiting and load.takes(len(waiting[0]), left=left):
            batch = waiting.popleft()
            load.add(open_content("receipts", batch), left=left).batches.append(batch)

    def _picture(self, load: Load, frames: Due, left: int = 0) -> Due:
        """Add the frames that leave `left` bytes free, and return the others."""
        over: Due = []
        for data, feeds in frames:
            if not load.takes(len(data), left=left, urgency="frame"):
                over.append((data, feeds))
                continue
            load.add(open_content("frame", data), urgency="frame", left=left).feeds += feeds
        return over
