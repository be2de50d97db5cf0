"""Places and metres on a plane are each other's inverse, everywhere: at the poles and over the date line too."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.picture.plane import Offset, Place, offset, place_of, polar

lats = st.floats(-90, 90)
lons = st.floats(-180, 180)
far = st.floats(-500_000, 500_000)


@given(st.builds(Place, lats, lons, st.floats(-400, 9_000)), far, far, st.floats(-1_000, 40_000))
def test_what_is_so_far_from_a_place_is_so_far_from_it(origin: Place, east: float, north: float, up: float) -> None:
    there = place_of(origin, Offset(east, north, up))

    assert -90 <= there.lat <= 90
    assert -180 <= there.lon <= 180
    assert offset(origin, there) == pytest.approx((east, north, up), abs=1e-3)


def test_a_degree_of_the_meridian_is_as_long_as_the_ellipsoid_says() -> None:
    seen = offset(Place(45.0, 7.0), Place(45.01, 7.0))

    assert hypot(seen.east_m, seen.north_m) == pytest.approx(1_111.32, abs=0.02), "GRS 80: 111,132 m at 45 degrees"


def test_a_radar_measures_slant_range_and_the_angle_from_north() -> None:
    over = polar(Place(46.0, 7.0, 500.0), Place(46.0, 7.0, 10_500.0))
    east = polar(Place(0.0, 179.99), Place(0.0, -179.99))

    assert over.range_m == pytest.approx(10_000)
    assert east.range_m == pytest.approx(2_226.4, abs=0.1)
    assert east.azimuth_deg == pytest.approx(90.0)
