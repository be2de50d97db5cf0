"""`officer add|list|roles|remove|link|enrol`: the people of this member, their keys, and their way into the console."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Final

import typer

from quartet.cli.client import open_client
from quartet.cli.commands import Commands
from quartet.cli.identity import Identity, identify, member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, words
from quartet.cli.outcome import Refusal
from quartet.cli.output import say, say_json, table, utc
from quartet.cli.publishing import hand_over
from quartet.console.shapes import Link, OfficerKey
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, OfficerName
from quartet.core.keys import KEY_SIZE, PublicKey, SecretKey
from quartet.core.manifest import OfficerManifest, Passkey, sign_officer_manifest
from quartet.node.files import make_folder, write_file
from quartet.node.folder import MemberFolder
from quartet.node.office import (
    charter_of,
    needed_roles,
    open_offline,
    read_officer_manifest,
    with_keys,
    with_officer,
    with_roles,
    without_officer,
)
from quartet.node.office import officer as newcomer
from quartet.node.officerkey import officer_vault
from quartet.node.settings import load_member
from quartet.node.vault import passphrase_beside, read_passphrase

WORD_BYTES: Final = 24
LATER: Final = "; the node learns it when it starts"

app = Commands(help="The officers of this member.", no_args_is_help=False)


@app.command("list")
def list_officers(directory: Dir = None, officer: As = None, json: Json = False) -> None:
    """List the officers that this member's manifest names; whoever asks, it is read from the folder.

    Example:

        quartet officer list --dir trial/north
    """
    officers = _manifest(member_folder(directory)).officers
    if officer is not None and officer not in {one.name for one in officers}:
        raise Malformed("no-such-officer", f"{officer} is not in the manifest")
    keys = {one.name: [PublicKey.from_text(key).id for key in one.keys] for one in officers}
    if json:
        say_json([{"name": one.name, "roles": one.roles, "keys": keys[one.name]} for one in officers])
    else:
        table(
            ("OFFICER", "ROLES", "KEYS"),
            [(one.name, ", ".join(one.roles) or "-", ", ".join(key[:8] for key in keys[one.name])) for one in officers],
        )


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The officer's name, or a pseudonym of this member's.")],
    roles: Annotated[
        list[str] | None, typer.Option(metavar="ROLES", help="Her roles: watch,administrator,chair.")
    ] = None,
    key_passphrase: Annotated[
        Path | None, typer.Option("--key-passphrase-file", metavar="FILE", help="The passphrase of her new key.")
    ] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Give a new officer a key of her own, and name her in the manifest, signed by root.

    Example:

        quartet officer add duty-2 --roles watch --dir trial/north
    """
    folder = member_folder(directory)
    manifest = _manifest(folder)
    path = folder.officer_key(OfficerName(name))
    key = SecretKey(os.urandom(KEY_SIZE))
    after = with_officer(manifest, newcomer(OfficerName(name), words(roles), key.public))
    acting = _acting(folder, officer)
    signed = sign_officer_manifest(after, open_offline(folder, passphrase_file).root)
    _keep_key(folder, path, key, key_passphrase)
    told = _told(folder, after.member, acting, signed)
    if json:
        say_json({"name": name, "key": key.id, "file": str(path), "told": told})
    else:
        say(f"{name} has a key in {path}" + ("" if told else LATER))


