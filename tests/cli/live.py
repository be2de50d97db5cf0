"""A trial exchange as its users have it: a process for each member and hub, real NATS, real files; and its officers.

The loop that minds the processes runs in a thread of its own, so that a test reads like an officer's morning.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from commandline import Said, Shell

from quartet.exercise.process import Part
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder
from quartet.node.instance import Ready

MEMBERS = ("north", "east", "south", "west")
TICK_S = 0.5
RECALL_DELAY_S = 2.0
WITHIN_S = 90.0
DISK = "16m"

T = TypeVar("T")


class Live:
    """A running exchange: any part of it can be stopped, killed and started again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._processes = Processes(root)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="live")

    def folder(self, member: str) -> MemberFolder:
        return MemberFolder(self.root / member)

    def part(self, name: str) -> Part:
        return self._processes.parts[name]

    def start(self, name: str) -> Ready:
        """Start a part and wait until it serves; raise the fault that it ended with."""

        async def whole() -> Ready:
            await self.part(name).start()
            return await self.part(name).serving()

        return self._do(whole())

    def stop(self, name: str) -> None:
        self._do(self.part(name).stop())

    def kill(self, name: str) -> None:
        self._do(self.part(name).kill())

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Have a part stand still; afterwards it serves again, whatever happened."""
        self.stop(name)
        try:
            yield
        finally:
            self.stop(name)
            self.start(name)

    def open(self) -> None:
        self._thread.start()
        self._do(self._processes.start())

    def close(self) -> None:
        self._do(self._processes.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(180)


@contextmanager
def live(root: Path, *, members: tuple[str, ...] = MEMBERS, recall_delay_s: float = RECALL_DELAY_S) -> Iterator[Live]:
    """Make an exchange in `root` and run it while the context lasts."""
    new_exchange(root, members, tick_s=TICK_S, recall_delay_s=recall_delay_s)
    with running(root) as made:
        yield made


@contextmanager
def running(root: Path) -> Iterator[Live]:
    """Run the exchange in `root` while the context lasts."""
    made = Live(root)
    try:
        made.open()
        yield made
    finally:
        made.close()


@contextmanager
def small_disks(root: Path, *members: str) -> Iterator[None]:
    """Give these members' folders a small disk each, as root may; what they hold moves there."""
    mounted = []
    try:
        for member in members:
            folder, aside = root / member, root / f"{member}.aside"
            folder.rename(aside)
            folder.mkdir(mode=0o700)
            options = ["-t", "tmpfs", "-o", f"size={DISK},mode=0700", "quartet-small", str(folder)]
            subprocess.run(["mount", *options], check=True, capture_output=True)
            mounted.append(folder)
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            shutil.rmtree(aside)
        yield
    finally:
        for folder in mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def process(*arguments: str | Path, within: float = WITHIN_S) -> Said:
    """Run `quartet` as a process of its own."""
    command = [sys.executable, "-m", "quartet.cli", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=within)
    return Said(done.returncode, done.stdout, done.stderr)


def as_nobody(loaded: Path, *arguments: str | Path) -> Said:
    """Run `quartet` as the user nobody; `loaded` is a running member's folder that root reads first."""
    command = [sys.executable, str(Path(__file__).parent / "as_nobody.py"), str(loaded), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=WITHIN_S, cwd="/")
    return Said(done.returncode, done.stdout, done.stderr)


class Officer:
    """The duty officer of a member at her shell."""

    def __init__(self, shell: Shell, exchange: Live, member: str) -> None:
        self._shell = shell
        self.folder = exchange.folder(member)
        self.member = member

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        return self._shell(*arguments, "--dir", self.folder.root, stdin=stdin)

    def json(self, *arguments: str | Path, stdin: bytes = b"", code: int = 0) -> Any:
        said = self(*arguments, "--json", stdin=stdin)
        assert (said.code, said.error) == (code, "")
        assert said.out.count("\n") == 1
        return json.loads(said.out)

    def refused(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        """Run a command that cannot be done; check that plain and with --json it is one line, and nothing else."""
        plain = self(*arguments, stdin=stdin)
        script = self(*arguments, "--json", stdin=stdin)
        for said in (plain, script):
            one_line(said)
        assert (plain.code, plain.reason) == (script.code, script.reason)
        return plain

    def send(self, text: str, *to: str) -> str:
        said = self("send", "--tlp", "AMBER", "--to", ",".join(to), "-", stdin=text.encode())
        assert (said.code, said.error) == (0, ""), said
        return said.out.strip()

    def refs(self) -> list[str]:
        return [row["ref"] for row in self.json("inbox")]

    def delivered(self, ref: str) -> set[str]:
        return set(self.json("receipts", ref)["delivered"])

    def alarms(self) -> dict[str, str]:
        return {alarm["reason"]: alarm["detail"] for alarm in self.json("status")["alarms"]}


def one_line(said: Said) -> None:
    """Check that an error is one line with its reason word and something to do, and that nothing else was said."""
    assert said.out == ""
    assert said.reason.replace("-", "").isalnum(), said.error
    assert said.reason != "bug", said.error
    assert len(said.error.partition(": ")[2]) > len("do this")
    assert said.code in {1, 2, 3, 4}


def until(true: Callable[[], bool], within: float = WITHIN_S) -> None:
    """Wait until it is so."""
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.1)
