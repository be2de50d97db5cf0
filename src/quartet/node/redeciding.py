"""Decide again what an act of the charter may have changed: every item of ours, and every fact that we pass on.

What our own clock dated too late is no newer than its record. The record may come after the act: where the witnesses
changed, it waits for those that stayed.
"""

from collections.abc import Callable, Iterable
from typing import Final

from quartet.core.facts import fact_of
from quartet.core.ids import Micros
from quartet.node.holdings import Holdings, set_all
from quartet.node.registry import Registry
from quartet.store import ItemRow

AT_ONCE: Final = 200
DONE: Final = "decided-charter"

Recorded = Callable[[ItemRow], Micros | None]
"""Since when a quorum covers an item; None while none does."""


class Redeciding:
    """Keeps the delivery rows at what the charter says now."""

    def __init__(self, registry: Registry, holdings: Holdings) -> None:
        self._registry = registry
        self._holdings = holdings
        self._store = holdings.store
        self._decided: str | None = None
        self._undated: list[ItemRow] = []
        """Items of a wrong clock that had no record when they were decided."""

    async def look(self, now: Micros, recorded: Recorded) -> bool:
        """Once an act took force, decide all of it again; return whether anything was decided.

        It is done once, and done again if the node stopped before its end. An act may take force later than it came:
        its time may be ahead of this clock.
        """
        mark = f"{self._registry.state.epoch}/{self._registry.membership.turns(now)}"
        if self._decided is None:
            self._decided = self._store.reader.meta(DONE)
        if self._decided == mark:
            return await self._date_later(mark, now, recorded)
        await self._all(now, recorded)
        self._decided = mark
        await self._note(mark)
        return True

    async def _all(self, now: Micros, recorded: Recorded) -> None:
        self._undated = []
        after = 0
        while page := self._store.reader.items(after, AT_ONCE, author=self._registry.me):
            after = page[-1].admission
            self._undated += await self._date(page, recorded)
            await self._decide(page, now)
        await self._decide_facts(now)

    async def _date_later(self, mark: str, now: Micros, recorded: Recorded) -> bool:
        """Date and decide what has its record by now; return whether there was anything."""
        if not self._undated:
            return False
        left = await self._date(self._undated, recorded)
        dated = [row for row in self._undated if row not in left]
        self._undated = left
        for start in range(0, len(dated), AT_ONCE):
            await self._decide(dated[start : start + AT_ONCE], now)
        if dated:
            await self._note(mark)
        return bool(dated)

    async def _note(self, mark: str) -> None:
        """Note that all is done: not while something waits for its record, for a new start must wait for it too."""
        if not self._undated:
            await self._store.write(lambda tx: tx.set_meta(DONE, mark))

    async def _decide(self, page: Iterable[ItemRow], now: Micros) -> None:
        holdings = self._holdings
        async with holdings.turns.learn():
            found = (holdings.verified(row.id) for row in page if row.state != "PURGED")
            mine = [v for v in found if v is not None and v.own is not None]
            rows = [r for v in mine for r in holdings.decide(v, holdings.facts, holdings.clock.now())]
            await self._store.write(lambda tx: set_all(tx, rows, now))

    async def _decide_facts(self, now: Micros) -> None:
        """Decide again to whom each fact goes: a member that is reinstated wants those it did not get meanwhile."""
        holdings = self._holdings
        known = self._store.reader.all_facts()
        for start in range(0, len(known), AT_ONCE):
            async with holdings.turns.learn():
                found = (holdings.verified(fact) for fact in known[start : start + AT_ONCE])
                rows = [
                    r for v in found if v is not None for r in holdings.fact_rows(fact_of(v), v, holdings.clock.now())
                ]
                await self._store.write(lambda tx, rows=rows: set_all(tx, rows, now))  # type: ignore[misc]

    async def _date(self, page: Iterable[ItemRow], recorded: Recorded) -> list[ItemRow]:
        """Date items of an unsure clock by their record; return those that have none yet."""
        left = []
        for row in page:
            verified = self._holdings.verified(row.id) if row.state != "PURGED" else None
            own = None if verified is None or verified.statement.clock == "SURE" else verified.own
            if verified is None or own is None:
                continue
            at = recorded(row)
            if at is None:
                left.append(row)
            elif own.control.issued * self._registry.membership.tick > at:
                await self._holdings.first_seen(verified, own.id, at)
        return left
