"""`keys show|rotate|renew|vouch`: what this member signs with, a new key in an old one's place, and root's own word.

A rotation or renewal is made while the node stands still: its keys and its manifest change together.
"""

import os
import re
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from msgspec import structs

from quartet.cli.commands import Commands
from quartet.cli.identity import member_folder
from quartet.cli.options import Dir, Json, Passphrase, RootPassphrase
from quartet.cli.output import say, say_json, table, utc
from quartet.cli.vouching import vouch
from quartet.core.charter import CharterState
from quartet.core.encoding import unb64
from quartet.core.faults import Malformed
from quartet.core.ids import KeyId, MemberId, Micros, Tick
from quartet.core.keys import KEY_SIZE, PublicKey, SecretKey, key_id
from quartet.core.manifest import ItemKey, LogKey, WireManifest, sign_wire_manifest
from quartet.node.files import write_file
from quartet.node.folder import HubFolder, MemberFolder
from quartet.node.instance import claim
from quartet.node.keyset import ITEM, LINK, LOG, LOG_ML_DSA, Keyset, renew_hub, renew_member
from quartet.node.office import (
    charter_of,
    open_offline,
    read_wire_manifest,
    with_item_key,
    with_link_key,
    with_log_keys,
)
from quartet.node.settings import load_hub, load_member
from quartet.node.vault import open_vault
from quartet.node.views import moment

HOST = r"[A-Za-z0-9.:-]{1,253}"

app = Commands(help="The keys of this member.", no_args_is_help=False)


@app.command()
def show(directory: Dir = None, json: Json = False) -> None:
    """Show the keys that this member's manifest names.

    Example:

        quartet keys show --dir trial/north
    """
    folder = member_folder(directory)
    manifest = _manifest(folder, charter_of(folder))
    gone = {one.key_id: one.from_tick for one in manifest.revocations}
    rows = [(use, key, gone.get(key)) for use, key in _keys(manifest)]
    if json:
        keys = [{"use": use, "id": key, "revoked_from": tick} for use, key, tick in rows]
        say_json({"member": manifest.member, "version": manifest.version, "keys": keys})
    else:
        say(f"{manifest.member}, version {manifest.version}")
        table(("USE", "KEY", "VALID"), [(use, key, f"until tick {tick}" if tick else "yes") for use, key, tick in rows])


@app.command()
def rotate(
    use: Annotated[str, typer.Argument(metavar="KEY", help="item, link or log.")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="The old item key was lost: not valid from now on. A log key never is.")
    ] = False,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    root_passphrase: RootPassphrase = None,
    json: Json = False,
) -> None:
    """Put a new key in an old one's place, signed by root; the node must stand still.

    A log's old keys are not valid from the next tick on: its log goes on under the new ones, once the others have said
    how far it is.

    Examples:

        quartet keys rotate link --dir trial/north

        quartet keys rotate item --revoke --dir trial/north

        quartet keys rotate log --dir trial/north
    """
    if use not in (ITEM, LINK, LOG):
        raise Malformed("unknown-key", f"{use}: rotate item, link or log")
    folder = member_folder(directory)
    with claim(folder):
        state = charter_of(folder)
        manifest = _manifest(folder, state)
        root = open_offline(folder, root_passphrase).root
        vault = open_vault(folder.vault, passphrase_file)
        keys = Keyset.of(vault)
        key, slow = SecretKey(os.urandom(KEY_SIZE)), os.urandom(KEY_SIZE)
        tick = _tick(folder, keys, state.charter.tick) if revoke or use == LOG else None
        after = _rotated(manifest, use, structs.replace(keys, log=key, log_ml_dsa=slow), key, tick)
        write_file(folder.wire_manifest(manifest.member), sign_wire_manifest(after, root))
        vault.replace_all({LOG: key.seed, LOG_ML_DSA: slow} if use == LOG else {use: key.seed})
    if json:
        say_json({"use": use, "key": key.id, "version": after.version})
    else:
        say(f"new {use} key {key.id}; start the node, and it tells the others")


