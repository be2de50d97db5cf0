"""Keep a member's ways to the others as charter and settings have them, while acts come."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from quartet.core.ids import SECOND
from quartet.node.direct import Ways, direct_names, listens_at, ways_now
from quartet.node.hubs import LEAVE_SECONDS, LOOK_SECONDS, Tell, names
from quartet.node.registry import Registry
from quartet.node.settings import MemberSettings
from quartet.wire import Access, NatsServer, change_ways
from quartet.wire import MemberSettings as MemberConfig

TOLD_SECONDS: Final = 0.1


async def keep_ways(
    server: NatsServer,
    access: Access,
    config: MemberConfig,
    known: Ways,
    settings: MemberSettings,
    registry: Registry,
    told: Callable[[], bool],
    tell: Tell,
) -> None:
    """After each act, and at the time that it names, use the hubs and direct links that there are now, and no others.

    A hub that is left carries the act first, for the others may meet there: until `told` says that each of them has it,
    or a while. What keeps the server from starting anew is told once.
    """
    changed = asyncio.Event()
    registry.on_change.append(changed.set)
    trouble = ""
    while True:
        if server.trouble != trouble and (trouble := server.trouble):
            tell(trouble)
        ways = ways_now(settings, registry.state)
        if ways != known:
            if not set(known.hubs) <= set(ways.hubs):
                await _last_words(told, 2 * registry.state.charter.tick / SECOND)
            config = await change_ways(
                server, access, config, ways.hubs, ways.authorities, ways.partners, listens_at(settings)
            )
            if (ways.hubs, ways.authorities) != (known.hubs, known.authorities):
                tell(f"hubs are now {names(registry.state)}")
            if ways.partners != known.partners:
                tell(f"direct links are now {direct_names(ways)}")
            known = ways
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), LOOK_SECONDS)
        changed.clear()


async def _last_words(told: Callable[[], bool], linger: float) -> None:
    """Wait until the others have the act, and `linger`, in which they hear that we have it; not for who is away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVE_SECONDS):
            while not told():  # noqa: ASYNC110
                await asyncio.sleep(TOLD_SECONDS)
            await asyncio.sleep(linger)
