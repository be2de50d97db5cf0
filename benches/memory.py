"""What a member keeps in memory, and how soon it starts, after many items: two members, so that it does not take hours.

The caches that have a bound are full after the first few thousand; what grows after that is a leak.
"""

import tempfile
import time
from pathlib import Path
from typing import Final

from benches.fleet import Fleet, fleet
from benches.table import Table, number

SIZE: Final = 2048
MEMBERS: Final = ("north", "east")
STEPS: Final = (0.1, 0.3, 0.6, 1.0)
"""The shares of the items after which is looked; of 15,000 and more, the caches are full before the third."""
STARTS: Final = 3


async def measure(items: int) -> list[Table]:
    """Return what `items` items cost the memory of who published and who received them, and their start-up."""
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        async with fleet(Path(name), MEMBERS) as running:
            grown = [await _seen(running)]
            before = 0
            for step in STEPS:
                await running.north.do("publish", count=int(items * step) - before, size=SIZE, rate=0)
                before = int(items * step)
                grown.append(await _seen(running))
            return [_grown(grown), await _start(running)]


async def _seen(running: Fleet) -> tuple[int, dict[str, int]]:
    return await running.north.do("held"), {m: (await running.members[m].do("usage"))["rss"] for m in MEMBERS}


def _grown(grown: list[tuple[int, dict[str, int]]]) -> Table:
    held, last = grown[-1]
    full, then = grown[-2]
    rows = [
        (m, *(f"{rss[m] / 2**20:.0f}" for _, rss in grown), f"{(last[m] - then[m]) / (held - full):.0f}")
        for m in MEMBERS
    ]
    head = ("MiB at so many items held", *(f"{count:,}" for count, _ in grown), f"bytes an item after {full:,}")
    said = (
        "Resident memory of a member's Python process; north published, east received. Kept are up to 8,192 opened"
        " items, as many decisions of the gate, 4,096 paths, the trees of 8 ticks, and SQLite's pages: 32 MiB to write,"
        " 16 MiB a thread that reads."
    )
    return Table("Memory of a member", head, rows, said)


async def _start(running: Fleet) -> Table:
    """Start a member again, with all that it holds."""
    east = running.members["east"]
    held, took = await east.do("held"), []
    for _ in range(STARTS):
        await east.stop()
        start = time.perf_counter()
        await east.start()
        await east.do("held")
        serving = time.perf_counter() - start
        await east.linked()
        took.append((serving, time.perf_counter() - start))
    rows = [(number(held), f"{sorted(s for s, _ in took)[1]:.2f}", f"{sorted(s for _, s in took)[1]:.2f}")]
    said = "Seconds from starting the process, the middle of three; linked is when all peers and their keys are known."
    return Table("Start-up", ("items held", "answers", "linked with all"), rows, said)
