"""Send one peer a parcel of one size in each slot, whatever there is to say, and nothing else at any other time.

A hub - it may be a member's - then learns from when, how many and how large nothing of what is said to whom. Parcels
are made and sealed before their slot, so that how much work it was does not show in when they leave; where none is
ready a filler goes. Who we are, and hints, go in slots too. A moment before the slot the gate is asked again.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import SECOND, Micros
from quartet.core.parcel import filler
from quartet.node.contacts import Contacts
from quartet.node.link import Cargo
from quartet.node.pace import Pace
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.wire.seal import PublicEpoch, seal

PREPARE: Final = SECOND // 4
"""How long before its slot a parcel is begun; a quarter of the tick where that is less."""
LOOK: Final = SECOND // 50
"""How long before its slot the gate is asked for the last time; a sixteenth of the tick where that is less."""
RETRY_S: Final = 0.25


class Ready(NamedTuple):
    """A sealed parcel that waits for its slot: its number, what it carries, and for whom it was decided."""

    seq: int
    sealed: bytes
    cargo: Cargo
    active: bool


class Covering:
    """One peer's slots."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        contacts: Contacts,
        peer: Peer,
        prepare: Callable[[], Awaitable[Ready | None]],
        back: Callable[[int], Awaitable[None]],
        gives: Callable[[Cargo, Micros], bool],
    ) -> None:
        """Send what `prepare` makes; what does not leave goes `back`. `gives` asks the gate about all of it.

        The size is that of now: an act may change the peer's while a slot is under way, and its slots begin anew.
        """
        assert peer.cover is not None
        self._size = peer.cover
        self._gives = gives
        self._parts = parts
        self._registry = registry
        self._contacts = contacts
        self._peer = peer
        self._prepare = prepare
        self._back = back
        self._tick = registry.membership.tick
        last = parts.store.reader.last_tick()
        self._pace = Pace(self._tick, None if last is None else last.number)
        self._ready: deque[Ready] = deque()
        self._gone: deque[int] = deque()
        """Numbers of parcels that did not leave."""
        self._count = 0
        self._asked = asyncio.Event()

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._make_ready())
            tasks.create_task(self._keep_time())

    async def _make_ready(self) -> None:
        """Make as many parcels as the next slot has, each time it is asked."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                while self._gone:
                    await self._back(self._gone.popleft())
                while len(self._ready) < self._count and (made := await self._prepare()) is not None:
                    self._ready.append(made)
            except (Fault, sqlite3.Error):
                await asyncio.sleep(RETRY_S)  # the disk is full or busy; the tick alarms, and fillers go

    async def _keep_time(self) -> None:
        slot = None
        while True:
            now = self._parts.clock.now()
            following = self._pace.following(now)
            slot = following + 1 if following == slot else following
            moment = self._pace.moment(slot)
            if not await self._until(moment - min(PREPARE, self._tick // 4)):
                continue
            self._ask(slot)
            await self._until(moment - min(LOOK, self._tick // 16))
            going = self._looked_at(slot)
            # sealed now: what is sealed at its moment leaves after it, and shows
            fillers = self._fill(self._count - len(going))
            await self._until(moment)
            await self._send(slot, going, fillers)

    async def _until(self, at: int) -> bool:
        """Wait for a time; return False where the clock was set so that it lies far off."""
        while (wait := at - self._parts.clock.now()) > 0:
            if wait > 2 * self._tick:
                return False
            await asyncio.sleep(wait / SECOND)
        return True

    def _ask(self, slot: int) -> None:
        """Have as many parcels made as the slot is to have."""
        now, member = self._parts.clock.now(), self._peer.member
        up = self._parts.carrier.linked(member) and self._key(now) is not None
        there = self._pace.there(self._peer.arrived, now)
        self._count = self._pace.parcels(slot, up=up, there=there)
        self._asked.set()

    def _looked_at(self, slot: int) -> list[Ready]:
        """Return what is ready for the slot, less what the gate gives no more: that is made anew.

        A node that came back asks for what it lost in every other slot, beside its stream.
        """
        count = self._count - (self._peer.aside is not None and slot % 2)
        going = [self._ready.popleft() for _ in range(min(count, len(self._ready)))]
        self._gone += [one.seq for one in going if not self._still(one)]
        return [one for one in going if one.seq not in self._gone]

    def _still(self, ready: Ready) -> bool:
        """Return whether the gate still gives the peer all that a parcel carries; not while our store cannot say."""
        now, member = self._parts.clock.now(), self._peer.member
        try:
            return self._registry.membership.active(member, now) == ready.active and self._gives(ready.cargo, now)
        except sqlite3.Error:
            return False

    async def _send(self, slot: int, going: list[Ready], fillers: list[bytes]) -> None:
        member, carrier = self._peer.member, self._parts.carrier
        try:
            for data in (*(one.sealed for one in going), *fillers):
                await carrier.send(member, "p", data)
            for kind, data in self._contacts.due(member, slot, ask=self._key(self._parts.clock.now()) is None):
                await carrier.send(member, kind, data)
        except Unavailable:
            self._gone += [one.seq for one in going]  # those that went come twice, and count once

    def _fill(self, count: int) -> list[bytes]:
        """Return what goes where nothing is ready: now and then that we came back, else fillers.

        Nothing where there is no key of the peer's, or one that nobody could seal for.
        """
        key = self._key(self._parts.clock.now())
        if key is None or count <= 0:
            return []
        plain = [filler(self._size)] * count
        if self._peer.aside is not None:
            plain[0], self._peer.aside = self._peer.aside, None
        try:
            return [self._sealed(one, key) for one in plain]
        except Fault:
            return []

    def _sealed(self, plaintext: bytes, key: PublicEpoch) -> bytes:
        exchange, me = self._registry.exchange, self._parts.me
        return seal(plaintext, exchange=exchange, frm=me, to=self._peer.member, public=key)

    def _key(self, now: Micros) -> PublicEpoch | None:
        return self._registry.epoch_key(self._peer.member, now)
