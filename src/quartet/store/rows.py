"""Read rows, and write them within one job: what every part of the store stands on."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from quartet.core.ids import ItemId
from quartet.store.database import fault
from quartet.store.frames import Frames
from quartet.store.hot import ORDER
from quartet.store.sealing import Sealer

Row = tuple[Any, ...]
MANY: Final = 500
"""How many values one statement asks for at once."""


class Reads:
    """A connection to read from, and what opens what lies there sealed. No query leaves anything open behind it."""

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[sqlite3.Connection]],
        path: Path,
        sealer: Sealer,
        frames: Frames | None,
    ) -> None:
        self._connect = connect
        self._path = path
        self._sealer = sealer
        self._frames = frames

    def _all(self, sql: str, *values: object) -> list[Row]:
        try:
            with self._connect() as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise fault(error, self._path) from error

    def _first(self, sql: str, *values: object) -> Row | None:
        rows = self._all(sql, *values)
        return rows[0] if rows else None

    def _for_each(self, sql: str, values: Iterable[str | int]) -> list[Row]:
        """Return the rows for all `values`, MANY at a time; `sql` says `:each` where they go."""
        wanted = list(dict.fromkeys(values))
        found: list[Row] = []
        for start in range(0, len(wanted), MANY):
            chunk = wanted[start : start + MANY]
            found += self._all(sql.replace(":each", ", ".join("?" * len(chunk))), *chunk)
        return found


class Numbers:
    """The next number of each table that the writer numbers; a number that was given is not given again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        def after(sql: str) -> int:
            return int(connection.execute(sql).fetchone()[0]) + 1

        self.key = after("SELECT coalesce(max(n), 0) FROM item_key")
        self.commitment = max(
            after("SELECT coalesce(max(n), 0) FROM commitment"),
            after("SELECT coalesce(max(end_n), 1) - 1 FROM tick"),
        )
        self.batch = after("SELECT coalesce(max(n), 0) FROM receipt_batch")


class Pending:
    """What jobs collected and no table shows yet."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.items: dict[ItemId, tuple[int, str, bool]] = {}
        self.batches: set[str] = set()
        self.scrub = False

    def take(self, other: "Pending") -> None:
        """Add what a job that succeeded left."""
        for sql, rows in other.rows.items():
            self.rows.setdefault(sql, []).extend(rows)
        self.items.update(other.items)
        self.batches |= other.batches
        self.scrub |= other.scrub

    def flush(self, connection: sqlite3.Connection) -> None:
        """Send the collected rows to the tables."""
        if not self.rows:
            return
        for sql in ORDER:
            rows = self.rows.pop(sql, None)
            if rows:
                connection.executemany(sql, rows)


class Group:
    """The jobs of one commit."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, sealer: Sealer, numbers: Numbers, frames: Frames
    ) -> None:
        self.connection = connection
        self.path = path
        self.sealer = sealer
        self.numbers = numbers
        self.frames = frames
        self.pending = Pending()


class Writes:
    """One job: what it collects is kept apart, what it writes at once lies behind a savepoint of its own."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._own = Pending()
        self._saved = False

    def _add(self, sql: str, row: Row) -> None:
        """Collect a row for a statement of the hot path."""
        self._own.rows.setdefault(sql, []).append(row)

    def _do(self, sql: str, *values: object) -> int:
        """Write at once, after all that was collected; return how many rows changed."""
        self._settle()
        return self._group.connection.execute(sql, values).rowcount

    def _do_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._settle()
        self._group.connection.executemany(sql, rows)

    def _ask(self, sql: str, *values: object) -> Row | None:
        """Return the first row as the tables stand, with everything that was collected."""
        self._settle()
        return self._peek(sql, *values)

    def _ask_all(self, sql: str, *values: object) -> list[Row]:
        self._settle()
        return self._group.connection.execute(sql, values).fetchall()

    def _peek(self, sql: str, *values: object) -> Row | None:
        """Return the first row as the tables stand, without what is still collected."""
        row: Row | None = self._group.connection.execute(sql, values).fetchone()
        return row

    def _settle(self) -> None:
        connection = self._group.connection
        self._group.pending.flush(connection)
        if not self._saved:
            connection.execute("SAVEPOINT job")
            self._saved = True
        self._own.flush(connection)

    def keep(self) -> None:
        """End the job well."""
        if self._saved:
            self._group.connection.execute("RELEASE job")
        self._group.pending.take(self._own)

    def undo(self) -> None:
        """End the job as if it had not been."""
        if self._saved:
            self._group.connection.execute("ROLLBACK TO job")
            self._group.connection.execute("RELEASE job")
