"""Paths into logs whose leaves we hold: believed when they come, and grown to the checkpoint that a proof shows.

An author gives the path to the size just after its tick, when nobody has cosigned yet. Whoever holds the leaves that
follow can lead it on to any later checkpoint.
"""

from collections import OrderedDict
from functools import partial
from typing import Final, NamedTuple

from quartet.core.faults import Unavailable, Untrusted
from quartet.core.ids import Tick
from quartet.core.proof.checkpoint import read_checkpoint
from quartet.core.proof.log import Node, path_from, root_at
from quartet.core.proof.merkle import leaf_hash, node_hash, root_of
from quartet.core.proof.note import read_note
from quartet.core.proof.path import Path, check_tick, grow_path, root_in_tick, verify_path
from quartet.store import Reader

LOW: Final = 6
"""Subtrees of up to 64 leaves are hashed anew; larger ones are kept in memory."""
MAX_SUBTREES: Final = 20_000
MAX_BELIEVED: Final = 256
"""Leaves whose way to a checkpoint was checked: all commitments of a tick share it."""


class Paths:
    """Believes paths, and leads them on."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._subtrees: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._believed: OrderedDict[tuple[str, int], tuple[bytes, tuple[bytes, ...]]] = OrderedDict()

    def believe(self, origin: str, path: Path, first_tick: Tick | None) -> None:
        """Raise unless a path leads into the log as we hold it.

        (1) its leaf is here (`leaf-missing`: wait for it), (2) it is to the size just after its leaf (`other-size`),
        (3) its tick is the leaf's (`other-tick`), (4) the tick's root is the leaf, and (5) the way from there leads to
        the next checkpoint that we hold (`bad-path`).
        """
        known = self._believed.get((origin, path.leaf_index))
        leaves = self._reader.leaves(origin, path.leaf_index, 1) if known is None else [known[0]]
        if not leaves or first_tick is None:
            raise Unavailable("leaf-missing", f"leaf {path.leaf_index} of {origin}")
        if path.size != path.leaf_index + 1:
            raise Untrusted("other-size", f"leaf {path.leaf_index} with a path to size {path.size}")
        check_tick(path, first_tick)
        if root_in_tick(path) != leaves[0]:
            raise Untrusted("bad-path", f"leaf {path.leaf_index} of {origin} holds another root")
        if known is None or known[1] != path.tick_path:
            self._lead_to_checkpoint(origin, path, leaves[0])

    def _lead_to_checkpoint(self, origin: str, path: Path, leaf: bytes) -> None:
        found = self._reader.checkpoint_from(origin, path.size)
        if found is None:
            raise Unavailable("leaf-missing", f"no checkpoint of {origin} from size {path.size} on")
        said = read_checkpoint(read_note(found[1]).text)
        verify_path(self.grown(origin, path, said.size), said.size, said.root, said.first_tick)
        self._believed[origin, path.leaf_index] = (leaf, path.tick_path)
        while len(self._believed) > MAX_BELIEVED:
            self._believed.popitem(last=False)

    def forget(self, origin: str) -> None:
        """Forget what was hashed of a log: its leaves were cut back."""
        for kept in (self._subtrees, self._believed):
            for key in [key for key in kept if key[0] == origin]:
                del kept[key]  # type: ignore[arg-type]

    def grown(self, origin: str, path: Path, size: int) -> Path:
        """Return the path of the same leaf to a size up to which we hold the leaves."""
        return grow_path(path, size, partial(self._subtree, origin))

    def tree(self, origin: str, size: int) -> "HeldTree":
        """Return a log's tree up to a size of which we hold the leaves."""
        return HeldTree(size, partial(self._subtree, origin))

    def _subtree(self, origin: str, level: int, index: int) -> bytes:
        if level <= LOW:
            leaves = self._reader.leaves(origin, index << level, 1 << level)
            if len(leaves) != 1 << level:
                raise Unavailable("leaf-missing", f"leaf {(index << level) + len(leaves)} of {origin}")
            return root_of([leaf_hash(leaf) for leaf in leaves])
        kept = self._subtrees.get((origin, level, index))
        if kept is None:
            below = [self._subtree(origin, level - 1, 2 * index + side) for side in (0, 1)]
            kept = self._subtrees[origin, level, index] = node_hash(*below)
            while len(self._subtrees) > MAX_SUBTREES:
                self._subtrees.popitem(last=False)
        return kept


class HeldTree(NamedTuple):
    """A log's tree as its leaves lie here. Raises `Unavailable("leaf-missing")` where one does not."""

    size: int
    node: Node

    def root(self, size: int) -> bytes:
        """Return the root of its first `size` leaves."""
        return root_at(size, self.node)

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """Return the hashes that show that the first `size` leaves begin with the first `old`."""
        return path_from(old, size, self.node)
