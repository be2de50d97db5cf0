"""What a witness does with a log's next checkpoint: cosign, refuse with a reason, or keep evidence against it.

Pure: the caller stores the next state and the leaves *before* it lets the cosignature out.
"""

from collections.abc import Iterable, Sequence

from quartet.core.encoding import Value
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import Checkpoint, Origin, verify_checkpoint
from quartet.core.proof.evidence import make_evidence
from quartet.core.proof.merkle import HASH_SIZE, CompactRange, MerkleLog, leaf_hash


class WitnessState(Value, frozen=True):
    """The largest that a witness cosigned of one log: its range, and the note; None before the first."""

    origin: Origin
    range: CompactRange = CompactRange()
    note: bytes | None = None

    @property
    def size(self) -> int:
        """How many ticks the witness has seen."""
        return self.range.size

    @property
    def root(self) -> bytes:
        """The root at this size."""
        return self.range.root()


class Cosign(Value, frozen=True):
    """It is the log that was seen before, grown or unchanged: store `state` and `leaves`, then cosign."""

    state: WitnessState
    checkpoint: Checkpoint
    leaves: tuple[bytes, ...]


class Refused(Value, frozen=True):
    """Not cosigned: `behind`, `leaves-missing`, `other-leaves` (they give another root); send leaves from `wanted` on.

    After `other-leaves` all are wanted: a log that forked convicts itself by showing them.
    """

    reason: str
    wanted: int


class Equivocated(Value, frozen=True):
    """The log contradicts itself; the evidence convicts it before a third party."""

    evidence: bytes


Observed = Cosign | Refused | Equivocated


def observe(
    state: WitnessState, note: bytes, keys: PublicKey | Iterable[PublicKey], first: int, leaves: Sequence[bytes]
) -> Observed:
    """Decide about a log's checkpoint, given its tick roots from leaf `first` on.

    (1) the log's signature and origin (raises `Untrusted` or `Malformed`), (2) smaller than seen: behind,
    (3) the same size: the same root or evidence, (4) every leaf between, (5) they lead from what was seen to the root;
    where they do not, leaves from the first one on may be evidence of a fork.
    """
    checkpoint = verify_checkpoint(note, keys, state.origin)
    if checkpoint.size < state.size:
        return Refused("behind", state.size)
    if checkpoint.size == state.size:
        return _same_size(state, checkpoint, note)
    fresh = tuple(leaves[max(0, state.size - first) : max(0, checkpoint.size - first)])
    if first > state.size or len(fresh) != checkpoint.size - state.size:
        return Refused("leaves-missing", state.size)
    if any(len(leaf) != HASH_SIZE for leaf in fresh):
        return Refused("other-leaves", 0)
    grown = state.range.extend(leaf_hash(leaf) for leaf in fresh)
    if grown.root() != checkpoint.root:
        whole = leaves[: checkpoint.size] if first == 0 else ()
        return _convict(state, note, MerkleLog(leaf_hash(leaf) for leaf in whole))
    return Cosign(WitnessState(state.origin, grown, note), checkpoint, fresh)


def _same_size(state: WitnessState, checkpoint: Checkpoint, note: bytes) -> Observed:
    if checkpoint.root == state.root:
        return Cosign(WitnessState(state.origin, state.range, note), checkpoint, ())
    return _convict(state, note, None)


def _convict(state: WitnessState, note: bytes, shown: MerkleLog | None) -> Refused | Equivocated:
    evidence = None if state.note is None else make_evidence(state.note, note, shown)
    return Refused("other-leaves", 0) if evidence is None else Equivocated(evidence)
