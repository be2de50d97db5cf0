"""The log of entries and exits, in the file of the frames: kept longer than these, and gone with any feed it rests on.

A row lies sealed under a key for the set of feeds that it was computed from; when one of them is destroyed, that key
and its rows go. A crash of the machine may lose the last second of it, a crash of the process nothing.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, Micros
from quartet.store.sealing import DESTROYED, Sealer, open_sealed, seal

MAX_MOVEMENTS: Final = 500_000
"""Beyond so many the oldest go."""

TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS movement (n INTEGER PRIMARY KEY, at BIGINT NOT NULL, whom TEXT NOT NULL,"
    " feeds TEXT NOT NULL, sealed BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS movement_whom ON movement (whom, at)",
    "CREATE TABLE IF NOT EXISTS movement_key (feeds TEXT PRIMARY KEY, wrapped BLOB NOT NULL)",
)


class NewMovement(Value, frozen=True):
    """An entry or exit to keep: for whom it was computed, from which feeds, and what it says."""

    at: Micros
    whom: str
    feeds: tuple[ItemId, ...]
    data: bytes


class MovementRow(Value, frozen=True):
    """An entry or exit as it is kept."""

    at: Micros
    data: bytes


class Movements:
    """Keeps entries and exits; called from any thread, each call short."""

    def __init__(
        self, connection: sqlite3.Connection, sealer: Sealer, together: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._sealer = sealer
        self._together = together

    def put(self, rows: Iterable[NewMovement]) -> None:
        """Keep rows, in their order."""
        sql = "INSERT INTO movement (at, whom, feeds, sealed) VALUES (?, ?, ?, ?)"
        with self._together():
            for row in rows:
                feeds = _spelt(row.feeds)
                sealed = seal(self._new_key(feeds), row.data, _place(row.at, row.whom))
                self._connection.execute(sql, (row.at, row.whom, feeds, sealed))
            sql = "DELETE FROM movement WHERE n <= (SELECT max(n) FROM movement) - ?"
            self._connection.execute(sql, (MAX_MOVEMENTS,))

    def read(self, whom: Iterable[str], before: Micros, limit: int) -> list[MovementRow]:
        """Return rows that were computed for any of these and are of before a time, the newest first."""
        names = tuple(whom)
        marks = ", ".join("?" * len(names))
        sql = (
            f"SELECT at, whom, feeds, sealed FROM movement WHERE whom IN ({marks}) AND at < ?"
            " ORDER BY at DESC, n DESC LIMIT ?"
        )
        with self._together():
            found = self._connection.execute(sql, (*names, before, limit)).fetchall()
            return [
                MovementRow(at=Micros(at), data=data)
                for at, one, feeds, sealed in found
                if (data := self._open(feeds, sealed, _place(at, one))) is not None
            ]

    def drop(self, feed: str) -> None:
        """Destroy what rests on a feed; inside a transaction of the caller."""
        sql = "UPDATE movement_key SET wrapped = ? WHERE instr(feeds, ?) > 0"
        self._connection.execute(sql, (DESTROYED, feed))
        self._connection.execute("DELETE FROM movement WHERE instr(feeds, ?) > 0", (feed,))

    def prune(self, before: Micros) -> None:
        """Forget what is older than a time."""
        with self._together():
            self._connection.execute("DELETE FROM movement WHERE at < ?", (before,))

    def _open(self, feeds: str, sealed: bytes, place: str) -> bytes | None:
        key = self._key(feeds)
        return None if key is None else open_sealed(key, sealed, place)

    def _key(self, feeds: str) -> bytes | None:
        row = self._connection.execute("SELECT wrapped FROM movement_key WHERE feeds = ?", (feeds,)).fetchone()
        return None if row is None or row[0] == DESTROYED else self._sealer.unwrap(row[0], _key_place(feeds))

    def _new_key(self, feeds: str) -> bytes:
        found = self._key(feeds)
        if found is not None:
            return found
        key, wrapped = self._sealer.new_key(_key_place(feeds))
        sql = (
            "INSERT INTO movement_key (feeds, wrapped) VALUES (?, ?)"
            " ON CONFLICT (feeds) DO UPDATE SET wrapped = excluded.wrapped"
        )
        self._connection.execute(sql, (feeds, wrapped))
        return key


def _spelt(feeds: Iterable[str]) -> str:
    return " ".join(sorted(set(feeds)))


def _key_place(feeds: str) -> str:
    return f"movements {feeds}"


def _place(at: int, whom: str) -> str:
    return f"movement {at} {whom}"
