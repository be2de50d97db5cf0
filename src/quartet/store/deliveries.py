"""Who gets what, row by row, and the receipts that came back and those we gave.

Each new fact decides rows again; what was once sent stays known as sent, whatever is decided later.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.store import hot
from quartet.store.items import ItemWrites
from quartet.store.records import Batch, Delivery, DeliveryState, Due
from quartet.store.rows import Reads, Row

_ADMISSION: Final = "(SELECT admission FROM item WHERE id = ?)"
_DELIVERY: Final = (
    "SELECT id, member, lane, delivery.state, reason, decided, seq, sent, receipted, batch, place, purged"
    " FROM delivery JOIN item ON item = admission"
)
_BATCH: Final = "SELECT n, author, recipient, data, c, at FROM receipt_batch"


class DeliveryReads(Reads):
    """Reads delivery rows and receipts."""

    def due(self, member: MemberId, lane: int, limit: int, after: int = 0) -> list[Due]:
        """Return rows of this lane that wait for the member, oldest first, admitted after `after`."""
        sql = (
            "SELECT id, admission, lane FROM delivery JOIN item ON item = admission"
            " WHERE delivery.state = 'due' AND member = ? AND lane = ? AND item > ? ORDER BY item LIMIT ?"
        )
        return [Due(ItemId(i), n, at) for i, n, at in self._rows(sql, (member, lane, after, limit))]

    def due_counts(self, member: MemberId) -> dict[int, int]:
        """Return how many rows wait for the member, by lane."""
        sql = "SELECT lane, count(*) FROM delivery WHERE state = 'due' AND member = ? GROUP BY lane"
        return dict(self._rows(sql, (member,)))

    def delivery(self, item: ItemId, member: MemberId) -> Delivery | None:
        """Return where the item stands on its way to the member, or None if it was never decided."""
        rows = self._rows(_DELIVERY + " WHERE id = ? AND member = ?", (item, member))
        return _delivery(rows[0]) if rows else None

    def deliveries(self, item: ItemId) -> list[Delivery]:
        """Return where the item stands on its way to each member."""
        return [_delivery(row) for row in self._rows(_DELIVERY + " WHERE id = ? ORDER BY member", (item,))]

    def parked(self, limit: int = 100) -> list[Delivery]:
        """Return rows that failed and wait for an officer."""
        return [_delivery(row) for row in self._rows(_DELIVERY + " WHERE delivery.state = 'parked' LIMIT ?", (limit,))]

    def owed(self, item: ItemId) -> list[MemberId]:
        """Return the members to whom the item was sent and who have not said that they purged it."""
        sql = "SELECT member FROM delivery WHERE item = " + _ADMISSION + " AND sent IS NOT NULL AND purged IS NULL"
        return [MemberId(row[0]) for row in self._rows(sql + " ORDER BY member", (item,))]

    def sent_in_tick(self, member: MemberId, tick: int) -> list[Commitment]:
        """Return the commitments of this tick whose items were sent to the member: it is owed their paths."""
        sql = (
            "SELECT item.c FROM tick JOIN commitment ON n >= first_n AND n < end_n JOIN item ON item.c = commitment.c"
            " JOIN delivery ON delivery.item = admission WHERE number = ? AND member = ? AND sent IS NOT NULL"
        )
        return [Commitment(row[0]) for row in self._rows(sql, (tick, member))]

    def batches_in_tick(self, member: MemberId, tick: int) -> list[Commitment]:
        """Return the commitments of this tick of receipts made for the member: it is owed their paths too."""
        sql = (
            "SELECT receipt_batch.c FROM tick JOIN commitment ON commitment.n >= first_n AND commitment.n < end_n"
            " JOIN receipt_batch ON receipt_batch.c = commitment.c WHERE number = ? AND author = ?"
        )
        return [Commitment(row[0]) for row in self._rows(sql, (tick, member))]

    def batch(self, n: int) -> Batch | None:
        """Return a batch of receipts, made here or received."""
        row = self._one(_BATCH + " WHERE n = ?", (n,))
        return None if row is None else Batch(*row)

    def made_receipt(self, item: ItemId) -> tuple[Batch, int] | None:
        """Return the batch we made that holds the newest receipt for this item, and its place in it."""
        row = self._one("SELECT batch, place FROM made_receipt WHERE id = ?", (item,))
        batch = None if row is None else self.batch(row[0])
        return None if row is None or batch is None else (batch, row[1])

    def received_receipts(self, item: ItemId) -> list[tuple[Batch, int]]:
        """Return, for each member that receipted this item of ours, the batch that came and the place in it."""
        sql = _BATCH + " JOIN delivery ON batch = n WHERE item = " + _ADMISSION + " ORDER BY member"
        sql = sql.replace("at FROM", "at, place FROM")
        return [(Batch(*row[:6]), row[6]) for row in self._rows(sql, (item,))]


class DeliveryWrites(ItemWrites):
    """Writes delivery rows and receipts."""

    def decide(
        self,
        item: ItemId,
        member: MemberId,
        lane: int,
        state: DeliveryState,
        at: Micros,
        reason: str | None = None,
    ) -> None:
        """Decide a new row; one that is there stays as it is."""
        self._add(hot.PUT_DELIVERY, (self._admission(item), member, lane, state.value, reason, at))

    def redecide(
        self,
        item: ItemId,
        member: MemberId,
        lane: int,
        state: DeliveryState,
        at: Micros,
        reason: str | None = None,
    ) -> None:
        """Decide a row again, DUE, WITHHELD or PARKED, or for the first time.

        DUE leaves what is on its way or was receipted as that, unless it was purged there.
        """
        row = (self._admission(item), member, lane, state.value, reason, at)
        self._run(_REDECIDE_DUE if state is DeliveryState.DUE else _REDECIDE, row)

    def mark_sent(self, member: MemberId, items: Iterable[ItemId], seq: int, at: Micros) -> None:
        """Note that due rows leave in parcel `seq`; a row that is not due stays as it is."""
        for item in items:
            self._add(hot.MARK_SENT, (seq, at, item, member))

    def mark_due_again(self, member: MemberId, seqs: Sequence[int]) -> int:
        """Make due what went in parcels that are lost, and return how many rows that were."""
        sql = "UPDATE delivery SET state = 'due', seq = NULL WHERE state = 'sent' AND member = ? AND seq = ?"
        return sum(self._run(sql, (member, seq)) for seq in seqs)

    def all_due_again(self, member: MemberId) -> int:
        """Make due everything that was sent and not receipted; return how many rows that were."""
        sql = "UPDATE delivery SET state = 'due', seq = NULL WHERE state = 'sent' AND member = ?"
        return self._run(sql, (member,))

    def put_batch(
        self, author: MemberId, recipient: MemberId, data: bytes, c: Commitment, at: Micros, made: Sequence[ItemId] = ()
    ) -> int:
        """Keep a batch of receipts and return its number; `made` are the items that we receipt in it, in order."""
        number = self._group.numbers.batch
        self._group.numbers.batch += 1
        self._add(hot.PUT_BATCH, (number, author, recipient, data, c, at))
        for place, item in enumerate(made):
            self._add(hot.PUT_MADE, (item, number, place))
        return number

    def receipted(self, item: ItemId, member: MemberId, batch: int, place: int, at: Micros) -> None:
        """Note that the member receipted the item, at this place of that batch."""
        self._add(hot.RECEIPTED, (at, batch, place, item, member))

    def purged(self, item: ItemId, member: MemberId, at: Micros) -> None:
        """Note that the member says it purged the item."""
        sql = "UPDATE delivery SET purged = ? WHERE member = ? AND item = " + _ADMISSION
        self._run(sql, (at, member, item))


_REDECIDE: Final = (
    "INSERT INTO delivery (item, member, lane, state, reason, decided) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (item, member) DO UPDATE SET"
    " state = excluded.state, reason = excluded.reason, decided = excluded.decided, lane = excluded.lane"
)
_REDECIDE_DUE: Final = _REDECIDE.replace(
    "state = excluded.state",
    "state = CASE WHEN delivery.receipted IS NOT NULL AND delivery.purged IS NULL THEN 'receipted'"
    " WHEN delivery.state = 'sent' THEN 'sent' ELSE 'due' END",
)


def _delivery(row: Row) -> Delivery:
    item, member, lane, state, reason, decided, seq, sent, receipted, batch, place, purged = row
    return Delivery(
        id=item,
        member=member,
        lane=lane,
        state=DeliveryState(state),
        reason=reason,
        decided=decided,
        seq=seq,
        sent=sent,
        receipted=receipted,
        batch=batch,
        place=place,
        purged=purged,
    )
