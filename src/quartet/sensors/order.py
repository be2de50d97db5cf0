"""The times of a recording run forwards: what is a little out of order is put right, what runs backwards is refused.

Trackers take what they see in the order in which it was seen; what comes earlier than that is none of its time.
`Times` judges; `Order` besides puts the packets of a capture right. Lines of text are judged, and taken as they come.
"""

from collections.abc import Iterator
from enum import Enum
from heapq import heappop, heappush
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.sensors.pcap import Datagram

WORD: Final = "time-backwards"
EPOCH: Final = Micros(0)
SLACK: Final = 2 * SECOND
"""How far a time may be behind the newest before it; a packet of a capture is put in its place."""
MAX_HELD: Final = 4_096
"""Packets that wait for those that come late."""
ENOUGH: Final = 20
"""So many that run backwards, and more than ran forwards, say that all of it does; so many behind that run forwards
among themselves say that the clock was set, or that one of them lied, and are where it goes on."""


class Time(Enum):
    """What one of a recording's times is, by those before it."""

    FORWARDS = "forwards"
    BACKWARDS = "backwards"
    SET = "set"
    """It runs on from here: the clock was set, or what was ahead of all this lied."""


class Times:
    """Judges the times of a recording as they come; `backwards` counts those that came too late, `taken` all others."""

    def __init__(self) -> None:
        self.taken = self.backwards = 0
        self.newest = self._behind = EPOCH
        self._run = 0

    def judge(self, at: Micros, given: Micros = EPOCH) -> Time:
        """Return what a time is; `given` is what nothing may be earlier than, for it went out already."""
        if at < max(given, self.newest - SLACK):
            if not self._run_on(at):
                self.backwards += 1
                return Time.BACKWARDS
            self.newest, found = at, Time.SET
        else:
            self.newest, found = max(self.newest, at), Time.FORWARDS
        self.taken += 1
        self._run = 0
        return found

    @property
    def mostly_backwards(self) -> bool:
        """Whether more ran backwards than forwards, and enough of it to say so of all."""
        return self.backwards >= ENOUGH and self._run < 2 and self.backwards > self.taken

    def _run_on(self, at: Micros) -> bool:
        """Return whether enough of what is behind ran forwards among itself."""
        self._run = self._run + 1 if self._run and at >= self._behind else 1
        self._behind = at
        return self._run == ENOUGH


class Order:
    """Puts the packets of a capture in the order of their times."""

    def __init__(self) -> None:
        self.first: tuple[int, Micros] | None = None
        """The first packet that ran backwards, by its number in the file, and its time."""
        self._times = Times()
        self._held: list[tuple[Micros, int, Datagram]] = []
        self._count = 0
        self._last = Micros(0)

    @property
    def backwards(self) -> int:
        """How many came too late to be put in their place."""
        return self._times.backwards

    def take(self, one: Datagram) -> Iterator[Datagram]:
        """Yield what is in its place now; raise `Malformed("time-backwards")` once more runs so than forwards."""
        self._count += 1
        match self._times.judge(one.at, self._last):
            case Time.BACKWARDS:
                self._refuse(one)
                return
            case Time.SET:
                yield from self.end()
                self._last = one.at
            case Time.FORWARDS:
                pass
        heappush(self._held, (one.at, self._count, one))
        while self._held and (self._held[0][0] < self._times.newest - SLACK or len(self._held) > MAX_HELD):
            yield self._next()

    def end(self) -> Iterator[Datagram]:
        """Yield what waited."""
        while self._held:
            yield self._next()

    def _next(self) -> Datagram:
        self._last, _, one = heappop(self._held)
        return one

    def _refuse(self, one: Datagram) -> None:
        self.first = self.first or (one.packet, one.at)
        if self._times.mostly_backwards:
            number, _ = self.first
            raise Malformed(WORD, f"its time runs backwards from packet {number} on: sort it by time (`reordercap`)")
