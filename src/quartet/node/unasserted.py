"""What was prepared here and waits for its officer to assert it: nobody checked whether she may say any other bytes.

Each officer has a share of her own: who prepares without end pushes out nothing but what she prepared herself.
"""

from typing import Final

from quartet.core.ids import ItemId, OfficerName

MAX_PREPARED: Final = 1_000
"""Of one officer; beyond it her oldest is forgotten."""


class Unasserted:
    """The ids of what was prepared, for each officer."""

    def __init__(self) -> None:
        self._of: dict[OfficerName, dict[ItemId, None]] = {}

    def __contains__(self, item: ItemId) -> bool:
        return any(item in hers for hers in self._of.values())

    def add(self, officer: OfficerName, item: ItemId) -> None:
        """Note what was prepared for an officer."""
        hers = self._of.setdefault(officer, {})
        hers[item] = None
        if len(hers) > MAX_PREPARED:
            del hers[next(iter(hers))]
