"""When a mover comes nearer to a volume than it must keep away: exact, for many movers and many volumes at once.

A mover goes straight on at the speed it has, and climbs as it does, or levels off where it said it would: whichever
brings it in first. A volume grown by the spacing has a border of arcs about its corners and of lines beside its sides,
so that the first time of entry is the least of a square root and a division for each: no step of time, nothing sampled.

Compiled: what is here calls nothing of another file, for numba's cache looks at this one alone.
"""

from math import inf, isnan, sqrt
from typing import Final, NamedTuple

import numpy as np

from quartet.picture.compiled import Floats, Integers, compiled

X, Y, VX, VY, HEIGHT, CLIMB, LEVEL, REACH, REACH_UP = range(9)
MOVER: Final = 9
"""Columns of a mover: place and velocity in the plane (m, m/s), height and climb (m, m/s), the height that it is going
to (m), and by how much more it must keep away for what its sensor may err, along and up (m). NaN where not known."""
CORNER_X, CORNER_Y, SIDE_X, SIDE_Y, LENGTH = range(5)
CORNER: Final = 5
"""Columns of a corner: its place, from there to the next corner, and how far that is (m)."""
MIDDLE_X, MIDDLE_Y, RADIUS, GROWN, FLOOR, CEILING = range(6)
SHAPE: Final = 6
"""Columns of a volume: a circle that holds its corners; by how much it is grown along the ground, and its floor and
ceiling as grown (m, infinite where it has none)."""


class Shapes(NamedTuple):
    """Volumes in a plane: `corners` (k, 5) of all, those of volume v from `starts[v]` on; `shapes` (m, 6)."""

    corners: Floats
    starts: Integers
    shapes: Floats


def seconds_until(movers: Floats, volumes: Shapes, horizon_s: float) -> Floats:
    """Return when each mover (n, 9) is first too near to each volume (n, m), s; 0 where it is, infinite if not so soon.

    A height that is not known is in every band. What stands comes nowhere.
    """
    out = np.empty((len(movers), len(volumes.shapes)))
    columns = np.ascontiguousarray(movers.T, dtype=np.float64)
    _fill(columns, volumes.corners, volumes.starts, volumes.shapes, horizon_s, out)
    return out


def warm() -> None:
    """Compile what is not compiled yet, or read it where an earlier process kept it, before a site is looked after."""
    seconds_until(np.zeros((1, MOVER)), Shapes(np.ones((1, CORNER)), np.array([0, 1]), np.ones((1, SHAPE))), 1.0)


@compiled
def _fill(movers: Floats, corners: Floats, starts: Integers, shapes: Floats, horizon: float, out: Floats) -> None:
    for n in range(movers.shape[1]):
        x, y, z = movers[X, n], movers[Y, n], movers[HEIGHT, n]
        vx, vy = movers[VX, n], movers[VY, n]
        speed2 = vx * vx + vy * vy
        if not speed2 > 1e-6:  # a millimetre a second is a stand
            vx, vy, speed2 = 0.0, 0.0, 0.0
        for v in range(len(shapes)):
            out[n, v] = inf
            grown = shapes[v, GROWN] + movers[REACH, n]
            # (1) while it is within the circle around
            to_x, to_y, far = x - shapes[v, MIDDLE_X], y - shapes[v, MIDDLE_Y], shapes[v, RADIUS] + grown
            apart = to_x * to_x + to_y * to_y - far * far
            towards = to_x * vx + to_y * vy
            if apart > 0.0 and towards >= 0.0:
                continue
            root = towards * towards - speed2 * apart
            if root < 0.0:
                continue
            begins, ends = 0.0, inf
            if speed2 > 0.0:
                root = sqrt(root)
                ends = (root - towards) / speed2
                if apart > 0.0:
                    begins = apart / (root - towards)
            if begins > horizon:
                continue
            # (2) while it is within the band
            if not isnan(z):
                low, high = shapes[v, FLOOR] - movers[REACH_UP, n], shapes[v, CEILING] + movers[REACH_UP, n]
                climb, level = movers[CLIMB, n], movers[LEVEL, n]
                if isnan(climb):
                    climb = 0.0
                rise, gone = 0.0, inf
                if z < low:
                    rise = (low - z) / climb if climb > 0.0 else inf
                elif z > high:
                    rise = (high - z) / climb if climb < 0.0 else inf
                if climb > 0.0:
                    gone = (high - z) / climb
                elif climb < 0.0:
                    gone = (low - z) / climb
                if not isnan(level) and low <= level <= high and (level - z) * climb >= 0.0:
                    gone = inf
                begins, ends = max(begins, rise), min(ends, gone)
            if begins > horizon or begins > ends:
                continue
            # (3) a circle is the circle around it
            first, last = starts[v], starts[v + 1]
            if last - first == 1:
                out[n, v] = begins
                continue
            # (4) from then on: in it already, or else the first arc or line that it comes to
            qx, qy = x + vx * begins, y + vy * begins
            within, soonest, grown2 = False, inf, grown * grown
            for k in range(first, last):
                px, py = qx - corners[k, CORNER_X], qy - corners[k, CORNER_Y]
                sx, sy, length = corners[k, SIDE_X], corners[k, SIDE_Y], corners[k, LENGTH]
                gap = px * px + py * py - grown2
                if gap <= 0.0:
                    soonest = 0.0
                    break
                # each corner is above or not for both of its sides alike, whatever rounding makes of a side
                other = corners[k + 1 if k + 1 < last else first, CORNER_Y]
                if (py < 0.0) != (qy < other) and (px < py / sy * sx):
                    within = not within
                beside = (px * sy - py * sx) / length
                along = (px * sx + py * sy) / length
                if abs(beside) <= grown and 0.0 <= along <= length:
                    soonest = 0.0
                    break
                nearer = px * vx + py * vy
                if nearer < 0.0:
                    root = nearer * nearer - speed2 * gap
                    if root >= 0.0:
                        soonest = min(soonest, gap / (sqrt(root) - nearer))
                drift = (vx * sy - vy * sx) / length
                if beside * drift < 0.0 and abs(beside) > grown:
                    at = (abs(beside) - grown) / abs(drift)
                    if at < soonest:
                        along += at * (vx * sx + vy * sy) / length
                        if 0.0 <= along <= length:
                            soonest = at
            if within:
                soonest = 0.0
            if begins + soonest <= min(horizon, ends):
                out[n, v] = begins + soonest
