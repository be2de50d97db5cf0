"""Where the hubs are, and who may connect to one: as the charter has it, and kept so at a hub as acts come."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from quartet.core.charter import CharterState
from quartet.core.faults import Fault, Malformed
from quartet.core.ids import Micros
from quartet.node.office import authority_pem, load_charter
from quartet.node.settings import MemberSettings
from quartet.wire import Access, HubMember, NatsServer, change_members, change_routes
from quartet.wire import HubSettings as HubConfig

LOOK_SECONDS: Final = 1.0
"""How often a hub looks for new acts."""
LEAVE_SECONDS: Final = 10.0
"""How long a member that leaves a hub it used waits for the others to have the act that says so."""
STAY_SECONDS: Final = 2 * LEAVE_SECONDS
"""How long hubs still serve as before after an act took one away: members learn through it where they meet now."""

Files = tuple[Path, Path]
"""Where a charter lies, and its acts."""
Tell = Callable[[str], None]


def hub_urls(settings: MemberSettings, state: CharterState) -> list[str]:
    """Return where a member reaches the hubs, in the charter's order; its settings come before the charter."""
    own = {hub.name: hub.url for hub in settings.wire.hubs}
    if strangers := set(own) - {hub.name for hub in state.hubs}:
        raise Malformed("unknown-hub", f"{', '.join(sorted(strangers))} of wire.hubs: the charter has {names(state)}")
    return urls_now(settings, state)


def urls_now(settings: MemberSettings, state: CharterState) -> list[str]:
    """Return the same after an act, by which a hub that the settings name may have gone."""
    own = {hub.name: hub.url for hub in settings.wire.hubs}
    return [own.get(hub.name, hub.address) for hub in state.hubs]


async def keep_charter(
    server: NatsServer, access: Access, config: HubConfig, state: CharterState, files: Files, tell: Tell
) -> None:
    """Look for new acts again and again, and let the hub know who the members and hubs are; who left is cut off."""
    routes, hubs = config.routes, state.hubs
    stays_until = parts_at = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            state = load_charter(*files)
            if config.name in hub_names(state):
                stays_until = time.monotonic() + STAY_SECONDS
            members = hub_members(state, config.name, _now(), stays=time.monotonic() < stays_until)
            if members != config.members:
                config = await change_members(server, access, config, members, member_authorities(state))
                tell(f"members are now {', '.join(m.id for m in members) or 'none: the charter has left this hub'}")
            if state.hubs == hubs:
                parts_at = time.monotonic() + STAY_SECONDS
            elif set(hubs) <= set(state.hubs) or time.monotonic() >= parts_at:
                hubs = state.hubs
                config = await change_routes(server, config, routes if len(hubs) > 1 else (), hub_authorities(state))
                tell(f"hubs are now {names(state)}")
        except Fault as fault:
            tell(str(fault))


def hub_members(state: CharterState, hub: str, now: Micros, *, stays: bool = False) -> tuple[HubMember, ...]:
    """Return who may connect to a hub: the members, and nobody once the charter has left it and it no longer stays."""
    here = state.membership.members(now) if stays or hub in hub_names(state) else ()
    return tuple(HubMember(m, state.members[m].nkey) for m in here)


def member_authorities(state: CharterState) -> list[bytes]:
    """Return the authorities of the members now; they let nobody in by themselves, the nkeys do."""
    return [authority_pem(state.members[m]) for m in state.membership.members(_now())]


def hub_authorities(state: CharterState) -> list[bytes]:
    """Return the authorities of the hubs' hosts."""
    return [authority_pem(state.members[host]) for host in sorted({hub.host for hub in state.hubs})]


def hub_names(state: CharterState) -> list[str]:
    """Return the hubs' names, in the charter's order."""
    return [hub.name for hub in state.hubs]


def names(state: CharterState) -> str:
    """Return the hubs' names as people read them."""
    return ", ".join(hub_names(state)) or "no hub"


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)
