"""Make the first tables. Frozen by the digest in `tests/store/test_migrations.py` from the first release on."""

import sqlite3

from quartet.store.migrations.making import make


def up(connection: sqlite3.Connection) -> None:
    """Make the tables and indexes of step 1."""
    make(connection, 1)
