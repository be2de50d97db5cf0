"""Whether an aircraft flies as a plan says: in time and corridor, from where, how fast and how high.

The time at a point of the way is the planned duration shared out by distance: the plan's own wind is in it. A plan
tells when the aircraft leaves its stand; it flies `TAXI` later unless the time of its take-off is known.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final, Literal, NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.core.units import NM_M
from quartet.picture.geodesy import distance_m
from quartet.picture.identify.airspace import Spot

ON_TIME: Final = 300 * SECOND
OVER_LAND_M: Final = 10 * NM_M
OVER_OCEAN_M: Final = 20 * NM_M
TAXI: Final = 600 * SECOND
CONSPICUITY: Final = frozenset({"0000", "1000", "1200", "2000", "7000", "7500", "7600", "7700", "7777"})
"""Mode 3/A codes that are no one's: assigned to no flight, they say nothing of who it is."""
ORIGIN_M: Final = 5 * NM_M
ORIGIN_UP_M: Final = 1_500.0
"""So near its aerodrome and so low, seen for the first time, an aircraft was seen to come from there."""
FASTER: Final = 1.3
"""Wind and descent: how much faster than planned through the air it may be over the ground."""
HIGHER_M: Final = 400.0
_DEGREE_M: Final = 111_195.0


class Plan(NamedTuple):
    """A filed plan as far as it is compared: `way` is degrees of latitude and longitude, from aerodrome to aerodrome.

    `complete` is that every point of the route could be placed: only then an aircraft can be off its way. `drill` is
    that it is of an exercise: it says nothing of who flies in truth.
    """

    ref: str
    flight_id: str
    begins: Micros
    lasts: int
    way: tuple[tuple[float, float], ...] = ()
    complete: bool = False
    taken_off: Micros | None = None
    address: str | None = None
    registration: str | None = None
    code: str | None = None
    speed_mps: float | None = None
    level_m: float | None = None
    sort: Literal["CIVIL", "STATE", "EXEMPT"] = "CIVIL"
    drill: bool = False

    @property
    def flies(self) -> Micros:
        """When it takes off, as far as is known."""
        return Micros(self.begins + TAXI) if self.taken_off is None else self.taken_off

    def active(self, at: Micros) -> bool:
        """Return whether the flight is on its way at a time, or could be."""
        return self.begins - ON_TIME <= at <= self.flies + self.lasts + 2 * ON_TIME


class OnWay(NamedTuple):
    """How far from the planned way a place is, m, and when the plan is there."""

    off_m: float
    at: Micros


def on_way(plan: Plan, spot: Spot) -> OnWay | None:
    """Return where a place lies beside a plan's way; None for a plan that has none."""
    if len(plan.way) < 2:
        return None
    lengths = [distance_m(a, b) for a, b in pairwise(plan.way)]
    total = sum(lengths) or 1.0
    best, along, gone = 1e12, 0.0, 0.0
    for (a, b), length in zip(pairwise(plan.way), lengths, strict=True):
        off, part = _beside(a, b, spot)
        if off < best:
            best, along = off, gone + part * length
        gone += length
    return OnWay(best, Micros(plan.flies + round(plan.lasts * along / total)))


def fits(plan: Plan, spot: Spot, at: Micros, corridor_m: float = OVER_LAND_M) -> bool:
    """Return whether a place at a time is in the plan's corridor and on its time."""
    found = on_way(plan, spot)
    return found is not None and found.off_m <= corridor_m and abs(found.at - at) <= ON_TIME


def strayed(plan: Plan, spot: Spot, at: Micros, corridor_m: float = OVER_LAND_M) -> bool:
    """Return whether an aircraft that flies this plan is off its way; never of a plan whose way is not known whole."""
    found = on_way(plan, spot) if plan.complete and plan.active(at) else None
    return found is not None and found.off_m > corridor_m


def from_origin(plan: Plan, first: Spot, at: Micros) -> bool:
    """Return whether an aircraft was seen for the first time where and when the plan begins."""
    near = bool(plan.way) and distance_m(plan.way[0], (first.lat, first.lon)) <= ORIGIN_M
    low = first.alt_m is not None and first.alt_m <= ORIGIN_UP_M
    return near and low and plan.begins - ON_TIME <= at <= plan.flies + 2 * ON_TIME


def moves_so(plan: Plan, speed_mps: float | None, alt_m: float | None) -> bool:
    """Return whether it is no faster and no higher than planned; unknown is no."""
    if speed_mps is None or alt_m is None or plan.speed_mps is None or plan.level_m is None:
        return False
    return speed_mps <= FASTER * plan.speed_mps and alt_m <= plan.level_m + HIGHER_M


def assigned(code: str | None) -> bool:
    """Return whether a Mode 3/A code can be one that was assigned to a flight."""
    return code is not None and code not in CONSPICUITY


def named(plans: Sequence[Plan], address: str | None, flight_id: str | None, code: str | None) -> tuple[Plan, ...]:
    """Return the plans that an aircraft says it is: by its Flight ID, its address or an assigned code."""
    return tuple(
        plan
        for plan in plans
        if (flight_id is not None and plan.flight_id == flight_id)
        or (address is not None and plan.address == address)
        or (assigned(code) and plan.code == code)
    )


def _beside(a: tuple[float, float], b: tuple[float, float], spot: Spot) -> tuple[float, float]:
    """Return how far a place is from a leg, m, and at which part of it; flat about the place."""
    across = cos(radians(spot.lat))
    x1, y1 = _flat(a, spot, across)
    x2, y2 = _flat(b, spot, across)
    dx, dy = x2 - x1, y2 - y1
    part = max(0.0, min(1.0, -(x1 * dx + y1 * dy) / ((dx * dx + dy * dy) or 1.0)))
    return hypot(x1 + part * dx, y1 + part * dy), part


def _flat(place: tuple[float, float], spot: Spot, across: float) -> tuple[float, float]:
    turn = (place[1] - spot.lon + 180) % 360 - 180
    return turn * across * _DEGREE_M, (place[0] - spot.lat) * _DEGREE_M
