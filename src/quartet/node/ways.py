"""The paths that prove to one peer where in our log the statements and receipts stand that it holds of us."""

from typing import Final

from quartet.core.ids import Commitment
from quartet.core.parcel import open_content
from quartet.core.receipt import batch_commitment
from quartet.node.ledger import Ledger
from quartet.node.load import Load
from quartet.node.peer import Peer
from quartet.store import PathDue, Reader

MAX_PATHS: Final = 200
"""How many of those that are due are read at once."""
BEGINNING: Final = (0, 0)


class Ways:
    """Gives a peer's parcels the paths that are due to it."""

    def __init__(self, reader: Reader, ledger: Ledger, peer: Peer) -> None:
        self._reader = reader
        self._ledger = ledger
        self._peer = peer
        self._look = True
        self._after = BEGINNING
        self._wait: set[Commitment] | None = None
        """While a file is filled: whose paths do not go with it."""

    def look(self) -> None:
        """Look again: a tick has ended."""
        self._look = self._look or self._wait is None

    def begin_file(self) -> None:
        """Go once through all that is due, from its beginning: those that the file has are passed, not looked for."""
        self._look, self._after, self._wait = True, BEGINNING, self._not_yet()

    def end_file(self) -> None:
        """Give parcels for a link what is due again."""
        self._look, self._after, self._wait = True, BEGINNING, None

    def add(self, load: Load) -> None:
        """Add what is due and fits, a page at most; where there is more the next parcel goes on."""
        while self._look and not load.cargo.paths:
            due = self._reader.paths_due(self._peer.member, MAX_PATHS, self._after)
            if not self._fits(due, load):
                return
            if len(due) < MAX_PATHS:
                self._look, self._after = False, BEGINNING

    def _fits(self, due: list[PathDue], load: Load) -> bool:
        wait = self._not_yet() if self._wait is None else self._wait
        for one in due:
            data = None if one.c in wait else self._ledger.packed_path(one.c, one.tick)
            if data is not None:
                if not load.takes(len(data)):
                    return False
                load.add(open_content("path", data)).paths.append(one.c)
            self._after = one.place
        return True

    def _not_yet(self) -> set[Commitment]:
        """Return whose paths do not go now: those on their way, and of receipts that the peer does not hold yet."""
        under_way = self._peer.under_way()
        paths = {c for cargo in under_way for c in cargo.paths}
        batches = [*self._peer.batches, *(batch for cargo in under_way for batch in cargo.batches)]
        return {Commitment(c) for c in paths} | {batch_commitment(batch) for batch in batches}
