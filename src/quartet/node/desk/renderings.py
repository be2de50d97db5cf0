"""Know which situation reports are renderings of one text: at their author's node alone; nothing that goes out says so.

The tie is written with each rendering, in its transaction. A viewer is shown those of them that she may see.
"""

from quartet.core.ids import ItemId
from quartet.node.publishing import Also
from quartet.store import Store, Tx


class Ties:
    """Keeps what belongs together."""

    def __init__(self, store: Store) -> None:
        self._reader = store.reader

    def note(self, report: str) -> Also:
        """Return what writes that an item is a rendering of a report, which has a name that nobody else gives it."""

        def write(tx: Tx, item: ItemId) -> None:
            tx.set_meta(_of(item), report)
            tx.set_meta(f"{_in(report)}{item}", "")

        return write

    def others(self, item: ItemId) -> frozenset[ItemId]:
        """Return the other renderings of a report: for none of them it is said here who may see it."""
        report = self._reader.meta(_of(item))
        if report is None:
            return frozenset()
        key = _in(report)
        return frozenset(ItemId(name.removeprefix(key)) for name in self._reader.metas(key)) - {item}


def _of(item: ItemId) -> str:
    return f"sitrep-of:{item}"


def _in(report: str) -> str:
    return f"sitrep-in:{report}:"
