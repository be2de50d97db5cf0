"""Airspaces: as every side of each says, wherever it lies; and files of them, of whatever bytes."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.exercise.recording import firs_path
from quartet.picture.identify.airspace import Airspace, Spot, between, crossing
from quartet.picture.identify.geojson import limit_m, read_airspaces

degrees = st.floats(-3, 3, allow_nan=False)
rings = st.lists(st.tuples(degrees, degrees), min_size=3, max_size=12).map(lambda ring: (*ring, ring[0]))


def plainly(ring: tuple[tuple[float, float], ...], lat: float, lon: float) -> bool:
    """Return whether a ray to the east passes an odd number of sides."""
    passes = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        passes += (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
    return passes % 2 == 1


@given(rings, degrees, degrees)
def test_an_airspace_covers_what_its_sides_enclose(ring: Any, lat: float, lon: float) -> None:
    assert Airspace("A", "", [ring]).covers(lat, lon) == plainly(ring, lat, lon)


@given(rings, degrees, degrees, degrees, degrees)
def test_a_crossing_lies_on_a_side(ring: Any, lat: float, lon: float, lat2: float, lon2: float) -> None:
    space, before, after = Airspace("A", "", [ring]), Spot(lat, lon), Spot(lat2, lon2)
    if space.holds(before) != space.holds(after):
        found = between(before, after, crossing(space, before, after))
        assert space.side_distance_m(found.lat, found.lon) < 1.0


def test_an_airspace_over_the_date_line_covers_both_sides_of_it() -> None:
    (space,) = read_airspaces(
        json.dumps(
            {
                "type": "Feature",
                "properties": {"name": "PACIFIC", "oceanic": True},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [
                        [[[170, -10], [180, -10], [180, 10], [170, 10], [170, -10]]],
                        [[[-180, -10], [-170, -10], [-170, 10], [-180, 10], [-180, -10]]],
                    ],
                },
            }
        ).encode()
    )

    assert [space.covers(0.0, lon) for lon in (169.0, 171.0, 179.99, -179.99, -171.0, -169.0)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert space.oceanic
    assert space.near(0.0, -165.0, 600_000.0)


def test_a_hole_in_an_airspace_is_outside() -> None:
    outer, hole = ((0, 0), (4, 0), (4, 4), (0, 4), (0, 0)), ((1, 1), (3, 1), (3, 3), (1, 3), (1, 1))
    space = Airspace("A", "", [outer, hole])

    assert space.covers(0.5, 0.5)
    assert not space.covers(2.0, 2.0)


def test_the_boundaries_of_europe_are_read_with_their_limits() -> None:
    found = {space.name: space for space in read_airspaces(firs_path().read_bytes())}

    swiss = found["LSAS"]
    assert len(found) == 58
    assert swiss.title == "SWITZERLAND FIR"
    assert swiss.ceiling_m == pytest.approx(195 * 30.48)
    assert swiss.holds(Spot(47.0, 8.0, 5_000.0))
    assert not swiss.holds(Spot(47.0, 8.0, 6_000.0))
    assert swiss.holds(Spot(47.0, 8.0, None))
    assert not swiss.covers(49.0, 8.0)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("FL195", 5_943.6), ("4500 FT", 1_371.6), ("1200 M", 1_200.0), ("GND", -1e9), ("UNL", 1e9), ("FL999", 1e9)],
)
def test_limits_are_read_as_they_are_written(text: str, metres: float) -> None:
    assert limit_m(text) == pytest.approx(metres)


@given(st.binary(max_size=400))
def test_any_bytes_give_airspaces_or_malformed(data: bytes) -> None:
    reads(data)


values: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["Feature", "FeatureCollection", "Polygon", "MultiPolygon"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(
                ["type", "features", "geometry", "coordinates", "properties", "name", "floor", "UPPERLIMIT"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_any_json_gives_airspaces_or_malformed(value: Any) -> None:
    reads(json.dumps(value).encode())


@given(st.lists(st.lists(st.floats(width=32), min_size=0, max_size=5), max_size=6), values)
def test_any_polygon_gives_airspaces_or_malformed(ring: list[list[float]], about: Any) -> None:
    shape = {"type": "Polygon", "coordinates": [ring]}
    reads(json.dumps({"type": "Feature", "geometry": shape, "properties": {"floor": about, "name": about}}).encode())


def reads(data: bytes) -> None:
    try:
        found = read_airspaces(data)
    except Malformed:
        return
    assert all(isinstance(space.holds(Spot(0.0, 0.0, 0.0)), bool) for space in found)


@pytest.mark.parametrize(
    ("properties", "ring", "reason"),
    [
        ({"floor": "FL200", "ceiling": "FL100"}, [[0, 0], [1, 0], [1, 1], [0, 0]], "bad-limit"),
        ({"floor": "high"}, [[0, 0], [1, 0], [1, 1], [0, 0]], "bad-limit"),
        ({}, [[0, 0], [1, 0], [1, 95], [0, 0]], "bad-corner"),
        ({}, [[0, 0], [1, 0]], "bad-shape"),
    ],
)
def test_what_is_no_airspace_says_why(properties: dict[str, str], ring: list[list[float]], reason: str) -> None:
    shape = {"type": "Polygon", "coordinates": [ring]}
    with pytest.raises(Malformed) as refused:
        read_airspaces(json.dumps({"type": "Feature", "geometry": shape, "properties": properties}).encode())

    assert refused.value.reason == reason
