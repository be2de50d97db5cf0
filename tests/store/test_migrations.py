import hashlib
import sqlite3
from pathlib import Path

import pytest
from stored import opened

from quartet.core.faults import Unavailable
from quartet.store.migrations import STEPS, migrate, version

FIRST = "eb56ad608788b03ee1583673f05fe64af4c48101d1b5bd3a5c4c7bb6587b31d2"
"""What step 1 makes. It is never changed once it was released: the next step mends it."""


UP_TO_THIRD = "f8cefcb47f098ef8e399d0586dcba8525ad79e3a2c0300d8f72b782ea4917f30"
UP_TO_SECOND = "8caa837f66dbc7d9b125f8e94c4c2dbc7f846d7b560a01fa0859bc29772683ff"
"""What steps 1 and 2 make together."""


def connection() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def tables(database: sqlite3.Connection) -> str:
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").fetchall()
    return "\n".join(" ".join(row[0].split()) for row in rows)


def test_the_first_step_makes_what_it_always_made() -> None:
    database = connection()

    migrate(database, STEPS[:1])

    assert hashlib.sha256(tables(database).encode()).hexdigest() == FIRST
    database.close()


def test_the_second_step_makes_what_it_always_made() -> None:
    database = connection()

    migrate(database, STEPS[:2])

    assert hashlib.sha256(tables(database).encode()).hexdigest() == UP_TO_SECOND
    database.close()


def test_the_third_step_finds_items_by_their_kind() -> None:
    database = connection()
    migrate(database, STEPS[:2])
    asked = "EXPLAIN QUERY PLAN SELECT id FROM item WHERE kind = ? AND admission < ? ORDER BY admission DESC"
    before = str(database.execute(asked, ("request", 9)).fetchall())

    migrate(database, STEPS[:3])

    assert hashlib.sha256(tables(database).encode()).hexdigest() == UP_TO_THIRD
    assert "item_kind" in str(database.execute(asked, ("request", 9)).fetchall())
    assert "item_kind" not in before
    database.close()


def test_the_steps_make_every_table_of_the_schema_and_every_index() -> None:
    from quartet.store.schema import metadata

    database = connection()
    migrate(database)

    made = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL")}
    wanted = {str(table.name) for table in metadata.sorted_tables}
    wanted |= {str(index.name) for table in metadata.sorted_tables for index in table.indexes}
    assert made == wanted
    database.close()


def test_a_database_of_the_first_version_is_brought_to_todays(tmp_path: Path) -> None:
    path = tmp_path / "store" / "quartet.db"
    path.parent.mkdir()
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old, STEPS[:1])
    old.close()

    with opened(tmp_path) as store:
        assert store.reader.count("on_record") == store.reader.count("telling") == 0
        names = store.submit(lambda tx: tx._ask_all("SELECT name FROM migration ORDER BY number")).result()

    assert [name for (name,) in names] == [name for name, _ in STEPS]


def test_steps_are_taken_once_each_and_in_order() -> None:
    taken: list[int] = []
    steps = (*STEPS[:1], ("second", lambda _: taken.append(2)), ("third", lambda _: taken.append(3)))
    database = connection()

    migrate(database, steps[:2])
    migrate(database, steps)
    migrate(database, steps)

    assert taken == [2, 3]
    assert version(database) == len(steps)
    rows = database.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
    assert rows == [(1, "first"), (2, "second"), (3, "third")]
    database.close()


def test_a_step_that_fails_leaves_nothing_behind() -> None:
    def fails(database: sqlite3.Connection) -> None:
        database.execute("CREATE TABLE half (a INTEGER)")
        raise RuntimeError("on purpose")

    database = connection()

    with pytest.raises(RuntimeError, match="on purpose"):
        migrate(database, (*STEPS[:1], ("second", fails)))

    assert version(database) == 1
    assert "half" not in tables(database)
    database.close()


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        path = store.path
        store.submit(lambda tx: tx._do("INSERT INTO migration VALUES (99, 'later', 0)")).result()
    before = path.read_bytes()

    with pytest.raises(Unavailable, match="newer-database"):
        opened(tmp_path)

    assert path.read_bytes() == before


def test_the_schema_has_no_word_that_only_one_database_knows() -> None:
    from sqlalchemy.dialects.postgresql.base import PGDialect
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from quartet.store.schema import metadata

    dialect: Dialect = PGDialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        words = [str(CreateTable(table).compile(dialect=dialect))]
        words += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]

        assert not any("ROWID" in word or "BLOB" in word for word in words)
