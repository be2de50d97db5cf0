"""A store may end while others still read; a process of its own tries it, for whoever does it wrongly dies of it."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from stored import new_item, opened, put

from quartet.core.faults import Unavailable, Untrusted
from quartet.store import Store

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT count(*) FROM n"
ENDS = f"""
import sys, threading, time
from pathlib import Path
from quartet.core.faults import Fault
from quartet.store import open_store

store = open_store(Path(sys.argv[1]), bytes(range(32)))
begun, said = threading.Barrier(4), []

def read():
    store.reader.count("item")
    begun.wait()
    try:
        store.reader._all({LONG!r})
    except Fault as fault:
        said.append(fault.reason)

threads = [threading.Thread(target=read) for _ in range(3)]
for thread in threads:
    thread.start()
begun.wait()
time.sleep(0.2)
store.close()
for thread in threads:
    thread.join()
print(*said)
"""


def test_a_store_that_ends_breaks_off_what_others_read_and_the_process_lives(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", ENDS, str(tmp_path / "x.db")]

    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert (done.returncode, done.stdout.split()) == (0, ["cannot-write"] * 3), done.stderr
    assert not (tmp_path / "x.db-wal").exists()


def test_a_store_that_ended_is_read_by_no_thread_new_or_old(store: Store) -> None:
    store.reader.count("item")
    store.close()
    said = []

    def read() -> None:
        with pytest.raises(Unavailable) as caught:
            store.reader.count("item")
        said.append(caught.value.reason)

    read()
    other = threading.Thread(target=read)
    other.start()
    other.join()

    assert said == ["cannot-write"] * 2


def test_rows_that_are_read_one_by_one_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for _ in range(2):
            put(store, new_item())
        rows = store.reader.every_item()
        next(rows)

        store.close()

        with pytest.raises(Untrusted, match="interrupted"):
            next(rows)
    with opened(tmp_path) as again:
        assert again.reader.count("item") == 2
