"""`keys show|rotate`: what this member signs with, and a new key in an old one's place.

A rotation is made while the node stands still: its keys and its manifest change together.
"""

import os
import time
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import structs

from quartet.cli.identity import member_folder
from quartet.cli.options import Dir, Json, Passphrase
from quartet.cli.output import say, say_json, table
from quartet.cli.state import charter_state, open_root, wire_manifest
from quartet.core.encoding import unb64
from quartet.core.faults import Malformed
from quartet.core.ids import KeyId, Micros, Tick
from quartet.core.keys import ED25519, KEY_SIZE, PublicKey, SecretKey, key_id
from quartet.core.manifest import ItemKey, LogKey, Revocation, WireManifest, sign_wire_manifest
from quartet.node.files import write_file
from quartet.node.instance import claim
from quartet.node.keyset import ITEM, LINK
from quartet.node.vault import open_vault

ROTATED: Final[dict[str, str]] = {"item": ITEM, "link": LINK}

app = typer.Typer(help="The keys of this member.", no_args_is_help=False)


@app.command()
def show(directory: Dir = None, json: Json = False) -> None:
    """Show the keys that this member's manifest names.

    Example:

        quartet keys show --dir trial/north
    """
    manifest = wire_manifest(member_folder(directory))
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
    use: Annotated[str, typer.Argument(metavar="KEY", help="item or link.")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="The old item key was lost: not valid from the present tick on.")
    ] = False,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    root_passphrase: Annotated[
        Path | None, typer.Option("--root-passphrase-file", metavar="FILE", help="The root key's passphrase.")
    ] = None,
    json: Json = False,
) -> None:
    """Put a new key in an old one's place, signed by root; the node must stand still.

    Examples:

        quartet keys rotate link --dir trial/north

        quartet keys rotate item --revoke --dir trial/north
    """
    if use not in ROTATED:
        raise Malformed("unknown-key", f"{use}: rotate item or link; a log key changes by an act of recovery only")
    folder = member_folder(directory)
    with claim(folder):
        manifest = wire_manifest(folder)
        root = open_root(folder, root_passphrase).root
        vault = open_vault(folder.vault, passphrase_file)
        key = SecretKey(os.urandom(KEY_SIZE))
        tick = _tick(charter_state(folder).charter.tick) if revoke else None
        after = with_key(manifest, use, key.public, tick)
        write_file(folder.wire_manifest(manifest.member), sign_wire_manifest(after, root))
        vault.replace(ROTATED[use], key.seed)
    if json:
        say_json({"use": use, "key": key.id, "version": after.version})
    else:
        say(f"new {use} key {key.id}; start the node, and it tells the others")


def with_key(manifest: WireManifest, use: str, key: PublicKey, revoke: Tick | None) -> WireManifest:
    """Return the next version of a manifest with a new key; `revoke` ends the present item key from that tick on."""
    version = manifest.version + 1
    if use == "link":
        return structs.replace(manifest, version=version, link_key=key.text)
    revocations = manifest.revocations
    if revoke is not None:
        old = _id(manifest.item_keys[-1])
        revocations = (*revocations, Revocation(key_id=old, from_tick=revoke))
    return structs.replace(
        manifest, version=version, item_keys=(*manifest.item_keys, ItemKey(ED25519, key.text)), revocations=revocations
    )


def _keys(manifest: WireManifest) -> list[tuple[str, KeyId]]:
    items = [("item", _id(entry)) for entry in manifest.item_keys]
    logs = [("log", _id(entry)) for entry in manifest.log_keys]
    return [*items, *logs, ("link", PublicKey.from_text(manifest.link_key).id)]


def _id(entry: ItemKey | LogKey) -> KeyId:
    return key_id(entry.alg, unb64(entry.key))


def _tick(length: int) -> Tick:
    return Tick(Micros(time.time_ns() // 1000) // length)
