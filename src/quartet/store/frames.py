"""Frames of live tracks, kept for replay in a file of their own: many, short-lived, and never fought over with items.

Their segments lie sealed, each under the feed that governs it; when a feed is recalled its segments go.
"""

import sqlite3
import threading
from pathlib import Path
from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.store.database import fault, open_writer
from quartet.store.sealing import Sealer, open_sealed, seal

MAX_FRAMES: Final = 500_000
"""How many frames are kept of all members together."""

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS frame (member TEXT NOT NULL, incarnation INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " at INTEGER NOT NULL, header BLOB NOT NULL, sig BLOB NOT NULL, own INTEGER NOT NULL, n INTEGER PRIMARY KEY,"
    " UNIQUE (member, incarnation, seq))",
    "CREATE INDEX IF NOT EXISTS frame_at ON frame (at)",
    "CREATE TABLE IF NOT EXISTS segment (frame INTEGER NOT NULL, place INTEGER NOT NULL, feed TEXT NOT NULL,"
    " sealed BLOB NOT NULL, PRIMARY KEY (frame, place))",
    "CREATE INDEX IF NOT EXISTS segment_feed ON segment (feed)",
    "CREATE TABLE IF NOT EXISTS feed_key (n INTEGER PRIMARY KEY, feed TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL)",
)


class StoredSegment(Value, frozen=True):
    """One segment of a frame; `feed` names what governs it."""

    place: int
    feed: str
    data: bytes


class StoredFrame(Value, frozen=True):
    """A frame as it was published; segments of recalled feeds are missing."""

    member: MemberId
    incarnation: int
    seq: int
    at: Micros
    header: bytes
    sig: bytes
    own: bool
    segments: tuple[StoredSegment, ...]


class Frames:
    """Keeps frames; called from any thread, each call short. A crash of the machine may lose the last second of them."""

    def __init__(self, connection: sqlite3.Connection, path: Path, sealer: Sealer) -> None:
        self._connection = connection
        self._path = path
        self._sealer = sealer
        self._lock = threading.Lock()
        self._keys: dict[str, bytes] = {}

    def put(self, frame: StoredFrame) -> bool:
        """Keep a frame and return whether it is new."""
        sql = (
            "INSERT INTO frame (member, incarnation, seq, at, header, sig, own) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING"
        )
        row = (frame.member, frame.incarnation, frame.seq, frame.at, frame.header, frame.sig, int(frame.own))
        with self._lock, self._together():
            cursor = self._connection.execute(sql, row)
            if cursor.rowcount == 0:
                return False
            segments = [(cursor.lastrowid, s.place, s.feed, self._seal(s)) for s in frame.segments]
            put = "INSERT INTO segment (frame, place, feed, sealed) VALUES (?, ?, ?, ?)"
            self._connection.executemany(put, segments)
        return True

    def between(
        self, after: Micros, until: Micros, member: MemberId | None = None, limit: int = 1000
    ) -> list[StoredFrame]:
        """Return frames later than `after` and not later than `until`, oldest first."""
        sql = (
            "SELECT n, member, incarnation, seq, at, header, sig, own FROM frame"
            " WHERE at > ? AND at <= ? AND (? IS NULL OR member = ?) ORDER BY at, n LIMIT ?"
        )
        with self._lock, self._together():
            rows = self._connection.execute(sql, (after, until, member, member, limit)).fetchall()
            return [self._frame(*row) for row in rows]

    def drop_feed(self, feed: str) -> None:
        """Destroy all segments of a feed, and its key."""
        with self._lock:
            with self._together():
                self._connection.execute("UPDATE feed_key SET wrapped = zeroblob(60) WHERE feed = ?", (feed,))
                self._connection.execute("DELETE FROM segment WHERE feed = ?", (feed,))
            self._keys.pop(feed, None)
            self._truncate()

    def prune(self, before: Micros, keep: int = MAX_FRAMES) -> int:
        """Drop frames older than `before`, and the oldest beyond `keep`; return how many went."""
        with self._lock, self._together():
            oldest = "SELECT n FROM frame WHERE at < ? OR n <= (SELECT max(n) FROM frame) - ?"
            gone = self._connection.execute(oldest, (before, keep)).fetchall()
            self._connection.executemany("DELETE FROM segment WHERE frame = ?", gone)
            self._connection.executemany("DELETE FROM frame WHERE n = ?", gone)
        return len(gone)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _together(self) -> "_Together":
        return _Together(self._connection, self._path)

    def _truncate(self) -> None:
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _seal(self, segment: StoredSegment) -> bytes:
        return seal(self._key(segment.feed), segment.data, f"segment {segment.feed}")

    def _frame(
        self, n: int, member: str, incarnation: int, seq: int, at: int, header: bytes, sig: bytes, own: int
    ) -> StoredFrame:
        return StoredFrame(
            MemberId(member), incarnation, seq, Micros(at), header, sig, own=bool(own), segments=self._segments(n)
        )

    def _segments(self, frame: int) -> tuple[StoredSegment, ...]:
        sql = "SELECT place, feed, sealed FROM segment WHERE frame = ? ORDER BY place"
        rows = self._connection.execute(sql, (frame,)).fetchall()
        return tuple(StoredSegment(p, f, open_sealed(self._key(f), s, f"segment {f}")) for p, f, s in rows)

    def _key(self, feed: str) -> bytes:
        if feed not in self._keys:
            self._keys[feed] = self._find_key(feed)
        return self._keys[feed]

    def _find_key(self, feed: str) -> bytes:
        row = self._connection.execute("SELECT wrapped FROM feed_key WHERE feed = ?", (feed,)).fetchone()
        if row is not None:
            return self._sealer.unwrap(row[0], f"feed {feed}")
        key, wrapped = self._sealer.new_key(f"feed {feed}")
        self._connection.execute("INSERT INTO feed_key (feed, wrapped) VALUES (?, ?)", (feed, wrapped))
        return key


class _Together:
    """One transaction; SQLite's errors leave it as faults."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise fault(error, self._path) from error

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("COMMIT" if error is None else "ROLLBACK")
        except sqlite3.Error as failed:
            raise fault(failed, self._path) from failed
        if isinstance(error, sqlite3.Error):
            raise fault(error, self._path) from error


def open_frames(path: Path, sealer: Sealer) -> Frames:
    """Open the file of frames, made if it is not there."""
    connection = open_writer(path, durable=False)
    try:
        for table in _TABLES:
            connection.execute(table)
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    return Frames(connection, path, sealer)
