"""Merkle trees as RFC 6962 and RFC 9162 have them: roots, inclusion, consistency, and a tree kept by its peaks.

Leaf hash is SHA-256(00 data), node hash SHA-256(01 left right).
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from quartet.core.faults import Malformed, Untrusted

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
MAX_PATH: Final = 63


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; of no leaf, the hash of nothing."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that tie leaf `index` to the root over `hashes`."""
    if not 0 <= index < len(hashes):
        raise Malformed("no-such-leaf", f"{index} of {len(hashes)}")
    path = []
    level = list(hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = [node_hash(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
        index //= 2
    return path


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` leads to from a leaf hash (RFC 9162, 2.1.3.2); raise `Untrusted("bad-path")`."""
    if not 0 <= index < size:
        raise Untrusted("bad-path", f"leaf {index} of {size}")
    node, last, at = index, size - 1, leaf
    for sibling in path:
        if last == 0 or len(sibling) != HASH_SIZE:
            raise Untrusted("bad-path", "too long")
        if node & 1 or node == last:
            at = node_hash(sibling, at)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            at = node_hash(at, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise Untrusted("bad-path", "too short")
    return at


def consistency_path(hashes: Sequence[bytes], old: int) -> list[bytes]:
    """Return the proof that the first `old` leaves are the beginning of `hashes` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= len(hashes):
        raise Malformed("no-such-size", f"{old} of {len(hashes)}")
    return _subproof(old, hashes, whole=True)


def _subproof(old: int, hashes: Sequence[bytes], *, whole: bool) -> list[bytes]:
    size = len(hashes)
    if old == size:
        return [] if whole else [root_of(hashes)]
    split = 1 << ((size - 1).bit_length() - 1)
    if old <= split:
        return [*_subproof(old, hashes[:split], whole=whole), root_of(hashes[split:])]
    return [*_subproof(old - split, hashes[split:], whole=False), root_of(hashes[:split])]


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise `Untrusted("not-consistent")` unless the tree of `old` leaves is the beginning of that of `size` leaves."""
    if not 0 < old <= size:
        raise Untrusted("not-consistent", f"{old} of {size}")
    if old == size:
        if path or old_root != root:
            raise Untrusted("not-consistent", "same size, another root")
        return
    proof = list(path)
    if old & (old - 1) == 0:
        proof.insert(0, old_root)
    if not proof:
        raise Untrusted("not-consistent", "empty proof")
    if _both_roots(old, size, proof) != (old_root, root):
        raise Untrusted("not-consistent", "other roots")


def _both_roots(old: int, size: int, proof: list[bytes]) -> tuple[bytes, bytes]:
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            raise Untrusted("not-consistent", "too long")
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise Untrusted("not-consistent", "too short")
    return first, second


class CompactRange:
    """A tree kept by the roots of its complete subtrees, largest first: enough to append and to know the root."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Start from a known size and its peaks; raise `Malformed` if they do not fit each other."""
        if size < 0 or len(peaks) != size.bit_count() or any(len(p) != HASH_SIZE for p in peaks):
            raise Malformed("bad-peaks", f"{len(peaks)} peaks for {size} leaves")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        at, size = leaf, self.size
        while size & 1:
            at = node_hash(self.peaks.pop(), at)
            size >>= 1
        self.peaks.append(at)
        self.size += 1

    def root(self) -> bytes:
        """Return the root at the present size."""
        if not self.peaks:
            return EMPTY_ROOT
        at = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            at = node_hash(peak, at)
        return at

    def path_of_next(self) -> list[bytes]:
        """Return the inclusion path that the next leaf will have at the size after it: the peaks, smallest first."""
        return self.peaks[::-1]

    def copy(self) -> "CompactRange":
        """Return a range that grows by itself."""
        return CompactRange(self.size, self.peaks)
