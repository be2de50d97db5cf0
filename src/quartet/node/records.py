"""When a quorum covered what was said, and what was receipted, as far as this node holds paths and cosignatures.

Who witnesses is asked as of the time that the caller names, so that an act in between does not move what was.
"""

from quartet.core.ids import ItemId, Micros
from quartet.core.timely import Evidence, earliest
from quartet.node.parts import Parts
from quartet.node.witness import Witness
from quartet.store import ItemRow


class Records:
    """Answers since when something is on record; None where that is not known here."""

    def __init__(self, parts: Parts, witness: Witness) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._witness = witness

    def stated(self, row: ItemRow, at: Micros) -> Micros | None:
        """Return since when a quorum covers a statement."""
        return self._own(row.c, at) if row.author == self._me else self._told(row.c, at)

    def own_receipt(self, item: ItemId, at: Micros) -> Micros | None:
        """Return since when a quorum covers our own receipt for a statement."""
        made = self._reader.made_receipt(item)
        return None if made is None else self._own(made[0], at)

    def receipted(self, row: ItemRow, at: Micros) -> Micros | None:
        """Return since when a quorum covers the first receipt of a statement by another member than its author."""
        others = [c for member, c in self._reader.receipt_commitments(row.id) if member != row.author]
        times = [self._told(c, at) for c in others]
        if row.author != self._me:
            times.append(self.own_receipt(row.id, at))
        return min((time for time in times if time is not None), default=None)

    def earliest(self, row: ItemRow, at: Micros) -> Micros | None:
        """Return the earliest time by which a statement is timely, by what this node holds."""
        return earliest(Evidence(self.stated(row, at), self.receipted(row, at)))

    def _told(self, c: str, at: Micros) -> Micros | None:
        """Return since when a quorum covers another member's commitment, of which its path has come."""
        path = self._reader.path(c)
        return None if path is None else self._witness.covered(path[0], path[1], at)

    def _own(self, c: str, at: Micros) -> Micros | None:
        tick = self._reader.tick_of(c)
        row = None if tick is None else self._reader.tick(tick)
        return None if row is None else self._witness.covered(self._witness.origin(self._me), row.leaf_index, at)


__all__ = ["Records"]
