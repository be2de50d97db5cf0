"""Entries and exits: laws over any way, and the 842 real aircraft over a real boundary, each crossing once."""

import gzip
import itertools
import json
from collections import defaultdict
from functools import cache
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.ids import SECOND, Micros
from quartet.exercise.recording import firs_path, skies_path
from quartet.picture.identify.airspace import Airspace, Spot
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.identify.movements import FORGOTTEN, Crossed, Step, begin, ends, go_on

SQUARE: Final = Airspace("SQUARE", "", [((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))], 0.0, 6_000.0)
SIGMA_M: Final = 60.0
"""Of a receiver's place, each way: what a live frame of it says too."""

PLAIN: Final = 40 * SECOND
"""A crossing is plain where the aircraft was so long on one side before and on the other after, by its own places."""
NEAR: Final = 30 * SECOND
"""How far apart in time a plain crossing and its line in the log may be: two rows of the recording, and the noise."""


def walked(space: Airspace, steps: list[Step]) -> list[Crossed]:
    """Return what is logged of a way, once it has ended."""
    trail = begin(steps[0], [space])
    found: list[Crossed] = []
    for step in steps[1:]:
        trail, crossed = go_on(trail, step, [space])
        found += crossed
    return [*found, *ends(trail, [space])]


spots = st.builds(
    Spot,
    st.floats(-1, 3),
    st.floats(-1, 3),
    st.one_of(st.none(), st.floats(0, 12_000)),
)
ways = st.lists(st.tuples(st.integers(1, 40), spots), min_size=2, max_size=40)


def steps_of(way: list[tuple[int, Spot]]) -> list[Step]:
    at, made = 0, []
    for gap, spot in way:
        at += gap * SECOND
        made.append(Step(Micros(at), spot))
    return made


@given(ways)
def test_entries_and_exits_alternate_and_lead_from_the_first_side_to_the_last(way: list[tuple[int, Spot]]) -> None:
    steps = steps_of(way)

    logged = [one.way for one in walked(SQUARE, steps)]

    first, last = SQUARE.holds(steps[0].spot), SQUARE.holds(steps[-1].spot)
    assert all(one != other for one, other in itertools.pairwise(logged))
    assert len(logged) % 2 == (first != last)
    assert not logged or logged[0] == ("EXIT" if first else "ENTRY")


@given(ways)
def test_a_crossing_lies_between_the_steps_before_and_after_it_in_time(way: list[tuple[int, Spot]]) -> None:
    steps = steps_of(way)

    for crossed in walked(SQUARE, steps):
        assert any(a.at <= crossed.at <= b.at for a, b in itertools.pairwise(steps))


@given(ways, st.integers(0, 38))
def test_a_step_that_comes_late_changes_nothing(way: list[tuple[int, Spot]], n: int) -> None:
    steps = steps_of(way)
    late = [*steps[: n + 1], steps[min(n, len(steps) - 1)], *steps[n + 1 :]]

    assert walked(SQUARE, late) == walked(SQUARE, steps)


def test_what_touches_the_boundary_and_comes_back_crosses_nothing() -> None:
    inside, outside = Spot(1.0, 0.001, 3_000.0), Spot(1.0, -0.001, 3_000.0)

    way = [Step(Micros(n * SECOND), outside if n % 10 < 4 else inside) for n in range(1, 200)]

    assert [one.way for one in walked(SQUARE, way)] == ["ENTRY"] or walked(SQUARE, way) == []


def test_who_climbs_out_of_an_airspace_leaves_it_at_its_ceiling() -> None:
    way = [Step(Micros(n * 10 * SECOND), Spot(1.0, 1.0, 5_000.0 + 100.0 * n)) for n in range(20)]

    (crossed,) = walked(SQUARE, way)

    assert crossed.way == "EXIT"
    assert crossed.spot.alt_m == pytest.approx(6_000.0, abs=1e-3)


def test_a_height_that_nobody_knows_counts_as_within() -> None:
    way = [Step(Micros(n * 10 * SECOND), Spot(1.0, -0.1 + 0.01 * n)) for n in range(30)]

    assert [one.way for one in walked(SQUARE, way)] == ["ENTRY"]


def test_what_was_not_seen_for_long_begins_anew() -> None:
    way = [Step(Micros(0), Spot(1.0, -1.0)), Step(Micros(FORGOTTEN + 1), Spot(1.0, 1.0))]

    assert walked(SQUARE, way) == []


def test_a_crossing_in_a_gap_is_logged_as_not_seen() -> None:
    way = [Step(Micros(n * 120 * SECOND), Spot(1.0, lon)) for n, lon in enumerate((-1.0, 1.0, 1.1))]

    (crossed,) = walked(SQUARE, way)

    assert not crossed.seen


# -- the 842 aircraft


class Truth(NamedTuple):
    """A change of sides in the recording's own positions: which way, when, where, and for how long each side held."""

    way: str
    at: int
    lat: float
    lon: float
    held_before: int
    held_after: int


@cache
def switzerland() -> Airspace:
    """Return the real boundary of the Swiss FIR, without its ceiling: the recorded aircraft all fly above it."""
    for one in read_airspaces(Path(firs_path()).read_bytes()):
        if one.name == "LSAS":
            return Airspace(one.name, one.title, one.rings)
    raise AssertionError("the Swiss FIR is in the file")


