"""Follow a sender's log with what its parcels bring of it: leaves, checkpoints, and what the witnesses say of them."""

import asyncio

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import Micros
from quartet.core.parcel import Opened
from quartet.node.contents import held_size, read_leaf_part, text_of
from quartet.node.doubts import Doubts
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.witness import LeafPart, Witness


class Following:
    """Follows one peer's log."""

    def __init__(self, parts: Parts, witness: Witness, peer: Peer, doubts: Doubts) -> None:
        self._parts = parts
        self._witness = witness
        self._peer = peer
        self._doubts = doubts

    async def take(self, opened: Opened, now: Micros, *, live: bool) -> None:
        """Follow the sender's log with the leaves and the checkpoint that came, and take in cosignatures.

        The date of a cosignature shows the sender's clock only if it came over a `live` link: in a file it is old.
        """
        part = None
        for content in opened.contents:
            try:
                if content.tag == "proof-part":
                    part = read_leaf_part(content.data)
                elif content.tag == "checkpoint":
                    self._peer.leaves_to = held_size(content.data)
            except Fault as fault:
                await self._doubts.alarm(fault, now)
        lines = [content.data for content in opened.contents if content.tag == "cosignature"]
        heard = self._heard(opened.header.checkpoint, part, now)
        ended = await asyncio.gather(
            heard, *(self._cosignature(line, now, live=live) for line in lines), return_exceptions=True
        )
        for error in ended:  # one commit for all; and none of it is under way when the next parcel is taken
            if error is not None:
                raise error

    async def compare(self, checkpoint: str | None, now: Micros) -> None:
        """Compare a checkpoint of the sender's with what we hold; a false one is alarmed."""
        try:
            await self._witness.compare(self._peer.member, checkpoint, now)
        except Unavailable:
            return
        except Fault as fault:
            await self._doubts.alarm(fault, now)

    async def _heard(self, checkpoint: str | None, part: LeafPart | None, now: Micros) -> None:
        try:
            await self._witness.heard(self._peer.member, checkpoint, part, now)
        except Unavailable:
            return  # no fault of the peer's: the disk is full, or leaves are missing; the next parcel says it again
        except Fault as fault:
            await self._doubts.alarm(fault, now)

    async def _cosignature(self, data: bytes, now: Micros, *, live: bool) -> None:
        try:
            at = await self._witness.cosigned(self._peer.member, text_of(data), now)
        except Unavailable:
            return
        except Fault as fault:
            await self._doubts.alarm(fault, now)
            return
        if at is not None and live:
            self._parts.clock.heard(self._peer.member, at)
