"""Judge which grants, cancellations and delegations were on record in time, and decide again what hangs on them.

Each node judges by what it holds: the path in the author's log, cosignatures, receipts and the paths of these. TIMELY
is the last word; LATE is looked at again, because a proof may be long on its way.
"""

from itertools import islice
from typing import Final

from quartet.core.facts import AnyFact, CancelRecall, Facts
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.statement import reference
from quartet.core.timely import Verdict, deadline, judge
from quartet.node.holdings import Holdings, set_all
from quartet.node.parts import Parts
from quartet.node.records import Records
from quartet.node.registry import Registry
from quartet.store import Tx

LOOK_AGAIN: Final = 5 * SECOND
"""How often those that were found late are looked at again."""
MAX_LOOKED_AT: Final = 500
"""How many at once; the next ones at the next look: a flood of facts costs a tick no more, and hides no other."""


class Timeliness:
    """Looks once a tick at what is not judged yet."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, records: Records) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self.records = records
        self._next = Micros(0)
        self._looked = 0

    async def look(self, now: Micros) -> bool:
        """Judge what can be judged; return whether any fact counts otherwise than before."""
        turned = False
        for fact in self._waiting(now):
            verdict = self.judge(fact, now)
            late = fact.id in self._holdings.facts.late
            if verdict == "TIMELY" or (verdict == "LATE" and not late):
                await self._keep(fact, verdict, now)
                turned |= late == (verdict == "TIMELY")
                await self._tell(fact, verdict, now)
        return turned

    def _waiting(self, now: Micros) -> list[AnyFact]:
        unjudged = self._holdings.unjudged
        waiting = list(islice(unjudged.values(), MAX_LOOKED_AT))
        for looked in waiting:
            unjudged[looked.id] = unjudged.pop(looked.id)  # the others first at the next tick
        if now >= self._next:
            self._next = Micros(now + LOOK_AGAIN)
            facts = self._holdings.facts
            late = (fact for item in facts.late if (fact := facts.known.get(item)) is not None)
            ordered = sorted(late, key=lambda fact: fact.order, reverse=True)
            begin = self._looked if self._looked < len(ordered) else 0
            waiting += ordered[begin : begin + MAX_LOOKED_AT]
            self._looked = begin + MAX_LOOKED_AT
        return waiting

    def judge(self, fact: AnyFact, now: Micros) -> Verdict:
        """Return whether a fact was on record in time, by what this node holds now."""
        row = self._parts.store.reader.row(fact.id)
        by = deadline(fact, self._holdings.facts, self._registry.membership.recall_delay, self._recalled(fact))
        if row is None or by is None:
            return "OPEN"
        return judge(by, self.records.evidence(row, fact.at), row.received, now)

    async def _keep(self, fact: AnyFact, verdict: Verdict, now: Micros) -> None:
        """Keep a verdict, and decide again, in one transaction, all that hangs on the fact."""
        async with self._holdings.turns.learn():
            await self._keep_alone(fact, verdict, now)

    async def _keep_alone(self, fact: AnyFact, verdict: Verdict, now: Micros) -> None:
        holdings = self._holdings
        verified, facts = holdings.verified(fact.id), _judged(holdings.facts, fact, verdict)
        turned = (fact.id in facts.late) != (fact.id in holdings.facts.late)
        rows = (
            holdings.touched_rows(fact, verified, facts, self._parts.clock.now())
            if turned and verified is not None
            else []
        )

        def job(tx: Tx) -> None:
            tx.put_verdict(fact.id, verdict)
            set_all(tx, rows, now)

        await self._parts.store.write(job)
        holdings.facts = _judged(holdings.facts, fact, verdict)
        holdings.unjudged.pop(fact.id, None)
        holdings.gate.learned(fact)

    def _recalled(self, fact: AnyFact) -> Micros | None:
        """Return since when the recall that a cancellation names is on record."""
        if not isinstance(fact.body, CancelRecall):
            return None
        row = self._parts.store.reader.row(ItemId(fact.body.recall))
        return None if row is None else self.records.stated(row, fact.at)

    async def _tell(self, fact: AnyFact, verdict: Verdict, now: Micros) -> None:
        """Tell our officers of what they said and was heard too late: it must be said again."""
        me = self._parts.me
        if fact.member == me and verdict == "LATE":
            text = f"{reference(me, fact.id)} of {fact.officer} came on record too late to count: state it anew"
            await self._parts.store.write(lambda tx: tx.put_alarm("recorded-late", me, text, now))


def _judged(facts: Facts, fact: AnyFact, verdict: Verdict) -> Facts:
    return facts.recorded_late(fact.id) if verdict == "LATE" else facts.recorded_in_time(fact.id)


__all__ = ["Timeliness"]
