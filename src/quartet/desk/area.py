"""Where a warning holds: circles and polygons, in whole 1e-7 degrees, so that what is checked is what was signed.

A polygon is closed and valid: its last point is its first, and its line neither touches nor crosses itself. One that
reaches over the 180th meridian is two.
"""

from itertools import pairwise
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed

DEGREE: Final = 10_000_000
MAX_POINTS: Final = 128
MAX_RADIUS_M: Final = 1_000_000
"""A circle of more than a thousand kilometres warns nobody of anything."""
MAX_AREAS: Final = 16

Lat = Annotated[int, Meta(ge=-90 * DEGREE, le=90 * DEGREE)]
Lon = Annotated[int, Meta(ge=-180 * DEGREE, le=180 * DEGREE)]
Point = tuple[Lat, Lon]
Polygon = Annotated[tuple[Point, ...], Meta(min_length=4, max_length=MAX_POINTS)]


class Circle(Value, frozen=True):
    """All that lies within so many metres of a point."""

    lat: Lat
    lon: Lon
    radius_m: Annotated[int, Meta(ge=1, le=MAX_RADIUS_M)]


class Area(Value, frozen=True):
    """A named area: the polygons and circles that it is made of, one at least."""

    name: Annotated[str, Meta(min_length=1, max_length=160)]
    polygons: Annotated[tuple[Polygon, ...], Meta(max_length=MAX_AREAS)] = ()
    circles: Annotated[tuple[Circle, ...], Meta(max_length=MAX_AREAS)] = ()


def check_area(area: Area) -> None:
    """Raise `Malformed("bad-area")` for an area of nothing, or a polygon that is not closed and valid."""
    if not area.polygons and not area.circles:
        raise Malformed("bad-area", f"{area.name}: it has no polygon and no circle")
    for number, polygon in enumerate(area.polygons, 1):
        wrong = flaw(polygon)
        if wrong is not None:
            raise Malformed("bad-area", f"{area.name}: polygon {number} {wrong}")


def flaw(polygon: tuple[Point, ...]) -> str | None:
    """Return what is wrong with a polygon, or None for a closed and simple one."""
    if polygon[0] != polygon[-1]:
        return "is not closed: its last point is not its first"
    sides = list(pairwise(polygon))
    if len(set(polygon[:-1])) != len(sides):
        return "comes to one point twice"
    if any(abs(a[1] - b[1]) > 180 * DEGREE for a, b in sides):
        return "goes round the world: cut it at the 180th meridian"
    if _folded(polygon) or _crosses(sides):
        return "crosses or touches itself"
    return None


def _folded(polygon: tuple[Point, ...]) -> bool:
    """Return whether a side goes back over the one before it."""
    ring = (*polygon, polygon[1])
    return any(_side(a, b, c) == 0 and _forward(a, b, c) < 0 for a, b, c in zip(ring, ring[1:], ring[2:], strict=False))


def _crosses(sides: list[tuple[Point, Point]]) -> bool:
    """Return whether two sides that are not neighbours meet anywhere; in whole numbers, without rounding."""
    last = len(sides) - 1
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if not (i == 0 and j == last)
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    first, second = _side(a, b, c), _side(a, b, d)
    third, fourth = _side(c, d, a), _side(c, d, b)
    if first * second < 0 and third * fourth < 0:
        return True
    ends = ((first, a, b, c), (second, a, b, d), (third, c, d, a), (fourth, c, d, b))
    return any(turn == 0 and _between(p, q, r) for turn, p, q, r in ends)


def _side(a: Point, b: Point, c: Point) -> int:
    """Return on which side of the line from a to b a point lies: its sign, and 0 for on it."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _forward(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])


def _between(a: Point, b: Point, c: Point) -> bool:
    """Return whether a point on the line from a to b lies between the two."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
