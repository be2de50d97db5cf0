import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from stored import EAST, NORTH, NOW, both, name, new_item, opened, put, raw_files

from quartet.core.faults import Unavailable, Untrusted
from quartet.core.ids import ItemId, Micros
from quartet.store import Store, Tx, frames

CANARY = b"canary-4f1e9d77-drone-parts-near-dam-3"
ROOT = "r" * 43


def keys_of(store: Store, item: ItemId) -> tuple[bytes, bytes, bytes]:
    """Return an item's raw key, wrapped key and sealed contents."""

    def job(tx: Tx) -> tuple[bytes, bytes, bytes]:
        key = tx.item_key(item)
        row = tx._ask("SELECT wrapped, sealed FROM item JOIN item_key ON n = admission WHERE id = ?", item)
        assert key is not None
        assert row is not None
        return key, row[0], row[1]

    return store.submit(job).result()


def purge(store: Store, item: ItemId) -> bool:
    return store.submit(lambda tx: tx.purge(item, b"the stub", NOW)).result()


@contextmanager
def reading(store: Store) -> Iterator[None]:
    """Hold a read transaction open, as another process may."""
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM item").fetchone()
    try:
        yield
    finally:
        other.close()


def test_nothing_of_a_purged_item_is_left_in_the_raw_files(tmp_path: Path) -> None:
    item, other = new_item(CANARY, control=b"control " + CANARY), new_item(b"what stays")
    with opened(tmp_path) as store:
        put(store, item, other)
        store.submit(
            both(
                lambda tx: tx.put_attachment(item.id, ROOT, 1, True),
                lambda tx: tx.put_part(item.id, ROOT, 0, CANARY * 9_000),
                lambda tx: tx.save_draft("draft", "duty", NOW, b"quoting " + CANARY, [item.id]),
            )
        ).result()
        key, wrapped, sealed = keys_of(store, item.id)
        before = raw_files(tmp_path)
        part = store.submit(lambda tx: tx._ask("SELECT sealed FROM part")).result()
        assert part is not None

        gone = purge(store, item.id)
        scrubbed = store.scrub()
        after = raw_files(tmp_path)

        assert gone
        assert scrubbed
        assert wrapped in before
        assert sealed[:40] in before
        for secret in (CANARY, key, wrapped, sealed[:40], sealed[-40:], part[0][:40], part[0][-40:]):
            assert secret not in after
        assert CANARY not in before
        assert key not in before
        assert store.reader.item(other.id) is not None
    assert wrapped not in raw_files(tmp_path)


def test_a_stub_is_left_and_nothing_else_that_was_said(store: Store) -> None:
    item = new_item()
    put(store, item)
    store.submit(lambda tx: tx.put_recall(item.id, ItemId(name()), NOW)).result()

    first, again = purge(store, item.id), purge(store, item.id)

    row = store.reader.row(item.id)
    assert (first, again) == (True, False)
    assert store.reader.item(item.id) is None
    assert store.reader.stub(item.id) == b"the stub"
    assert store.reader.purged_at(item.id) == NOW
    assert row is not None
    assert (row.id, row.c, row.ref, row.author, row.state) == (item.id, item.c, item.ref, NORTH, "PURGED")
    assert (row.kind, row.at, row.tlp, row.precedence) == ("", 0, "", "")
    assert store.reader.controls_of(item.id) == [(item.controls[0], True)]
    assert store.reader.recalls_pending() == []
    assert [row.member for row in store.reader.deliveries(item.id)] == [EAST]


def test_a_purged_item_does_not_come_back(store: Store) -> None:
    item = new_item()
    put(store, item)
    purge(store, item.id)

    again = store.submit(lambda tx: tx.put_item(item)).result()

    row = store.reader.row(item.id)
    assert again is None
    assert row is not None
    assert row.state == "PURGED"
    assert store.submit(lambda tx: tx.item_key(item.id)).result() is None
    with pytest.raises(Unavailable, match="purged"):
        store.submit(lambda tx: tx.put_part(item.id, ROOT, 0, b"part")).result()


def test_an_unknown_item_is_not_purged(store: Store) -> None:
    assert not purge(store, ItemId(name()))


