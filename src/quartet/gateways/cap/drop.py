"""The folder in which an authority drops its early warnings: what it may hold is a stranger's word.

Only regular files are read, never through a link and never waiting for a pipe, and so much of each at most. What was
taken or refused moves into `done/` or `bad/`, which are no links either, under a name that overwrites nothing.
"""

import contextlib
import errno
import heapq
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from quartet.core.faults import Malformed, Unavailable
from quartet.node.files import PRIVATE, refused
from quartet.store.folders import FOLDER

SUFFIX: Final = ".xml"
MAX_STEM: Final = 200
"""Bytes of a name that are kept: with what is put behind it, it is still a name."""
MAX_SAME: Final = 10_000
"""Files of one name that lie aside."""
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.EOPNOTSUPP})

Aside = Literal["done", "bad"]


class Mark(NamedTuple):
    """Which file it was that had a name: a name may be given to another."""

    device: int
    inode: int
    size: int
    changed: int


class Drop:
    """An open folder."""

    def __init__(self, folder: Path, handle: int) -> None:
        self._folder = folder
        self._handle = handle

    def waiting(self, most: int) -> list[str]:
        """Return the first names of what was dropped; a name that begins with a dot is not whole yet."""
        with os.scandir(self._handle) as found:
            names = (one.name for one in found if one.name.endswith(SUFFIX) and not one.name.startswith("."))
            return heapq.nsmallest(most, names)

    def mark(self, name: str) -> Mark | None:
        """Return which file has a name now; None for none."""
        try:
            return _mark(os.stat(name, dir_fd=self._handle, follow_symlinks=False))
        except OSError:
            return None

    def read(self, name: str, limit: int) -> bytes:
        """Return what a file holds.

        Raise `Malformed("not-a-file")` for a link, a pipe or a folder, `Malformed("too-large")`, and `Unavailable` for
        what cannot be read now.
        """
        try:
            handle = os.open(name, _READ, dir_fd=self._handle)
        except OSError as error:
            if error.errno in _NO_FILE:
                raise Malformed("not-a-file", f"{name}: {error.strerror}") from error
            raise refused(error, self._folder / name, "no-file") from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Malformed("not-a-file", f"{name} is no regular file")
        with os.fdopen(handle, "rb") as file:
            try:
                data = file.read(limit + 1)
            except OSError as error:
                raise refused(error, self._folder / name, "no-file") from error
        if len(data) > limit:
            raise Malformed("too-large", f"{name}: more than {limit} bytes")
        return data

    def set_aside(self, name: str, mark: Mark | None, where: Aside, answer: bytes) -> None:
        """Move what had this mark aside, its answer beside it; what has the name since stays for the next look.

        Raise `Unavailable` where that cannot be done.
        """
        try:
            with self._aside(where) as aside:
                free = _free(name, aside)
                _write(f"{free}.answer", answer, aside)
                if self.mark(name) == mark:
                    os.rename(name, f"{free}{SUFFIX}", src_dir_fd=self._handle, dst_dir_fd=aside)
                    os.fsync(aside)
        except OSError as error:
            raise refused(error, self._folder / where / name, "cannot-write") from error

    @contextlib.contextmanager
    def _aside(self, where: Aside) -> Iterator[int]:
        with contextlib.suppress(FileExistsError):
            os.mkdir(where, mode=FOLDER, dir_fd=self._handle)
        handle = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._handle)
        try:
            yield handle
        finally:
            os.close(handle)


@contextlib.contextmanager
def open_drop(folder: Path) -> Iterator[Drop]:
    """Open a folder, made if it is not there; raise `Unavailable`."""
    try:
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise refused(error, folder, "no-file") from error
    try:
        yield Drop(folder, handle)
    finally:
        os.close(handle)


def _free(name: str, aside: int) -> str:
    """Return what a file is called aside, without its ending: its own name, or that and a number."""
    stem = os.fsdecode(os.fsencode(name.removesuffix(SUFFIX))[:MAX_STEM])
    taken = set(os.listdir(aside))
    for free in (stem, *(f"{stem}-{n}" for n in range(1, MAX_SAME))):
        if f"{free}.answer" not in taken and f"{free}{SUFFIX}" not in taken:
            return free
    raise Unavailable("cannot-write", f"{MAX_SAME} files are called {stem}: clear them away")


def _write(name: str, data: bytes, folder: int) -> None:
    """Write a file that has its name only once it is whole: who waits for it reads it as soon as it is there."""
    part = f".{name}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part, dir_fd=folder)  # of a write that was cut off
    handle = os.open(part, _WRITE, PRIVATE, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
    os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)


def _mark(found: os.stat_result) -> Mark:
    return Mark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
