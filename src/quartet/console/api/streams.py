"""How many streams of news one officer has open at a door: of one too many the oldest ends.

Not the newest: a page that is loaded anew is served, though nobody has noticed yet that the one before it is gone. Who
hears no more asks again from where she was, and loses nothing.
"""

import asyncio
from collections import deque
from typing import Final

from quartet.core.ids import OfficerName

MAX_STREAMS: Final = 16
"""Of one officer, at each door."""


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
