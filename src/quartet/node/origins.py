"""Tell what speaks of a place of origin: a rung of an incident's ladder that is read at a desk and never goes out.

What is said about that rung speaks of it too, a conversation beside it, and whatever carries something of either.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import UnsetType

from quartet.core.ids import ItemId
from quartet.core.verify import Verified
from quartet.desk import form_of
from quartet.desk.incident import EMBARGOED, Hypothesis, Question
from quartet.node.drafting import MESSAGE
from quartet.node.holdings import Holdings

LADDER: Final = frozenset(
    {"question", "hypothesis", "rejection", "assessment", "finding", "concurrence", "dissent", "rating-seal", "rating"}
)
DEPTH: Final = 4
"""A message is beside a dissent, that names a finding, that a hypothesis, and that its question."""


class Origins:
    """Follows what is said on the ladder down to its question."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def speaks(self, verified: Verified, depth: int = DEPTH) -> bool:
        """Return whether an item is about a place of origin: by itself, by what it names, or by what it carries."""
        for form in (form_of(verified.statement, Hypothesis), form_of(verified.statement, Question)):
            if form is not None:
                return form.rung in EMBARGOED
        return depth > 0 and any(self.speaks(one, depth - 1) for one in self._below(verified))

    def _below(self, verified: Verified) -> Iterator[Verified]:
        said, reader = verified.statement, self._holdings.store.reader
        named = [one.item for one in said.cites] if said.kind in LADDER or said.kind == MESSAGE else []
        carried = reader.items_carrying(c.id for c in verified.contained)
        for item in dict.fromkeys([*(ItemId(n) for n in named if not isinstance(n, UnsetType)), *carried]):
            held = self._holdings.verified(item) if item != verified.id else None
            if held is not None and (held.statement.kind in LADDER or item in named):
                yield held
