"""Proof that a log said two things: two checkpoints of one origin that cannot both be true.

Two of one size contradict each other by their roots. Of different sizes, the larger one is shown to begin with a tree
of the smaller size and another root. A third party needs the log's public keys and nothing else.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import Checkpoint, parse_checkpoint, verify_checkpoint
from quartet.core.proof.merkle import HASH_SIZE, MerkleLog, verify_consistency
from quartet.core.proof.note import MAX_NOTE
from quartet.core.statement import Hash

MAX_EVIDENCE: Final = 4 * MAX_NOTE

NoteText = Annotated[str, Meta(max_length=MAX_NOTE)]


class Equivocation(Value, frozen=True):
    """Two notes of one log, the smaller size first; `root` and `proof` show how the larger one begins."""

    v: Literal[1]
    smaller: NoteText
    larger: NoteText
    root: Hash | None
    proof: Annotated[tuple[Hash, ...], Meta(max_length=64)]


class Contradiction(Value, frozen=True):
    """What checked evidence shows."""

    smaller: Checkpoint
    larger: Checkpoint


def make_evidence(one: bytes, other: bytes, larger_log: MerkleLog | None = None) -> bytes | None:
    """Return evidence from two notes of one origin, or None where they do not contradict each other.

    Notes of different sizes need `larger_log`, the tree that the larger note is about.
    """
    small, large = sorted((one, other), key=lambda note: parse_checkpoint(note)[0].size)
    before, after = parse_checkpoint(small)[0], parse_checkpoint(large)[0]
    if before.origin != after.origin:
        return None
    if before.size == after.size:
        return None if before.root == after.root else _evidence(small, large, None, ())
    if larger_log is None or larger_log.size < after.size or larger_log.root(after.size) != after.root:
        return None
    root = larger_log.root(before.size)
    if root == before.root:
        return None
    return _evidence(small, large, root, larger_log.consistency(before.size, after.size))


def _evidence(small: bytes, large: bytes, root: bytes | None, proof: tuple[bytes, ...]) -> bytes:
    return encode(
        Equivocation(
            v=1,
            smaller=small.decode(),
            larger=large.decode(),
            root=None if root is None else b64(root),
            proof=tuple(b64(hash_) for hash_ in proof),
        )
    )


def decode_evidence(data: bytes) -> Equivocation:
    """Return the evidence with these bytes, nothing believed, or raise `Malformed`."""
    evidence = decode(data, Equivocation, MAX_EVIDENCE)
    before = parse_checkpoint(evidence.smaller.encode())[0]
    after = parse_checkpoint(evidence.larger.encode())[0]
    if before.size > after.size or (evidence.root is None) != (before.size == after.size):
        raise Malformed("bad-evidence", f"sizes {before.size} and {after.size}")
    if evidence.root is None and evidence.proof:
        raise Malformed("bad-evidence", "a proof that nothing needs")
    for text in (*evidence.proof, *(() if evidence.root is None else (evidence.root,))):
        unb64(text, HASH_SIZE)
    return evidence


def verify_evidence(data: bytes, keys: PublicKey | Iterable[PublicKey]) -> Contradiction:
    """Return the two checkpoints that a log signed and that contradict each other.

    (1) shape, (2) both signed by the log, (3) one origin (`other-origin`), (4) different roots at the smaller size
    (`no-contradiction`), (5) where sizes differ, that the larger begins so (`bad-consistency`).
    """
    evidence = decode_evidence(data)
    known = (keys,) if isinstance(keys, PublicKey) else tuple(keys)
    before = verify_checkpoint(evidence.smaller.encode(), known)
    after = verify_checkpoint(evidence.larger.encode(), known, before.origin)
    root = after.root if evidence.root is None else unb64(evidence.root, HASH_SIZE)
    if root == before.root:
        raise Untrusted("no-contradiction", f"one root at size {before.size}")
    if evidence.root is not None:
        proof = tuple(unb64(text, HASH_SIZE) for text in evidence.proof)
        verify_consistency(before.size, after.size, root, after.root, proof)
    return Contradiction(before, after)
