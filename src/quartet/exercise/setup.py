"""Make a trial exchange in an empty folder: keys, charter signed by all, manifests, settings, hubs; ready to start.

For trials only: all members' keys come from one machine, and each passphrase lies in a file beside its vault. In
operation each member makes its own part.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import structs

from quartet.core.articles import Circle
from quartet.core.charter import Charter, CharterState, Hub, found, sign_charter
from quartet.core.cover import COVER_OFF
from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ExchangeId, MemberId, Micros
from quartet.core.keys import ED25519, KEY_SIZE, SecretKey
from quartet.core.manifest import (
    sign_officer_manifest,
    sign_wire_manifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.exercise.plan import DAY, DUTY, Duty, Plan, check_empty, check_plan
from quartet.exercise.ports import HOST, choose_ports
from quartet.node.files import make_folder, write_file
from quartet.node.filing import READABLE
from quartet.node.folder import Folder, HubFolder, MemberFolder
from quartet.node.keyset import CERTIFICATE_DAYS, HubKeys, Keyset, OfflineKeys
from quartet.node.office import PUBLIC, charter_member, first_officer_manifest, first_wire_manifest, officer
from quartet.node.officerkey import officer_vault
from quartet.node.vault import Vault, passphrase_beside
from quartet.wire import issue
from quartet.wire.tls import Usage

WORD_BYTES: Final = 18
TRIAL: Final = "TRIAL: the passphrase of every key lies in a file beside it; real secrets do not belong here"
"""What is said of such an exchange, and stands in its folder."""

Progress = Callable[[str, int, int], None]
"""Is told what was made, how many steps are done, and of how many."""


class Founder(Value, frozen=True):
    """A founding member with all its keys, and its ports: of its own NATS server, of its console, for direct links.

    `direct` says with whom it has one, and where it connects for that; None where the other connects.
    """

    id: MemberId
    keys: Keyset
    offline: OfflineKeys
    officers: tuple[tuple[Duty, SecretKey], ...]
    port: int
    console: int
    listen: int | None = None
    direct: tuple[tuple[MemberId, str | None], ...] = ()


class Site(Value, frozen=True):
    """A hub with its keys and its ports: for members, for its keeper, for the other hub."""

    hub: Hub
    keys: HubKeys
    port: int
    admin_port: int
    route_port: int


def quiet(_what: str, _done: int, _of: int) -> None:
    """Tell nobody of progress."""


def new_exchange(
    directory: Path,
    members: Sequence[str],
    *,
    tick_s: float = 1,
    recall_delay_s: float = DAY,
    hubs: int = 1,
    officers: Iterable[Duty] = (DUTY,),
    cover: str = COVER_OFF,
    direct: Iterable[tuple[str, str]] = (),
    progress: Progress = quiet,
) -> ExchangeId:
    """Make a trial exchange of these members in `directory` and return its id; as `make_exchange`."""
    names = tuple(MemberId(m) for m in members)
    pairs = tuple((MemberId(one), MemberId(other)) for one, other in direct)
    terms = Plan(
        names,
        tick_s=tick_s,
        recall_delay_s=recall_delay_s,
        hubs=hubs,
        officers=tuple(officers),
        cover=cover,
        direct=pairs,
    )
    return make_exchange(directory, terms, progress)


def make_exchange(directory: Path, plan: Plan, progress: Progress = quiet) -> ExchangeId:
    """Make the exchange that `plan` describes and return its id.

    (1) sense of the plan, (2) the folder is empty, else `Malformed("folder-not-empty")`, (3) charter and manifests are
    made and checked in memory, (4) then all is written; what cannot be written whole is taken away again.
    """
    check_plan(plan)
    check_empty(directory)
    founders, sites = _draw(plan, Micros(time.time_ns() // 1000))
    founding = sign_charter(_charter(plan, founders, sites), [f.offline.root for f in founders])
    state = found(founding)
    manifests = {f.id: _manifests(f, state) for f in founders}
    make_folder(directory)
    try:
        _write(directory, founders, sites, founding, manifests, progress)
    except BaseException:
        _empty(directory)
        raise
    return state.exchange


def _draw(plan: Plan, now: Micros) -> tuple[list[Founder], list[Site]]:
    members = sorted(plan.members)
    listeners = sorted({one for one, _ in plan.direct})
    ports = iter(choose_ports(2 * len(members) + 3 * plan.hubs + len(listeners)))
    drawn = [draw_founder(member, plan, now, next(ports), next(ports)) for member in members]
    listens = {member: next(ports) for member in listeners}
    founders = [structs.replace(f, listen=listens.get(f.id), direct=_direct(f.id, plan, listens)) for f in drawn]
    hosts = [next(f for f in founders if f.id == m) for m in plan.members[: plan.hubs]]
    sites = [_site(number, host, now, next(ports), next(ports), next(ports)) for number, host in enumerate(hosts, 1)]
    return founders, sites


def _direct(me: MemberId, plan: Plan, listens: Mapping[MemberId, int]) -> tuple[tuple[MemberId, str | None], ...]:
    """Return with whom a member has direct links, and where it connects for each."""
    here = [(other, None) for one, other in plan.direct if one == me]
    there = [(one, f"tls://{HOST}:{listens[one]}") for one, other in plan.direct if other == me]
    return (*here, *there)


def draw_founder(member: MemberId, plan: Plan, now: Micros, port: int, console: int) -> Founder:
    """Draw all the keys of a member and its officers."""
    offline = OfflineKeys.draw(member, now)
    usage: Usage = "hub" if any(member == one for one, _ in plan.direct) else "client"
    keys = Keyset.draw(member, offline.authority, now, usage=usage)
    officers = tuple((duty, SecretKey(os.urandom(KEY_SIZE))) for duty in plan.duties(member))
    return Founder(member, keys, offline, officers, port, console)


def _site(number: int, host: Founder, now: Micros, port: int, admin_port: int, route_port: int) -> Site:
    name = f"hub-{number}"
    tls = issue(host.offline.authority, name, usage="hub", now=now, days=CERTIFICATE_DAYS)
    hub = Hub(name=name, host=host.id, address=f"tls://{HOST}:{port}")
    return Site(hub, HubKeys(tls), port, admin_port, route_port)


def _charter(plan: Plan, founders: Sequence[Founder], sites: Sequence[Site]) -> Charter:
    return Charter(
        v=1,
        name=plan.name,
        members=tuple(charter_member(f.id, f.keys, f.offline) for f in founders),
        hubs=tuple(site.hub for site in sites),
        algorithms=(ED25519,),
        tick=round(plan.tick_s * SECOND),
        recall_delay=round(plan.recall_delay_s * SECOND),
        cover=plan.cover,
        circles=(Circle(name="all", members=tuple(sorted(plan.members))),),
        agreements=(),
        purposes=tuple(sorted(plan.purposes)),
        prohibitions=(),
        chair_rota=plan.members,
    )


def sign_manifests(founder: Founder, exchange: ExchangeId) -> tuple[bytes, bytes]:
    """Return a member's first wire manifest and officer manifest, signed by its root."""
    root = founder.offline.root
    wire = sign_wire_manifest(first_wire_manifest(exchange, founder.id, founder.keys, READABLE), root)
    named = [officer(duty.name, duty.roles, key.public) for duty, key in founder.officers]
    return wire, sign_officer_manifest(first_officer_manifest(exchange, founder.id, named), root)


