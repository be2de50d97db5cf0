import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from stored import EAST, LOG, MASTER, NORTH, NOW, both, name, new_item, opened, put

from quartet.core.faults import Unavailable, Untrusted
from quartet.core.ids import Commitment
from quartet.store import EpochSecretRow, ProvenRow, Reader, Store, TickRow, read_only


def fill(store: Store) -> None:
    """Keep one of everything."""
    item = new_item(b"what was said")
    put(store, item)
    store.submit(
        both(
            lambda tx: tx.add_commitment(item.c, "item"),
            lambda tx: tx.put_receipts(EAST, name(), b"batch", [(item.id, "VERIFIED")], NOW),
            lambda tx: tx.put_manifest("wire", EAST, 1, b"manifest"),
            lambda tx: tx.put_act(1, b"act"),
            lambda tx: tx.put_epoch_secret(EpochSecretRow("key", b"k" * 32, NOW, NOW, b"published")),
            lambda tx: tx.put_tick(TickRow(9, 0, b"r" * 32, b"s" * 32, b""), [1]),
            lambda tx: tx.put_leaves(LOG, 0, [b"r" * 32]),
            lambda tx: tx.put_checkpoint(LOG, 1, "note"),
            lambda tx: tx.put_cosignature(LOG, EAST, 1, 5, "line"),
            lambda tx: tx.put_path(Commitment(name()), LOG, 0, b"path"),
            lambda tx: tx.put_proven(ProvenRow(item.id, NORTH, item.c, b"", b"proof", NOW)),
        )
    ).result()


def everything(reader: Reader) -> dict[str, int]:
    """Read every row of everything, and count them."""
    found: dict[str, list[Any]] = {
        "item": [reader.item(kept.id) for kept in reader.every_item() if kept.open],
        "batch": list(reader.every_batch()),
        "manifest": list(reader.every_manifest()),
        "act": list(reader.every_act()),
        "key": list(reader.every_epoch_key()),
        "tick": [reader.tick_commitments(tick.number) for tick in reader.every_tick()],
        "leaf": list(reader.every_leaf(LOG)),
        "checkpoint": list(reader.every_checkpoint(LOG)),
        "cosignature": list(reader.every_cosignature(LOG)),
        "path": list(reader.every_path(LOG)),
        "proof": list(reader.every_proof()),
    }
    return {kind: len(rows) for kind, rows in found.items()}


def copied(store: Store, folder: Path, *, shared: bool = True) -> Path:
    """Copy a store's files while it is open, as an investigator would."""
    shutil.copytree(store.path.parent, folder)
    if not shared:
        (folder / "quartet.db-shm").unlink()
    return folder / "quartet.db"