def test_purging_waits_for_readers_and_is_finished_when_they_have_gone(tmp_path: Path) -> None:
    item = new_item(CANARY)
    with opened(tmp_path) as store:
        put(store, item)
        wrapped = keys_of(store, item.id)[1]
        with reading(store):
            purge(store, item.id)
            early = store.scrub(within=0.1)
            put(store, new_item())
        late = store.scrub(within=5)

        assert (early, late) == (False, True)
        assert store.scrubbed
        assert wrapped not in raw_files(tmp_path)


def test_no_key_of_many_purged_items_is_left_whatever_the_order(tmp_path: Path) -> None:
    chance = random.Random(7)  # the order only
    items = [new_item(b"x" * chance.randrange(10, 9_000)) for _ in range(300)]
    with opened(tmp_path) as store:
        put(store, *items)
        secrets = {item.id: keys_of(store, item.id)[1] for item in items}
        doomed = chance.sample(items, 200)
        for item in doomed:
            purge(store, item.id)
        put(store, *(new_item(b"y" * 3_000) for _ in range(50)))
        store.scrub(within=5)
        raw = raw_files(tmp_path)

        assert [i.id for i in doomed if secrets[i.id] in raw] == []
        assert all(secrets[i.id] in raw for i in items if i not in doomed)
        assert all(store.reader.item(i.id) is not None for i in items if i not in doomed)


def test_a_draft_is_kept_sealed_replaced_and_destroyed(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.submit(lambda tx: tx.save_draft("d", "duty", NOW, b"first")).result()
        store.submit(lambda tx: tx.save_draft("d", "duty", NOW, CANARY)).result()
        drafts = [draft.data for draft in store.reader.drafts("duty")]
        raw = raw_files(tmp_path)
        store.submit(lambda tx: tx.drop_draft("d")).result()

        assert drafts == [CANARY]
        assert CANARY not in raw
        assert store.reader.drafts("duty") == []
        assert store.reader.drafts("second") == []


# -- files and frames


def test_a_file_comes_back_part_by_part(store: Store) -> None:
    item = new_item()
    put(store, item)
    parts = [bytes([n]) * 1_000 for n in range(3)]

    store.submit(lambda tx: tx.put_attachment(item.id, ROOT, 3, False)).result()
    for n, data in enumerate(parts):
        store.submit(lambda tx, i=n, d=data: tx.put_part(item.id, ROOT, i, d)).result()  # type: ignore[misc]
    before = store.reader.attachment(item.id, ROOT)
    store.submit(lambda tx: tx.complete_attachment(item.id, ROOT)).result()

    assert (before, store.reader.attachment(item.id, ROOT)) == ((3, False), (3, True))
    assert store.reader.part_numbers(item.id, ROOT) == {0, 1, 2}
    assert [store.reader.part(item.id, ROOT, n) for n in range(4)] == [*parts, None]


def test_a_part_opens_at_its_own_place_only(store: Store) -> None:
    item = new_item()
    put(store, item)
    for n in range(2):
        store.submit(lambda tx, i=n: tx.put_part(item.id, ROOT, i, b"part")).result()  # type: ignore[misc]

    store.submit(lambda tx: tx._do("UPDATE part SET n = 9 WHERE n = 0")).result()

    with pytest.raises(Untrusted, match="damaged"):
        store.reader.part(item.id, ROOT, 9)


def test_a_file_on_its_way_says_which_part_is_next(store: Store) -> None:
    item = new_item()
    put(store, item)

    for following in (0, 2):
        store.submit(lambda tx, n=following: tx.set_part_delivery(EAST, item.id, ROOT, n, 3)).result()  # type: ignore[misc]
    going = store.reader.part_deliveries(EAST)
    store.submit(lambda tx: tx.drop_part_delivery(EAST, item.id, ROOT)).result()

    assert going == [(item.id, ROOT, 2, 3)]
    assert store.reader.part_deliveries(EAST) == []


def test_frames_are_kept_sealed_and_the_newest_of_each_member_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for seq in range(1, 6):
            store.submit(
                lambda tx, n=seq: tx.put_frame(NORTH, n, NOW + n, CANARY + str(n).encode())  # type: ignore[misc]
            ).result()
        store.submit(lambda tx: tx.put_frame(EAST, 1, NOW, b"easts")).result()

        assert store.reader.frames_at(NOW + 3, NOW) == [(EAST, b"easts"), (NORTH, CANARY + b"3")]  # type: ignore[arg-type]
        assert [at - NOW for _, at, _ in store.reader.frames_between(NOW + 2, NOW + 4)] == [2, 3, 4]  # type: ignore[arg-type]
        assert (store.reader.last_frame(NORTH), store.reader.last_frame(EAST)) == (5, 1)
        assert CANARY not in raw_files(tmp_path)
        store.submit(lambda tx: tx.prune_frames(NOW + 5)).result()  # type: ignore[arg-type]
        assert [data for _, data in store.reader.frames_at(NOW + 9, NOW)] == [CANARY + b"5"]  # type: ignore[arg-type]


@pytest.mark.parametrize("each", [1, 2, 3, 10])
def test_frames_that_are_read_a_slice_at_a_time_come_each_once_though_many_are_of_one_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, each: int
) -> None:
    monkeypatch.setattr(frames, "SLICE", each)
    times = [0, 1, 1, 1, 1, 2, 3]
    with opened(tmp_path) as store:
        for seq, at in enumerate(times, 1):
            store.submit(lambda tx, n=seq, t=at: tx.put_frame(NORTH, n, NOW + t, str(n).encode())).result()  # type: ignore[misc]

        whole = [data for _, _, data in store.reader.frames_between(NOW + 1, NOW + 3)]  # type: ignore[arg-type]
        some = [data for _, _, data in store.reader.frames_between(NOW + 1, NOW + 3, 4)]  # type: ignore[arg-type]

    assert whole == [b"2", b"3", b"4", b"5", b"6", b"7"]
    assert some == whole[:4]


