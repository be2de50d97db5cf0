import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from stored import EAST, MASTER, new_item, opened, put

from quartet.core.faults import Unavailable, Untrusted
from quartet.store import NewItem, Store, Tx, open_store
from quartet.store import writer as writer_module


def keeping() -> Callable[[Tx], int | None]:
    """Return a job that keeps a fresh item."""
    item = new_item()
    return lambda tx: tx.put_item(item)


def keep(store: Store) -> "Future[int | None]":
    """Keep a fresh item."""
    return store.submit(keeping())


def held(store: Store) -> tuple[threading.Event, "Future[None]"]:
    """Keep the writer busy until the event is set, so that what is written meanwhile is committed together."""
    begun, go = threading.Event(), threading.Event()

    def wait(_: Tx) -> None:
        begun.set()
        go.wait(60)

    waiting = store.submit(wait)
    begun.wait(60)
    return go, waiting


def test_jobs_that_wait_together_are_committed_together(store: Store) -> None:
    go, waiting = held(store)
    before = store.written[0]

    jobs: list[Future[Any]] = [keep(store) for _ in range(50)]
    go.set()
    numbers = [job.result() for job in jobs]
    waiting.result()

    assert numbers == list(range(1, 51))
    assert store.written[0] - before == 2


@pytest.mark.parametrize("early", [True, False], ids=["that collected rows", "that wrote at once"])
def test_a_job_that_fails_is_undone_alone(store: Store, early: bool) -> None:
    good, bad, after = new_item(), new_item(), new_item()

    def fails(tx: Tx) -> None:
        tx.put_item(bad)
        if not early:
            tx.set_meta("bad", "1")
        raise Untrusted("no", "on purpose")

    go, _ = held(store)
    jobs: list[Future[Any]] = [
        store.submit(lambda tx: tx.put_item(good)),
        store.submit(fails),
        store.submit(lambda tx: tx.put_item(after)),
    ]
    go.set()

    assert jobs[0].result() is not None
    with pytest.raises(Untrusted, match="on purpose"):
        jobs[1].result()
    assert jobs[2].result() is not None
    assert [row.id for row in store.reader.items(0, 9)] == [good.id, after.id]
    assert store.reader.meta("bad") is None


def test_rows_that_the_tables_refuse_fail_their_own_job_only(store: Store) -> None:
    first = new_item()
    twin = new_item(c=first.c)
    last = new_item()

    go, _ = held(store)
    jobs: list[Future[Any]] = [store.submit(lambda tx, i=item: tx.put_item(i)) for item in (first, twin, last)]  # type: ignore[misc]
    go.set()

    assert jobs[0].result() is not None
    with pytest.raises(sqlite3.IntegrityError):
        jobs[1].result()
    assert jobs[2].result() is not None
    assert [row.id for row in store.reader.items(0, 9)] == [first.id, last.id]


def test_a_job_reads_what_it_and_those_before_it_wrote(store: Store) -> None:
    one, two = new_item(), new_item()

    def look(tx: Tx) -> list[str]:
        tx.put_item(two)
        return [row.id for row in tx.read.items(0, 9)]

    go, _ = held(store)
    jobs: list[Future[Any]] = [store.submit(lambda tx: tx.put_item(one)), store.submit(look)]
    go.set()

    assert jobs[0].result() == 1
    assert jobs[1].result() == [one.id, two.id]


async def _write_many(store: Store, count: int) -> list[int | None]:
    return await asyncio.gather(*(store.write(keeping()) for _ in range(count)))


def test_the_event_loop_waits_for_the_commit_and_gets_every_answer(store: Store) -> None:
    numbers = asyncio.run(_write_many(store, 500))

    assert sorted(n for n in numbers if n) == list(range(1, 501))
    assert store.reader.count("item") == 500
    assert store.written[0] < 100


def test_what_an_event_loop_writes_in_one_turn_is_one_commit(store: Store) -> None:
    before = store.written[0]

    numbers = asyncio.run(_write_many(store, writer_module.HANDED - 1))

    assert sorted(n for n in numbers if n) == list(range(1, writer_module.HANDED))
    assert store.written[0] - before == 1


