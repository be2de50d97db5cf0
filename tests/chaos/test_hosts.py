"""Hosts of one's own for the servers of a storm: a cable each, and nothing left of them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .hosts import WANTING, Hosts, can, made

ROOT = Path(__file__).parents[2]
NAMES = ("north", "hub-1")
needs_root = pytest.mark.skipif(not can(), reason=WANTING)
ASK = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2).close()"


@contextmanager
def listening(host: str) -> Iterator[int]:
    with socket.create_server((host, 0)) as server:
        yield server.getsockname()[1]


def reaches(hosts: Hosts, name: str, port: int) -> bool:
    """Return whether a host connects to the switch."""
    command = (*hosts.inside(name), sys.executable, "-c", ASK, hosts.switch, str(port))
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def there() -> str:
    """Return the namespaces, bridges and cables of this machine."""
    listed = (("ip", "netns", "list"), ("ip", "-brief", "link", "show"))
    return "".join(subprocess.run(one, capture_output=True, text=True, check=True).stdout for one in listed)


def gone_soon(name: str) -> bool:
    """Return whether nothing of a name is left: the kernel ends a host's cables some time after the host."""
    for _ in range(100):
        if name not in there():
            return True
        time.sleep(0.1)
    return False


@needs_root
def test_a_host_reaches_the_switch_by_its_own_cable_and_not_while_it_is_out() -> None:
    with made(NAMES) as hosts, listening(hosts.switch) as port:
        assert all(reaches(hosts, name, port) for name in NAMES)

        hosts.unplug("north")

        assert [reaches(hosts, name, port) for name in NAMES] == [False, True]
        hosts.plug_in("north")
        assert any(reaches(hosts, "north", port) for _ in range(10))
    assert gone_soon(str(os.getpid()))


@needs_root
def test_what_a_run_left_that_was_killed_is_taken_away_by_the_next() -> None:
    gone = subprocess.Popen((sys.executable, "-c", ""))
    gone.wait()
    left = Hosts(NAMES)
    left._run = gone.pid
    left.make()
    assert f"qh{gone.pid}-north" in there()

    with made(NAMES):
        assert gone_soon(f"qh{gone.pid}-")
        assert gone_soon(f"qs{gone.pid}")


def test_without_the_means_it_is_refused_in_one_line() -> None:
    command = (sys.executable, "-m", "tests.chaos", "--namespaces")

    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert WANTING in done.stderr.splitlines()[-1]
