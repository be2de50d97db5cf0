"""A member's database: one file, one writer, readers beside it. What `write` returned is on the disk."""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import create_engine, event

from quartet.core.faults import Unavailable
from quartet.keep.box import Box
from quartet.keep.migrations import migrate
from quartet.keep.reader import Reader
from quartet.keep.tx import Tx
from quartet.keep.writer import Writer

T = TypeVar("T")
BUSY_MS: Final = 5_000
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_size_limit = 0",
)


class Store:
    """An open database. Made by `open_store`; close it, or use it as a context."""

    def __init__(self, path: Path, master: bytes) -> None:
        self.path = path
        self.box = Box(master)
        self._local = threading.local()
        _create(path)
        self._writer = Writer(lambda: (_connect(path), lambda connection: Tx(connection, self.box)))
        self.reader = Reader(self._reading, self.box)

    async def write(self, job: Callable[[Tx], T]) -> T:
        """Run a job in the writer's next transaction; return its result once that is committed."""
        return await asyncio.wrap_future(self.submit(job))

    def submit(self, job: Callable[[Tx], T]) -> "Future[T]":
        """As `write`, for threads and for several writes at once."""
        return self._writer.submit(job)

    @property
    def written(self) -> tuple[int, int]:
        """How many transactions were committed, and how many jobs in them."""
        return self._writer.batches, self._writer.jobs

    def scrub(self) -> bool:
        """Truncate the write-ahead log, so that nothing destroyed lies in it; return whether readers let it."""
        connection = _connect(self.path)
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        """Write what is queued, then close."""
        self._writer.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reading(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
            found.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            self._local.connection = found
        return found


def open_store(path: Path, master: bytes) -> Store:
    """Open a member's database, made if it is not there, under its 32-byte master key.

    Raise `Unavailable("newer-database" | "store-failed" | "disk-full")`.
    """
    try:
        return Store(path, master)
    except sqlite3.Error as error:
        raise Unavailable("store-failed", f"{path.name}: {error}") from error


@contextlib.contextmanager
def read_only(path: Path, master: bytes) -> Iterator[Reader]:
    """Read a database file without its node, in use or not; nothing is written, not even a log beside it."""
    if not path.exists():
        raise Unavailable("no-database", f"{path} is not there")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for part in (path, path.with_name(path.name + "-wal")):
            if part.exists():
                shutil.copyfile(part, copy.with_name(part.name))
        connection = sqlite3.connect(copy, isolation_level=None)
        try:
            yield Reader(lambda: connection, Box(master))
        finally:
            connection.close()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _set_pragmas)
    try:
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def _set_pragmas(connection: Any, _: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    _set_pragmas(connection, None)
    return connection
