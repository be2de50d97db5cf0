"""What live tracks cost: a browser's main thread, and the node that feeds fifty maps.

The sky is the same for all: 10,000 aircraft, each seen once a second.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benches.sky import HIGHEST_M
from benches.table import Table, percentile
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import new_exchange
from quartet.picture.livewire import AGE_UNIT

TRACKS: Final = 10_000
VIEWERS: Final = 50
STALLED: Final = 5
SECONDS: Final = 15
EMPTY: Final = "no track, drawn anew once a second"
SETTLE_S: Final = 6
HEADER: Final = 40
AGES: Final = 18
"""Bytes of a track's columns before that of the ages."""
EUROPE: Final = [-10.0, 36.0, 30.0, 60.0]
FLAGS: Final = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-sandbox",
    "--disable-dev-shm-usage",
]


class Sky:
    """The process that is measured, and the line to it."""

    def __init__(self, child: asyncio.subprocess.Process, port: int) -> None:
        self._child = child
        self.origin = f"http://localhost:{port}"

    async def do(self, word: str) -> Any:
        """Give an order and return the answer."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"do": word}).encode() + b"\n")
        return json.loads(await self._child.stdout.readline())

    async def session(self) -> str:
        """Sign in, and return the cookie."""
        word = (await self.do("link")).partition("#")[2]
        async with httpx.AsyncClient(base_url=self.origin, timeout=60) as client:
            answer = await client.post("/api/session/link", json={"word": word}, headers={"Origin": self.origin})
        return answer.headers["set-cookie"].partition(";")[0]

    async def cpu(self, seconds: float) -> float:
        """Return how much CPU the node uses a second."""
        before = (await self.do("usage"))["cpu"]
        await asyncio.sleep(seconds)
        return float((await self.do("usage"))["cpu"] - before) / seconds


class Viewer:
    """One map without a screen: takes frames, and notes how old what they show is."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.ages: list[float] = []
        self.bytes = 0
        self.frames = 0

    async def ask(self, box: list[float]) -> None:
        """Say what the map shows."""
        await self._socket.send(json.dumps({"bbox": box, "zoom": 5, "max_hz": 2}))

    async def take(self) -> None:
        """Take frames until the socket ends."""
        with contextlib.suppress(ConnectionClosed):
            async for data in self._socket:
                self.note(bytes(data) if isinstance(data, bytes) else b"")

    def note(self, data: bytes) -> None:
        """Note a frame: the age of every hundredth track, read where it lies; to read all would be what is measured."""
        now = time.time()
        self.bytes += len(data)
        self.frames += 1
        count, epoch = int.from_bytes(data[8:12], "little"), int.from_bytes(data[32:40], "little")
        ages = array("H", data[HEADER + AGES * count : HEADER + (AGES + 2) * count])[::100]
        self.ages += [now - epoch / 1e6 + age * AGE_UNIT / 1e6 for age in ages]


async def measure(tell: Callable[[Table], None]) -> None:
    """Tell both tables, each when it is made."""
    async with sky(TRACKS) as running:
        await asyncio.sleep(SETTLE_S)
        tell(await browser(running))
        tell(await viewers(running))


async def viewers(running: Sky) -> Table:
    """Feed fifty maps, alike and not, and some that stall."""
    rows = []
    alone = await running.cpu(SECONDS)
    for what, boxes, stalled in (
        ("50 alike", [EUROPE] * VIEWERS, 0),
        ("50 alike, and 5 that take nothing", [EUROPE] * VIEWERS, STALLED),
        ("50 alike, again", [EUROPE] * VIEWERS, 0),
        ("50, each looking elsewhere", [_elsewhere(n) for n in range(VIEWERS)], 0),
    ):
        rows.append(await _round(running, what, boxes, stalled, alone))
    head = (
        "viewers",
        "CPU ms a viewer a second",
        "KiB/s a viewer",
        "p50 age ms",
        "p99 age ms",
        "stalled: frames, age ms",
    )
    said = (
        f"{TRACKS:,} tracks seen once a second; the node alone uses {alone * 1000:.0f} ms of CPU a second to take, sign"
        " and keep them. The age is that of each track when its frame has come: up to a second until the node's tick,"
        " then the frame, up to a quarter of a second until it is looked at, the way. A stalled viewer reads nothing"
        f" for {SECONDS} s, then as fast as it can for five: what lay in the machine's buffers, and then what is now."
    )
    return Table("Live tracks: fifty maps on one node", head, rows, said)


