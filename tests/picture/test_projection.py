"""The plane keeps angles, comes back to where it came from, and lies at the date line and the pole as anywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.picture import distance_m
from quartet.picture.projection import Plane, radar_places

LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)
FAR = st.floats(-800_000, 800_000)


@given(LATS, LONS, FAR, FAR)
def test_a_point_of_the_plane_is_where_its_place_is(lat: float, lon: float, x: float, y: float) -> None:
    plane = Plane(lat, lon)

    back = plane.flat(*plane.place(np.array([x]), np.array([y])))

    assert back[0][0] == pytest.approx(x, abs=0.05)
    assert back[1][0] == pytest.approx(y, abs=0.05)


@given(st.floats(-85, 85), LONS, st.floats(-100_000, 100_000), st.floats(-100_000, 100_000))
def test_near_its_origin_the_plane_keeps_lengths(lat: float, lon: float, x: float, y: float) -> None:
    plane = Plane(lat, lon)

    found_lat, found_lon = plane.place(np.array([x]), np.array([y]))

    there = distance_m((lat, lon), (float(found_lat[0]), float(found_lon[0])))
    assert there == pytest.approx(np.hypot(x, y), rel=0.008, abs=0.5)  # `distance_m` is on a sphere: 0.6 % of its own


@given(st.floats(-80, 80), LONS, FAR, FAR)
def test_north_is_where_a_place_further_north_lies(lat: float, lon: float, x: float, y: float) -> None:
    plane = Plane(lat, lon)
    point = np.array([x]), np.array([y])
    place_lat, place_lon = plane.place(*point)

    angle = plane.north(*point)[0]

    further = plane.flat(np.minimum(89.9, place_lat + 0.01), place_lon)
    expected = np.arctan2(further[0][0] - x, further[1][0] - y)
    assert np.cos(angle - expected) > 0.9999


@given(st.floats(-80, 80), LONS, st.floats(0, 2 * np.pi), st.floats(5_000, 400_000), st.floats(0, 12_000))
def test_what_a_radar_sees_is_as_far_away_as_it_says(
    lat: float, lon: float, azimuth: float, slant: float, height: float
) -> None:
    slant = max(slant, height * 1.2)
    found = radar_places(lat, lon, 100.0, np.array([slant]), np.array([azimuth]), np.array([height]))

    seen = _rectangular(float(found[0][0]), float(found[1][0]), height)
    assert np.linalg.norm(seen - _rectangular(lat, lon, 100.0)) == pytest.approx(slant, rel=2e-4, abs=20)


def _rectangular(lat: float, lon: float, height: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    e2 = 0.00669437999014
    phi, lam = np.radians(lat), np.radians(lon)
    bend = 6_378_137.0 / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    around = (bend + height) * np.cos(phi)
    return np.array([around * np.cos(lam), around * np.sin(lam), (bend * (1 - e2) + height) * np.sin(phi)])
