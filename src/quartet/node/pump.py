"""Send one peer what is due to it: lane 0, then FLASH, and the rest in one parcel; decided and sealed again each time.

A parcel goes at once when the peer was idle, else after a short gathering; an empty one each tick is the heartbeat. The
lower lanes keep a fifth of each parcel. Rows, and numbers by the block, are stored before a parcel leaves. A file takes
the same parcels across an air gap, made by the same steps.
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Final

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.parcel import Header, content_hash, pack, pack_contents, room_in
from quartet.node.attachments import Attachments
from quartet.node.contacts import Contacts
from quartet.node.covering import Covering, Ready
from quartet.node.filing import lane_of
from quartet.node.frames import Frames
from quartet.node.gathering import Gathering
from quartet.node.holdings import Holdings
from quartet.node.leaving import Leaving, Made, keep
from quartet.node.ledger import INCARNATION, Ledger, Pinned
from quartet.node.link import MAX_FILLED, Cargo, Sent
from quartet.node.load import Cell, Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.recovering import Recovering
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import GRID
from quartet.wire.seal import MAX_SEALED, PublicEpoch, seal

GATHER_S: Final = 0.01
"""How long a busy pump gathers."""
RECEIPT_PATIENCE: Final = 3
"""How often a peer's patience passes until what was sent and never receipted goes again."""
RETRY_S: Final = 0.25


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
        contacts: Contacts,
        frames: Frames,
        peer: Peer,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._ledger = ledger
        self._gathering = Gathering(parts, registry, holdings, ledger, witness, attachments, peer, frames.due)
        self._rows = self._gathering.rows
        self._shipping = self._gathering.shipping
        self.returning = self._gathering.returning
        self._recovering = recovering
        self.peer = peer
        self._beat = True
        self._begun = False
        self._covering = partial(Covering, parts, registry, contacts, peer, self._prepare, self._back, self._rows.gives)
        self._turn = asyncio.Lock()
        self._pinned: Pinned | None = None
        self._ways = self._gathering.ways
        self._telling = self._gathering.telling

    async def run(self) -> None:
        """Send until cancelled, or until the cover is another; first again what was on its way when the node ended."""
        self._begun = False
        if self.peer.cover is not None:
            await self._covering().run()
        self.peer.wake.set()
        while True:
            await self.peer.wake.wait()
            try:
                await self._begin()
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

    async def _begin(self) -> None:
        if not self._begun:
            await self._due(self.peer.larges.drop(lambda _: False))
            await self._parts.store.write(lambda tx: tx.all_due_again(self.peer.member))
            self._begun = True

    async def _prepare(self) -> Ready | None:
        """Make the parcel that waits for the next slot, which says something or not; None where none may be made."""
        await self._begin()
        async with self._turn:
            self.peer.wake.clear()
            self._beat = True
            if (key := await self._sealed_for()) is None or (made := await self._decided()) is None:
                return None
            try:
                return Ready(made.seq, self._seal(made, key), made.cargo, made.active)
            except Unavailable:
                await self._back(made.seq)
                return None

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
        came = [parcel.cargo for parcel in sent]
        came += [whole for cargo in came for whole in self.peer.larges.arrived(cargo.pieces)]
        for cargo in came:
            self.peer.leaves_to = max(self.peer.leaves_to, cargo.leaves_to)
            self.peer.acts_to = max(self.peer.acts_to, cargo.acts_to)
            self.peer.officers = max(self.peer.officers, cargo.officers)
            paths += cargo.paths
            told += cargo.told
            await self._shipping.confirmed(cargo.parts)
            if cargo.parts:
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

    async def anew(self, epoch: int) -> None:
        """Begin again what goes in pieces, acts behind the `epoch` too: a peer that began anew holds no pieces."""
        await self._due(self.peer.larges.drop(lambda _: False))
        self.peer.officers, self.peer.acts_to = 0, min(self.peer.acts_to, epoch)

    async def _again(self, lost: Iterable[Sent]) -> None:
        await self._due([parcel.cargo for parcel in lost])

    async def _due(self, lost: Iterable[Cargo]) -> None:
        """Have what was lost, or may not go on, be due again; it is decided again."""
        rows: list[ItemId] = []
        for cargo in lost:
            rows += [ItemId(r) for r in cargo.rows]
            self.peer.batches.extend(cargo.batches)
            self.peer.told_cosigned.clear()
            self.peer.larges.lost(cargo.pieces)
            self._shipping.voided(cargo.parts)
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
            await self._due(self.peer.larges.drop(lambda _: False))
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
        if (key := await self._sealed_for()) is None or (made := await self._decided()) is None:
            return False
        return await self._send(made, key)

    async def _sealed_for(self) -> PublicEpoch | None:
        """Return the key to seal for, once nothing older stands in the way; None where nothing may go now."""
        peer, now = self.peer, self._parts.clock.now()
        active = self._registry.membership.active(peer.member, now)
        if gone := peer.larges.drop(lambda cargo: (active or cargo.basic) and self._rows.gives(cargo, now)):
            await self._due(gone)
        if self.returning.due:
            await self.anew(0)
            await self._again(peer.outgoing.lost(now, -1))
            await self.returning.look()
        linked = self._parts.carrier.linked(peer.member) and self._recovering.answered(peer.member)
        if not linked or peer.full:
            return None
        key = self._registry.epoch_key(peer.member, now)
        if key is not None and (ended := peer.outgoing.end_file()):
            await self._again(ended)
        return key

    async def _decided(self) -> Made | None:
        async with self._holdings.turns.decide():
            return await self._make(self._parts.clock.now())  # not before the facts by which it decides

    async def _make(self, now: Micros) -> Made | None:
        """Make a parcel of what is due, and keep what it carries; None if there is no reason to send one."""
        peer = self.peer
        active = self._registry.membership.active(peer.member, now)
        seq = peer.outgoing.seq + 1
        upto, fixed = (None, peer.cover) if self._pinned is None else (self._pinned.size, None)
        load = Load() if fixed is None else Cell(room_in(fixed, self._header(seq, content_hash(b""))), peer.larges)
        peer.larges.begun.clear()
        said = active and not self._recovering.active
        ways = active and not self._recovering.silent
        made = await self._gathering.of(load, now, active=active, said=said, ways=ways, beat=self._beat, upto=upto)
        cargo, contents = load.cargo, load.contents
        if not contents and not (self._beat and active):
            return None
        self._beat = False
        content = pack_contents(contents)
        parcel = pack(self._header(seq, content_hash(content)), content, self._parts.keys.link, fixed)
        upto = peer.outgoing.to_reserve
        note = peer.outgoing.sent if self._pinned is None else peer.outgoing.put
        note(seq, parcel.header_hash, now, cargo, len(parcel.plaintext))
        await keep(self._parts.store, self._holdings, peer, Leaving(seq, now, cargo, made.facts, upto))
        return Made(seq, parcel, made.more, active, cargo)

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


__all__ = ["Pump", "lane_of"]
