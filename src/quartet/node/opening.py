"""At which place of the node's admissions an item last became readable for a viewer.

Mostly that is its own; a grant, a widening, a delegation or the cancellation of a recall that comes later opens it at
its own place instead. The place follows from what is held, for each viewer, and is written nowhere.
"""

from bisect import bisect_left
from itertools import accumulate
from typing import Final

from quartet.core.admission import bearing_on
from quartet.core.facts import AnyFact, CancelRecall, Delegate, Facts, Grant, Widen
from quartet.core.ids import Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.seeing import Seeing
from quartet.store import ItemRow

OPENS: Final = frozenset({"grant", "widen", "delegate", "cancel-recall"})
"""The kinds of fact after which more may read."""
OPENERS: Final = (Grant, Widen, Delegate, CancelRecall)


class Opening:
    """Answers when items were opened."""

    def __init__(self, holdings: Holdings, seeing: Seeing) -> None:
        self._holdings = holdings
        self._seeing = seeing
        self._reader = holdings.store.reader

    def opened(self, fact: ItemRow) -> list[ItemRow]:
        """Return the items, held before, that a fact may have opened: in the order of their admission."""
        said = self._holdings.facts.known.get(fact.id) if fact.kind in OPENS else None
        rows = () if said is None else self._reader.rows(self._holdings.touched(said)).values()
        return sorted((row for row in rows if row.admission < fact.admission), key=lambda row: row.admission)

    def place(self, row: ItemRow, verified: Verified, viewer: Viewer, now: Micros) -> int:
        """Return the admission with which an item that a viewer sees now last became readable for her.

        Without the newest facts that open it, one after the other, it is that of the first that she cannot do without:
        the fewer there are the less she sees, so it is looked for by halves.
        """
        openers = self._openers(row, verified, self._holdings.facts)
        without = list(accumulate(openers, lambda facts, one: facts.without(one[1]), initial=self._holdings.facts))
        needed = bisect_left(without, True, key=lambda facts: not self._seeing.would_see(verified, viewer, facts, now))
        return openers[needed - 1][0] if needed < len(without) else row.admission

    def _openers(self, row: ItemRow, verified: Verified, facts: Facts) -> list[tuple[int, AnyFact]]:
        """Return the facts that came after an item and may have opened it, the newest first."""
        known = {fact.id: fact for fact in bearing_on(verified, facts) if isinstance(fact.body, OPENERS)}
        rows = self._reader.rows(known) if known else {}
        later = [(one.admission, known[i]) for i, one in rows.items() if one.admission > row.admission]
        return sorted(later, key=lambda one: one[0], reverse=True)
