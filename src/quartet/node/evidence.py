"""Take out of a database what convicts a member, as a file for a stranger; the node may run."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from quartet.core.encoding import decode
from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import MemberId
from quartet.core.manifest import MAX_MANIFEST, WireManifest
from quartet.core.proof.conviction import make_conviction, verify_conviction
from quartet.core.signed import decode_signed_bytes
from quartet.store import read_only


def evidence_file(path: Path, master: bytes, charter: bytes, member: MemberId) -> bytes:
    """Return the file that shows that a member's log said two things.

    Raise `Unavailable("no-evidence")` where nothing shows that to a stranger.
    """
    with read_only(path, master) as reader:
        found = [data for kind, who, data, _ in reader.evidence() if (kind, who) == ("equivocation", member)]
        manifests = dict(reader.manifests("wire"))
        manifest = manifests.pop(member, None)
        if not found or manifest is None:
            raise Unavailable("no-evidence", f"nothing here shows that the log of {member} said two things")
        others = tuple(_witnesses(manifest, manifests))
        files = [make_conviction(charter, reader.acts(), manifest, data, others) for data in found]
        return next((made for made in files if _holds(made, charter)), files[0])


def _holds(made: bytes, charter: bytes) -> bool:
    try:
        verify_conviction(made, charter)
    except Fault:
        return False  # a key that signed was taken back: perhaps another shows it
    return True


def _witnesses(manifest: bytes, others: Mapping[MemberId, bytes]) -> Iterable[bytes]:
    """Return the manifests of the others where the member's log key was taken back: then their dates decide."""
    said = decode(decode_signed_bytes(manifest).raw, WireManifest, MAX_MANIFEST)
    return others.values() if said.revocations else ()
