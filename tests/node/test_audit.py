"""Whoever changes one byte of what a member keeps is found out, and the place is named."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.charter import CharterState
from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.node.audit import audit_file
from quartet.node.views import Problem

NORTH = MemberId("north")
PLACES = (0.0, 0.31, 0.5, 0.77, 0.999)
"""Where in a column's bytes one is changed, from its first to its last."""


@dataclass(frozen=True)
class Kept:
    """A member's database after an hour's work, and what its auditor is given."""

    file: Path
    master: bytes
    charter: CharterState

    def problems(self, file: Path | None = None) -> tuple[Problem, ...]:
        return audit_file(file or self.file, self.master, self.charter, NORTH).problems


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("audit")
    return asyncio.run(work(folder))


async def work(folder: Path) -> Kept:
    """Send and receive, until every kind of row is there."""
    async with exchange(folder, "north", "east", "south") as world:
        sent = await world.send("north", ["east", "south"], "near Dam 3")
        got = await world.send("east", ["north"], "seen there too")
        await world.fact("north", "grant", (await world.send("north", ["east"], "later")).ref, member=MemberId("south"))
        await world.until(lambda: world.holds("north", got.ref))
        await world.until(lambda: len(world.receipts("north", sent.ref).delivered) == 2)
        await world.until(lambda: world.on_record("north", got.ref, 2) and world.on_record("north", sent.ref, 2))
        await world.until(lambda: complete(world))
        await world.stop("north")
        return Kept(world.database("north"), world.keys("north").store, world.charter())


def complete(world: World) -> bool:
    reader = world.stores["north"].reader
    return reader.count("tick") > 5 and all(
        reader.count(t) for t in ("item", "receipt_batch", "tick", "leaf", "checkpoint", "cosignature", "path")
    )


def turned(value: object, place: float) -> object:
    """Return a value with one byte, letter or bit changed."""
    if isinstance(value, int):
        return value ^ (1 << 16)
    if isinstance(value, str):
        n = int(place * len(value))
        return value[:n] + ("A" if value[n] != "A" else "B") + value[n + 1 :]
    assert isinstance(value, bytes)
    n = int(place * len(value))
    return value[:n] + bytes([value[n] ^ 1]) + value[n + 1 :]


OWN_LOG = "log = (SELECT n FROM log WHERE name LIKE '%/north/%')"
EAST_LOG = "log = (SELECT n FROM log WHERE name LIKE '%/east/%')"

TARGETS: dict[str, tuple[str, str, str, str]] = {
    # what: table, column, which row, what the report must name
    "sealed bytes of our item": ("item", "sealed", "mine = 1 AND kind = 'report'", "item N-"),
    "sealed bytes of another's item": ("item", "sealed", "mine = 0", "item E-"),
    "sealed bytes of a grant": ("item", "sealed", "kind = 'grant'", "item N-"),
    "an item's wrapped key": ("item_key", "wrapped", "n = (SELECT admission FROM item WHERE mine = 0)", "item E-"),
    **{
        f"an item's {column}": ("item", column, "mine = 0", "item ")
        for column in ("id", "c", "ref", "author", "kind", "kind_v", "at", "precedence", "tlp", "epoch", "state")
    },
    "an item's control": ("item_control", "control", "own = 1", "item "),
    "a receipt batch of another": ("receipt_batch", "data", "mine = 0", "receipts "),
    "a receipt batch of ours": ("receipt_batch", "data", "mine = 1", "own receipts "),
    "a receipt batch's commitment": ("receipt_batch", "c", "mine = 0", "receipts "),
    "a tick's root": ("tick", "root", "leaf_index = 1", "tick "),
    "a tick's secret": ("tick", "secret", "leaf_index = 1", "tick "),
    "a tick's path": ("tick", "tick_path", "leaf_index = 3", "tick "),
    "a tick's number": ("tick", "number", "leaf_index = 3", "tick "),
    "a leaf of our log": ("leaf", "root", f"idx = 1 AND {OWN_LOG}", "north"),
    "a leaf of another's log": ("leaf", "root", f"idx = 1 AND {EAST_LOG}", "log of east"),
    "a checkpoint of ours": ("checkpoint", "note", f"size = 2 AND {OWN_LOG}", "log of north, checkpoint 2"),
    "a checkpoint of another": ("checkpoint", "note", f"{EAST_LOG}", "log of east, checkpoint"),
    "a cosignature of our log": ("cosignature", "line", f"{OWN_LOG}", "log of north, cosignature of"),
    "a cosignature's date": ("cosignature", "at", f"{OWN_LOG}", "log of north, cosignature of"),
    "a path": ("path", "data", EAST_LOG, "log of east, path of"),
    "a path's leaf": ("path", "leaf_index", EAST_LOG, "log of east, path of"),
    "a wire manifest": ("manifest", "data", "kind = 'wire' AND member = 'east'", "wire manifest 1 of east"),
    "our own wire manifest": ("manifest", "data", "kind = 'wire' AND member = 'north'", "wire manifest 1 of north"),
    "an officer manifest": (
        "manifest",
        "data",
        "kind = 'officers' AND member = 'north'",
        "officers manifest 1 of north",
    ),
    "a manifest's version": ("manifest", "version", "kind = 'wire' AND member = 'east'", "of east"),
    "an epoch key": ("epoch_secret", "published", "1", "epoch key "),
}


