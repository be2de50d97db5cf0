"""A site's volumes in the plane that touches the Earth in their midst, and what is near enough to be looked at.

Straight is straight in that plane: it keeps angles, and five degrees from where it touches a length is 0.2 % too long.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import hypot
from typing import Final, NamedTuple

import numpy as np

from quartet.core.volume import UNITS, Volume, middle, unrolled
from quartet.picture.compiled import Floats
from quartet.picture.geodesy import EARTH_RADIUS_M
from quartet.picture.polygon import Border, around, border
from quartet.picture.projection import Plane
from quartet.picture.proximity.within import CEILING, CORNER, FLOOR, SHAPE, Shapes

MARGIN_M: Final = 6_000.0
"""How much further than too near movers are looked at: what a straight line in space leaves of the Earth's curve, what
a sensor may err by, and what the tracks of one mover are apart."""


class Field(NamedTuple):
    """Some volumes on one plane, the middle of the corners of each, m, and the circle that holds them all, grown: its
    middle as seen from the Earth's centre (3,), m, and its radius, m."""

    volumes: tuple[Volume, ...]
    plane: Plane
    shapes: Shapes
    corners: tuple[Floats, ...]
    middles: tuple[tuple[float, float], ...]
    centre: Floats
    reach_m: float

    def border(self, number: int, x: float, y: float) -> Border:
        """Return where a point of the plane is to the volume with this number, as it is without its spacing."""
        radius = self.volumes[number].radius_m
        if radius and len(self.corners[number]) == 1:
            at_x, at_y = self.middles[number]
            far = hypot(x - at_x, y - at_y)
            return Border(max(0.0, far - radius), at_x, at_y, far <= radius)
        found = border(self.corners[number], x, y)
        if not radius:
            return found._replace(distance_m=0.0) if found.inside else found
        return Border(max(0.0, found.distance_m - radius), found.x, found.y, found.distance_m <= radius)


@lru_cache(maxsize=1_024)
def field_of(volumes: tuple[Volume, ...]) -> Field:
    """Return volumes, one at least, on a plane."""
    plane = Plane(*_centre(volumes))
    corners, shapes = [], np.empty((len(volumes), SHAPE))
    for n, volume in enumerate(volumes):
        places = np.array(unrolled(volume.outline)) / UNITS
        flat = np.column_stack(plane.flat(places[:, 0], places[:, 1]))
        corners.append(flat)
        x, y, radius = around(flat)
        shapes[n] = x, y, radius, volume.radius_m + volume.spacing_m, -np.inf, np.inf
        if volume.floor_m is not None:
            shapes[n, FLOOR] = volume.floor_m - volume.spacing_up_m
        if volume.ceiling_m is not None:
            shapes[n, CEILING] = volume.ceiling_m + volume.spacing_up_m
    reach = max(float(np.hypot(x, y) + radius + grown) for x, y, radius, grown, *_ in shapes)
    middles = tuple((float(one[:, 0].mean()), float(one[:, 1].mean())) for one in corners)
    return Field(volumes, plane, shapes_of(corners, shapes), tuple(corners), middles, place_of(*plane), reach)


def shapes_of(corners: Sequence[Floats], shapes: Floats) -> Shapes:
    """Return volumes as `within` reads them, from the corners of each (k, 2) and its row (m, 6)."""
    rows = np.empty((sum(map(len, corners)), CORNER))
    starts = np.concatenate(([0], np.cumsum([len(one) for one in corners]))).astype(np.int64)
    for n, one in enumerate(corners):
        side = np.roll(one, -1, axis=0) - one
        rows[starts[n] : starts[n + 1]] = np.column_stack((one, side, np.maximum(np.hypot(*side.T), 1e-9)))
    return Shapes(rows, starts, np.ascontiguousarray(shapes))


def place_of(lat: float, lon: float) -> Floats:
    """Return a place in degrees as seen from the centre of a sphere (3,), m."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.asarray(EARTH_RADIUS_M * np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]))


def _centre(volumes: Sequence[Volume]) -> tuple[float, float]:
    """Return the middle of volumes: of their middles, without a jump at 180 degrees."""
    middles = [middle(volume) for volume in volumes]
    first = middles[0][1]
    lons = [first + (lon - first + 180.0) % 360.0 - 180.0 for _, lon in middles]
    lats = [lat for lat, _ in middles]
    lon = (max(lons) + min(lons)) / 2
    return (max(lats) + min(lats)) / 2, (lon + 180.0) % 360.0 - 180.0
