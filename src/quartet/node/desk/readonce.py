"""What is read out of items once, and kept in memory until they are destroyed: to read costs more than to keep."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from quartet.core.ids import ItemId
from quartet.node.holdings import Holdings

MAX_KEPT: Final = 2_000
"""Items of which what was read is kept; beyond it the one that was read first is read again."""

T = TypeVar("T")


class ReadOnce(Generic[T]):
    """Reads items in a thread, each once; nothing here knows a viewer, who asks only of what she sees."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self.kept: dict[ItemId, T] = {}
        """What was read of items that are still held, in the order in which they were read."""
        holdings.on_purged.append(self._purged)

    async def of(self, item: ItemId, read: Callable[[], T]) -> T:
        """Return what `read` reads out of an item."""
        if item in self.kept:
            return self.kept[item]
        found = await asyncio.to_thread(read)
        if self._holdings.verified(item) is not None:  # it may have been destroyed meanwhile
            while len(self.kept) >= MAX_KEPT:
                del self.kept[next(iter(self.kept))]
            self.kept[item] = found
        return found

    def _purged(self, item: ItemId) -> None:
        self.kept.pop(item, None)
