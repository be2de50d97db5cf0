"""What a command costs that asks its node, and what a hub and a node load: the CPU of a process of its own."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benches.table import Table
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes

ROUNDS: Final = 9
HUB: Final = "import quartet.serve"
NODE: Final = f"{HUB}, quartet.node.node, quartet.console.doors, quartet.gateways.named, quartet.sensors.live"
ASKING: Final = ("inbox", "status", "watch", "warn list", "requests", "picture")


async def measure() -> Table:
    """Return the CPU of commands, three items lying at the node, and of what a hub and a node load."""
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        root = Path(name) / "t"
        new_exchange(root, ("north", "east"))
        processes, where = Processes(root), ["--dir", str(root / "north")]
        await processes.start()
        try:
            for text in ("one", "two", "three"):
                _run(["-m", "quartet.cli", "send", "--tlp", "GREEN", "--to", "east", *where, "-"], text)
            rows = [_row("quartet --help", ["--help"]), _row("quartet inbox --help", ["inbox", "--help"])]
            rows += [_row(f"quartet {words}", [*words.split(), *where]) for words in ASKING]
        finally:
            await processes.stop()
    rows += [_timed("a hub's modules", ["-c", HUB]), _timed("a node's modules", ["-c", NODE])]
    said = (
        f"CPU milliseconds of the process, user and system together: the least and the middle of {ROUNDS}. Some 70 of"
        " each command that asks are scrypt, which opens the officer's key, and 10 are Python itself. Before commands"
        " were loaded by their words the first three took 1,560, 1,570 and 1,690 on the same busy machine; a hub's"
        " modules 500, a node's 1,720."
        ' Repeat: `make bench ARGS="--only starting"`.'
    )
    return Table("Commands: start", ("process", "least", "middle"), rows, said)


def _row(name: str, words: Sequence[str]) -> tuple[str, str, str]:
    return _timed(f"`{name}`", ["-m", "quartet.cli", *words])


def _timed(name: str, command: Sequence[str]) -> tuple[str, str, str]:
    _run(command)  # once before, so that its bytecode is kept
    took = sorted(_cpu(command) for _ in range(ROUNDS))
    return name, f"{took[0] * 1000:.0f}", f"{took[ROUNDS // 2] * 1000:.0f}"


def _cpu(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(command: Sequence[str], text: str = "") -> None:
    quiet = {**os.environ, "TERM": "dumb"}
    subprocess.run([sys.executable, *command], check=True, capture_output=True, input=text.encode(), env=quiet)
