"""Give a peer that came back, from a backup or with new keys, what it lost: its log, its cosignatures, all statements.

The peer says so outside of its stream (`core.restored`). Both streams go on behind a gap that no older parcel reaches,
so that nothing of before is taken late; what it was sent since its backup is due again, and what it said since then
goes back to it, each item by the gate's word.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import json, structs

from quartet.core.encoding import Value, encode
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.packing import write_packed
from quartet.core.parcel import open_content
from quartet.core.release import Released
from quartet.core.restored import MAX_LEAVES, Restored, Returned
from quartet.node.filing import lane_of
from quartet.node.holdings import Holdings
from quartet.node.link import Incoming, Outgoing
from quartet.node.load import Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.witness import Witness
from quartet.store import ReceivedState, SentState, Tx

GAP: Final = 10_000
"""Numbers that a stream leaves out: more than are ever on their way."""
AGAIN: Final = 60 * SECOND
"""The least time between two restores of one peer that we go along with: each costs us all that it lost."""
LEAVES_ROOM: Final = 2 * 32
"""Under cover an answer has half a parcel for leaves."""
MARGIN: Final = 3_600 * SECOND
"""Paths and records that were told so long before what was lost are told again: nobody kept in which parcel."""
MAX_NONCES: Final = 64
AT_ONCE: Final = 500
"""Items that are decided in one go."""


class Kept(Value, frozen=True):
    """The newest restore of a peer, and which ones were before; what is said of these again is nothing new."""

    nonce: str
    began: Micros
    received: int
    sent: int = 0
    upto: int = 0
    ready: bool = False
    before: tuple[str, ...] = ()


class Returning:
    """Answers one peer that came back."""

    def __init__(
        self,
        parts: Parts,
        witness: Witness,
        holdings: Holdings,
        peer: Peer,
        released: Callable[[ItemId, Micros], Released | None],
    ) -> None:
        self._parts = parts
        self._store = parts.store
        self._witness = witness
        self._holdings = holdings
        self._peer = peer
        self._released = released
        found = self._store.reader.meta(self._place)
        self._kept = None if found is None else json.decode(found, type=Kept)
        self._asked: Restored | None = None

    @property
    def _place(self) -> str:
        return f"returning/{self._peer.member}"

    async def asked(self, said: Restored, now: Micros) -> None:
        """Hear that the peer came back; in its turn with all other parcels of the peer."""
        kept, nonce = self._kept, said.nonce.hex()
        if kept is None or kept.nonce != nonce:
            if kept is not None and (nonce in kept.before or now - kept.began < AGAIN):
                return
            await self._begin(said, now)
        await self._witness.cut_revoked(self._peer.member)  # root's word may have come after the question
        if self._kept is not None and not self._kept.ready:
            await self._due_again(said, now)
        self._asked = said
        self._peer.wake.set()

    async def _begin(self, said: Restored, now: Micros) -> None:
        """Take none of the peer's older parcels from here on, nor what of its log it did not sign for."""
        peer, old = self._peer, self._kept
        before = () if old is None else (*old.before, old.nonce)[-MAX_NONCES:]
        incoming = Incoming(peer.incoming.through + GAP)
        kept = Kept(nonce=said.nonce.hex(), began=now, received=incoming.through, before=before)
        await self._witness.cut_back(peer.member)
        detail = f"{peer.member} came back from a backup, or has new keys: what it lost goes to it again"

        def job(tx: Tx) -> None:
            tx.save_received(peer.member, ReceivedState(through=incoming.through))
            tx.set_meta(self._place, encode(kept).decode())
            tx.put_alarm("restored", peer.member, detail, now)

        await self._store.write(job)
        self._kept, peer.incoming = kept, incoming
        peer.acts_to = peer.officers = 0
        peer.told_cosigned.clear()

    async def _due_again(self, said: Restored, now: Micros) -> None:
        """Have what the peer was sent since its backup, and what it said itself since then, go to it."""
        member, reader = self._peer.member, self._store.reader
        upto, first = reader.last_admission(), reader.first_sent_after(member, said.received)
        lost = [
            *reader.said_after(member, self._witness.origin(member), said.log),
            *reader.sent_after(member, said.received),
        ]
        for start in range(0, len(lost), AT_ONCE):
            rows = list(self._lanes(lost[start : start + AT_ONCE], now))
            await self._store.write(lambda tx, rows=rows: tx.due_again(member, rows, now))  # type: ignore[misc]
            await asyncio.sleep(0)
        await self._store.write(lambda tx: tx.tell_again(member, Micros((first or now) - MARGIN)))
        await self._keep(ready=True, upto=upto)

    def _lanes(self, items: Iterable[ItemId], now: Micros) -> Iterable[tuple[ItemId, int]]:
        """Yield those of some items that the gate gives the peer now, each with its lane."""
        for item in items:
            released = self._released(item, now)
            if released is not None:
                yield item, lane_of(released.item)

    async def _keep(self, **changes: object) -> None:
        if self._kept is not None:
            kept = self._kept = structs.replace(self._kept, **changes)
            await self._store.write(lambda tx: tx.set_meta(self._place, encode(kept).decode()))

    def before(self, seq: int) -> bool:
        """Return whether a parcel is from before the peer came back: what it says of its log does not count."""
        return self._kept is not None and seq <= self._kept.received

    @property
    def due(self) -> bool:
        """Whether our own stream must begin anew before anything is sent."""
        return self._kept is not None and self._kept.sent == 0

    async def look(self) -> None:
        """Begin our own stream anew behind a gap; what is on its way in the old one counts as lost."""
        peer = self._peer
        sent = max(peer.outgoing.seq, peer.outgoing.reserved) + GAP
        await self._store.write(lambda tx: tx.save_sent(peer.member, SentState(reserved=sent, acked=sent)))
        peer.outgoing = Outgoing(sent, sent, peer.outgoing.least)
        await self._keep(sent=sent)

    async def add(self, load: Load, now: Micros) -> None:
        """Answer what the peer asked last."""
        said, kept, member = self._asked, self._kept, self._peer.member
        if said is None or kept is None:
            return
        self._asked = None
        note, first, leaves = self._of_log(
            said.log, MAX_LEAVES if self._peer.cover is None else load.room // LEAVES_ROOM
        )
        whole = self._holdings.recovering or not self._store.reader.any_due(member, kept.upto)
        answer = Returned(
            nonce=said.nonce,
            received=kept.received,
            sent=kept.sent,
            note=note,
            first=first,
            leaves=leaves,
            cosigned=self._witness.pledges.to(member),
            whole=whole,
        )
        load.add(open_content("returned", write_packed(answer)))
        if whole and self._store.reader.has_alarm("restored", member):

            def job(tx: Tx) -> None:
                tx.all_returned(member)
                tx.end_alarm("restored", member, now)

            await self._store.write(job)

    def _of_log(self, held: int, most: int) -> tuple[str, int, bytes]:
        """Return the peer's newest checkpoint here, and leaves up to it behind those that it holds."""
        origin = self._witness.origin(self._peer.member)
        found = self._store.reader.checkpoint(origin)
        if found is None:
            return "", held, b""
        count = max(0, min(most, MAX_LEAVES, found[0] - held))
        return found[1], held, b"".join(self._store.reader.leaves(origin, held, count))
