"""Numbered steps from an empty database to the present one; forward only, each applied once."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, text

from quartet.core.faults import Unavailable
from quartet.keep.schema import METADATA


def _first(connection: Connection) -> None:
    METADATA.create_all(connection)


STEPS: Final[tuple[Callable[[Connection], None], ...]] = (_first,)
VERSION: Final = len(STEPS)


def migrate(connection: Connection) -> None:
    """Bring a database to the present version; raise `Unavailable("newer-database")` for one from a later release."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS migration (n INTEGER PRIMARY KEY)"))
    done = connection.execute(text("SELECT max(n) FROM migration")).scalar() or 0
    if done > VERSION:
        raise Unavailable("newer-database", f"version {done}, this release knows {VERSION}; install the newer release")
    for n in range(done, VERSION):
        STEPS[n](connection)
        connection.execute(text("INSERT INTO migration VALUES (:n)"), {"n": n + 1})
