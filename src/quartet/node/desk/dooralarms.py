"""What a door alarms the watch of: whom it does not reach, and what came to it and could not be kept yet.

A door speaks of itself alone: which source, which address. It names no item, and nothing that a warning says.
"""

from typing import Final, Literal, get_args

from quartet.core.faults import Fault
from quartet.node.parts import Parts

DoorReason = Literal["early-waits", "early-lost", "early-lowered", "early-source-away", "cap-not-reached"]
REASONS: Final[tuple[DoorReason, ...]] = get_args(DoorReason)


class DoorAlarms:
    """Raises the alarms of doors, one a reason with all that it is about, and ends them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._about: dict[DoorReason, dict[str, str]] = {reason: {} for reason in REASONS}
        self._told: dict[DoorReason, str] = {}

    async def tell(self, reason: DoorReason, about: str, detail: str) -> None:
        """Say what is wrong with a part of a door, or with no `detail` that nothing is any more.

        What the store does not take now is told with the next: that the disk is full is told from memory anyway.
        """
        if detail:
            self._about[reason][about] = detail
        else:
            self._about[reason].pop(about, None)
        await self._tell(reason)

    async def begin(self) -> None:
        """End what stands from before the node began: what is still so is told again."""
        for reason in REASONS:
            await self._tell(reason)

    def whole(self, reason: DoorReason) -> str:
        """Return all that is wrong for one reason; nothing where nothing is."""
        return "; ".join(f"{about}: {detail}" for about, detail in sorted(self._about[reason].items()))

    async def _tell(self, reason: DoorReason) -> None:
        me, now, whole = self._parts.me, self._parts.clock.now(), self.whole(reason)
        stands = "stands" if self._parts.store.reader.has_alarm(reason, me) else ""
        if self._told.get(reason, stands) == whole:
            return
        try:
            if whole:
                await self._parts.store.write(lambda tx: tx.put_alarm(reason, me, whole, now))
            else:
                await self._parts.store.write(lambda tx: tx.end_alarm(reason, me, now))
        except Fault:
            return
        self._told[reason] = whole
