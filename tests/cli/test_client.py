"""What a command says of a node that is slow, and of one that is gone; and of a replay that the node ended."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from rich.progress import Progress, TaskID

from quartet.cli.client import ANSWER_SECONDS, Client
from quartet.cli.identity import identify
from quartet.cli.replay import Replay
from quartet.console.api import serving
from quartet.console.shapes import Taken
from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId
from quartet.node.folder import MemberFolder
from quartet.node.views import FeedDraft, Published
from quartet.sensors.door import Source


@contextmanager
def listening(path: Path, does: Callable[[socket.socket, socket.socket], None]) -> Iterator[None]:
    """Have somebody take one connection at a socket, and do something with it."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def take() -> None:
            with door.accept()[0] as one:
                does(door, one)

        thread = threading.Thread(target=take)
        thread.start()
        yield
        thread.join()


def asked(folder: MemberFolder, path: Path, within: float = ANSWER_SECONDS) -> Unavailable:
    with (
        Client(folder, path, identify(folder, None, None)) as client,
        pytest.raises(Unavailable) as raised,
    ):
        client.get("/status", dict[str, Any], within=within)
    return raised.value


def test_a_node_that_breaks_off_and_still_runs_is_called_slow_and_not_stopped(
    folder: MemberFolder, tmp_path: Path
) -> None:
    def breaks_off(_: socket.socket, one: socket.socket) -> None:
        one.recv(1)

    with listening(tmp_path / "s", breaks_off):
        fault = asked(folder, tmp_path / "s")

    assert fault.reason == "no-answer"
    assert fault.detail.startswith("north runs, but broke off before it had answered: it is slow")
    assert "look whether it took the last" in fault.detail


def test_a_node_that_does_not_answer_in_time_is_called_slow(folder: MemberFolder, tmp_path: Path) -> None:
    asks = threading.Event()

    with listening(tmp_path / "s", lambda _, one: (one.recv(1), asks.wait(30), None)[2]):
        fault = asked(folder, tmp_path / "s", within=0.05)
        asks.set()

    assert fault.reason == "no-answer"
    assert fault.detail.startswith("north runs, but did not answer in time")


def test_a_node_that_is_gone_is_called_stopped_with_how_to_start_it(folder: MemberFolder, tmp_path: Path) -> None:
    def ends(door: socket.socket, one: socket.socket) -> None:
        one.recv(1)
        door.close()

    with listening(tmp_path / "s", ends):
        fault = asked(folder, tmp_path / "s")

    assert fault.reason == "cut-off"
    assert fault.detail.startswith(
        f"north stopped while it answered; start it with: quartet serve --dir {folder.root}; "
    )


def test_a_replay_that_the_node_ends_says_what_it_had_taken(
    folder: MemberFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = iter([7])

    class Slow(Client):
        def post(self, path: str, *_: Any, **__: Any) -> Any:
            if path == "/feeds":
                return Published(id=ItemId("f"), ref="N-K7Q-4MX")
            for count in taken:
                return Taken(count)
            raise Unavailable("no-answer", "north runs, but did not answer in time")

    recording = tmp_path / "flight.csv"
    recording.write_text("1720248189.5,8d4ca251204994b1c36e60a5343d\n")
    monkeypatch.setattr(Replay, "_batches", lambda *_: iter([[], []]))
    replay = Replay(recording, "modes", Source(name="modes", lat=49.01, lon=2.55), None)

    with (
        Slow(folder, tmp_path / "s", identify(folder, None, None)) as client,
        pytest.raises(Unavailable, match="the feed N-K7Q-4MX has 7 sightings; to go on, feed the recording anew"),
    ):
        replay.run(client, FeedDraft(tlp="AMBER", title="mast", to=()), Progress(), TaskID(0))


def test_a_commands_connection_outlives_its_longest_wait_for_an_answer() -> None:
    kept = serving._config(Litestar([]), idle_s=serving.LOCAL_IDLE_SECONDS).timeout_keep_alive

    assert kept > ANSWER_SECONDS
