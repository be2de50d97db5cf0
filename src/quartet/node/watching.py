"""Tell each viewer what is new for her, as it comes: the third caller of the gate on the way out.

What she missed comes first, page by page; an event carries the cursor after which she may ask again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

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
        self._watchers: dict[asyncio.Queue[Verified], Viewer] = {}

    def news(self, verified: Verified) -> None:
        """Tell of a new statement who may see it; the gate is asked again when she is told.

        Nothing else goes into her queue: how full it is says nothing of what others get.
        """
        for queue, viewer in tuple(self._watchers.items()):
            if self._reading.sees(viewer, verified.id):
                with contextlib.suppress(asyncio.QueueFull):
                    queue.put_nowait(verified)

    async def watch(self, viewer: Viewer, after: str) -> AsyncIterator[Event]:
        """Tell what is new for a viewer after a cursor: what she missed, then as it comes."""
        queue: asyncio.Queue[Verified] = asyncio.Queue(MAX_EVENTS)
        self._watchers[queue] = viewer
        try:
            last = self._reading.admission(viewer, after)
            for admission, event in self._missed(viewer, after):
                last = admission
                yield event
            while True:
                admission, told = self._event(await queue.get(), viewer)
                if told is not None and admission > last:
                    yield told
        finally:
            del self._watchers[queue]

    def _missed(self, viewer: Viewer, after: str) -> Iterator[tuple[int, Event]]:
        following: str | None = after
        while following is not None:
            page = self._reading.read(viewer, Query(after=following, limit=500))
            for row in page.items:
                found = self._reader.row(row.id)
                if found is not None:
                    seq = self._reading.cursor(viewer, found.admission)
                    yield found.admission, Event(seq=seq, kind="item", ref=row.ref, row=row)
            following = page.next

    def _event(self, verified: Verified, viewer: Viewer) -> tuple[int, Event | None]:
        found = self._reader.row(verified.id)
        if found is None or not self._reading.sees(viewer, verified.id):
            return 0, None
        seq = self._reading.cursor(viewer, found.admission)
        return found.admission, Event(seq=seq, kind="item", ref=found.ref, row=self._reading.line(viewer, verified.id))
