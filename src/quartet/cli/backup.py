"""`backup` and `restore`: a member's folder as one sealed file, and a folder that recovers from the others."""

import time
from pathlib import Path
from typing import Annotated, Final

import typer

from quartet.cli.identity import member_folder
from quartet.cli.options import Dir, Json, Passphrase, span
from quartet.cli.output import say, say_json, size_text, utc
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.node.backup import back_up
from quartet.node.backup import restore as put_back
from quartet.node.folder import MemberFolder
from quartet.node.views import moment

EVERY: Final = "7d"


def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="The folder for backups, on another disk.")],
    every: Annotated[
        str, typer.Option(metavar="SPAN", help="How often you make one: purge receipts say by it when backups are.")
    ] = EVERY,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Back up a member's folder, while its node runs or not: sealed, it opens with the key passphrase alone.

    Item keys go to one small file beside it, which each backup overwrites: keep only the newest of that.

    Example:

        quartet backup /mnt/safe --every 1d --dir trial/north
    """
    folder = member_folder(directory)
    made = back_up(folder, to, passphrase_file, _now(), Micros(span(every, "--every") * SECOND))
    if json:
        say_json({"file": str(made.file), "bytes": made.size, "item_keys": str(made.keys), "at": moment(made.at)})
    else:
        say(f"wrote {made.file}, {size_text(made.size)}, and {made.keys} in place of the one before")
        say(f"keep with it the passphrase of {folder.vault}, and the root key: neither is in it")


def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="A file that `quartet backup` wrote.")],
    directory: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="The member's folder to make; it may hold no settings yet.")
    ],
    item_keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The newest list of item keys (default: beside the backup).")
    ] = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Make a member's folder from a backup; its node recovers from the others before it signs anything.

    Example:

        quartet restore /mnt/safe/north-1767225600.backup --dir north --passphrase-file north.pass
    """
    if not file.is_file():
        raise Malformed("no-file", f"{file}: name a file that `quartet backup` wrote")
    folder = MemberFolder(directory)
    found = put_back(file, item_keys, folder, passphrase_file, _now())
    items, purged, ticks = found.held
    if json:
        about = {"items": items, "purged_since": purged, "ticks": ticks}
        say_json({"member": found.member, "at": moment(found.at), "dir": str(folder.root), **about})
        return
    say(f"{folder.root} is {found.member} of {utc(moment(found.at))}: {items} statements, a log of {ticks} ticks")
    if purged:
        say(f"left out: {purged} that were destroyed since; their keys are gone")
    say("start the node: it is read-only until all others gave back what they hold, and `quartet status` says so")
    say("never start the old folder again: two copies at once sign two logs, and are convicted")


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)
