"""The tree of one tick: a thousand commitments or none look the same from outside.

Each commitment takes a slot that only the holder of the tick's secret can foresee; what is empty is filled with hashes
that only it can make. A path therefore says nothing about how many others there are.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.encoding import digest, unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, Tick
from quartet.core.proof.merkle import HASH_SIZE, leaf_hash, node_hash

DEPTH: Final = 16
SLOTS: Final = 1 << DEPTH
MAX_COMMITMENTS: Final = 60_000
SECRET_SIZE: Final = 32

Levels = list[dict[int, bytes]]


class TickTree:
    """The tree of a tick, with the hashes that its paths need and no others."""

    __slots__ = ("_levels", "_slots", "root", "tick")

    def __init__(self, tick: Tick, slots: dict[Commitment, int], levels: Levels) -> None:
        self.tick = tick
        self.root: bytes = levels[DEPTH][0]
        self._slots = slots
        self._levels = levels

    def slot_of(self, c: Commitment) -> int:
        """Return the slot of a commitment; raises `KeyError` for one that is not in this tick."""
        return self._slots[c]

    def path(self, c: Commitment) -> tuple[bytes, ...]:
        """Return the 16 hashes that tie a commitment to the root, the lowest first."""
        slot = self._slots[c]
        return tuple(self._levels[height][(slot >> height) ^ 1] for height in range(DEPTH))

    def __len__(self) -> int:
        return len(self._slots)


def build_tick(secret: bytes, tick: Tick, commitments: Iterable[Commitment]) -> TickTree:
    """Return the tree of a tick over commitments in commit order; a repeated one keeps its first slot.

    More than `MAX_COMMITMENTS`, or a secret of another size, is a mistake of the caller: `ValueError`.
    """
    if len(secret) != SECRET_SIZE:
        raise ValueError(f"a secret of {len(secret)} bytes where {SECRET_SIZE} must be")
    once = tuple(dict.fromkeys(commitments))
    if len(once) > MAX_COMMITMENTS:
        raise ValueError(f"{len(once)} commitments where {MAX_COMMITMENTS} may be: they go to the next tick")
    slots = dict(zip(once, draw_slots(secret, tick, len(once)), strict=True))
    return TickTree(tick, slots, _levels(secret, tick, {s: leaf_hash(unb64(c, HASH_SIZE)) for c, s in slots.items()}))


def draw_slots(secret: bytes, tick: Tick, count: int) -> list[int]:
    """Return the first `count` slots of a tick: every draw counts, one that is taken is skipped."""
    taken: dict[int, None] = {}
    k = 0
    while len(taken) < count:
        taken[int.from_bytes(digest("quartet/tick-slot/v1", secret, tick, k)[:2], "big")] = None
        k += 1
    return list(taken)


def tick_root_of(c: bytes, slot: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a path leads to from a commitment, or raise `Untrusted("bad-slot-path")`."""
    if not 0 <= slot < SLOTS or len(path) != DEPTH or len(c) != HASH_SIZE:
        raise Untrusted("bad-slot-path", f"{len(path)} hashes from slot {slot}")
    found = leaf_hash(c)
    for height, sibling in enumerate(path):
        found = node_hash(sibling, found) if slot >> height & 1 else node_hash(found, sibling)
    return found


def _levels(secret: bytes, tick: Tick, leaves: dict[int, bytes]) -> Levels:
    """All nodes that are not inside an empty subtree; each maximal empty subtree is one filled node."""
    fill = _Filler(secret, tick)
    if not leaves:
        return [*({} for _ in range(DEPTH)), {0: fill(DEPTH, 0)}]
    levels: Levels = [leaves]
    for height in range(DEPTH):
        level = levels[height]
        level.update({i ^ 1: fill(height, i ^ 1) for i in tuple(level) if i ^ 1 not in level})
        levels.append({i >> 1: node_hash(level[i], level[i | 1]) for i in level if not i & 1})
    return levels


class _Filler:
    """digest("quartet/tick-fill/v1", secret, tick, height, index), with what stays the same hashed once."""

    def __init__(self, secret: bytes, tick: Tick) -> None:
        tag, size = b"quartet/tick-fill/v1", (8).to_bytes(8, "big")
        parts = (
            len(tag).to_bytes(8, "big"),
            tag,
            len(secret).to_bytes(8, "big"),
            secret,
            size,
            tick.to_bytes(8, "big"),
        )
        self._begun = hashlib.sha256(b"".join((*parts, size)))
        self._size = size

    def __call__(self, height: int, index: int) -> bytes:
        begun = self._begun.copy()
        begun.update(height.to_bytes(8, "big") + self._size + index.to_bytes(8, "big"))
        return begun.digest()
