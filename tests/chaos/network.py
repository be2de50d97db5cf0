"""Lay lines between the servers of a trial exchange that does not run yet: each member to each hub, and hub to hub.

Only a trial has the keys of all its hubs and members on one machine, with the passphrases beside.
"""

import random
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from quartet.core.charter import Hub
from quartet.core.ids import Micros
from quartet.exercise.ports import choose_ports
from quartet.exercise.up import find_parts
from quartet.node.folder import Folder, HubFolder, MemberFolder
from quartet.node.keyset import HubKeys, Keyset, renew_hub
from quartet.node.office import charter_of, open_offline
from quartet.node.settings import HubSettings, load_hub
from quartet.node.vault import open_vault
from quartet.wire import Identity
from quartet.wire.site import lay_tls

from .hosts import Hosts
from .line import LOOPBACK, Ends, Line


@asynccontextmanager
async def network(root: Path, dice: random.Random, hosts: Hosts | None = None) -> AsyncIterator[dict[str, Line]]:
    """Have every connection between the servers below `root` go over a line of its own; all are open meanwhile.

    Where servers are on `hosts` of their own, the lines stand at the switch between them.
    """
    async with AsyncExitStack() as stack:
        hubs, members = find_parts(root)
        if hosts is not None:
            _move_hubs(root, hosts)
        ports = iter(choose_ports(len(hubs) * (len(members) + len(hubs))))
        at = LOOPBACK if hosts is None else hosts.switch
        lines = [*_to_hubs(root, dice, ports, at), *_between_hubs(root, dice, ports, at)]
        for line in lines:
            await stack.enter_async_context(line)
        yield {line.name: line for line in lines}


def _move_hubs(root: Path, hosts: Hosts) -> None:
    """Have each hub listen at its host, and show a certificate that is good there and at the switch."""
    now = Micros(time.time_ns() // 1000)
    for hub in load_charter_hubs(root):
        folder, at = HubFolder(root / hub.name), hosts.address(hub.name)
        told, here = folder.settings.read_text(), f'host = "{LOOPBACK}"'
        assert told.count(here) == 1, told
        folder.settings.write_text(told.replace(here, f'host = "{at}"'))
        authority = open_offline(MemberFolder(root / hub.host)).authority
        renew_hub(open_vault(folder.vault), hub.name, authority, now, [at, hosts.switch])


def load_charter_hubs(root: Path) -> Sequence[Hub]:
    """Return the hubs that the charter of the exchange below `root` names."""
    return charter_of(MemberFolder(find_parts(root)[1][0])).hubs


def _to_hubs(root: Path, dice: random.Random, ports: Iterator[int], at: str) -> list[Line]:
    hubs, members = find_parts(root)
    keys = {hub.name: HubKeys.of(open_vault(HubFolder(hub).vault)).tls for hub in hubs}
    near = {name: _context(root, name, tls, ssl.PROTOCOL_TLS_SERVER) for name, tls in keys.items()}
    lines = []
    for member in members:
        folder = MemberFolder(member)
        far = _context(root, member.name, Keyset.of(open_vault(folder.vault)).tls, ssl.PROTOCOL_TLS_CLIENT)
        for hub, port in zip(hubs, ports, strict=False):
            parts = frozenset({member.name, hub.name})
            wire, ends = load_hub(HubFolder(hub)).wire, Ends(near[hub.name], far)
            name, between = f"{member.name}~{hub.name}", (at, wire.host)
            lines.append(Line(name, parts, port, wire.port, dice, ends, messages=True, hosts=between))
            with folder.settings.open("a") as file:
                file.write(f'\n[[wire.hubs]]\nname = "{hub.name}"\nurl = "tls://{at}:{port}"\n')
    return lines


def _between_hubs(root: Path, dice: random.Random, ports: Iterator[int], at: str) -> list[Line]:
    listening = {hub.name: load_hub(HubFolder(hub)) for hub in find_parts(root)[0]}
    lines = []
    for name, hub in listening.items():
        folder = Folder(root / name)
        for other in (other for other in listening.values() if other is not hub):
            port = next(ports)
            _reroute(folder, other, f"tls://{at}:{port}")
            target, between = other.wire.route_port or 0, (at, other.wire.host)
            lines.append(Line(f"{name}~{other.hub}", frozenset({name, other.hub}), port, target, dice, hosts=between))
    return lines


def _reroute(folder: Folder, other: HubSettings, instead: str) -> None:
    told = folder.settings.read_text()
    here = f"tls://{LOOPBACK}:{other.wire.route_port}"
    assert told.count(here) == 1, told
    folder.settings.write_text(told.replace(here, instead))


def _context(root: Path, name: str, identity: Identity, side: ssl._SSLMethod) -> ssl.SSLContext:
    """Return an end of TLS that shows `identity`; whom it meets is on this machine, and proves itself with its nkey."""
    files = lay_tls(root / "lines", name, identity, [])
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.cert, files.key)
    return context
