"""Airspaces: a plan on the ground with a floor and a ceiling, and whether a place lies within.

Sides are straight in longitude and latitude, as GeoJSON draws them (RFC 7946, 3.1.1); heights are metres of pressure
altitude where a flight level says them. A height that nobody knows counts as within. What lies on a side may count as
either, and always as the same.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final, NamedTuple

from quartet.core.ids import Micros
from quartet.picture.geodesy import EARTH_RADIUS_M
from quartet.picture.identify.hours import ALWAYS, Hours

Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude of each corner, degrees; the last is the first again."""
_METRES_A_DEGREE: Final = EARTH_RADIUS_M * 3.141592653589793 / 180
_STEPS: Final = 48
"""Halvings until a crossing is found: below a micrometre of any step."""


class Spot(NamedTuple):
    """A place in degrees, with its height in metres where that is known."""

    lat: float
    lon: float
    alt_m: float | None = None


class Airspace:
    """An airspace, made ready to be asked often: its sides lie in bands of latitude."""

    def __init__(
        self,
        name: str,
        title: str,
        rings: Iterable[Ring],
        floor_m: float = -1e9,
        ceiling_m: float = 1e9,
        *,
        oceanic: bool = False,
        hours: Hours = ALWAYS,
    ) -> None:
        self.name, self.title, self.oceanic, self.hours = name, title, oceanic, hours
        self.floor_m, self.ceiling_m = floor_m, ceiling_m
        self.rings = tuple(rings)
        corners = [corner for ring in self.rings for corner in ring]
        self.west, self.east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
        self.south, self.north = min(lat for _, lat in corners), max(lat for _, lat in corners)
        sides = [(*a, *b) for ring in self.rings for a, b in pairwise(ring) if a != b]
        self._sides = tuple(sides)
        self._starts, self._bands = _banded(sides, self.south, self.north)

    def holds(self, spot: Spot) -> bool:
        """Return whether a place lies within, by plan and by height."""
        band = spot.alt_m is None or self.floor_m <= spot.alt_m <= self.ceiling_m
        return band and self.covers(spot.lat, spot.lon)

    def in_use_at(self, spot: Spot, at: Micros) -> bool:
        """Return whether a place lies within, at a moment at which the airspace is in use."""
        return self.hours.hold(at) and self.holds(spot)

    def covers(self, lat: float, lon: float) -> bool:
        """Return whether a place lies within the plan."""
        if not self.south <= lat <= self.north:
            return False
        lon = self.turned(lon)
        if not self.west <= lon <= self.east:
            return False
        inside = False
        for x1, y1, x2, y2 in self._bands[bisect_right(self._starts, lat) - 1]:
            if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside

    def turned(self, lon: float) -> float:
        """Return a longitude as this airspace counts it: one that lies over the date line goes beyond 180."""
        return lon + 360 if lon < self.west and lon + 360 <= self.east else lon

    def near(self, lat: float, lon: float, within_m: float) -> bool:
        """Return whether a place can be so near the plan; rough, and never a no to what is."""
        pad = within_m / _METRES_A_DEGREE
        wide = pad / max(0.01, cos(radians(min(89.0, abs(lat)))))
        beside = any(self.west - wide <= turn <= self.east + wide for turn in (lon, lon + 360, lon - 360))
        return beside and self.south - pad <= lat <= self.north + pad

    def side_distance_m(self, lat: float, lon: float) -> float:
        """Return how far the nearest side is; flat, for what is tens of kilometres away at most."""
        lon, across = self.turned(lon), cos(radians(lat))
        return _METRES_A_DEGREE * min(
            _apart((x1 - lon) * across, y1 - lat, (x2 - lon) * across, y2 - lat) for x1, y1, x2, y2 in self._sides
        )


def crossing(space: Airspace, before: Spot, after: Spot) -> float:
    """Return at which part of the straight way between two places its side changes first; they lie on both sides.

    Of several changes one is found, and where the two are near there is one.
    """
    inside = space.holds(before)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if space.holds(between(before, after, middle)) == inside:
            low = middle
        else:
            high = middle
    return high


def between(before: Spot, after: Spot, part: float) -> Spot:
    """Return a place on the straight way between two, the short way round."""
    turn = (after.lon - before.lon + 180) % 360 - 180
    lon = (before.lon + part * turn + 180) % 360 - 180
    known = before.alt_m is not None and after.alt_m is not None
    alt = before.alt_m + part * (after.alt_m - before.alt_m) if known else None  # type: ignore[operator]
    return Spot(before.lat + part * (after.lat - before.lat), lon, alt)


Side = tuple[float, float, float, float]


def _banded(sides: Sequence[Side], south: float, north: float) -> tuple[list[float], list[tuple[Side, ...]]]:
    """Return where each band of latitude begins, and the sides that have a part in it."""
    count = max(1, min(1024, len(sides) // 4))
    width = (north - south) / count or 1.0
    bands: list[list[Side]] = [[] for _ in range(count)]
    for side in sides:
        low, high = sorted((side[1], side[3]))
        for n in range(max(0, int((low - south) / width) - 1), min(count - 1, int((high - south) / width) + 1) + 1):
            bands[n].append(side)
    return [south + n * width for n in range(count)], [tuple(band) for band in bands]


def _apart(x1: float, y1: float, x2: float, y2: float) -> float:
    """Return how far a straight piece is from nought."""
    dx, dy = x2 - x1, y2 - y1
    part = max(0.0, min(1.0, -(x1 * dx + y1 * dy) / ((dx * dx + dy * dy) or 1.0)))
    return hypot(x1 + part * dx, y1 + part * dy)
