"""Files that belong to items, in parts sealed under the item's own key: they go when it goes."""

from typing import Final

from quartet.core.encoding import Value, decode, encode
from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, MemberId
from quartet.store.exchange import ExchangeWrites
from quartet.store.items import place_of
from quartet.store.records import AttachmentDue, AttachmentRow
from quartet.store.rows import Reads
from quartet.store.sealing import open_sealed, seal

_KEY: Final = (
    "SELECT admission, id, c, wrapped FROM item JOIN item_key ON n = admission WHERE id = ? AND state <> 'purged'"
)
_ADMISSION: Final = "(SELECT admission FROM item WHERE id = ?)"
_MAX_LABEL: Final = 4096


class Label(Value, frozen=True):
    """What a file is called; it lies sealed like the rest."""

    name: str
    media_type: str


class AttachmentReads(Reads):
    """Reads attachments; each raises `Untrusted("damaged")` for what does not open."""

    def attachments(self, item: ItemId) -> list[AttachmentRow]:
        """Return the files of an item."""
        sql = (
            "SELECT root, size, parts, sealed, (SELECT count(*) FROM part WHERE part.item = attachment.item"
            " AND part.root = attachment.root) FROM attachment WHERE item = " + _ADMISSION + " ORDER BY root"
        )
        rows = self._rows(sql, (item,))
        if not rows:
            return []
        key = self._item_key(item)
        found = []
        for root, size, parts, sealed, held in rows:
            label = decode(open_sealed(key, sealed, f"file {root}"), Label, _MAX_LABEL)
            found.append(AttachmentRow(item, root, label.name, size, label.media_type, parts, held))
        return found

    def part(self, item: ItemId, root: str, n: int) -> bytes | None:
        """Return one part of a file, or None if it is not here."""
        sql = "SELECT sealed FROM part WHERE item = " + _ADMISSION + " AND root = ? AND n = ?"
        row = self._one(sql, (item, root, n))
        return None if row is None else open_sealed(self._item_key(item), row[0], f"part {root} {n}")

    def attachments_due(self, member: MemberId, limit: int = 100) -> list[AttachmentDue]:
        """Return files that are on their way to the member."""
        sql = (
            "SELECT id, member, root, next, total FROM attachment_delivery JOIN item ON item = admission"
            " WHERE done = 0 AND member = ? ORDER BY item LIMIT ?"
        )
        return [AttachmentDue(*row) for row in self._rows(sql, (member, limit))]

    def _item_key(self, item: ItemId) -> bytes:
        row = self._one(_KEY, (item,))
        if row is None:
            raise Unavailable("purged", f"item {item[:8]}")
        return self._sealer.unwrap(row[3], place_of(row[1], row[2]))


class AttachmentWrites(ExchangeWrites):
    """Writes attachments."""

    def put_attachment(self, item: ItemId, root: str, name: str, size: int, media_type: str, parts: int) -> None:
        """Keep what is known of a file; twice is once."""
        number, key = self._item_secret(item)
        sealed = seal(key, encode(Label(name=name, media_type=media_type)), f"file {root}")
        sql = "INSERT INTO attachment (item, root, size, parts, sealed) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._run(sql, (number, root, size, parts, sealed))

    def put_part(self, item: ItemId, root: str, n: int, data: bytes) -> None:
        """Keep one part of a file; twice is once."""
        number, key = self._item_secret(item)
        sql = "INSERT INTO part (item, root, n, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._run(sql, (number, root, n, seal(key, data, f"part {root} {n}")))

    def send_attachment(self, item: ItemId, member: MemberId, root: str, total: int) -> None:
        """Put a file on its way to a member."""
        sql = (
            "INSERT INTO attachment_delivery (item, member, root, next, total, done) VALUES (?, ?, ?, 0, ?, 0)"
            " ON CONFLICT DO NOTHING"
        )
        self._run(sql, (self._admission(item), member, root, total))

    def attachment_at(self, item: ItemId, member: MemberId, root: str, next_part: int, *, done: bool) -> None:
        """Note which part of a file goes to the member next, and whether all have arrived."""
        sql = "UPDATE attachment_delivery SET next = ?, done = ? WHERE item = ? AND member = ? AND root = ?"
        self._run(sql, (next_part, int(done), self._admission(item), member, root))

    def _item_secret(self, item: ItemId) -> tuple[int, bytes]:
        self._settle()
        row = self._ask(_KEY, (item,))
        if row is None:
            raise Unavailable("purged", f"item {item[:8]}")
        return row[0], self._group.sealer.unwrap(row[3], place_of(row[1], row[2]))
