"""A running exchange: real processes, each ready or ended with the reason; nothing left over."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from quartet.core.charter import ActPayload, propose, sign_act
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.exercise.ports import choose_ports
from quartet.exercise.process import Part
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes, run_up
from quartet.node.folder import HubFolder, MemberFolder
from quartet.node.office import charter_of, keep_acts, open_offline
from quartet.node.settings import load_hub, load_member
from quartet.node.vault import passphrase_beside

pytestmark = pytest.mark.slow

UP = "import sys; from pathlib import Path; from quartet.exercise.up import up; up(Path(sys.argv[1]))"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    new_exchange(tmp_path / "t", ["north", "east"])
    return tmp_path / "t"


def start(part: Part) -> None:
    async def whole() -> None:
        try:
            await part.start()
            await part.serving(20)
        finally:
            await part.stop()

    asyncio.run(whole())


def fault_of(part: Part) -> Fault:
    with pytest.raises(Fault) as caught:
        start(part)
    return caught.value


def test_a_node_tells_its_figures_on_loopback_and_its_start_in_its_log(trial: Path) -> None:
    part = Part(trial / "north")
    (port,) = choose_ports(1)
    path = part.folder.settings
    path.write_text(f'metrics = "127.0.0.1:{port}"\n{path.read_text()}')

    async def whole() -> tuple[str, httpx.Response, httpx.Response]:
        await part.start()
        try:
            where = (await part.serving()).addresses["metrics"]
            async with httpx.AsyncClient(trust_env=False) as client:
                return where, await client.get(f"{where}/metrics"), await client.get(f"{where}/health")
        finally:
            await part.stop()

    where, figures, health = asyncio.run(whole())

    assert where == f"http://127.0.0.1:{port}"
    assert 'quartet_info{member="north"' in figures.text
    assert "process_resident_memory_bytes" in figures.text
    assert health.json() == {"ok": True, "reasons": []}
    words = [json.loads(line)["event"] for line in part.log.read_text().splitlines() if line.startswith("{")]
    of_itself = [word for word in words if word != "link"]  # a link may be lost while it stops
    assert (of_itself[0], of_itself[-1]) == ("serving", "stopping")


@pytest.mark.parametrize("address", ["0.0.0.0:9100", "192.0.2.1:9100", "127.0.0.1:0", "localhost:9100", "127.0.0.1"])
def test_figures_are_told_on_loopback_alone(trial: Path, address: str) -> None:
    part = Part(trial / "north")
    path = part.folder.settings
    path.write_text(f'metrics = "{address}"\n{path.read_text()}')

    with pytest.raises(Malformed, match="bad-setting"):
        load_member(part.folder)


def test_a_hub_serves_says_where_and_leaves_no_open_key(trial: Path) -> None:
    part = Part(trial / "hub-1")

    async def whole() -> dict[str, str]:
        await part.start()
        ready = await part.serving()
        assert (trial / "hub-1" / "node.pid").read_text() == f"{ready.pid}\n"
        assert ready.pid == part.pid
        await part.stop()
        return ready.addresses

    addresses = asyncio.run(whole())

    assert addresses == {"leaf": charter_of(HubFolder(trial / "hub-1")).hubs[0].address}
    assert part.ended == 0
    run = trial / "hub-1" / "run"
    assert not [*run.glob("*.key"), *run.glob("*.conf")]
    assert not (trial / "hub-1" / "node.pid").exists()


def test_a_whole_exchange_comes_up_and_goes_down_at_a_signal(trial: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", UP, str(trial)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said: list[str] = []
    while not said or said[-1] != "ready":
        said.append(child.stdout.readline().strip())
        assert said[-1], said

    pids = [int(path.read_text()) for path in trial.glob("*/node.pid")]
    sockets = [path.is_socket() for path in trial.glob("*/api.sock")]
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=120)

    assert [line.split()[0] for line in said] == ["hub-1", "east", "north", "Ctrl-C", "ready"]
    assert len(pids) == 3
    assert sockets == [True, True]
    assert child.returncode == 0
    assert not any(alive(pid) for pid in pids)


def test_nothing_outlives_an_exchange_that_was_killed(trial: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", UP, str(trial)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    while child.stdout.readline().strip() != "ready":
        assert child.poll() is None
    pids = [int(path.read_text()) for path in trial.glob("*/node.pid")]

    child.kill()
    child.communicate()

    deadline = time.monotonic() + 60
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)


@pytest.fixture
def taken(trial: Path) -> Iterator[int]:
    with socket.socket() as other:
        port = load_hub(HubFolder(trial / "hub-1")).wire.port
        other.bind(("127.0.0.1", port))
        other.listen()
        yield port


def test_a_taken_port_is_named_in_one_line(trial: Path, taken: int) -> None:
    fault = fault_of(Part(trial / "hub-1"))

    assert isinstance(fault, Unavailable)
    assert fault.reason == "port-taken"
    assert f"127.0.0.1:{taken}" in fault.detail


def test_a_missing_nats_server_is_named_in_one_line(trial: Path) -> None:
    settings = trial / "hub-1" / "settings.toml"
    settings.write_text(settings.read_text().replace("[wire]", '[wire]\nnats_server = "/nowhere/nats-server"'))

    fault = fault_of(Part(trial / "hub-1"))

    assert isinstance(fault, Unavailable)
    assert fault.reason == "nats-server-missing"


def test_a_damaged_charter_is_named_in_one_line(trial: Path) -> None:
    path = trial / "north" / "charter.json"
    path.write_bytes(path.read_bytes().replace(b'"sig":"', b'"sig":"A', 1))

    fault = fault_of(Part(trial / "north"))

    assert isinstance(fault, Untrusted)
    assert fault.reason == "charter-damaged"
    assert str(path) in fault.detail


def test_a_misspelt_setting_is_named_before_anything_starts(trial: Path) -> None:
    settings = trial / "east" / "settings.toml"
    settings.write_text(settings.read_text().replace("port =", "prot ="))

    with pytest.raises(Malformed, match=r"unknown-setting: .*did you mean wire\.port\?"):
        Processes(trial)


def test_keys_of_another_member_do_not_serve(trial: Path) -> None:
    for name in ("keys.vault", "keys.pass"):
        (trial / "north" / name).write_bytes((trial / "east" / name).read_bytes())

    fault = fault_of(Part(trial / "north"))

    assert isinstance(fault, Untrusted)
    assert fault.reason == "key-not-in-manifest"


def test_a_wrong_passphrase_is_named_in_one_line(trial: Path) -> None:
    passphrase_beside(trial / "hub-1" / "keys.vault").write_bytes(b"something else\n")

    assert fault_of(Part(trial / "hub-1")).reason == "wrong-passphrase"


def test_a_folder_serves_once(trial: Path) -> None:
    first, second = Part(trial / "hub-1"), Part(trial / "hub-1")

    async def whole() -> None:
        try:
            await first.start()
            await first.serving()
            await second.start()
            with pytest.raises(Unavailable, match="already-running"):
                await second.serving()
            assert first.pid is not None
        finally:
            await first.stop()
            await second.stop()

    asyncio.run(whole())


def test_a_folder_without_members_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"not-an-exchange: .*quartet new-exchange"):
        asyncio.run(run_up(tmp_path))


def test_one_that_cannot_serve_stops_all(trial: Path, taken: int) -> None:
    said: list[str] = []

    with pytest.raises(Unavailable, match="port-taken: hub-1"):
        asyncio.run(run_up(trial, say=said.append))

    assert said == []
    assert not list(trial.glob("*/ready"))


def test_what_is_killed_comes_back_when_supervised(trial: Path) -> None:
    said: list[str] = []

    async def whole() -> None:
        running = asyncio.create_task(run_up(trial, supervise=True, say=said.append))
        await until(lambda: "ready" in said)
        os.kill(int((trial / "hub-1" / "node.pid").read_text()), signal.SIGKILL)
        await until(lambda: "hub-1 serves again" in said)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 30)

    asyncio.run(whole())

    assert any(line.startswith("hub-1 ended, exit -9") for line in said)


def test_a_hub_takes_an_act_from_its_hosts_folder(tmp_path: Path) -> None:
    directory = tmp_path / "t"
    new_exchange(directory, ["north", "east", "south"])
    part = Part(directory / "hub-1")
    folder = MemberFolder(directory / "north")
    state = charter_of(folder)
    payload = ActPayload(at=now(), subject=MemberId("south"), reason="drill", admitted=None, changes=None)
    roots = [open_offline(MemberFolder(directory / member)).root for member in ("north", "east")]
    act = sign_act(propose(state, "suspend", payload), roots)

    async def whole() -> None:
        try:
            await part.start()
            await part.serving()
            assert keep_acts(folder.acts, [act]) == 1
            await until(lambda: "members are now east, north" in part.log.read_text())
        finally:
            await part.stop()

    asyncio.run(whole())

    assert keep_acts(folder.acts, [act]) == 0
    assert charter_of(folder).membership.members(now()) == ("east", "north")
    assert load_member(folder).member == "north"


async def until(true: Callable[[], bool], within: float = 90) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def now() -> Micros:
    return Micros(time.time_ns() // 1000)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
