"""Measure, print a table each, and write them into docs/benchmarks.md.

    python -m benches                     # all of it
    python -m benches --only log,decisions --dry
    python -m benches --only search --texts 10000
    python -m benches --only memory --items 100000
    python -m benches --only tracker,quality --limit 600  # the tracker beside Stone Soup, in one run

The page is written section by section: what was not measured this time stays as it was.
"""

import argparse
import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benches import (
    decisions,
    desk,
    exchange,
    fusion,
    intake,
    livetracks,
    logs,
    memory,
    path,
    search,
    sites,
    spellings,
    starting,
    warnings,
)
from benches.picture import centre, quality, tracking
from benches.table import Table

PAGE: Final = Path("docs/benchmarks.md")
NAMES: Final = (
    "exchange",
    "memory",
    "starting",
    "path",
    "decisions",
    "log",
    "maps",
    "desk",
    "tracker",
    "quality",
    "fusion",
    "centre",
    "sites",
    "warnings",
    "search",
    "spellings-tuned",
    "spellings-held",
    "intake-tuned",
    "intake-held",
)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="benches")
    parser.add_argument("--only", default=",".join(NAMES), help="some of " + ",".join(NAMES))
    parser.add_argument("--dry", action="store_true", help="print only, and leave the page as it is")
    parser.add_argument("--items", type=int, default=3_000, help="items of each round of the exchange, and of memory")
    parser.add_argument("--texts", type=int, default=1_000_000, help="texts that are searched")
    parser.add_argument("--limit", type=int, default=quality.LIMIT_S, help="CPU seconds of a scene for Stone Soup")
    parser.add_argument("--seeds", type=int, default=5, help="scenes of one size of the quality, at most")
    given = parser.parse_args()

    def tell(table: Table) -> None:
        print(table.markdown(), flush=True)
        if not given.dry:
            PAGE.write_text(put(PAGE.read_text(), table))

    for name in given.only.split(","):
        if name == "quality":
            quality.compare(tell, given.limit, given.seeds)
        elif name == "search":
            tell(search.measure(given.texts))
        elif name.startswith("spellings-"):
            tell(spellings.measure(name.removeprefix("spellings-")))
        elif name.startswith("intake-"):
            tell(intake.measure(name.removeprefix("intake-")))
        else:
            _measure(name, given.items, tell)


def _measure(name: str, items: int, tell: Callable[[Table], None]) -> None:
    match name:
        case "exchange":
            asyncio.run(exchange.measure(items, tell))
        case "memory":
            for table in asyncio.run(memory.measure(items)):
                tell(table)
        case "starting":
            tell(asyncio.run(starting.measure()))
        case "path":
            tell(path.measure())
        case "decisions":
            tell(decisions.measure())
        case "log":
            tell(logs.measure())
        case "desk":
            tell(asyncio.run(desk.measure()))
        case "fusion":
            tell(fusion.measure())
        case "tracker":
            tracking.measure(tell)
        case "centre":
            tell(centre.measure(600))
        case "sites":
            sites.measure(tell)
        case "warnings":
            asyncio.run(warnings.measure(tell))
        case "maps":
            asyncio.run(livetracks.measure(tell))
        case _:
            raise SystemExit(f"{name!r} is not measured; what is: {', '.join(NAMES)}")


def put(page: str, table: Table) -> str:
    """Return the page with the table under its heading, in the place of the one before."""
    section = re.compile(rf"^## {re.escape(table.title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    fresh = table.markdown() + "\n"
    page = section.sub(lambda _: fresh, page) if section.search(page) else page.rstrip("\n") + "\n\n" + fresh
    return page.rstrip("\n") + "\n"


if __name__ == "__main__":
    main()
