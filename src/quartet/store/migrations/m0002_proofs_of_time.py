"""Keep what proves since when an item with deadlines is on record. Frozen as the first step is."""

import sqlite3

from quartet.store.migrations.making import make


def up(connection: sqlite3.Connection) -> None:
    """Make the tables and indexes of step 2."""
    make(connection, 2)
