"""One peer's connection to our own server, in one account of it: kept up whatever befalls it.

A peer that keeps overflowing its queue is muted (we end our interest, so that its flood stops before it comes here).
A message's `reply` is never honoured: with it one member made another publish.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, cast

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from quartet.core.encoding import Value
from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.wire.carrier import KINDS, Arrival, Kind
from quartet.wire.inbox import Inbox
from quartet.wire.natsconfig import Dial

SEND_SECONDS: Final = 5.0
"""Deadline of `send`."""
OUT_BYTES: Final = 8 * 1024 * 1024
"""What may wait in one peer's connection before `send` waits for the socket."""
RETRY_SECONDS: Final = 0.2
MUTE_AFTER: Final = 500
"""Messages dropped in a second after which a peer is muted."""
MUTE_SECONDS: Final = 2.0

Noted = Callable[[Exception], Awaitable[None]]
TROUBLE: Final = (nats.errors.Error, OSError, TimeoutError)


class DirectAccess(Value, frozen=True):
    """How to get at the account of a direct link: its secret nkey; and what our server dials, if it does."""

    login: str
    dial: Dial | None = None

    def __repr__(self) -> str:
        return "DirectAccess()"


class Access(Value, frozen=True):
    """How to get at a server: its URL, and secret nkeys for LOCAL, FED (`wire` alone) and the system account.

    `direct` has one for the account of each direct link. A hub has the system account's only: there, the others are
    empty.
    """

    url: str
    local: str
    fed: str
    system: str
    direct: Mapping[MemberId, DirectAccess] = {}

    def __repr__(self) -> str:
        return f"Access({self.url})"


class NatsLink:
    """One peer's connection with one login: kept up by `run`."""

    def __init__(self, me: MemberId, peer: MemberId, login: tuple[str, str], inbox: Inbox, count: Counter[str]) -> None:
        """Log in with a URL and a secret nkey; what comes goes to `inbox`, what is odd to `count`."""
        self.client: Client | None = None
        self._out = f"f.{me}.{peer}."
        self._in = f"f.{peer}.{me}.*"
        self._peer = peer
        self._login = login
        self._inbox = inbox
        self._count = count
        self._full = 0
        self._over = asyncio.Event()

    @property
    def up(self) -> bool:
        """Whether our own server answers."""
        return self.client is not None and self.client.is_connected

    async def send(self, kind: Kind, data: bytes) -> None:
        """Publish to the peer; raise `Unavailable("link-down")`."""
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
        """Keep connected and hear the peer, until cancelled."""
        while True:
            closed = asyncio.Event()
            with contextlib.suppress(*TROUBLE):
                self.client = await connect(*self._login, self._noted, closed)
                await self._listen(self.client, closed)
            end_if_told()
            await self.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """End the connection that stands."""
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


async def keep(link: NatsLink) -> None:
    """Run a link until cancelled, and leave no connection behind."""
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
