"""What proves since when an item, and each receipt for it, is on record: the best of each, and whom we told of it.

Only of kinds that a deadline hangs on. A row that proves an earlier time takes the place of a later one.
"""

from collections.abc import Collection, Iterable
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.store.deliveries import DeliveryReads, DeliveryWrites
from quartet.store.records import ProvenRow, ToldRow
from quartet.store.rows import Row

_ITEM: Final = "(SELECT admission FROM item WHERE id = ?)"
_PUT: Final = (
    "INSERT INTO on_record (item, about, c, receipt, proof, since)"
    " SELECT admission, ?, ?, ?, ?, ? FROM item WHERE id = ? AND state <> 'PURGED'"
    " ON CONFLICT (item, about) DO UPDATE SET c = excluded.c, receipt = excluded.receipt, proof = excluded.proof,"
    " since = excluded.since WHERE excluded.since < on_record.since"
)
_TELL: Final = (
    "INSERT INTO telling (item, about, member, since, due) SELECT r.item, r.about, d.member, NULL, 1"
    " FROM on_record AS r JOIN delivery AS d ON d.item = r.item WHERE r.item = "
    + _ITEM
    + " AND d.answer IN ('VERIFIED', 'HELD') ON CONFLICT DO NOTHING"
)
_KNOWN: Final = (
    "INSERT INTO telling (item, about, member, since, due) SELECT admission, ?, ?, ?, 0 FROM item"
    " WHERE id = ? AND state <> 'PURGED' ON CONFLICT (item, about, member) DO UPDATE SET since = excluded.since"
    " WHERE telling.since IS NULL OR excluded.since < telling.since"
)
_DUE: Final = (
    "UPDATE telling SET due = CASE WHEN since IS NULL OR since > (SELECT r.since FROM on_record AS r"
    " WHERE r.item = telling.item AND r.about = telling.about) THEN 1 ELSE 0 END WHERE item = " + _ITEM
)
_COLUMNS: Final = "id, r.about, r.c, r.receipt, r.proof, r.since"


class ProvenReads(DeliveryReads):
    """Reads what is proven."""

    def proven(self, item: ItemId) -> list[ProvenRow]:
        """Return the best proof of each time that hangs on an item: of the statement's, and of each receipt's."""
        sql = "SELECT " + _COLUMNS + " FROM on_record AS r JOIN item ON admission = r.item WHERE id = ? ORDER BY about"
        return [_proven_row(row) for row in self._all(sql, item)]

    def tellings(self, member: MemberId, after: tuple[int, str], limit: int) -> list[ToldRow]:
        """Return what a member does not know yet, or knows a later time of; in order, behind a place."""
        sql = (
            "SELECT r.item, mine, "
            + _COLUMNS
            + " FROM telling AS t JOIN on_record AS r ON r.item = t.item AND r.about = t.about"
            " JOIN item ON admission = t.item WHERE due = 1 AND member = ?"
            " AND (t.item > ? OR (t.item = ? AND t.about > ?)) ORDER BY t.item, t.about LIMIT ?"
        )
        item, about = after
        rows = self._all(sql, member, item, item, about, limit)
        return [ToldRow(place=(r[0], r[3]), mine=bool(r[1]), row=_proven_row(r[2:])) for r in rows]

    def holders(self, item: ItemId) -> list[MemberId]:
        """Return who receipted an item of ours as one that it holds."""
        sql = "SELECT member FROM delivery WHERE answer IN ('VERIFIED', 'HELD') AND item = "
        return [MemberId(row[0]) for row in self._all(sql + _ITEM + " ORDER BY member", item)]

    def newest_of(self, kinds: Collection[str], limit: int) -> list[ItemId]:
        """Return the newest items of some kinds, oldest first."""
        places = ", ".join("?" * len(kinds))
        sql = "SELECT id FROM item WHERE kind IN (" + places + ") ORDER BY admission DESC LIMIT ?"
        return [ItemId(row[0]) for row in reversed(self._all(sql, *sorted(kinds), limit))]


class ProvenWrites(DeliveryWrites):
    """Writes what is proven."""

    def put_proven(self, row: ProvenRow) -> bool:
        """Keep a proof, if it is the first of its time or shows an earlier one; return whether it was kept."""
        kept = self._do(_PUT, row.about, row.c, row.receipt, row.proof, row.since, row.item) > 0
        if kept:
            self._do(_DUE + " AND about = ?", row.item, row.about)
        return kept

    def tell_holders(self, item: ItemId) -> None:
        """Note that each who holds an item of ours is to be told all that is proven of it."""
        self._do(_TELL, item)

    def knows(self, member: MemberId, told: Iterable[tuple[ItemId, MemberId, Micros]]) -> None:
        """Note what a member knows, because it said so or confirmed it: of an item, whose word, since when."""
        for item, about, since in told:
            self._do(_KNOWN, about, member, since, item)
            self._do(_DUE + " AND about = ? AND member = ?", item, about, member)


def _proven_row(row: Row) -> ProvenRow:
    item, about, c, receipt, proof, since = row
    return ProvenRow(item=item, about=about, c=c, receipt=receipt, proof=proof, since=since)
