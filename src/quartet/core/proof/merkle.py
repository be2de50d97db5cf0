"""Merkle trees of RFC 6962/9162: roots, and proofs that a leaf is in a tree and that a tree grew out of another.

Makers ask a `Node` for hashes of complete subtrees only, so that a log may keep them in memory or elsewhere. Verifiers
take what a stranger sent: they raise `Untrusted` and nothing else.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Untrusted

HASH_SIZE: Final = 32
MAX_TREE: Final = 2**53 - 1
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
TILE_HEIGHT: Final = 8
TILE: Final = 1 << TILE_HEIGHT

Node = Callable[[int, int], bytes]
"""(level, index) -> hash of the complete subtree of 2^level leaves that starts at leaf index * 2^level."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that holds `data`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the tree whose leaves hold `leaves`, in this order."""
    return CompactRange().extend(leaf_hash(data) for data in leaves).root()


class CompactRange(Value, frozen=True):
    """What must be kept of a tree to append to it: one hash for each bit of its size, the largest subtree first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def extend(self, leaf_hashes: Iterable[bytes]) -> "CompactRange":
        """Return the range after more leaves, given by their hashes."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaf_hashes:
            node, rest = leaf, size
            while rest & 1:
                node = node_hash(stack.pop(), node)
                rest >>= 1
            stack.append(node)
            size += 1
        return CompactRange(size, tuple(stack))

    def root(self) -> bytes:
        """Return the root of the tree."""
        return _fold(self.hashes)

    def pack(self) -> bytes:
        """Return the range as bytes: 8 of its size, big endian, then the hashes."""
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def unpack(cls, data: bytes) -> "CompactRange":
        """Return the range that `data` packs, or raise `Malformed`."""
        size = int.from_bytes(data[:8], "big")
        if size > MAX_TREE or len(data) != 8 + HASH_SIZE * size.bit_count():
            raise Malformed("bad-range", f"{len(data)} bytes for {size} leaves")
        return cls(size, tuple(data[i : i + HASH_SIZE] for i in range(8, len(data), HASH_SIZE)))


