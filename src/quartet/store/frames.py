"""Frames of live tracks, kept for replay in a file of their own: many, short-lived, never in the way of items.

They lie sealed, in parts by the feeds that govern them, each part under a key of its own; when a feed is recalled its
parts and their keys go, and those of other feeds that came in the same frames stay. They
are not synced one by one: a crash of the machine may lose the last second of them, a crash of the process none. What
was destroyed is synced: no crash brings it back.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.store.database import fault, open_writer, truncate_log
from quartet.store.movements import TABLES as MOVEMENT_TABLES
from quartet.store.movements import Movements
from quartet.store.sealing import DESTROYED, Sealer, open_sealed, seal

MAX_FRAMES: Final = 500_000
"""How many frames are kept of all members together, unless it is said how many."""
PRUNE_EVERY: Final = 1_000
SLICE: Final = 200
"""How many frames are read before others have their turn."""

_TABLES: Final = (
    "DROP TABLE IF EXISTS frame",  # of before: whole frames, which no recall of one feed could take apart
    "CREATE TABLE IF NOT EXISTS frame_part (n INTEGER PRIMARY KEY, member TEXT NOT NULL, seq BIGINT NOT NULL,"
    " at BIGINT NOT NULL, feed TEXT NOT NULL, lead BIGINT NOT NULL, sealed BLOB NOT NULL, UNIQUE (member, seq, feed))",
    "CREATE INDEX IF NOT EXISTS part_at ON frame_part (at)",
    "CREATE INDEX IF NOT EXISTS part_feed ON frame_part (feed)",
    "CREATE INDEX IF NOT EXISTS part_lead ON frame_part (n) WHERE lead = 1",
    "CREATE TABLE IF NOT EXISTS feed_key (n INTEGER PRIMARY KEY, feed TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL)",
)


class NewFrame(Value, frozen=True):
    """A part of a frame to keep: `feed` names the feeds that govern it, with spaces between; one part of each leads."""

    member: MemberId
    seq: int
    at: Micros
    data: bytes
    feed: str
    lead: bool = True


class Frames:
    """Keeps frames; called from any thread, each call short."""

    def __init__(self, connection: sqlite3.Connection, path: Path, sealer: Sealer) -> None:
        self._connection = connection
        self._path = path
        self._sealer = sealer
        self._lock = threading.Lock()
        self._since_prune = 0
        self._most = MAX_FRAMES
        self.movements = Movements(connection, sealer, self._together)
        """The log of entries and exits, in the same file."""

    def put(self, frames: Iterable[NewFrame]) -> None:
        """Keep frames; one that is here stays."""
        columns = "member, seq, at, feed, lead, sealed"
        sql = f"INSERT INTO frame_part ({columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        with self._together():
            for frame in frames:
                sealed = seal(self._new_key(frame.feed), frame.data, _place(frame.member, frame.seq))
                row = frame.member, frame.seq, frame.at, frame.feed, int(frame.lead), sealed
                self._connection.execute(sql, row)
                self._since_prune += frame.lead
        if self._since_prune >= PRUNE_EVERY:
            self._since_prune = 0
            self.prune(Micros(0), self._most)

    def at(self, at: Micros, since: Micros) -> list[tuple[MemberId, bytes]]:
        """Return each member's newest frame of a span of time, in the parts that are left of it."""
        sql = (
            "SELECT member, seq, feed, sealed FROM frame_part WHERE (member, seq) IN"
            " (SELECT member, max(seq) FROM frame_part WHERE at <= ? AND at >= ? GROUP BY member) ORDER BY member, n"
        )
        with self._together():
            rows = self._connection.execute(sql, (at, since)).fetchall()
            return [(MemberId(m), data) for m, s, f, d in rows if (data := self._open(m, s, f, d)) is not None]

    def between(self, since: Micros, until: Micros, limit: int) -> Iterator[tuple[MemberId, Micros, bytes]]:
        """Yield the frames of a span of time, oldest first: a slice at a time, so that nobody waits for all of them."""
        sql = (
            "SELECT n, member, at, seq, feed, sealed FROM frame_part"
            " WHERE at >= ? AND at <= ? AND (at, n) > (?, ?) ORDER BY at, n LIMIT ?"
        )
        at, n = int(since), -1
        while limit > 0:
            with self._together():
                rows = self._connection.execute(sql, (at, until, at, n, min(SLICE, limit))).fetchall()
                opened = [(m, t, self._open(m, s, f, d)) for _, m, t, s, f, d in rows]
            yield from ((MemberId(m), Micros(t), data) for m, t, data in opened if data is not None)
            if len(rows) < min(SLICE, limit):
                return
            n, _, at = rows[-1][:3]
            limit -= SLICE

    def thinned(self, since: Micros, until: Micros, step: int, limit: int) -> Iterator[tuple[MemberId, Micros, bytes]]:
        """Yield the frames of each member's last tick in every `step` microseconds of a span, oldest first."""
        sql = (
            "SELECT n, member, seq, at, feed FROM frame_part WHERE (member, at) IN"
            " (SELECT member, max(at) FROM frame_part WHERE at >= ? AND at <= ? GROUP BY member, (at - ?) / ?)"
            " AND at >= ? AND at <= ? ORDER BY at, n LIMIT ?"
        )
        with self._together():
            rows = self._connection.execute(sql, (since, until, since, step, since, until, limit)).fetchall()
        for first in range(0, len(rows), SLICE):
            with self._together():
                opened = [(m, t, self._found(n, m, s, f)) for n, m, s, t, f in rows[first : first + SLICE]]
            yield from ((MemberId(m), Micros(t), data) for m, t, data in opened if data is not None)

    def last(self, member: MemberId) -> int:
        """Return the number of a member's newest frame; 0 before the first."""
        with self._together():
            found = self._connection.execute("SELECT max(seq) FROM frame_part WHERE member = ?", (member,)).fetchone()
        return int(found[0] or 0)

    def drop_feed(self, feed: str) -> None:
        """Destroy all frames of a feed, and its key, for good; and what was computed from it.

        What is left in the write-ahead log goes with the next scrub.
        """
        with self._together(durable=True):
            found = self._connection.execute("SELECT feed FROM feed_key").fetchall()
            for (one,) in found:
                if feed in one.split():
                    self._connection.execute("UPDATE feed_key SET wrapped = ? WHERE feed = ?", (DESTROYED, one))
                    self._connection.execute("DELETE FROM frame_part WHERE feed = ?", (one,))
            self.movements.drop(feed)

    def prune(self, before: Micros, keep: int = MAX_FRAMES) -> None:
        """Drop frames older than `before`, and the oldest beyond `keep`: from now on so many are kept, in all parts."""
        self._most = keep
        newest = "SELECT n FROM frame_part WHERE lead = 1 ORDER BY n DESC LIMIT 1 OFFSET ?"
        with self._together():
            self._connection.execute(
                f"DELETE FROM frame_part WHERE at < ? OR n < ({newest})", (before, max(0, keep - 1))
            )

    def scrub(self) -> bool:
        """Truncate the write-ahead log; return whether that was possible."""
        with self._lock:
            return truncate_log(self._connection)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _together(self, *, durable: bool = False) -> Iterator[None]:
        """One transaction of one thread; SQLite's errors leave it as faults. A `durable` one outlives a power cut."""
        with self._lock:
            try:
                if durable:
                    self._connection.execute("PRAGMA synchronous = FULL")
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise fault(error, self._path) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if durable:
                    self._connection.execute("PRAGMA synchronous = NORMAL")

    def _found(self, n: int, member: str, seq: int, feed: str) -> bytes | None:
        """Return a frame's bytes, None where it went since."""
        row = self._connection.execute("SELECT sealed FROM frame_part WHERE n = ?", (n,)).fetchone()
        return None if row is None else self._open(member, seq, feed, row[0])

    def _open(self, member: str, seq: int, feed: str, sealed: bytes) -> bytes | None:
        """Return a frame's bytes, None once its feed's key is destroyed."""
        key = self._key(feed)
        return None if key is None else open_sealed(key, sealed, _place(member, seq))

    def _key(self, feed: str) -> bytes | None:
        row = self._connection.execute("SELECT wrapped FROM feed_key WHERE feed = ?", (feed,)).fetchone()
        return None if row is None or row[0] == DESTROYED else self._sealer.unwrap(row[0], f"feed {feed}")

    def _new_key(self, feed: str) -> bytes:
        """Return the feed's key; a feed that was destroyed and speaks again gets another."""
        found = self._key(feed)
        if found is not None:
            return found
        key, wrapped = self._sealer.new_key(f"feed {feed}")
        sql = (
            "INSERT INTO feed_key (feed, wrapped) VALUES (?, ?)"
            " ON CONFLICT (feed) DO UPDATE SET wrapped = excluded.wrapped"
        )
        self._connection.execute(sql, (feed, wrapped))
        return key


def open_frames(path: Path, sealer: Sealer) -> Frames:
    """Open the file of frames, made if it is not there."""
    connection = open_writer(path, durable=False)
    try:
        for table in (*_TABLES, *MOVEMENT_TABLES):
            connection.execute(table)
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    return Frames(connection, path, sealer)


def _place(member: str, seq: int) -> str:
    return f"frame {member} {seq}"
