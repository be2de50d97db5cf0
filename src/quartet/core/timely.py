"""Whether a statement was on record in time, and from which time on it is (RELEASE, "Timely by T"). Pure.

A statement that lay in a drawer has a perfect place in its author's log all the same: a log shows nobody what it holds.
So it must have been receipted by another member, too, and that receipt be on record. What is not known is no proof of
lateness while there is still time for it to come.
"""

from typing import Final, Literal, cast

from quartet.core.encoding import Value
from quartet.core.facts import HOUR, AnyFact, CancelRecall, Delegate, Fact, Facts, Grant
from quartet.core.ids import SECOND, ItemId, Micros

TOLERANCE: Final = 12 * HOUR
"""How long after its date a grant or a delegation may come on record: a member cut off for a watch loses nothing."""
RECEIPT_ALLOWANCE: Final = 60 * SECOND
"""How much later another member's receipt may be on record."""
PROOF_PATIENCE: Final = 600 * SECOND
"""How long the proof of what came in time may be on its way."""

Verdict = Literal["TIMELY", "LATE", "OPEN"]
"""OPEN counts until it is shown to be late."""


class Evidence(Value, frozen=True):
    """What a node knows of a statement's times: when a quorum covered it, and when each receipt of another member."""

    recorded: Micros | None
    receipted: tuple[Micros, ...] = ()

    @property
    def first(self) -> Micros | None:
        """Return when the first receipt was covered: a later one proves nothing that this one does not."""
        return min(self.receipted, default=None)


def deadline(fact: AnyFact, facts: Facts, delay: int, recall_recorded: Micros | None = None) -> Micros | None:
    """Return by when a fact must be on record, or None for a kind that counts whenever it came."""
    if isinstance(fact.body, (Grant, Delegate)):
        return Micros(fact.at + TOLERANCE)
    if isinstance(fact.body, CancelRecall):
        return cancel_deadline(cast(Fact[CancelRecall], fact), facts, delay, recall_recorded)
    return None


def cancel_deadline(
    cancel: Fact[CancelRecall], facts: Facts, delay: int, recall_recorded: Micros | None = None
) -> Micros:
    """Return when the delay of a recall ends, which runs from its record, where that is known; else from its date."""
    recall = facts.known.get(ItemId(cancel.body.recall))
    begun = cancel.at if recall is None else recall.at
    return Micros((begun if recall_recorded is None else recall_recorded) + delay)


def judge(by: Micros, evidence: Evidence, received: Micros, now: Micros) -> Verdict:
    """Return whether a statement was timely, as far as the evidence goes; no more of it unmakes TIMELY.

    A receipt names what it receipts: where one is on record by then, the statement is, with or without its own path.
    """
    recorded, receipted = evidence.recorded, evidence.first
    if receipted is not None and (receipted <= by or _both(by, recorded, receipted)):
        return "TIMELY"
    late = (recorded is not None and recorded > by) or (receipted is not None and receipted > by + RECEIPT_ALLOWANCE)
    return "LATE" if late or late_on_arrival(by, received) or now > by + RECEIPT_ALLOWANCE + PROOF_PATIENCE else "OPEN"


def earliest(evidence: Evidence) -> Micros | None:
    """Return the earliest T by which `judge` calls a statement TIMELY; None while nothing makes it so.

    More evidence only ever makes it earlier: whoever holds the same comes to the same T, in whatever order it came.
    """
    recorded, receipted = evidence.recorded, evidence.first
    if receipted is None:
        return None
    return receipted if recorded is None else min(receipted, max(recorded, Micros(receipted - RECEIPT_ALLOWANCE)))


def _both(by: Micros, recorded: Micros | None, receipted: Micros) -> bool:
    return recorded is not None and recorded <= by and receipted <= by + RECEIPT_ALLOWANCE


def late_on_arrival(by: Micros, received: Micros) -> bool:
    """Return whether a statement was first seen when it was too late: it counts for nothing until its proof comes."""
    return received > by + RECEIPT_ALLOWANCE
