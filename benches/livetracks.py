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
from typing import Any, Final, NamedTuple

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benches.sky import HIGHEST_M
from benches.table import Table, percentile
from quartet.core.ids import OfficerName
from quartet.exercise.plan import Duty
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import new_exchange
from quartet.picture.livewire import AGE_UNIT

TRACKS: Final = 10_000
VIEWERS: Final = 50
STALLED: Final = 5
SECONDS: Final = 15
OFFICERS: Final = tuple(Duty(OfficerName(f"duty-{n}")) for n in range(8))
"""One officer has eight maps at most."""
EMPTY: Final = "no track"
COUNT_DRAWS: Final = """
globalThis.drawn = 0
let last = -1
for (const name of ['drawElements', 'drawElementsInstanced', 'drawArrays', 'drawArraysInstanced']) {
  const real = WebGL2RenderingContext.prototype[name]
  WebGL2RenderingContext.prototype[name] = function (...given) {
    if (document.timeline.currentTime !== last) globalThis.drawn += 1
    last = document.timeline.currentTime
    return real.apply(this, given)
  }
}
"""
"""Counts the frames of a page in which a map was drawn."""
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

    async def session(self, number: int) -> str:
        """Sign an officer in, and return her cookie."""
        word = (await self.do(f"link {OFFICERS[number % len(OFFICERS)].name}")).partition("#")[2]
        async with httpx.AsyncClient(base_url=self.origin, timeout=60) as client:
            answer = await client.post("/api/session/link", json={"word": word}, headers={"Origin": self.origin})
        return answer.raise_for_status().headers.get_list("set-cookie")[0].partition(";")[0]

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
        cookies = [await running.session(number) for number in range(len(OFFICERS))]
        made = [await _opened(running, stack, box, cookies[n % len(cookies)]) for n, box in enumerate(boxes)]
        still = [await _opened(running, stack, EUROPE, cookies[n]) for n in range(stalled)]
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


async def _opened(running: Sky, stack: contextlib.AsyncExitStack, box: list[float], cookie: str) -> Viewer:
    socket = await stack.enter_async_context(
        connect(
            f"{running.origin.replace('http', 'ws')}/api/tracks",
            origin=Origin(running.origin),
            additional_headers={"Cookie": cookie},
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
        await page.goto(await running.do(f"link {OFFICERS[0].name}"))
        await page.wait_for_url("**/inbox")
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")
        await page.add_init_script(COUNT_DRAWS)
        sky = await _shown(page, session, running.origin, f"{TRACKS:,} tracks", "")
        one = await _shown(page, session, running.origin, "one track", f"&above={HIGHEST_M - 1000:.0f}")
        empty = await _shown(page, session, running.origin, EMPTY, f"&above={HIGHEST_M + 1000:.0f}", sky.drawn)
        await page.screenshot(path=Path(".cache") / "map-bench.png")
        await chromium.close()
    rows = [(one.what, f"{one.drawn:.1f}", f"{one.task:.1f}", f"{one.script:.1f}") for one in (empty, one, sky)]
    goal = "reached" if sky.task <= 2 * empty.task else "missed"
    said = (
        "Main-thread time a second in Chromium with a software renderer, while every track is seen anew once a second"
        " and moves smoothly between. A map on which nothing moves is not drawn, so the empty one is made to be drawn"
        f" as often as the whole sky is: that takes {sky.task / empty.task:.1f} times as much (the goal, 2, is {goal}),"
        f" and {sky.task / one.task:.1f} times as much as one track."
    )
    head = ("on view", "drawn a second", "all ms", "of it script ms")
    return Table("Live tracks: the map's main thread", head, rows, said)


class Cost(NamedTuple):
    """What a map costs a second: how often it is drawn, and the main thread's milliseconds."""

    what: str
    drawn: float
    task: float
    script: float


async def _shown(page: Any, session: Any, origin: str, what: str, query: str, again: float = 0) -> Cost:
    """Show a map and count what it costs; have it drawn `again` so often a second where nothing moves on it."""
    await page.goto(f"{origin}/map?at=48,10,4.6{query}")
    await page.locator("canvas.maplibregl-canvas").wait_for()
    if not again:
        await page.locator("[role=listbox] [role=option]").first.wait_for()
    await asyncio.sleep(SETTLE_S)
    count = await page.locator(".count").inner_text()
    before, drawn, began = await _spent(session), await page.evaluate("drawn"), time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        if again:  # the one event at which MapLibre draws the map as it stands
            await page.evaluate("dispatchEvent(new Event('online'))")
        await asyncio.sleep(1 / again if again else SECONDS - passed)
    after, draws = await _spent(session), await page.evaluate("drawn") - drawn
    passed = time.perf_counter() - began
    task, script = (1000 * (after[name] - before[name]) / passed for name in after)
    return Cost(f"{what} ({count})", draws / passed, task, script)


async def _spent(session: Any) -> dict[str, float]:
    told = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return {name: float(told[name]) for name in ("TaskDuration", "ScriptDuration")}


@asynccontextmanager
async def sky(tracks: int) -> AsyncIterator[Sky]:
    """Run a node under a sky."""
    (port,) = choose_ports(1)
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        new_exchange(Path(name) / "x", ("north", "east"), officers=OFFICERS)
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
