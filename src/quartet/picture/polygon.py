"""Points and polygons in a plane, metres: whether a point is inside, how far it is from the border.

A polygon is the corners of one outline (k, 2), the last joined to the first; it may be hollow, and must not cross
itself. One corner alone is a point. For many movers at once, and in time, see `proximity.within`.
"""

from typing import NamedTuple

import numpy as np

from quartet.picture.compiled import Floats


class Border(NamedTuple):
    """How far a point is from a border, m, the point of the border that is nearest, and whether it is inside."""

    distance_m: float
    x: float
    y: float
    inside: bool


def inside(corners: Floats, x: float, y: float) -> bool:
    """Return whether a point is in a polygon, by the crossings of a ray; a point of the border may be either."""
    if len(corners) < 3:
        return False
    ax, ay = corners[:, 0], corners[:, 1]
    bx, by = np.roll(ax, -1), np.roll(ay, -1)
    over = (ay > y) != (by > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = ax + (y - ay) / (by - ay) * (bx - ax)
    return bool(np.count_nonzero(over & (x < at)) % 2)


def border(corners: Floats, x: float, y: float) -> Border:
    """Return where a point is to the border of a polygon."""
    a = corners
    along = np.roll(a, -1, axis=0) - a
    size = np.maximum(np.sum(along * along, axis=1), 1e-12)
    to = np.array([x, y]) - a
    part = np.clip(np.sum(to * along, axis=1) / size, 0.0, 1.0)
    near = a + part[:, None] * along
    away = np.hypot(near[:, 0] - x, near[:, 1] - y)
    n = int(np.argmin(away))
    return Border(float(away[n]), float(near[n, 0]), float(near[n, 1]), inside(corners, x, y))


def around(corners: Floats) -> tuple[float, float, float]:
    """Return x, y and radius, m, of a circle that holds all corners: about the middle of the outermost."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y = (low + high) / 2
    return float(x), float(y), float(np.hypot(corners[:, 0] - x, corners[:, 1] - y).max())
