"""Put around an outline one that the desk's areas may have: whoever was in the first is in the second.

For what others send and no area of ours can hold as it is. It is wider, never narrower, and whoever uses it says so.
"""

import math
from collections.abc import Iterable
from typing import Final

from quartet.desk.area import DEGREE, MAX_POINTS, Point, flaw

EARTH_M: Final = 6_356_752.0
"""The Earth's smallest radius: with it, so many metres are the most degrees."""
_TOP: Final = 90 * DEGREE
_SIDE: Final = 180 * DEGREE


def around(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the least convex polygon that holds points, or the box around them where that has too many corners.

    Points on both sides of the 180th meridian may be meant either way round: the box goes round the world.
    """
    found = sorted(set(points))
    lons = [lon for _, lon in found]
    if max(lons) - min(lons) > _SIDE:
        return box(found[0][0], found[-1][0], -_SIDE, _SIDE)
    hull = _hull(found)
    ring = (*hull, hull[0])
    if 4 <= len(ring) <= MAX_POINTS and flaw(ring) is None:
        return ring
    return box(found[0][0], found[-1][0], min(lons), max(lons))


def box(south: int, north: int, west: int, east: int) -> tuple[Point, ...]:
    """Return the polygon between two latitudes and two longitudes, a little wide where it would be a line."""
    south, north = (max(-_TOP, south - 1), min(_TOP, north + 1)) if south == north else (south, north)
    west, east = (max(-_SIDE, west - 1), min(_SIDE, east + 1)) if west == east else (west, east)
    middle = ((west + east) // 2,) if east - west > _SIDE else ()  # no side is longer than half the world
    low = ((south, lon) for lon in (west, *middle, east))
    high = ((north, lon) for lon in (east, *middle, west))
    return (*low, *high, (south, west))


def circle_box(lat: int, lon: int, radius_m: int) -> tuple[int, int, int, int]:
    """Return the latitudes and longitudes between which all lies that is within so many metres of a point."""
    angle = radius_m / EARTH_M
    high = math.ceil(math.degrees(angle) * DEGREE) + 1
    south, north = lat - high, lat + high
    if south <= -_TOP or north >= _TOP:  # a pole is in it, and with it every longitude
        return max(-_TOP, south), min(_TOP, north), -_SIDE, _SIDE
    ratio = math.sin(angle) / math.cos(math.radians(lat / DEGREE))
    wide = math.ceil(math.degrees(math.asin(min(1.0, ratio))) * DEGREE) + 1
    if lon - wide < -_SIDE or lon + wide > _SIDE:
        return south, north, -_SIDE, _SIDE
    return south, north, lon - wide, lon + wide


def _hull(points: list[Point]) -> list[Point]:
    """Return the corners of the convex hull of sorted points, in order; in whole numbers, without rounding."""
    if len(points) < 3:
        return points
    return [*_chain(points)[:-1], *_chain(points[::-1])[:-1]]


def _chain(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
