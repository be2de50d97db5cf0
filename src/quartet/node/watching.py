"""Tell each viewer what is new for her, as it comes: the third caller of the gate on the way out.

News only ring a bell; what is told is read from the store, in the order of admission, from where she is. So nothing
waits in memory for one who is slow, nothing is lost or told twice, and an event's cursor is where to go on.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.reading import Reading
from quartet.node.views import Event
from quartet.store import ItemRow, Reader

PAGE: Final = 500
TAKES_BACK: Final = frozenset({"recall", "cancel-recall"})
LOOK_SECONDS: Final = 1.0
"""How long a watcher waits for the bell before it looks all the same."""


class Watching:
    """Hands news to whoever watches."""

    def __init__(self, reader: Reader, reading: Reading, holdings: Holdings) -> None:
        self._reader = reader
        self._reading = reading
        self._holdings = holdings
        self._bells: set[asyncio.Event] = set()

    def news(self, _: Verified) -> None:
        """Ring every watcher's bell; the gate is asked when she is told."""
        for bell in self._bells:
            bell.set()

    async def watch(self, viewer: Viewer, cursor: str) -> AsyncIterator[Event]:
        """Tell what is new for a viewer after a cursor: what she missed, then as it comes.

        Where the node has not come so far - it was restored - a `gap` says from where she must read again.
        """
        bell, after = asyncio.Event(), self._reading.admission(viewer, cursor)
        self._bells.add(bell)
        try:
            if after > self._reader.last_admission():
                after = 0
                yield Event(seq="", kind="gap")
            while True:
                bell.clear()
                for at, event in self._fresh(viewer, after):
                    after = at
                    if event is not None:
                        yield event
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), LOOK_SECONDS)
        finally:
            self._bells.discard(bell)

    def _fresh(self, viewer: Viewer, after: int) -> Iterator[tuple[int, Event | None]]:
        """Yield each later admission, with its event if she may see it; none while the gate lacks what is stored."""
        while self._holdings.settled:
            page = self._reader.items(after, PAGE)
            for row in page:
                after = row.admission
                yield after, self._event(row, viewer)
            if len(page) < PAGE:
                return

    def _event(self, row: ItemRow, viewer: Viewer) -> Event | None:
        if row.kind in TAKES_BACK:
            refs, rows = self._reading.touched(row.id, viewer)
            seq = self._reading.cursor(viewer, row.admission)
            return Event(seq=seq, kind="recall", refs=refs, rows=rows) if refs else None
        seen = self._reading.line(row, viewer)
        if seen is None:
            return None
        return Event(seq=self._reading.cursor(viewer, row.admission), kind="item", ref=row.ref, row=seen)
