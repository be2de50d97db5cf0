"""Tell what speaks of a place of origin: a rung of an incident's ladder that is read at a desk and never goes out."""

from typing import Final

from msgspec import UnsetType

from quartet.core.ids import ItemId
from quartet.core.verify import Verified
from quartet.desk import form_of
from quartet.desk.incident import EMBARGOED, Hypothesis, Question
from quartet.node.holdings import Holdings

LADDER: Final = frozenset(
    {"question", "hypothesis", "rejection", "assessment", "finding", "concurrence", "dissent", "rating-seal", "rating"}
)
DEPTH: Final = 3
"""A dissent names a finding, that names a hypothesis, and that its question."""


class Origins:
    """Follows what is said on the ladder down to its question."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def speaks(self, verified: Verified, depth: int = DEPTH) -> bool:
        """Return whether an item is about a place of origin, by itself or by what it names."""
        said = verified.statement
        if said.kind not in LADDER:
            return False
        for form in (form_of(said, Hypothesis), form_of(said, Question)):
            if form is not None:
                return form.rung in EMBARGOED
        cited = (ItemId(one.item) for one in said.cites if not isinstance(one.item, UnsetType))
        held = (self._holdings.verified(item) for item in cited) if depth else ()
        return any(self.speaks(one, depth - 1) for one in held if one is not None)
