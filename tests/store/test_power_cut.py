"""Cut the power at every sync point of a store, and open what is left of its disk: a sample, or all (EVERY)."""

import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from stored import EAST, MASTER, NORTH, NOW, both, keeping, new_item, opened

from diskrecord import Event, Recorder
from powercut import cuts, disk_after, said_before, whole
from quartet.core.ids import ItemId
from quartet.store import NewItem, Store
from quartet.store.sealedfile import Head, read_sealed, write_sealed
from vfsrecord import library, recorded

LIBRARY: Final = library()
UNHEARD: Final = LIBRARY is None and "CI" not in os.environ
"""In CI it must be heard what SQLite writes: there the tests fail, and are not passed over."""
pytestmark = pytest.mark.skipif(UNHEARD, reason="sqlite3 is built without a SQLite that can be recorded")
SAMPLE: Final = 60
CANARY: Final = b"canary-2f7c-what-was-taken-back"
ROOT: Final = "r" * 43


class Life(NamedTuple):
    """What a store lived through: what happened to its disk, what it was given, and what was in it of what went."""

    root: str
    events: list[Event]
    items: dict[ItemId, NewItem]
    secrets: dict[ItemId, tuple[bytes, ...]]


def _whole(item: NewItem, parts: int = 0) -> Callable[[Any], None]:
    """Return a job that keeps an item in several tables."""
    files = [lambda tx, n=n: tx.put_part(item.id, ROOT, n, item.signed * 200) for n in range(parts)]
    attached = [lambda tx: tx.put_attachment(item.id, ROOT, parts, True)] if parts else []
    return both(keeping(item), lambda tx: tx.add_commitment(item.c, "item"), *attached, *files)


def _told(recorder: Recorder, what: str, item: ItemId) -> "Callable[[Future[Any]], None]":
    return lambda future: recorder.say((what, item)) if future.exception() is None else None


def _secrets(store: Store, item: ItemId) -> tuple[bytes, ...]:
    def look(tx: Any) -> tuple[bytes, ...]:
        wrapped, sealed = tx._ask("SELECT wrapped, sealed FROM item JOIN item_key ON n = admission WHERE id = ?", item)
        return tx.item_key(item), wrapped, sealed[:40], sealed[-40:]

    return store.submit(look).result()


def _keep(store: Store, recorder: Recorder, items: list[NewItem], parts: int = 0) -> None:
    """Keep items that wait together, and note when each is acknowledged."""
    jobs = []
    for item in items:
        jobs.append(store.submit(_whole(item, parts)))
        jobs[-1].add_done_callback(_told(recorder, "kept", item.id))
    for job in jobs:
        job.result()


