"""Find the items of one kind without a look at all others. Frozen as the first step is."""

import sqlite3

from quartet.store.migrations.making import make


def up(connection: sqlite3.Connection) -> None:
    """Make the index of step 3."""
    make(connection, 3)
