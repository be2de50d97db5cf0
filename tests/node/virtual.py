"""Nodes in virtual time: an event loop whose clock goes on when everybody waits, and a hub that writes all down.

    record = played(tmp_path, script, "north", "east", "west", cover="wide")

Stores, seals, keys and the gate are the real ones. Time stands while a writer's thread or another works, so a machine
that is busy changes nothing of when something is sent.
"""

import asyncio
import selectors
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final, NamedTuple

from world import World, exchange

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.node.clock import Clock
from quartet.wire import MemoryHub
from quartet.wire.memory import Passed

NOON: Final = 1_800_000_000
SLICE: Final = 0.001

Script = Callable[["Timed"], Awaitable[None]]


class Crossed(NamedTuple):
    """One message as a hub sees it: when it came, in microseconds, from whom, to whom, what, how large."""

    at: int
    frm: MemberId
    to: MemberId
    kind: str
    size: int


class _Patient(selectors.DefaultSelector):
    """Waits for what is real, and lets time go on where nothing is."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[Any]:
        found: list[Any] = super().select(0)
        while not found and (timeout is None or timeout > 0):
            if timeout is not None and not self.loop.works():
                found = super().select(0)
                if not found:
                    self.loop.passed += timeout
                return found
            found = super().select(SLICE)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes when all its tasks wait for it."""

    def __init__(self) -> None:
        selector = _Patient()
        selector.loop = self
        self.passed = 0.0
        self.busy: Callable[[], bool] = bool
        self._threads = 0
        super().__init__(selector)

    def time(self) -> float:
        return self.passed

    def works(self) -> bool:
        """Return whether another thread works for us."""
        return self._threads > 0 or self.busy()

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> Any:
        self._threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _: object) -> None:
        self._threads -= 1


class VirtualClock(Clock):
    """A node's clock by the loop's time."""

    def now(self) -> Micros:
        return Micros(NOON * SECOND + round(asyncio.get_running_loop().time() * SECOND) + self._offset)


class Recorder(MemoryHub):
    """A hub that writes down what it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.crossed: list[Crossed] = []
        self.reads: Callable[[Passed], None] = lambda _: None
        """Looks at each message, as the member might whose hub it is."""

    def carry(self, passed: Passed) -> None:
        at = round(asyncio.get_running_loop().time() * SECOND)
        self.crossed.append(Crossed(at, passed.frm, passed.to, passed.kind, len(passed.data)))
        self.reads(passed)
        super().carry(passed)

    def is_cut(self, member: MemberId) -> bool:
        return self.down or super().is_cut(member)


class Timed:
    """A world in virtual time."""

    def __init__(self, world: World, hub: Recorder) -> None:
        self.world = world
        self.hub = hub

    @property
    def now(self) -> float:
        """Seconds since the world began."""
        return asyncio.get_running_loop().time()

    async def at(self, second: float) -> None:
        """Wait for a second of the world's time."""
        await asyncio.sleep(max(0.0, second - self.now))
        self.world.check()

    def watch(self) -> None:
        """Have time stand while a store's writer works."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.busy = lambda: any(_writes(store._writer) for store in self.world.stores.values())


def _writes(writer: Any) -> bool:
    return writer._thread.is_alive() and not (writer._idle and not writer._waiting and not writer._urgent)


def played(folder: Path, script: Script, *members: str, cover: str, tick_s: float = 1) -> Recorder:
    """Play a script with some members and return the hub with what it saw."""
    hub = Recorder()

    async def run() -> None:
        async with exchange(
            folder, *members, tick_s=tick_s, hub=hub, start=False, cover=cover, clock=VirtualClock
        ) as world:
            timed = Timed(world, hub)
            timed.watch()
            for name in members:
                world.run(name)
            await script(timed)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())
    return hub


def seen(hub: Recorder) -> list[Crossed]:
    """Return what a hub saw, in order; what came at one moment by name."""
    return sorted(hub.crossed)


def counted(hub: Recorder) -> Counter[tuple[int, MemberId, MemberId]]:
    """Return how many parcels passed in each second from whom to whom."""
    return Counter((one.at // SECOND, one.frm, one.to) for one in hub.crossed if one.kind == "p")
