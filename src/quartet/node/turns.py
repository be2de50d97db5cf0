"""In whose turn the facts are read and added to: who decides by them shares, who adds one is alone with them.

A decision holds until what follows from it is committed: a recall finds every row that a parcel before it marked as
sent, and a parcel after it was decided with the recall. Two facts that come at once are decided one with the other.
Whoever had to wait looks at the clock again: what was learned meanwhile may be dated later than she began.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

Turn = AbstractAsyncContextManager[None]


class Turns:
    """Hands out turns; for one event loop. Nobody may ask for a turn while she has one."""

    def __init__(self) -> None:
        self._deciding = 0
        self._alone = asyncio.Lock()
        self._free = asyncio.Event()
        self._free.set()
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def decide(self) -> AsyncIterator[None]:
        """Span a decision and its commit: no fact comes between. Who would add one, and waits, goes first."""
        while self._alone.locked():
            await self._free.wait()
        self._deciding += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._deciding -= 1
            if not self._deciding:
                self._idle.set()

    @asynccontextmanager
    async def learn(self) -> AsyncIterator[None]:
        """Span what a new fact decides, its commit, and that the gate knows it: nobody decides meanwhile."""
        async with self._alone:
            self._free.clear()
            try:
                await self._idle.wait()
                yield
            finally:
                self._free.set()
