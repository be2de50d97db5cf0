"""What a worker of the tests that died leaves behind: where each of its threads was, and how much memory there was.

A signal that ends a process leaves no line in a report; the one who asked for the tests is told what is known of it.
"""

import faulthandler
import os
import resource
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / ".cache" / "crashes"
MEMORY: Final = (Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.events"))
TOLD: Final = ("MemTotal", "MemAvailable", "oom")
MOST: Final = 20_000


def listen(worker: str) -> None:
    """Have what ends this worker by a signal leave the stack of each thread in a file of its own."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    faulthandler.enable(os.open(FOLDER / f"{worker}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


def told() -> str:
    """Return what the workers left, and how memory stands: a kernel that wants some kills without a word."""
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    said = [f"the largest process that ended: {largest} MiB"]
    for path in (one for one in MEMORY if one.exists()):
        said += [line for line in path.read_text().splitlines() if line.startswith(TOLD)]
    for left in sorted(FOLDER.glob("*.txt")):
        if words := left.read_text()[:MOST]:
            said += [f"-- {left.stem}", words]
    return "\n".join(said)
