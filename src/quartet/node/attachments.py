"""Files that go with items: kept in parts under the item's key, sent after it, each part verified as it comes.

A part is taken only for an item that we hold and that names the file. What does not come is asked for, again and again
with longer pauses; a file whose parts are wrong is alarmed and stops nothing else.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Final

import msgspec

from quartet.core.attachment import FileTree, check_part, parts_of
from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.parcel import AttachmentPart, Content, asked_part
from quartet.core.verify import Verified
from quartet.desk import FORMS
from quartet.node.drafting import MESSAGE
from quartet.node.peer import Wanted
from quartet.node.views import Attachment
from quartet.store import LEAVES, Store, Tx

MAX_TREES: Final = 8
"""Trees of files that are kept in memory while they are sent; the largest is 256 KiB."""
MAX_OPEN: Final = 100
"""Files of one author of which parts are asked for at a time."""
ASKED_AT_ONCE: Final = 8
"""Parts of one file."""
ASK_AFTER: Final = 10 * SECOND
"""When nothing of a file came for so long, its missing parts are asked for; asking in vain doubles it."""
MAX_DOUBLINGS: Final = 8

FILES_UP_TO: Final = {"report": 1, MESSAGE: 1, **{kind: known.version for kind, known in FORMS.items()}}
"""The kinds, and up to which version, that may have files."""

Key = tuple[ItemId, str]
"""An item, and the root of one of its files."""


class Filed(msgspec.Struct, frozen=True):
    """What a body says of its files; whatever else it says."""

    attachments: tuple[Attachment, ...]


class Attachments:
    """Keeps, sends, takes and asks for files."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trees: OrderedDict[Key, FileTree] = OrderedDict()
        self._quiet: dict[Key, tuple[Micros, int]] = {}

    def of(self, verified: Verified) -> tuple[Attachment, ...]:
        """Return the files that an item names; none for what is neither report nor message, and has no form."""
        said = verified.statement
        if said.kind_v > FILES_UP_TO.get(said.kind, 0):
            return ()
        try:
            body: Filed = verified.body(Filed)
        except msgspec.ValidationError:
            return ()
        return body.attachments

    def expect(self, tx: Tx, verified: Verified) -> None:
        """Note, with a new item, which files go with it; one larger than any may be is never taken."""
        for file in self.of(verified):
            try:
                parts = parts_of(file.size)
            except Malformed as fault:
                tx.put_alarm(fault.reason, verified.statement.member, fault.detail, Micros(verified.statement.at))
            else:
                tx.put_attachment(verified.id, file.id, parts, parts == 0)

    # -- ours

    async def attach(self, item: ItemId, file: Attachment, source: Iterable[bytes], to: list[MemberId]) -> None:
        """Keep the parts of a file that goes with an item of ours, and send them to whoever gets it."""
        tree = FileTree()
        for n, data in enumerate(source):
            tree.add(data)
            await self._store.write(_put(item, file.id, n, data))
        if tree.id != file.id:
            raise Malformed("attachment-missing", f"{file.name} was not handed over whole")
        await self._store.write(_put(item, file.id, LEAVES, tree.leaves))

        def job(tx: Tx) -> None:
            tx.complete_attachment(item, file.id)
            for member in to:
                tx.set_part_delivery(member, item, file.id, 0, parts_of(file.size))

        await self._store.write(job)

    def part(self, item: ItemId, root: str, number: int) -> tuple[bytes, bytes] | None:
        """Return a part of a file of ours and its path in the tree, or None if it is gone; `Untrusted("damaged")`."""
        data = self._store.reader.part(item, root, number)
        tree = None if data is None else self._tree(item, root)
        return None if data is None or tree is None else (data, tree.path(number))

    def _tree(self, item: ItemId, root: str) -> FileTree | None:
        found = self._trees.get((item, root))
        if found is None:
            leaves = self._store.reader.part(item, root, LEAVES)
            if leaves is None:
                return None
            found = self._trees[(item, root)] = FileTree(leaves)
            if len(self._trees) > MAX_TREES:
                self._trees.popitem(last=False)
        return found

    # -- the others'

    async def took(self, part: AttachmentPart, frm: MemberId, now: Micros) -> None:
        """Keep one part that came; raise a `Fault` for what nobody named, and for a part that is not of its file."""
        item, root = ItemId(b64(part.item)), b64(part.attachment)
        row = self._store.reader.row(item)
        known = self._store.reader.attachment(item, root)
        if row is None or known is None or row.author != frm:
            raise Untrusted("attachment-unknown", f"{frm} sent a part of a file that no item names")
        parts, complete = known
        if complete or part.number >= parts:
            return
        check_part(part, parts)
        await self._store.write(_put(item, root, part.number, part.data))
        self._quiet[(item, root)] = (now, 0)
        if len(self._store.reader.part_numbers(item, root)) == parts:
            await self._store.write(lambda tx: tx.complete_attachment(item, root))
            self._quiet.pop((item, root), None)

    def asks(self, now: Micros) -> Iterator[tuple[MemberId, Content]]:
        """Yield the requests for what did not come, each with the author who has it."""
        unfinished = self._store.reader.incomplete(MAX_OPEN, mine=False)
        self._quiet = {key: self._quiet.get(key, (now, 0)) for key in ((item, root) for item, _, root, _ in unfinished)}
        for item, author, root, parts in unfinished:
            since, asked = self._quiet[(item, root)]
            if now - since < ASK_AFTER << min(asked, MAX_DOUBLINGS):
                continue
            self._quiet[(item, root)] = (now, asked + 1)
            here = self._store.reader.part_numbers(item, root)
            missing = (n for n in range(parts) if n not in here)
            yield from (
                (author, asked_part(item, root, n)) for n, _ in zip(missing, range(ASKED_AT_ONCE), strict=False)
            )

    async def wanted(self, part: AttachmentPart, member: MemberId) -> Wanted | None:
        """Return which part a member asks for; who asks from the first on - a grant came late - gets the whole file.

        None for what there is not. The gate is asked when a part is sent.
        """
        item, root = ItemId(b64(part.item)), b64(part.attachment)
        row, known = self._store.reader.row(item), self._store.reader.attachment(item, root)
        if row is None or not row.mine or known is None or part.number >= known[0]:
            return None
        going = any((i, r) == (item, root) for i, r, _, _ in self._store.reader.part_deliveries(member))
        if part.number > 0 or going:
            return None if going else (item, root, part.number)
        await self._store.write(lambda tx: tx.set_part_delivery(member, item, root, 0, known[0]))
        return None

    async def read(self, item: ItemId, root: str) -> AsyncIterator[bytes]:
        """Give a file's parts; raise `Unavailable("attachment-incomplete")` while some are missing.

        A part that does not open any more is forgotten, and asked for again.
        """
        row, known = self._store.reader.row(item), self._store.reader.attachment(item, root)
        if row is None or known is None or not known[1]:
            raise Unavailable("attachment-incomplete", "parts of the file have not come yet")
        for n in range(known[0]):
            try:
                found = self._store.reader.part(item, root, n)
            except Untrusted:
                if row.mine:
                    raise
                found = None
            if found is None:
                await self._store.write(lambda tx, n=n: tx.forget_part(item, root, n))  # type: ignore[misc]
                raise Unavailable("attachment-incomplete", f"part {n} is damaged here, and asked for again")
            yield found


def _put(item: ItemId, root: str, n: int, data: bytes) -> Callable[[Tx], None]:
    def job(tx: Tx) -> None:
        key = tx.item_key(item)
        if key is None:
            raise Unavailable("purged", "the item was destroyed meanwhile")
        tx.put_part(item, root, n, data, key)

    return job
