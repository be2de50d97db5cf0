"""Serve one member's node, or one hub: read the settings, make the parts, hand them to each other.

The only file that knows how the parts fit together. `python -m quartet.serve --dir DIR` is a process of its own.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from quartet.core.charter import CharterState
from quartet.core.faults import Fault, Malformed, Untrusted
from quartet.core.ids import Micros
from quartet.node.alarms import DAY, ENDS_SOON
from quartet.node.clock import Clock
from quartet.node.folder import Folder, HubFolder, MemberFolder
from quartet.node.instance import EXIT_CODES, claim, declare_ready, end_with, stop_asked
from quartet.node.keyset import HubKeys, Keyset
from quartet.node.node import Node
from quartet.node.office import (
    authority_pem,
    charter_of,
    keep_acts,
    load_charter,
    read_officer_manifest,
    read_wire_manifest,
)
from quartet.node.parts import Keys, Parts
from quartet.node.registry import Registry
from quartet.node.settings import HubSettings, MemberSettings, load_settings
from quartet.node.vault import open_vault
from quartet.store import Store, open_store
from quartet.wire import (
    Access,
    Carrier,
    HubMember,
    NatsCarrier,
    NatsServer,
    change_hubs,
    change_members,
    change_routes,
    hub_server,
    member_server,
    valid_until,
)
from quartet.wire import HubSettings as HubConfig
from quartet.wire import MemberSettings as MemberConfig

STRAY_TRIES: Final = 25
STRAY_SECONDS: Final = 0.2
LOOK_SECONDS: Final = 1.0
"""How often a hub looks for new acts."""

Addresses = dict[str, str]
Files = tuple[Path, Path]
"""Where a charter lies, and its acts."""


def serve(directory: Path, passphrase: Path | None = None) -> None:
    """Serve what `directory` is the folder of, until SIGTERM or Ctrl-C; raise the fault that prevents it."""
    try:
        asyncio.run(_run_alone(directory, passphrase))
    except BaseExceptionGroup as several:
        raise _first(several) from several


async def run(directory: Path, passphrase: Path | None = None) -> None:
    """As `serve`, inside a running loop."""
    folder = Folder(directory)
    settings = load_settings(folder)
    asked = stop_asked()
    with claim(folder):
        match settings:
            case MemberSettings():
                name: str = settings.member
                serving = serve_member(MemberFolder(directory), settings, passphrase)
            case HubSettings():
                name = settings.hub
                serving = serve_hub(HubFolder(directory), settings, passphrase)
        async with serving as addresses:
            declare_ready(folder, name, addresses)
            await asked.wait()


async def _run_alone(directory: Path, passphrase: Path | None) -> None:
    try:
        await run(directory, passphrase)
    finally:
        await end_strays()


async def end_strays() -> None:
    """End the tasks that a library left behind; one that swallows its cancellation is asked again, not for ever."""
    for _ in range(STRAY_TRIES):
        strays = asyncio.all_tasks() - {asyncio.current_task()}
        if not strays:
            return
        for task in strays:
            task.cancel()
        await asyncio.wait(strays, timeout=STRAY_SECONDS)


@asynccontextmanager
async def serve_member(
    folder: MemberFolder, settings: MemberSettings, passphrase: Path | None
) -> AsyncIterator[Addresses]:
    """Serve a member's node: its NATS server, the node, and the API on a local socket."""
    from quartet.console.api import make_api, serve_api  # a hub's process does not load it

    keys = Keyset.of(open_vault(folder.vault, passphrase))
    state = charter_of(folder)
    check_keys(folder, settings, state, keys)
    async with AsyncExitStack() as stack:
        stack.enter_context(_swept(folder.run))
        store = stack.enter_context(open_store(folder.path(settings.store), keys.store))
        server, access, config = member_server(
            settings.member,
            seed=keys.nkey,
            hubs=hub_urls(settings, state),
            identity=keys.tls,
            authorities=_hub_authorities(state),
            folder=folder.run,
            port=settings.wire.port,
            binary=_binary(settings.wire.nats_server),
        )
        await stack.enter_async_context(server)
        node = make_node(folder, settings, state, keys, store, NatsCarrier(settings.member, access))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        for work in (node.run(), keep_hubs(server, config, settings, node.registry)):
            stack.callback(tasks.create_task(work).cancel)
        socket = await stack.enter_async_context(serve_api(make_api(node), folder.path(settings.api.socket)))
        yield {"api": str(socket)}


