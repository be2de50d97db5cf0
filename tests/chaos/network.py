"""Lay lines between the servers of a trial exchange that does not run yet: each member to each hub, and hub to hub.

Only a trial has the keys of all its hubs and members on one machine, with the passphrases beside.
"""

import random
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from quartet.exercise.ports import choose_ports
from quartet.exercise.up import find_parts
from quartet.node.folder import Folder, HubFolder, MemberFolder
from quartet.node.keyset import HubKeys, Keyset
from quartet.node.settings import HubSettings, load_hub
from quartet.node.vault import open_vault
from quartet.wire import Identity
from quartet.wire.site import lay_tls

from .line import Ends, Line


@asynccontextmanager
async def network(root: Path, dice: random.Random) -> AsyncIterator[dict[str, Line]]:
    """Have every connection between the servers below `root` go over a line of its own; all are open meanwhile."""
    async with AsyncExitStack() as stack:
        hubs, members = find_parts(root)
        ports = iter(choose_ports(len(hubs) * (len(members) + len(hubs))))
        lines = [*_to_hubs(root, dice, ports), *_between_hubs(root, dice, ports)]
        for line in lines:
            await stack.enter_async_context(line)
        yield {line.name: line for line in lines}


def _to_hubs(root: Path, dice: random.Random, ports: Iterator[int]) -> list[Line]:
    hubs, members = find_parts(root)
    keys = {hub.name: HubKeys.of(open_vault(HubFolder(hub).vault)).tls for hub in hubs}
    near = {name: _context(root, name, tls, ssl.PROTOCOL_TLS_SERVER) for name, tls in keys.items()}
    lines = []
    for member in members:
        folder = MemberFolder(member)
        far = _context(root, member.name, Keyset.of(open_vault(folder.vault)).tls, ssl.PROTOCOL_TLS_CLIENT)
        for hub, port in zip(hubs, ports, strict=False):
            parts = frozenset({member.name, hub.name})
            target = load_hub(HubFolder(hub)).wire.port
            ends = Ends(near[hub.name], far)
            lines.append(Line(f"{member.name}~{hub.name}", parts, port, target, dice, ends, messages=True))
            with folder.settings.open("a") as file:
                file.write(f'\n[[wire.hubs]]\nname = "{hub.name}"\nurl = "tls://127.0.0.1:{port}"\n')
    return lines


def _between_hubs(root: Path, dice: random.Random, ports: Iterator[int]) -> list[Line]:
    listening = {hub.name: load_hub(HubFolder(hub)) for hub in find_parts(root)[0]}
    lines = []
    for name, hub in listening.items():
        folder = Folder(root / name)
        for other in (other for other in listening.values() if other is not hub):
            port = next(ports)
            _reroute(folder, other, port)
            target = other.wire.route_port or 0
            lines.append(Line(f"{name}~{other.hub}", frozenset({name, other.hub}), port, target, dice))
    return lines


def _reroute(folder: Folder, other: HubSettings, port: int) -> None:
    told = folder.settings.read_text()
    here = f"tls://127.0.0.1:{other.wire.route_port}"
    assert told.count(here) == 1, told
    folder.settings.write_text(told.replace(here, f"tls://127.0.0.1:{port}"))


def _context(root: Path, name: str, identity: Identity, side: ssl._SSLMethod) -> ssl.SSLContext:
    """Return an end of TLS that shows `identity`; whom it meets is on this machine, and proves itself with its nkey."""
    files = lay_tls(root / "lines", name, identity, [])
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.cert, files.key)
    return context
