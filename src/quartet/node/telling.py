"""Tell one peer since when the items with deadlines that it holds, and the receipts for them, are on record."""

from collections.abc import Callable
from typing import Final

from quartet.core.ids import ItemId, Micros
from quartet.core.onrecord import write_on_record
from quartet.core.parcel import open_content
from quartet.core.release import Released
from quartet.node.load import Load
from quartet.node.peer import Peer
from quartet.store import Reader

MAX_TOLD: Final = 100
"""How many one parcel is given; the next ones go with the next."""
BEGINNING: Final = (0, "")


class Telling:
    """Gives a peer's parcels what it is still to be told; `released` asks the gate for an item and this peer."""

    def __init__(self, reader: Reader, peer: Peer, released: Callable[[ItemId, Micros], Released | None]) -> None:
        self._reader = reader
        self._peer = peer
        self._released = released
        self._look = True
        self._after = BEGINNING

    def look(self) -> None:
        """Look again: a tick has ended."""
        self._look = True

    def add(self, load: Load, now: Micros) -> bool:
        """Add what is due and fits; return whether more may be.

        Of an item of ours only while the gate still gives it to the peer; of the peer's own item it knows anyhow. What
        the gate withholds stays due, and is passed over: the next look goes on behind it, and comes round again.
        """
        if not self._look:
            return False
        due = self._reader.tellings(self._peer.member, self._after, MAX_TOLD)
        going = {told for cargo in self._peer.under_way() for told in cargo.told}
        for telling in due:
            row = telling.row
            told = (row.item, row.about, row.since)
            if told not in going and (not telling.mine or self._released(row.item, now) is not None):
                data = write_on_record(row.item, row.receipt, row.proof)
                if not load.takes(len(data)):
                    return True
                load.add(open_content("on-record", data)).told.append(told)
            self._after = telling.place
        if len(due) < MAX_TOLD:
            self._look, self._after = False, BEGINNING
        return self._look
