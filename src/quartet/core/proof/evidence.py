"""Proof that a log said two things: two signed checkpoints of one origin that cannot both be true.

Two of one size contradict each other by their roots, two of any sizes by their first ticks. Of different sizes, the
larger one is shown to begin with a tree of the smaller size and another root. A third party needs the log's public key
and nothing else. A log that splits before a quorum needs a witness that cosigns both: its lines under the two notes
convict it too.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Final, Protocol

from msgspec import Meta

from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import Checkpoint, read_checkpoint, verify_checkpoint, verify_cosignature
from quartet.core.proof.merkle import HASH_SIZE, check_consistency
from quartet.core.proof.note import MAX_NOTE, read_note
from quartet.core.statement import Hash

MAX_EVIDENCE: Final = 4 * MAX_NOTE

NoteText = Annotated[str, Meta(max_length=MAX_NOTE)]


class Tree(Protocol):
    """A log's tree as its holder has it, of which earlier roots can be asked."""

    @property
    def size(self) -> int:
        """How many leaves it has."""
        ...

    def root(self, size: int) -> bytes:
        """Return the root of its first `size` leaves."""
        ...

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """Return the hashes that show that the first `size` leaves begin with the first `old`."""
        ...


class Evidence(Value, frozen=True):
    """Two signed notes of one log, the smaller size first; `root` and `path` show how a larger second one begins."""

    origin: Annotated[str, Meta(max_length=255)]
    first: NoteText
    second: NoteText
    root: Hash | None = None
    path: Annotated[tuple[Hash, ...], Meta(max_length=64)] = ()


def make_evidence(one: str, other: str, larger: Tree | None = None) -> Evidence | None:
    """Return evidence from two notes of one log, or None where they do not contradict each other.

    Notes of different sizes need `larger`, the tree that the larger note is about. Signatures are not checked here.
    """
    first, second = sorted((one, other), key=lambda note: _said(note).size)
    before, after = _said(first), _said(second)
    if before.origin != after.origin:
        return None
    if before.first_tick != after.first_tick:
        return Evidence(origin=before.origin, first=first, second=second)
    if before.size == after.size:
        return None if before.root == after.root else Evidence(origin=before.origin, first=first, second=second)
    if larger is None or larger.size < after.size or larger.root(after.size) != after.root or before.size == 0:
        return None
    root = larger.root(before.size)
    if root == before.root:
        return None
    path = tuple(b64(hash_) for hash_ in larger.consistency(before.size, after.size))
    return Evidence(origin=before.origin, first=first, second=second, root=b64(root), path=path)


def encode_evidence(evidence: Evidence) -> bytes:
    """Return the bytes in which evidence is kept and shown."""
    return encode(evidence)


def decode_evidence(data: bytes) -> Evidence:
    """Return the evidence with these bytes, nothing believed, or raise `Malformed`."""
    evidence = decode(data, Evidence, MAX_EVIDENCE)
    for text in (*evidence.path, *(() if evidence.root is None else (evidence.root,))):
        unb64(text, HASH_SIZE)
    return evidence


def verify_evidence(data: bytes, *keys: PublicKey) -> Evidence:
    """Return evidence of equivocation once a stranger could believe it.

    (1) shape, (2) both signed by the log under one origin, each by one of its `keys`, (3) two first ticks, which is
    enough, or sizes in order and the root shown where they differ (`no-contradiction`), (4) two roots at the smaller
    size (`no-contradiction`), (5) where sizes differ, that the larger tree begins with the root shown
    (`not-consistent`).
    """
    evidence = decode_evidence(data)
    before = verify_checkpoint(evidence.first, evidence.origin, *keys)
    after = verify_checkpoint(evidence.second, evidence.origin, *keys)
    shown = None if evidence.root is None else unb64(evidence.root, HASH_SIZE)
    if before.first_tick != after.first_tick and shown is None and not evidence.path:
        return evidence
    if before.size > after.size or (shown is None) != (before.size == after.size) or (shown is None and evidence.path):
        raise Untrusted("no-contradiction", f"sizes {before.size} and {after.size}")
    if before.root == (after.root if shown is None else shown):
        raise Untrusted("no-contradiction", f"one root at size {before.size}")
    if shown is not None:
        path = [unb64(text, HASH_SIZE) for text in evidence.path]
        check_consistency(before.size, shown, after.size, after.root, path)
    return evidence


def cosigned_both(evidence: Evidence, key: Callable[[str], PublicKey | None]) -> tuple[str, ...]:
    """Return the names of the witnesses who cosigned both notes of verified evidence with their Ed25519 keys, sorted.

    `key` gives the key of a witness by its name, None for a stranger. A line that does not hold counts for nothing.
    """
    first, second = _cosigners(evidence.first, key), _cosigners(evidence.second, key)
    return tuple(sorted(first & second))


def _cosigners(text: str, key: Callable[[str], PublicKey | None]) -> set[str]:
    note, found = read_note(text), set()
    said = read_checkpoint(note.text)
    for line in note.signatures:
        public = key(line.name)
        with suppress(Malformed, Untrusted):
            if public is not None:
                verify_cosignature(said, line, line.name, public)
                found.add(line.name)
    return found


def _said(note: str) -> Checkpoint:
    return read_checkpoint(read_note(note).text)