def test_a_recalled_feed_takes_its_part_of_each_frame_and_what_rests_on_several_and_leaves_the_others(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as store:
        for feed, data, lead in (("mast", CANARY, True), ("radar", b"radars", False), ("mast radar", CANARY, False)):
            store.submit(lambda tx, f=feed, d=data, one=lead: tx.put_frame(NORTH, 1, NOW, d, f, one)).result()  # type: ignore[misc]

        store.submit(lambda tx: tx.drop_feed("mast")).result()
        store.scrub()

        left = [data for _, _, data in store.reader.frames_between(NOW, NOW, 9)]
        assert left == [b"radars"]
        assert CANARY not in raw_files(tmp_path)


def test_so_many_frames_are_kept_as_are_asked_for_in_however_many_parts(tmp_path: Path) -> None:
    with opened(tmp_path) as store:

        def keep(tx: Tx, seq: int) -> None:
            for feed in ("mast", "radar"):
                tx.put_frame(NORTH, seq, Micros(NOW + seq), f"{feed} {seq}".encode(), feed, lead=feed == "mast")

        for seq in range(1, 6):
            store.submit(partial(keep, seq=seq)).result()
        store.submit(lambda tx: tx.prune_frames(NOW, 2)).result()

        left = [data for _, _, data in store.reader.frames_between(NOW, NOW + 9, 99)]  # type: ignore[arg-type]
        assert left == [b"mast 4", b"radar 4", b"mast 5", b"radar 5"]
        newest = [data for _, data in store.reader.frames_at(NOW + 9, NOW)]  # type: ignore[arg-type]
        assert newest == [b"mast 5", b"radar 5"]


def test_a_feed_that_is_recalled_takes_its_frames_and_its_key_with_it(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.submit(
            both(
                lambda tx: tx.put_frame(NORTH, 1, NOW, CANARY, "feed"), lambda tx: tx.put_frame(NORTH, 2, NOW, b"other")
            )
        ).result()
        with sqlite3.connect(tmp_path / "store" / "frames.db") as frames:
            wrapped, sealed = frames.execute(
                "SELECT wrapped, sealed FROM feed_key JOIN frame_part USING (feed) WHERE feed = 'feed'"
            ).fetchone()
        frames.close()

        store.submit(lambda tx: tx.drop_feed("feed")).result()
        store.scrub()
        raw = raw_files(tmp_path)

        assert [data for _, data in store.reader.frames_at(NOW, NOW)] == [b"other"]
        assert wrapped not in raw
        assert sealed not in raw