@app.command()
def roles(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The officer whose roles change; her keys stay.")],
    given: Annotated[
        list[str], typer.Option("--roles", metavar="ROLES", help="All her roles from now on: watch,trained:EXERCISE.")
    ],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Give an officer other roles, in place of those she had, and name them in the manifest, signed by root.

    Example:

        quartet officer roles second --roles watch,trained:EXERCISE --dir trial/north
    """
    folder = member_folder(directory)
    after = with_roles(_manifest(folder), OfficerName(name), words(given))
    told = _changed(folder, _acting(folder, officer), after, passphrase_file)
    has = next(one.roles for one in after.officers if one.name == name)
    if json:
        say_json({"name": name, "roles": has, "told": told})
    else:
        say(f"{name} has the roles {', '.join(has) or '-'}" + ("" if told else LATER))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The officer who is one no more.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Take an officer off the manifest, signed by root: from then on her key opens and states nothing.

    Her sessions at the console end at once. What she stated stays, in her name.

    Example:

        quartet officer remove second --as duty --dir trial/north
    """
    folder, gone = member_folder(directory), OfficerName(name)
    state = charter_of(folder)
    manifest = _manifest(folder)
    after = without_officer(manifest, gone, needed_roles(manifest.member, state))
    told = _changed(folder, _acting(folder, officer), after, passphrase_file)
    key = folder.officer_key(gone)
    files = [str(path) for path in (key, passphrase_beside(key)) if path.exists()]
    if json:
        say_json({"name": name, "key_files": files, "told": told})
        return
    say(f"{name} is an officer no more" + ("; her sessions end" if told else LATER))
    say("what she stated stays, in her name; what of it has not reached a member yet is refused there: state it anew")
    if files:
        say(f"destroy her key: {', '.join(files)}")
    if len(after.officers) == 1:
        say(f"{after.officers[0].name} is alone: nobody can be second officer to a warning")


@app.command()
def link(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The officer whom it lets in; her key proves it.")],
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Print a link that opens the console for an officer: once, within a quarter of an hour.

    Example:

        quartet officer link duty --dir trial/north
    """
    folder = member_folder(directory)
    with open_client(folder, identify(folder, name, passphrase_file)) as client:
        made = client.post("/links", {}, Link)
    if json:
        say_json(made)
    else:
        say(f"{made.url}\ngood once, until {utc(made.until)}")


@app.command()
def enrol(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The officer whose browser made keys.")],
    keys: Annotated[
        list[str] | None, typer.Option("--key", metavar="ID", help="Only keys whose ids begin so (default: all).")
    ] = None,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Let keys and passkeys that an officer made at the console assert what she states: root signs them.

    Compare each id with the one that her console shows, by word of mouth, before root signs.

    Example:

        quartet officer enrol duty --key k3Vx --dir trial/north
    """
    folder = member_folder(directory)
    acting = identify(folder, name, None)
    with open_client(folder, acting) as client:
        made = [k for k in client.get("/officer-keys", list[OfficerKey]) if _picked(k, words(keys))]
    if not made:
        raise Refusal("nothing-to-enrol", f"{name} made no such key at the console that is not enrolled")
    after = with_keys(_manifest(folder), OfficerName(name), *_enrolled(made))
    told = _changed(folder, acting, after, passphrase_file)
    if json:
        say_json({"name": name, "keys": [one.id for one in made], "told": told})
    else:
        table(("KEY", "KIND", "LABEL"), [(one.id, one.kind, one.label) for one in made])


def _picked(key: OfficerKey, beginnings: tuple[str, ...]) -> bool:
    return not key.enrolled and (not beginnings or key.id.startswith(beginnings))


def _enrolled(made: list[OfficerKey]) -> tuple[list[PublicKey], list[Passkey]]:
    keys = [PublicKey.from_text(one.key) for one in made if one.kind == "browser"]
    passkeys = [Passkey(one.credential or "", one.key, one.origin or "") for one in made if one.kind == "passkey"]
    return keys, passkeys


def _changed(folder: MemberFolder, acting: Identity | None, after: OfficerManifest, passphrase: Path | None) -> bool:
    """Have root sign the officers as they are from now on, and keep that; return as `_told`."""
    return _told(folder, after.member, acting, sign_officer_manifest(after, open_offline(folder, passphrase).root))


def _told(folder: MemberFolder, member: MemberId, acting: Identity | None, signed: bytes) -> bool:
    """Keep the officers that root signed; return whether the node runs, and was told of them."""
    write_file(folder.officer_manifest(member), signed)
    return hand_over(folder, acting, "/manifests/officers", signed)


def _acting(folder: MemberFolder, name: str | None) -> Identity | None:
    """Return who tells the running node; the first officer of all has nobody to be told by."""
    have = folder.officers.is_dir() and any(folder.officers.glob("*.key"))
    return identify(folder, name, None) if have else None


def _manifest(folder: MemberFolder) -> OfficerManifest:
    return read_officer_manifest(folder, load_member(folder).member, charter_of(folder))[0]


def _keep_key(folder: MemberFolder, path: Path, key: SecretKey, given: Path | None) -> None:
    make_folder(folder.officers)
    if path.exists():
        raise Malformed("key-exists", f"{path} is there already: it would be lost")
    if given is None:
        if not load_member(folder).exercise.trial:
            raise Malformed("no-passphrase", "name the file with her passphrase: --key-passphrase-file FILE")
        write_file(passphrase_beside(path), secrets.token_urlsafe(WORD_BYTES).encode() + b"\n")
    officer_vault(path, read_passphrase(path, given), key)
