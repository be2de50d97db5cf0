"""A node with a full sky over it, in a process of its own: what is measured is what its maps cost.

Orders come as lines of JSON; `python -m benches.sky --dir DIR --port P --tracks N` is started by `benches.livetracks`.
"""

import argparse
import asyncio
import json
import math
import random
import resource
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from quartet.console.api.serving import serve_console
from quartet.console.signin import SigninDesk, open_book
from quartet.console.web import make_console
from quartet.core.ids import MemberId, OfficerName
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.node import Node
from quartet.node.office import charter_of
from quartet.node.seeing import viewer_of
from quartet.node.settings import Console, load_member
from quartet.node.vault import open_vault
from quartet.node.views import FeedDraft, Sighting
from quartet.serve import make_node
from quartet.store import open_store
from quartet.wire.memory import MemoryHub

FEEDS: Final = 2
"""One picture holds 8,192 aircraft."""
METRES_A_DEGREE: Final = 111_320.0
HIGHEST_M: Final = 20_000.0
"""The height of one track alone, by which it is found."""


class Aircraft:
    """One that flies straight on over Europe."""

    def __init__(self, number: int, dice: random.Random) -> None:
        self.id = f"{number:06x}"
        self.lat, self.lon = dice.uniform(38, 58), dice.uniform(-8, 28)
        self.course, self.speed = dice.uniform(0, 359), dice.uniform(120, 260)
        self.alt_m = HIGHEST_M if number == 0 else dice.uniform(500, 12_500)

    def at(self, seconds: float, now: datetime) -> Sighting:
        """Return where it is after so many seconds."""
        angle, way = math.radians(self.course), self.speed * seconds / METRES_A_DEGREE
        return Sighting(
            id=self.id,
            lat=self.lat + way * math.cos(angle),
            lon=self.lon + way * math.sin(angle) / math.cos(math.radians(self.lat)),
            at=now,
            alt_m=self.alt_m,
            speed_mps=self.speed,
            track_deg=self.course,
        )


async def fly(node: Node, count: int) -> None:
    """See every aircraft once a second, for ever."""
    dice = random.Random(7)
    entry = node.registry.keyring.officers(node.me)[0]
    viewer = viewer_of(node.me, entry)
    feeds = [
        (await node.feeds.open(viewer, FeedDraft(tlp="GREEN", to=(MemberId("east"),), title=f"Sky {n}"))).ref
        for n in range(FEEDS)
    ]
    sky = [Aircraft(n, dice) for n in range(count)]
    began = time.monotonic()
    for second in range(1_000_000):
        await asyncio.sleep(max(0.0, began + second - time.monotonic()))
        now = datetime.now(UTC)
        for n, feed in enumerate(feeds):
            await node.feeds.sight(viewer, feed, tuple(one.at(second, now) for one in sky[n::FEEDS]))


async def serve(directory: Path, port: int, count: int) -> None:
    """Run the node, its console and its sky until the orders end."""
    folder = MemberFolder(directory)
    settings, keys, state = load_member(folder), Keyset.of(open_vault(folder.vault)), charter_of(folder)
    with open_store(folder.path(settings.store), keys.store) as store:
        node = make_node(folder, settings, state, keys, store, MemoryHub().carrier(settings.member))
        console = Console(port=port)
        desk = SigninDesk(node, open_book(folder.signin, keys.store), console.address, trial=True)
        async with serve_console(make_console(node, desk), console, None):
            tasks = [asyncio.create_task(node.run()), asyncio.create_task(fly(node, count))]
            try:
                await orders(desk)
            finally:
                for task in tasks:
                    task.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.gather(*tasks)


async def orders(desk: SigninDesk) -> None:
    """Answer each line that comes; the last one ends us."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(answer(desk, json.loads(line)["do"])), flush=True)


def answer(desk: SigninDesk, word: str) -> Any:
    """Return what an order asks for."""
    if word.startswith("link "):
        return desk.make_link(OfficerName(word.removeprefix("link ")))[0]
    return {"cpu": time.process_time(), "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def main() -> None:
    """Serve until the orders end."""
    parser = argparse.ArgumentParser(prog="benches.sky")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tracks", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(serve(given.dir, given.port, given.tracks))


if __name__ == "__main__":
    main()