@app.command()
def renew(
    hub: Annotated[
        Path | None, typer.Option("--hub", metavar="FOLDER", help="Renew this hub's certificate; the member hosts it.")
    ] = None,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="HOST", help="Where members connect to this one directly; each once."),
    ] = None,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    root_passphrase: RootPassphrase = None,
    json: Json = False,
) -> None:
    """Put a new TLS certificate, good for two years, in the old one's place; the node or hub must stand still.

    Examples:

        quartet keys renew --dir trial/north

        quartet keys renew --host 192.0.2.7 --host north.example --dir trial/north

        quartet keys renew --hub trial/hub-1 --dir trial/north
    """
    folder = member_folder(directory)
    member, now = load_member(folder).member, Micros(time.time_ns() // 1000)
    authority = open_offline(folder, root_passphrase).authority
    if hub is not None and hosts:
        raise Malformed("bad-host", "--host is for a member's certificate: a hub's names its address in the charter")
    if odd := next((host for host in hosts or () if not re.fullmatch(HOST, host)), None):
        raise Malformed("bad-host", f"{odd!r} is neither a name nor an address of a machine")
    if hub is None:
        with claim(folder):
            vault = open_vault(folder.vault, passphrase_file)
            name, ends = str(member), renew_member(vault, member, authority, now, hosts or ())
    else:
        site = HubFolder(hub)
        name = load_hub(site).hub
        host = _hub_host(charter_of(folder), name, member)
        with claim(site):
            ends = renew_hub(open_vault(site.vault, passphrase_file), name, authority, now, [host])
    if json:
        say_json({"name": name, "until": moment(ends)})
    else:
        say(f"certificate of {name} is good until {utc(moment(ends))}; start it again")


def _hub_host(state: CharterState, hub: str, member: MemberId) -> str:
    """Return the host of a hub's address; only who hosts it has the authority that the others believe there."""
    for one in state.hubs:
        if one.name == hub and one.host == member:
            return urlsplit(one.address).hostname or ""
    raise Malformed("unknown-hub", f"{member} hosts no {hub} in the charter")


@app.command("vouch")
def vouch_for(
    asked: Annotated[Path, typer.Argument(metavar="FILE", help="What `quartet recall --ask` wrote.")],
    directory: Dir = None,
    root_passphrase: RootPassphrase = None,
    json: Json = False,
) -> None:
    """Sign a recall or its cancellation with the root key, where that lies; the file then goes to `recall --answer`.

    Example:

        quartet keys vouch cancel.json --dir trial/north
    """
    folder = member_folder(directory)
    member, exchange = load_member(folder).member, charter_of(folder).exchange
    said = vouch(asked, member, exchange, open_offline(folder, root_passphrase).root)
    if json:
        say_json({"file": str(asked), "kind": said.kind})
    else:
        say(f"{said.kind} by the root of {said.member}: hand it in with quartet recall REF --answer {asked}")


def _manifest(folder: MemberFolder, state: CharterState) -> WireManifest:
    return read_wire_manifest(folder, load_member(folder).member, state)[0]


def _keys(manifest: WireManifest) -> list[tuple[str, KeyId]]:
    items = [("item", _id(entry)) for entry in manifest.item_keys]
    logs = [("log", _id(entry)) for entry in manifest.log_keys]
    return [*items, *logs, ("link", PublicKey.from_text(manifest.link_key).id)]


def _id(entry: ItemKey | LogKey) -> KeyId:
    return key_id(entry.alg, unb64(entry.key))


def _rotated(manifest: WireManifest, use: str, logs: Keyset, key: SecretKey, tick: Tick | None) -> WireManifest:
    """Return the next manifest with a new key for one use; `logs` has the log keys that would be new."""
    if use == LOG and tick is not None:
        return with_log_keys(manifest, logs.log.public, logs.slow_log_public, tick)
    return with_link_key(manifest, key.public) if use == LINK else with_item_key(manifest, key.public, tick)


def _tick(folder: MemberFolder, keys: Keyset, length: int) -> Tick:
    """Return the first tick that is neither past nor in this member's log: what is on record cannot be disowned."""
    from quartet.node.elsewhere import seen_elsewhere
    from quartet.store import read_only

    path, now = folder.path(load_member(folder).store), Micros(time.time_ns() // 1000) // length
    if not path.exists():
        return Tick(now)
    with read_only(path, keys.store) as reader:
        last, seen = reader.last_tick(), seen_elsewhere(reader)
    return Tick(max(now, 0 if last is None else last.number + 1, 0 if seen is None else seen + 1))
