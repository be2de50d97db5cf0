"""Be the only process of a folder, say which, and end with whoever started it.

The lock is the kernel's: it goes with the process, however that ends, so a stale `node.pid` stops nobody. A start
takes some room on the disk: a process that serves keeps that for the next one, and so a full disk can be read.
"""

import asyncio
import ctypes
import fcntl
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from quartet.core.encoding import Value, decode, encode
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.node.files import PRIVATE, read_file, refused, write_file
from quartet.node.folder import Folder

MAX_READY: Final = 64 * 1024
RESERVE: Final = 512 * 1024
"""Bytes that are kept for the next start; SQLite's shared memory and the NATS server's settings take a fifth of it."""
_PAGE: Final = 4096
EXIT_CODES: Final[dict[type[Fault], int]] = {Malformed: 2, Unavailable: 3, Untrusted: 4}
"""What a process ends with that a fault ended."""
_PR_SET_PDEATHSIG: Final = 1


class Ready(Value, frozen=True):
    """What a serving process says of itself: its number, and where it listens."""

    name: str
    pid: int
    addresses: dict[str, str]


@contextmanager
def claim(folder: Folder) -> Iterator[None]:
    """Hold the folder for this process; raise `Unavailable("already-running")` while another holds it."""
    with _locked(folder.pid) as handle:
        for path in (folder.reserve, folder.ready):
            path.unlink(missing_ok=True)
        _say_who(handle, folder.pid)
        try:
            yield
        finally:
            folder.ready.unlink(missing_ok=True)
            folder.pid.unlink(missing_ok=True)


def declare_ready(folder: Folder, name: str, addresses: Mapping[str, str]) -> None:
    """Say that this process serves now, and keep room for the next start: as much as there is."""
    write_file(folder.ready, encode(Ready(name, os.getpid(), dict(addresses))))
    _take_room(folder.reserve)


def read_ready(folder: Folder, pid: int) -> Ready | None:
    """Return what process `pid` says of itself, or None while it does not serve."""
    try:
        ready = decode(read_file(folder.ready, MAX_READY), Ready, MAX_READY)
    except (Unavailable, Malformed):
        return None
    return ready if ready.pid == pid else None


def end_with(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when process `parent`, which started it, ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise Unavailable("parent-gone", f"process {parent} has ended")


def stop_asked(within: float | None = None) -> asyncio.Event:
    """Return what is set once this process is asked to stop: by SIGTERM or Ctrl-C.

    `within` so many seconds after the event loop heard of it the process has ended, in whatever it waits: as a power
    cut would end it.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if within is not None and not asked.is_set():
            late = threading.Timer(within, _end_late, (within,))
            late.daemon = True
            late.start()
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    return asked


def _end_late(within: float) -> None:
    """End at once; what was acknowledged is on the disk, and the kernel ends the NATS server with us."""
    with suppress(OSError):
        os.write(2, f"stop-late: it had not ended {within:g} s after it was told to; nothing is lost\n".encode())
    os._exit(EXIT_CODES[Unavailable])


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    except OSError as error:
        raise refused(error, path, "cannot-write") from error
    try:
        _lock(handle, path)
        yield handle
    finally:
        os.close(handle)


def _take_room(path: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with suppress(OSError), os.fdopen(os.open(path, flags, PRIVATE), "wb", buffering=0) as file:
        for _ in range(0, RESERVE, _PAGE):
            file.write(os.urandom(_PAGE))  # what a file system cannot make small


def _say_who(handle: int, path: Path) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        raise refused(error, path, "cannot-write") from error


def _lock(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
        raise Unavailable(
            "already-running", f"process {holder or '?'} serves {path.parent}; use it, or end it first"
        ) from error
