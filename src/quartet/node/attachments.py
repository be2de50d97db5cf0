"""Files that go with items: kept in parts of 256 KiB under the item's key, sent after it, verified whole.

A file is named by the SHA-256 of its bytes; a part is taken only for an item that we hold and that names the file.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import ItemId, MemberId
from quartet.core.parcel import MAX_ATTACHMENT, MAX_PART, AttachmentPart
from quartet.core.verify import Verified
from quartet.node.drafting import ReportBody
from quartet.node.views import Attachment
from quartet.store import Store, Tx

PART: Final = MAX_PART


class Attachments:
    """Keeps, sends and takes files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, verified: Verified) -> tuple[Attachment, ...]:
        """Return the files that an item names; none for what is no report."""
        if verified.statement.kind != "report" or verified.statement.kind_v != 1:
            return ()
        try:
            body: ReportBody = verified.body(ReportBody)
        except msgspec.ValidationError:
            return ()
        return body.attachments

    async def expect(self, verified: Verified, me: MemberId) -> None:
        """Note which files will come with a new item."""
        if verified.statement.member == me:
            return
        for file in self.of(verified):
            item, root, parts = verified.id, file.id, parts_of(file.size)
            await self._store.write(lambda tx, r=root, p=parts, i=item: tx.put_attachment(i, r, p, p == 0))  # type: ignore[misc]

    async def attach(self, verified: Verified, file: Attachment, source: Iterable[bytes], to: list[MemberId]) -> None:
        """Keep the parts of a file that goes with an item of ours, and send them to whoever gets it."""
        parts = parts_of(file.size)
        for n, data in enumerate(source):
            await self._store.write(_put(verified.id, file.id, n, data))

        def job(tx: Tx) -> None:
            tx.put_attachment(verified.id, file.id, parts, True)
            for member in to:
                tx.set_part_delivery(member, verified.id, file.id, 0, parts)

        await self._store.write(job)

    async def took(self, part: AttachmentPart, frm: MemberId) -> None:
        """Keep one part that came; verify the whole once all are here. Raise a `Fault` for what nobody named."""
        item, root = ItemId(b64(part.item)), b64(part.attachment)
        row = self._store.reader.row(item)
        known = self._store.reader.attachment(item, root)
        if row is None or known is None or row.author != frm:
            raise Untrusted("attachment-unknown", f"{frm} sent a part of a file that no item names")
        parts, complete = known
        if complete or part.number >= parts:
            return
        await self._store.write(_put(item, root, part.number, part.data))
        if len(self._store.reader.part_numbers(item, root)) == parts:
            await self._whole(item, root, parts)

    async def _whole(self, item: ItemId, root: str, parts: int) -> None:
        found = hashlib.sha256()
        for n in range(parts):
            found.update(self._store.reader.part(item, root, n) or b"")
        if b64(found.digest()) != root:
            raise Untrusted("attachment-damaged", f"{root[:8]} is not the file that its item names")
        await self._store.write(lambda tx: tx.complete_attachment(item, root))

    def read(self, item: ItemId, root: str) -> Iterator[bytes]:
        """Return a file's parts; raise `Unavailable("attachment-incomplete")` while some are missing."""
        known = self._store.reader.attachment(item, root)
        if known is None or not known[1]:
            raise Unavailable("attachment-incomplete", "parts of the file have not come yet")
        return (self._store.reader.part(item, root, n) or b"" for n in range(known[0]))


def parts_of(size: int) -> int:
    """Return in how many parts a file of `size` bytes goes."""
    if size > MAX_ATTACHMENT:
        raise Malformed("attachment-too-large", f"{size} bytes where {MAX_ATTACHMENT} may be")
    return -(-size // PART)


def _put(item: ItemId, root: str, n: int, data: bytes) -> Callable[[Tx], None]:
    def job(tx: Tx) -> None:
        key = tx.item_key(item)
        if key is None:
            raise Unavailable("purged", "the item was destroyed meanwhile")
        tx.put_part(item, root, n, data, key)

    return job
