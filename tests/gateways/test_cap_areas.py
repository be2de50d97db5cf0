"""Where an alert holds: whoever is in what was sent is in what is drawn, and what is drawn otherwise says so."""

import math
import time
from itertools import pairwise

import pytest
from cap import NOW, alert
from hypothesis import example, given
from hypothesis import strategies as st

from quartet.desk.area import DEGREE, MAX_AREAS, Area, Circle, Point, check_area, flaw
from quartet.desk.outline import around, circle_box
from quartet.gateways.cap.areas import CODES, WIDER
from quartet.gateways.cap.reading import read_cap
from quartet.gateways.cap.words import degrees

EARTH_M = 6_371_008.8
lats = st.integers(-90 * DEGREE, 90 * DEGREE)
lons = st.integers(-180 * DEGREE, 180 * DEGREE)
near = st.tuples(st.integers(460_000_000, 480_000_000), st.integers(80_000_000, 90_000_000))
few = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda p: (p[0] * DEGREE, p[1] * DEGREE))
points = st.one_of(near, few, st.tuples(lats, lons))
outlines = st.lists(points, min_size=4, max_size=200).map(tuple)


def text(polygon: tuple[Point, ...]) -> str:
    return " ".join(f"{degrees(lat)},{degrees(lon)}" for lat, lon in polygon)


def read(inside: str) -> tuple[Area, ...]:
    came = read_cap(alert(area=f"<areaDesc>Valley</areaDesc>{inside}"), "met", NOW).came
    assert came is not None
    assert came.said is not None
    for area in came.said.areas:
        if area.polygons or area.circles:
            check_area(area)
    return came.said.areas


def is_in(point: Point, polygon: tuple[Point, ...]) -> bool:
    """Return whether a point is in a polygon or on its line; in whole numbers."""
    odd = False
    for a, b in pairwise(polygon):
        turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        on = min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
        if turn == 0 and on:
            return True
        if (a[0] > point[0]) != (b[0] > point[0]) and (turn > 0) == (b[0] > a[0]):
            odd = not odd
    return odd


@given(st.lists(outlines, min_size=1, max_size=20))
@example([((0, 0), (DEGREE, DEGREE), (DEGREE, 0), (0, DEGREE), (0, 0))])
@example([tuple((n, n * n) for n in range(200))])
@example([((0, 179 * DEGREE), (DEGREE, -179 * DEGREE), (2 * DEGREE, 179 * DEGREE), (0, 179 * DEGREE))])
@example([((5, 5),) * 4])
def test_every_corner_that_was_sent_is_in_what_is_drawn(sent: list[tuple[Point, ...]]) -> None:
    (area,) = read("".join(f"<polygon>{text(one)}</polygon>" for one in sent))

    assert all(any(is_in(point, ring) for ring in area.polygons) for one in sent for point in one)
    as_sent = area.polygons == tuple(sent)
    assert as_sent or WIDER in area.name or {*map(_once, sent)} == {*area.polygons}
    if all(len(one) <= 50 and flaw(one) is None for one in sent) and len(sent) <= MAX_AREAS:
        assert (as_sent, area.name) == (True, "Valley")


def _once(ring: tuple[Point, ...]) -> tuple[Point, ...]:
    return (*(a for a, b in pairwise(ring) if a != b), ring[-1])


@given(st.lists(points, min_size=1, max_size=300))
def test_what_is_put_around_points_is_a_polygon_that_holds_them_all(found: list[Point]) -> None:
    ring = around(found)

    assert flaw(ring) is None
    assert all(is_in(point, ring) for point in found)


@given(lats, lons, st.integers(0, 30_000_000), st.floats(0, 2 * math.pi), st.floats(0, 1))
@example(89 * DEGREE, 0, 200_000, 0.0, 1.0)
@example(0, 179 * DEGREE, 500_000, math.pi / 2, 1.0)
def test_the_box_of_a_circle_holds_the_circle(lat: int, lon: int, radius: int, bearing: float, part: float) -> None:
    south, north, west, east = circle_box(lat, lon, radius)
    phi, angle = math.radians(lat / DEGREE), min(math.pi, part * radius / EARTH_M)
    there = math.asin(
        max(-1.0, min(1.0, math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)))
    )
    aside = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(there)
    )
    to_lat, to_lon = math.degrees(there) * DEGREE, (lon / DEGREE + math.degrees(aside) + 540) % 360 - 180

    assert south - 1 <= to_lat <= north + 1
    assert west - 1 <= to_lon * DEGREE <= east + 1 or abs(abs(to_lon) - 180) < 1e-6


def test_an_outline_that_crosses_itself_is_drawn_around_and_that_is_said() -> None:
    (area,) = read("<polygon>0,0 1,1 1,0 0,1 0,0</polygon><circle>47,8 0</circle>")

    assert area.name == f"Valley{WIDER}"
    assert area.circles == (Circle(470000000, 80000000, 1),)
    assert set(area.polygons[0]) == {(0, 0), (0, DEGREE), (DEGREE, DEGREE), (DEGREE, 0)}


@pytest.mark.parametrize(("km", "metres"), [("0.0001", 1), ("1.0001", 1001), ("1", 1000), ("999.9999", 1_000_000)])
def test_a_radius_is_never_less_than_it_was(km: str, metres: int) -> None:
    (area,) = read(f"<circle>47,8 {km}</circle>")

    assert area.circles[0].radius_m == metres


def test_a_circle_that_is_too_large_is_drawn_as_the_box_around_it() -> None:
    (area,) = read("<circle>0,0 2000</circle>")

    assert area.name.endswith(WIDER)
    assert is_in((17 * DEGREE, 0), area.polygons[0])
    assert not is_in((20 * DEGREE, 0), area.polygons[0])


def test_more_areas_than_may_be_are_drawn_as_one_around_those_over() -> None:
    more = "".join(f"</area><area><areaDesc>A{n}</areaDesc><circle>{n},8 5</circle>" for n in range(40))
    areas = read(f"<circle>47,8 5</circle>{more}")

    assert len(areas) == MAX_AREAS
    assert areas[-1].name == f"26 more areas{WIDER}"
    assert all(is_in((n * DEGREE, 8 * DEGREE), areas[-1].polygons[0]) for n in range(14, 40))


def test_an_area_that_is_named_by_codes_too_says_that_these_are_not_drawn() -> None:
    code = "<geocode><valueName>SAME</valueName><value>006017</value></geocode>"

    assert [area.name for area in read(f"<circle>47,8 5</circle>{code}")] == [f"Valley{CODES}"]
    assert [area.name for area in read(code)] == [f"Valley{CODES}"]


def test_many_outlines_cost_no_more_than_a_few() -> None:
    ring = " ".join(f"{n}.{n},{(n * 7) % 90}" for n in range(80)) + " 0.0,0"
    began = time.process_time()
    read(f"<polygon>{ring}</polygon>" * 60)

    assert time.process_time() - began < 2.0
