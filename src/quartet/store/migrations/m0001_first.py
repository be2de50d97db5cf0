"""Make every table. Frozen by the digest in `tests/store/test_migrations.py` from the first release on."""

import sqlite3


def up(connection: sqlite3.Connection) -> None:
    """Make the tables and indexes of `schema`."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from quartet.store.schema import metadata

    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect())))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=dialect())))
