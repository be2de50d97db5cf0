"""The log of entries and exits: for whom it was computed, and gone with any feed that it rests on."""

from pathlib import Path

from stored import opened

from quartet.core.ids import ItemId, Micros
from quartet.store import NewMovement

MAST, HILL = ItemId("M" * 43), ItemId("H" * 43)


def row(at: int, whom: str, *feeds: ItemId) -> NewMovement:
    return NewMovement(at=Micros(at), whom=whom, feeds=feeds, data=f"{whom} at {at}".encode())


def test_rows_are_read_by_whom_they_are_for_the_newest_first_page_by_page(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        log = store.movements
        log.put([row(1, "a", MAST), row(3, "a", MAST), row(2, "b", MAST, HILL)])
        log.put([row(4, "a", MAST)])

        assert [one.data for one in log.read(["a"], Micros(100), 2)] == [b"a at 4", b"a at 3"]
        assert [one.data for one in log.read(["a"], Micros(3), 10)] == [b"a at 1"]
        assert [one.at for one in log.read(["a", "b"], Micros(100), 10)] == [4, 3, 2, 1]
        assert log.read(["c"], Micros(100), 10) == []
        assert log.read([], Micros(100), 10) == []


def test_what_rests_on_a_feed_that_is_destroyed_is_gone_and_nothing_else(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.movements.put([row(1, "a", MAST), row(2, "a", HILL, MAST), row(3, "a", HILL)])

        store.submit(lambda tx: tx.drop_feed(MAST)).result()

        assert [one.data for one in store.movements.read(["a"], Micros(100), 10)] == [b"a at 3"]
    assert b"a at" not in b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("frames.db*")))


def test_rows_are_there_after_a_restart_and_a_feed_that_speaks_again_has_a_new_key(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.movements.put([row(1, "a", MAST)])
    with opened(tmp_path) as store:
        store.movements.put([row(2, "a", MAST)])

        assert [one.at for one in store.movements.read(["a"], Micros(100), 10)] == [2, 1]
        store.movements.prune(Micros(2))
        assert [one.at for one in store.movements.read(["a"], Micros(100), 10)] == [2]
