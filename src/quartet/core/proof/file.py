"""The file that carries one item's proof: its shape, how it is made, how it is read. `export` believes it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.charter import CharterState
from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import Commitment, CountField, Tick
from quartet.core.proof.checkpoint import read_checkpoint
from quartet.core.proof.merkle import HASH_SIZE, MAX_PATH
from quartet.core.proof.note import MAX_NOTE, SignatureLine, read_line, read_note
from quartet.core.proof.path import Path
from quartet.core.proof.tick import DEPTH
from quartet.core.signed import SignedBytes, decode_signed_bytes
from quartet.core.statement import Contained, Hash, Signed, decode_signed
from quartet.core.verify import decode_contained

MAX_PROOF: Final = 16 * 1024 * 1024
MAX_ACTS: Final = 10_000
MAX_MANIFESTS: Final = 256
MAX_COSIGNATURES: Final = 256

LineText = Annotated[str, Meta(max_length=8192)]


class PathText(Value, frozen=True):
    """A path with its hashes as base64url text."""

    c: Hash
    slot: Annotated[int, Meta(ge=0, lt=1 << DEPTH)]
    slot_path: Annotated[tuple[Hash, ...], Meta(min_length=DEPTH, max_length=DEPTH)]
    tick: CountField
    leaf_index: CountField
    tick_path: Annotated[tuple[Hash, ...], Meta(max_length=MAX_PATH)]
    size: CountField


class Hourly(Value, frozen=True):
    """The same leaf's way to a later checkpoint that witnesses cosigned with ML-DSA-44, as they do once an hour."""

    size: CountField
    tick_path: Annotated[tuple[Hash, ...], Meta(max_length=MAX_PATH)]
    checkpoint: Annotated[str, Meta(max_length=MAX_NOTE)]
    cosignatures: Annotated[tuple[LineText, ...], Meta(min_length=1, max_length=MAX_COSIGNATURES)]


class Proof(Value, frozen=True):
    """Everything that an outsider needs; the cosignatures are C2SP signature lines over the checkpoint."""

    v: Literal[1]
    charter: SignedBytes
    acts: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_ACTS)]
    manifests: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_MANIFESTS)]
    officers: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_MANIFESTS)]
    signed: Signed
    control: Contained | None
    path: PathText
    checkpoint: Annotated[str, Meta(max_length=MAX_NOTE)]
    cosignatures: Annotated[tuple[LineText, ...], Meta(max_length=MAX_COSIGNATURES)]
    hourly: Hourly | None


def make_proof(
    state: CharterState,
    signed: bytes,
    control: bytes | None,
    path: Path,
    checkpoint: str,
    cosignatures: Sequence[SignatureLine],
    manifests: Iterable[bytes],
    officers: Iterable[bytes] = (),
    hourly: Hourly | None = None,
) -> bytes:
    """Return the proof of one item as it is kept in a file; nothing is checked here but shapes.

    `signed`, `control`, manifests and officers are the bytes as they travelled. The earliest checkpoint that covers the
    item with a quorum is the best one to show, and the earliest `hourly` one if there is one yet.
    """
    return encode(
        Proof(
            v=1,
            charter=decode_signed_bytes(state.founding),
            acts=tuple(decode_signed_bytes(act) for act in state.acts),
            manifests=tuple(decode_signed_bytes(manifest) for manifest in manifests),
            officers=tuple(decode_signed_bytes(manifest) for manifest in officers),
            signed=decode_signed(signed),
            control=None if control is None else decode_contained(control),
            path=_path_text(path),
            checkpoint=checkpoint,
            cosignatures=_lines(cosignatures),
            hourly=hourly,
        )
    )


def make_hourly(path: Path, checkpoint: str, cosignatures: Sequence[SignatureLine]) -> Hourly:
    """Return what a proof shows of an hourly checkpoint: the path to it, its note, its ML-DSA-44 lines."""
    tick_path = tuple(b64(hash_) for hash_ in path.tick_path)
    return Hourly(size=path.size, tick_path=tick_path, checkpoint=checkpoint, cosignatures=_lines(cosignatures))


def decode_proof(data: bytes) -> Proof:
    """Return the proof with these bytes, nothing believed, or raise `Malformed`."""
    proof = decode(data, Proof, MAX_PROOF)
    for part in (proof.charter, *proof.acts, *proof.manifests, *proof.officers):
        decode_signed_bytes(encode(part))
    decode_signed(encode(proof.signed))
    path_of(proof.path)
    read_checkpoint(read_note(proof.checkpoint).text)
    for line in proof.cosignatures:
        read_line(line)
    if proof.hourly is not None:
        hourly_path(proof.path, proof.hourly)
        read_checkpoint(read_note(proof.hourly.checkpoint).text)
        for line in proof.hourly.cosignatures:
            read_line(line)
    return proof


def _lines(cosignatures: Iterable[SignatureLine]) -> tuple[str, ...]:
    return tuple(line.text.rstrip("\n") for line in cosignatures)


def _path_text(path: Path) -> PathText:
    return PathText(
        c=path.c,
        slot=path.slot,
        slot_path=tuple(b64(hash_) for hash_ in path.slot_path),
        tick=path.tick,
        leaf_index=path.leaf_index,
        tick_path=tuple(b64(hash_) for hash_ in path.tick_path),
        size=path.size,
    )


def path_of(text: PathText) -> Path:
    """Return the path that a proof spells out, or raise `Malformed`."""
    if text.leaf_index >= text.size:
        raise Malformed("bad-path", f"leaf {text.leaf_index} of {text.size}")
    unb64(text.c, HASH_SIZE)
    return Path(
        c=Commitment(text.c),
        slot=text.slot,
        slot_path=tuple(unb64(hash_, HASH_SIZE) for hash_ in text.slot_path),
        tick=Tick(text.tick),
        leaf_index=text.leaf_index,
        tick_path=tuple(unb64(hash_, HASH_SIZE) for hash_ in text.tick_path),
        size=text.size,
    )


def hourly_path(text: PathText, hourly: Hourly) -> Path:
    """Return the path of the same leaf to the hourly checkpoint, or raise `Malformed`."""
    return path_of(msgspec.structs.replace(text, size=hourly.size, tick_path=hourly.tick_path))
