"""A member's node as `quartet serve` runs it, in a process of its own, that also does what the measurement asks.

Every part is the one that serves; the officer who publishes is a task in the same process, so that the API's socket is
not measured. A line of JSON in is an order, a line of JSON out its answer.
"""

import argparse
import asyncio
import contextlib
import cProfile
import io
import json
import os
import pstats
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benches.desks import Desks
from benches.usage import family, resident, thread_seconds
from quartet import serve
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.node.instance import end_with
from quartet.node.node import Node
from quartet.node.views import Draft

MAX_ON_WAY: Final = 1_000
"""Items published and not yet receipted by all, when as fast as possible is asked for."""
LINES: Final = 60


class Publisher:
    """Publishes, and knows when the last member's receipt was stored."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._others = len(node.peers)
        self._sent: dict[str, float] = {}
        self._owed: dict[str, int] = {}
        self._early: dict[str, int] = {}
        self.took: list[float] = []
        self._room = asyncio.Semaphore(MAX_ON_WAY)
        node.holdings.on_receipts.append(self._heard)

    def _heard(self, member: MemberId, items: Sequence[ItemId]) -> None:
        del member
        for item in items:
            self._receipted(item)

    def _receipted(self, item: ItemId) -> None:
        if item not in self._owed:
            self._early[item] = self._early.get(item, 0) + 1
            return
        self._owed[item] -= 1
        if self._owed[item] == 0:
            del self._owed[item]
            self.took.append(time.perf_counter() - self._sent.pop(item))
            self._room.release()

    async def publish(self, count: int, size: int, rate: float) -> dict[str, Any]:
        """Publish `count` items of `size` bytes, `rate` a second (0: as fast as they are taken), and await the last."""
        self.took = []
        start = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for n in range(count):
                if rate:
                    await asyncio.sleep(max(0.0, start + n / rate - time.perf_counter()))
                await self._room.acquire()
                tasks.create_task(self._one(n, size))
        published = time.perf_counter() - start
        while len(self.took) < count:  # noqa: ASYNC110 - whoever stores a receipt does not know of us
            await asyncio.sleep(0.002)
        return {"published": published, "spent": time.perf_counter() - start, "took": self.took}

    async def pile(self, count: int, size: int) -> None:
        """Publish without waiting for anybody's receipt: somebody is away."""
        viewer = _viewer(self._node)
        for first in range(0, count, 100):
            drafts = [self._draft(n, size) for n in range(first, min(count, first + 100))]
            await asyncio.gather(*(self._node.publish(draft, viewer) for draft in drafts))

    async def _one(self, n: int, size: int) -> None:
        at = time.perf_counter()
        published = await self._node.publish(self._draft(n, size), _viewer(self._node))
        self._sent[published.id] = at
        self._owed[published.id] = self._others - self._early.pop(published.id, 0)
        if self._owed[published.id] == 0:
            self._owed[published.id] = 1
            self._receipted(published.id)

    def _draft(self, n: int, size: int) -> Draft:
        return Draft(tlp="AMBER", title=f"item {n}", text="x" * size, to=tuple(self._node.peers))


def _viewer(node: Node) -> Viewer:
    return Viewer(member=node.me, name="duty", roles=("watch",))  # type: ignore[arg-type]


class Member:
    """Takes orders."""

    def __init__(self) -> None:
        self.node: Node | None = None
        self._publisher: Publisher | None = None
        self._desks: Desks | None = None
        self._profile = cProfile.Profile()

    async def orders(self) -> None:
        """Do what each line says until the end of the input."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=2**20)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            answer = await self._do(order.pop("do"), order)
            print(json.dumps(answer), flush=True)

    async def _do(self, word: str, order: dict[str, Any]) -> Any:
        assert self.node is not None
        if self._publisher is None:
            self._publisher = Publisher(self.node)
        match word:
            case "publish":
                return await self._publisher.publish(**order)
            case "pile":
                return await self._publisher.pile(**order)
            case "held":
                return self._count()
            case "due":
                return self.node.holdings.store.reader.due_count(MemberId(order["member"]))
            case "linked":
                return self._linked()
            case "usage":
                return self._usage()
            case "desks":
                self._desks = Desks(self.node)
                return self._desks.begin(**order)
            case "alarmed":
                return {} if self._desks is None else self._desks.alarmed()
            case "unreached":
                return await Desks(self.node).unreached(**order)
            case "profile":
                return self._profiled(**order)
        raise ValueError(word)

    def _linked(self) -> bool:
        """Return whether every peer was heard just now, and its key is known."""
        assert self.node is not None
        now = Micros(time.time_ns() // 1000)
        up = all(link.state == "up" for link in self.node.status(_viewer(self.node)).links)
        return up and all(self.node.registry.epoch_key(m, now) for m in self.node.peers)

    def _count(self) -> int:
        assert self.node is not None
        newest = self.node.holdings.store.reader.items(0, 1, newest=True)
        return newest[0].admission if newest else 0

    def _usage(self) -> dict[str, Any]:
        threads = thread_seconds(os.getpid())
        main = threads.pop(threading.main_thread().native_id or 0, 0.0)
        assert self.node is not None
        pumps = {m: p.outgoing.seq for m, p in self.node.peers.items()}
        commits, jobs = self.node.holdings.store.written
        return {
            "loop": main,
            "writer": sum(threads.values()),
            "server": sum(sum(thread_seconds(pid).values()) for pid in family(os.getpid())[1:]),
            "rss": resident(os.getpid()),
            "parcels": sum(pumps.values()),
            "commits": commits,
            "jobs": jobs,
        }

    def _profiled(self, *, on: bool, by: str = "tottime") -> str:
        """Begin to profile the event loop, or end it and return the lines that took longest, `by` pstats' word."""
        if on:
            self._profile.enable()
            return ""
        self._profile.disable()
        out = io.StringIO()
        pstats.Stats(self._profile, stream=out).strip_dirs().sort_stats(by).print_stats(LINES)
        return out.getvalue()


async def run(directory: Path) -> None:
    """Serve, and take orders beside it."""
    member = Member()
    make = serve.make_node

    def made(*parts: Any) -> Node:
        member.node = make(*parts)
        return member.node

    serve.make_node = made  # type: ignore[assignment]
    serving = asyncio.create_task(serve.run(directory))
    while member.node is None and not serving.done():  # noqa: ASYNC110 - it is made once, soon
        await asyncio.sleep(0.01)
    orders = asyncio.create_task(member.orders())
    ended, _ = await asyncio.wait((serving, orders), return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        if error := task.exception():
            traceback.print_exception(error)
    for task in (orders, serving):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await serve.end_strays()


def main() -> None:
    """Serve one member's folder."""
    parser = argparse.ArgumentParser(prog="benches.member")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    given = parser.parse_args()
    end_with(given.parent)
    asyncio.run(run(given.dir))


if __name__ == "__main__":
    main()
