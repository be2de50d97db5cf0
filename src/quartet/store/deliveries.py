"""Who gets what, row by row, and the receipts that came and those we gave.

Each new fact decides rows again; what was once sent stays known as sent, whatever is decided later.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.store import hot
from quartet.store.items import ItemReads, ItemWrites
from quartet.store.records import DeliveryRow, DueRow, PathDue

_ADMISSION: Final = "(SELECT admission FROM item WHERE id = ?)"
_PARKED_DUE: Final = (
    "UPDATE delivery SET state = 'due', seq = NULL WHERE member = ? AND answer = 'PARKED' AND state = 'receipted'"
)
_TICK_OF_N: Final = "(SELECT number FROM tick WHERE end_n > k.n ORDER BY end_n, number LIMIT 1)"
"""Ticks take commitments in order, and one without any ends where the one before it did."""

_IN_A_TICK: Final = "k.n < (SELECT max(end_n) FROM tick)"


class DeliveryReads(ItemReads):
    """Reads delivery rows and receipts."""

    def due(self, member: MemberId, limit: int, lane: int | None = None) -> list[DueRow]:
        """Return what waits to go to a member: by lane, then by age; `lane` for one alone."""
        sql = (
            "SELECT id, lane FROM delivery AS d JOIN item ON d.item = admission WHERE d.state = 'due' AND member = ?"
            " AND lane >= ? AND lane <= ? ORDER BY lane, d.item LIMIT ?"
        )
        lowest, highest = (0, 99) if lane is None else (lane, lane)
        return [DueRow(item_id=ItemId(r[0]), lane=r[1]) for r in self._all(sql, member, lowest, highest, limit)]

    def due_count(self, member: MemberId) -> int:
        """Return how many items wait to go to a member, or are on their way."""
        waiting = self._all("SELECT count(*) FROM delivery WHERE state = 'due' AND member = ?", member)
        going = self._all("SELECT count(*) FROM delivery WHERE state = 'sent' AND member = ?", member)
        return int(waiting[0][0]) + int(going[0][0])

    def due_size(self, member: MemberId, count: int) -> int:
        """Return about how many bytes the items have that wait to go to a member, by the first `count` of them."""
        sql = (
            "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT length(sealed) AS size FROM delivery AS d"
            " JOIN item ON d.item = admission WHERE d.state = 'due' AND member = ? LIMIT ?)"
        )
        ((seen, size),) = self._all(sql, member, count)
        waiting = self._all("SELECT count(*) FROM delivery WHERE state = 'due' AND member = ?", member)
        return int(size) * int(waiting[0][0]) // max(1, int(seen))

    def deliveries(self, item: ItemId) -> list[DeliveryRow]:
        """Return how an item stands with each member."""
        sql = "SELECT member, state, reason, at, sent, purged_at FROM delivery WHERE item = " + _ADMISSION
        return [
            DeliveryRow(
                item_id=item,
                member=MemberId(member),
                state=state,
                reason=reason,
                at=Micros(at),
                ever_sent=sent is not None,
                purged_at=purged_at,
            )
            for member, state, reason, at, sent, purged_at in self._all(sql + " ORDER BY member", item)
        ]

    def sent_to(self, controls: Iterable[ControlId]) -> set[MemberId]:
        """Return to whom we ever sent an item that carries one of these controls."""
        sql = (
            "SELECT DISTINCT member FROM delivery AS d JOIN item_control AS c ON c.item = d.item"
            " WHERE sent IS NOT NULL AND c.control IN (:each)"
        )
        return {MemberId(r[0]) for r in self._for_each(sql, controls)}

    def receipts(self, item: ItemId) -> list[tuple[MemberId, str, Micros, bytes]]:
        """Return the receipts for an item of ours: member, state, when, and the batch that holds it."""
        sql = (
            "SELECT d.member, answer, receipted, data FROM delivery AS d JOIN receipt_batch ON n = batch WHERE item = "
        )
        rows = self._all(sql + _ADMISSION + " ORDER BY d.member", item)
        return [(MemberId(r[0]), r[1], Micros(r[2]), r[3]) for r in rows]

    def made_receipt(self, item: ItemId) -> tuple[str, Micros] | None:
        """Return the commitment of the batch with our own receipt for an item, and when we made it."""
        sql = "SELECT c, at FROM made_receipt JOIN receipt_batch ON n = batch WHERE item_id = ?"
        found = self._first(sql, item)
        return None if found is None else (found[0], Micros(found[1]))

    def receipt_commitments(self, item: ItemId) -> list[tuple[MemberId, Commitment]]:
        """Return who receipted a statement as verified to us, with the commitment of the batch that says so."""
        sql = "SELECT d.member, c FROM delivery AS d JOIN receipt_batch ON n = batch WHERE answer = 'VERIFIED'"
        rows = self._all(sql + " AND item = " + _ADMISSION + " ORDER BY d.member", item)
        return [(MemberId(r[0]), Commitment(r[1])) for r in rows]

    def batch(self, c: Commitment) -> bytes | None:
        """Return the batch of receipts with this commitment."""
        found = self._first("SELECT data FROM receipt_batch WHERE c = ?", c)
        return None if found is None else found[0]

    def made_batch(self, item: ItemId) -> bytes | None:
        """Return the batch with our own receipt for an item, to be sent again."""
        sql = "SELECT data FROM made_receipt JOIN receipt_batch ON n = batch WHERE item_id = ?"
        found = self._first(sql, item)
        return None if found is None else found[0]

    def has_batch(self, c: Commitment) -> bool:
        """Return whether we hold a batch of receipts with this commitment."""
        return self._first("SELECT 1 FROM receipt_batch WHERE c = ?", c) is not None

    def paths_due(self, member: MemberId, limit: int, after: tuple[int, int] = (0, 0)) -> list[PathDue]:
        """Return what a member holds of ours whose tick is known and whose path it was not yet sent, behind a place."""
        items = (
            "SELECT 0, d.item, k.c, " + _TICK_OF_N + " FROM delivery AS d JOIN item ON item.admission = d.item"
            " JOIN commitment AS k ON k.c = item.c"
            " WHERE d.state = 'receipted' AND d.path_sent = 0 AND d.member = ? AND d.item > ? AND "
            + _IN_A_TICK
            + " ORDER BY d.item LIMIT ?"
        )
        batches = (
            "SELECT 1, b.n, k.c, " + _TICK_OF_N + " FROM receipt_batch AS b JOIN commitment AS k ON k.c = b.c"
            " WHERE b.path_sent = 0 AND b.member = ? AND b.n > ? AND " + _IN_A_TICK + " ORDER BY b.n LIMIT ?"
        )
        kind, last = after
        rows = [] if kind else self._all(items, member, last, limit)
        if len(rows) < limit:
            rows += self._all(batches, member, last if kind else 0, limit - len(rows))
        return [PathDue(place=(r[0], r[1]), c=Commitment(r[2]), tick=int(r[3])) for r in rows]


class DeliveryWrites(ItemWrites):
    """Writes delivery rows and receipts."""

    def set_delivery(self, item: ItemId, member: MemberId, state: str, lane: int, at: Micros, reason: str = "") -> None:
        """Decide how an item stands with a member: due, withheld or parked; what was sent stays sent.

        Raise `KeyError` for an item that is not here.
        """
        known = self._known(item)
        if known is None:
            raise KeyError(f"no item {item}")
        number, _, mine = known
        row = (number, member, lane, state, reason, at, int(not mine))
        if item in self._own.items:
            self._add(hot.SET_DELIVERY, row)
        else:
            self._do(hot.SET_DELIVERY, *row)

    def mark_sent(self, member: MemberId, items: Iterable[ItemId], seq: int, at: Micros) -> None:
        """Note which parcel carries these items."""
        for item in items:
            self._add(hot.MARK_SENT, (seq, at, at, item, member))

    def mark_due(self, member: MemberId, items: Iterable[ItemId]) -> None:
        """Send these items again: their parcel was lost."""
        sql = "UPDATE delivery SET state = 'due', seq = NULL WHERE item = " + _ADMISSION
        self._do_many(sql + " AND member = ? AND state = 'sent'", [(item, member) for item in items])

    def mark_due_again(self, member: MemberId, seqs: Sequence[int]) -> None:
        """Send again whatever went in these parcels."""
        sql = "UPDATE delivery SET state = 'due', seq = NULL WHERE state = 'sent' AND member = ? AND seq = ?"
        self._do_many(sql, [(member, seq) for seq in seqs])

    def all_sent_due(self, member: MemberId, before: Micros) -> int:
        """Send again whatever was sent before a time and never receipted; return how many."""
        sql = "UPDATE delivery SET state = 'due', seq = NULL WHERE state = 'sent' AND member = ? AND at < ?"
        return self._do(sql, member, before)

    def mark_parked_due(self, member: MemberId, items: Iterable[ItemId]) -> None:
        """Send these items again, which a member receipted PARKED."""
        self._do_many(_PARKED_DUE + " AND item = " + _ADMISSION, [(member, item) for item in items])

    def all_due_again(self, member: MemberId) -> None:
        """Send again what was on its way when the node stopped, and what the member could not believe then."""
        self.all_sent_due(member, Micros(2**62))
        self._do(_PARKED_DUE, member)

    def put_receipts(
        self, member: MemberId, c: str, data: bytes, items: Sequence[tuple[ItemId, str]], at: Micros
    ) -> None:
        """Keep a batch of receipts from a member, and note each item as receipted (or parked, if it was refused)."""
        if self._batch_known(c):
            return
        number = self._put_batch(member, c, data, at, mine=False)
        for item, answer in items:
            state = "parked" if answer == "REFUSED" else "receipted"
            self._add(hot.RECEIPTED, (state, at, number, answer, at, item, member))

    def put_made_batch(
        self,
        member: MemberId,
        c: str,
        data: bytes,
        items: Sequence[ItemId],
        at: Micros,
        stored: Collection[ItemId] = (),
    ) -> None:
        """Keep a batch of our own receipts to a member, with its commitment for the log.

        `stored` are those that it is the first to say are kept: a receipt for a refused copy before is none of them.
        """
        if self._batch_known(c):
            return
        number = self._put_batch(member, c, data, at, mine=True)
        for item in items:
            self._add(hot.PUT_FIRST_MADE if item in stored else hot.PUT_MADE, (item, number))
        self.add_commitment(Commitment(c), "receipts")

    def mark_paths_sent(self, member: MemberId, cs: Iterable[str]) -> None:
        """Note that a member has the paths of these commitments."""
        for c in cs:
            self._add(hot.PATHS_SENT, (c, member))
            self._add(hot.BATCH_PATHS_SENT, (c, member))

    def set_purged(self, item: ItemId, member: MemberId, at: Micros) -> None:
        """Note a member's word that it destroyed an item."""
        sql = "UPDATE delivery SET purged_at = ? WHERE item = " + _ADMISSION + " AND member = ? AND purged_at IS NULL"
        self._do(sql, at, item, member)

    def add_commitment(self, c: Commitment, what: str) -> None:
        """Put a commitment into the next tick; twice is once."""
        number = self._group.numbers.commitment
        self._group.numbers.commitment += 1
        self._add(hot.PUT_COMMITMENT, (number, c, what))

    def _batch_known(self, c: str) -> bool:
        if c in self._own.batches or c in self._group.pending.batches:
            return True
        return self._peek("SELECT 1 FROM receipt_batch WHERE c = ?", c) is not None

    def _put_batch(self, member: MemberId, c: str, data: bytes, at: Micros, *, mine: bool) -> int:
        number = self._group.numbers.batch
        self._group.numbers.batch += 1
        self._own.batches.add(c)
        self._add(hot.PUT_BATCH, (number, member, c, int(mine), int(not mine), at, data))
        return number
