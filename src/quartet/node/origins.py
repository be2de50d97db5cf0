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

    def speaks(self, verified: Verified) -> bool:
        """Return whether an item is about a place of origin: by itself, by what it names, or by what it carries.

        So is, for all that is known here, what is said on the ladder of a question that is not here any more.
        """
        return self._about(verified, DEPTH) is not False

    def _about(self, verified: Verified, depth: int) -> bool | None:
        """Return whether an item is about an origin, by its question whatever it says; None where none is found."""
        said = verified.statement
        question, hypothesis = form_of(said, Question), form_of(said, Hypothesis)
        if question is not None:
            return question.rung in EMBARGOED
        if hypothesis is not None and hypothesis.rung in EMBARGOED:
            return True
        below = [(one.statement.kind, self._about(one, depth - 1)) for one in self._below(verified) if depth > 0]
        if any(found for _, found in below):
            return True
        if said.kind in LADDER:
            return False if any(kind in LADDER and found is False for kind, found in below) else None
        return None if any(found is None for _, found in below) else False

    def _below(self, verified: Verified) -> Iterator[Verified]:
        said, reader = verified.statement, self._holdings.store.reader
        named = [one.item for one in said.cites] if said.kind in LADDER or said.kind == MESSAGE else []
        carried = reader.items_carrying(c.id for c in verified.contained)
        for item in dict.fromkeys([*(ItemId(n) for n in named if not isinstance(n, UnsetType)), *carried]):
            held = self._holdings.verified(item) if item != verified.id else None
            if held is not None and (held.statement.kind in LADDER or item in named):
                yield held
