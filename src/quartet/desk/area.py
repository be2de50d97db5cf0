"""Where a warning holds: circles and polygons, in whole 1e-7 degrees, so that what is checked is what was signed.

A polygon is closed and valid: its last point is its first, and its line neither touches nor crosses itself. One that
reaches over the 180th meridian is two.
"""

from itertools import pairwise
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.outline import crosses_itself

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
    if crosses_itself(polygon[:-1]):
        return "crosses or touches itself"
    return None
