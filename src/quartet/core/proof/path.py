"""The path that ties one commitment to a checkpoint: its place in the tick, and the tick's place in the log."""

import struct
from typing import Any, Final

import msgspec

from quartet.core.encoding import Value, b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Commitment, Tick
from quartet.core.proof.merkle import HASH_SIZE, MAX_PATH, leaf_hash, root_from_path
from quartet.core.proof.tick import DEPTH, tick_root

MAX_PATH_BYTES: Final = 4096
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(tuple[bytes, int, bytes, int, int, bytes, int])


class Path(Value, frozen=True):
    """Where a commitment lies. Travels as a MessagePack array of these fields in this order, hashes raw."""

    c: Commitment
    slot: int
    slot_path: tuple[bytes, ...]
    tick: Tick
    leaf_index: int
    tick_path: tuple[bytes, ...]
    size: int


def encode_path(path: Path) -> bytes:
    """Return the bytes in which a path travels."""
    return _ENCODER.encode(
        (
            unb64(path.c, HASH_SIZE),
            path.slot,
            b"".join(path.slot_path),
            path.tick,
            path.leaf_index,
            b"".join(path.tick_path),
            path.size,
        )
    )


def decode_path(data: bytes) -> Path:
    """Return the path with these bytes, or raise `Malformed`."""
    if len(data) > MAX_PATH_BYTES:
        raise Malformed("too-large", f"a path of {len(data)} bytes")
    try:
        fields = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    c, slot, slot_path, tick, leaf_index, tick_path, size = fields
    _check_range(fields)
    if _ENCODER.encode(fields) != data:
        raise Malformed("not-canonical", "another spelling of the same path")
    return Path(
        c=Commitment(b64(c)),
        slot=slot,
        slot_path=_hashes(slot_path),
        tick=Tick(tick),
        leaf_index=leaf_index,
        tick_path=_hashes(tick_path),
        size=size,
    )


def _check_range(fields: tuple[Any, ...]) -> None:
    c, slot, slot_path, tick, leaf_index, tick_path, size = fields
    if len(c) != HASH_SIZE or len(slot_path) != DEPTH * HASH_SIZE or not 0 <= slot < 1 << DEPTH:
        raise Malformed("bad-path", f"slot {slot}")
    if len(tick_path) % HASH_SIZE or len(tick_path) > MAX_PATH * HASH_SIZE:
        raise Malformed("bad-path", f"{len(tick_path)} bytes of hashes")
    if not 0 <= leaf_index < size < 2**53 or not 0 <= tick < 2**53:
        raise Malformed("bad-path", f"leaf {leaf_index} of {size}, tick {tick}")


def _hashes(raw: bytes) -> tuple[bytes, ...]:
    return struct.unpack(f"{HASH_SIZE}s" * (len(raw) // HASH_SIZE), raw)


def root_in_tick(path: Path) -> bytes:
    """Return the root of the tick that the path leads to: the data of its leaf."""
    return tick_root(unb64(path.c, HASH_SIZE), path.slot, path.slot_path)


def verify_path(path: Path, root: bytes) -> None:
    """Raise `Untrusted("bad-path")` unless the path ties its commitment to the log of `path.size` with this root."""
    reached = root_from_path(leaf_hash(root_in_tick(path)), path.leaf_index, path.size, path.tick_path)
    if reached != root:
        raise Untrusted("bad-path", f"leaf {path.leaf_index} of {path.size} leads to another root")
