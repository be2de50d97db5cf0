"""Worlds of real nats-servers on loopback: members, hubs, and their certificates."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from pathlib import Path

from quartet.core.ids import MemberId, Micros
from quartet.wire.carrier import Arrival
from quartet.wire.nats import NatsCarrier
from quartet.wire.natsconfig import HubMember, HubSettings
from quartet.wire.natslink import Access
from quartet.wire.natsserver import NatsServer, free_port
from quartet.wire.nkey import nkey_public, nkey_seed
from quartet.wire.site import hub_server, member_server
from quartet.wire.tls import Identity, issue, new_authority

NORTH, EAST, SOUTH, WEST = (MemberId(name) for name in ("north", "east", "south", "west"))
NOW = Micros(int(time.time()) * 1_000_000)


def seed_of(name: str) -> bytes:
    return sha256(name.encode()).digest()


def nkey_of(name: str) -> str:
    return nkey_public(nkey_seed(seed_of(name)))


class World:
    """Hubs by name, members' servers, carriers and what arrived at each."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.folder = folder
        self.stack = stack
        self.authorities: dict[str, Identity] = {}
        self.hubs: dict[str, NatsServer] = {}
        self.hub_access: dict[str, Access] = {}
        self.hub_settings: dict[str, HubSettings] = {}
        self.servers: dict[MemberId, NatsServer] = {}
        self.access: dict[MemberId, Access] = {}
        self.carriers: dict[MemberId, NatsCarrier] = {}
        self.arrived: dict[MemberId, list[Arrival]] = {}
        self.hub_urls: list[str] = []
        self.members: tuple[MemberId, ...] = ()

    def authority(self, name: str) -> Identity:
        if name not in self.authorities:
            self.authorities[name] = new_authority(name, now=NOW, days=10)
        return self.authorities[name]

    async def raise_hubs(self, names: tuple[str, ...], members: tuple[MemberId, ...]) -> None:
        self.members = members
        leafs = {name: ("127.0.0.1", free_port()) for name in names}
        routes = {name: ("127.0.0.1", free_port()) for name in names}
        for name in names:
            identity = issue(self.authority(name), name, usage="hub", now=NOW, days=10)
            server, access, self.hub_settings[name] = hub_server(
                name,
                leaf=leafs[name],
                members=[HubMember(member, nkey_of(member)) for member in members],
                identity=identity,
                member_authorities=[self.authority(member).cert for member in members],
                folder=self.folder / name,
                route=routes[name] if len(names) > 1 else None,
                routes=[f"tls://{host}:{port}" for other, (host, port) in routes.items() if other != name],
                hub_authorities=[self.authority(other).cert for other in names],
            )
            self.hubs[name], self.hub_access[name] = server, access
            await self.stack.enter_async_context(server)
        self.hub_urls = [f"tls://{host}:{port}" for host, port in leafs.values()]

    async def raise_member(self, me: MemberId, urls: list[str] | None = None, seed: str | None = None) -> None:
        server, access, _ = member_server(
            me,
            seed=seed_of(seed or me),
            hubs=urls or self.hub_urls,
            identity=issue(self.authority(me), me, usage="client", now=NOW, days=10),
            authorities=[self.authority(hub).cert for hub in self.hubs],
            folder=self.folder / me,
        )
        await self.stack.enter_async_context(server)
        self.servers[me], self.access[me] = server, access

    async def raise_carrier(self, me: MemberId, *, linked: bool = True) -> NatsCarrier:
        carrier = NatsCarrier(me, self.access[me], [peer for peer in self.members if peer != me])
        arrived = self.arrived.setdefault(me, [])

        async def take(arrival: Arrival) -> None:
            arrived.append(arrival)

        task = asyncio.create_task(carrier.run(take))
        self.stack.push_async_callback(end, task)
        self.carriers[me] = carrier
        if linked:
            await until(lambda: all(carrier.linked(peer) for peer in carrier.peers()))
        return carrier


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is not None:
        raise AssertionError from task.exception()


async def until(true: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - whatever it asks has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def world(folder: Path, hubs: tuple[str, ...], *members: MemberId) -> AsyncIterator[World]:
    """Raise hubs, and each member with its server and carrier; take all down at the end."""
    async with AsyncExitStack() as stack:
        made = World(folder, stack)
        await made.raise_hubs(hubs, members)
        for member in members:
            await made.raise_member(member)
        for member in members:
            await made.raise_carrier(member)
        yield made
