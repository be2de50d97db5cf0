"""The log of entries and exits, in the file of the frames: kept longer than these, and gone with all it rests on.

A row lies sealed under a key for the set of items that it was computed from: the feeds that saw it, the plan and the
words that named it. When one of them is destroyed, that key and its rows go. A crash of the machine may lose the last
second of it, a crash of the process nothing.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from heapq import nlargest
from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, Micros
from quartet.store.sealing import Sealer, open_sealed, seal

MAX_MOVEMENTS: Final = 500_000
"""Beyond so many the oldest go."""
SLICE: Final = 100
"""How many rows are read before others have their turn, of however many they are."""

TABLES: Final = (
    "DROP TABLE IF EXISTS movement",  # of before: rows that rested on all that was on view
    "DROP TABLE IF EXISTS movement_key",
    "CREATE TABLE IF NOT EXISTS crossing (n INTEGER PRIMARY KEY AUTOINCREMENT, at BIGINT NOT NULL, whom TEXT NOT NULL,"
    " rests BIGINT NOT NULL, sealed BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS crossing_whom ON crossing (whom, at, n)",
    "CREATE INDEX IF NOT EXISTS crossing_at ON crossing (at)",
    "CREATE INDEX IF NOT EXISTS crossing_rests ON crossing (rests)",
    "CREATE TABLE IF NOT EXISTS crossing_key (n INTEGER PRIMARY KEY AUTOINCREMENT, items TEXT NOT NULL UNIQUE,"
    " wrapped BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS crossing_item (item TEXT NOT NULL, key BIGINT NOT NULL, PRIMARY KEY (item, key))"
    " WITHOUT ROWID",
)


class NewMovement(Value, frozen=True):
    """An entry or exit to keep: for whom it was computed, from which items, and what it says."""

    at: Micros
    whom: str
    rests: tuple[ItemId, ...]
    data: bytes


class MovementRow(Value, frozen=True):
    """An entry or exit as it is kept; `at` and `n` are its place in the log, and no other row's."""

    at: Micros
    n: int
    data: bytes


class After(NamedTuple):
    """A place in the log: what comes after it is older, or as old and was logged sooner."""

    at: int = 2**62
    n: int = 2**62


NEWEST: Final = After()


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
        sql = "INSERT INTO crossing (at, whom, rests, sealed) VALUES (?, ?, ?, ?)"
        with self._together():
            for row in rows:
                number, key = self._key(_spelt(row.rests))
                self._connection.execute(sql, (row.at, row.whom, number, seal(key, row.data, _place(row.at, row.whom))))
            old = "DELETE FROM crossing WHERE n <= (SELECT max(n) FROM crossing) - ?"
            self._connection.execute(old, (MAX_MOVEMENTS,))

    def read(self, whom: Sequence[str], after: After = NEWEST, limit: int = SLICE) -> list[MovementRow]:
        """Return the next rows that were computed for any of these, the newest first: `SLICE` of them at most.

        Fewer than `limit` are the last.
        """
        most = min(limit, SLICE)
        places = "SELECT at, n FROM crossing WHERE whom = ? AND (at, n) < (?, ?) ORDER BY at DESC, n DESC LIMIT ?"
        row = (
            "SELECT whom, sealed, items, wrapped FROM crossing JOIN crossing_key ON crossing_key.n = rests"
            " WHERE crossing.n = ?"
        )
        with self._together():
            found = (self._connection.execute(places, (name, *after, most)).fetchall() for name in dict.fromkeys(whom))
            newest = nlargest(most, (place for some in found for place in some))
            kept = [(at, n, self._connection.execute(row, (n,)).fetchone()) for at, n in newest]
        return [MovementRow(at=Micros(at), n=n, data=self._open(at, *one)) for at, n, one in kept]

    def drop(self, item: str) -> None:
        """Destroy what rests on an item; inside a transaction of the caller."""
        keys = "(SELECT key FROM crossing_item WHERE item = ?)"
        self._connection.execute(f"DELETE FROM crossing WHERE rests IN {keys}", (item,))
        self._forget_keys(f" AND n IN {keys}", item)

    def prune(self, before: Micros) -> None:
        """Forget what is older than a time, and the keys that nothing lies under any more."""
        with self._together():
            self._connection.execute("DELETE FROM crossing WHERE at < ?", (before,))
            self._forget_keys()

    def _open(self, at: int, whom: str, sealed: bytes, items: str, wrapped: bytes) -> bytes:
        return open_sealed(self._sealer.unwrap(wrapped, _key_place(items)), sealed, _place(at, whom))

    def _key(self, items: str) -> tuple[int, bytes]:
        """Return the number and the key of a set of items: a new one where nothing lies under any."""
        sql = "SELECT n, wrapped FROM crossing_key WHERE items = ?"
        found = self._connection.execute(sql, (items,)).fetchone()
        if found is not None:
            return found[0], self._sealer.unwrap(found[1], _key_place(items))
        key, wrapped = self._sealer.new_key(_key_place(items))
        new = "INSERT INTO crossing_key (items, wrapped) VALUES (?, ?) RETURNING n"
        (number,) = self._connection.execute(new, (items, wrapped)).fetchone()
        of = "INSERT INTO crossing_item (item, key) VALUES (?, ?)"
        self._connection.executemany(of, [(item, number) for item in items.split()])
        return number, key

    def _forget_keys(self, also: str = "", *values: str) -> None:
        """Destroy the keys that no row lies under; zeroed on the disk, as everything here that is deleted."""
        unused = "NOT EXISTS (SELECT 1 FROM crossing WHERE rests = crossing_key.n)"
        self._connection.execute(f"DELETE FROM crossing_key WHERE {unused}{also}", values)
        gone = "NOT EXISTS (SELECT 1 FROM crossing_key WHERE n = crossing_item.key)"
        self._connection.execute(f"DELETE FROM crossing_item WHERE {gone}")


def _spelt(items: Iterable[str]) -> str:
    return " ".join(sorted(set(items)))


def _key_place(items: str) -> str:
    return f"movements {items}"


def _place(at: int, whom: str) -> str:
    return f"movement {at} {whom}"
