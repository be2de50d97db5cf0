"""The paths that prove to one peer where in our log the statements and receipts stand that it holds of us."""

from typing import Final

from quartet.core.ids import Commitment
from quartet.core.parcel import open_content
from quartet.core.receipt import batch_commitment
from quartet.node.ledger import Ledger
from quartet.node.link import Cargo
from quartet.node.load import Load
from quartet.node.peer import Peer
from quartet.store import Reader

MAX_PATHS: Final = 200


class Ways:
    """Gives a peer's parcels the paths that are due to it."""

    def __init__(self, reader: Reader, ledger: Ledger, peer: Peer) -> None:
        self._reader = reader
        self._ledger = ledger
        self._peer = peer
        self._look = True

    def look(self) -> None:
        """Look again: a tick has ended."""
        self._look = True

    def add(self, cargo: Cargo, load: Load) -> None:
        """Add what is due and fits; whether there is more is seen by the next parcel."""
        if not self._look:
            return
        due = self._reader.paths_due(self._peer.member, MAX_PATHS)
        wait = self._not_yet()
        for c, tick in due:
            if c in wait:
                continue
            data = self._ledger.packed_path(c, tick)
            if data is None:
                continue
            if not load.takes(len(data)):
                return
            load.add(open_content("path", data))
            cargo.paths.append(c)
        self._look = len(due) == MAX_PATHS

    def _not_yet(self) -> set[Commitment]:
        """Return whose paths do not go now: those on their way, and of receipts that the peer does not hold yet."""
        under_way = self._peer.outgoing.under_way()
        paths = {c for sent in under_way for c in sent.cargo.paths}
        batches = [*self._peer.batches, *(batch for sent in under_way for batch in sent.cargo.batches)]
        return {Commitment(c) for c in paths} | {batch_commitment(batch) for batch in batches}
