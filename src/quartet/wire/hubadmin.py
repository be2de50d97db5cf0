"""Give a running hub new settings, and see that nobody stays connected under the old ones.

A reload alone leaves a member that was struck out connected. So every leaf connection is kicked: who may, is back
within a second; who may not, is gone.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from nats.aio.client import Client

from quartet.core.faults import Unavailable
from quartet.wire.natslink import TROUBLE, Access, connect
from quartet.wire.natsserver import NatsServer

ASK_SECONDS: Final = 2.0
GONE_SECONDS: Final = 10.0


async def put_in_force(server: NatsServer, access: Access, config: str) -> int:
    """Reload the hub with `config`, kick every member's connection, and return how many once all of them are gone.

    Raise `Unavailable("hub-not-changed")` where the hub does not take the settings or a connection stays.
    """
    server.write(config)
    async with _system(access) as client:
        hub = (await _ask(client, server.name, "PING.LEAFZ"))["server"]["id"]
        await _ask(client, server.name, f"{hub}.RELOAD")
        old = set(await leafs(client, server.name))
        for number in old:
            await _ask(client, server.name, f"{hub}.KICK", {"cid": number})
        deadline = asyncio.get_running_loop().time() + GONE_SECONDS
        while old & set(await leafs(client, server.name)):
            if asyncio.get_running_loop().time() > deadline:
                raise Unavailable("hub-not-changed", f"{server.name}: a connection that was kicked is still there")
            await asyncio.sleep(0.05)
    return len(old)


async def leafs(client: Client, name: str) -> dict[int, str]:
    """Return the hub's leaf connections: connection number and what the other side calls itself."""
    answer = (await _ask(client, name, "PING.LEAFZ"))["data"]
    return {leaf["id"]: leaf.get("name", "") for leaf in answer.get("leafs") or []}


@asynccontextmanager
async def _system(access: Access) -> AsyncIterator[Client]:
    async def noted(error: Exception) -> None:
        """What fails shows in the answers."""

    try:
        client = await connect(access.url, access.system, noted, asyncio.Event())
    except TROUBLE as error:
        raise Unavailable("hub-not-changed", f"{access.url} does not answer: {type(error).__name__}") from error
    try:
        yield client
    finally:
        with contextlib.suppress(*TROUBLE):
            await client.close()


async def _ask(client: Client, name: str, what: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the hub named; others in its cluster hear a PING too, and must not answer for it."""
    body = json.dumps({"server_name": name, "exact_match": True, **(more or {})}).encode()
    try:
        answer: dict[str, Any] = json.loads(
            (await client.request(f"$SYS.REQ.SERVER.{what}", body, timeout=ASK_SECONDS)).data
        )
    except (*TROUBLE, ValueError) as error:
        raise Unavailable("hub-not-changed", f"{name}: no answer to {what}: {type(error).__name__}") from error
    if answer.get("error"):
        raise Unavailable("hub-not-changed", f"{name}: {what}: {str(answer['error'])[:200]}")
    return answer
