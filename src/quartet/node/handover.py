"""Publish an item with the files that an officer handed over before: each goes from her hands to the item, whole.

The item goes first; a crash between leaves its files where they were handed over, and the next start attaches them.
"""

import asyncio
from collections.abc import Callable
from typing import Final
from weakref import WeakValueDictionary

from quartet.core.attachment import FileTree
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import reference
from quartet.core.verify import Verified
from quartet.node.attachments import Attachments
from quartet.node.holdings import Holdings
from quartet.node.once import Once, Said
from quartet.node.parts import Parts
from quartet.node.publishing import Also, Publisher, published
from quartet.node.room import Room
from quartet.node.seeing import unknown
from quartet.node.staging import Staging
from quartet.node.views import Attachment, Draft, Published
from quartet.store import Tx

SWEEP_EVERY: Final = 600
"""Ticks between two looks for files that no draft came for."""
MAX_UNFINISHED: Final = 1_000
"""Files of our own that are finished after a crash."""


class Handover:
    """Takes files and drafts from officers."""

    def __init__(
        self,
        parts: Parts,
        holdings: Holdings,
        publisher: Publisher,
        attachments: Attachments,
        room: Room,
        wake: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._holdings = holdings
        self._publisher = publisher
        self._attachments = attachments
        self._staging = Staging(parts.store)
        self._room = room
        self._wake = wake
        self._emptying: WeakValueDictionary[OfficerName, asyncio.Lock] = WeakValueDictionary()
        self.once = Once(parts)

    def put_part(self, viewer: Viewer, attachment: str, number: int, data: bytes) -> None:
        """Take a part of a file that a draft of this officer will name; raise `Unavailable("disk-low")`."""
        self._room.check()
        self._staging.put(viewer.name, attachment, number, data)

    def staged(self, viewer: Viewer, attachment: str) -> list[int]:
        """Return which parts of a file this officer handed over, of which no draft came yet."""
        return self._staging.numbers(viewer.name, attachment)

    def whole(self, viewer: Viewer, attachment: str, most: int) -> bytes:
        """Return a file that this officer handed over, of which no draft came yet.

        Raise `Malformed("attachment-missing")` if it is not here whole, `Malformed("too-large")` for more than `most`.
        """
        tree, data = FileTree(), bytearray()
        for part in self._staging.read(viewer.name, attachment):
            tree.add(part)
            data += part
            if len(data) > most:
                raise Malformed("too-large", f"more than {most} bytes, which is as much as is read")
        if tree.id != attachment:
            raise Malformed("attachment-missing", "it was not handed over whole")
        return bytes(data)

    async def publish(self, draft: Draft, viewer: Viewer, also: Also | None = None) -> Published:
        """Publish an item with its files, once if it has a word; `also` is written with it, in its transaction.

        Raise `Malformed("attachment-missing")` where one is not here whole.
        """
        if draft.once is not None:
            sent = await self.publish_once(draft.once, (draft,), lambda: draft, viewer, also)
        else:
            sent = published(await self._publish(draft, viewer, also))
            self._wake()
        if draft.corrects is not None:
            await self._publisher.correct(draft.corrects, sent.id, viewer)
        return sent

    async def publish_once(
        self, word: str, said: Said, make: Callable[[], Draft], viewer: Viewer, also: Also | None = None
    ) -> Published:
        """Publish the draft that `make` makes of what was said, unless that went already under its word.

        Raise `Malformed("already-sent")` if something else did. What went is told, whatever a draft would be now.
        """
        async with self.once.alone(viewer, word):
            sent = self.once.check(viewer, word, said)
            if sent is not None:
                return sent
            now = self._parts.clock.now()

            def note(tx: Tx, item: ItemId) -> None:
                self.once.note(tx, viewer, word, said, item, now)
                if also is not None:
                    also(tx, item)

            verified = await self._publish(make(), viewer, note)
        self._wake()
        return published(verified)

    def sent(self, viewer: Viewer, word: str) -> Published:
        """Return what the draft became that this officer sent under a word; raise `Unavailable("unknown-item")`."""
        found = self.once.sent(viewer, word)
        if found is None:
            raise unknown()
        return found

    async def _publish(self, draft: Draft, viewer: Viewer, also: Also | None) -> Verified:
        self._room.check()
        if not draft.attachments:
            return await self._publisher.publish(draft, viewer, also)
        async with self._emptying.setdefault(viewer.name, asyncio.Lock()):  # of two drafts with a file, one has it
            await asyncio.to_thread(self._staging.check, viewer.name, draft.attachments)
            verified = await self._publisher.publish(draft, viewer, also)
            for file in {file.id: file for file in draft.attachments}.values():  # two names may be of one file
                await self._attach(verified, file, viewer.name)
        return verified

    async def finish(self) -> None:
        """Attach what a crash left handed over, while the item that names it was on its way already."""
        for item, _, root, _ in self._parts.store.reader.incomplete(MAX_UNFINISHED, mine=True):
            verified = self._holdings.verified(item)
            for file in () if verified is None else self._attachments.of(verified):
                if verified is not None and file.id == root:
                    await self._finish(verified, file)

    async def look(self, count: int) -> None:
        """Now and then, by the count of ticks, forget the files that no draft came for."""
        if count % SWEEP_EVERY == 0:
            await asyncio.to_thread(self._staging.sweep)
            await self.once.sweep(self._parts.clock.now())

    async def _attach(self, verified: Verified, file: Attachment, officer: str) -> None:
        to = self._holdings.receivers(verified, self._parts.clock.now())
        await self._attachments.attach(verified.id, file, self._staging.read(officer, file.id), to)
        self._staging.drop(officer, file.id)

    async def _finish(self, verified: Verified, file: Attachment) -> None:
        officer, me, now = verified.statement.officer, self._parts.me, self._parts.clock.now()
        if await asyncio.to_thread(self._staging.has, officer, file):
            await self._attach(verified, file, officer)
            return
        text = f"a file of {reference(me, verified.id)} was lost in a crash: send it again"
        await self._parts.store.write(lambda tx: tx.put_alarm("attachment-lost", me, text, now))
