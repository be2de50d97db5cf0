"""`picture --watch` at a real terminal: it draws in place, follows the size, and leaves everything as it was."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from live import Live, live

from quartet.cli.client import Client, open_client
from quartet.cli.identity import identify
from quartet.console.shapes import Taken
from quartet.node.views import FeedDraft, Published, Sighting

pytestmark = pytest.mark.slow

PATIENCE_S = 60
ENTERS, LEAVES, SHOWS_CURSOR = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25h"
HOME = b"\x1b[H"
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A command in a pseudo-terminal of a size."""

    def __init__(
        self, words: list[str], columns: int, lines: int, *, hangs_up: bool = True, **environment: str
    ) -> None:
        self.number, inner = pty.openpty()
        self.before = termios.tcgetattr(inner)
        self._inner = inner
        self.resize(columns, lines)
        kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quartet.cli", *words],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**kept, "TERM": "xterm-256color", **environment},
            start_new_session=True,
            preexec_fn=lambda: self._begins(hangs_up),
        )
        self.said = b""

    @staticmethod
    def _begins(hangs_up: bool) -> None:
        """Be the terminal's own, whatever whoever runs the tests ignores; without `hangs_up` as under `nohup`."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL if hangs_up else signal.SIG_IGN)

    def goes(self) -> None:
        """Close the terminal under the command."""
        os.close(self.number)
        os.close(self._inner)

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def types(self, keys: bytes) -> None:
        os.write(self.number, keys)

    def read(self, seconds: float = 0.2) -> None:
        """Take what it says."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and select.select([self.number], [], [], left)[0]:
            self.said += os.read(self.number, 65_536)

    def until(self, text: str) -> list[str]:
        """Wait until a text is on the screen; return the screen's lines."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.read()
            whole = self.said[: self.said.rfind(HOME)]  # the last drawing may not be whole
            lines = CODES.sub("", whole[whole.rfind(HOME) :].decode(errors="replace")).splitlines()
            if any(text in line for line in lines):
                return lines
        raise AssertionError(self.said[-3000:].decode(errors="replace"))

    def ends(self) -> int:
        """Return its exit code."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            self.read()
        self.read(0.5)
        return self.process.wait(1)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("watch") / "x", members=("north", "east")) as made:
        yield made


@contextmanager
def desk(exchange: Live) -> Iterator[Client]:
    folder = exchange.folder("north")
    with open_client(folder, identify(folder, None, None)) as client:
        yield client


@pytest.fixture
def sky(exchange: Live) -> str:
    """Give the folder of north, whose sensor just saw two aircraft."""
    with desk(exchange) as client:
        draft = FeedDraft(tlp="GREEN", title="A sensor", to=("east",))  # type: ignore[arg-type]
        ref = client.post("/feeds", draft, Published).ref
        at = datetime.now(UTC)
        seen = [
            Sighting(id=one, lat=47 + n / 10, lon=8.0, at=at, alt_m=10_668, speed_mps=231.5, track_deg=90)
            for n, one in enumerate(("4b1805", "3c6444"))
        ]
        client.post(f"/feeds/{ref}/sightings", seen, Taken)
    return str(exchange.folder("north").root)


def watching(folder: str, *more: str) -> list[str]:
    return ["picture", "--dir", folder, "--watch", *more]


def test_it_draws_in_place_follows_the_size_and_q_leaves_the_terminal_as_it_was(sky: str) -> None:
    terminal = Terminal(watching(sky, "--center", "47,8", "--range", "20"), 120, 30)
    wide = terminal.until("4b1805")

    assert ENTERS in terminal.said
    assert any("→ 090" in line and "450" in line for line in wide)
    assert any("⠒" in line for line in wide)
    assert any("TLP:GREEN" in line for line in wide)
    assert b"\x1b[2J" not in terminal.said.partition(HOME)[2]  # no clearing, hence no flicker
    terminal.resize(44, 20)
    os.killpg(terminal.process.pid, signal.SIGWINCH)
    terminal.said = b""
    narrow = terminal.until("4b1805")
    assert max(map(len, narrow)) <= 44
    terminal.types(b"q")
    assert terminal.ends() == 0
    assert LEAVES in terminal.said
    assert SHOWS_CURSOR in terminal.said[terminal.said.rfind(HOME) :]
    assert termios.tcgetattr(terminal._inner) == terminal.before


def test_ctrl_c_leaves_as_cleanly(sky: str) -> None:
    terminal = Terminal(watching(sky), 100, 24)
    terminal.until("4b1805")

    terminal.types(b"\x03")

    assert terminal.ends() == 0
    assert LEAVES in terminal.said
    assert b"Traceback" not in terminal.said
    assert termios.tcgetattr(terminal._inner) == terminal.before


def test_it_ends_when_its_terminal_is_gone_also_where_nothing_told_it_so(sky: str) -> None:
    terminal = Terminal(watching(sky), 100, 24, hangs_up=False)
    terminal.until("4b1805")

    terminal.goes()

    terminal.process.wait(PATIENCE_S)


def test_without_colours_there_are_none(sky: str) -> None:
    terminal = Terminal(watching(sky), 120, 30, NO_COLOR="1")
    terminal.until("4b1805")
    terminal.types(b"q")

    assert terminal.ends() == 0
    codes = re.findall(rb"\x1b\[([0-9;]*)m", terminal.said)
    assert {number for code in codes for number in code.split(b";")} <= {b"", b"0", b"1", b"2"}


def test_a_terminal_that_draws_nothing_gets_plain_tables(sky: str) -> None:
    terminal = Terminal(watching(sky), 120, 30, TERM="dumb")
    end = time.monotonic() + PATIENCE_S
    while b"4b1805" not in terminal.said and time.monotonic() < end:
        terminal.read()
    terminal.types(b"\x03")

    assert terminal.ends() == 0
    assert b"4b1805" in terminal.said
    assert b"\x1b" not in terminal.said


def test_a_node_that_stops_is_told_and_one_that_is_there_again_is_watched_again(exchange: Live, sky: str) -> None:
    terminal = Terminal(watching(sky), 120, 30)
    terminal.until("4b1805")
    with exchange.stopped("north"):
        told = terminal.until("NO ANSWER")
        assert any("4b1805" in line for line in told)

    terminal.until("0 tracks")
    terminal.types(b"q")
    assert terminal.ends() == 0


def test_what_was_is_told_by_time_and_by_track(exchange: Live, sky: str) -> None:
    def said(*words: str) -> str:
        command = [sys.executable, "-m", "quartet.cli", "picture", "--dir", sky, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout

    def refused(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "quartet.cli", "picture", "--dir", sky, *words]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    end = time.monotonic() + PATIENCE_S
    while "4b1805" not in said() and time.monotonic() < end:
        time.sleep(0.5)

    assert "4b1805" in said("--at", "0s")
    for when, reason in (("5h", "not-kept"), ("2100-01-01T00:00Z", "not-yet")):
        code, told = refused("--at", when)
        assert code != 0
        assert reason in told
    assert "47.00000" in said("--track", "4b1805", "--minutes", "5")
    assert said("--track", "000000") == ""


def test_the_folder_of_the_test_is_a_member(exchange: Live) -> None:
    assert Path(exchange.folder("north").root).name == "north"