def make_node(
    folder: MemberFolder,
    settings: MemberSettings,
    state: CharterState,
    keys: Keyset,
    store: Store,
    carrier: Carrier,
) -> Node:
    """Return the node that these parts make; each act that it learns goes to the folder too, where a hub looks."""
    parts = Parts(
        me=settings.member,
        keys=Keys(item=keys.item, log=keys.log, link=keys.link),
        store=store,
        carrier=carrier,
        clock=Clock(settings.exercise.clock_offset),
        entropy=os.urandom,
        trial=settings.exercise.trial,
        floor=settings.disk_floor_mb * 2**20,
        certificates=(("TLS certificate", valid_until(keys.tls.cert)), ("TLS authority", valid_until(keys.tls_ca))),
    )
    _, manifest = read_wire_manifest(folder, settings.member, state)
    _, officers = read_officer_manifest(folder, settings.member, state)
    node = Node(parts, state, manifest, officers)
    node.registry.on_change.append(lambda: _keep_acts(folder, node))
    return node


def check_keys(folder: MemberFolder, settings: MemberSettings, state: CharterState, keys: Keyset) -> None:
    """Raise `Untrusted("key-not-in-manifest")` unless the vault's keys are those that root's manifest names."""
    manifest, _ = read_wire_manifest(folder, settings.member, state)
    ours = {"item": keys.item.public.text, "link": keys.link.public.text, "log": keys.log.public.text}
    named = {"item": manifest.item_keys[-1].key, "link": manifest.link_key, "log": manifest.log_key().text}
    for use, key in ours.items():
        if key != named[use]:
            raise Untrusted(
                "key-not-in-manifest", f"{use} key in {folder.vault}: rotate it again, or restore the vault"
            )


def hub_urls(settings: MemberSettings, state: CharterState) -> list[str]:
    """Return where a member reaches the hubs, in the charter's order; its settings come before the charter."""
    own = {hub.name: hub.url for hub in settings.wire.hubs}
    if strangers := set(own) - {hub.name for hub in state.hubs}:
        raise Malformed("unknown-hub", f"{', '.join(sorted(strangers))} of wire.hubs: the charter has {_names(state)}")
    return _urls(settings, state)


def _urls(settings: MemberSettings, state: CharterState) -> list[str]:
    own = {hub.name: hub.url for hub in settings.wire.hubs}
    return [own.get(hub.name, hub.address) for hub in state.hubs]


async def keep_hubs(server: NatsServer, config: MemberConfig, settings: MemberSettings, registry: Registry) -> None:
    """After each act, use the hubs that the charter has now; one that it no longer has is left."""
    changed = asyncio.Event()
    registry.on_change.append(changed.set)
    known = _hub_authorities(registry.state)
    while True:
        hubs, authorities = _urls(settings, registry.state), _hub_authorities(registry.state)
        if (tuple(hubs), authorities) != (config.hubs, known):
            config, known = await change_hubs(server, config, hubs, authorities), authorities
            _tell(f"hubs are now {_names(registry.state)}")
        await changed.wait()
        changed.clear()


