"""Send the files that go with items, part by part behind everything else, and again what a peer asks for.

How far a file has come at a peer is kept as the peer confirms it: after a crash it goes on from there.
"""

from collections.abc import Callable, Iterable
from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.parcel import MAX_PART, Content, released_part
from quartet.core.release import Released
from quartet.node.attachments import Attachments
from quartet.node.load import Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer, Wanted
from quartet.store import Tx

PART_ROOM: Final = MAX_PART + 1024
"""What a part takes in a parcel, with its path."""


class Shipping:
    """One peer's files on their way; `released` asks the gate for an item and this peer."""

    def __init__(
        self,
        parts: Parts,
        attachments: Attachments,
        peer: Peer,
        released: Callable[[ItemId, Micros], Released | None],
    ) -> None:
        self._parts = parts
        self._attachments = attachments
        self._peer = peer
        self._released = released

    async def add(self, load: Load, now: Micros) -> bool:
        """Add what we ask for, then one part: one asked for again, or the next of a file; return whether it did."""
        while self._peer.asks and load.takes(len(self._peer.asks[0].data)):
            load.add(self._peer.asks.popleft())
        if not load.takes(PART_ROOM):
            return True
        while self._peer.wanted:
            if await self._add(self._peer.wanted.popleft(), load, now):
                return True
        for item, root, following, of in self._parts.store.reader.part_deliveries(self._peer.member):
            number = self._peer.sending.get((item, root), following)
            if number < of and await self._add((item, root, number), load, now):
                self._peer.sending[(item, root)] = number + 1
                return True
        return False

    async def confirmed(self, parts: Iterable[Wanted]) -> None:
        """Note which parts arrived."""
        for item, root, number in parts:
            going = {(i, r): (n, of) for i, r, n, of in self._parts.store.reader.part_deliveries(self._peer.member)}
            following, of = going.get((item, root), (-1, 0))
            if number == following:
                await self._parts.store.write(_advance(self._peer.member, item, root, number + 1, of))
                if number + 1 == of:
                    self._peer.sending.pop((item, root), None)

    def voided(self, parts: Iterable[Wanted]) -> None:
        """Note which parts are lost: their files go on from what was confirmed."""
        for item, root, _ in parts:
            self._peer.sending.pop((item, root), None)

    async def _add(self, wanted: Wanted, load: Load, now: Micros) -> bool:
        content = await self._content(wanted, now)
        if content is None:
            return False
        load.add(content).parts.append(wanted)
        return True

    async def _content(self, wanted: Wanted, now: Micros) -> Content | None:
        """Return a part as it travels; None while the gate withholds its item, or if our own copy is damaged."""
        item, root, number = wanted
        released = self._released(item, now)
        if released is None:
            return None
        try:
            found = self._attachments.part(item, root, number)
        except Untrusted as fault:
            await self._give_up(item, root, fault, now)
            return None
        return None if found is None else released_part(released, root, number, *found)

    async def _give_up(self, item: ItemId, root: str, fault: Untrusted, now: Micros) -> None:
        """Our own copy of a file is damaged: alarm, and let the others on their way."""
        member, me = self._peer.member, self._parts.me

        def job(tx: Tx) -> None:
            tx.drop_part_delivery(member, item, root)
            tx.put_alarm(fault.reason, me, fault.detail, now)

        await self._parts.store.write(job)


def _advance(member: MemberId, item: ItemId, root: str, following: int, parts: int) -> Callable[[Tx], None]:
    def job(tx: Tx) -> None:
        if following >= parts:
            tx.drop_part_delivery(member, item, root)
        else:
            tx.set_part_delivery(member, item, root, following, parts)

    return job
