"""This node's own log: a leaf a tick, whether it is busy or silent, and the paths that tie what it said to it.

The tick is stored before its checkpoint is signed. Ticks missed while the node was down are appended empty.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from quartet.core.encoding import unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, Micros, Tick
from quartet.core.proof.checkpoint import log_origin, make_checkpoint
from quartet.core.proof.merkle import HASH_SIZE, CompactRange, leaf_hash
from quartet.core.proof.path import Path, decode_path, encode_path
from quartet.core.proof.tick import MAX_COMMITMENTS, SECRET_SIZE, TickTree
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.store import TickRow, Tx

INCARNATION: Final = 1
MAX_TREES: Final = 8
"""Tick trees kept made, for the paths that follow a tick."""
MAX_PACKED: Final = 4_096
"""Paths kept as they travel: each goes to every peer that was sent the item."""
MISSED_AT_ONCE: Final = 5_000
KEPT_CHECKPOINTS: Final = 3_600
"""Checkpoints kept beside those that a path needs."""


class Pinned(NamedTuple):
    """What all parcels of a file say of our log, so that its leaves in them reach so far and no further."""

    size: int
    note: str | None


class Ledger:
    """Makes ticks, checkpoints and paths."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._registry = registry
        self._store = parts.store
        self.tick_length = registry.membership.tick
        self.origin = log_origin(registry.exchange, parts.me, INCARNATION)
        self._trees: OrderedDict[int, tuple[TickRow, TickTree]] = OrderedDict()
        self._packed: OrderedDict[Commitment, bytes] = OrderedDict()
        self._last = self._store.reader.last_tick()
        self._range = _range_after(self._last)
        self.note: str | None = None
        if self._last is not None:
            self.note = self._checkpoint(self._last)

    @property
    def size(self) -> int:
        """How many leaves the log has."""
        return self._range.size

    @property
    def last(self) -> TickRow | None:
        """The newest tick."""
        return self._last

    def due_in(self, now: Micros) -> float:
        """Return in how many seconds the next tick is due."""
        following = (now // self.tick_length + 1) * self.tick_length
        return (following - now) / 1_000_000

    async def tick(self, now: Micros) -> int:
        """Close the tick that has ended, and any missed before; return how many commitments it took."""
        await self._keep_note()
        number = now // self.tick_length - 1
        if self._last is not None:
            number = max(number, self._last.number + 1)
            await self._append_missed(number)
        pending = self._store.reader.pending_commitments(MAX_COMMITMENTS)
        tree = self._tree(number, [c for _, c in pending])
        row = self._row(number, tree)
        await self._store.write(lambda tx: self._keep(tx, [row], [n for n, _ in pending]))
        self._advance(row)
        self.note = self._checkpoint(row)
        await self._keep_note()
        if pending:
            self._trees[number] = row, tree
            self._trim()
        return len(pending)

    def packed_path(self, c: Commitment, tick: int) -> bytes | None:
        """Return the path of one commitment as it travels."""
        found = self._packed.get(c)
        if found is None:
            path = self.path(c, tick)
            if path is None:
                return None
            found = self._packed[c] = encode_path(path)
            if len(self._packed) > MAX_PACKED:
                self._packed.popitem(last=False)
        return found

    async def _keep_note(self) -> None:
        """Keep the newest checkpoint, also one that a crash left unkept: the others may have cosigned it."""
        note, size = self.note, self.size
        if note is not None and self._store.reader.checkpoint(self.origin, size) is None:
            await self._store.write(lambda tx: tx.put_checkpoint(self.origin, size, note))

    def path(self, c: Commitment, tick: int) -> Path | None:
        """Return the path of one commitment, at the size just after its tick."""
        found = self._known(tick)
        if found is None:
            return self._returned_path(c)
        row, tree = found
        raw = unb64(c, HASH_SIZE)
        return Path(
            c=c,
            slot=tree.slot_of(raw),
            slot_path=tuple(tree.path(raw)),
            tick=Tick(tick),
            leaf_index=row.leaf_index,
            tick_path=tuple(_split(row.tick_path)),
            size=row.leaf_index + 1,
        )

    def _returned_path(self, c: Commitment) -> Path | None:
        """Return the path that came back with a statement of ours, into a tick of which only the root is known."""
        kept = self._store.reader.path(c)
        return None if kept is None or kept[0] != self.origin else decode_path(kept[2])

    def _known(self, tick: int) -> tuple[TickRow, TickTree] | None:
        """Return a tick with its tree, read once for all that lies in it; None for one that we cannot make anew."""
        found = self._trees.get(tick)
        row = None if found is not None else self._store.reader.tick(tick)
        if row is not None and row.secret:
            cs = [unb64(c) for c in self._store.reader.tick_commitments(tick)]
            found = self._trees[tick] = row, TickTree(row.secret, tick, cs)
            self._trim()
        return found

    def _trim(self) -> None:
        while len(self._trees) > MAX_TREES:
            self._trees.popitem(last=False)

    def root_at(self, size: int) -> bytes | None:
        """Return the root of the log as it was after so many leaves; None for more than it has."""
        found = self._store.reader.tick_at(size - 1)
        return None if found is None else _range_after(found).root()

    def root_with(self, size: int, leaves: Sequence[bytes]) -> bytes:
        """Return the root that our first `size` leaves have with others behind them."""
        grown = _range_after(self._store.reader.tick_at(size - 1))
        for leaf in leaves:
            grown.append(leaf_hash(leaf))
        return grown.root()

    def number_at(self, leaf: int, note: str) -> int:
        """Return which tick a leaf of our log is; of one that has none yet, a checkpoint says with which it begins."""
        if self._last is not None and leaf:
            return self._last.number - self._last.leaf_index + leaf
        return self._registry.log_keys(self._parts.me).checkpoint(note, self.origin).first_tick + leaf

    async def recover(self, note: str, leaves: Sequence[bytes]) -> None:
        """Go on behind leaves that the others hold of this log, up to a checkpoint that we signed.

        Of their ticks the roots alone are known. Raise `Untrusted("log-forked")`, and take none, unless the checkpoint
        follows from what is here and from them.
        """
        said = self._registry.log_keys(self._parts.me).checkpoint(note, self.origin)
        grown, first = _range_after(self._last), said.first_tick
        if self._last is not None and self._last.number - self._last.leaf_index != first:
            raise Untrusted("log-forked", f"one log began with tick {first}, one did not")
        rows = _by_root(grown, first, leaves)
        if (grown.size, grown.root()) != (said.size, said.root):
            raise Untrusted("log-forked", f"what the others hold at size {said.size} is not what is here")
        for start in range(0, len(rows), MISSED_AT_ONCE):
            part = rows[start : start + MISSED_AT_ONCE]
            await self._store.write(lambda tx, part=part: self._keep(tx, part, []))  # type: ignore[misc]
        await self._store.write(lambda tx: tx.put_checkpoint(self.origin, said.size, note))
        self._last, self._range = self._store.reader.last_tick(), grown
        self.note = note

    def sign(self) -> None:
        """Say how long the log is, under the key that is in use now."""
        if self._last is not None:
            self.note = self._checkpoint(self._last)

    async def give_way(self, note: str, first: int, leaves: Sequence[bytes], also: Callable[[Tx], None]) -> None:
        """Put leaves that a quorum may have on record in the place of ours from an index on, and go on behind them.

        What we said in those of ours waits for a tick again; `also` is kept together with that. Raise
        `Untrusted("log-forked")`, and change nothing, unless they lead to the checkpoint.
        """
        said = self._registry.log_keys(self._parts.me).checkpoint(note, self.origin)
        before = self._store.reader.tick_at(first - 1)
        begins = said.first_tick if before is None else before.number - before.leaf_index
        grown = _range_after(before)
        rows = _by_root(grown, begins, leaves)
        if (grown.size, grown.root(), begins) != (said.size, said.root, said.first_tick):
            raise Untrusted("log-forked", f"what the others hold at size {said.size} does not follow from what is here")

        def job(tx: Tx) -> None:
            tx.lose_ticks(self.origin, first)
            for row in rows:
                tx.put_tick(row, [])
            tx.put_leaves(self.origin, first, leaves)
            tx.put_checkpoint(self.origin, said.size, note)
            also(tx)

        await self._store.write(job)
        self._trees.clear()
        self._packed.clear()
        self._last, self._range = self._store.reader.last_tick(), grown
        self.sign()

    async def _append_missed(self, upto: int) -> None:
        while self._last is not None and self._last.number + 1 < upto:
            rows = []
            end = min(upto, self._last.number + 1 + MISSED_AT_ONCE)
            for number in range(self._last.number + 1, end):
                rows.append(self._row(number, self._tree(number, [])))
                self._advance(rows[-1])
            kept = rows
            try:
                await self._store.write(lambda tx, kept=kept: self._keep(tx, kept, []))  # type: ignore[misc]
            except BaseException:
                self._last = self._store.reader.last_tick()  # what was not kept was never said
                self._range = _range_after(self._last)
                raise

    def _tree(self, number: int, cs: list[Commitment]) -> TickTree:
        return TickTree(self._parts.entropy(SECRET_SIZE), number, [unb64(c, HASH_SIZE) for c in cs])

    def _row(self, number: int, tree: TickTree) -> TickRow:
        return TickRow(
            number=number,
            leaf_index=self._range.size,
            root=tree.root,
            secret=tree.secret,
            tick_path=b"".join(self._range.path_of_next()),
        )

    def _advance(self, row: TickRow) -> None:
        self._range.append(leaf_hash(row.root))
        self._last = row

    def _checkpoint(self, row: TickRow) -> str:
        """Return the checkpoint after a tick; none is left out, so that each leaf says which the first was."""
        first = Tick(row.number - row.leaf_index)
        return make_checkpoint(self.origin, self.size, self._range.root(), first, self._parts.keys.log)

    def _keep(self, tx: Tx, rows: list[TickRow], numbers: list[int]) -> None:
        for row in rows:
            tx.put_tick(row, numbers if row is rows[-1] else [])
        tx.put_leaves(self.origin, rows[0].leaf_index, [row.root for row in rows])
        if rows[-1].leaf_index % 600 == 0:
            tx.prune_log(self.origin, rows[-1].leaf_index - KEPT_CHECKPOINTS)


def _by_root(grown: CompactRange, begins: int, leaves: Sequence[bytes]) -> list[TickRow]:
    """Return the ticks of which others hold the roots, and have the tree grow by them."""
    rows = []
    for leaf in leaves:
        path = b"".join(grown.path_of_next())
        rows.append(TickRow(number=begins + grown.size, leaf_index=grown.size, root=leaf, secret=b"", tick_path=path))
        grown.append(leaf_hash(leaf))
    return rows


def _range_after(row: TickRow | None) -> CompactRange:
    """Return the tree as it stands after a tick: a tick's own path is the peaks before it, smallest first."""
    if row is None:
        return CompactRange()
    grown = CompactRange(row.leaf_index, _split(row.tick_path)[::-1])
    grown.append(leaf_hash(row.root))
    return grown


def _split(raw: bytes) -> list[bytes]:
    return [raw[i : i + HASH_SIZE] for i in range(0, len(raw), HASH_SIZE)]
