"""Read where an alert holds: what is drawn here contains what was sent, or the area says what is not drawn.

What the desk's areas cannot hold as it is - an outline that crosses itself, one with too many points, a circle that is
too large, more areas than may be - is drawn wider, and that is said in its name. Places are read to a centimetre.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from quartet.desk.area import MAX_AREAS, MAX_POINTS, MAX_RADIUS_M, Area, Circle, Point, flaw
from quartet.desk.outline import around, box, circle_box
from quartet.gateways.cap.fields import cap_name, cut, own_text, text_of
from quartet.gateways.cap.words import read_circle, read_polygon
from quartet.gateways.cap.xml import Element

WIDER: Final = " (drawn wider than it was sent)"
CODES: Final = " (its codes are not drawn)"
"""Of an area that names places by codes as well: where these are is not known here."""
MAX_NAME: Final = 100
MAX_EXACT: Final = 1_024
"""Points whose outlines are looked at for crossings, of one alert together: each pair of sides is looked at."""

Ring = tuple[Point, ...]
Span = tuple[int, int, int, int]


def read_areas(blocks: Iterable[Element]) -> tuple[Area, ...]:
    """Return the areas of all blocks, each once; languages name one outline differently, and the first name is kept."""
    budget = _Budget()
    seen: dict[tuple[object, ...], Area] = {}
    for element in (area for block in blocks for area in block.all(cap_name("area"))):
        area, marks = _area(element, budget)
        key = (area.polygons, area.circles, marks) if area.polygons or area.circles else (area.name,)
        seen.setdefault(key, area)
    found = tuple(seen.values())
    return found if len(found) <= MAX_AREAS else (*found[: MAX_AREAS - 1], _together(found[MAX_AREAS - 1 :]))


class _Budget:
    """How many points may still be looked at for crossings."""

    def __init__(self) -> None:
        self._left = MAX_EXACT

    def allows(self, points: int) -> bool:
        """Return whether an outline is looked at whole."""
        self._left -= points if points <= MAX_POINTS else 0
        return points <= MAX_POINTS and self._left >= 0


def _area(element: Element, budget: _Budget) -> tuple[Area, str]:
    """Return an area, and what is said of how it is drawn."""
    sent = [read_polygon(own_text(one)) for one in element.all(cap_name("polygon"))]
    rings = [_ring(one, budget) for one in sent]
    circles = [read_circle(own_text(one)) for one in element.all(cap_name("circle"))]
    kept = tuple(Circle(lat, lon, max(1, radius)) for lat, lon, radius in circles if radius <= MAX_RADIUS_M)
    boxes = [_box(circle_box(*one)) for one in circles if one[2] > MAX_RADIUS_M]
    boxes += [_box(_span(one)) for one in kept[MAX_AREAS:]]
    exact = not boxes and len(rings) <= MAX_AREAS and all(ring is not None for ring in rings)
    polygons = _few([*(around(s) if r is None else r for s, r in zip(sent, rings, strict=True)), *boxes])
    marks = ("" if exact else WIDER) + (CODES if element.all(cap_name("geocode")) else "")
    name = cut(text_of(element, "areaDesc", "") or "(no name)", MAX_NAME, 10_000)
    return Area(name + marks, polygons, kept[:MAX_AREAS]), marks


def _ring(polygon: Ring, budget: _Budget) -> Ring | None:
    """Return a polygon as it was sent, points that come twice in a row once; None where it is not closed and simple."""
    ring = (*(a for a, b in pairwise(polygon) if a != b), polygon[-1])
    return ring if len(ring) >= 4 and budget.allows(len(ring)) and flaw(ring) is None else None


def _few(rings: list[Ring]) -> tuple[Ring, ...]:
    """Return polygons, the last around all that would be too many."""
    if len(rings) <= MAX_AREAS:
        return tuple(rings)
    return (*rings[: MAX_AREAS - 1], around(point for ring in rings[MAX_AREAS - 1 :] for point in ring))


def _together(areas: tuple[Area, ...]) -> Area:
    """Return one area around all that would be too many."""
    points = [point for area in areas for point in _points(area)]
    return Area(f"{len(areas)} more areas{WIDER}", (around(points),) if points else ())


def _points(area: Area) -> Iterator[Point]:
    for polygon in area.polygons:
        yield from polygon
    for circle in area.circles:
        yield from _box(_span(circle))


def _span(circle: Circle) -> Span:
    return circle_box(circle.lat, circle.lon, circle.radius_m)


def _box(span: Span) -> Ring:
    return box(*span)
