"""An exchange of real processes for the measurements: a hub, and members that take orders."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from quartet.exercise.process import Part
from quartet.exercise.setup import new_exchange

MEMBERS: Final = ("north", "east", "south", "west")
LINE: Final = 64 * 1024 * 1024
LINK_SECONDS: Final = 90.0
STOP_SECONDS: Final = 10.0


class Crew:
    """One member's process, and the line to it."""

    def __init__(self, root: Path) -> None:
        self.name = root.name
        self._root = root
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process."""
        command = (sys.executable, "-m", "benches.member", "--dir", str(self._root), "--parent", str(os.getpid()))
        log = self._root / "run" / "bench.log"
        log.parent.mkdir(mode=0o700, exist_ok=True)
        with log.open("ab") as errors:
            self._child = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors, limit=LINE
            )

    async def do(self, word: str, **more: Any) -> Any:
        """Give an order and return the answer."""
        child = self._child
        assert child is not None
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps({"do": word, **more}).encode() + b"\n")
        line = await child.stdout.readline()
        if not line:
            said = (self._root / "run" / "bench.log").read_text()[-2000:]
            raise RuntimeError(f"{self.name} ended, exit {await child.wait()}: {said}")
        return json.loads(line)

    async def linked(self) -> None:
        """Wait until every other member is linked and its key is known."""
        end = time.monotonic() + LINK_SECONDS
        while not await self.do("linked"):
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} is not linked")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """End the process."""
        if self._child is not None and self._child.returncode is None:
            self._child.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._child.wait()
            except TimeoutError:
                self._child.kill()
                await self._child.wait()


class Fleet:
    """The hub and the members by name."""

    def __init__(self, hub: Part, members: dict[str, Crew]) -> None:
        self.hub = hub
        self.members = members

    @property
    def north(self) -> Crew:
        """The one who publishes."""
        return self.members["north"]

    async def usage(self) -> dict[str, dict[str, Any]]:
        """Return what each member has used."""
        return {name: await crew.do("usage") for name, crew in self.members.items()}


@asynccontextmanager
async def fleet(
    folder: Path, members: tuple[str, ...] = MEMBERS, prepare: Callable[[Path], None] = lambda _: None
) -> AsyncIterator[Fleet]:
    """Found an exchange in a folder, let its settings be changed, run it, and wait until all are linked."""
    new_exchange(folder / "x", members)
    prepare(folder / "x")
    hub = Part(folder / "x" / "hub-1")
    made = Fleet(hub, {m: Crew(folder / "x" / m) for m in members})
    try:
        await hub.start()
        await hub.serving()
        for crew in made.members.values():
            await crew.start()
        for crew in made.members.values():
            await crew.linked()
        await asyncio.sleep(2)
        yield made
    finally:
        for crew in made.members.values():
            await crew.stop()
        await hub.stop()