def _purge(store: Store, recorder: Recorder, item: ItemId) -> None:
    job = store.submit(lambda tx: tx.purge(item, b"the stub", NOW))
    job.add_done_callback(_told(recorder, "purged", item))
    job.result()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Record a store that is made, written singly and together, purged, closed and opened again."""
    root = tmp_path_factory.mktemp("recorded")
    items = [new_item(CANARY + str(n).encode()) for n in range(24)]
    after: list[NewItem] = []
    doomed, secrets = items[2:20:4], {}
    assert LIBRARY is not None
    with recorded(root, LIBRARY) as recorder:
        for turn in range(2):
            with opened(root) as store:
                own = items[turn * 12 : turn * 12 + 12]
                _keep(store, recorder, own[:1])
                _keep(store, recorder, own[1:6], 1)
                _keep(store, recorder, own[6:], 60 if whole() else 0)
                for item in own:
                    if item in doomed:
                        secrets[item.id] = _secrets(store, item.id)
                        _purge(store, recorder, item.id)
                        after.append(new_item())
                        _keep(store, recorder, after[-1:])
    return Life(recorder.root, recorder.events, {item.id: item for item in (*items, *after)}, secrets)


def _after(life: Life, place: int, way: str, to: Path) -> Store:
    disk_after(life.events[:place], way, place, life.root, to)
    return opened(to)


def _is_whole(store: Store, item: NewItem) -> bool:
    """Return whether an item is here, in every table; fail where only some of it is."""
    reader = store.reader
    found = reader.item(item.id) is not None
    committed = item.c in {c for _, c in reader.pending_commitments()}
    due = item.id in {row.item_id for row in reader.due(EAST, 10**6)}
    attached = reader.attachment(item.id, ROOT)
    parts = reader.part_numbers(item.id, ROOT)
    assert (committed, due) == (found, found)
    assert parts == (set(range(attached[0])) if attached else set())
    assert all(reader.part(item.id, ROOT, n) == item.signed * 200 for n in parts)
    return found


def test_what_was_acknowledged_before_a_power_cut_is_there_and_nothing_is_there_by_half(
    life: Life, tmp_path: Path
) -> None:
    for place, way in cuts(life.events, SAMPLE):
        said = said_before(life.events[:place])
        with _after(life, place, way, tmp_path / f"{place} {way}") as store:
            gone = {item for item in life.secrets if store.reader.stub(item) is not None}
            held = {name for name, item in life.items.items() if name not in gone and _is_whole(store, item)}

            assert {name for what, name in said if what == "purged"} <= gone
            assert {name for what, name in said if what == "kept"} <= held | gone, (place, way)
            assert store.reader.integrity() == []
            new = new_item()
            store.submit(_whole(new)).result()
            assert _is_whole(store, new)


def test_what_was_purged_before_a_power_cut_is_in_no_file_once_the_store_says_so(life: Life, tmp_path: Path) -> None:
    purges = [n for n, event in enumerate(life.events) if event.what == "said" and event.said[0] == "purged"]
    places = [cut for cut in cuts(life.events, len(life.events)) if cut[0] > purges[0]]
    for place, way in places if whole() else places[::2]:
        purged = [name for what, name in said_before(life.events[:place]) if what == "purged"]
        folder = tmp_path / f"{place} {way}"
        with _after(life, place, way, folder) as store:
            until_scrubbed(store)
            left = _found(folder, purged, life)
            assert left == [], (place, way, _kept(life, tmp_path))


def _found(folder: Path, purged: list[ItemId], life: Life) -> list[tuple[str, int, int]]:
    """Return in which file, where, and which secret of what was purged is left."""
    files = [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]
    secrets = [secret for item in purged for secret in enumerate(life.secrets[item])]
    return [(name, n, raw.find(secret)) for name, raw in files for n, secret in secrets if secret in raw]


def _kept(life: Life, to: Path) -> str:
    """Keep what a store lived through, to cut it again: a life is never lived twice alike. `pickle.loads` reads it."""
    path = to.parent / f"life-{os.getpid()}.pickle"
    path.write_bytes(pickle.dumps(life))
    return str(path)


def until_scrubbed(store: Store) -> None:
    """Wait until the store says by itself that nothing destroyed is left."""
    while not store.scrubbed:
        store.submit(lambda tx: None).result()


def test_frames_of_a_feed_that_was_dropped_before_a_power_cut_do_not_come_back(tmp_path: Path) -> None:
    root = tmp_path / "recorded"
    root.mkdir()
    feeds = [f"feed-{n}" for n in range(4)]
    assert LIBRARY is not None
    with recorded(root, LIBRARY) as recorder, opened(root) as store:
        for n, feed in enumerate(feeds):
            store.submit(lambda tx, n=n, f=feed: tx.put_frame(NORTH, n, NOW, f.encode(), f)).result()  # type: ignore[misc]
        store.scrub()
        with _reading(root / "store" / "frames.db"):
            for feed in feeds[:2]:
                _drop(store, recorder, feed)
        _drop(store, recorder, feeds[2])

    for place, way in cuts(recorder.events, SAMPLE // 2):
        dropped = {feed.encode() for feed in said_before(recorder.events[:place])}
        folder = tmp_path / f"{place} {way}"
        disk_after(recorder.events[:place], way, place, recorder.root, folder)
        with opened(folder) as store:
            left = {data for _, _, data in store.reader.frames_between(NOW, NOW, 9)}
            assert not left & dropped, (place, way)
            assert left <= {feed.encode() for feed in feeds}


def _drop(store: Store, recorder: Recorder, feed: str) -> None:
    store.submit(lambda tx: tx.drop_feed(feed)).result()
    recorder.say(feed)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Hold a read transaction open, as a backup does: what is written meanwhile stays in the write-ahead log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM frame_part").fetchone()
        yield


def test_a_sealed_file_that_is_written_anew_is_after_a_power_cut_the_old_one_or_the_new_one_whole(
    tmp_path: Path,
) -> None:
    root = tmp_path / "recorded"
    root.mkdir()
    contents = [bytes([n]) * 300_000 for n in range(4)]
    assert LIBRARY is not None
    with recorded(root, LIBRARY) as recorder:
        for n, content in enumerate(contents):
            write_sealed(root / "keys", Head("item-keys", 1, str(n), NORTH, NOW, "vault"), MASTER, [content])
            recorder.say(n)

    for place, way in cuts(recorder.events, SAMPLE):
        said = said_before(recorder.events[:place])
        folder = tmp_path / f"{place} {way}"
        disk_after(recorder.events[:place], way, place, recorder.root, folder)
        last = said[-1] if said else -1
        if (folder / "keys").exists():
            found: list[bytes] = []
            read_sealed(folder / "keys", MASTER, found.extend)
            assert contents.index(b"".join(found)) in (last, last + 1)
        else:
            assert last == -1
