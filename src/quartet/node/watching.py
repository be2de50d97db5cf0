"""Tell each viewer what is new for her, as it comes: the third caller of the gate on the way out.

What she missed comes first, page by page; an event carries the admission after which she may ask again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from quartet.core.faults import Unavailable
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.reading import Reading
from quartet.node.views import Event, Query
from quartet.store import Reader

MAX_EVENTS: Final = 1_000
"""Events that wait for one viewer; one who is slower finds the rest by asking again."""


class Watching:
    """Hands news to whoever watches."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self._reader = reader
        self._reading = reading
        self._watchers: set[asyncio.Queue[Verified]] = set()

    def news(self, verified: Verified) -> None:
        """Tell every watcher of a new statement; the gate is asked when she is told."""
        for watcher in tuple(self._watchers):
            with contextlib.suppress(asyncio.QueueFull):
                watcher.put_nowait(verified)

    async def watch(self, viewer: Viewer, after: int) -> AsyncIterator[Event]:
        """Tell what is new for a viewer after an admission: what she missed, then as it comes."""
        queue: asyncio.Queue[Verified] = asyncio.Queue(MAX_EVENTS)
        self._watchers.add(queue)
        try:
            last = after
            for event in self._missed(viewer, after):
                last = event.seq
                yield event
            while True:
                told = self._event(await queue.get(), viewer)
                if told is not None and told.seq > last:
                    yield told
        finally:
            self._watchers.discard(queue)

    def _missed(self, viewer: Viewer, after: int) -> Iterator[Event]:
        following: int | None = after
        while following is not None:
            page = self._reading.read(viewer, Query(after=following, limit=500))
            for row in page.items:
                found = self._reader.row(row.id)
                if found is not None:
                    yield Event(seq=found.admission, kind="item", ref=row.ref, row=row)
            following = page.next

    def _event(self, verified: Verified, viewer: Viewer) -> Event | None:
        found = self._reader.row(verified.id)
        if found is None or verified.own is None:
            return None
        try:
            line = self._reading.line(viewer, verified.id)
        except Unavailable:
            return None
        return Event(seq=found.admission, kind="item", ref=line.ref, row=line)
