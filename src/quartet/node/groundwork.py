"""What a peer needs to judge the rest of a parcel by: acts, our officers, the leaves of our log, our cosignatures."""

from typing import Final, Literal

import msgspec

from quartet.core.parcel import open_content
from quartet.node.ledger import Ledger
from quartet.node.load import Load
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.node.witness import MAX_LEAVES_SENT, Witness

MAX_PIECES: Final = 4
"""Pieces of leaves on their way to who was away: half a megabyte, beside which a FLASH still goes."""

LEAVES_ROOM: Final = 4 * 32
"""Under cover leaves have a quarter of a parcel."""


class Groundwork:
    """Adds to one peer's parcels what he does not have of it."""

    def __init__(self, parts: Parts, registry: Registry, ledger: Ledger, witness: Witness, peer: Peer) -> None:
        self._parts = parts
        self._registry = registry
        self._ledger = ledger
        self._witness = witness
        self._peer = peer

    def add(self, load: Load, *, beat: bool, upto: int | None = None) -> bool:
        """Add all of it, leaves at the beat; return whether more may go at once.

        Into a file go all leaves `upto` which its parcels speak of, in as many as it takes: nobody asks for more.
        """
        self.add_acts(load)
        self.add_officers(load)
        if beat and (self._peer.ask_leaves or self._peer.member in self._witness.asks):
            load.add(open_content("checkpoint", str(self._witness.state(self._peer.member).size).encode()))
            self._peer.ask_leaves = False
        more = self._add_leaves(load, beat=beat) if upto is None else self._add_leaves_to(upto, load)
        for which, note in self._witness.fresh.items():
            if self._peer.told_cosigned.get(which) != note and load.takes(len(note)):
                self._peer.told_cosigned[which] = note
                load.add(open_content("cosignature", note.encode()))
        return more

    def add_acts(self, load: Load) -> None:
        """Add the acts that the peer does not have; none while one before it is on its way in pieces."""
        for n in range(max(self._peer.acts_to, *self._on_way("acts_to")), len(self._registry.state.acts)):
            act = self._registry.state.acts[n]
            if any(cargo.acts_to for cargo in self._peer.larges.cargos) or not load.takes(len(act)):
                return
            load.add(open_content("act", act)).acts_to = n + 1

    def add_officers(self, load: Load) -> None:
        """Add our newest list of officers: no fact that one of them asserts may go before it."""
        officers = self._registry.officer_manifest(self._parts.me)
        if officers is None or max(self._peer.officers, *self._on_way("officers")) >= officers[0]:
            return
        if load.takes(len(officers[1])):
            load.add(open_content("officers", officers[1])).officers = officers[0]

    def _add_leaves(self, load: Load, *, beat: bool) -> bool:
        """Add what follows the leaves that the peer has: again at each beat; of much, one piece behind the other."""
        first = self._peer.leaves_to
        most = MAX_LEAVES_SENT if self._peer.cover is None else min(MAX_LEAVES_SENT, load.room // LEAVES_ROOM)
        far = 0 < first < self._ledger.size - most
        if far:
            on_way = self._on_way("leaves_to")
            if sum(1 for to in on_way if to) >= MAX_PIECES:
                return False
            first = max(first, *on_way)
        upto = None if self._peer.cover is None else first + most
        return self._add_piece(first, load, upto) and far if beat or far else False

    def _add_leaves_to(self, upto: int, load: Load) -> bool:
        first = max(self._peer.leaves_to, *self._on_way("leaves_to"))
        return first < upto and self._add_piece(first, load, upto)

    def _add_piece(self, first: int, load: Load, upto: int | None = None) -> bool:
        if self._ledger.note is None:
            return False  # nothing of our log is said before it is known what goes on
        part = self._witness.leaves_for(first, upto)
        if part is not None:
            cargo = load.add(open_content("proof-part", msgspec.msgpack.encode(part)))
            cargo.leaves_to = part.first + len(part.leaves) // 32
        return part is not None

    def _on_way(self, what: Literal["acts_to", "officers", "leaves_to"]) -> list[int]:
        """Return up to where the parcels bring something that the peer did not confirm yet, and 0."""
        return [0, *(getattr(cargo, what) for cargo in self._peer.under_way())]
