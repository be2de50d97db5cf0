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
BESIDE: Final = LADDER | {MESSAGE}
"""What is said beside something else, and is about what that is about."""
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
        # A level at a time and each item once: what names many, that name many, costs no more than what there is.
        level, seen, ladder, asked = [verified], {verified.id}, False, False
        for _ in range(DEPTH + 1):
            rungs = [_rungs(one) for one in level]
            if any(rung in EMBARGOED for own in rungs for rung in own):
                return True
            ladder = ladder or any(one.statement.kind in LADDER for one in level)
            asked = asked or any(form_of(one.statement, Question) is not None for one in level)
            found = {one.id: one for upper in level for one in self._below(upper)}
            level = [one for item, one in found.items() if item not in seen]
            seen |= found.keys()
        return ladder and not asked

    def _below(self, verified: Verified) -> Iterator[Verified]:
        """Yield what an item names, if it is said beside that, and what it carries: not who else carries the same."""
        said, reader = verified.statement, self._holdings.store.reader
        cites = [one.item for one in said.cites] if said.kind in BESIDE else []
        named = {ItemId(one) for one in cites if not isinstance(one, UnsetType)}
        inside = {c.id for c in verified.contained}
        for item in dict.fromkeys([*sorted(named), *reader.items_carrying(inside)]):
            held = self._holdings.verified(item) if item != verified.id else None
            if held is None or held.own is None:
                continue
            if item in named or (held.own.id in inside and held.statement.kind in BESIDE):
                yield held


def _rungs(verified: Verified) -> list[str]:
    """Return the rung that an item gives itself, if it is one of the ladder's; its question may say another."""
    said = verified.statement
    return [form.rung for form in (form_of(said, Question), form_of(said, Hypothesis)) if form is not None]