@asynccontextmanager
async def serve_hub(folder: HubFolder, settings: HubSettings, passphrase: Path | None) -> AsyncIterator[Addresses]:
    """Serve a hub: those may connect who are members now."""
    acts, wire = folder.path(settings.acts), settings.wire
    state = load_charter(folder.charter, acts)
    if settings.hub not in _hub_names(state):
        raise Malformed("unknown-hub", f"{settings.hub} is not in the charter: {_names(state)}")
    async with AsyncExitStack() as stack:
        stack.enter_context(_swept(folder.run))
        members = hub_members(state, settings.hub, _now())
        identity = HubKeys.of(open_vault(folder.vault, passphrase)).tls
        if (left := valid_until(identity.cert) - _now()) < ENDS_SOON:
            _tell(f"certificate-ends: in {left // DAY} days: its host stops this hub and runs `quartet keys renew`")
        server, access, config = hub_server(
            settings.hub,
            leaf=(wire.host, wire.port),
            members=members,
            identity=identity,
            member_authorities=_member_authorities(state),
            folder=folder.run,
            route=None if wire.route_port is None else (wire.host, wire.route_port),
            routes=wire.routes,
            hub_authorities=_hub_authorities(state),
            port=wire.admin_port,
            binary=_binary(wire.nats_server),
        )
        await stack.enter_async_context(server)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        keeping = tasks.create_task(keep_charter(server, access, config, state, (folder.charter, acts)))
        stack.callback(keeping.cancel)
        yield {"leaf": f"tls://{wire.host}:{wire.port}"}


async def keep_charter(
    server: NatsServer, access: Access, config: HubConfig, state: CharterState, files: Files
) -> None:
    """Look for new acts again and again, and let the hub know who the members and hubs are; who left is cut off."""
    routes, hubs = config.routes, state.hubs
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            state = load_charter(*files)
            members = hub_members(state, config.name, _now())
            if members != config.members:
                config = await change_members(server, access, config, members, _member_authorities(state))
                _tell(f"members are now {', '.join(m.id for m in members) or 'none: the charter has left this hub'}")
            if state.hubs != hubs:
                hubs = state.hubs
                config = await change_routes(server, config, routes if len(hubs) > 1 else (), _hub_authorities(state))
                _tell(f"hubs are now {_names(state)}")
        except Fault as fault:
            _tell(str(fault))


def hub_members(state: CharterState, hub: str, now: Micros) -> tuple[HubMember, ...]:
    """Return who may connect to a hub: the members, and nobody once the charter has left it."""
    here = state.membership.members(now) if hub in _hub_names(state) else ()
    return tuple(HubMember(m, state.members[m].nkey) for m in here)


def main() -> None:
    """Serve one folder as a process of its own; a fault is one line, and the exit code of its kind."""
    parser = argparse.ArgumentParser(prog="quartet.serve")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--passphrase-file", type=Path)
    parser.add_argument("--parent", type=int)
    given = parser.parse_args()
    try:
        if given.parent is not None:
            end_with(given.parent)
        serve(given.dir, given.passphrase_file)
    except Fault as fault:
        _tell(" ".join(str(fault).split()))
        sys.exit(next(code for kind, code in EXIT_CODES.items() if isinstance(fault, kind)))


def _keep_acts(folder: MemberFolder, node: Node) -> None:
    keep_acts(folder.acts, node.registry.state.acts)


def _member_authorities(state: CharterState) -> list[bytes]:
    """Return the authorities of the members now; they let nobody in by themselves, the nkeys do."""
    return [authority_pem(state.members[m]) for m in state.membership.members(_now())]


def _hub_authorities(state: CharterState) -> list[bytes]:
    return [authority_pem(state.members[host]) for host in sorted({hub.host for hub in state.hubs})]


def _hub_names(state: CharterState) -> list[str]:
    return [hub.name for hub in state.hubs]


def _names(state: CharterState) -> str:
    return ", ".join(_hub_names(state)) or "no hub"


def _binary(given: str | None) -> Path | None:
    return None if given is None else Path(given)


@contextmanager
def _swept(run: Path) -> Iterator[None]:
    """Take away the keys that the NATS server read, once it has ended."""
    try:
        yield
    finally:
        for pattern in ("*.key", "*.conf"):
            for path in run.glob(pattern):
                path.unlink(missing_ok=True)


def _first(several: BaseExceptionGroup) -> BaseException:
    """Return the fault in a group, or else what came first: one cause, one line."""
    faults = several.subgroup(Fault) or several
    inner = faults.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)


if __name__ == "__main__":
    main()
