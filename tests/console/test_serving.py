"""The local socket: for its owner alone, in a loop that others own."""

import asyncio
import os
import signal
import socket
import stat
from pathlib import Path

import httpx
import pytest
from litestar import Litestar, get

from quartet.console.api.serving import serve_api
from quartet.core.faults import Malformed, Unavailable


@get("/", sync_to_thread=False)
def hello() -> str:
    return "here"


async def ask(path: Path) -> str:
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(path))) as client:
        return (await client.get("http://node/")).text


def app() -> Litestar:
    return Litestar([hello], logging_config=None)


def test_the_socket_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    async def scenario() -> tuple[int, str]:
        async with serve_api(app(), tmp_path / "run" / "api.sock") as path:
            return stat.S_IMODE(path.stat().st_mode), await ask(path)

    before = os.umask(0)
    try:
        mode, text = asyncio.run(scenario())
    finally:
        os.umask(before)

    assert mode == 0o600
    assert text == "here"


def test_the_socket_goes_with_the_server_and_a_stale_one_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()

    async def scenario() -> str:
        async with serve_api(app(), path):
            return await ask(path)

    assert asyncio.run(scenario()) == "here"
    assert not path.exists()


def test_the_signals_stay_with_whoever_runs_the_loop(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def scenario() -> object:
        async with serve_api(app(), tmp_path / "api.sock"):
            return signal.getsignal(signal.SIGTERM)

    assert asyncio.run(scenario()) is before


def test_a_path_that_the_kernel_refuses_is_named(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serve_api(app(), tmp_path / ("x" * 120)):
            pass

    with pytest.raises(Malformed, match="socket-path-long"):
        asyncio.run(scenario())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")

    async def scenario() -> None:
        async with serve_api(app(), tmp_path / "run" / "api.sock"):
            pass

    with pytest.raises(Unavailable, match="socket-taken"):
        asyncio.run(scenario())
