"""A member's database: one thread writes, every thread reads, all of it in files that only the member may open.

with open_store(path, master) as store:
    await store.write(lambda tx: tx.put_item(item))
    store.reader.item(item.id)
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Final, TypeVar, cast

from quartet.core.faults import Fault, Malformed, Untrusted
from quartet.store.audit import open_still, snapshot
from quartet.store.database import fault, open_reader, open_writer
from quartet.store.frames import Frames, open_frames
from quartet.store.migrations import migrate
from quartet.store.readers import Readers
from quartet.store.sealing import KEY_SIZE, Sealer
from quartet.store.tx import Reader, Tx
from quartet.store.writer import Writer

T = TypeVar("T")

ROOM_EVERY: Final = 0.002
SCRUB_WITHIN: Final = 0.25
_CHECK: Final = "store key"


class Store:
    """An open database. Made by `open_store`; close it, or use it as a context."""

    def __init__(self, path: Path, writer: Writer, sealer: Sealer, frames: Frames) -> None:
        self.path = path
        self._writer = writer
        self.box = sealer
        """Seals small things that lie beside the database, under the same store key."""
        self._frames = frames
        self.movements = frames.movements
        """Entries and exits, in any thread."""
        self._readers = Readers(path)
        self.reader = Reader(self._readers.reading, path, sealer, frames)
        """Reads, in any thread."""

    async def write(self, job: Callable[[Tx], T], *, urgent: bool = False) -> T:
        """Run `job` in the writer's thread and return its result once it is on the disk.

        The job may be run twice and is kept once, so it changes nothing but the database. Waits while the queue is
        full; raises what the job raises, `Unavailable("disk-full")` when nothing could be kept. An `urgent` one waits
        for none but those that are being committed: it rests on nothing that waits.
        """
        while self._writer.full and not urgent:  # noqa: ASYNC110 - another thread makes room
            await asyncio.sleep(ROOM_EVERY)
        return cast(T, await self._writer.submit_here(job, urgent=urgent))

    def submit(self, job: Callable[[Tx], T]) -> "Future[T]":
        """As `write`, for threads; raise `Unavailable("store-busy")` when the queue is full."""
        return self._writer.submit(job)

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Read everything as it stands now, for as long as it takes; what is purged meanwhile is scrubbed after."""
        with snapshot(open_reader(self.path), self.path) as connection:
            yield Reader(lambda: nullcontext(connection), self.path, self.box, None)

    @property
    def written(self) -> tuple[int, int]:
        """How many commits there were since the store was opened, and how many jobs in them."""
        return self._writer.commits, self._writer.jobs

    def scrub(self, within: float = SCRUB_WITHIN) -> bool:
        """Truncate the write-ahead logs, so that nothing destroyed lies there; return whether readers let it.

        What could not be done is tried again until it succeeds. A purge asks for it by itself.
        """
        self._writer.scrub()
        until = time.monotonic() + within
        while self._writer.scrub_pending and time.monotonic() < until:
            time.sleep(ROOM_EVERY)
        return not self._writer.scrub_pending

    @property
    def scrubbed(self) -> bool:
        """Whether nothing that was destroyed is left in a write-ahead log."""
        return not self._writer.scrub_pending

    def close(self) -> None:
        """Finish what waits, and close every connection."""
        self._readers.close()
        self._writer.close()
        self._frames.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: Path, master: bytes) -> Store:
    """Open a member's database, made if it is not there, brought to today's version if it is older.

    Raise `Unavailable("newer-database" | "cannot-write" | "disk-full")`, `Untrusted("damaged")` for a file that is no
    database, and `Untrusted("wrong-store-key")` if `master` (32 bytes) is not the one it was made with.
    """
    if len(master) != KEY_SIZE:
        raise Malformed("bad-store-key", f"{len(master)} bytes where {KEY_SIZE} must be")
    sealer = Sealer(master)
    connection = open_writer(path)
    try:
        migrate(connection)
        _check_key(connection, sealer)
        frames = open_frames(path.with_name("frames.db"), sealer)
        writer = Writer(connection, path, sealer, frames)
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    except Fault:
        connection.close()
        raise
    writer.start()
    return Store(path, writer, sealer, frames)


@contextmanager
def read_only(path: Path, master: bytes) -> Iterator[Reader]:
    """Read a database file without its node, in use, at rest or a copy; nothing is written, not even a log beside it.

    Raise `Unavailable("no-database" | "newer-database")`, `Untrusted("damaged")` for a file that is no database.
    """
    with open_still(path) as opened, snapshot(opened, path) as connection:
        yield Reader(lambda: nullcontext(connection), path, Sealer(master), None)


def _check_key(connection: sqlite3.Connection, sealer: Sealer) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_CHECK,)).fetchone()
    if row is None:
        value = sealer.wrap(_CHECK.encode(), _CHECK).hex()
        connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (_CHECK, value))
        return
    try:
        sealer.unwrap(bytes.fromhex(row[0]), _CHECK)
    except (Untrusted, ValueError) as error:
        raise Untrusted("wrong-store-key", "this store key does not open the database") from error
