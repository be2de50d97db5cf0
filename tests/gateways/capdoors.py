"""CAP doors for tests: how one is opened at a running node, and how an authority and a reader use it."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from cap import alert, checked, said
from msgspec import convert
from warned import listed
from world import World

from quartet.core.ids import SECOND, Micros
from quartet.gateways.cap import keep_cap
from quartet.gateways.cap.words import time_text
from quartet.node.desk.warningviews import WarningRow
from quartet.node.earlysource import CapDoor

TOKEN = "a word that nobody guesses"
SHA256 = hashlib.sha256(TOKEN.encode()).hexdigest()
BEARER = {"authorization": f"Bearer {TOKEN}"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def door(**more: Any) -> CapDoor:
    fields = {"name": "sirens", "domain": "warnings.example", "sender_name": "Civil protection", **more}
    return convert(json.loads(json.dumps(fields)), CapDoor)


@asynccontextmanager
async def opened(world: World, settings: CapDoor, folder: Path, member: str = "north") -> AsyncIterator[None]:
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    task = asyncio.create_task(keep_cap((settings,), world.nodes[member], folder.joinpath))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def early(world: World, **more: str) -> bytes:
    now = world.now("north")
    return alert(now, **{"expires": time_text(Micros(now + 7200 * SECOND)), **more})


async def rows(world: World, member: str, count: int = 1) -> tuple[WarningRow, ...]:
    """Return the warnings at a member once there are so many."""
    async with asyncio.timeout(60):
        while len(found := (await listed(world, member, "all")).items) < count:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.05)
    return found


async def written(path: Path) -> bytes:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)
    return await asyncio.to_thread(path.read_bytes)


async def until_up(client: httpx.AsyncClient, path: str, data: bytes) -> httpx.Response:
    async with asyncio.timeout(30):
        while True:
            try:
                return await client.post(path, content=data, headers=BEARER)
            except httpx.ConnectError:
                await asyncio.sleep(0.1)


async def drop(folder: Path, name: str, data: bytes) -> str:
    """Drop a file as an authority does, and return the note of its answer."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    await asyncio.to_thread((folder / "part").write_bytes, data)
    await asyncio.to_thread((folder / "part").rename, folder / f"{name}.xml")
    async with asyncio.timeout(30):
        while True:
            for where in ("done", "bad"):
                if await asyncio.to_thread((folder / where / f"{name}.answer").exists):
                    return said(checked(await written(folder / where / f"{name}.answer")), "note")[0]
            await asyncio.sleep(0.05)


def named(world: World, *identifiers: str, sent: str) -> str:
    return " ".join(f"floods@authority.example,{one},{sent}" for one in identifiers)


async def stages(world: World, member: str, count: int) -> dict[str, str]:
    return {row.source.identifier: row.stage for row in await rows(world, member, count) if row.source}
