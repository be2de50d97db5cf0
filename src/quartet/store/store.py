"""A member's database: one thread writes, every thread reads, all of it in files that only the member may open.

with open_store(path, master) as store:
    await store.write(lambda tx: tx.put_item(verified, now))
    store.read().item(verified.id)
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar, cast

from quartet.core.faults import Fault, Untrusted
from quartet.store.cache import Cache
from quartet.store.database import fault, open_reader, open_writer
from quartet.store.frames import Frames, open_frames
from quartet.store.migrations import migrate
from quartet.store.sealing import Sealer
from quartet.store.tx import Reader, Tx
from quartet.store.writer import Writer

T = TypeVar("T")

_ROOM_EVERY: Final = 0.002
_CHECK: Final = "store key"


class Store:
    """Reads and writes one member's database. Made by `open_store`."""

    def __init__(self, path: Path, writer: Writer, sealer: Sealer, cache: Cache, frames: Frames) -> None:
        self.path = path
        self.cache = cache
        self.frames = frames
        self._writer = writer
        self._sealer = sealer
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    async def write(self, job: Callable[[Tx], T]) -> T:
        """Run `job` in the writer's thread and return its result once it is on disk.

        The job may be run twice, so it changes nothing but the database. Waits while the queue is full; raises what the
        job raises, `Unavailable("disk-full")` when nothing could be kept, `Unavailable("store-closed")` after the end.
        """
        while self._writer.full:  # noqa: ASYNC110 - another thread makes room
            await asyncio.sleep(_ROOM_EVERY)
        return cast(T, await self._writer.submit_here(job))

    def submit(self, job: Callable[[Tx], T]) -> "Future[T]":
        """As `write`, for threads; raises `Unavailable("store-full")` when the queue is full."""
        return self._writer.submit(job)

    def read(self) -> Reader:
        """Return this thread's reader. Its queries are short: milliseconds at most."""
        reader: Reader | None = getattr(self._threads, "reader", None)
        if reader is None:
            connection = open_reader(self.path)
            with self._lock:
                self._readers.append(connection)
            reader = Reader(connection, self.path, self._sealer, self.cache)
            self._threads.reader = reader
        return reader

    async def scrubbed(self, within: float = 30.0) -> bool:
        """Wait until nothing destroyed is left in the write-ahead log; False if readers held it all the while."""
        for _ in range(max(1, int(within / _ROOM_EVERY))):
            if not self._writer.scrub_pending:
                return True
            await asyncio.sleep(_ROOM_EVERY)
        return False

    @property
    def commits(self) -> int:
        """How many commits there were since the store was opened."""
        return self._writer.commits

    def close(self) -> None:
        """Finish what waits, and close every connection."""
        with self._lock:
            for connection in self._readers:
                connection.close()
        self._writer.close()
        self.frames.close()


@contextmanager
def open_store(path: Path, master: bytes) -> Iterator[Store]:
    """Open a member's database, made if it is not there, brought to today's version if it is older.

    Raises `Unavailable("newer-database")`, `Unavailable("cannot-write")`, `Untrusted("damaged")` for a file that is no
    database, and `Untrusted("wrong-store-key")` if `master` (32 bytes) is not the one it was made with.
    """
    sealer = Sealer(master)
    connection = open_writer(path)
    try:
        migrate(connection)
        _check_key(connection, sealer)
        cache = Cache()
        writer = Writer(connection, path, sealer, cache)
        frames = open_frames(path.with_name("frames.db"), sealer)
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    except Fault:
        connection.close()
        raise
    store = Store(path, writer, sealer, cache, frames)
    writer.start()
    try:
        yield store
    finally:
        store.close()


def _check_key(connection: sqlite3.Connection, sealer: Sealer) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_CHECK,)).fetchone()
    if row is None:
        value = sealer.wrap(_CHECK.encode(), _CHECK)
        connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (_CHECK, value))
        return
    try:
        sealer.unwrap(row[0], _CHECK)
    except Untrusted as error:
        raise Untrusted("wrong-store-key", "this store key does not open the database") from error