def names(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


ONE_OF_EACH = dict.fromkeys(
    ("item", "batch", "manifest", "act", "key", "tick", "leaf", "checkpoint", "cosignature", "path", "proof"), 1
)


def test_everything_is_read_row_by_row(store: Store) -> None:
    fill(store)

    with store.snapshot() as reader:
        assert everything(reader) == ONE_OF_EACH
        assert reader.integrity() == []


def test_a_snapshot_does_not_move_while_others_write(store: Store) -> None:
    fill(store)

    with store.snapshot() as reader:
        before = everything(reader)
        put(store, new_item())

        assert everything(reader) == before
    assert store.reader.count("item") == 2


@pytest.mark.parametrize("shared", [True, False], ids=["with its shared memory", "without"])
def test_a_copy_of_a_running_store_is_read_whole_and_not_written(tmp_path: Path, shared: bool) -> None:
    with opened(tmp_path) as store:
        fill(store)
        path = copied(store, tmp_path / "copy", shared=shared)
        before = names(path.parent)

        with read_only(path, MASTER) as reader:
            assert everything(reader) == ONE_OF_EACH

    after = names(path.parent)
    assert after.keys() == before.keys()
    assert after["quartet.db"] == before["quartet.db"]
    assert after["quartet.db-wal"] == before["quartet.db-wal"]


def test_a_store_at_rest_is_read_and_nothing_is_made_beside_it(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        fill(store)
    before = names(store.path.parent)

    with read_only(store.path, MASTER) as reader:
        assert everything(reader) == ONE_OF_EACH

    assert names(store.path.parent) == before


def test_a_store_in_use_is_read_along(store: Store) -> None:
    fill(store)

    with read_only(store.path, MASTER) as reader:
        assert everything(reader) == ONE_OF_EACH
        with pytest.raises(Unavailable, match="cannot-write"):
            reader._all("DELETE FROM item")


def test_a_missing_a_newer_and_a_false_file_are_each_named(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        newer = store.path
        store.submit(lambda tx: tx._do("INSERT INTO migration VALUES (99, 'later', 0)")).result()
    false = tmp_path / "false.db"
    false.write_bytes(b"no database " * 900)

    with pytest.raises(Unavailable, match="no-database"), read_only(tmp_path / "none.db", MASTER):
        pass
    with pytest.raises(Unavailable, match="newer-database"), read_only(newer, MASTER):
        pass
    with pytest.raises(Untrusted, match="damaged"), read_only(false, MASTER):
        pass


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("item", "UPDATE item SET at = 'noon'"),
        ("receipt_batch", "UPDATE receipt_batch SET data = 7"),
        ("manifest", "UPDATE manifest SET data = 'text'"),
        ("act", "UPDATE act SET data = NULL"),
        ("tick", "UPDATE tick SET secret = 3"),
        ("leaf", "UPDATE leaf SET root = 'text'"),
        ("checkpoint", "UPDATE checkpoint SET note = x'ff'"),
        ("cosignature", "UPDATE cosignature SET at = 'noon'"),
        ("path", "UPDATE path SET leaf_index = 'one'"),
        ("on_record", "UPDATE on_record SET proof = 'text'"),
        ("checkpoint", "UPDATE checkpoint SET note = CAST(x'ff' AS TEXT)"),
    ],
)
def test_a_row_of_another_shape_is_a_named_problem(tmp_path: Path, table: str, change: str) -> None:
    with opened(tmp_path) as store:
        fill(store)
    _change(store.path, table, change)

    with read_only(store.path, MASTER) as reader, pytest.raises(Untrusted, match=f"damaged.*{table}"):
        everything(reader)


def _change(path: Path, table: str, change: str) -> None:
    """Change a row as a hand at the disk would: no rule of the table stops it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    sql = "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = ? AND sql NOT LIKE '%WITHOUT%'"
    connection.execute(sql, (table,))
    connection.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(change)
    connection.close()


@pytest.mark.parametrize("page", [2, 5, 9, 14, 20, 27, 33])
def test_a_page_of_rubbish_is_a_named_problem_and_never_a_crash(tmp_path: Path, page: int) -> None:
    with opened(tmp_path) as store:
        fill(store)
        put(store, *(new_item(b"x" * 2_000) for _ in range(30)))
    raw = bytearray(store.path.read_bytes())
    raw[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    store.path.write_bytes(raw)

    with read_only(store.path, MASTER) as reader:
        found = reader.integrity()

    assert found


def test_any_byte_of_an_items_contents_that_changes_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        item = new_item(b"short")
        put(store, item)
        row = store.submit(
            lambda tx: tx._ask("SELECT sealed, wrapped FROM item JOIN item_key ON n = admission")
        ).result()
        assert row is not None
        for column, table, value in (("sealed", "item", row[0]), ("wrapped", "item_key", row[1])):
            for place in range(0, len(value), 5):
                changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
                sql = f"UPDATE {table} SET {column} = ?"
                store.submit(lambda tx, s=sql, v=changed: tx._do(s, v)).result()  # type: ignore[misc]
                with pytest.raises(Untrusted, match="damaged"):
                    store.reader.item(item.id)
            store.submit(lambda tx, s=sql, v=value: tx._do(s, v)).result()  # type: ignore[misc]
        assert store.reader.item(item.id) is not None


def test_of_an_unknown_log_there_is_nothing_to_read(store: Store) -> None:
    with store.snapshot() as reader:
        assert list(reader.every_leaf("nobody's log")) == []
