"""Send one peer what is due to it: lane 0, then FLASH, and the rest in one parcel; decided and sealed again each time.

A parcel goes at once when the peer was idle, else after a short gathering; an empty one each tick is the heartbeat. The
lower lanes keep a fifth of each parcel. Rows, and numbers by the block, are stored before a parcel leaves. A file takes
the same parcels across an air gap, made by the same steps.
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.parcel import Content, Header, Parcel, content_hash, open_content, pack, pack_contents
from quartet.node.attachments import Attachments
from quartet.node.duerows import DueRows
from quartet.node.filing import lane_of
from quartet.node.groundwork import Groundwork
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION, Ledger, Pinned
from quartet.node.link import MAX_FILLED, Cargo, Sent
from quartet.node.load import Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.recovering import Recovering
from quartet.node.registry import Registry
from quartet.node.returning import Returning
from quartet.node.shipping import Shipping
from quartet.node.telling import Telling
from quartet.node.ways import Ways
from quartet.node.witness import Witness
from quartet.store import GRID, SentState, Tx
from quartet.wire.seal import MAX_SEALED, PublicEpoch, seal

GATHER_S: Final = 0.01
"""How long a busy pump gathers."""
RECEIPT_PATIENCE: Final = 3
"""How often a peer's patience passes until what was sent and never receipted goes again."""
RETRY_S: Final = 0.25


class Made(NamedTuple):
    """A parcel that may leave, its number, and whether more may be due."""

    seq: int
    parcel: Parcel
    more: bool
    active: bool
    """Whether its peer was a member in force when it was made."""


