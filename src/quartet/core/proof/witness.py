"""What a witness may cosign: only a log that goes on from where the witness saw it. Pure.

The witness holds every leaf's data up to its size; it recomputes the root and compares. A checkpoint that does not fit
is refused, and with the one before it is evidence that a third party can check.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from quartet.core.faults import Malformed
from quartet.core.ids import Tick
from quartet.core.proof.checkpoint import Checkpoint
from quartet.core.proof.evidence import Evidence, encode_evidence, verify_evidence
from quartet.core.proof.merkle import HASH_SIZE, CompactRange, leaf_hash

MAX_LEAVES: Final = 8_000
"""Leaves in one piece: 256 kB."""


class WitnessState(msgspec.Struct, frozen=True):
    """How far a witness has followed one log."""

    origin: str
    size: int = 0
    peaks: tuple[bytes, ...] = ()
    first_tick: Tick | None = None
    """What its first checkpoint said; every later one must say the same."""


class Followed(msgspec.Struct, frozen=True):
    """The log goes on from where we saw it: the new state, and what to cosign if its checkpoint was given."""

    state: WitnessState
    cosign: Checkpoint | None


class Behind(msgspec.Struct, frozen=True):
    """Leaves are missing before those given, or up to the checkpoint: ask for those from `size` on."""

    state: WitnessState


class Contradiction(msgspec.Struct, frozen=True):
    """The checkpoint contradicts the leaves we hold: never cosigned, kept as evidence."""

    size: int


def follow(
    state: WitnessState, first: int, leaves: Sequence[bytes], checkpoint: Checkpoint | None
) -> Followed | Behind | Contradiction:
    """Return what a witness makes of new leaves (their data, from index `first`) and of the newest checkpoint."""
    if checkpoint is not None and state.first_tick not in (None, checkpoint.first_tick):
        return Contradiction(checkpoint.size)
    if first > state.size:
        return Behind(state)
    grown = CompactRange(state.size, state.peaks)
    fresh = list(leaves[state.size - first :])
    if checkpoint is not None and checkpoint.size < state.size:
        return Followed(_state(state, grown, fresh), None)
    if checkpoint is not None and checkpoint.size > state.size + len(fresh):
        return Behind(_state(state, grown, fresh))
    upto = len(fresh) if checkpoint is None else checkpoint.size - state.size
    for leaf in fresh[:upto]:
        grown.append(leaf_hash(leaf))
    if checkpoint is not None and grown.root() != checkpoint.root:
        return Contradiction(checkpoint.size)
    reached = _state(state, grown, [])
    known = reached.first_tick if checkpoint is None else checkpoint.first_tick
    return Followed(msgspec.structs.replace(reached, first_tick=known), checkpoint)


def _state(state: WitnessState, grown: CompactRange, fresh: Sequence[bytes]) -> WitnessState:
    for leaf in fresh:
        grown.append(leaf_hash(leaf))
    return msgspec.structs.replace(state, size=grown.size, peaks=tuple(grown.peaks))


def split_leaves(raw: bytes) -> list[bytes]:
    """Return the leaves that lie in a row in `raw`, or raise `Malformed`."""
    if len(raw) % HASH_SIZE or len(raw) > MAX_LEAVES * HASH_SIZE:
        raise Malformed("bad-leaves", f"{len(raw)} bytes")
    return [raw[i : i + HASH_SIZE] for i in range(0, len(raw), HASH_SIZE)]


__all__ = [
    "Behind",
    "Contradiction",
    "Evidence",
    "Followed",
    "WitnessState",
    "encode_evidence",
    "follow",
    "split_leaves",
    "verify_evidence",
]
