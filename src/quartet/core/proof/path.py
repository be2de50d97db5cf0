"""The way from one commitment up to a checkpoint: through the tick's tree, then through the log.

It travels as a MessagePack array of raw bytes and integers; it names no text and no member.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Commitment, CountField, Tick
from quartet.core.proof.checkpoint import Checkpoint
from quartet.core.proof.merkle import HASH_SIZE, MerkleLog, leaf_hash, root_from_inclusion
from quartet.core.proof.tick import DEPTH, SLOTS, TickTree, tick_root_of

MAX_PATH: Final = 4096
MAX_TICK_PATH: Final = 64

RawHash = Annotated[bytes, Meta(min_length=HASH_SIZE, max_length=HASH_SIZE)]


class Path(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What ties commitment `c` to the log at `size`: 16 hashes in the tick, then the log's inclusion proof."""

    c: RawHash
    slot: Annotated[int, Meta(ge=0, lt=SLOTS)]
    slot_path: Annotated[tuple[RawHash, ...], Meta(min_length=DEPTH, max_length=DEPTH)]
    tick: CountField
    leaf_index: CountField
    tick_path: Annotated[tuple[RawHash, ...], Meta(max_length=MAX_TICK_PATH)]
    size: CountField

    @property
    def commitment(self) -> Commitment:
        """The commitment as text."""
        return Commitment(b64(self.c))


_DECODER: Final = msgspec.msgpack.Decoder(Path)
_ENCODER: Final = msgspec.msgpack.Encoder()


def make_path(tree: TickTree, c: Commitment, log: MerkleLog, leaf_index: int, size: int | None = None) -> Path:
    """Return the path of a commitment of `tree`, whose root is leaf `leaf_index` of `log`."""
    end = log.size if size is None else size
    return Path(unb64(c, 32), tree.slot_of(c), tree.path(c), tree.tick, leaf_index, log.inclusion(leaf_index, end), end)


def encode_path(path: Path) -> bytes:
    """Return the path as it travels."""
    return _ENCODER.encode(path)


def decode_path(data: bytes) -> Path:
    """Return the path with these bytes, or raise `Malformed`."""
    if len(data) > MAX_PATH:
        raise Malformed("too-large", f"a path of {len(data)} bytes where {MAX_PATH} may be")
    try:
        path = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("bad-path", str(error)[:200]) from error
    if _ENCODER.encode(path) != data:
        raise Malformed("not-canonical", "another spelling of the same path")
    return path


def path_root(path: Path) -> bytes:
    """Return the log's root that a path leads to, or raise `Untrusted("bad-slot-path" | "bad-inclusion")`."""
    tick_root = tick_root_of(path.c, path.slot, path.slot_path)
    return root_from_inclusion(leaf_hash(tick_root), path.leaf_index, path.size, path.tick_path)


def verify_path(path: Path, checkpoint: Checkpoint, first_tick: Tick | None = None) -> None:
    """Raise `Untrusted` unless the path leads to this checkpoint.

    (1) the sizes agree (`other-size`), (2) the root (`bad-path-root`), (3) where the first tick of the incarnation is
    known, the tick is that of its leaf (`other-tick`).
    """
    if path.size != checkpoint.size:
        raise Untrusted("other-size", f"a path to size {path.size}, a checkpoint of size {checkpoint.size}")
    if path_root(path) != checkpoint.root:
        raise Untrusted("bad-path-root", f"leaf {path.leaf_index} of {checkpoint.origin.text}")
    if first_tick is not None and path.tick != first_tick + path.leaf_index:
        raise Untrusted("other-tick", f"tick {path.tick} is not leaf {path.leaf_index} after {first_tick}")
