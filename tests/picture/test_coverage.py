"""Where a sensor saw movers: cells by azimuth, range and height, holes within, and nothing older than an hour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.ids import SECOND, Micros
from quartet.picture.coverage import (
    AGES_AFTER,
    BANDS,
    FIRST_RING_M,
    RINGS,
    SECTORS,
    UNKNOWN_BAND,
    WIDENINGS,
    Coverage,
    gaps,
)
from quartet.picture.plot import AnyPlot, Plot, RadarPlot

NOON = Micros(1_800_000_000 * SECOND)
FURTHEST = FIRST_RING_M * 2**WIDENINGS * RINGS

azimuths, ranges = st.floats(0, 359.99), st.floats(0, FURTHEST * 1.2)
heights = st.none() | st.floats(-500, 20_000)
radars = st.builds(
    RadarPlot, st.just(NOON), st.just("r"), range_m=ranges, azimuth_deg=azimuths, seen=st.just("PSR"), alt_m=heights
)


def radar(azimuth: float, nm: float, alt_m: float | None = None) -> RadarPlot:
    return RadarPlot(at=NOON, sensor="r", range_m=nm * 1852, azimuth_deg=azimuth, seen="PSR", alt_m=alt_m)


def places(coverage: Coverage, now: Micros = NOON) -> dict[tuple[int, int], int]:
    return {(cell.sector, cell.ring): cell.bands for cell in coverage.cells(now)}


@settings(deadline=None)
@given(st.lists(radars, max_size=30))
def test_every_mover_that_is_near_enough_is_in_a_cell_and_no_cell_is_without_one(plots: list[AnyPlot]) -> None:
    coverage = Coverage(47.0, 8.0).see(plots, NOON)

    near = [one for one in plots if isinstance(one, RadarPlot) and one.range_m < FURTHEST]
    wanted = {(int(one.azimuth_deg // 10), int(one.range_m // coverage.ring_m)) for one in near}
    assert {place for place, bands in places(coverage).items() if bands} == wanted
    assert all(ring < RINGS and sector < SECTORS for sector, ring in places(coverage))


@settings(deadline=None)
@given(st.lists(radars, max_size=12), st.lists(radars, max_size=12))
def test_the_order_in_which_movers_come_does_not_matter(some: list[AnyPlot], others: list[AnyPlot]) -> None:
    one = Coverage(47.0, 8.0).see(some, NOON).see(others, NOON)
    other = Coverage(47.0, 8.0).see(others, NOON).see(some, NOON)

    assert (one.ring_m, places(one)) == (other.ring_m, places(other))


@given(st.floats(-80, 80), st.floats(-180, 180), azimuths, st.floats(0.2, 200))
@settings(deadline=None)
def test_what_tells_its_own_place_is_where_a_radar_measures_it(
    lat: float, lon: float, azimuth: float, nm: float
) -> None:
    """The way out by the direct problem on the sphere, the way back by the grid's own."""
    away, bearing, here = nm * 1852 / 6_371_008.8, np.radians(azimuth), np.radians(lat)
    there = np.arcsin(np.sin(here) * np.cos(away) + np.cos(here) * np.sin(away) * np.cos(bearing))
    turn = np.arctan2(np.sin(bearing) * np.sin(away) * np.cos(here), np.cos(away) - np.sin(here) * np.sin(there))
    east = (np.degrees(turn) + lon + 540) % 360 - 180
    told = Plot(at=NOON, sensor="s", icao24="3c6444", lat=float(np.degrees(there)), lon=float(east), on_ground=False)

    (cell,) = places(Coverage(lat, lon).see([told], NOON))

    ring_m = Coverage(lat, lon).see([told], NOON).ring_m
    off = (cell[0] * 10 + 5 - azimuth + 180) % 360 - 180
    assert abs(off) <= 5.01
    assert abs(cell[1] - nm * 1852 / ring_m) <= 1.01


@pytest.mark.parametrize(
    ("alt_m", "band"), [(None, UNKNOWN_BAND), (-100, 0), (999, 0), (1_000, 1), (7_499, 2), (7_500, 3), (19_000, 3)]
)
def test_a_mover_counts_in_the_band_of_its_height(alt_m: float | None, band: int) -> None:
    assert places(Coverage(0, 0).see([radar(0, 3, alt_m)], NOON)) == {(0, 3): 1 << band}
    assert len(BANDS) == UNKNOWN_BAND + 1


def test_an_hour_later_it_is_forgotten() -> None:
    coverage = Coverage(0, 0).see([radar(0, 3)], NOON)

    assert places(coverage, Micros(NOON + AGES_AFTER - 1)) == {(0, 3): 16}
    assert places(coverage, Micros(NOON + AGES_AFTER)) == {}


def test_rings_widen_until_all_fits_and_what_was_seen_stays_where_it_is() -> None:
    coverage = Coverage(0, 0).see([radar(45, 3.5), radar(45, 22)], NOON)
    assert places(coverage).keys() >= {(4, 3), (4, 22)}

    coverage.see([radar(45, 90)], NOON)

    assert coverage.ring_m == 4 * FIRST_RING_M
    assert {place for place, bands in places(coverage).items() if bands} == {(4, 0), (4, 5), (4, 22)}


def test_what_is_further_than_the_grid_goes_widens_nothing() -> None:
    assert Coverage(0, 0).see([radar(0, 3), radar(0, 10_000)], NOON).ring_m == FIRST_RING_M


def test_a_hole_between_what_was_seen_is_a_gap_and_the_empty_outside_is_none() -> None:
    seen = np.zeros((SECTORS, RINGS), np.bool_)
    seen[0, [2, 5]] = True
    seen[[8, 12], 7] = True

    found = {(int(sector), int(ring)) for sector, ring in zip(*np.nonzero(gaps(seen)), strict=True)}

    assert found == {(0, 3), (0, 4), (9, 7), (10, 7), (11, 7)}


def test_a_gap_at_north_is_found_too() -> None:
    seen = np.zeros((SECTORS, RINGS), np.bool_)
    seen[[35, 1], 4] = True

    assert gaps(seen)[0, 4]


def test_where_all_was_seen_and_where_nothing_was_there_is_no_gap() -> None:
    assert not gaps(np.ones((SECTORS, RINGS), np.bool_)).any()
    assert not gaps(np.zeros((SECTORS, RINGS), np.bool_)).any()
