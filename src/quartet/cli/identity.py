"""Who acts: the member's folder, the officer and her own key.

The default officer is the only one whose key the calling user can read.
"""

import os
from pathlib import Path

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import OfficerName
from quartet.core.keys import SecretKey
from quartet.node.folder import MemberFolder
from quartet.node.officerkey import read_officer_key
from quartet.node.vault import open_vault

SUFFIX = ".key"


class Identity(Value, frozen=True):
    """An officer who acts or reads, with her key."""

    name: OfficerName
    key: SecretKey


def member_folder(given: Path | None) -> MemberFolder:
    """Return the member's folder: the one given, or where we stand if that is one."""
    folder = MemberFolder(given or Path())
    if folder.settings.exists():
        return folder
    if given is None:
        raise Malformed("no-dir", "this is not a member's folder: name one with --dir DIR")
    if not given.is_dir():
        raise Malformed("no-dir", f"there is no folder {given}: look for a misspelt --dir")
    within = sorted(path.parent.name for path in given.glob("*/settings.toml"))
    hint = f"choose one of its folders: {', '.join(within)}" if within else "make one: quartet new-exchange DIR"
    raise Malformed("no-dir", f"{given} is not a member's folder: {hint}")


def identify(folder: MemberFolder, name: str | None, passphrase_file: Path | None) -> Identity:
    """Return the officer who acts; her key opens with her passphrase."""
    officer = OfficerName(name) if name is not None else _only(folder)
    path = folder.officer_key(officer)
    if not path.exists():
        raise Malformed("no-such-officer", f"{officer} has no key in {folder.officers}: {_have(folder)}")
    if not os.access(path, os.R_OK):
        raise Unavailable("key-not-readable", f"{path}: only its owner may read it; act --as an officer of yours")
    return Identity(officer, read_officer_key(open_vault(path, passphrase_file)))


def officers_here(folder: MemberFolder) -> list[OfficerName]:
    """Return the officers whose keys the calling user can read."""
    paths = folder.officers.glob(f"*{SUFFIX}") if folder.officers.is_dir() else ()
    return sorted(OfficerName(path.name.removesuffix(SUFFIX)) for path in paths if os.access(path, os.R_OK))


def _only(folder: MemberFolder) -> OfficerName:
    names = officers_here(folder)
    if len(names) == 1:
        return names[0]
    if not names:
        raise Malformed("no-officer", f"no officer's key that you may read in {folder.officers}: quartet officer add")
    raise Malformed("which-officer", f"say who acts with --as: {', '.join(names)}")


def _have(folder: MemberFolder) -> str:
    names = officers_here(folder)
    return f"there are {', '.join(names)}" if names else "there is none that you may read"
