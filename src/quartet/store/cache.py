"""Items that were read lately, opened; bounded, and never older than the last change."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from quartet.core.ids import ItemId
from quartet.store.records import StoredItem

MAX_BYTES: Final = 32 * 1024 * 1024
"""How much text of opened items stays in memory."""
MAX_ITEM: Final = 64 * 1024
"""Larger items are opened each time."""


class Cache:
    """Opened items by id. A reader says what age the cache had before it looked; what changed since is not taken."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.age = 0
        self.hits = 0
        self.misses = 0
        self._lock = threading.Lock()
        self._items: OrderedDict[ItemId, StoredItem] = OrderedDict()
        self._bytes = 0
        self._max = max_bytes

    def get(self, item: ItemId) -> StoredItem | None:
        """Return the item if it is here."""
        with self._lock:
            found = self._items.get(item)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
                self._items.move_to_end(item)
            return found

    def put(self, item: StoredItem, age: int) -> None:
        """Keep an item that was read while the cache was of `age`."""
        size = _size(item)
        with self._lock:
            if age != self.age or size > MAX_ITEM or item.id in self._items:
                return
            self._items[item.id] = item
            self._bytes += size
            while self._bytes > self._max:
                self._bytes -= _size(self._items.popitem(last=False)[1])

    def drop(self, items: Iterable[ItemId]) -> None:
        """Forget items that changed."""
        with self._lock:
            self.age += 1
            for item in items:
                gone = self._items.pop(item, None)
                if gone is not None:
                    self._bytes -= _size(gone)


def _size(item: StoredItem) -> int:
    return len(item.signed) + len(item.control or b"") + 512
