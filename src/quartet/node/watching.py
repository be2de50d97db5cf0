"""Tell each viewer what is new for her, as it comes: the third caller of the gate on the way out.

News only ring a bell; what is told is read from the store, in the order of admission, from where she is. So nothing
waits in memory for one who is slow, nothing is lost or told twice, and an event's cursor is where to go on. An item is
told where it last became readable for her (`opening.py`): with its own admission, or with that of what opened it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final, Literal

from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.reading import Reading
from quartet.node.views import Event, Row
from quartet.store import ItemRow, Reader

PAGE: Final = 500
TOUCHES: Final[Mapping[str, Literal["recall", "change"]]] = {
    "recall": "recall",
    "narrow": "change",
    "correction": "change",
}
"""The facts that change rows which are there already, and what a viewer is told of them."""
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
        bell, (after, told) = asyncio.Event(), self._reading.place(viewer, cursor)
        turns = self._turns()
        self._bells.add(bell)
        try:
            if after > self._reader.last_admission():
                after = told = 0
                yield Event(seq="", kind="gap")
            while True:
                bell.clear()
                while page := await self._fresh(after):
                    for row in page:
                        for event in self._told_of(row, viewer, told if row.admission == after + 1 else 0):
                            yield event
                        after, told = row.admission, 0
                        await asyncio.sleep(0)  # who is told nothing of a thousand items holds up nobody else
                if turns != (turns := self._turns()):
                    yield Event(seq=self._reading.cursor(viewer, after, told), kind="rights")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):  # `wait_for` of Python 3.11 may swallow a cancellation
                        await bell.wait()
        finally:
            self._bells.discard(bell)

    def _turns(self) -> int:
        """Return how often a member's standing has changed by now: what opens by that is told by no admission."""
        return self._holdings.registry.membership.turns(self._holdings.clock.now())

    async def _fresh(self, after: int) -> list[ItemRow]:
        """Return the next admissions; the gate knows all of them, for what it must learn is learned in a turn."""
        async with self._holdings.turns.decide():
            return list(self._reader.items(after, PAGE))

    def _told_of(self, row: ItemRow, viewer: Viewer, told: int) -> Iterator[Event]:
        """Yield what a viewer is told of an admission: an item, what a fact opened after `told`, what it took back."""
        at = row.admission
        for count, opened in enumerate(self._reading.opened(row)[told:], start=told + 1):
            seen = self._reading.line(opened, viewer, at)
            if seen is not None:
                yield _event(self._reading.cursor(viewer, at - 1, count), seen)
        seen = self._reading.line(row, viewer, at)
        if seen is not None:
            yield _event(self._reading.cursor(viewer, at), seen)
        kind = TOUCHES.get(row.kind)
        refs, rows = self._reading.touched(row.id, viewer) if kind is not None else ((), ())
        if kind is not None and refs:
            yield Event(seq=self._reading.cursor(viewer, at), kind=kind, refs=refs, rows=rows)


def _event(seq: str, row: Row) -> Event:
    return Event(seq=seq, kind="item", ref=row.ref, row=row)
