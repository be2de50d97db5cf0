"""Serve one member's node, or one hub: read the settings, make the parts, hand them to each other.

The only file that knows how the parts fit together. `python -m quartet.serve --dir DIR` is a process of its own.
"""

import argparse
import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from quartet import __version__
from quartet.core.charter import CharterState
from quartet.core.encoding import b64
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import Micros
from quartet.node.clock import Clock
from quartet.node.direct import own_server, ways_of
from quartet.node.files import refused
from quartet.node.folder import Folder, HubFolder, MemberFolder
from quartet.node.hubs import (
    hub_authorities,
    hub_members,
    hub_names,
    keep_charter,
    member_authorities,
    names,
)
from quartet.node.instance import EXIT_CODES, claim, declare_ready, end_with, stop_asked
from quartet.node.journal import Journal, Line, changes, libraries, open_journal, place_of, tell
from quartet.node.keepingways import keep_ways
from quartet.node.keyset import DAY, ENDS_SOON, HubKeys, Keyset
from quartet.node.office import (
    charter_of,
    keep_acts,
    load_charter,
    read_officer_manifest,
    read_wire_manifest,
)
from quartet.node.settings import HubSettings, MemberSettings, load_settings
from quartet.node.vault import open_vault
from quartet.wire import (
    Carrier,
    NatsCarrier,
    hub_server,
    valid_until,
)

if TYPE_CHECKING:  # a hub's process loads no node and no store: they would be most of its memory, and its start
    from quartet.node.node import Node
    from quartet.store import Store

BUG: Final = 70
"""The exit code of our own error; its text stays untold, for it may quote anything."""
STRAY_TRIES: Final = 25
STRAY_SECONDS: Final = 0.2
STOP_WITHIN_S: Final = 9.0
"""How long an orderly end may take: its steps have bounds of their own, but a long check in a thread has none."""
YOUNG: Final = 10_000
"""How many objects more there are before the young ones are looked through for garbage."""
LOOK_SECONDS: Final = 1.0
"""How often a hub looks for new acts, and a node for what its log should tell."""

Addresses = dict[str, str]


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
    asked = stop_asked(STOP_WITHIN_S)
    journal = open_journal()
    with claim(folder), libraries(journal):
        match settings:
            case MemberSettings():
                name: str = settings.member
                serving = serve_member(MemberFolder(directory), settings, passphrase, journal)
            case HubSettings():
                name = settings.hub
                serving = serve_hub(HubFolder(directory), settings, passphrase)
        async with serving as addresses:
            settle()
            declare_ready(folder, name, addresses)
            tell(journal, Line("serving", about={"name": name, "version": __version__}))
            await asked.wait()
            tell(journal, Line("stopping", about={"name": name}))


def settle() -> None:
    """Spare what was loaded for good from being looked through for garbage, and look less often.

    To look through all that a node has loaded stops its event loop for a tenth of a second or more, and finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


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
    folder: MemberFolder, settings: MemberSettings, passphrase: Path | None, journal: Journal
) -> AsyncIterator[Addresses]:
    """Serve a member's node: its NATS server, the node, and its doors for people and for figures."""
    from quartet.console.doors import open_doors  # a hub's process loads none of these
    from quartet.gateways.named import keep_gateways
    from quartet.node.continuity import go_on
    from quartet.sensors.live import keep_sensors
    from quartet.store import open_store

    keys = Keyset.of(open_vault(folder.vault, passphrase))
    state = charter_of(folder)
    check_keys(folder, settings, state, keys)
    async with AsyncExitStack() as stack:
        stack.enter_context(_swept(folder.run))
        store = stack.enter_context(open_store(folder.path(settings.store), keys.store))
        go_on(store, folder.instance, Micros(_now() + settings.exercise.clock_offset))
        ways = ways_of(settings, state)
        server, access, config = own_server(folder, settings, keys, ways)
        await stack.enter_async_context(server)
        node = make_node(folder, settings, state, keys, store, NatsCarrier(settings.member, access))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        known = ways, settings, node.registry, node.neighbours.have_acts
        kept = keep_ways(server, access, config, *known, _tell)
        sensors = keep_sensors(settings.sensors, node.sensing, node.live.now)
        for work in (node.run(), kept, sensors, keep_gateways(settings, node, folder)):
            stack.push_async_callback(ended, tasks.create_task(work))
        stack.push_async_callback(ended, tasks.create_task(keep_journal(node, journal)))
        yield await stack.enter_async_context(open_doors(node, folder, settings, keys.store, journal))