class Pump:
    """One peer's pump."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        ledger: Ledger,
        witness: Witness,
        attachments: Attachments,
        recovering: Recovering,
        peer: Peer,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._ledger = ledger
        self._groundwork = Groundwork(parts, registry, ledger, witness, peer)
        self._rows = DueRows(parts, registry, holdings, peer)
        self._shipping = Shipping(parts, attachments, peer, self._rows.released)
        self.returning = Returning(parts, witness, holdings, peer, self._rows.released)
        self._recovering = recovering
        self.peer = peer
        self._beat = True
        self._turn = asyncio.Lock()
        self._pinned: Pinned | None = None
        self._ways = Ways(parts.store.reader, ledger, peer)
        self._telling = Telling(parts.store.reader, peer, self._rows.released)

    async def run(self) -> None:
        """Send until cancelled; first of all again what was on its way when the node ended."""
        begun = False
        self.peer.wake.set()
        while True:
            await self.peer.wake.wait()
            try:
                if not begun:
                    await self._parts.store.write(lambda tx: tx.all_due_again(self.peer.member))
                    begun = True
                async with self._turn:
                    self.peer.wake.clear()  # a file that is filled meanwhile sees that the link waits
                    more = await self._one()
            except (Fault, sqlite3.Error):
                await asyncio.sleep(RETRY_S)  # the disk is full or busy; the tick alarms
                self.peer.wake.set()
                continue
            if more:
                self.peer.wake.set()
            elif self.peer.outgoing.on_way:
                await asyncio.sleep(GATHER_S)

    async def tick(self, now: Micros) -> None:
        """Once a tick: find what is lost or was parked, look for paths, and send at least a heartbeat."""
        lost = self.peer.outgoing.lost(now, self.peer.outgoing.patience)
        if lost:
            await self._again(lost)
        if now // SECOND % 5 == 0:
            member, before = self.peer.member, Micros(now - RECEIPT_PATIENCE * self.peer.outgoing.patience)
            await self._parts.store.write(lambda tx: tx.all_sent_due(member, before))
        parked = self.peer.parked.due(now)
        if parked:
            await self._parts.store.write(lambda tx: tx.mark_parked_due(self.peer.member, parked))
        self._beat = True
        self._ways.look()
        self._telling.look()
        self.peer.wake.set()

    async def arrived(self, sent: Iterable[Sent]) -> None:
        """Note that the peer confirmed parcels."""
        paths, told = [], []
        for parcel in sent:
            self.peer.leaves_to = max(self.peer.leaves_to, parcel.cargo.leaves_to)
            self.peer.acts_to = max(self.peer.acts_to, parcel.cargo.acts_to)
            self.peer.officers = max(self.peer.officers, parcel.cargo.officers)
            paths += parcel.cargo.paths
            told += parcel.cargo.told
            await self._shipping.confirmed(parcel.cargo.parts)
            if parcel.cargo.parts:
                self.peer.wake.set()  # there is room on the way again: the file goes on before the next tick
        member = self.peer.member
        if paths:
            await self._parts.store.write(lambda tx: tx.mark_paths_sent(member, paths))
        if told:
            await self._parts.store.write(lambda tx: tx.knows(member, told))

    def confirm(self) -> None:
        """Say at once, not at the next tick, what came: its sender waits for the word."""
        self._beat = True
        self.peer.wake.set()

    async def back(self, now: Micros) -> None:
        """The peer speaks again after a silence: all on its way is void, and goes again with the urgent first."""
        await self._again(self.peer.outgoing.lost(now, -1))
        self.peer.wake.set()

    async def _again(self, lost: Iterable[Sent]) -> None:
        rows: list[ItemId] = []
        for parcel in lost:
            rows += [ItemId(r) for r in parcel.cargo.rows]
            self.peer.batches.extend(parcel.cargo.batches)
            self.peer.told_cosigned.clear()
            self._shipping.voided(parcel.cargo.parts)
        member = self.peer.member
        await self._parts.store.write(lambda tx: tx.mark_due(member, rows))

    async def fill(self, most: int) -> list[bytes]:
        """Return sealed parcels for a file, in their order: all that the peer did not confirm, up to `most` bytes.

        What is on its way by other ways or in an older file counts as lost. Raise `Unavailable("no-key")` where we have
        no key to seal for, and `Unavailable("charter-changed")` where the peer's standing turned meanwhile.
        """
        async with self._turn:
            now, member = self._parts.clock.now(), self.peer.member
            key = self._registry.epoch_key(member, now)
            if key is None:
                raise Unavailable("no-key", f"there is no valid key of {member} to seal for")
            if self.returning.due:
                await self.returning.look()
            await self._again([*self.peer.outgoing.end_file(), *self.peer.outgoing.put_aside()])
            return await self._fill(key, most)

    async def _fill(self, key: PublicEpoch, most: int) -> list[bytes]:
        self.peer.outgoing.begin_file()
        self._beat = self.peer.ask_leaves = True
        self._telling.look()
        self._ways.begin_file()
        sealed: list[bytes] = []
        try:
            async with self._holdings.turns.decide():
                self._pinned = self._pin(self._parts.clock.now())  # not before the facts by which it is chosen
            while most >= MAX_SEALED and len(sealed) < MAX_FILLED:
                async with self._holdings.turns.decide():
                    made = await self._make(self._parts.clock.now())
                if made is None:
                    break
                sealed.append(self._seal(made, key))
                most -= len(sealed[-1])
                await asyncio.sleep(0)
                if self.peer.waits(self._parts.clock.now()) and self._parts.carrier.linked(self.peer.member):
                    break
        except BaseException:
            await self._again(self.peer.outgoing.end_file())
            raise
        finally:
            self._pinned = None
            self._ways.end_file()
        return sealed

    def _pin(self, now: Micros) -> Pinned:
        """Return the checkpoint that a file speaks of: one that is kept for good, chosen by what the peer knows alone.

        It is that just after the newest tick which holds something of the peer's, or the newest of a fixed grid if that
        is later: when something was said to others shows in neither. It is kept, so that a cosignature that comes back
        in days is of a checkpoint that we hold; and by the grid files for several members have one that a quorum can
        cosign.
        """
        reader, origin, head = self._parts.store.reader, self._ledger.origin, self._ledger.size
        told = (reader.last_told(self.peer.member), self._rows.last_due(now))
        ends = (0 if leaf is None else leaf + 1 for leaf in told)
        sizes = sorted((size for size in (*ends, head // GRID * GRID) if size > self.peer.leaves_to), reverse=True)
        found = next((one for size in sizes if (one := reader.checkpoint(origin, size)) is not None), None)
        return Pinned(head, self._ledger.note) if found is None else Pinned(*found)

    async def _one(self) -> bool:
        """Send one parcel if there is a reason to; return whether more may be due at once."""
        peer, now = self.peer, self._parts.clock.now()
        if self.returning.due:
            await self._again(peer.outgoing.lost(now, -1))
            await self.returning.look()
        linked = self._parts.carrier.linked(peer.member) and self._recovering.answered(peer.member)
        if not linked or peer.outgoing.full:
            return False
        key = self._registry.epoch_key(peer.member, now)
        if key is None:
            return False
        if ended := peer.outgoing.end_file():
            await self._again(ended)
        async with self._holdings.turns.decide():
            made = await self._make(self._parts.clock.now())  # not before the facts by which it decides
        return made is not None and await self._send(made, key)

    async def _make(self, now: Micros) -> Made | None:
        """Make a parcel of what is due, and keep what it carries; None if there is no reason to send one."""
        peer = self.peer
        active = self._registry.membership.active(peer.member, now)
        cargo, contents, more, rows = await (self._gather(now) if active else self._gather_recalls(now))
        if not contents and not (self._beat and active):
            return None
        self._beat = False
        seq = peer.outgoing.seq + 1
        content = pack_contents(contents)
        parcel = pack(self._header(seq, content_hash(content)), content, self._parts.keys.link)
        upto = peer.outgoing.to_reserve
        note = peer.outgoing.sent if self._pinned is None else peer.outgoing.put
        note(seq, parcel.header_hash, now, cargo, len(parcel.plaintext))
        if cargo.rows or rows or upto > peer.outgoing.reserved:
            await self._keep(cargo, rows, seq, upto, now)
        return Made(seq, parcel, more, active)

    async def _send(self, made: Made, key: PublicEpoch) -> bool:
        """Seal a parcel and send it; return whether more may be due at once."""
        to = self.peer.member
        try:
            sealed = self._seal(made, key)
        except Unavailable:
            await self._back(made.seq)  # decided again
            return True
        try:
            await self._parts.carrier.send(to, "p", sealed)
        except Unavailable:
            await self._back(made.seq)
            await asyncio.sleep(RETRY_S)
            return False
        return made.more

    def _seal(self, made: Made, key: PublicEpoch) -> bytes:
        """Seal a parcel; raise `Unavailable("charter-changed")` where its peer was suspended or reinstated since."""
        to = self.peer.member
        if self._registry.membership.active(to, self._parts.clock.now()) != made.active:
            raise Unavailable("charter-changed", f"{to} was suspended or reinstated meanwhile: do it again")
        exchange, me = self._registry.exchange, self._parts.me
        return seal(made.parcel.plaintext, exchange=exchange, frm=me, to=to, public=key)

    async def _back(self, seq: int) -> None:
        """Take back a parcel that did not leave: what it carried is due again."""
        gone = self.peer.outgoing.failed(seq)
        if gone is not None:
            await self._again([gone])

    async def _keep(self, cargo: Cargo, facts: list[tuple[ItemId, int]], seq: int, upto: int, now: Micros) -> None:
        """Before a parcel leaves, keep that its rows may be with the peer, and that its number is used."""
        member, out = self.peer.member, self.peer.outgoing
        state = SentState(reserved=upto, acked=out.acked) if upto > out.reserved else None

        def job(tx: Tx) -> None:
            if state is not None:
                tx.save_sent(member, state)
            tx.mark_sent(member, [ItemId(r) for r in cargo.rows], seq, now)
            for fact, lane in facts:
                tx.set_delivery(fact, member, "due", lane, now)

        held = (self._holdings.verified(ItemId(row)) for row in cargo.rows)
        urgent = any(one is not None and one.statement.precedence == "FLASH" for one in held)
        await self._parts.store.write(job, urgent=urgent)
        out.reserved = upto

    def _header(self, seq: int, hashed: str) -> Header:
        peer = self.peer
        active = self._registry.membership.active(peer.member, self._parts.clock.now())
        note = self._ledger.note if self._pinned is None else self._pinned.note
        return Header(
            v=1,
            exchange=self._registry.exchange,
            epoch=self._registry.state.epoch,
            frm=self._parts.me,
            to=peer.member,
            incarnations=(INCARNATION, peer.incarnation),
            seq=seq,
            previous=peer.outgoing.last_hash,
            received=peer.incoming.received,
            voids=tuple(peer.outgoing.voids),
            content_hash=hashed,
            checkpoint=note if active and not self._recovering.silent else None,
        )

    async def _gather(self, now: Micros) -> tuple[Cargo, list[Content], bool, list[tuple[ItemId, int]]]:
        """Collect what goes into one parcel: log and charter, receipts, items by lane, paths, parts of files."""
        cargo, load = Cargo(), Load()
        await self.returning.add(load, now)
        upto = None if self._pinned is None else self._pinned.size
        far = self._groundwork.add(cargo, load, beat=self._beat, upto=upto)
        said = not self._recovering.active
        fact_rows, more = await self._rows.add(cargo, load, now) if said else ([], far)
        while self.peer.batches and load.takes(len(self.peer.batches[0])):
            batch = self.peer.batches.popleft()
            load.add(open_content("receipts", batch))
            cargo.batches.append(batch)
        if not self._recovering.silent:
            self._ways.add(cargo, load)
        if said:
            more |= self._telling.add(cargo, load, now)
            more |= far | await self._shipping.add(cargo, load, now)
        return cargo, load.contents, more or bool(self.peer.batches), fact_rows

    async def _gather_recalls(self, now: Micros) -> tuple[Cargo, list[Content], bool, list[tuple[ItemId, int]]]:
        """Collect what a suspended member still gets: acts, the recalls of what it holds, and who asserts them."""
        cargo, load = Cargo(), Load()
        self._groundwork.add_acts(cargo, load)
        fact_rows, more = await self._rows.add(cargo, load, now)
        if cargo.rows:
            self._groundwork.add_officers(cargo, load)
        return cargo, load.contents, more, fact_rows


__all__ = ["Pump", "lane_of"]
