"""Carry bytes between members over NATS: `f.<from>.<to>.<kind>`, a connection and a bounded queue a peer.

One shared connection would let a flooding member cut another's mail off. A peer that keeps overflowing its queue is
muted (we end our interest, so that its flood stops at the hub). A message's `reply` is never honoured: with it one
member made another publish.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, cast

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.wire.carrier import KINDS, MAX_DATA, Arrival, Handler, Kind
from quartet.wire.inbox import LIMITS, Inbox, Limits

SEND_SECONDS: Final = 5.0
"""Deadline of `send`."""
OUT_BYTES: Final = 8 * 1024 * 1024
"""What may wait in one peer's connection before `send` waits for the socket."""
RETRY_SECONDS: Final = 0.2
LOOK_SECONDS: Final = 0.25
"""How often we ask our server whether its leaf connection stands."""
MUTE_AFTER: Final = 500
"""Messages dropped in a second after which a peer is muted."""
MUTE_SECONDS: Final = 2.0
ASK_SECONDS: Final = 1.0
LEAFZ: Final = "$SYS.REQ.SERVER.PING.LEAFZ"

Noted = Callable[[Exception], Awaitable[None]]
TROUBLE: Final = (nats.errors.Error, OSError, TimeoutError)


class Access(Value, frozen=True):
    """How to get at a server: its URL, and secret nkeys for LOCAL, FED (`wire` alone) and the system account.

    A hub has the last only: there, the others are empty.
    """

    url: str
    local: str
    fed: str
    system: str

    def __repr__(self) -> str:
        return f"Access({self.url})"


class _Link:
    """One peer's connection: kept up by `run`, whatever befalls it."""

    def __init__(self, me: MemberId, peer: MemberId, access: Access, inbox: Inbox, count: Counter[str]) -> None:
        self.client: Client | None = None
        self._out = f"f.{me}.{peer}."
        self._in = f"f.{peer}.{me}.*"
        self._peer = peer
        self._access = access
        self._inbox = inbox
        self._count = count
        self._full = 0
        self._over = asyncio.Event()

    @property
    def up(self) -> bool:
        return self.client is not None and self.client.is_connected

    async def send(self, kind: Kind, data: bytes) -> None:
        client = self.client
        if client is None or not client.is_connected:
            raise Unavailable("link-down", f"to {self._peer}: our own server does not answer")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await client.publish(self._out + kind, data)
        except TROUBLE as error:
            raise Unavailable("link-down", f"to {self._peer}: {type(error).__name__}") from error
        finally:
            end_if_told()

    async def run(self) -> None:
        while True:
            closed = asyncio.Event()
            with contextlib.suppress(*TROUBLE):
                self.client = await connect(self._access.url, self._access.fed, self._noted, closed)
                await self._listen(self.client, closed)
            end_if_told()
            await self.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with contextlib.suppress(*TROUBLE):
                await client.close()

    async def _listen(self, client: Client, closed: asyncio.Event) -> None:
        """Hear the peer until the connection is closed for good; while it floods, do not hear it for a while."""
        while not closed.is_set():
            self._over.clear()
            subscription = await client.subscribe(self._in, cb=self._arrived)
            end_if_told()
            gone = asyncio.create_task(closed.wait())
            over = asyncio.create_task(self._flooded())
            try:
                await asyncio.wait((gone, over), return_when=asyncio.FIRST_COMPLETED)
            finally:
                gone.cancel()
                over.cancel()
            if not closed.is_set():
                self._count[f"muted.{self._peer}"] += 1
                await subscription.unsubscribe()
                end_if_told()
                await asyncio.sleep(MUTE_SECONDS)

    async def _flooded(self) -> None:
        while True:
            self._full = 0
            await asyncio.sleep(1)
            if self._full > MUTE_AFTER:
                return

    async def _arrived(self, message: Msg) -> None:
        kind = message.subject.rpartition(".")[2]
        if kind not in KINDS:
            self._inbox.drop("unknown-kind")
        elif not self._inbox.offer(Arrival(self._peer, cast(Kind, kind), message.data)):
            self._full += 1

    async def _noted(self, error: Exception) -> None:
        self._count[f"nats.{type(error).__name__}"] += 1
        if isinstance(error, nats.errors.SlowConsumerError):
            self._full += 1