def _manifests(founder: Founder, state: CharterState) -> tuple[bytes, bytes]:
    wire, officers = sign_manifests(founder, state.exchange)
    verify_wire_manifest(wire, state)
    verify_officer_manifest(officers, state)
    return wire, officers


def _write(
    directory: Path,
    founders: Sequence[Founder],
    sites: Sequence[Site],
    founding: bytes,
    manifests: Mapping[MemberId, tuple[bytes, bytes]],
    progress: Progress,
) -> None:
    write_file(directory / "TRIAL.txt", f"{TRIAL}\n".encode(), PUBLIC)
    of = len(founders) + len(sites)
    for done, founder in enumerate(founders, 1):
        write_member(MemberFolder(directory / founder.id), founder, founding, manifests[founder.id])
        progress(founder.id, done, of)
    for done, site in enumerate(sites, len(founders) + 1):
        _write_hub(HubFolder(directory / site.hub.name), site, sites, founding)
        progress(site.hub.name, done, of)


def _empty(directory: Path) -> None:
    """Take away what was written into a folder that was empty."""
    for path in directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def write_member(folder: MemberFolder, founder: Founder, founding: bytes, manifests: tuple[bytes, bytes]) -> None:
    """Write a member's whole folder, each vault with its passphrase beside it."""
    _write_common(folder, founding, _member_settings(founder))
    for path in (folder.manifests, folder.officers, folder.root_vault.parent):
        make_folder(path)
    write_file(folder.wire_manifest(founder.id), manifests[0], PUBLIC)
    write_file(folder.officer_manifest(founder.id), manifests[1])
    _write_vault(folder.root_vault, founder.offline.secrets())
    _write_vault(folder.vault, founder.keys.secrets())
    for duty, key in founder.officers:
        path = folder.officer_key(duty.name)
        officer_vault(path, _passphrase(path), key)


