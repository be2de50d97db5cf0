"""What a member's folder says without its node: charter and acts, own manifests, the root key for the moment of use."""

from pathlib import Path

from quartet.core.charter import CharterState, found
from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.core.manifest import OfficerManifest, WireManifest, verify_officer_manifest, verify_wire_manifest
from quartet.node.files import read_file
from quartet.node.folder import MemberFolder
from quartet.node.keyset import OfflineKeys
from quartet.node.settings import load_member
from quartet.node.vault import open_vault


def charter_state(folder: MemberFolder) -> CharterState:
    """Return the charter and the acts of a folder, every signature checked."""
    state = found(read_file(folder.charter))
    for path in sorted(folder.acts.glob("*.json")) if folder.acts.is_dir() else []:
        state = state.apply(read_file(path))
    return state


def own_member(folder: MemberFolder) -> MemberId:
    """Return whose folder it is."""
    return load_member(folder).member


def wire_manifest(folder: MemberFolder) -> WireManifest:
    """Return this member's own wire manifest."""
    return verify_wire_manifest(read_file(folder.wire_manifest(own_member(folder))), charter_state(folder))


def officer_manifest(folder: MemberFolder) -> OfficerManifest:
    """Return this member's own officer manifest."""
    return verify_officer_manifest(read_file(folder.officer_manifest(own_member(folder))), charter_state(folder))


def open_root(folder: MemberFolder, passphrase_file: Path | None) -> OfflineKeys:
    """Return the offline keys; raise `Unavailable("no-root-key")` where their medium is not there."""
    if not folder.root_vault.exists():
        raise Unavailable("no-root-key", f"{folder.root_vault} is not here: bring the medium from the safe")
    return OfflineKeys.of(open_vault(folder.root_vault, passphrase_file))
