"""Members' servers with direct links between them, beside hubs or without any."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from worlds import NOW, World, nkey_of, seed_of, until

from quartet.core.ids import MemberId
from quartet.wire.direct import Partner
from quartet.wire.natsconfig import MemberSettings
from quartet.wire.natsserver import free_port
from quartet.wire.site import member_server
from quartet.wire.tls import issue

NOWHERE = "tls://127.0.0.1:9"
"""A hub's address at which nobody answers."""


class Directs(World):
    """Who listens at which port; `partner` says how one member has another in its settings."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        super().__init__(folder, stack)
        self.ports: dict[MemberId, int] = {}
        self.settings: dict[MemberId, MemberSettings] = {}

    def partner(self, peer: MemberId, *, dial: bool, nkey: str | None = None, port: int | None = None) -> Partner:
        url = f"tls://127.0.0.1:{port or self.ports[peer]}" if dial else None
        return Partner(peer, nkey or nkey_of(peer), self.authority(peer).cert, url)

    async def raise_direct(self, me: MemberId, *partners: Partner, at: tuple[str, int] | None = None) -> None:
        lets_in = any(one.url is None for one in partners)
        if lets_in:
            self.ports.setdefault(me, free_port())
        server, access, self.settings[me] = member_server(
            me,
            seed=seed_of(me),
            hubs=self.hub_urls or [NOWHERE],
            identity=issue(self.authority(me), me, usage="hub", now=NOW, days=10),
            authorities=[self.authority(hub).cert for hub in (*self.hubs, me)],
            folder=self.folder / me,
            partners=partners,
            listen=at or (("127.0.0.1", self.ports[me]) if lets_in else None),
        )
        await self.stack.enter_async_context(server)
        self.servers[me], self.access[me] = server, access


@asynccontextmanager
async def star(folder: Path, hubs: tuple[str, ...], middle: MemberId, *others: MemberId) -> AsyncIterator[Directs]:
    """Raise hubs, a member that listens, and others that each dial it, all with their carriers; then wait for links."""
    async with AsyncExitStack() as stack:
        made = Directs(folder, stack)
        made.members = (middle, *others)
        await made.raise_hubs(hubs, made.members)
        await made.raise_direct(middle, *(made.partner(one, dial=False) for one in others))
        for one in others:
            await made.raise_direct(one, made.partner(middle, dial=True))
        for one in made.members:
            await made.raise_carrier(one, linked=False)
        for one in others:
            await until(lambda one=one: made.carriers[one].way(middle).by == "direct")  # type: ignore[misc]
            await until(lambda one=one: made.carriers[middle].way(one).by == "direct")  # type: ignore[misc]
        yield made