async def _round(running: Sky, what: str, boxes: list[list[float]], stalled: int, alone: float) -> tuple[str, ...]:
    async with contextlib.AsyncExitStack() as stack:
        made = [await _opened(running, stack, box) for box in boxes]
        still = [await _opened(running, stack, EUROPE) for _ in range(stalled)]
        tasks = [asyncio.create_task(one.take()) for one in made]
        await asyncio.sleep(SETTLE_S)
        for one in made:
            one.ages.clear()
            one.bytes = one.frames = 0
        used = await running.cpu(SECONDS)
        ages = [age for one in made for age in one.ages]
        size = sum(one.bytes for one in made) / len(made) / SECONDS / 1024
        woken = await _woken(still)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    cost = 1000 * (used - alone) / len(made)
    middle, worst = percentile(ages, 0.5) * 1000, percentile(ages, 0.99) * 1000
    return what, f"{cost:.1f}", f"{size:.0f}", f"{middle:.0f}", f"{worst:.0f}", woken


async def _woken(still: list[Viewer]) -> str:
    """Let those that stalled read for a while; return how many frames had to come, and how old the last one is."""
    if not still:
        return ""
    tasks = [asyncio.create_task(one.take()) for one in still]
    await asyncio.sleep(5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    frames = sum(one.frames for one in still) / len(still)
    last = [percentile(one.ages[-50:], 0.5) for one in still if one.ages]
    return f"{frames:.0f}, {1000 * max(last, default=float('nan')):.0f}"


async def _opened(running: Sky, stack: contextlib.AsyncExitStack, box: list[float]) -> Viewer:
    socket = await stack.enter_async_context(
        connect(
            f"{running.origin.replace('http', 'ws')}/api/tracks",
            origin=Origin(running.origin),
            additional_headers={"Cookie": await running.session()},
            max_size=None,
            max_queue=2,
            proxy=None,
            compression=None,
            close_timeout=1,
        )
    )
    viewer = Viewer(socket)
    await viewer.ask(box)
    return viewer


def _elsewhere(number: int) -> list[float]:
    """Return a box of an eighth of the sky, each another."""
    west, south = -10 + (number % 10) * 2.8, 36 + (number // 10) * 3.0
    return [west, south, west + 14, south + 9]


async def browser(running: Sky) -> Table:
    """Let Chromium show the sky, and count what its main thread does."""
    from playwright.async_api import async_playwright

    rows = []
    async with async_playwright() as playwright:
        flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        chromium = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = await chromium.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(await running.do("link"))
        await page.wait_for_url("**/inbox")
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")
        spent = {}
        for what, query in (
            (EMPTY, f"&above={HIGHEST_M + 1000:.0f}"),
            ("one track", f"&above={HIGHEST_M - 1000:.0f}"),
            (f"{TRACKS:,} tracks", ""),
        ):
            await page.goto(f"{running.origin}/map?at=48,10,4.6{query}")
            await page.locator("canvas.maplibregl-canvas").wait_for()
            if what != EMPTY:
                await page.locator("[role=listbox] [role=option]").first.wait_for()
            await asyncio.sleep(SETTLE_S)
            before = await _spent(session)
            for _ in range(SECONDS):
                if what == EMPTY:  # nothing comes that would have it drawn anew
                    await page.evaluate("dispatchEvent(new Event('resize'))")
                await asyncio.sleep(1)
            after = await _spent(session)
            spent[what] = {name: 1000 * (after[name] - before[name]) / SECONDS for name in after}
            count = await page.locator(".count").inner_text()
            rows.append((f"{what} ({count})", *(f"{value:.1f}" for value in spent[what].values())))
        await page.screenshot(path=Path(".cache") / "map-bench.png")
        await chromium.close()
    empty, few, many = (one["TaskDuration"] for one in spent.values())
    goal = "reached" if many <= 2 * empty else "missed"
    said = (
        "Main-thread time of an update in Chromium with a software renderer, once a second, the map drawn anew at each:"
        f" the page with the whole sky takes {many / empty:.1f} times as much as with an empty one (the goal, 2, is"
        f" {goal}) and {many / few:.1f} times as much as with one track."
    )
    return Table("Live tracks: the map's main thread", ("on view", "all ms", "of it script ms"), rows, said)


async def _spent(session: Any) -> dict[str, float]:
    told = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return {name: float(told[name]) for name in ("TaskDuration", "ScriptDuration")}


@asynccontextmanager
async def sky(tracks: int) -> AsyncIterator[Sky]:
    """Run a node under a sky."""
    (port,) = choose_ports(1)
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        new_exchange(Path(name) / "x", ("north", "east"))
        words = ("-m", "benches.sky", "--dir", f"{name}/x/north", "--port", str(port), "--tracks", str(tracks))
        child = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        try:
            made = Sky(child, port)
            await made.do("usage")
            yield made
        finally:
            child.terminate()
            await child.wait()
