"""Let through so many of a kind a minute, for each key: who is slower is not noticed, who guesses waits."""

import math
from collections import OrderedDict
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Unavailable

MAX_KEYS: Final = 4096


class TooMany(Unavailable):
    """Too many of a kind; `wait_s` is how many whole seconds to wait."""

    def __init__(self, rate: str, wait_s: int) -> None:
        super().__init__("too-many-requests", f"{rate}: wait {wait_s} s")
        self.wait_s = wait_s


class Rate(Value, frozen=True):
    """How many at once, and how many a minute after that."""

    name: str
    burst: float
    a_minute: float


TRIES_OF_ONE: Final = Rate("tries-of-one", burst=6, a_minute=3)
"""Password and code of one officer."""
TRIES_OF_ALL: Final = Rate("tries-of-all", burst=60, a_minute=60)
"""Every way to sign in, whoever it is."""
COSTLY: Final = Rate("costly", burst=6, a_minute=6)
"""What keeps the machine busy, of one officer."""
REQUESTS: Final = Rate("requests", burst=300, a_minute=1800)
"""What one session asks."""

PARTS: Final = Rate("parts", burst=128, a_minute=3600)
"""Parts of files of one officer, in all her sessions: 15 MiB a second."""


class Limit:
    """Counts one kind for each key; the oldest of `MAX_KEYS` is forgotten first."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> None:
        """Count one, or raise `TooMany`."""
        left, since = self._left.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - since) * self._rate.a_minute / 60)
        self._left[key] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > MAX_KEYS:
            self._left.popitem(last=False)
        if left < 1:
            wait = (1 - left) * 60 / self._rate.a_minute
            raise TooMany(self._rate.name, math.ceil(wait))
