"""A log's tree kept by its subtrees, so that an append and a proof cost O(log n) and no leaf is hashed twice.

`MerkleLog` holds every complete subtree in memory; `TiledLog` holds one hash for 256 leaves and reads the rest.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.proof.merkle import EMPTY_ROOT, HASH_SIZE, leaf_hash, node_hash, root_of

TILE_HEIGHT: Final = 8
TILE: Final = 1 << TILE_HEIGHT

Node = Callable[[int, int], bytes]
"""(level, index) -> hash of the complete subtree of 2^level leaves that starts at leaf index * 2^level."""


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
        return path_in(index, self._sized(size), self.node)

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the hashes that show that the tree grew out of the one of size `old`."""
        return path_from(old, self._sized(size), self.node)

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
        self._open: list[bytes] = []
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
        return root_of(list(_split(self._read(index << level, 1 << level))))

    def _append_many(self, leaves: bytes) -> None:
        if len(leaves) % HASH_SIZE:
            raise Malformed("bad-length", f"{len(leaves)} bytes of leaf hashes")
        for leaf in _split(leaves):
            self._open.append(leaf)
            self.size += 1
            if len(self._open) == TILE:
                _raise_level(self._levels, 0, (self.size - 1) >> TILE_HEIGHT, root_of(self._open))
                self._open = []


def root_at(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return _fold(_cover(0, size, node))


def path_in(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the audit path of RFC 9162 section 2.1.3.1, the lowest hash first."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of a tree of {size}")
    return _path(0, index, size, node)


def path_from(old: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the consistency proof of RFC 9162 section 2.1.4.1; empty for 0 and for the same size."""
    if not 0 <= old <= size:
        raise IndexError(f"size {old} of a tree of {size}")
    if old in (0, size):
        return ()
    level = (old & -old).bit_length() - 1
    last = (old >> level) - 1
    seed = () if last == 0 else (node(level, last),)
    return seed + _path(level, last, size, node)


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
