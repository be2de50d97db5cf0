"""What an earlier release kept without understanding it, and this one reads: once, as the node begins.

Nothing of it waits: its signature was checked when it came, and it was decided and sealed like all else. Only what we
said of it changes, from HELD to VERIFIED, and its author is told so by a receipt of now. The old receipt stands where
it is: it was true.
"""

from collections.abc import Iterator, Mapping

from quartet.core.ids import Commitment, MemberId
from quartet.core.receipt import MAX_RECEIPTS, Receipt, batch_commitment, make_batch
from quartet.node.filing import is_readable
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.store import ItemRow, Tx


async def read_anew(parts: Parts, registry: Registry, peers: Mapping[MemberId, Peer]) -> None:
    """Take for verified what is held and can be read by now, and receipt it to its authors that are still here.

    Raise `Unavailable` where the disk takes nothing. Should the node end before the receipt has left, its author goes
    on reading HELD: that says too little, and nothing wrong.
    """
    for author, rows in _held(parts):
        peer = peers.get(author)
        batch = None if peer is None else make_batch(_receipts(parts, registry, rows), parts.keys.item)

        def job(tx: Tx, author: MemberId = author, rows: list[ItemRow] = rows, batch: bytes | None = batch) -> None:
            items = [row.id for row in rows]
            tx.set_readable(items)
            if batch is not None:
                tx.put_made_batch(author, batch_commitment(batch), batch, items, parts.clock.now(), items)

        await parts.store.write(job)
        if peer is not None and batch is not None:
            peer.batches.append(batch)


def _held(parts: Parts) -> Iterator[tuple[MemberId, list[ItemRow]]]:
    """Yield what can be read by now, by author, so many as a batch may have."""
    found: dict[MemberId, list[ItemRow]] = {}
    for row in parts.store.reader.held():
        if is_readable(row.kind, row.kind_v):
            found.setdefault(row.author, []).append(row)
    for author, rows in sorted(found.items()):
        for first in range(0, len(rows), MAX_RECEIPTS):
            yield author, rows[first : first + MAX_RECEIPTS]


def _receipts(parts: Parts, registry: Registry, rows: list[ItemRow]) -> list[Receipt]:
    return [
        Receipt(
            v=1,
            exchange=registry.exchange,
            recipient=parts.me,
            incarnation=INCARNATION,
            author=row.author,
            id=row.id,
            c=Commitment(row.c),
            state="VERIFIED",
            parcel_seq=0,  # no parcel brought it now
        )
        for row in rows
    ]
