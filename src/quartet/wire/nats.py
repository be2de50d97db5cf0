"""Carry bytes between members over NATS: `f.<from>.<to>.<kind>`, a connection and a bounded queue a peer.

One shared connection would let a flooding member cut another's mail off. A peer with a direct link has two: of what
we send, that link takes all while it stands, and a hub the rest. What comes by either goes through the one queue.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.wire.carrier import MAX_DATA, By, Handler, Kind, Way
from quartet.wire.inbox import LIMITS, Inbox, Limits
from quartet.wire.lookout import Lookout
from quartet.wire.natslink import Access, NatsLink, keep


class NatsCarrier:
    """A member's way to the others over its own nats-server; peers may come and go while it runs."""

    def __init__(self, me: MemberId, access: Access, peers: Iterable[MemberId] = (), limits: Limits = LIMITS) -> None:
        self._me = me
        self._access = access
        self._inbox = Inbox(limits)
        self._count: Counter[str] = Counter()
        self._over_hub: dict[MemberId, NatsLink] = {}
        self._direct: dict[MemberId, NatsLink] = {}
        self._tasks: dict[MemberId, list[asyncio.Task[None]]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._lookout = Lookout(access, self._count)
        for peer in peers:
            self.add_peer(peer)

    def add_peer(self, peer: MemberId) -> None:
        """Hear a peer, and be able to send to it, from now on."""
        if peer in self._over_hub or peer == self._me:
            return
        self._over_hub[peer] = self._link(peer, self._access.fed)
        if peer in self._access.direct:
            self._direct[peer] = self._link(peer, self._access.direct[peer].login)
        self._attend(peer)

    def remove_peer(self, peer: MemberId) -> None:
        """Neither hear a peer nor send to it any more; what waits from it is dropped."""
        self._over_hub.pop(peer, None)
        self._direct.pop(peer, None)
        for task in self._tasks.pop(peer, []):
            task.cancel()
        self._inbox.forget(peer)

    def peers(self) -> tuple[MemberId, ...]:
        """Return the peers that we hear."""
        return tuple(self._over_hub)

    async def send(self, to: MemberId, kind: Kind, data: bytes) -> None:
        """Publish to `to`: directly while that link stands, and over a hub where it does not or does not take it.

        Raise `Unavailable("link-down")` while neither stands, or our server does not answer.
        """
        if len(data) > MAX_DATA:
            raise Malformed("too-large", f"{len(data)} bytes where {MAX_DATA} may be")
        if to not in self._over_hub:
            raise Unavailable("unknown-peer", to)
        failed = Unavailable("link-down", f"to {to}: neither a hub nor a direct link is reached")
        for link in self._standing(to):
            try:
                return await link.send(kind, data)
            except Unavailable as error:
                failed = error
        raise failed

    def linked(self, to: MemberId) -> bool:
        """Tell whether our connection for `to` stands, and our server reaches a hub or that peer."""
        return any(link.up for link in self._standing(to))

    def way(self, to: MemberId) -> Way:
        """Tell by which way a peer is reached now."""
        way = next((link for link in self._standing(to) if link.up), None)
        by: By = "none" if way is None else "direct" if way is self._direct.get(to) else "hub"
        lookout = self._lookout
        return Way(by, lookout.hub() or "", to in self._direct, lookout.trouble(to) if to in self._direct else "")

    async def run(self, handler: Handler) -> None:
        """Connect, and give what arrives to `handler` until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._lookout.run())
                for peer in self._over_hub:
                    self._attend(peer)
                await self._inbox.run(handler)
        finally:
            self._group = None
            self._tasks.clear()

    def counters(self) -> Mapping[str, int]:
        """Return how much was received, dropped, refused, muted."""
        return {**self._inbox.counters(), **self._count}

    def _standing(self, to: MemberId) -> Iterator[NatsLink]:
        """Yield the ways to a peer that stand at our server, the preferred first."""
        if to in self._direct and self._lookout.direct(to):
            yield self._direct[to]
        if to in self._over_hub and self._lookout.hub() is not None:
            yield self._over_hub[to]

    def _link(self, peer: MemberId, login: str) -> NatsLink:
        return NatsLink(self._me, peer, (self._access.url, login), self._inbox, self._count)

    def _attend(self, peer: MemberId) -> None:
        if self._group is not None:
            links = [link for link in (self._over_hub.get(peer), self._direct.get(peer)) if link is not None]
            self._tasks[peer] = [self._group.create_task(keep(link)) for link in links]
