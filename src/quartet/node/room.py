"""How much room the disk has: below a floor the node takes nothing more in, and can still send out and recall."""

import shutil
import time
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

FLOOR: Final = 256 * 1024 * 1024
"""Free bytes below which nothing is taken in, unless the setting `disk_floor_mb` says otherwise."""

LOOK_S: Final = 0.1
"""How long what was free is taken to be so: a busy node asks for every item, and each time the disk is asked."""


class Room:
    """The room on the disk of the member's database."""

    def __init__(self, folder: Path, floor: int = FLOOR) -> None:
        self.floor = floor
        self._folder = folder
        self._free = 0
        self._looked_at = float("-inf")

    @property
    def low(self) -> bool:
        """Whether less is free than the floor."""
        self._free, self._looked_at = shutil.disk_usage(self._folder).free, time.monotonic()
        return self._free < self.floor

    @property
    def lately_low(self) -> bool:
        """Whether it was so within LOOK_S: for what is asked of every item."""
        return self._free < self.floor if time.monotonic() - self._looked_at < LOOK_S else self.low

    def check(self) -> None:
        """Raise `Unavailable("disk-low")` while nothing may be taken in."""
        if self.lately_low:
            raise Unavailable("disk-low", f"less than {self.floor // 2**20} MiB are free: free space, then send again")