async def ended(task: "asyncio.Task[None]") -> None:
    """Have a task end, and wait until it has: the store is closed after it, and not while it still writes."""
    task.cancel()
    await asyncio.wait([task])


async def keep_journal(node: "Node", journal: Journal) -> None:
    """Look at the node again and again, and tell what is different, without content."""
    seen = None
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        with suppress(Fault):  # a store that cannot be read is told by the ticks that fail
            now = node.health.pulse()
            for line in changes(seen, now):
                tell(journal, line)
            seen = now


def make_node(
    folder: MemberFolder,
    settings: MemberSettings,
    state: CharterState,
    keys: Keyset,
    store: "Store",
    carrier: Carrier,
) -> "Node":
    """Return the node that these parts make; each act that it learns goes to the folder too, where a hub looks."""
    from quartet.gateways.named import open_assist
    from quartet.node.identify.files import read_known
    from quartet.node.node import Node
    from quartet.node.parts import Keys, Parts

    parts = Parts(
        me=settings.member,
        keys=Keys.of(keys),
        store=store,
        carrier=carrier,
        clock=Clock(settings.exercise.clock_offset),
        entropy=os.urandom,
        trial=settings.exercise.trial,
        floor=settings.disk_floor_mb * 2**20,
        frames_kept=Micros(settings.replay_days * DAY),
        certificates=(("TLS certificate", valid_until(keys.tls.cert)), ("TLS authority", valid_until(keys.tls_ca))),
        places=folder.places,
    )
    _, manifest = read_wire_manifest(folder, settings.member, state)
    _, officers = read_officer_manifest(folder, settings.member, state)
    node = Node(parts, state, manifest, officers)
    node.identifying.know(*read_known(folder, settings.identify))
    open_assist(settings, node, folder)
    node.registry.on_change.append(lambda: _keep_acts(folder, node))
    return node


def check_keys(folder: MemberFolder, settings: MemberSettings, state: CharterState, keys: Keyset) -> None:
    """Raise `Untrusted("key-not-in-manifest")` unless the vault's keys are those that root's manifest names."""
    manifest, _ = read_wire_manifest(folder, settings.member, state)
    ours = {
        "item": keys.item.public.text,
        "link": keys.link.public.text,
        "log": keys.log.public.text,
        "ML-DSA-44 log": b64(keys.slow_log_public),
    }
    named = {
        "item": manifest.item_keys[-1].key,
        "link": manifest.link_key,
        "log": manifest.log_key().text,
        "ML-DSA-44 log": b64(manifest.slow_log_key() or b""),
    }
    for use, key in ours.items():
        if key != named[use]:
            raise Untrusted(
                "key-not-in-manifest", f"{use} key in {folder.vault}: rotate it again, or restore the vault"
            )


@asynccontextmanager
async def serve_hub(folder: HubFolder, settings: HubSettings, passphrase: Path | None) -> AsyncIterator[Addresses]:
    """Serve a hub: those may connect who are members now."""
    acts, wire = folder.path(settings.acts), settings.wire
    state = load_charter(folder.charter, acts)
    if settings.hub not in hub_names(state):
        raise Malformed("unknown-hub", f"{settings.hub} is not in the charter: {names(state)}")
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
            member_authorities=member_authorities(state),
            folder=folder.run,
            route=None if wire.route_port is None else (wire.host, wire.route_port),
            routes=wire.routes,
            hub_authorities=hub_authorities(state),
            port=wire.admin_port,
            binary=_binary(wire.nats_server),
        )
        await stack.enter_async_context(server)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        keeping = tasks.create_task(keep_charter(server, access, config, state, (folder.charter, acts), _tell))
        stack.callback(keeping.cancel)
        yield {"leaf": f"tls://{wire.host}:{wire.port}"}


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
    except OSError as error:
        _end_refused(error)
    except Exception as error:
        _end_bug(error)


def _end_refused(error: OSError) -> NoReturn:
    """End for what the system refused; what is neither rights nor room is our own error."""
    fault = refused(error, Path(error.filename or "a file"), "bug")
    if fault.reason == "bug":
        _end_bug(error)
    _tell(" ".join(str(fault).split()))
    sys.exit(EXIT_CODES[Unavailable])


def _end_bug(error: Exception) -> NoReturn:
    _tell(f"bug: {type(error).__name__} at {place_of(error)}; please report it")
    sys.exit(BUG)


def _keep_acts(folder: MemberFolder, node: "Node") -> None:
    keep_acts(folder.acts, node.registry.state.acts)


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
    with suppress(OSError):  # no room for the line: the exit code still tells
        print(line, file=sys.stderr, flush=True)


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)


if __name__ == "__main__":
    main()
