"""Files that go with items, in parts sealed under the item's own key: they go when it goes."""

from typing import Final

from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, MemberId
from quartet.store.exchange import ExchangeReads, ExchangeWrites
from quartet.store.items import place_of
from quartet.store.sealing import open_sealed, seal

_ADMISSION: Final = "(SELECT admission FROM item WHERE id = ?)"
LEAVES: Final = -1
"""The place among a file's parts where the leaves of its tree lie."""


class AttachmentReads(ExchangeReads):
    """Reads attachments."""

    def attachment(self, item: ItemId, root: str) -> tuple[int, bool] | None:
        """Return how many parts a file has, and whether all of it came."""
        sql = "SELECT parts, complete FROM attachment WHERE item = " + _ADMISSION + " AND root = ?"
        found = self._first(sql, item, root)
        return None if found is None else (int(found[0]), bool(found[1]))

    def part_numbers(self, item: ItemId, root: str) -> set[int]:
        """Return which parts of a file are here."""
        sql = "SELECT n FROM part WHERE item = " + _ADMISSION + " AND root = ? AND n >= 0"
        return {r[0] for r in self._all(sql, item, root)}

    def part(self, item: ItemId, root: str, n: int) -> bytes | None:
        """Return one part of a file, or None if it is not here. Raise `Untrusted("damaged")`."""
        sql = (
            "SELECT id, c, wrapped, part.sealed FROM item JOIN item_key AS k ON k.n = admission"
            " JOIN part ON part.item = admission WHERE id = ? AND root = ? AND part.n = ?"
        )
        found = self._first(sql, item, root, n)
        if found is None:
            return None
        return open_sealed(self._sealer.unwrap(found[2], place_of(found[0], found[1])), found[3], _place(root, n))

    def incomplete(self, limit: int, *, mine: bool) -> list[tuple[ItemId, MemberId, str, int]]:
        """Return files that are not whole yet, of our own items or the others': item, its author, root, parts.

        So many of each author: files that one of them names and never sends take no other's place.
        """
        sql = (
            "SELECT id, author, root, parts FROM (SELECT id, author, root, parts, admission,"
            " ROW_NUMBER() OVER (PARTITION BY author ORDER BY admission, root) AS place"
            " FROM attachment AS a JOIN item ON a.item = admission"
            " WHERE complete = 0 AND mine = ? AND state <> 'PURGED') AS missing"
            " WHERE place <= ? ORDER BY admission, root"
        )
        return [(ItemId(r[0]), MemberId(r[1]), r[2], int(r[3])) for r in self._all(sql, int(mine), limit)]

    def part_deliveries(self, member: MemberId) -> list[tuple[ItemId, str, int, int]]:
        """Return which files are on their way to a member: item, root, next part, parts."""
        sql = (
            "SELECT id, root, next, parts FROM part_delivery AS p JOIN item ON p.item = admission"
            " WHERE member = ? ORDER BY p.item, root"
        )
        return [(ItemId(r[0]), r[1], int(r[2]), int(r[3])) for r in self._all(sql, member)]


class AttachmentWrites(ExchangeWrites):
    """Writes attachments."""

    def put_attachment(self, item: ItemId, root: str, parts: int, complete: bool) -> None:
        """Note a file that goes with an item."""
        sql = "INSERT INTO attachment (item, root, parts, complete) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._do(sql, self._admission(item), root, parts, int(complete))

    def forget_part(self, item: ItemId, root: str, n: int) -> None:
        """Forget a part that cannot be opened any more: the file is not whole until it came again."""
        number = self._admission(item)
        self._do("DELETE FROM part WHERE item = ? AND root = ? AND n = ?", number, root, n)
        self._do("UPDATE attachment SET complete = 0 WHERE item = ? AND root = ?", number, root)

    def complete_attachment(self, item: ItemId, root: str) -> None:
        """Note that every part came and the whole was verified."""
        self._do("UPDATE attachment SET complete = 1 WHERE item = ? AND root = ?", self._admission(item), root)

    def put_part(self, item: ItemId, root: str, n: int, data: bytes, key: bytes | None = None) -> None:
        """Keep one part of a file, sealed under its item's key; raise `Unavailable("purged")` once that is gone."""
        found = self.item_key(item) if key is None else key
        if found is None:
            raise Unavailable("purged", "the item was destroyed meanwhile")
        sql = "INSERT INTO part (item, root, n, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._do(sql, self._admission(item), root, n, seal(found, data, _place(root, n)))

    def set_part_delivery(self, member: MemberId, item: ItemId, root: str, following: int, parts: int) -> None:
        """Note which part of a file goes to a member next."""
        sql = (
            "INSERT INTO part_delivery (member, item, root, next, parts) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (member, item, root) DO UPDATE SET next = excluded.next, parts = excluded.parts"
        )
        self._do(sql, member, self._admission(item), root, following, parts)

    def drop_part_delivery(self, member: MemberId, item: ItemId, root: str) -> None:
        """Note that a member has all of a file."""
        sql = "DELETE FROM part_delivery WHERE member = ? AND root = ? AND item = " + _ADMISSION
        self._do(sql, member, root, item)


def _place(root: str, n: int) -> str:
    return f"part {root} {n}"
