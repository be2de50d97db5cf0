"""The picture's loops as machine code: compiled by another process, so that the event loop never waits for it.

numba compiles under one lock, and holds the interpreter for most of the time. So the first start on a machine leaves it
to a child, which keeps what it made; here it is only read, in a thread, which takes less than a second.

    python -m quartet.node.loops    # compile what is not kept yet, and say so
"""

import asyncio
import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from quartet.picture import fusion, local, warming


class Loops(NamedTuple):
    """Some loops: whether they are kept, and how they are compiled or read."""

    is_kept: Callable[[], bool]
    warm: Callable[[], None]


SHOWN = Loops(fusion.is_kept, warming.warm)
"""What makes one picture of several sources' tracks."""
TRACKED = Loops(local.is_kept, local.warm)
"""What makes tracks of plots."""


async def made_ready(loops: Loops) -> None:
    """Have loops compiled by a child if they are not kept, then read them in a thread."""
    if not loops.is_kept():
        quiet = asyncio.subprocess.DEVNULL
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, stdin=quiet, stdout=quiet, stderr=quiet
        )
        try:
            await child.wait()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    await asyncio.to_thread(loops.warm)


def main() -> None:
    """Compile what is not kept; of several processes that are asked at one time one does, and the others wait."""
    os.nice(10)
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for loops, what in ((SHOWN, "fusion"), (TRACKED, "tracker")):
            if not loops.is_kept():
                print(f"compiling the picture's {what}, once on this machine: some ten seconds", flush=True)
            loops.warm()


if __name__ == "__main__":
    main()
