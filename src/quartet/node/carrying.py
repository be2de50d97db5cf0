"""Take parcels across an air gap as files: written for one member, and taken in as if a hub had brought them.

The pump makes the parcels, and the door to the other members takes them: there is no second gate. Who answers for the
running of the node does this, for it tells totals.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from msgspec import structs

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.core.release import Viewer
from quartet.node.arriving import Arriving
from quartet.node.carriage import files_of, keep
from quartet.node.carryviews import CameIn, CarriedView
from quartet.node.epochs import Epochs
from quartet.node.neighbours import Neighbours
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.recovering import Recovering
from quartet.node.registry import Registry, encode_contact
from quartet.node.seeing import WATCH
from quartet.node.views import moment
from quartet.wire import Arrival
from quartet.wire.carried import MAX_BAD, MAX_CARRIED, MAX_HEAD, Head, Record, read_carried, write_carried

LEAST: Final = 1024 * 1024
"""The smallest bound of a file: what every parcel fits in."""
FRAMING: Final = 1024
"""What head and record heads take, beside the parcels, of a mebibyte."""
DROPPED: Final = frozenset({"unknown-epoch-key", "too-many-contacts"})
"""Of what is unavailable: what concerns one record. Anything else ends the file, which is to be taken again."""


@dataclass(slots=True)
class Tally:
    """What the records of a file were so far."""

    new: Counter[str] = field(default_factory=Counter)
    not_taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    in_a_row: int = 0
    """How many of the last ones were dropped, with none between them that was taken."""


class Carrying:
    """Writes files for other members, and takes theirs."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        epochs: Epochs,
        neighbours: Neighbours,
        recovering: Recovering,
        arriving: Arriving,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._epochs = epochs
        self._neighbours = neighbours
        self._recovering = recovering
        self._arriving = arriving

    def views(self, viewer: Viewer) -> list[CarriedView]:
        """Tell how it stands with each member."""
        _check(viewer)
        return [self._view(peer) for _, peer in sorted(self._neighbours.peers.items())]

    async def out(self, viewer: Viewer, to: str, most: int) -> bytes:
        """Return a file of at most `most` bytes with all that a member has not confirmed, the most urgent first.

        What does not fit stays due. Without a key of the member the file says who we are, and no more.
        """
        _check(viewer)
        peer = self._peer(to)
        if not LEAST <= most <= MAX_CARRIED:
            raise Malformed("bad-most", f"{most} bytes where {LEAST} to {MAX_CARRIED} may be")
        if self._recovering.active:
            raise Unavailable("recovering", "this node came back from a backup: it writes files once it has all back")
        contact = Record("m", encode_contact(self._epochs.contact()))
        room = most - len(contact.data) - MAX_HEAD - FRAMING
        asked = self._recovering.question(peer.member, self._parts.clock.now())
        room -= 0 if asked is None else len(asked) + FRAMING
        sealed = await self._sealed(peer, room - room // 256) if self._recovering.answered(peer.member) else []
        records = [contact, *(Record("p", one) for one in (asked, *sealed) if one is not None)]
        data = await asyncio.to_thread(self._file, peer.member, records)
        await self._written(peer, len(sealed))
        return data

    async def _sealed(self, peer: Peer, most: int) -> list[bytes]:
        member, now = peer.member, self._parts.clock.now()
        try:
            sealed = await self._neighbours.pumps[member].fill(most)
        except Unavailable as fault:
            if fault.reason != "no-key":
                raise
            return []
        if not sealed and not self._registry.membership.active(member, now):
            raise Unavailable("nothing-due", f"{member} is suspended: recalls alone go to it, and none is due")
        return sealed

    def _file(self, to: MemberId, records: list[Record]) -> bytes:
        return write_carried(unb64(self._registry.exchange, 32), self._parts.me, to, records)

    async def _written(self, peer: Peer, parcels: int) -> None:
        """Keep that a file was written, and what in it waits to be confirmed."""
        carried = peer.outgoing.files[-1].values() if parcels else ()
        now, items = self._parts.clock.now(), sum(len(sent.cargo.rows) for sent in carried)
        await self._keep(peer, out=now, items=items, parcels=parcels)

    async def _keep(self, peer: Peer, **changes: object) -> None:
        files = files_of(peer.outgoing)
        kept = peer.carriage = structs.replace(peer.carriage, leaves_to=peer.leaves_to, files=files, **changes)
        await self._parts.store.write(lambda tx: keep(tx, peer.member, kept))

    async def took(self, viewer: Viewer, data: bytes) -> CameIn:
        """Take what a file brought, record by record; one that is refused stops none of the others.

        (1) Its shape, (2) our exchange, (3) for us, (4) from a member: then each record as one that a hub brought.
        After `MAX_BAD` refused ones in a row the rest is left. Raise the `Unavailable` for which all of it must be
        taken again.
        """
        _check(viewer)
        file = await asyncio.to_thread(read_carried, data)
        peer, tally = self._sender(file.head), Tally()
        for record in file.records:
            await self._tried(peer.member, record, tally)
            await asyncio.sleep(0)  # what is refused waits for nothing: the links and officers have their turn
            if tally.in_a_row == MAX_BAD:
                break
        new = tally.new
        if new["parcels"]:
            await self._keep(peer, came=self._parts.clock.now())
        return CameIn(
            member=peer.member,
            items=new["items"],
            receipts=new["receipts"],
            parcels=new["parcels"],
            known=new["known"],
            answers=new["answers"],
            not_taken=dict(tally.not_taken),
            refused=dict(tally.refused),
            unread=len(file.records) - tally.looked_at,
            due=self._parts.store.reader.due_count(peer.member),
        )

    async def _tried(self, frm: MemberId, record: Record, tally: Tally) -> None:
        tally.looked_at += 1
        try:
            await self._record(frm, record, tally)
            tally.in_a_row = 0
        except Fault as fault:
            if isinstance(fault, Unavailable) and fault.reason not in DROPPED:
                raise
            tally.refused[fault.reason] += 1
            tally.in_a_row += 1

    async def _record(self, frm: MemberId, record: Record, tally: Tally) -> None:
        """Take one record, and count what was stored of it, and what not."""
        arrival = Arrival(frm, record.kind, record.data)
        if record.kind == "m":
            await self._arriving.took(arrival)
            return
        kept = await self._arriving.brought(arrival)
        if kept is None:
            tally.new.update(known=1)
            return
        tally.new.update(parcels=1, items=kept.items, receipts=kept.receipts, answers=kept.answers)
        tally.not_taken += kept.refused

    def _sender(self, head: Head) -> Peer:
        me, exchange = self._parts.me, self._registry.exchange
        if b64(head.exchange) != exchange:
            theirs = b64(head.exchange)[:8]
            raise Untrusted("other-exchange", f"the file is of exchange {theirs}; this node's is {exchange[:8]}")
        if head.to != me:
            raise Malformed("not-for-us", f"the file is for {head.to}, from {head.frm}: carry it there; this is {me}")
        peer = self._neighbours.peers.get(MemberId(head.frm))
        if peer is None:
            raise Untrusted("unknown-member", f"{head.frm} is no member that this node deals with")
        return peer

    def _peer(self, name: str) -> Peer:
        peer = self._neighbours.peers.get(MemberId(name))
        if peer is None:
            known = ", ".join(sorted(self._neighbours.peers)) or "nobody"
            raise Malformed("unknown-member", f"{name!r} is none that files go to: {known}")
        return peer

    def _view(self, peer: Peer) -> CarriedView:
        kept = peer.carriage
        return CarriedView(
            member=peer.member,
            written=None if kept.out is None else moment(kept.out),
            items=kept.items,
            parcels=kept.parcels,
            came=None if kept.came is None else moment(kept.came),
            due=self._parts.store.reader.due_count(peer.member),
            key=self._registry.epoch_key(peer.member, self._parts.clock.now()) is not None,
        )


def _check(viewer: Viewer) -> None:
    if WATCH not in viewer.roles:
        raise Untrusted("no-role", f"this is for officers whom root gave the role {WATCH}")
