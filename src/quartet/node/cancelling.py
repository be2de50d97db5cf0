"""Whether an officer's cancellation of a recall can count: asked before it is stated, so that none is in vain unsaid.

What counts is the rule's to say (`core.recall`), and until when (`core.timely`); a cancellation that comes on record
too late all the same is alarmed (`timeliness.py`).
"""

import msgspec

from quartet.core.facts import CancelRecall, Fact
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.recall import cancels
from quartet.core.statement import Statement
from quartet.core.timely import cancel_deadline
from quartet.node.holdings import Holdings
from quartet.node.records import Records
from quartet.node.views import moment


class Cancelling:
    """Judges cancellations of this member."""

    def __init__(self, holdings: Holdings, records: Records) -> None:
        self._holdings = holdings
        self._records = records

    def check_said(self, statement: Statement, item: ItemId, now: Micros) -> None:
        """Raise as `check` for a statement of ours that cancels a recall; let every other pass."""
        if statement.kind == "cancel-recall":
            body = msgspec.json.decode(statement.body, type=CancelRecall)
            me = MemberId(statement.member)
            self.check(Fact(id=item, member=me, officer=statement.officer, at=statement.at, body=body), now)

    def check(self, cancel: Fact[CancelRecall], now: Micros) -> None:
        """Raise `Malformed("cancel-too-late" | "not-cancellable")` where it would leave the item taken back."""
        facts, delay = self._holdings.facts, self._holdings.registry.membership.recall_delay
        ended = self.ends(cancel)
        if now >= ended:
            raise Malformed(
                "cancel-too-late", f"the delay of its recall ended at {moment(ended):%H:%M:%S} UTC: send the item anew"
            )
        if not cancels(cancel, facts, delay):
            raise Malformed("not-cancellable", "a recall for LIFE by two, or one after a cancellation: send it anew")

    def ends(self, cancel: Fact[CancelRecall]) -> Micros:
        """Return when its recall's delay is over: from its record, and for what is dated later from its own date."""
        recall, facts = ItemId(cancel.body.recall), self._holdings.facts
        delay = self._holdings.registry.membership.recall_delay
        dated = cancel_deadline(cancel, facts, delay)
        row = self._holdings.store.reader.row(recall)
        recorded = None if row is None else self._records.stated(row, cancel.at)
        return dated if cancel.at >= dated else cancel_deadline(cancel, facts, delay, recorded)
