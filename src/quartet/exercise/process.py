"""One node or hub as a process of its own: started, watched until it serves, stopped or killed.

It ends when we end, however we end: the kernel tells it.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final

from quartet.core.faults import Fault, Unavailable
from quartet.node.files import make_folder
from quartet.node.folder import Folder
from quartet.node.instance import EXIT_CODES, Ready, read_ready

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.05
MAX_LOG: Final = 8 * 1024 * 1024
MAX_LINE: Final = 2000

_FAULTS: Final[dict[int, type[Fault]]] = {code: kind for kind, code in EXIT_CODES.items()}


class Part:
    """A member's node or a hub, in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.name = root.name
        self.folder = Folder(root)
        self._child: asyncio.subprocess.Process | None = None
        self.before: tuple[str, ...] = ()
        """What stands before its command, and becomes it: so it runs on another host, or under other limits."""

    @property
    def pid(self) -> int | None:
        """The running process's number; None while there is none."""
        return None if self._child is None or self._child.returncode is not None else self._child.pid

    @property
    def ended(self) -> int | None:
        """The exit code of the process that ran last (minus the signal that killed it), or None."""
        return None if self._child is None else self._child.returncode

    @property
    def log(self) -> Path:
        """What the process writes on its standard output and error."""
        return self.folder.run / "node.log"

    async def start(self) -> None:
        """Start the process; it does not serve yet."""
        if self.pid is not None:
            return
        make_folder(self.folder.run)
        self.folder.ready.unlink(missing_ok=True)
        serve = (sys.executable, "-m", "quartet.serve", "--dir", str(self.folder.root), "--parent", str(os.getpid()))
        command = (*self.before, *serve)
        with self._open_log() as log:
            self._child = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    async def serving(self, within: float = START_SECONDS) -> Ready:
        """Wait until the process serves.

        Raise the fault that it ended with, or `Unavailable("not-ready")` after `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while (ready := self._ready()) is None:  # noqa: ASYNC110 - another process's file
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError as error:
            raise Unavailable("not-ready", f"{self.name} after {within:g} s; see {self.log}") from error
        return ready

    async def wait(self) -> int:
        """Wait for the end of the process, and return its exit code."""
        return 0 if self._child is None else await self._child.wait()

    async def stop(self, within: float = STOP_SECONDS) -> None:
        """Ask the process to end, and kill it if it has not after `within` seconds."""
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(within):
                await self.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End the process at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        await self.wait()

    def signal(self, number: int) -> None:
        """Send the process a signal; nothing if there is none."""
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(number)

    def _ready(self) -> Ready | None:
        if self.pid is None:
            raise self._fault()
        return read_ready(self.folder, self.pid)

    def _fault(self) -> Fault:
        line = _last_line(self.log)
        reason, _, detail = line.partition(": ")
        kind = _FAULTS.get(self.ended or 0)
        if kind is None or not detail:
            return Unavailable("part-ended", f"{self.name}, exit {self.ended}: {line or 'it said nothing'}")
        return kind(reason, f"{self.name}: {detail}")

    def _open_log(self) -> BinaryIO:
        grown = self.log.exists() and self.log.stat().st_size > MAX_LOG
        return self.log.open("wb" if grown else "ab")


def _last_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MAX_LINE))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip() if lines else ""
