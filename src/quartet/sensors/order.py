"""The times of a recording run forwards: what is a little out of order is put right, what runs backwards is refused.

Trackers take what they see in the order in which it was seen; what comes earlier than that is none of its time.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.sensors.pcap import Datagram

WORD: Final = "time-backwards"
SLACK: Final = 2 * SECOND
"""How far a packet may be behind the newest before it, and is put in its place."""
MAX_HELD: Final = 4_096
"""Packets that wait for those that come late."""
ENOUGH: Final = 20
"""So many that run backwards, and more than ran forwards, say that all of it does; so many behind that run forwards
among themselves say that the clock was set, or that one packet lied, and are where it goes on."""


class Order:
    """Puts the packets of a capture in the order of their times; `backwards` counts those that came too late for it."""

    def __init__(self) -> None:
        self.backwards = 0
        self.first: tuple[int, Micros] | None = None
        """The first packet that ran backwards, counted from 1, and its time."""
        self._held: list[tuple[Micros, int, Datagram]] = []
        self._count = 0
        self._given = 0
        self._newest = self._last = self._behind = Micros(0)
        self._forwards = 0

    def take(self, one: Datagram) -> Iterator[Datagram]:
        """Yield what is in its place now; raise `Malformed("time-backwards")` once more runs so than forwards."""
        self._count += 1
        if one.at < max(self._last, self._newest - SLACK):
            self._refuse(one)
            if self._forwards < ENOUGH:
                return
            yield from self.end()
            self._newest = self._last = one.at
        self._forwards = 0
        self._newest = max(self._newest, one.at)
        heappush(self._held, (one.at, self._count, one))
        while self._held and (self._held[0][0] < self._newest - SLACK or len(self._held) > MAX_HELD):
            yield self._next()

    def end(self) -> Iterator[Datagram]:
        """Yield what waited."""
        while self._held:
            yield self._next()

    def _next(self) -> Datagram:
        self._last, _, one = heappop(self._held)
        self._given += 1
        return one

    def _refuse(self, one: Datagram) -> None:
        self._forwards = self._forwards + 1 if self._forwards and one.at >= self._behind else 1
        self._behind = one.at
        if self._forwards == ENOUGH:
            return
        self.backwards += 1
        self.first = self.first or (self._count, one.at)
        if self.backwards >= ENOUGH and self._forwards < 2 and self.backwards > self._given + len(self._held):
            number, _ = self.first
            raise Malformed(WORD, f"its time runs backwards from packet {number} on: sort it by time (`reordercap`)")
