"""The members that this node deals with now, each with its pump and its receiver: they come and go with the acts.

A newcomer is met on the act of its admission, and who left is dropped on the act that says so; a suspended member
stays, for the recalls of what it holds. What both sides confirmed lies in the store: who comes again goes on there.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from quartet.core.ids import MemberId, Micros
from quartet.node.carriage import place_of, read_carriage
from quartet.node.directalarm import DirectAlarms
from quartet.node.link import PATIENCE
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.pump import Pump
from quartet.node.receive import Receiver
from quartet.node.registry import Registry

Make = Callable[[Peer], tuple[Pump, Receiver]]
"""Makes what sends to a peer, and what takes in from it."""

ANSWERED_AFTER: Final = 5
"""Under cover what is confirmed goes in slots: ticks within which it comes."""
STAYS: Final = frozenset({"active", "suspended"})


class Neighbours:
    """Meets and leaves members; `peers`, `pumps` and `receivers` always hold the same ones."""

    def __init__(self, parts: Parts, registry: Registry, make: Make) -> None:
        self.peers: dict[MemberId, Peer] = {}
        self.pumps: dict[MemberId, Pump] = {}
        self.receivers: dict[MemberId, Receiver] = {}
        self._parts = parts
        self._registry = registry
        self._make = make
        self._changed = asyncio.Event()
        self._direct = DirectAlarms(parts)

    async def alarm(self, now: Micros) -> None:
        """Alarm of the direct links to who is here that do not stand."""
        await self._direct.look(self.peers, now)

    def look(self) -> None:
        """Meet whoever is a member at this moment, and leave whoever is none any more."""
        membership, now = self._registry.membership, self._parts.clock.now()
        wanted = {m for m in self._registry.others() if membership.state(m, now) in STAYS}
        for member in sorted(wanted - self.peers.keys()):
            self._meet(member)
        for member in sorted(self.peers.keys() - wanted):
            self._leave(member)
        for peer in self.peers.values():
            if peer.cover != self._registry.cover:
                self._cover(peer)
        for member in self.peers:
            if not membership.active(member, now):
                self._parts.clock.forget(member)
        self._parts.clock.expect(sum(membership.active(member, now) for member in self.peers))

    def wake(self) -> None:
        """Let every pump look."""
        for peer in self.peers.values():
            peer.wake.set()

    def have_acts(self) -> bool:
        """Tell whether everybody else here confirmed every act that we know."""
        return all(peer.acts_to >= len(self._registry.state.acts) for peer in self.peers.values())

    async def run(self) -> None:
        """Keep the pumps of those who are here going, until cancelled."""
        running: dict[tuple[Pump, int | None], asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            while True:
                here = {(pump, pump.peer.cover) for pump in self.pumps.values()}
                for one in running.keys() - here:
                    running.pop(one).cancel()
                for one in here - running.keys():
                    running[one] = tasks.create_task(one[0].run())
                self._changed.clear()
                await self._changed.wait()

    def _cover(self, peer: Peer) -> None:
        """Have what is sent to a peer go as the charter has it now: its pump begins anew."""
        peer.cover = self._registry.cover
        covered = peer.cover is not None
        peer.outgoing.least = max(PATIENCE, ANSWERED_AFTER * self._registry.membership.tick) if covered else PATIENCE
        self._changed.set()

    def _meet(self, member: MemberId) -> None:
        reader = self._parts.store.reader
        carriage = read_carriage(reader.meta(place_of(member)))
        peer = Peer.of(member, reader.sent(member), reader.received(member), carriage)
        self._cover(peer)
        self.pumps[member], self.receivers[member] = self._make(peer)
        self.peers[member] = peer
        self._parts.carrier.add_peer(member)
        self._changed.set()

    def _leave(self, member: MemberId) -> None:
        self._parts.carrier.remove_peer(member)
        self._parts.clock.forget(member)
        for known in (self.peers, self.pumps, self.receivers):
            del known[member]
        self._changed.set()
