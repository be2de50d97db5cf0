"""When a mover is too near a volume: the formulas against looking every quarter of a second."""

from math import inf, isnan, nan
from typing import NamedTuple

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from quartet.picture.compiled import Floats
from quartet.picture.polygon import around, border
from quartet.picture.proximity.field import shapes_of
from quartet.picture.proximity.within import MOVER, SHAPE, seconds_until

HORIZON = 300.0
STEP = 0.25
TIMES = np.arange(round(HORIZON / STEP) + 1) * STEP
TOUCH_M = 0.01
"""What floating point leaves of metres, at the most: a place so near the border may be found on either side of it."""


class Volume(NamedTuple):
    corners: Floats
    grown: float
    floor: float
    ceiling: float


def seconds(mover: Floats, volume: Volume) -> float:
    shape = np.array([[*around(volume.corners), volume.grown, volume.floor, volume.ceiling]])
    assert shape.shape == (1, SHAPE)
    return float(seconds_until(mover[None], shapes_of([volume.corners], shape), HORIZON)[0, 0])


def heights(mover: Floats, at: Floats) -> list[Floats]:
    """Return where a mover may be at some times: as it climbs, and levelled off where it said it would."""
    _, _, _, _, z, climb, level, _, _ = mover
    on = z + nought(climb) * at
    if isnan(level) or nought(climb) == 0 or (level - z) * climb < 0:
        return [on]
    return [on, np.minimum(on, level) if climb > 0 else np.maximum(on, level)]


def too_near(mover: Floats, volume: Volume, at: Floats, more_m: float = 0.0) -> NDArray[np.bool_]:
    """Return at which times a mover is too near, by how far points are from a polygon and nothing else."""
    x, y, vx, vy, z, _, _, reach, up = mover
    found = [border(volume.corners, px, py) for px, py in zip(x + nought(vx) * at, y + nought(vy) * at, strict=True)]
    near = np.array([one.inside or one.distance_m <= volume.grown + reach + more_m for one in found])
    if isnan(z):
        return near
    low, high = volume.floor - up - more_m, volume.ceiling + up + more_m
    return np.asarray(near & np.any([(low <= height) & (height <= high) for height in heights(mover, at)], axis=0))


def nought(value: float) -> float:
    return 0.0 if isnan(value) else value


def brute(mover: Floats, volume: Volume, more_m: float = 0.0) -> float:
    """Return the first quarter of a second at which a mover is too near; those far off by any measure are not asked."""
    x, y, vx, vy, *_, reach, _ = mover
    mid_x, mid_y, radius = around(volume.corners)
    away = np.hypot(x + nought(vx) * TIMES - mid_x, y + nought(vy) * TIMES - mid_y)
    times = TIMES[away <= radius + volume.grown + reach + 1.0]
    near = times[too_near(mover, volume, times, more_m)] if len(times) else times
    return float(near[0]) if len(near) else inf


@st.composite
def outlines(draw: st.DrawFn) -> Floats:
    """A polygon about a middle, mostly hollow somewhere; or a single corner, a circle's."""
    middle = np.array([draw(st.floats(-20_000, 20_000)), draw(st.floats(-20_000, 20_000))])
    count = draw(st.sampled_from([1, 3, 4, 5, 8, 13]))
    if count == 1:
        return middle[None]
    size = draw(st.floats(500, 15_000))
    parts = np.array(draw(st.lists(st.floats(0.15, 1.0), min_size=count, max_size=count)))
    turn = draw(st.floats(0, 2 * np.pi)) + 2 * np.pi * (np.arange(count) + 0.3 * np.sin(np.arange(count))) / count
    return np.asarray(middle + size * parts[:, None] * np.column_stack((np.cos(turn), np.sin(turn))))


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    floor = draw(st.sampled_from([-inf, 0.0, 300.0, 2_000.0]))
    ceiling = draw(st.sampled_from([inf, 3_000.0, 6_000.0]))
    return Volume(draw(outlines()), draw(st.floats(0, 4_000)), floor, ceiling)


@st.composite
def movers(draw: st.DrawFn) -> Floats:
    mover = np.full(MOVER, nan)
    mover[:2] = [draw(st.floats(-60_000, 60_000)) for _ in range(2)]
    if draw(st.integers(0, 9)):
        speed, course = draw(st.integers(0, 3_000)) / 10, draw(st.floats(0, 2 * np.pi))
        if draw(st.booleans()):
            course = np.arctan2(-mover[0], -mover[1]) + 0.3 * np.sin(course)
        mover[2:4] = speed * np.sin(course), speed * np.cos(course)
    mover[4] = draw(st.one_of(st.just(nan), st.floats(0, 12_000)))
    mover[5] = draw(st.sampled_from([nan, 0.0, 5.0, -5.0, 20.0, -20.0]))
    mover[6] = draw(st.one_of(st.just(nan), st.floats(0, 12_000)))
    mover[7:] = draw(st.floats(0, 1_000)), draw(st.floats(0, 100))
    return mover


