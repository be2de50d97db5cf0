"""Take what arrives from a member: who it is before trust, sealed frames, sealed parcels; each to the part it is for.

A parcel counts as received once its contents are kept, not before. What a file brought is taken in the same steps; but
it says nothing of now: neither that its sender is there, nor how slow it is, nor what its clock shows.
"""

import contextlib
from typing import Final

from msgspec import structs

from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.core.packing import pad
from quartet.core.parcel import Opened, is_filler
from quartet.core.restored import read_restored
from quartet.node.contacts import Contacts
from quartet.node.contents import without_items
from quartet.node.epochs import Epochs
from quartet.node.frames import Frames
from quartet.node.intake import Kept
from quartet.node.neighbours import Neighbours
from quartet.node.parts import Parts
from quartet.node.recovering import Recovering
from quartet.node.registry import Registry
from quartet.node.room import Room
from quartet.wire import Arrival, open_sealed

CONFIRMED_AT_ONCE: Final = frozenset({"act", "attachment-part"})
"""What its sender waits for: to leave a hub, to send more of a file."""


class Arriving:
    """The door to the other members."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        epochs: Epochs,
        contacts: Contacts,
        frames: Frames,
        room: Room,
        neighbours: Neighbours,
        recovering: Recovering,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._epochs = epochs
        self._contacts = contacts
        self._frames = frames
        self._room = room
        self._neighbours = neighbours
        self._recovering = recovering

    async def took(self, arrival: Arrival) -> None:
        """Take what a member sent; raise the `Fault` for which it is dropped."""
        if arrival.frm not in self._neighbours.peers:
            raise Untrusted("unknown-member", arrival.frm)
        if arrival.kind in ("m", "h"):
            if await self._contacts.took(arrival):
                self._neighbours.wake()
        else:
            self._neighbours.peers[arrival.frm].arrived = self._parts.clock.now()
            await self._sealed(arrival, live=True)

    async def brought(self, arrival: Arrival) -> Kept | None:
        """Take a parcel that a file brought; return what is kept if it is new, or raise the `Fault` that drops it."""
        return await self._sealed(arrival, live=False)

    async def _sealed(self, arrival: Arrival, *, live: bool) -> Kept | None:
        now = self._parts.clock.now()
        if arrival.kind == "t" and not self._registry.membership.active(arrival.frm, now):
            raise Untrusted("not-a-member", arrival.frm)
        try:
            plaintext = open_sealed(
                arrival.data,
                exchange=self._registry.exchange,
                frm=arrival.frm,
                to=self._parts.me,
                secrets=self._epochs.secrets,
            )
        except Unavailable:
            await self._contacts.answer(arrival.frm)
            raise
        if arrival.kind == "t":
            self._room.check()
            await self._frames.took(plaintext, arrival.frm)
            return None
        if is_filler(plaintext):
            return None
        async with self._neighbours.peers[arrival.frm].taking:
            return await self._parcel(plaintext, arrival.frm, now, live=live)

    async def _parcel(self, plaintext: bytes, frm: MemberId, now: Micros, *, live: bool) -> Kept | None:
        """Take a parcel; return what was kept of it if it was new."""
        here = self._neighbours
        peer, receiver, pump = here.peers[frm], here.receivers[frm], here.pumps[frm]  # it may leave meanwhile
        opened = receiver.open(plaintext)
        header = opened.header
        wholes, held = peer.joining.join(opened.contents)
        opened = structs.replace(opened, contents=(*opened.contents, *held))
        for content in opened.contents:
            if content.tag == "restored":
                if self._registry.membership.active(frm, now):
                    await pump.returning.asked(read_restored(content.data), now)
                return None
        passed = header.seq <= peer.incoming.through  # a hub may bring an old one as often as it likes
        if peer.cover is not None and not passed and (header.previous is None or header.epoch < peer.acts_to):
            await pump.anew(header.epoch)
        await self._recovering.took(opened, frm, now)
        if not self._recovering.answered(frm):
            return None
        away = peer.heard is not None and now - peer.heard > peer.outgoing.patience
        try:
            confirmed = peer.outgoing.heard(header.received, now, away=away, live=live)
        except Untrusted:
            await self._recovering.elsewhere.confirmed(frm, now)
            raise
        await pump.arrived(confirmed)
        if away and live:
            await pump.back(now)
        try:
            incoming = peer.incoming.copy()
            fresh = incoming.admit(header.seq, opened.header_hash, header.previous, list(header.voids), live=live)
        except Fault as fault:
            peer.refused = str(fault)
            await receiver.compare(header.checkpoint, now)
            raise
        if not fresh and not pump.returning.before(header.seq):
            await receiver.compare(header.checkpoint, now)
        if fresh and self._room.lately_low and without_items(opened.contents) != opened.contents:
            fewer = structs.replace(opened, contents=without_items(opened.contents))
            await receiver.take(fewer, now, None, live=live)
            raise Unavailable("disk-low", f"what {frm} sent waits there")
        if not fresh:
            return None
        kept = await receiver.take(opened, now, incoming, live=live)
        peer.joining.done(wholes)
        if live:
            await self._pictures(opened, frm)
        if any(content.tag in CONFIRMED_AT_ONCE for content in opened.contents):
            pump.confirm()
        elif peer.outgoing.voids:
            peer.wake.set()
        return kept

    async def _pictures(self, opened: Opened, frm: MemberId) -> None:
        """Take the frames that a parcel under cover brought; one that is not taken stops nothing else."""
        for content in opened.contents:
            if content.tag == "frame" and self._registry.membership.active(frm, self._parts.clock.now()):
                with contextlib.suppress(Fault):
                    self._room.check()
                    await self._frames.took(pad(content.data), frm)