class NatsCarrier:
    """A member's way to the others over its own nats-server; peers may come and go while it runs."""

    def __init__(self, me: MemberId, access: Access, peers: Iterable[MemberId] = (), limits: Limits = LIMITS) -> None:
        self._me = me
        self._access = access
        self._inbox = Inbox(limits)
        self._count: Counter[str] = Counter()
        self._links: dict[MemberId, _Link] = {}
        self._tasks: dict[MemberId, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._leaf = False
        for peer in peers:
            self.add_peer(peer)

    def add_peer(self, peer: MemberId) -> None:
        """Hear a peer, and be able to send to it, from now on."""
        if peer in self._links or peer == self._me:
            return
        self._links[peer] = _Link(self._me, peer, self._access, self._inbox, self._count)
        self._attend(peer)

    def remove_peer(self, peer: MemberId) -> None:
        """Neither hear a peer nor send to it any more; what waits from it is dropped."""
        self._links.pop(peer, None)
        task = self._tasks.pop(peer, None)
        if task is not None:
            task.cancel()
        self._inbox.forget(peer)

    def peers(self) -> tuple[MemberId, ...]:
        """Return the peers that we hear."""
        return tuple(self._links)

    async def send(self, to: MemberId, kind: Kind, data: bytes) -> None:
        """Publish to `to`; `Unavailable("link-down")` while no hub is reached or our server does not answer."""
        if len(data) > MAX_DATA:
            raise Malformed("too-large", f"{len(data)} bytes where {MAX_DATA} may be")
        link = self._links.get(to)
        if link is None:
            raise Unavailable("unknown-peer", to)
        if not self._leaf:
            raise Unavailable("link-down", f"to {to}: no hub is reached")
        await link.send(kind, data)

    def linked(self, to: MemberId) -> bool:
        """Tell whether our connection for `to` stands and our server reaches a hub."""
        link = self._links.get(to)
        return self._leaf and link is not None and link.up

    async def run(self, handler: Handler) -> None:
        """Connect, and give what arrives to `handler` until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._look())
                for peer in self._links:
                    self._attend(peer)
                await self._inbox.run(handler)
        finally:
            self._group, self._leaf = None, False
            self._tasks.clear()

    def counters(self) -> Mapping[str, int]:
        """Return how much was received, dropped, refused, muted."""
        return {**self._inbox.counters(), **self._count}

    def _attend(self, peer: MemberId) -> None:
        if self._group is not None:
            self._tasks[peer] = self._group.create_task(_keep(self._links[peer]))

    async def _look(self) -> None:
        """Ask our server, again and again, whether a hub is reached."""
        while True:
            closed = asyncio.Event()
            client: Client | None = None
            with contextlib.suppress(*TROUBLE):
                client = await connect(self._access.url, self._access.system, self._noted, closed)
                while not closed.is_set():
                    self._leaf = await reaches_hub(client, self._leaf)
                    end_if_told()
                    await asyncio.sleep(LOOK_SECONDS)
            self._leaf = False
            end_if_told()
            if client is not None:
                with contextlib.suppress(*TROUBLE):
                    await client.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def _noted(self, error: Exception) -> None:
        self._count[f"nats.{type(error).__name__}"] += 1


async def _keep(link: _Link) -> None:
    try:
        await link.run()
    finally:
        await link.close()


async def connect(url: str, seed: str, noted: Noted, closed: asyncio.Event) -> Client:
    """Return a connection that comes back by itself; `closed` is set when it has ended for good."""

    async def gone() -> None:
        closed.set()

    client = Client()
    try:
        await client.connect(
            url,
            nkeys_seed_str=seed,
            error_cb=noted,
            closed_cb=gone,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RETRY_SECONDS,  # type: ignore[arg-type]
            connect_timeout=2,
            ping_interval=2,
            pending_size=OUT_BYTES,
            flush_timeout=SEND_SECONDS,
        )
        end_if_told()
    except BaseException:
        with contextlib.suppress(*TROUBLE):
            await client.close()
        raise
    return client


def end_if_told() -> None:
    """End a task whose cancellation the library swallowed, as it does wherever it waits for its flusher.

    A task that never ends keeps its node from ending, and from starting anew after a fault.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def reaches_hub(client: Client, before: bool) -> bool:
    """Ask the server whether a leaf connection of the exchange stands; a late answer leaves it as it was `before`."""
    if not client.is_connected:
        return False
    try:
        answer = await client.request(LEAFZ, b"", timeout=ASK_SECONDS)
        leafs = json.loads(answer.data)["data"].get("leafs") or []
        return any(leaf.get("account") == "FED" for leaf in leafs)
    except TimeoutError:
        return before and client.is_connected
    except (*TROUBLE, ValueError, KeyError, AttributeError):
        return False
