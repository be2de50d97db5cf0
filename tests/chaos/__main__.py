"""Strike an exchange again and again while it is used: `python -m tests.chaos --faults 200`; exit 1 on any violation.

The large form: `python -m tests.chaos --members 8 --faults 1000 --items 200000 --backlog 2000`.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.views import VerifyReport

from .blows import all_ways, carrying
from .book import Book
from .catchup import table
from .judge import HEAL_S, astray, heal, lost, overtaken, sheltered, twice, unproved, verified
from .network import network
from .officer import Officer, duties
from .storm import START_S, Storm

MEMBERS: Final = ("north", "east", "south", "west", "northeast", "southeast", "southwest", "northwest")
HEALED_A_SECOND: Final = 50
"""At the least: how long healing may take where very much waits."""
THREADS: Final = 32


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--members", type=int, default=4, choices=range(3, len(MEMBERS) + 1))
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--items", type=int, default=None, help="spread the faults over so many acknowledged items")
    parser.add_argument("--backlog", type=int, default=60, help="what waits for a member that is away in calm")
    parser.add_argument("--minutes", type=float, default=600, help="end the storm then, whatever was reached")
    parser.add_argument("--seed", type=int, default=None, help="draw the same blows again")
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="make the exchange here, and keep it")
    given = parser.parse_args()
    given.seed = time.time_ns() % 2**32 if given.seed is None else given.seed
    say(f"{given.faults} blows, {given.members} members, {given.items or 'any number of'} items, seed {given.seed}")
    if given.keep is not None:
        return asyncio.run(run(given.keep, given))
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return asyncio.run(run(Path(folder) / "x", given))


def say(line: str) -> None:
    print(f"{time.monotonic() - BEGAN:7.1f} {line}", flush=True)


async def run(root: Path, given: argparse.Namespace) -> int:
    """(1) make and start, (2) strike, (3) leave two away with a backlog, (4) heal, (5) judge, (6) judge the files."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    members, dice = MEMBERS[: given.members], random.Random(given.seed)
    new_exchange(root, members, hubs=2, officers=duties(given.faults))
    book = Book(root / "book.db")
    officers = {member: Officer(root / member, duties(given.faults), book) for member in members}
    async with network(root, dice) as lines, Processes(root) as processes:
        await processes.start(START_S)
        storm = Storm(processes, all_ways(lines, members), officers, book, dice)
        began = time.monotonic()
        await storm.rage(given.faults, given.items, 60 * given.minutes, say)
        raged, patience = time.monotonic() - began, max(HEAL_S, book.acknowledged / HEALED_A_SECOND)
        say("the storm is over")
        healed, first = await heal(officers, patience)
        episodes = await storm.overtake(given.backlog)
        healed_again, waits = await heal(officers, patience)
        say("all is there; now every node verifies")
        problems = await verified(officers)
        await asyncio.gather(*(asyncio.to_thread(_list, officer, book) for officer in officers.values()))
    say("stopped; now the files are judged")
    offline = await asyncio.gather(*(_verify_offline(root / member) for member in members))
    for member in members:
        book.keep(member, root / member / "store" / "quartet.db")
    book.close_accounts()
    fair = sheltered(storm.episodes, storm.struck, book)
    count = sum((line.count for line in lines.values()), Counter[str]())
    checks = {
        "acknowledged items lost": lost(book),
        "stored twice": twice(book),
        "at a wrong member": astray(book),
        "problems of logs": problems,
        "problems of logs, offline": [what for found in offline for what in found],
        "not caught up": [*first, *waits],
        "FLASH that did not overtake": overtaken([*episodes, *fair], book),
        "starts that failed": storm.unstarted,
        "members that no line carried for": [m for m in members if not any(n.count for n in carrying(m, lines))],
    }
    blows = ", ".join(f"{n} {how}" for how, n in sorted(storm.blows.items()))
    say(f"{sum(storm.blows.values())} blows ({blows}) in {raged:.0f} s, two hubs, {len(members)} members")
    rate = f"{book.acknowledged / raged:.1f} a second"
    say(f"{book.acknowledged} sends acknowledged of {book.tried}, {rate}; not: {dict(book.refused)}")
    say(f"on the lines: {dict(count)}; blows that nobody felt: {dict(storm.vain)}")
    say(f"all healed {healed:.1f} s after the last blow, {healed_again:.1f} s after the last return in calm")
    say(f"FLASH sent: {dict(book.flashes)}; judged {len(episodes)} in calm and {len(fair)} of {len(storm.episodes)}")
    said = (
        f"{len(members)} members, two hubs, {sum(storm.blows.values())} blows of which up to two at once,"
        f" {book.acknowledged:,} items to one to {len(members) - 1} members each, {rate}; seed {given.seed}."
    )
    print(table("Catching up after blows", [*storm.struck, *storm.calm], book, said).markdown())
    for what, found in checks.items():
        print(f"{len(found):6} {what}")
        for line in found[:5]:
            print(f"         {line}")
    print("all held" if not any(checks.values()) else "VIOLATED", flush=True)
    return 1 if any(checks.values()) else 0


def _list(officer: Officer, book: Book) -> None:
    for page in officer.pages():
        book.show(officer.member, ((str(row.id), row.title) for row in page))


async def _verify_offline(root: Path) -> list[str]:
    command = (sys.executable, "-m", "quartet.cli", "verify", "--offline", "--dir", str(root), "--json")
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    said, trouble = await child.communicate()
    try:
        report = msgspec.json.decode(said, type=VerifyReport)
    except ValueError:
        return [f"{root.name}: exit {child.returncode}: {trouble.decode()[-300:]}"]
    return unproved(root.name, report)


BEGAN: Final = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
