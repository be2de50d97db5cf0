"""Places on the ellipsoid (WGS 84) as seen from one point: metres east, north and up of it, and back.

Closed form after Bowring (Survey Review 181, 1976): below a millimetre for every place from the ground to orbit. It
holds at the poles and over the date line, where a projection does not.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import Final, NamedTuple

AXIS_M: Final = 6_378_137.0
"""Half the long axis of the ellipsoid."""
FLATTENING: Final = 1 / 298.257223563
ECCENTRICITY_2: Final = FLATTENING * (2 - FLATTENING)
"""Square of the first eccentricity."""
_SHORT_M: Final = AXIS_M * (1 - FLATTENING)
_SECOND_2: Final = ECCENTRICITY_2 / (1 - ECCENTRICITY_2)


class Place(NamedTuple):
    """Degrees, and metres above the ellipsoid."""

    lat: float
    lon: float
    height_m: float = 0.0


class Offset(NamedTuple):
    """Metres east, north and up on the plane that touches the ellipsoid at a point."""

    east_m: float
    north_m: float
    up_m: float


class Polar(NamedTuple):
    """What a radar measures: slant range in metres, azimuth from true north in degrees (0 to below 360)."""

    range_m: float
    azimuth_deg: float


def offset(origin: Place, place: Place) -> Offset:
    """Return where a place is, as seen from an origin."""
    ox, oy, oz = _cartesian(origin)
    px, py, pz = _cartesian(place)
    x, y, z = px - ox, py - oy, pz - oz
    s_lat, c_lat, s_lon, c_lon = _turns(origin)
    flat = c_lon * x + s_lon * y
    return Offset(c_lon * y - s_lon * x, c_lat * z - s_lat * flat, c_lat * flat + s_lat * z)


def place_of(origin: Place, seen: Offset) -> Place:
    """Return which place is so far east, north and up of an origin."""
    s_lat, c_lat, s_lon, c_lon = _turns(origin)
    flat = c_lat * seen.up_m - s_lat * seen.north_m
    x, y, z = _cartesian(origin)
    return _geodetic(
        x + c_lon * flat - s_lon * seen.east_m,
        y + s_lon * flat + c_lon * seen.east_m,
        z + s_lat * seen.up_m + c_lat * seen.north_m,
    )


def polar(origin: Place, place: Place) -> Polar:
    """Return how a radar at an origin measures a place."""
    east, north, up = offset(origin, place)
    return Polar(sqrt(east * east + north * north + up * up), degrees(atan2(east, north)) % 360)


def _turns(origin: Place) -> tuple[float, float, float, float]:
    lat, lon = radians(origin.lat), radians(origin.lon)
    return sin(lat), cos(lat), sin(lon), cos(lon)


def _cartesian(place: Place) -> tuple[float, float, float]:
    s_lat, c_lat, s_lon, c_lon = _turns(place)
    across = AXIS_M / sqrt(1 - ECCENTRICITY_2 * s_lat * s_lat)
    flat = (across + place.height_m) * c_lat
    return flat * c_lon, flat * s_lon, (across * (1 - ECCENTRICITY_2) + place.height_m) * s_lat


def _geodetic(x: float, y: float, z: float) -> Place:
    flat = hypot(x, y)
    slant = atan2(z * AXIS_M, flat * _SHORT_M)
    lat = atan2(z + _SECOND_2 * _SHORT_M * sin(slant) ** 3, flat - ECCENTRICITY_2 * AXIS_M * cos(slant) ** 3)
    across = AXIS_M / sqrt(1 - ECCENTRICITY_2 * sin(lat) ** 2)
    height = flat * cos(lat) + z * sin(lat) - AXIS_M * AXIS_M / across
    return Place(degrees(lat), degrees(atan2(y, x)), height)
