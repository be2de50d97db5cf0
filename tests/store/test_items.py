from pathlib import Path

import pytest
from stored import EAST, NORTH, NOW, fact, name, new_item, opened, put

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ControlId, ItemId
from quartet.store import EVIDENCE, Store, open_store


def test_an_item_comes_back_as_it_went_in(store: Store) -> None:
    item = new_item(b"Drone parts seen near Dam 3")

    put(store, item)

    kept = store.reader.item(item.id)
    assert kept is not None
    assert (kept.signed, kept.control) == (item.signed, item.control)
    assert (kept.row.id, kept.row.c, kept.row.ref, kept.row.author) == (item.id, item.c, item.ref, NORTH)
    assert (kept.row.admission, kept.row.state, kept.row.mine) == (1, "VERIFIED", True)


def test_rows_are_found_together_and_what_is_unknown_is_left_out(store: Store) -> None:
    one, two = new_item(), new_item()
    put(store, one)
    put(store, two)

    found = store.reader.rows([one.id, ItemId(name()), two.id, one.id])

    assert {item: row.c for item, row in found.items()} == {one.id: one.c, two.id: two.c}


def test_a_fact_has_no_control_of_its_own(store: Store) -> None:
    grant = fact("grant", ControlId(name()))

    put(store, grant)

    kept = store.reader.item(grant.id)
    assert kept is not None
    assert kept.control is None


def test_the_same_item_twice_is_one(store: Store) -> None:
    item, fresh = new_item(), new_item()

    first = store.submit(lambda tx: tx.put_item(item)).result()
    second = store.submit(lambda tx: tx.put_item(item)).result()
    both = store.submit(lambda tx: (tx.put_item(fresh), tx.put_item(fresh))).result()

    assert (first, second) == (1, None)
    assert both == (2, None)
    assert store.reader.count("item") == 2


def test_a_second_commitment_for_an_id_is_refused_and_kept_as_evidence(store: Store) -> None:
    item = new_item(b"as it was")
    other = new_item(b"with other signatures", id=item.id)
    put(store, item)

    with pytest.raises(Untrusted, match="second-commitment"):
        store.submit(lambda tx: tx.put_item(other)).result()

    ((kind, subject, data, at),) = store.reader.evidence()
    assert (kind, subject, at) == ("second-commitment", item.id, NOW)
    assert (other.signed in data, store.box.unwrap(data, EVIDENCE)) == (False, other.signed)
    kept = store.reader.item(item.id)
    assert kept is not None
    assert kept.signed == item.signed


def test_items_are_listed_by_admission_either_way_and_cut_by_author_and_kind(store: Store) -> None:
    items = [new_item(author=EAST if n % 2 else NORTH, kind="feed" if n == 4 else "report") for n in range(6)]
    put(store, *items)

    def found(*args: int, **more: object) -> list[int]:
        return [row.admission for row in store.reader.items(*args, **more)]  # type: ignore[arg-type]

    assert found(2, 3) == [3, 4, 5]
    assert found(0, 3, newest=True) == [6, 5, 4]
    assert found(4, 3, newest=True) == [3, 2, 1]
    assert found(0, 9, author="east") == [2, 4, 6]
    assert found(0, 9, kind="feed") == [5]


def test_items_are_found_by_ref_control_commitment_fact_and_citation(store: Store) -> None:
    source = new_item()
    own = ControlId(name())
    derived = new_item(controls=[own, *source.controls], own_control=own, cites=[source.id])
    grant = fact("grant", source.controls[0])
    put(store, source, derived, grant)
    reader = store.reader

    assert reader.by_ref(source.ref) == [source.id]
    assert reader.items_carrying(source.controls) == [source.id, derived.id]
    assert reader.controls_of(derived.id) == [(own, True), (source.controls[0], False)]
    assert reader.facts_on(source.controls) == [grant.id]
    assert reader.all_facts() == [grant.id]
    assert reader.citing(source.id) == [derived.id]
    row = reader.by_c(source.c)
    assert row is not None
    assert row.id == source.id


def test_many_controls_are_asked_for_at_once(store: Store) -> None:
    item = new_item()
    put(store, item)

    wanted = [*(ControlId(name()) for _ in range(1_200)), *item.controls]

    assert store.reader.items_carrying(wanted) == [item.id]


def test_a_path_is_kept_by_its_commitment(store: Store) -> None:
    first, second = new_item(author=EAST), new_item(author=EAST)
    put(store, first, second)

    store.submit(lambda tx: tx.put_path(first.c, "log", 3, b"path")).result()

    assert store.reader.path(first.c) == ("log", 3, b"path")
    assert store.reader.path(second.c) is None


def test_a_viewer_counts_her_own_admissions_whatever_others_see(store: Store) -> None:
    items = [new_item() for _ in range(3)]
    put(store, *items)

    seen = store.submit(lambda tx: [tx.admit("duty", items[n].id) for n in (2, 0, 2)]).result()
    store.submit(lambda tx: tx.admit("second", items[1].id)).result()

    assert seen == [1, 2, 1]
    assert store.reader.admitted("duty", 0, 10) == [(1, items[2].id), (2, items[0].id)]
    assert store.reader.admitted("duty", 1, 10) == [(2, items[0].id)]


def test_recalls_wait_until_they_are_dropped(store: Store) -> None:
    item, recall = ItemId(name()), ItemId(name())

    store.submit(lambda tx: tx.put_recall(item, recall, NOW)).result()
    waiting = store.reader.recalls_pending()
    store.submit(lambda tx: tx.drop_recall(item)).result()

    assert waiting == [(item, recall, NOW)]
    assert store.reader.recalls_pending() == []


def test_a_damaged_item_is_named_by_its_ref(tmp_path: Path) -> None:
    item = new_item()
    with opened(tmp_path) as store:
        put(store, item)
        store.submit(lambda tx: tx._do("UPDATE item SET sealed = ? WHERE id = ?", b"x" * 64, item.id)).result()

        with pytest.raises(Untrusted, match=f"item {item.ref}"):
            store.reader.item(item.id)


def test_another_store_key_opens_nothing(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass

    with pytest.raises(Untrusted, match="wrong-store-key"):
        open_store(tmp_path / "store" / "quartet.db", b"x" * 32)


def test_everything_is_there_again_after_reopening(tmp_path: Path) -> None:
    items = [new_item() for _ in range(3)]
    with opened(tmp_path) as store:
        put(store, *items[:2])
        store.submit(lambda tx: tx.add_commitment(items[0].c, "item")).result()
    with opened(tmp_path) as store:
        put(store, items[2])
        store.submit(lambda tx: tx.add_commitment(Commitment("again"), "item")).result()

        assert [row.admission for row in store.reader.items(0, 9)] == [1, 2, 3]
        assert [n for n, _ in store.reader.pending_commitments(9)] == [1, 2]
        assert [row.item_id for row in store.reader.due(EAST, 9)] == [i.id for i in items]


def test_only_the_member_may_open_the_files(store: Store) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in store.path.parent.iterdir()}

    assert set(modes) >= {"quartet.db", "quartet.db-wal", "frames.db"}
    assert set(modes.values()) == {0o600}
