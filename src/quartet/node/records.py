"""When a quorum covered what was said, and what was receipted, as far as this node holds paths and cosignatures.

Of kinds with deadlines it counts the proofs, too, that the holders show each other (`proofs.py`): so that each of them
comes to the same. Who witnesses is asked as of the time that the caller names.
"""

from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.core.statement import DEADLINE_KINDS
from quartet.core.timely import Evidence, earliest
from quartet.node.dating import Dating
from quartet.node.parts import Parts
from quartet.store import ItemRow


class Records:
    """Answers since when something is on record; None where that is not known here."""

    def __init__(self, parts: Parts, dating: Dating) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._dating = dating

    def stated(self, row: ItemRow, at: Micros) -> Micros | None:
        """Return since when a quorum covers a statement."""
        times = [self._dating.since(row.author, Commitment(row.c), at), self._shown(row, at).get(row.author)]
        return min((time for time in times if time is not None), default=None)

    def own_receipt(self, item: ItemId, at: Micros) -> Micros | None:
        """Return since when a quorum covers our own receipt for a statement."""
        made = self._reader.made_receipt(item)
        return None if made is None else self._own(made[0], at)

    def receipted(self, row: ItemRow, at: Micros) -> tuple[Micros, ...]:
        """Return since when a quorum covers the receipts of a statement by other members than its author."""
        times = [time for member, time in self._shown(row, at).items() if member != row.author]
        for member, c in self._reader.receipt_commitments(row.id):
            if member != row.author:
                times.append(self._dating.since(member, c, at))
        if row.author != self._me and row.state != "HELD":
            times.append(self.own_receipt(row.id, at))
        return tuple(sorted(time for time in times if time is not None))

    def evidence(self, row: ItemRow, at: Micros) -> Evidence:
        """Return all that this node holds of a statement's times."""
        return Evidence(self.stated(row, at), self.receipted(row, at))

    def earliest(self, row: ItemRow, at: Micros) -> Micros | None:
        """Return the earliest T by which a statement is timely; None while nothing that is here makes it so.

        Every holder of an item of a kind with deadlines comes to the same, once it was told what the others hold.
        """
        return earliest(self.evidence(row, at))

    def _shown(self, row: ItemRow, at: Micros) -> dict[MemberId, Micros | None]:
        """Return since when each word about an item is on record, by what proves it to others."""
        proven = self._reader.proven(row.id) if row.kind in DEADLINE_KINDS else []
        return {one.about: self._dating.shown(one.about, one.proof, at) for one in proven}

    def _own(self, c: str, at: Micros) -> Micros | None:
        return self._dating.since(self._me, Commitment(c), at)


__all__ = ["Records"]