HAIR_BELOW_A_CORNER = np.array([0.0, -6.8e-178, nan, nan, nan, nan, nan, 0.0, 0.0])
WITH_A_CORNER_AT_NOUGHT = Volume(np.array([[500.0, 0.0], [-434.0, 247.0], [23.855, -499.43]]), 0.0, -inf, inf)


@settings(max_examples=300, deadline=None)
@given(movers(), volumes())
@example(HAIR_BELOW_A_CORNER, WITH_A_CORNER_AT_NOUGHT)
def test_it_is_never_later_than_looking_every_quarter_of_a_second(mover: Floats, volume: Volume) -> None:
    assert seconds(mover, volume) <= brute(mover, volume, -TOUCH_M)


@settings(max_examples=300, deadline=None)
@given(movers(), volumes())
def test_it_is_never_invented(mover: Floats, volume: Volume) -> None:
    found = seconds(mover, volume)

    assert found == inf or too_near(mover, volume, np.array([found]), TOUCH_M)[0]


@settings(max_examples=200, deadline=None)
@given(movers(), volumes())
def test_it_is_not_sooner_than_what_is_so_by_a_quarter_of_a_second(mover: Floats, volume: Volume) -> None:
    """What touches for less than a quarter may be missed by looking; what stays is looked at within a quarter."""
    found, looked = seconds(mover, volume), brute(mover, volume, TOUCH_M)
    next_look = np.array([np.ceil(found / STEP) * STEP if found < inf else HORIZON])
    touched = found < inf and not too_near(mover, volume, next_look, TOUCH_M)[0]

    assert touched or found >= looked - STEP or found == looked == inf


@settings(max_examples=300, deadline=None)
@given(movers(), volumes(), st.floats(0, 5_000))
def test_more_spacing_is_never_later(mover: Floats, volume: Volume, more: float) -> None:
    assert seconds(mover, volume._replace(grown=volume.grown + more)) <= seconds(mover, volume) + 1e-6


@settings(max_examples=300, deadline=None)
@given(movers(), volumes(), st.floats(0, 1_000), st.floats(0, 500))
def test_a_sensor_that_may_err_by_more_is_never_later(mover: Floats, volume: Volume, along: float, up: float) -> None:
    vaguer = mover.copy()
    vaguer[7:] += along, up

    assert seconds(vaguer, volume) <= seconds(mover, volume) + 1e-6


@settings(max_examples=300, deadline=None)
@given(movers(), volumes())
def test_an_unknown_height_is_never_later(mover: Floats, volume: Volume) -> None:
    unknown = mover.copy()
    unknown[4] = nan

    assert seconds(unknown, volume) <= seconds(mover, volume) + 1e-6


@settings(max_examples=300, deadline=None)
@given(movers(), volumes(), st.floats(0, 12_000))
def test_that_it_levels_off_is_never_later(mover: Floats, volume: Volume, level: float) -> None:
    straight, levels = mover.copy(), mover.copy()
    straight[6], levels[6] = nan, level

    assert seconds(levels, volume) <= seconds(straight, volume)


def test_a_circle_straight_ahead_is_reached_when_its_edge_is() -> None:
    mover = np.array([-10_000.0, 0.0, 100.0, 0.0, nan, nan, nan, 0.0, 0.0])

    assert seconds(mover, Volume(np.zeros((1, 2)), 2_000.0, -inf, inf)) == 80.0


def test_who_levels_off_in_the_band_on_the_way_is_warned_of_though_straight_on_he_would_be_over_it() -> None:
    climbs = np.array([-30_000.0, 0.0, 100.0, 0.0, 1_000.0, 20.0, nan, 0.0, 0.0])
    levels = climbs.copy()
    levels[6] = 2_500.0
    volume = Volume(np.zeros((1, 2)), 5_000.0, 0.0, 3_000.0)

    assert seconds(climbs, volume) == inf
    assert seconds(levels, volume) == 250.0


def test_many_movers_and_volumes_are_the_same_as_each_by_itself() -> None:
    drawn = np.random.default_rng(6)
    corners = [drawn.uniform(-9_000, 9_000, (1, 2)) for _ in range(5)]
    shape = np.array([[*around(one), 3_000.0, -inf, inf] for one in corners])
    rows = np.full((7, MOVER), nan)
    rows[:, :4], rows[:, 7:] = drawn.uniform(-200, 200, (7, 4)), 0.0
    rows[:, :2] *= 100

    found = seconds_until(rows, shapes_of(corners, shape), HORIZON)

    alone = [[seconds(row, Volume(one, 3_000.0, -inf, inf)) for one in corners] for row in rows]
    assert found.tolist() == alone
    assert np.isfinite(found).any()
    assert np.isinf(found).any()
