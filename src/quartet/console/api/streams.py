"""The streams of news of one officer at a door: how many are open, and what goes first in each.

Of one too many the oldest ends. Not the newest: a page that is loaded anew is served, though nobody has noticed yet
that the one before it is gone. Who hears no more asks again from where she was, and loses nothing.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, TypeVar

from quartet.core.ids import OfficerName

MAX_STREAMS: Final = 16
"""Of one officer, at each door."""
BREATH_SECONDS: Final = 10.0
"""How long a stream is silent at most, and how soon it ends after its session."""

T = TypeVar("T")


class Streams:
    """The streams that are open at one door."""

    def __init__(self) -> None:
        self._open: dict[OfficerName, deque[asyncio.Event]] = {}

    def begin(self, officer: OfficerName) -> asyncio.Event:
        """Return what is set once this stream is to end because the officer opened others since."""
        over, hers = asyncio.Event(), self._open.setdefault(officer, deque())
        hers.append(over)
        while len(hers) > MAX_STREAMS:
            hers.popleft().set()
        return over

    def end(self, officer: OfficerName, over: asyncio.Event) -> None:
        """Forget a stream that ended."""
        hers = self._open.get(officer, deque())
        if over in hers:
            hers.remove(over)
        if not hers:
            self._open.pop(officer, None)


async def first_of(
    told: Sequence[AsyncIterator[T]], alive: Callable[[], bool], over: asyncio.Event
) -> AsyncIterator[T | None]:
    """Yield what comes from several, an earlier one's first however much waits behind it; None now and then: a breath.

    It ends once it is `over`, or no more `alive`: what came since is not told.
    """
    coming, ended = [asyncio.ensure_future(anext(one)) for one in told], asyncio.ensure_future(over.wait())
    try:
        while alive():
            done, _ = await asyncio.wait({*coming, ended}, timeout=BREATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if over.is_set() or not alive():
                return
            if not done:
                yield None
                continue
            first = next(n for n, task in enumerate(coming) if task.done())
            event = coming[first].result()
            coming[first] = asyncio.ensure_future(anext(told[first]))
            yield event
    finally:
        for task in (*coming, ended):
            task.cancel()
        await asyncio.wait({*coming, ended})
