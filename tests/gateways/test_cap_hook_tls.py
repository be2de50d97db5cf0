"""An address that is posted to has a certificate of its own authority, or does not answer: the alarm says which."""

import asyncio
import ssl
from pathlib import Path

import pytest
from capdoors import door, free_port, opened
from test_cap_flood import certificate
from warned import warn
from world import World, exchange

pytestmark = pytest.mark.anyio


async def siren(folder: Path, taken: list[bytes], status: int = 200) -> asyncio.Server:
    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        taken.append(await reader.readexactly(length))
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate(folder))
    return await asyncio.start_server(answered, "127.0.0.1", 0, ssl=context)


def why(world: World) -> str:
    alarms = world.nodes["north"].status(world.viewer("north")).alarms
    return "; ".join(one.detail for one in alarms if one.reason == "cap-not-reached")


async def test_an_address_with_a_states_own_certificate_is_posted_to_by_its_ca_file(tmp_path: Path) -> None:
    taken: list[bytes] = []
    folder = tmp_path / "cap"
    async with await siren(folder, taken) as server:
        hook = {"url": f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/cap", "ca_file": "server.pem"}
        settings = door(principals=["duty"], hooks=[hook])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, folder):
            await warn(world, desks=("east",))
            await world.until(lambda: len(taken) == 1)


async def test_a_certificate_that_is_not_trusted_is_told_by_that(tmp_path: Path) -> None:
    taken: list[bytes] = []
    async with await siren(tmp_path / "cap", taken) as server:
        settings = door(
            principals=["duty"], hooks=[{"url": f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/cap"}]
        )
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            await warn(world, desks=("east",))
            await world.until(lambda: "its certificate is not trusted" in why(world))
            assert taken == []


async def test_who_refuses_and_who_is_not_there_are_told_apart(tmp_path: Path) -> None:
    taken: list[bytes] = []
    folder = tmp_path / "cap"
    async with await siren(folder, taken, 401) as server:
        refuses = {"url": f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/cap", "ca_file": "server.pem"}
        away = {"url": f"http://127.0.0.1:{free_port()}/cap"}
        lost = {"url": "https://other.example/cap", "ca_file": "none.pem"}
        settings = door(principals=["duty"], hooks=[refuses, away, lost])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, folder):
            await warn(world, desks=("east",))
            await world.until(lambda: "it answered HTTP 401" in why(world))
            await world.until(lambda: "nobody listens there" in why(world))
            await world.until(lambda: "its ca_file cannot be read" in why(world))
