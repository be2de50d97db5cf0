"""One process a folder, and what it says of itself."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quartet.core.faults import Unavailable
from quartet.node.folder import Folder
from quartet.node.instance import claim, declare_ready, read_ready

HOLD = """
import sys, time
from pathlib import Path
from quartet.node.folder import Folder
from quartet.node.instance import claim
with claim(Folder(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""
LINGER = """
import os, sys, time
from quartet.node.instance import end_with
end_with(int(sys.argv[1]))
print(os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline(), flush=True)
os.kill(os.getpid(), 9)
"""

STUBBORN = """
import asyncio, sys
from quartet.node.instance import stop_asked
async def never():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
async def whole():
    asked = stop_asked(within=0.5)
    task = asyncio.create_task(never())
    print("up", flush=True)
    await asked.wait()
    task.cancel()
    await task
asyncio.run(whole())
"""


def test_a_folder_is_held_by_one_process_and_its_number_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)

    with claim(folder):
        assert folder.pid.read_text() == f"{os.getpid()}\n"
        with pytest.raises(Unavailable, match=f"already-running: process {os.getpid()} serves"), claim(folder):
            pass

    assert not folder.pid.exists()


def test_a_killed_process_leaves_the_folder_free(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Unavailable, match="already-running"), claim(Folder(tmp_path)):
        pass

    holder.kill()
    holder.communicate()

    assert (tmp_path / "node.pid").exists()
    with claim(Folder(tmp_path)):
        assert (tmp_path / "node.pid").read_text() == f"{os.getpid()}\n"


def test_only_the_asked_process_counts_as_ready(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert read_ready(folder, os.getpid()) is None

    declare_ready(folder, "north", {"api": "x"})

    ready = read_ready(folder, os.getpid())
    assert ready is not None
    assert (ready.name, ready.addresses) == ("north", {"api": "x"})
    assert read_ready(folder, os.getpid() + 1) is None
    folder.ready.write_bytes(b"{")
    assert read_ready(folder, os.getpid()) is None


def test_a_child_ends_with_its_parent_however_that_ends() -> None:
    done = subprocess.run([sys.executable, "-c", PARENT, LINGER], stdout=subprocess.PIPE, text=True, check=False)

    child = int(done.stdout)
    deadline = time.monotonic() + 60
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not alive(child)


def test_a_child_whose_parent_has_ended_already_does_not_start() -> None:
    done = subprocess.run([sys.executable, "-c", LINGER, "1"], stderr=subprocess.PIPE, text=True, check=False)

    assert "parent-gone" in done.stderr


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_was_told_to_end_ends_in_whatever_it_hangs() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"

    child.terminate()
    _, error = child.communicate(timeout=60)

    assert child.returncode == 3
    assert error.startswith("stop-late: ")
    assert error.count("\n") == 1


def test_what_serves_a_hub_loads_no_node() -> None:
    code = "import sys, quartet.serve; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"numba", "quartet.node.node", "quartet.intake"}.isdisjoint(done.stdout.split())
