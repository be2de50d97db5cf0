"""The durable sealed exchange of real processes: how much, how soon, at what cost, after an absence."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benches import crypto, rawnats
from benches.fleet import MEMBERS, Crew, Fleet, fleet
from benches.table import Table, number, percentile
from benches.usage import seconds

SIZE: Final = 2048
RATES: Final = (20, 200)
"""A busy officer, and a busy centre, which the goal is about."""
RATED_SECONDS: Final = 8
WARM: Final = 200
PARTS: Final = ("loop", "writer", "server")
BATCH: Final = 60
"""Items of a parcel of about 200 KiB: 2 KiB of text travel as some 3.4 KiB with signatures and control."""
GOAL: Final = 0.5
GOAL_MS: Final = 25.0


async def measure(items: int, tell: Callable[[Table], None]) -> None:
    """Measure everything that needs running members, in one exchange, and tell each table as it is ready."""
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        folder = Path(name)
        async with fleet(folder) as running:
            for table in await _exchange(running, items, folder):
                tell(table)
            tell(await _latency(running))
            tell(await _catch_up(running, items))


async def _exchange(running: Fleet, items: int, folder: Path) -> list[Table]:
    await running.north.do("publish", count=WARM, size=SIZE, rate=0)
    assert running.hub.pid is not None
    hub, before = seconds(running.hub.pid), await running.usage()
    told = await running.north.do("publish", count=items, size=SIZE, rate=0)
    hub, after = seconds(running.hub.pid) - hub, await running.usage()
    costs = _costs(before, after, items)
    alone, cpu = await asyncio.to_thread(crypto.items_a_second, items, SIZE, BATCH)
    raw = await rawnats.items_a_second(10 * items, SIZE, folder)
    whole, rate = sum(sum(c) for c in costs.values()) + hub / items, items / told["spent"]
    ratio, parcels = rate / alone, after["north"]["parcels"] - before["north"]["parcels"]
    rows = [
        ("durable, sealed, receipted by all three", number(rate), f"{whole * 1e3:.2f}", f"{ratio:.2f}"),
        ("the cryptography alone, four processes", number(alone), f"{cpu * 1e3:.2f}", "1"),
        ("raw core NATS to three subscribers", number(raw), "", f"{raw / alone:.2f}"),
    ]
    verdict = "reached" if ratio >= GOAL else "missed"
    said = (
        f"{items:,} items of 2 KiB, north to east, south and west, as fast as north takes them,"
        f" in {parcels:,} parcels of north. The goal of {GOAL} of the cryptography alone is {verdict}:"
        f" {ratio:.2f} by time,"
        f" {cpu / whole:.2f} by CPU (which other load on the machine disturbs less)."
    )
    first = Table("Exchange", ("what", "items/s", "CPU ms an item, all processes", "of crypto alone"), rows, said)
    split = [(m, *(f"{part * 1e6:,.0f}" for part in costs[m]), f"{sum(costs[m]) * 1e6:,.0f}") for m in MEMBERS]
    split.append(("hub", "", "", f"{hub / items * 1e6:,.0f}", f"{hub / items * 1e6:,.0f}"))
    head = ("process", "event loop: Python and cryptography", "writer: SQLite", "nats-server", "together")
    return [first, Table("CPU of an item in microseconds", head, split)]


def _costs(before: dict[str, Any], after: dict[str, Any], items: int) -> dict[str, list[float]]:
    return {m: [(after[m][p] - before[m][p]) / items for p in PARTS] for m in MEMBERS}


async def _latency(running: Fleet) -> Table:
    rows, half = [], 0.0
    for rate in RATES:
        told = await running.north.do("publish", count=rate * RATED_SECONDS, size=SIZE, rate=rate)
        took = [1e3 * t for t in told["took"]]
        half = percentile(took, 0.5)
        spread = (half, percentile(took, 0.9), percentile(took, 0.99), max(took))
        rows.append((f"{rate} items/s", *(f"{ms:.1f}" for ms in spread)))
    said = (
        "From the call that publishes to the third member's receipt, verified and stored at the author. The goal of"
        f" {GOAL_MS:.0f} ms in the middle at {RATES[-1]} items/s is {'reached' if half < GOAL_MS else 'missed'}."
    )
    head = ("offered", "p50 ms", "p90 ms", "p99 ms", "worst ms")
    return Table("From send to receipted by the third", head, rows, said)


async def _catch_up(running: Fleet, items: int) -> Table:
    west = running.members["west"]
    held = await west.do("held")
    await west.stop()
    await running.north.do("pile", count=items, size=SIZE)
    for member in ("east", "south"):
        await _until_due(running.north, member)
    await west.start()
    first = await _until(west, held + 1)
    last = await _until(west, held + items)
    rows = [(f"{items:,}", f"{last - first:.2f}", number(items / max(1e-9, last - first)))]
    said = "West was stopped while north published; from its first missed item, stored, to its last."
    return Table("Catching up after an absence", ("items missed", "seconds", "items/s"), rows, said)


async def _until(crew: Crew, count: int) -> float:
    while await crew.do("held") < count:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.01)
    return time.perf_counter()


async def _until_due(crew: Crew, member: str) -> None:
    while await crew.do("due", member=member):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)
