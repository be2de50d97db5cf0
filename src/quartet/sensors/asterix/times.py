"""Times of day become moments: the day is the nearest one to when a record was received, or to the one before it.

A time of day alone cannot be believed: what another edition puts in its place is any number at all. So it must be near
the time of receipt (a live source), or keep its distance from it (a recording that was captured when it was replayed),
or near the record before (a recording without times).
"""

from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

DAY: Final = 86_400 * SECOND
MAX_APART: Final = 60 * SECOND
"""How far a time may be from where it is expected: sensors' clocks, and a minute for a track that is old."""
AGREE: Final = 5
"""So many times in a row that agree with each other, and not with what was expected, are what is expected next."""


def nearest(of_day: Micros, moment: Micros) -> Micros:
    """Return the moment with this time of day that is nearest to another, after 1970; of two as near, the later one."""
    at = moment - moment % DAY + of_day
    at = at - DAY if at - moment > DAY // 2 else at + DAY if moment - at >= DAY // 2 else at
    return Micros(at if at >= 0 else at + DAY)


class Times:
    """Makes moments of one source's times of day."""

    def __init__(self, *, live: bool, begins: Micros) -> None:
        self._live = live
        self._last = begins
        self._shift: int | None = 0 if live else None
        self._odd: list[int] = []

    def moment(self, seconds: float, received: Micros | None) -> Micros:
        """Return when it was; raise `Malformed("bad-time" | "time-apart")` for what cannot be believed."""
        of_day = round(seconds * SECOND)
        if not 0 <= of_day < DAY:
            raise Malformed("bad-time", f"{seconds} s are no time of day")
        near = self._last if received is None else received
        at = nearest(Micros(of_day), near)
        self._check(at - near, follows=received is None)
        self._last = at
        return at

    def _check(self, shift: int, *, follows: bool) -> None:
        expected = 0 if follows and self._shift is not None else self._shift
        if expected is None or _apart(shift, expected) <= MAX_APART:
            self._odd.clear()
            self._shift = shift if self._shift is None else self._shift
            return
        self._odd = [*self._odd[1 - AGREE :], shift]
        agree = len(self._odd) == AGREE and all(_apart(shift, other) <= MAX_APART for other in self._odd)
        if self._live or not agree:
            raise Malformed(
                "time-apart", f"{round(shift / SECOND)} s where about {round(expected / SECOND)} is expected"
            )
        self._odd.clear()
        self._shift = shift


def _apart(one: int, other: int) -> int:
    """Return how far two shifts are apart, round the clock."""
    apart = abs(one - other) % DAY
    return min(apart, DAY - apart)
