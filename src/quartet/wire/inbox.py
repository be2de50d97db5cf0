"""Queue what arrives, a bounded queue and a task a peer, so that no peer can crowd out another.

Each peer pays for its messages and bytes before the handler (which decrypts) sees them: over its rate it is
slowed, over its queue's bound what comes last is dropped and counted.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.wire.bucket import TokenBucket
from quartet.wire.carrier import MAX_DATA, Arrival, Handler


class Limits(Value, frozen=True):
    """What one peer may cost us; each has a name and a number."""

    queue_messages: int = 1024
    queue_bytes: int = 32 * 1024 * 1024
    messages_per_second: float = 1000.0
    message_burst: float = 2000.0
    bytes_per_second: float = 64.0 * 1024 * 1024
    byte_burst: float = 64.0 * 1024 * 1024


LIMITS: Final = Limits()


class _Lane:
    """One peer's queue."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.waiting: deque[Arrival] = deque()
        self.bytes = 0
        self.filled = asyncio.Event()
        self.ended = False

    def put(self, arrival: Arrival) -> bool:
        size = len(arrival.data)
        if len(self.waiting) >= self.limits.queue_messages or self.bytes + size > self.limits.queue_bytes:
            return False
        self.waiting.append(arrival)
        self.bytes += size
        self.filled.set()
        return True

    def end(self) -> None:
        self.ended = True
        self.waiting.clear()
        self.filled.set()

    async def get(self) -> Arrival | None:
        """Return the next, or None once the lane has ended."""
        while not self.waiting:
            if self.ended:
                return None
            self.filled.clear()
            await self.filled.wait()
        arrival = self.waiting.popleft()
        self.bytes -= len(arrival.data)
        return arrival


class Inbox:
    """The peers' queues and the tasks that empty them."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._lanes: dict[MemberId, _Lane] = {}
        self._group: asyncio.TaskGroup | None = None
        self._handler: Handler | None = None
        self._count: Counter[str] = Counter()

    def offer(self, arrival: Arrival) -> bool:
        """Queue `arrival`; at the bound drop it, count it and return False."""
        self._count["received"] += 1
        if len(arrival.data) > MAX_DATA:
            return self.drop("oversize")
        if not self._lane(arrival.frm).put(arrival):
            self._count[f"dropped.{arrival.frm}"] += 1
            return self.drop("queue-full")
        return True

    def drop(self, why: str) -> bool:
        """Count one message that goes no further."""
        self._count["dropped"] += 1
        self._count[f"dropped.{why}"] += 1
        return False

    def forget(self, peer: MemberId) -> None:
        """End a peer's queue and drop what waits in it; what the handler has in hand, it finishes."""
        lane = self._lanes.pop(peer, None)
        if lane is not None:
            lane.end()

    async def run(self, handler: Handler) -> None:
        """Empty the queues into `handler` until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group, self._handler = group, handler
            try:
                for peer in list(self._lanes):
                    self._attend(peer)
                await asyncio.get_running_loop().create_future()
            finally:
                self._group = self._handler = None

    def counters(self) -> Mapping[str, int]:
        """Return what was received, dropped and refused so far."""
        return dict(self._count)

    def _lane(self, peer: MemberId) -> _Lane:
        lane = self._lanes.get(peer)
        if lane is None:
            lane = self._lanes[peer] = _Lane(self._limits)
            self._attend(peer)
        return lane

    def _attend(self, peer: MemberId) -> None:
        if self._group is not None and self._handler is not None:
            self._group.create_task(self._empty(self._lanes[peer], self._handler))

    async def _empty(self, lane: _Lane, handler: Handler) -> None:
        clock = asyncio.get_running_loop().time
        messages = TokenBucket(self._limits.messages_per_second, self._limits.message_burst, clock())
        volume = TokenBucket(self._limits.bytes_per_second, self._limits.byte_burst, clock())
        while (arrival := await lane.get()) is not None:
            wait = max(messages.take(1, clock()), volume.take(len(arrival.data), clock()))
            if wait > 0:
                self._count["slowed"] += 1
                await asyncio.sleep(wait)
            await self._handle(arrival, handler)

    async def _handle(self, arrival: Arrival, handler: Handler) -> None:
        try:
            await handler(arrival)
        except Fault as fault:
            self._count["refused"] += 1
            self._count[f"refused.{fault.reason}"] += 1
