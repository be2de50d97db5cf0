"""Take out of a database what convicts a member, as a file for a stranger; the node may run."""

from pathlib import Path

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.core.proof.conviction import make_conviction
from quartet.store import read_only


def evidence_file(path: Path, master: bytes, charter: bytes, member: MemberId) -> bytes:
    """Return the file that shows that a member's log said two things.

    Raise `Unavailable("no-evidence")` where nothing shows that to a stranger.
    """
    with read_only(path, master) as reader:
        found = [data for kind, who, data, _ in reader.evidence() if (kind, who) == ("equivocation", member)]
        manifest = dict(reader.manifests("wire")).get(member)
        if not found or manifest is None:
            raise Unavailable("no-evidence", f"nothing here shows that the log of {member} said two things")
        return make_conviction(charter, reader.acts(), manifest, found[0])
