"""Kill an exchange again and again while it is used: `python -m tests.chaos --kills 200`; exit 1 on any violation."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec

from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.views import VerifyReport

from .judge import astray, heal, lost, overtaken, received, sheltered, stored, twice, unproved
from .storm import MEMBERS, Officer, Storm, duties


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="draw the same blows again")
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="make the exchange here, and keep it")
    given = parser.parse_args()
    seed = time.time_ns() % 2**32 if given.seed is None else given.seed
    print(f"{given.kills} blows, seed {seed}", flush=True)
    if given.keep is not None:
        return asyncio.run(run(given.keep, given.kills, seed))
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return asyncio.run(run(Path(folder) / "x", given.kills, seed))


async def run(root: Path, kills: int, seed: int) -> int:
    """(1) make and start, (2) strike, (3) leave two away with a backlog, (4) heal, (5) judge, (6) judge the files."""
    began = time.monotonic()
    new_exchange(root, MEMBERS, hubs=2, officers=duties(kills))
    officers = {member: Officer(root / member, duties(kills)) for member in MEMBERS}
    async with Processes(root) as processes:
        await processes.start()
        storm = Storm(processes, officers, random.Random(seed))
        await storm.rage(kills, lambda line: print(line, flush=True))
        _, first = await heal(officers)
        episodes = await storm.overtake()
        seconds, waits = await heal(officers)
        online = await _verified(officers)
        listed = {m: await asyncio.to_thread(o.rows) for m, o in officers.items()}
    offline = {m: await _verify_offline(root / m) for m in MEMBERS}
    kept = {m: stored(root / m) for m in MEMBERS}
    fair = sheltered(storm.episodes, storm.struck, {m: received(root / m) for m in MEMBERS})
    held = {m: [item for item, _ in items] for m, items in kept.items()}
    records = storm.records
    checks = {
        "acknowledged items lost": lost(records, held),
        "stored twice": twice(held, listed),
        "at a wrong member": astray(records, listed, kept),
        "problems of logs": [w for m in MEMBERS for w in unproved(m, online[m])],
        "problems of logs, offline": [w for m in MEMBERS for w in offline[m]],
        "not caught up": [*first, *waits],
        "FLASH that did not overtake": overtaken([*episodes, *fair], held),
        "starts that failed": storm.unstarted,
    }
    blows = ", ".join(f"{n} {how}" for how, n in sorted(storm.blows.items()))
    print(f"\n{sum(storm.blows.values())} blows ({blows}) in {time.monotonic() - began:.0f} s, two hubs, four members")
    print(f"{len(records.sent)} sends acknowledged of {len(records.tried)}; not: {dict(records.refused)}")
    print(f"caught up {seconds:.1f} s after the last return")
    flashes = Counter(sent.author for sent in records.sent if sent.precedence == "FLASH")
    judged = f"judged {len(episodes)} in calm and {len(fair)} of {len(storm.episodes)} in the storm"
    print(f"FLASH sent: {dict(flashes)}; {judged}")
    for what, found in checks.items():
        print(f"{len(found):6} {what}")
        for line in found[:5]:
            print(f"         {line}")
    print("all held" if not any(checks.values()) else "VIOLATED", flush=True)
    return 1 if any(checks.values()) else 0


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


async def _verified(officers: dict[str, Officer]) -> dict[str, VerifyReport]:
    """Have every node check all it holds; a log that has just caught up is cosigned some ticks later."""
    for _ in range(6):
        online = {m: await asyncio.to_thread(o.verify) for m, o in officers.items()}
        if not any(unproved(m, report) for m, report in online.items()):
            break
        await asyncio.sleep(5)
    return online


if __name__ == "__main__":
    sys.exit(main())
