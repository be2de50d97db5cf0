"""Strike an exchange again and again while it is used: `python -m tests.chaos --faults 200`; exit 1 on any violation.

The large form: `python -m tests.chaos --members 8 --faults 1000 --items 200000 --backlog 2000 --minutes 1440`.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.views import VerifyReport

from .blows import Cable, Way, all_cables, all_ways
from .book import Book
from .hosts import WANTING, can, made
from .judge import HEAL_S, heal, unproved, verified
from .line import Line
from .network import load_charter_hubs, network
from .officer import Officer, duties
from .storm import START_S, Storm
from .verdict import Course, tell

MEMBERS: Final = ("north", "east", "south", "west", "northeast", "southeast", "southwest", "northwest")
HEALED_A_SECOND: Final = 20
"""At the least: how long healing may take where very much waits."""
THREADS: Final = 32
BEGAN: Final = time.monotonic()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--members", type=int, default=4, choices=range(4, len(MEMBERS) + 1))
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--items", type=int, default=None, help="spread the faults over so many acknowledged items")
    parser.add_argument("--backlog", type=int, default=60, help="what waits for a member that is away in calm")
    parser.add_argument("--minutes", type=float, default=600, help="end the storm then, whatever was reached")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32, help="draw the same blows again")
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="make the exchange here, and keep it")
    parser.add_argument("--namespaces", action="store_true", help="give each server a host of its own, with a cable")
    given = parser.parse_args()
    if given.namespaces and not can():
        parser.error(WANTING)
    say(f"{given.faults} blows, {given.members} members, {given.items or 'any number of'} items, seed {given.seed}")
    if given.keep is not None:
        return asyncio.run(run(given.keep, given))
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return asyncio.run(run(Path(folder) / "x", given))


def say(line: str) -> None:
    print(f"{time.monotonic() - BEGAN:7.1f} {line}", flush=True)


async def run(root: Path, given: argparse.Namespace) -> int:
    """(1) Make and start, (2) strike, (3) leave two away with a backlog, (4) heal, (5) judge nodes, (6) and files."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    members, dice = MEMBERS[: given.members], random.Random(given.seed)
    new_exchange(root, members, hubs=2, officers=duties(given.faults))
    book = Book(root / "book.db")
    officers = {member: Officer(root / member, duties(given.faults), book) for member in members}
    async with AsyncExitStack() as stack:
        hubs = [hub.name for hub in load_charter_hubs(root)]
        hosts = stack.enter_context(made([*hubs, *members])) if given.namespaces else None
        lines: dict[str, Line] = await stack.enter_async_context(network(root, dice, hosts))
        processes = await stack.enter_async_context(Processes(root))
        for name, part in processes.parts.items():
            part.before = () if hosts is None else hosts.inside(name)
        await processes.start(START_S)
        ways: list[Way | Cable] = [*all_ways(lines, members), *all_cables(lines, hosts, processes.parts)]
        storm = Storm(processes, ways, officers, book, dice)
        course = await _course(storm, officers, book, given)
        await asyncio.gather(*(asyncio.to_thread(_list, officer, book) for officer in officers.values()))
    say("stopped; now the files are judged")
    offline = await asyncio.gather(*(_verify_offline(root / member) for member in members))
    for member in members:
        book.keep(member, root / member / "store" / "quartet.db")
    book.close_accounts()
    course = replace(course, offline=tuple(what for found in offline for what in found))
    return 0 if tell(course, storm, lines, members, book, given.seed) else 1


async def _course(storm: Storm, officers: dict[str, Officer], book: Book, given: argparse.Namespace) -> Course:
    began = time.monotonic()
    await storm.rage(given.faults, given.items, 60 * given.minutes, say)
    raged, patience = time.monotonic() - began, max(HEAL_S, book.acknowledged / HEALED_A_SECOND)
    say("the storm is over")
    healed, still = await heal(officers, patience)
    await storm.overtake(given.backlog)
    healed_again, open_ = await heal(officers, patience)
    say("all is there; now every node verifies")
    return Course(raged, healed, healed_again, (*still, *open_), tuple(await verified(officers)))


def _list(officer: Officer, book: Book) -> None:
    for page in officer.pages():
        book.show(officer.member, ((str(row.id), row.title) for row in page))


async def _verify_offline(root: Path) -> list[str]:
    command = (sys.executable, "-m", "quartet.cli", "verify", "--offline", "--dir", str(root), "--json")
    pipe = asyncio.subprocess.PIPE
    # a session of its own, as a node has: a kernel that shares by session would give all these the part of one
    child = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, start_new_session=True)
    said, trouble = await child.communicate()
    try:
        report = msgspec.json.decode(said, type=VerifyReport)
    except ValueError:
        return [f"{root.name}: exit {child.returncode}: {trouble.decode()[-300:]}"]
    return unproved(root.name, report)


if __name__ == "__main__":
    sys.exit(main())