def test_a_full_queue_refuses_threads_and_makes_the_event_loop_wait(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MAX_WAITING", 3)
    go, waiting = held(store)

    jobs: list[Future[Any]] = [store.submit(lambda tx: tx.set_meta("a", "1")) for _ in range(3)]
    with pytest.raises(Unavailable, match="store-busy"):
        store.submit(lambda tx: tx.set_meta("a", "2"))
    threading.Timer(0.05, go.set).start()
    asyncio.run(store.write(lambda tx: tx.set_meta("a", "3")))

    waiting.result()
    assert all(job.result() is None for job in jobs)
    assert store.reader.meta("a") == "3"


def test_a_write_that_was_called_off_before_it_began_is_left_out(store: Store) -> None:
    go, _ = held(store)

    job = store.submit(lambda tx: tx.set_meta("a", "1"))
    called_off = job.cancel()
    go.set()
    store.submit(lambda tx: tx.set_meta("b", "1")).result()

    assert called_off
    assert (store.reader.meta("a"), store.reader.meta("b")) == (None, "1")


def test_closing_finishes_what_waits_and_takes_no_more(tmp_path: Path) -> None:
    store = opened(tmp_path)
    jobs: list[Future[Any]] = [keep(store) for _ in range(20)]

    store.close()

    assert [job.result() for job in jobs] == list(range(1, 21))
    with pytest.raises(Unavailable, match="store-closed"):
        store.submit(lambda tx: tx.set_meta("a", "1"))
    assert not store.path.with_name("quartet.db-wal").exists()


def test_a_full_disk_keeps_nothing_of_a_commit_and_everything_before_it(store: Store) -> None:
    kept = [new_item() for _ in range(5)]
    put(store, *kept)
    large = [new_item(os.urandom(60_000)) for _ in range(20)]

    store.submit(lambda tx: tx._do("PRAGMA max_page_count = 150")).result()
    go, _ = held(store)
    jobs: list[Future[Any]] = [store.submit(lambda tx, i=item: tx.put_item(i)) for item in large]  # type: ignore[misc]
    go.set()
    refused = [_reason(job) for job in jobs]
    small = keep(store).result()
    store.submit(lambda tx: tx._do("PRAGMA max_page_count = 1073741823")).result()
    again = [store.submit(lambda tx, i=item: tx.put_item(i)).result() for item in large]  # type: ignore[misc]

    assert refused == ["disk-full"] * 20
    assert small is not None
    assert None not in again
    assert all(store.reader.item(item.id) is not None for item in (*kept, *large))
    assert store.reader.integrity() == []


def _reason(job: "Future[int | None]") -> str:
    error = job.exception()
    assert isinstance(error, Unavailable)
    assert "free space" in error.detail
    return error.reason


_CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from stored import EAST, NOW, new_item, opened
store = opened(Path(sys.argv[1]))
while True:
    jobs = []
    for _ in range(20):
        item = new_item()
        jobs.append((item, store.submit(lambda tx, i=item: (
            tx.put_item(i), tx.add_commitment(i.c, "item"), tx.set_delivery(i.id, EAST, "due", 4, NOW)))))
    for item, job in jobs:
        job.result()
        print(item.id, item.c, flush=True)
"""


MANY = 21
"""How many it has acknowledged before it is killed, at least."""


@pytest.mark.parametrize("after", [0.3, 0.5, 0.8])
def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path, after: float) -> None:
    command = [sys.executable, "-c", _CHILD, str(tmp_path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = [child.stdout.readline() for _ in range(MANY)]
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        lines = [*first, *child.stdout.read().splitlines()]
    acknowledged = [line.split() for line in lines if len(line.split()) == 2 and len(line.split()[1]) == 43]

    with opened(tmp_path) as store:
        committed = {c for _, c in store.reader.pending_commitments(10**6)}
        due = {row.item_id for row in store.reader.due(EAST, 10**6)}

        assert len(acknowledged) >= MANY
        for item, c in acknowledged:
            kept = store.reader.item(item)  # type: ignore[arg-type]
            assert kept is not None
            assert (c in committed, item in due) == (True, True)
        assert store.reader.count("item") == store.reader.count("commitment") == store.reader.count("delivery")
        assert store.reader.integrity() == []


def test_many_threads_read_while_one_writes(store: Store) -> None:
    items: list[NewItem] = [new_item() for _ in range(30)]
    wrong: list[object] = []

    def read() -> None:
        for _ in range(100):
            wrong.extend(r.id for r in store.reader.items(0, 99) if store.reader.item(r.id) is None)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    put(store, *items)
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_file_that_is_no_database_is_named_damaged(tmp_path: Path) -> None:
    path = tmp_path / "quartet.db"
    path.write_bytes(b"no database at all " * 500)

    with pytest.raises(Untrusted, match=r"damaged.*restore it from a backup"):
        open_store(path, MASTER)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file stands where the folder should")

    with pytest.raises(Unavailable, match="cannot-write"):
        opened(tmp_path)


def test_an_urgent_job_is_committed_before_all_that_waits_and_without_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MAX_WAITING", 50)
    go, waiting = held(store)

    jobs: list[Future[Any]] = [store.submit(lambda tx: tx.set_meta("order", "routine")) for _ in range(50)]

    async def urgent() -> list[str | None]:
        threading.Timer(0.05, go.set).start()
        before = await store.write(lambda tx: tx.read.meta("order"), urgent=True)
        after = await store.write(lambda tx: tx.read.meta("order"), urgent=False)
        return [before, after]

    assert asyncio.run(urgent()) == [None, "routine"]
    waiting.result()
    assert all(job.result() is None for job in jobs)


def test_urgent_jobs_are_kept_in_their_own_order_and_with_the_last_when_the_store_closes(tmp_path: Path) -> None:
    async def written(store: Store) -> list[Any]:
        return await asyncio.gather(
            *(store.write(keeping(), urgent=True) for _ in range(20)), store.write(keeping()), return_exceptions=True
        )

    with opened(tmp_path) as store:
        assert asyncio.run(written(store)) == list(range(1, 22))
