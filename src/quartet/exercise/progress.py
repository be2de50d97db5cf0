"""Say what a long step of the story is doing: at a terminal one line that counts, elsewhere a line now and then."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, TextIO

COUNT_S: Final = 1.0
EVERY: Final = 10
"""Seconds between two lines where no terminal is: a pipe is told that it goes on, and not flooded."""
CLEAR: Final = "\r\x1b[K"


class Progress:
    """What the running step is doing, told on a stream; without one nothing is told."""

    def __init__(self, out: TextIO | None, every: int = EVERY) -> None:
        self.doing = ""
        self._out = out
        self._every = every
        self._counts = out is not None and out.isatty()

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Tell while the context lasts what is being done; the line that counts is gone after it."""
        self.doing = ""
        counting = asyncio.create_task(self._count())
        try:
            yield
        finally:
            counting.cancel()
            with suppress(asyncio.CancelledError):
                await counting
            if self._counts:
                self._write(CLEAR)

    async def _count(self) -> None:
        began = time.monotonic()
        told = 0
        while True:
            await asyncio.sleep(COUNT_S)
            seconds = int(time.monotonic() - began)
            if self._counts:
                self._write(f"{CLEAR}      {seconds} s  {self.doing}")
            elif seconds >= told + self._every:
                told = seconds
                self._write(f"      {seconds} s  {self.doing}\n")

    def _write(self, text: str) -> None:
        if self._out is not None:
            self._out.write(text)
            self._out.flush()
