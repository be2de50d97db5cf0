"""Numbered steps from an empty file to today's tables; forward only, each once, each in one transaction.

A step is never changed after it was released: the next one mends it.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Final

from quartet.core.faults import Unavailable
from quartet.store.migrations import m0001_first, m0002_proofs_of_time, m0003_items_by_kind

Step = tuple[str, Callable[[sqlite3.Connection], None]]

STEPS: Final[tuple[Step, ...]] = (
    ("first", m0001_first.up),
    ("proofs-of-time", m0002_proofs_of_time.up),
    ("items-by-kind", m0003_items_by_kind.up),
)
"""Step n stands at place n - 1."""


def migrate(connection: sqlite3.Connection, steps: tuple[Step, ...] = STEPS) -> int:
    """Take the steps that are missing and return the number of the last; refuse a database of a newer version."""
    done = check_version(connection, steps)
    for number, (name, up) in enumerate(steps, start=1):
        if number > done:
            _take(connection, number, name, up)
    return len(steps)


def check_version(connection: sqlite3.Connection, steps: tuple[Step, ...] = STEPS) -> int:
    """Return the number of the last step taken, or raise `Unavailable("newer-database")`."""
    done = version(connection)
    if done > len(steps):
        raise Unavailable("newer-database", f"its version is {done}, this program reads up to {len(steps)}: upgrade it")
    return done


def version(connection: sqlite3.Connection) -> int:
    """Return the number of the last step taken; 0 in an empty file."""
    known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'migration'").fetchone()[0]
    if not known:
        return 0
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()[0])


def _take(connection: sqlite3.Connection, number: int, name: str, up: Callable[[sqlite3.Connection], None]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        up(connection)
        row = (number, name, time.time_ns() // 1_000)
        connection.execute("INSERT INTO migration (number, name, at) VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
