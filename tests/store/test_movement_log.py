"""The log of entries and exits: for whom it was computed, and gone with any item that it rests on."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored import opened

from quartet.core.ids import ItemId, Micros
from quartet.store import NewMovement
from quartet.store.movements import NEWEST, SLICE, After

MAST, HILL, PLAN = (ItemId(letter * 43) for letter in "MHP")


def row(at: int, whom: str, *rests: ItemId) -> NewMovement:
    return NewMovement(at=Micros(at), whom=whom, rests=rests, data=f"{whom} at {at}".encode())


def test_rows_are_read_by_whom_they_are_for_the_newest_first_page_by_page(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        log = store.movements
        log.put([row(1, "a", MAST), row(3, "a", MAST), row(2, "b", MAST, HILL)])
        log.put([row(4, "a", MAST)])

        first = log.read(["a"], limit=2)
        assert [one.data for one in first] == [b"a at 4", b"a at 3"]
        assert [one.data for one in log.read(["a"], After(first[-1].at, first[-1].n))] == [b"a at 1"]
        assert [one.at for one in log.read(["a", "b", "a"])] == [4, 3, 2, 1]
        assert log.read(["c"]) == []
        assert log.read([]) == []


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), max_size=40), st.integers(1, 7))
def test_page_by_page_each_row_comes_once_however_many_are_of_one_moment(
    tmp_path: Path, rows: list[tuple[int, str]], limit: int
) -> None:
    with opened(tmp_path) as store:
        log = store.movements
        log.prune(Micros(100))
        log.put([row(at, whom, MAST) for at, whom in rows])
        found, after = [], NEWEST
        while page := log.read(["a", "b"], after, limit):
            found += page
            after = After(page[-1].at, page[-1].n)

        assert len({one.n for one in found}) == len(found) == len(rows)
        assert [one.at for one in found] == sorted((at for at, _ in rows), reverse=True)


def test_no_look_reads_more_than_a_slice(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.movements.put([row(at, f"{at % 3}", MAST) for at in range(3 * SLICE)])

        assert len(store.movements.read(["0", "1", "2"], limit=10_000)) == SLICE


def test_what_rests_on_an_item_that_is_destroyed_is_gone_and_nothing_else(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.movements.put([row(1, "a", MAST), row(2, "a", HILL, MAST), row(3, "a", HILL), row(4, "a", HILL, PLAN)])

        store.submit(lambda tx: tx.drop_feed(MAST)).result()

        assert [one.data for one in store.movements.read(["a"])] == [b"a at 4", b"a at 3"]
        store.submit(lambda tx: tx.drop_feed(PLAN)).result()
        assert [one.data for one in store.movements.read(["a"])] == [b"a at 3"]
    kept = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("frames.db*")))
    assert b"a at" not in kept
    assert MAST.encode() not in kept
    assert HILL.encode() in kept


def test_rows_are_there_after_a_restart_and_keys_go_with_the_last_row_under_them(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.movements.put([row(1, "a", MAST)])
    with opened(tmp_path) as store:
        store.movements.put([row(2, "a", MAST), row(3, "a", HILL)])

        assert [one.at for one in store.movements.read(["a"])] == [3, 2, 1]
        store.movements.prune(Micros(3))
        assert [one.at for one in store.movements.read(["a"])] == [3]
    kept = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("frames.db*")))
    assert MAST.encode() not in kept
