"""How far behind a peer is under cover: when what waits for it will have gone, at the rate that the charter gives."""

from typing import Final

from quartet.core.ids import SECOND
from quartet.core.parcel import MAX_PART
from quartet.node.peer import Peer
from quartet.store import Reader

LOOKED_AT: Final = 500
"""Items whose size is looked at; the others count as these on the average."""
USED: Final = 3, 4
"""Of each parcel so much is for what waits: the rest is header, log and receipts."""


def behind_s(peer: Peer, reader: Reader, tick: int) -> int | None:
    """Return about how many seconds it takes until what waits has gone; None without cover, 0 within two slots."""
    if peer.cover is None:
        return None
    files = sum(parts - following for _, _, following, parts in reader.part_deliveries(peer.member))
    waiting = [reader.due_size(peer.member, LOOKED_AT), files * MAX_PART, peer.larges.left, *map(len, peer.batches)]
    slots = sum(waiting) * USED[1] // (peer.cover * USED[0])
    return slots * tick // SECOND if slots > 1 else 0
