"""Set up a member's nats-server, or a hub's, in a run folder: certificates, logins, settings, and the child to start.

The logins to a server are drawn anew at each start and live in memory; the settings hold their public halves.
"""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from quartet.core.ids import MemberId
from quartet.wire.direct import Partner, draw_access, lay_links
from quartet.wire.hubadmin import put_in_force
from quartet.wire.natsconfig import HubMember, HubSettings, Login, MemberSettings, TlsFiles, hub_config, member_config
from quartet.wire.natslink import Access
from quartet.wire.natsserver import NatsServer, free_port, write_private
from quartet.wire.nkey import SEED_SIZE, nkey_public, nkey_seed
from quartet.wire.tls import Identity

LOCAL_HOST: Final = "127.0.0.1"


def lay_tls(folder: Path, name: str, identity: Identity, authorities: Iterable[bytes]) -> TlsFiles:
    """Write a certificate, its key and the authorities to believe (PEM) where nats-server reads them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = TlsFiles(str(folder / f"{name}.crt"), str(folder / f"{name}.key"), str(folder / f"{name}.ca"))
    write_private(Path(files.cert), identity.cert)
    write_private(Path(files.key), identity.key)
    write_private(Path(files.ca), b"".join(authorities))
    return files


def member_server(
    me: MemberId,
    *,
    seed: bytes,
    hubs: Sequence[str],
    identity: Identity,
    authorities: Iterable[bytes],
    folder: Path,
    port: int = 0,
    binary: Path | None = None,
    partners: Sequence[Partner] = (),
    later: Sequence[Partner] = (),
    listen: tuple[str, int] | None = None,
) -> tuple[NatsServer, Access, MemberSettings]:
    """Prepare a member's own server: `seed` is its nkey's; `hubs` are URLs (`tls://host:port`), the first preferred.

    With `partners` it has direct links; of these, who has no URL connects at `listen`. Those of `later` get theirs by
    `change_ways`: there is a login for each from the start, for whoever carries knows no other.
    """
    port = port or free_port()
    drawn = _access(port)
    login = Login(nkey_public(drawn.local), nkey_public(drawn.fed), nkey_public(drawn.system))
    tls = lay_tls(folder, "leaf", identity, authorities)
    access = replace(drawn, direct=draw_access(folder, tls, [*partners, *later]))
    at = None if listen is None else _address(*listen)
    direct, listener = lay_links(folder, tls, access.direct, partners, at)
    settings = MemberSettings(me, port, login, nkey_seed(seed), tuple(hubs), tls, direct, listener)
    listens = [(LOCAL_HOST, port), *([listen] if listen and listener else [])]
    server = NatsServer(f"member-{me}", member_config(settings), folder=folder, listens=listens, binary=binary)
    return server, access, settings


async def change_ways(
    server: NatsServer,
    access: Access,
    settings: MemberSettings,
    hubs: Sequence[str],
    authorities: Iterable[bytes],
    partners: Sequence[Partner] = (),
    listen: tuple[str, int] | None = None,
) -> MemberSettings:
    """Let a member's running server use these hubs and direct links and no others, as after an act.

    It starts anew, within a second: a reload does not move where it connects to, and what ended holds no connection.
    """
    write_private(Path(settings.tls.ca), b"".join(authorities))
    at = None if listen is None else _address(*listen)
    direct, listener = lay_links(server.config_path.parent, settings.tls, access.direct, partners, at)
    changed = replace(settings, hubs=tuple(hubs), direct=direct, listener=listener)
    await server.restart(member_config(changed))
    return changed


def hub_server(
    name: str,
    *,
    leaf: tuple[str, int],
    members: Iterable[HubMember],
    identity: Identity,
    member_authorities: Iterable[bytes],
    folder: Path,
    route: tuple[str, int] | None = None,
    routes: Sequence[str] = (),
    hub_authorities: Iterable[bytes] = (),
    port: int = 0,
    binary: Path | None = None,
) -> tuple[NatsServer, Access, HubSettings]:
    """Prepare a hub: members connect at `leaf`, other hubs at `route`; its own port takes its system account only.

    Only `hub_authorities` may open a route, for a route has every right.
    """
    port = port or free_port()
    access = _access(port)
    settings = HubSettings(
        name=name,
        port=port,
        leaf=_address(*leaf),
        system=nkey_public(access.system),
        members=tuple(members),
        leaf_tls=lay_tls(folder, "leaf", identity, member_authorities),
        route=_address(*route) if route else None,
        routes=tuple(routes),
        route_tls=lay_tls(folder, "route", identity, hub_authorities) if route else None,
    )
    listens = [(LOCAL_HOST, port), leaf, *([route] if route else [])]
    server = NatsServer(name, hub_config(settings), folder=folder, listens=listens, binary=binary)
    return server, Access(access.url, "", "", access.system), settings


async def change_members(
    server: NatsServer,
    access: Access,
    settings: HubSettings,
    members: Iterable[HubMember],
    member_authorities: Iterable[bytes],
) -> HubSettings:
    """Let a running hub know these members and no others, as after an act: who was struck out is gone on return."""
    write_private(Path(settings.leaf_tls.ca), b"".join(member_authorities))
    changed = replace(settings, members=tuple(members))
    await put_in_force(server, access, hub_config(changed))
    return changed


async def change_routes(
    server: NatsServer, settings: HubSettings, routes: Sequence[str], hub_authorities: Iterable[bytes]
) -> HubSettings:
    """Let a running hub open routes to these hubs and no others, as after an act; it starts anew, within a second.

    A route has every right, and a reload leaves those that stand.
    """
    if settings.route_tls is None:
        return settings
    write_private(Path(settings.route_tls.ca), b"".join(hub_authorities))
    changed = replace(settings, routes=tuple(routes))
    await server.restart(hub_config(changed))
    return changed


def _access(port: int) -> Access:
    local, fed, system = (nkey_seed(secrets.token_bytes(SEED_SIZE)) for _ in range(3))
    return Access(f"nats://{LOCAL_HOST}:{port}", local, fed, system)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