def _write_hub(folder: HubFolder, site: Site, sites: Sequence[Site], founding: bytes) -> None:
    _write_common(folder, founding, _hub_settings(site, sites))
    _write_vault(folder.vault, site.keys.secrets())


def _write_common(folder: Folder, founding: bytes, settings: str) -> None:
    make_folder(folder.root)
    make_folder(folder.acts)
    write_file(folder.charter, founding, PUBLIC)
    write_file(folder.settings, settings.encode())


def _write_vault(path: Path, named: Mapping[str, bytes]) -> None:
    Vault.create(path, _passphrase(path), named)


def _passphrase(vault: Path) -> bytes:
    """Draw a passphrase and lay it beside the vault."""
    words = secrets.token_urlsafe(WORD_BYTES).encode()
    write_file(passphrase_beside(vault), words + b"\n")
    return words


def _member_settings(founder: Founder) -> str:
    listen = {} if founder.listen is None else {"direct_listen": f"{HOST}:{founder.listen}"}
    links: list[dict[str, str]] = [
        {"member": peer} if url is None else {"member": peer, "url": url} for peer, url in founder.direct
    ]
    tables: dict[str, dict[str, object] | list[dict[str, str]]] = {
        "wire": {"port": founder.port, **listen},
        **({"wire.direct": links} if links else {}),
        "console": {"port": founder.console},
        "exercise": {"trial": True},
    }
    return _toml({"member": founder.id}, tables)


def _hub_settings(site: Site, sites: Sequence[Site]) -> str:
    wire: dict[str, object] = {"host": HOST, "port": site.port, "admin_port": site.admin_port}
    if others := [f"tls://{HOST}:{other.route_port}" for other in sites if other is not site]:
        wire |= {"route_port": site.route_port, "routes": others}
    head = {"hub": site.hub.name, "acts": f"../{site.hub.host}/acts"}
    return _toml(head, {"wire": wire, "exercise": {"trial": True}})


def _toml(head: Mapping[str, object], tables: Mapping[str, Mapping[str, object] | list[dict[str, str]]]) -> str:
    """Spell settings; JSON's strings, numbers, lists and words for yes and no are TOML's too."""
    lines = ["# every key: docs/reference/settings.md", *_assignments(head)]
    for name, table in tables.items():
        if isinstance(table, Mapping):
            lines += ["", f"[{name}]", *_assignments(table)]
        else:
            lines += [line for one in table for line in ("", f"[[{name}]]", *_assignments(one))]
    return "\n".join(lines) + "\n"


def _assignments(table: Mapping[str, object]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
