"""Make what one step brings: the tables and indexes that `schema` gives its number."""

import sqlite3


def make(connection: sqlite3.Connection, step: int) -> None:
    """Make the tables of a step with their indexes, then the indexes that it adds to tables of earlier steps."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from quartet.store.schema import metadata, step_of

    for table in metadata.sorted_tables:
        if step_of(table) == step:
            connection.execute(str(CreateTable(table).compile(dialect=dialect())))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            if step_of(index) == step:
                connection.execute(str(CreateIndex(index).compile(dialect=dialect())))
