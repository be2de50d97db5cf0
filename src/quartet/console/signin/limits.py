"""Let through so many of a kind a minute, for each key: who is slower is not noticed, who guesses waits."""

import asyncio
import ipaddress
import math
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
"""Password and code of one officer, at browsers where she never signed in."""
TRIES_OF_BROWSER: Final = Rate("tries-of-browser", burst=20, a_minute=10)
"""Every way to sign in, at one browser where somebody signed in before."""
TRIES_OF_ADDRESS: Final = Rate("tries-of-address", burst=60, a_minute=60)
"""Every way to sign in, of all other browsers at one address."""
MAX_IN_LINE: Final = 64
"""Passwords that wait to be looked at, at browsers where nobody signed in before: `tries-in-line`."""
A_SECOND: Final = 8
"""So many passwords are looked at in a second, or more."""
COSTLY: Final = Rate("costly", burst=6, a_minute=6)
"""What keeps the machine busy, of one officer."""
BACK: Final = Rate("back", burst=20, a_minute=60)
"""Ways of tracks, of one officer."""
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


class Line:
    """Lets one after the other, so that many slow each other and nobody else; a few wait, and more are sent away."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Span one's turn, or raise `TooMany`."""
        if self._waiting >= MAX_IN_LINE:
            raise TooMany("tries-in-line", MAX_IN_LINE // A_SECOND)
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


def place_of(host: str) -> str:
    """Return under what an address is counted: one of IPv6 under its network of 64 bits, which one household has."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
