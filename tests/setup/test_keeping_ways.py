"""What a running member's own server is told as acts come, and what its keeper is told of the server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quartet.core.articles import ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.ids import MemberId, Micros
from quartet.exercise.setup import new_exchange
from quartet.node.direct import own_server, ways_of
from quartet.node.folder import MemberFolder
from quartet.node.keepingways import keep_ways
from quartet.node.keyset import Keyset
from quartet.node.office import charter_of, open_offline
from quartet.node.registry import Registry
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.wire import NatsServer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NORTH, EAST = MemberId("north"), MemberId("east")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def until(true: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


@asynccontextmanager
async def kept(root: Path, *acts: bytes) -> AsyncIterator[tuple[NatsServer, Registry, list[str]]]:
    """North's own server, with a listener for east, kept as the charter has it after some acts."""
    folder = MemberFolder(root / "north")
    settings, state, said = load_member(folder), charter_of(folder), list[str]()
    for act in acts:
        state = state.apply(act)
    ways = ways_of(settings, state)
    server, access, config = own_server(folder, settings, Keyset.of(open_vault(folder.vault)), ways)
    registry = Registry(NORTH, state)
    async with server:
        keeping = asyncio.create_task(
            keep_ways(server, access, config, ways, settings, registry, lambda: True, said.append)
        )
        try:
            yield server, registry, said
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])


def withdraw(root: Path, registry: Registry, who: str, at: Micros) -> bytes:
    payload = ActPayload(at=at, subject=MemberId(who), reason="over", admitted=None, changes=None)
    return sign_act(propose(registry.state, "withdraw", payload), [open_offline(MemberFolder(root / who)).root])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_the_act_with_which_the_last_partner_leaves_closes_the_listener(tmp_path: Path) -> None:
    new_exchange(tmp_path, ("north", "east", "south"), direct=[("north", "east")])
    port = int((load_member(MemberFolder(tmp_path / "north")).wire.direct_listen or "").rpartition(":")[2])
    async with kept(tmp_path) as (server, registry, said):
        await until(lambda: listens(port))
        assert '"P2P_east"' in server.config_path.read_text()

        registry.learn_act(withdraw(tmp_path, registry, "east", Micros(1)))
        await until(lambda: said)
        await until(lambda: not listens(port) and server.pid is not None)

        assert said == ["direct links are now none"]
        assert "P2P_" not in server.config_path.read_text()


async def test_a_partner_that_comes_again_by_an_act_gets_its_link(tmp_path: Path) -> None:
    new_exchange(tmp_path, ("north", "east", "south"), direct=[("north", "east")])
    state = charter_of(MemberFolder(tmp_path / "north"))
    gone = withdraw(tmp_path, Registry(NORTH, state), "east", Micros(1))
    async with kept(tmp_path, gone) as (server, registry, said):
        assert "P2P_" not in server.config_path.read_text()

        back = ActPayload(at=Micros(2), subject=EAST, reason="", admitted=state.members[EAST], changes=None)
        roots = [open_offline(MemberFolder(tmp_path / name)).root for name in ("north", "east", "south")]
        registry.learn_act(sign_act(propose(registry.state, "admit", back), roots))
        await until(lambda: said)

        assert said == ["direct links are now east (it connects to us)"]
        assert '"P2P_east"' in server.config_path.read_text()


async def test_what_keeps_the_server_from_starting_anew_is_told_once(tmp_path: Path) -> None:
    new_exchange(tmp_path, ("north", "east"))
    async with kept(tmp_path) as (server, _, said):
        server.trouble = "port-taken: member-north needs 127.0.0.1:7500: end what uses it, or set another port"
        await until(lambda: said)
        await asyncio.sleep(2.5)

        assert said == [server.trouble]
