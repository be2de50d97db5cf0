"""The tree of one tick: every commitment in a slot of its own, drawn by chance, and nothing told of the empty ones.

Slots are the first two bytes of H("quartet/tick-slot/v1", secret, tick, k), k counting every draw; each maximal empty
subtree is H("quartet/tick-fill/v1", secret, tick, its height above the leaves, its index).
"""

from collections.abc import Sequence
from typing import Final

from quartet.core.encoding import beginning, digest_after
from quartet.core.faults import Malformed, Untrusted
from quartet.core.proof.merkle import HASH_SIZE, leaf_hash, node_hash

DEPTH: Final = 16
MAX_COMMITMENTS: Final = 60_000
"""More than this go to the next tick: beyond it drawing a free slot takes too long."""
SECRET_SIZE: Final = 32


class TickTree:
    """The tree of one tick, made by its author, who alone knows the secret."""

    def __init__(self, secret: bytes, tick: int, commitments: Sequence[bytes]) -> None:
        if len(secret) != SECRET_SIZE:
            raise Malformed("bad-secret", f"{len(secret)} bytes where {SECRET_SIZE} must be")
        if len(commitments) > MAX_COMMITMENTS:
            raise Malformed("tick-full", f"{len(commitments)} commitments where {MAX_COMMITMENTS} may be")
        self._secret = secret
        self._tick = tick
        self._slots = self._draw(commitments)
        self._levels: list[dict[int, bytes]] = [{slot: leaf_hash(c) for c, slot in self._slots.items()}]
        for height in range(DEPTH):
            self._levels.append(self._raise_level(height))
        self._root = self._levels[DEPTH].get(0) or digest_after(self._fill(DEPTH), 0)

    @property
    def secret(self) -> bytes:
        """The secret from which slots and fills are drawn; it never leaves the node."""
        return self._secret

    @property
    def root(self) -> bytes:
        """The root of the tick: the data of its leaf in the log."""
        return self._root

    def slot_of(self, c: bytes) -> int:
        """Return the slot of a commitment, or raise `Malformed("not-in-tick")`."""
        if c not in self._slots:
            raise Malformed("not-in-tick", f"tick {self._tick}")
        return self._slots[c]

    def path(self, c: bytes) -> list[bytes]:
        """Return the 16 hashes that tie a commitment to the root."""
        slot = self.slot_of(c)
        return [level[(slot >> height) ^ 1] for height, level in enumerate(self._levels[:DEPTH])]

    def _draw(self, commitments: Sequence[bytes]) -> dict[bytes, int]:
        slots: dict[bytes, int] = {}
        taken: set[int] = set()
        begun, k = beginning("quartet/tick-slot/v1", self._secret, self._tick), 0
        for c in commitments:
            while True:
                slot = int.from_bytes(digest_after(begun, k)[:2], "big")
                k += 1
                if slot not in taken:
                    break
            if c in slots:
                raise Malformed("commitment-twice", f"tick {self._tick}")
            taken.add(slot)
            slots[c] = slot
        return slots

    def _raise_level(self, height: int) -> dict[int, bytes]:
        """Return the level above: of each pair of which one half is there the other is filled, and kept for the paths.

        It is the greatest empty subtree there: below it nothing lies, and its neighbour holds something.
        """
        level, begun = self._levels[height], self._fill(height)
        for index in [i ^ 1 for i in level if i ^ 1 not in level]:
            level[index] = digest_after(begun, index)
        return {left >> 1: node_hash(level[left], level[left | 1]) for left in level if not left & 1}

    def _fill(self, height: int) -> bytes:
        """Return how every fill at a height begins; its index follows."""
        return beginning("quartet/tick-fill/v1", self._secret, self._tick, height)


def tick_root(c: bytes, slot: int, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` leads to from a commitment, or raise `Untrusted("bad-slot-path")`."""
    if (
        not 0 <= slot < 1 << DEPTH
        or len(path) != DEPTH
        or len(c) != HASH_SIZE
        or any(len(h) != HASH_SIZE for h in path)
    ):
        raise Untrusted("bad-slot-path", f"slot {slot}, {len(path)} hashes")
    at = leaf_hash(c)
    for height, sibling in enumerate(path):
        at = node_hash(sibling, at) if (slot >> height) & 1 else node_hash(at, sibling)
    return at
