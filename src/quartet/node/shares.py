"""What looks through much for an officer does it a slice at a time, and her slices one by one, however often she asks.

Between two slices of hers whatever else the node has to do has its turn.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from quartet.core.ids import OfficerName
from quartet.core.release import Viewer


class Shares:
    """Lets each officer have one slice at a time."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[OfficerName, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def slice(self, viewer: Viewer) -> AsyncIterator[None]:
        """Wait for this viewer's own slices before, and let the others have their turn after."""
        async with self._locks.setdefault(viewer.name, asyncio.Lock()):
            yield
            await asyncio.sleep(0)
