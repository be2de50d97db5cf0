"""How much room the disk has: below a floor the node takes nothing more in, and can still send out and recall."""

import shutil
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

FLOOR: Final = 256 * 1024 * 1024
"""Free bytes below which nothing is taken in, unless the setting `disk_floor_mb` says otherwise."""


class Room:
    """The room on the disk of the member's database."""

    def __init__(self, folder: Path, floor: int = FLOOR) -> None:
        self.floor = floor
        self._folder = folder

    @property
    def low(self) -> bool:
        """Whether less is free than the floor."""
        return shutil.disk_usage(self._folder).free < self.floor

    def check(self) -> None:
        """Raise `Unavailable("disk-low")` while nothing may be taken in."""
        if self.low:
            raise Unavailable("disk-low", f"less than {self.floor // 2**20} MiB are free: free space, then send again")
