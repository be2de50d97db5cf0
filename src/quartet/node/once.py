"""Publish a draft once, however often its officer sends it: she may not know whether the first time was heard.

Her page draws a word for each draft and sends it along. With the item, in its transaction, is kept that the word was
used, for what and by which item; of the text only a hash under the word itself, which is kept nowhere.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

import msgspec

from quartet.core.encoding import Value, digest64, encode
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import reference
from quartet.node.parts import Parts
from quartet.node.views import Published
from quartet.store import Tx

KEPT_FOR: Final = 7 * 24 * 3600 * 1_000_000
"""Longer than a draft waits for who left it on a Friday."""
_PREFIX: Final = "once:"


Said = tuple[Value | str, ...]
"""What an officer said, as she said it: of a message not the draft made of it, for whom that is may be other by now."""


class Once:
    """Knows which drafts went."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._going: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """A lock is there as long as somebody holds it or waits for it."""

    @asynccontextmanager
    async def alone(self, viewer: Viewer, word: str) -> AsyncIterator[None]:
        """Let nobody else publish under this word meanwhile."""
        lock = self._going.setdefault(_key(viewer, word), asyncio.Lock())
        async with lock:
            yield

    def sent(self, viewer: Viewer, word: str) -> Published | None:
        """Return what a viewer's draft became that she sent under this word, if it went."""
        found = self._parts.store.reader.meta(_key(viewer, word))
        return None if found is None else self._published(found)

    def check(self, viewer: Viewer, word: str, said: Said) -> Published | None:
        """As `sent`; raise `Malformed("already-sent")` where the word went with something else."""
        found = self._parts.store.reader.meta(_key(viewer, word))
        if found is None:
            return None
        published = self._published(found)
        if found.split()[2] != _content(word, said):
            raise Malformed("already-sent", f"it went as {published.ref}, before you changed it: look at that first")
        return published

    def note(self, tx: Tx, viewer: Viewer, word: str, said: Said, item: ItemId, now: Micros) -> None:
        """Keep, with the item, that the word was used."""
        tx.set_meta(_key(viewer, word), f"{now} {item} {_content(word, said)}")

    async def sweep(self, now: Micros) -> int:
        """Forget words that nobody sends again; return how many."""
        known = self._parts.store.reader.metas(_PREFIX)
        old = [key for key, value in known.items() if int(value.split()[0]) < now - KEPT_FOR]
        if old:
            await self._parts.store.write(lambda tx: tx.drop_metas(old))
        return len(old)

    def _published(self, kept: str) -> Published:
        item = ItemId(kept.split()[1])
        return Published(id=item, ref=reference(self._parts.me, item))


def _key(viewer: Viewer, word: str) -> str:
    return _PREFIX + digest64("quartet/once/v1", encode([viewer.name, word]))


def _content(word: str, said: Said) -> str:
    return digest64("quartet/once-content/v1", encode([word, [msgspec.to_builtins(one) for one in said]]))
