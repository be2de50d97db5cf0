"""Since when a quorum covers what a member committed: by the cosignatures that this node holds, and by shown proofs.

Who witnesses is asked as of the time that the caller names, so that an act in between does not move what was.
"""

from collections.abc import Mapping

from quartet.core.faults import Unavailable
from quartet.core.ids import Commitment, MemberId, Micros
from quartet.core.proof.checkpoint import witness_named
from quartet.core.proof.counting import covered_since
from quartet.core.proof.logkeys import LogKeyring
from quartet.core.proof.note import SignatureLine, read_line
from quartet.core.proof.path import Path, decode_path
from quartet.core.proof.since import LogKeys, Shown, make_since, read_dates, read_tick
from quartet.node.ledger import Ledger
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import Reader

_Lines = Mapping[MemberId, tuple[int, int, str]]
"""Of each witness its first cosignature over a leaf: size, seconds, line."""


class Dating:
    """Dates commitments; None where that is not known here."""

    def __init__(self, reader: Reader, registry: Registry, ledger: Ledger, witness: Witness) -> None:
        self._reader = reader
        self._registry = registry
        self._ledger = ledger
        self._witness = witness

    def since(self, member: MemberId, c: Commitment, at: Micros) -> Micros | None:
        """Return since when a quorum covers a member's commitment, by the cosignatures that are here."""
        leaf = self._leaf(member, c)
        return None if leaf is None else self._witness.covered(self._witness.origin(member), leaf, at)

    def proof(self, member: MemberId, c: Commitment, at: Micros) -> bytes:
        """Return what proves a date that `since` gave, to whoever holds none of it."""
        path = self._path(member, c)
        if path is None:
            raise Unavailable("not-on-record", c[:8])
        origin = self._witness.origin(member)
        by_size: dict[int, list[SignatureLine]] = {}
        for size, _, line in self._lines(member, path.leaf_index, at).values():
            by_size.setdefault(size, []).append(read_line(line.rstrip("\n")))
        return make_since([self._shown(origin, path, size, lines) for size, lines in sorted(by_size.items())])

    def shown(self, member: MemberId, proof: bytes, at: Micros) -> Micros | None:
        """Return since when a quorum covers a member's commitment, by a proof that was checked before."""
        membership, exchange = self._registry.membership, self._registry.exchange
        named = {witness_named(exchange, name): date for name, date in read_dates(proof).items()}
        dates = {witness: date for witness, date in named.items() if witness is not None}
        return covered_since(dates, membership, member, at, Micros(read_tick(proof) * membership.tick))

    def keys(self, member: MemberId) -> LogKeys:
        """Return by which keys a member's log is believed; raise `Unavailable("no-manifest")` for one not heard yet."""
        return LogKeys(self._witness.origin(member), self._registry.log_keys(member), self._witness_keys)

    def fits(self, member: MemberId, leaf_index: int, root: bytes) -> bool:
        """Return whether a leaf of a member's log holds this root, or has not come here."""
        leaves = self._reader.leaves(self._witness.origin(member), leaf_index, 1)
        return not leaves or leaves[0] == root

    def _witness_keys(self, name: str) -> LogKeyring | None:
        member = witness_named(self._registry.exchange, name)
        if member is None or member not in self._registry.state.members:
            return None
        return self._registry.log_keys(member)

    def _lines(self, member: MemberId, leaf_index: int, at: Micros) -> _Lines:
        origin = self._witness.origin(member)
        found = {w: self._reader.cosigned(origin, w, leaf_index + 1) for w in self._registry.witnesses(member, at)}
        return {witness: line for witness, line in found.items() if line is not None}

    def _shown(self, origin: str, path: Path, size: int, lines: list[SignatureLine]) -> Shown:
        checkpoint = self._reader.checkpoint(origin, size)
        if checkpoint is None:
            raise Unavailable("checkpoint-missing", f"{size} of {origin}")
        return Shown(self._witness.paths.grown(origin, path, size), checkpoint[1], lines)

    def _leaf(self, member: MemberId, c: Commitment) -> int | None:
        if member != self._registry.me:
            found = self._reader.path(c)
            return None if found is None else found[1]
        tick = self._reader.tick_of(c)
        row = None if tick is None else self._reader.tick(tick)
        return None if row is None else row.leaf_index

    def _path(self, member: MemberId, c: Commitment) -> Path | None:
        if member != self._registry.me:
            found = self._reader.path(c)
            return None if found is None else decode_path(found[2])
        tick = self._reader.tick_of(c)
        return None if tick is None else self._ledger.path(c, tick)


__all__ = ["Dating"]