def copied(kept: Kept, folder: Path, change: Callable[[sqlite3.Connection], None]) -> Path:
    """Return a copy of the database with a change made behind its back."""
    copy = folder / f"{os.urandom(4).hex()}.db"
    shutil.copyfile(kept.file, copy)
    with closing(sqlite3.connect(copy)) as connection:
        change(connection)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    return copy


def test_an_untouched_database_has_no_problems(kept: Kept, tmp_path: Path) -> None:
    assert kept.problems() == ()
    assert kept.problems(copied(kept, tmp_path, lambda connection: None)) == ()


@pytest.mark.parametrize("what", TARGETS)
def test_one_changed_byte_is_found_and_its_place_named(what: str, kept: Kept, tmp_path: Path) -> None:
    table, column, where, place = TARGETS[what]
    for at in PLACES:

        def change(connection: sqlite3.Connection, at: float = at) -> None:
            (value,) = connection.execute(f"SELECT {column} FROM {table} WHERE {where} LIMIT 1").fetchone()
            sql = f"UPDATE {table} SET {column} = ? WHERE {column} = ? AND {where}"
            assert connection.execute(sql, (turned(value, at), value)).rowcount >= 1

        problems = kept.problems(copied(kept, tmp_path, change))

        assert any(place in p.where for p in problems), f"{what} changed at {at}: {problems}"


def test_to_whom_an_item_was_receipted_cannot_be_changed(kept: Kept, tmp_path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        batch = "SELECT batch FROM made_receipt JOIN item ON id = item_id WHERE author = 'east' AND kind = 'report'"
        sql = f"UPDATE receipt_batch SET member = 'south' WHERE mine = 1 AND member = 'east' AND n IN ({batch})"
        assert connection.execute(sql).rowcount == 1

    problems = kept.problems(copied(kept, tmp_path, change))

    assert [(one.reason, "to south" in one.where) for one in problems] == [("row-changed", True)]


@pytest.mark.parametrize("table", ["item_key", "tick", "leaf", "manifest"])
def test_a_row_that_was_taken_out_is_missed(table: str, kept: Kept, tmp_path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        order = {"tick": "leaf_index", "leaf": "idx", "manifest": "member"}.get(table, "1")
        row = connection.execute(f"SELECT * FROM {table} ORDER BY {order} LIMIT 1 OFFSET 1")
        columns = [c[0] for c in row.description]
        match = " AND ".join(f"{c} IS ?" for c in columns)
        connection.execute(f"DELETE FROM {table} WHERE {match}", row.fetchone())

    assert kept.problems(copied(kept, tmp_path, change))


def test_a_file_that_is_cut_short_or_no_database_is_a_problem_or_a_fault(kept: Kept, tmp_path: Path) -> None:
    whole = kept.file.read_bytes()
    for data in (whole[: len(whole) // 2], whole[:4096], b"", bytes(8192)):
        file = tmp_path / "cut.db"
        file.write_bytes(data)
        assert found(kept, file), f"{len(data)} bytes of it"


def found(kept: Kept, file: Path) -> bool:
    """Return whether a file is refused, or has problems."""
    try:
        return bool(kept.problems(file))
    except Fault:
        return True
