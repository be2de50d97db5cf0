"""A line between two servers that can be bad: slow, uneven, silent, broken off, parted; its messages lost or doubled.

It stands between a member's server and a hub's, and ends TLS on both sides with the keys of that hub and that member:
TLS lets nobody else lose, double or reorder one message of a connection (it breaks off), so that this is what a hub
could do. Between two hubs it carries the sealed bytes, and can be slow, silent, broken off or parted.
"""

import asyncio
import contextlib
import random
import ssl
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from quartet.exercise.cut import BLOCK, CutProxy

WAITING: Final = 256
"""Pieces that may be under way in one direction; then the sender waits, as before a full window."""
MESSAGES: Final = (b"LMSG ", b"HMSG ", b"RMSG ")
"""How a line begins that a message follows; its last word is the length."""
REMEMBERED: Final = 64
"""Messages of a direction that may come once more, later."""
LOOPBACK: Final = "127.0.0.1"
CRLF: Final = b"\r\n"


@dataclass(frozen=True)
class Weather:
    """How a line treats what it carries: seconds of delay, and the parts of all messages that fare ill."""

    delay: float = 0.0
    jitter: float = 0.0
    lost: float = 0.0
    doubled: float = 0.0
    disordered: float = 0.0


CALM: Final = Weather()


@dataclass(frozen=True)
class Ends:
    """What a line needs to end TLS on both sides: towards who connects it is the hub, towards the hub the member."""

    near: ssl.SSLContext
    far: ssl.SSLContext


class Line(CutProxy):
    """As a proxy that can be cut, and carries ill; where TLS does not end here (`ends`) it can know no messages."""

    def __init__(
        self,
        name: str,
        parts: frozenset[str],
        port: int,
        target: int,
        dice: random.Random,
        ends: Ends | None = None,
        messages: bool = False,
        hosts: tuple[str, str] = (LOOPBACK, LOOPBACK),
    ) -> None:
        """Listen at a port of the first of two `hosts`, and carry to the target of the second."""
        super().__init__(port, (hosts[1], target), host=hosts[0])
        self.name = name
        self.parts = parts
        self.weather = CALM
        self.count: Counter[str] = Counter()
        self._dice = dice
        self.knows_messages = messages
        self.breaking = 0
        if ends is not None:
            self._near, self._far = ends.near, ends.far

    @property
    def used(self) -> bool:
        """Return whether somebody is connected over it now."""
        return bool(self._open)

    def mend(self) -> None:
        """Carry again, as if nothing had been."""
        self.breaking, self.weather = 0, CALM
        super().mend()

    def break_off(self) -> None:
        """Carry the first half of what comes next, and then break off."""
        self.breaking += 1

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING)
        taking = asyncio.create_task(self._take(reader, under_way))
        try:
            await self._give(under_way, writer)
        finally:
            writer.close()
            taking.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, EOFError):
                await taking

    async def _take(self, reader: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        """Put what comes on its way, each piece due no earlier than the one before; an empty one is the end."""
        due = 0.0
        pieces = self._messages(reader) if self.knows_messages else _blocks(reader)
        with contextlib.suppress(OSError, EOFError, ValueError):
            async for piece in pieces:
                late = self.weather.delay + self._dice.random() * self.weather.jitter
                self.count["SLOW"] += late > 0
                due = max(due, _now() + late)
                await under_way.put((due, piece))
        await under_way.put((due, b""))

    async def _give(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, piece = await under_way.get()
                if (early := due - _now()) > 0:
                    await asyncio.sleep(early)
                await self._flowing.wait()
                if not piece or writer.is_closing():
                    return
                if self.breaking and len(piece) > 1:
                    self.breaking -= 1
                    self.count["BROKEN"] += 1
                    writer.write(piece[: len(piece) // 2])
                    await writer.drain()
                    return
                writer.write(piece)
                await writer.drain()

    async def _messages(self, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        """Yield what comes, messages as the weather has it; all else that the servers say passes as it is."""
        before: deque[bytes] = deque(maxlen=REMEMBERED)
        held: list[bytes] = []
        while head := await reader.readline():
            if not head.startswith(MESSAGES):
                yield head
                continue
            message = head + await reader.readexactly(int(head.split()[-1]) + len(CRLF))
            before.append(message)
            for piece in self._fared(message, before, held):
                yield piece

    def _fared(self, message: bytes, before: deque[bytes], held: list[bytes]) -> list[bytes]:
        """Return what becomes of a message: nothing, itself, itself and an earlier one, itself behind the next."""
        weather, found = self.weather, [message]
        self.count["messages"] += 1
        if self._dice.random() < weather.lost:
            self.count["LOST"] += 1
            found = []
        if self._dice.random() < weather.doubled:
            self.count["DOUBLED"] += 1
            found += [message, self._dice.choice(before)]
        if self._dice.random() < weather.disordered:
            self.count["DISORDERED"] += 1
            found, held[:] = [*held], found
            return found
        found += held
        held.clear()
        return found


async def _blocks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while block := await reader.read(BLOCK):
        yield block


def _now() -> float:
    return asyncio.get_running_loop().time()
