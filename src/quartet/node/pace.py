"""How many parcels one member sends another in each slot, where a charter asks for cover. Pure.

It follows from the time and from what a hub sees itself - whether our way stands, whether the other's parcels come -
and from nothing else: never from what waits, or the rate would tell of it.
"""

from typing import Final

from quartet.core.ids import SECOND, Micros

FASTER: Final = 4
"""How many parcels a slot has after an outage, until what the outage left out is made up for: a third of its length."""
MADE_UP_FOR: Final = 86_400 * SECOND
"""The longest outage that is made up for."""
SILENT_AFTER: Final = 5
"""Slots without a parcel of the other's, after which it counts as away."""


class Pace:
    """One pair's, in one direction. Slot n is the middle of tick n."""

    def __init__(self, tick: int, last: int | None) -> None:
        """Go on after the tick that was the `last` before the node started; None if there was none."""
        self._tick = tick
        self._last = last
        self._owed = 0

    def following(self, now: Micros) -> int:
        """Return the next slot; after a clock was set back the next one by that clock."""
        return (now + self._tick // 2) // self._tick

    def moment(self, slot: int) -> Micros:
        """Return when a slot is."""
        return Micros(slot * self._tick + self._tick // 2)

    def parcels(self, slot: int, *, up: bool, there: bool) -> int:
        """Return how many parcels go in a slot: whether our way is `up`, whether the other is `there`.

        None without a way; one to who is away, and several once it is back: what an outage left out, and no more.
        """
        missed = 0 if self._last is None else max(0, slot - self._last - 1)
        self._last = slot
        self._owe(missed + (not (up and there)))
        if not (up and there):
            return int(up)
        extra = min(self._owed, FASTER - 1)
        self._owed -= extra
        return 1 + extra

    def there(self, arrived: Micros | None, now: Micros) -> bool:
        """Return whether the other counts as there, whose newest parcel arrived at a time."""
        return arrived is not None and now - arrived <= SILENT_AFTER * self._tick

    def _owe(self, slots: int) -> None:
        self._owed = min(self._owed + slots, MADE_UP_FOR // self._tick)