class MerkleLog:
    """A tree with every complete subtree in memory: 64 bytes a leaf, appends and proofs in O(log n)."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self.size = 0
        for leaf in leaf_hashes:
            self.append_hash(leaf)

    def append(self, data: bytes) -> int:
        """Add a leaf that holds `data`; return its index."""
        return self.append_hash(leaf_hash(data))

    def append_hash(self, leaf: bytes) -> int:
        """Add a leaf by its hash; return its index."""
        if len(leaf) != HASH_SIZE:
            raise Malformed("bad-length", f"{len(leaf)} bytes where {HASH_SIZE} must be")
        index = self.size
        _raise_level(self._levels, 0, index, leaf)
        self.size += 1
        return index

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree; raises `IndexError` for one that is not there."""
        return _at(self._levels[level], index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root, of an earlier size when one is given."""
        return root_at(self._sized(size), self.node)

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the hashes that tie leaf `index` to the root."""
        return inclusion_path(index, self._sized(size), self.node)

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the hashes that show that the tree grew out of the one of size `old`."""
        return consistency_path(old, self._sized(size), self.node)

    def _sized(self, size: int | None) -> int:
        if size is not None and not 0 <= size <= self.size:
            raise IndexError(f"size {size} of a tree of {self.size}")
        return self.size if size is None else size


class TiledLog(MerkleLog):
    """A tree whose leaf hashes lie elsewhere; it keeps one hash for 256 leaves, and reads a tile for what is below.

    `read(first, count)` returns that many leaf hashes, joined. A year of one leaf a second is 8 MB here.
    """

    def __init__(self, read: Callable[[int, int], bytes], size: int = 0) -> None:
        self._read = read
        self._open = CompactRange()
        super().__init__()
        for first in range(0, size, TILE):
            self._append_many(read(first, min(TILE, size - first)))

    def append_hash(self, leaf: bytes) -> int:
        """Add a leaf by its hash; `read` must give it from now on. Return its index."""
        index = self.size
        self._append_many(leaf)
        return index

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree; raises `IndexError` for one that is not there."""
        if level >= TILE_HEIGHT:
            return _at(self._levels[level - TILE_HEIGHT], index)
        if (index + 1) << level > self.size:
            raise IndexError(f"subtree {level}/{index} of a tree of {self.size}")
        return CompactRange().extend(_split(self._read(index << level, 1 << level))).root()

    def _append_many(self, leaves: bytes) -> None:
        if len(leaves) % HASH_SIZE:
            raise Malformed("bad-length", f"{len(leaves)} bytes of leaf hashes")
        for leaf in _split(leaves):
            self._open = self._open.extend((leaf,))
            self.size += 1
            if self._open.size == TILE:
                _raise_level(self._levels, 0, (self.size - 1) >> TILE_HEIGHT, self._open.root())
                self._open = CompactRange()


def root_at(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return _fold(_cover(0, size, node))


def inclusion_path(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the audit path of RFC 9162 section 2.1.3.1, the lowest hash first."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of a tree of {size}")
    return _path(0, index, size, node)


def consistency_path(old: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the consistency proof of RFC 9162 section 2.1.4.1; empty for sizes that need none (0, and equal)."""
    if not 0 <= old <= size:
        raise IndexError(f"size {old} of a tree of {size}")
    if old in (0, size):
        return ()
    level = (old & -old).bit_length() - 1
    last = (old >> level) - 1
    seed = () if last == 0 else (node(level, last),)
    return seed + _path(level, last, size, node)


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` leads to from a leaf's hash (RFC 9162 section 2.1.3.2).

    Raises `Untrusted("bad-inclusion")` for a path that is too short or too long.
    """
    if not 0 <= index < size <= MAX_TREE:
        raise Untrusted("bad-inclusion", f"leaf {index} of a tree of {size}")
    place, last, found = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            raise Untrusted("bad-inclusion", f"{len(path)} hashes are too many")
        if place & 1 or place == last:
            found = node_hash(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        place, last = place >> 1, last >> 1
    if last:
        raise Untrusted("bad-inclusion", f"{len(path)} hashes are too few")
    return found


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `Untrusted("bad-inclusion")` unless `path` ties the leaf with this hash to `root`."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise Untrusted("bad-inclusion", f"leaf {index} leads to another root of size {size}")


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """Raise `Untrusted("bad-consistency")` unless the tree under `root` begins with the one under `old_root`.

    RFC 9162 section 2.1.4.2; a tree of size 0 is the beginning of each tree, and needs no hash.
    """
    if not 0 <= old <= size <= MAX_TREE:
        raise Untrusted("bad-consistency", f"{old} is no size before {size}")
    if old in (0, size):
        begins = old_root == (EMPTY_ROOT if old == 0 else root)
        if path or not begins:
            raise Untrusted("bad-consistency", f"roots of size {old} and {size} do not agree")
        return
    if _both_roots(old, size, old_root, path) != (old_root, root):
        raise Untrusted("bad-consistency", f"roots of size {old} and {size} do not agree")


def _both_roots(old: int, size: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        raise Untrusted("bad-consistency", "no hash")
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            raise Untrusted("bad-consistency", f"{len(path)} hashes are too many")
        if place & 1 or place == last:
            before, after = node_hash(hash_, before), node_hash(hash_, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, hash_)
        place, last = place >> 1, last >> 1
    if last:
        raise Untrusted("bad-consistency", f"{len(path)} hashes are too few")
    return before, after


def _path(level: int, index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """The siblings on the way up from a complete subtree: at most one of them, the last but left ones, is ragged."""
    out: list[bytes] = []
    last = (size - 1) >> level
    while last:
        if index & 1:
            out.append(node(level, index - 1))
        elif index < last:
            out.append(_fold(_cover((index + 1) << level, min((index + 2) << level, size), node)))
        index, last, level = index >> 1, last >> 1, level + 1
    return tuple(out)


def _cover(first: int, end: int, node: Node) -> list[bytes]:
    """The complete subtrees that cover the leaves from `first` to `end`, the largest first (`first` is aligned)."""
    out: list[bytes] = []
    while first < end:
        level = (end - first).bit_length() - 1
        out.append(node(level, first >> level))
        first += 1 << level
    return out


def _fold(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def _raise_level(levels: list[bytearray], level: int, index: int, hash_: bytes) -> None:
    """Put a hash at its place, and each parent that it completes."""
    while True:
        levels[level] += hash_
        if not index & 1:
            return
        hash_ = node_hash(_at(levels[level], index - 1), hash_)
        index, level = index >> 1, level + 1
        if level == len(levels):
            levels.append(bytearray())


def _at(level: bytearray, index: int) -> bytes:
    found = bytes(level[index * HASH_SIZE : (index + 1) * HASH_SIZE])
    if len(found) != HASH_SIZE:
        raise IndexError(f"subtree {index} is not there")
    return found


def _split(joined: bytes) -> Iterable[bytes]:
    return (joined[i : i + HASH_SIZE] for i in range(0, len(joined), HASH_SIZE))