@cache
def flown() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in json.loads(gzip.decompress(skies_path().read_bytes())):
        rows[row["icao24"]].append(row)
    for mine in rows.values():
        mine.sort(key=lambda row: row["timestamp"])
    return dict(rows)


def plainly_within(lats: list[float], lons: list[float]) -> list[bool]:
    """Return whether places lie within, by every side of the boundary for each: no bands, no boxes, no code of ours."""
    (ring,) = switzerland().rings
    x, y = np.array(ring).T
    lat, lon = np.array(lats)[:, None], np.array(lons)[:, None]
    spans = (y[:-1] > lat) != (y[1:] > lat)
    rise = np.where(y[1:] == y[:-1], 1.0, y[1:] - y[:-1])
    left = lon < x[:-1] + (lat - y[:-1]) * (x[1:] - x[:-1]) / rise
    within: list[bool] = ((spans & left).sum(axis=1) % 2 == 1).tolist()
    return within


def truths(rows: list[dict[str, Any]]) -> list[Truth]:
    """Return every change of sides of one aircraft, by its own positions, wherever they are not too far apart."""
    times = [round(row["timestamp"]) * 1_000 for row in rows]
    sides = plainly_within([row["latitude"] for row in rows], [row["longitude"] for row in rows])
    changes = [n for n in range(1, len(rows)) if sides[n] != sides[n - 1]]
    cuts = [n for n in range(1, len(rows)) if times[n] - times[n - 1] > FORGOTTEN]
    found = []
    for n in (n for n in changes if n not in cuts):
        part, lat, lon = where(rows[n - 1], rows[n])
        at = round(times[n - 1] + part * (times[n] - times[n - 1]))
        since = max((times[m] for m in (0, *changes, *cuts) if m < n), default=times[0])
        until = min((times[m - 1] for m in (*changes, *cuts) if m > n), default=times[-1])
        found.append(Truth("ENTRY" if sides[n] else "EXIT", at, lat, lon, at - since, until - at))
    return found


def where(before: dict[str, Any], after: dict[str, Any]) -> tuple[float, float, float]:
    """Return at which part of the way between two rows the side changes, and where; to a ten-thousandth of it."""
    (side,), low, high = plainly_within([before["latitude"]], [before["longitude"]]), 0.0, 1.0
    while high - low > 1e-4:
        part = (low + high) / 2
        lat, lon = (before[name] + part * (after[name] - before[name]) for name in ("latitude", "longitude"))
        low, high = (part, high) if plainly_within([lat], [lon]) == [side] else (low, part)
    lat, lon = (before[name] + high * (after[name] - before[name]) for name in ("latitude", "longitude"))
    return high, lat, lon


def beside_m(rows: list[dict[str, Any]], spot: Spot, at: int) -> float:
    """Return how far a place is from the way that the recording says was flown about a time."""
    about = [row for row in rows if abs(round(row["timestamp"]) * 1_000 - at) <= 60 * SECOND]
    line = [(row["longitude"], row["latitude"]) for row in about]
    return Airspace("WAY", "", [tuple(line)]).side_distance_m(spot.lat, spot.lon)


def as_seen(rows: list[dict[str, Any]], dice: Random) -> list[Step]:
    """Return where a sensor sees an aircraft, with its error."""
    made = []
    for row in rows:
        east, north = dice.gauss(0, SIGMA_M), dice.gauss(0, SIGMA_M)
        lat = row["latitude"] + north / 111_195
        lon = row["longitude"] + east / 111_195 / cos(radians(lat))
        made.append(Step(Micros(round(row["timestamp"]) * 1_000), Spot(lat, lon, row["altitude"] * 0.3048)))
    return made


@pytest.mark.rare
def test_842_real_aircraft_are_logged_once_at_each_crossing_of_a_real_boundary() -> None:
    plain, missed, invented, places = 0, [], [], []
    for address, rows in flown().items():
        changes = truths(rows)
        logged = walked(switzerland(), as_seen(rows, Random(address)))
        for change in changes:
            if min(change.held_before, change.held_after) >= PLAIN:
                plain += 1
                found = [one for one in logged if one.way == change.way and abs(one.at - change.at) <= NEAR]
                missed += [] if len(found) == 1 else [(address, change, len(found))]
                places += [(beside_m(rows, one.spot, one.at), one.spot) for one in found]
        for one in logged:
            if not any(one.way == change.way and abs(one.at - change.at) <= NEAR for change in changes):
                invented.append((address, switzerland().side_distance_m(*nearest(rows, one.at))))

    assert len(flown()) == 842
    assert plain > 2_000
    assert missed == []
    assert all(far < 4 * SIGMA_M for _, far in invented)
    assert len(invented) <= 5
    assert max(far for far, _ in places) < 4 * SIGMA_M
    assert max(switzerland().side_distance_m(spot.lat, spot.lon) for _, spot in places[::20]) < 1.0


def nearest(rows: list[dict[str, Any]], at: int) -> tuple[float, float]:
    row = min(rows, key=lambda row: abs(round(row["timestamp"]) * 1_000 - at))
    return row["latitude"], row["longitude"]
