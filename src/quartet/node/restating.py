"""Say again that an item was destroyed, where that was said after the backup that the node came back from.

Whoever waited for the word gave it back; of an item of our own nobody waited, and nobody has it.
"""

from msgspec import json

from quartet.core.encoding import encode
from quartet.core.facts import AnyFact, Purged, Recall
from quartet.core.ids import ItemId, Micros
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.stub import SALT_SIZE, make_stub
from quartet.store import LOST


class Restating:
    """Looks once after a recovery at what was destroyed before it."""

    def __init__(self, parts: Parts, holdings: Holdings, publisher: Publisher) -> None:
        self._parts = parts
        self._holdings = holdings
        self._publisher = publisher
        found = parts.store.reader.meta(LOST)
        self._lost = [] if found is None else json.decode(found, type=list[ItemId])

    async def look(self, now: Micros) -> None:
        """Make each stub say under which recall its item went, and state those of which nobody has our word."""
        if not self._lost:
            return
        said = {
            ItemId(fact.body.item): fact.body.recall
            for fact in self._holdings.facts.known.values()
            if isinstance(fact.body, Purged) and fact.member == self._parts.me
        }
        for item in self._lost:
            await self._one(item, said, now)
        await self._parts.store.write(lambda tx: tx.drop_metas([LOST]))
        self._lost = []

    async def _one(self, item: ItemId, said: dict[ItemId, ItemId | str | None], now: Micros) -> None:
        row = self._parts.store.reader.row(item)
        if row is None:
            return
        controls = tuple(control for control, _ in self._parts.store.reader.controls_of(item))
        recall = said.get(item) if item in said else self._recall(controls)
        made = make_stub(item, row.c, row.author, recall, (), self._parts.entropy(SALT_SIZE))
        stub = encode(made)
        await self._parts.store.write(lambda tx: tx.set_stub(item, stub, now))
        if item not in said:
            why = None if recall is None else ItemId(recall)
            await self._publisher.purged(item, row.c, why, controls, stub, lambda: True)

    def _recall(self, controls: tuple[str, ...]) -> ItemId | None:
        """Return the first recall under one of an item's controls, or None for an item that expired."""
        found: list[AnyFact] = [
            fact
            for fact in self._holdings.facts.known.values()
            if isinstance(fact.body, Recall) and set(fact.body.controls) & set(controls)
        ]
        return min(found, key=lambda fact: (fact.at, fact.id)).id if found else None
