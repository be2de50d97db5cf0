"""From the Earth to a plane and back: the tracker's sky is flat, its sensors' is not.

The plane is an oblique stereographic projection of the ellipsoid (WGS 84), as EUROCONTROL's trackers use: angles are
kept everywhere, lengths at the origin; 500 km from it they are 0.15 % too long. Formulas: Snyder 1987, "Map
Projections: A Working Manual", 21 and 3; Bowring 1976 for the way back from rectangular coordinates.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quartet.picture.plane import AXIS_M, ECCENTRICITY_2, FLATTENING

Floats = NDArray[np.float64]

_E2: Final = ECCENTRICITY_2
_E: Final = _E2**0.5
_POLE: Final = 89.9999
"""An origin nearer a pole than this is moved to it: the formulas end there, ten metres away."""


class Plane(NamedTuple):
    """A plane that touches the Earth at `lat`, `lon`, degrees."""

    lat: float
    lon: float

    def flat(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """Return x and y (n,), m east and north, of places in degrees (n,); the antipode has none."""
        chi0, scale = self._origin()
        chi, turned = _conformal(np.radians(lat)), np.radians((lon - self.lon + 180.0) % 360.0 - 180.0)
        towards = 1 + np.sin(chi0) * np.sin(chi) + np.cos(chi0) * np.cos(chi) * np.cos(turned)
        size = scale / np.maximum(towards, 1e-9)
        x = size * np.cos(chi) * np.sin(turned)
        y = size * (np.cos(chi0) * np.sin(chi) - np.sin(chi0) * np.cos(chi) * np.cos(turned))
        return np.asarray(x), np.asarray(y)

    def place(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the latitude and longitude (n,), degrees, of points in the plane."""
        chi0, scale = self._origin()
        far = np.maximum(np.hypot(x, y), 1e-9)
        angle = 2 * np.arctan(far / scale)
        sine = np.cos(angle) * np.sin(chi0) + y * np.sin(angle) * np.cos(chi0) / far
        turned = np.arctan2(x * np.sin(angle), far * np.cos(chi0) * np.cos(angle) - y * np.sin(chi0) * np.sin(angle))
        lat = np.degrees(_geodetic(np.arcsin(np.clip(sine, -1, 1))))
        return np.asarray(lat), np.asarray((self.lon + np.degrees(turned) + 180.0) % 360.0 - 180.0)

    def north(self, x: Floats, y: Floats) -> Floats:
        """Return where true north is at points of the plane (n,): radians from the plane's y, clockwise."""
        lat, lon = self.place(x, y)
        away = np.where(lat > 0, -1e-4, 1e-4)
        nx, ny = self.flat(lat + away, lon)
        sign = np.sign(away)
        return np.asarray(np.arctan2(sign * (nx - x), sign * (ny - y)))

    def _origin(self) -> tuple[float, float]:
        phi = np.radians(np.clip(self.lat, -_POLE, _POLE))
        chi = float(_conformal(np.asarray(phi)))
        radius = AXIS_M * np.cos(phi) / np.sqrt(1 - _E2 * np.sin(phi) ** 2)
        return chi, float(2 * radius / np.cos(chi))


def radar_places(
    lat: float, lon: float, height_m: float, slant_m: Floats, azimuth_rad: Floats, alt_m: Floats
) -> tuple[Floats, Floats]:
    """Return the latitude and longitude (n,), degrees, of what a radar sees at slant ranges, azimuths and heights (n,).

    Heights are above the ellipsoid; a pressure altitude stands for one, which moves a place by metres only.
    """
    phi, lam = np.radians(lat), np.radians(lon)
    bend = AXIS_M / np.sqrt(1 - _E2 * np.sin(phi) ** 2)
    along = AXIS_M * (1 - _E2) / (1 - _E2 * np.sin(phi) ** 2) ** 1.5
    radius = 1 / (np.cos(azimuth_rad) ** 2 / along + np.sin(azimuth_rad) ** 2 / bend)
    slant = np.maximum(slant_m, 1.0)
    sine = ((radius + alt_m) ** 2 - (radius + height_m) ** 2 - slant**2) / (2 * slant * (radius + height_m))
    up = slant * np.clip(sine, -1, 1)
    ground = np.sqrt(np.maximum(slant**2 - up**2, 0.0))
    east, north = ground * np.sin(azimuth_rad), ground * np.cos(azimuth_rad)
    x = (bend + height_m) * np.cos(phi) + up * np.cos(phi) - north * np.sin(phi)
    z = (bend * (1 - _E2) + height_m) * np.sin(phi) + up * np.sin(phi) + north * np.cos(phi)
    around = np.hypot(x, east)
    theta = np.arctan2(z, around * (1 - FLATTENING))
    second = _E2 / (1 - _E2)
    found = np.arctan2(
        z + second * AXIS_M * (1 - FLATTENING) * np.sin(theta) ** 3, around - _E2 * AXIS_M * np.cos(theta) ** 3
    )
    turned = lam + np.arctan2(east, x)
    return np.asarray(np.degrees(found)), np.asarray((np.degrees(turned) + 180.0) % 360.0 - 180.0)


def _conformal(phi: Floats) -> Floats:
    """Return the conformal latitude of a geodetic one, radians (Snyder 3-1)."""
    sine = np.sin(phi)
    half = np.tan(np.pi / 4 + phi / 2) * ((1 - _E * sine) / (1 + _E * sine)) ** (_E / 2)
    return np.asarray(2 * np.arctan(half) - np.pi / 2)


def _geodetic(chi: Floats) -> Floats:
    """Return the geodetic latitude of a conformal one, radians, within a millimetre (Snyder 3-4, iterated)."""
    phi = chi
    for _ in range(6):
        sine = np.sin(phi)
        grown = np.tan(np.pi / 4 + chi / 2) * ((1 + _E * sine) / (1 - _E * sine)) ** (_E / 2)
        phi = 2 * np.arctan(grown) - np.pi / 2
    return np.asarray(phi)
