"""What a peer could not believe yet, and when it goes to him again. Pure.

He may lack what proves it: a list of officers, a key, an act of somebody else, that comes to him later by another way.
"""

from collections.abc import Iterable
from typing import Final

from quartet.core.ids import SECOND, ItemId, Micros

AGAIN_AFTER: Final = 5 * SECOND
"""After so long it goes again, and each further time after twice as long: sixteen times a day, and ever more rarely."""
MAX_PARKED: Final = 1_000
"""So many are remembered of a peer; of what is beyond, the next start of the node reminds."""


class Parked:
    """What one peer receipted PARKED."""

    def __init__(self) -> None:
        self._next: dict[ItemId, tuple[Micros, int]] = {}

    def receipted(self, items: Iterable[tuple[ItemId, str]], now: Micros) -> None:
        """Note what a peer receipted; what he believes at last is done with."""
        for item, answer in items:
            if answer != "PARKED":
                self._next.pop(item, None)
            elif item not in self._next and len(self._next) < MAX_PARKED:
                self._next[item] = Micros(now + AGAIN_AFTER), AGAIN_AFTER

    def due(self, now: Micros) -> list[ItemId]:
        """Return what goes again now; it is not due again before twice as long has passed."""
        found = [item for item, (at, _) in self._next.items() if at <= now]
        for item in found:
            wait = 2 * self._next[item][1]
            self._next[item] = Micros(now + wait), wait
        return found
