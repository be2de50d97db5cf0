"""The tracker: one track for each mover, whichever radars see it; nothing for what is not there."""

from time import perf_counter

import numpy as np
import pytest
from benches.picture.scenes import STRAIGHT, TURNING, Kind, Scene, looks_of, scene
from benches.picture.score import Score, score
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from quartet.picture.tracker import Look, Site, Tracker, Tracks, carried
from quartet.picture.tracker.assign import assign
from quartet.picture.tracker.tracker import MAX_SIZE


def followed(drawn: Scene, until: float, *, offsets: bool = True) -> Tracker:
    """Return a tracker that was given every look up to a time."""
    tracker = Tracker(drawn.sites, offsets=offsets)
    for look in drawn.looks:
        if look.ends <= until:
            tracker.take(look)
    return tracker


def scored(drawn: Scene, tracker: Tracker, at: float) -> Score:
    return score(drawn.at(at), carried(tracker.tracks(at)).state)


@pytest.mark.parametrize("kind", [STRAIGHT, TURNING], ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_mover_has_one_track_and_clutter_has_none(kind: Kind, seed: int) -> None:
    drawn = scene(kind, 60, 80, seed)

    found = scored(drawn, followed(drawn, 76), 76.0)

    assert (found.missed, found.false) <= (1, 1)
    assert found.rms < 80


def test_two_radars_apart_by_their_offsets_show_two_tracks_of_each_unless_they_are_learned() -> None:
    drawn = scene(STRAIGHT, 50, 70, 5, offsets=((150.0, np.radians(0.3)), (-150.0, -np.radians(0.3))))

    plain, learned = followed(drawn, 66, offsets=False), followed(drawn, 66)

    assert len(plain.tracks(66.0).number) > 65
    assert len(learned.tracks(66.0).number) == 50


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_offsets_are_learned_within_a_minute_and_better_with_time(seed: int) -> None:
    offsets = ((150.0, np.radians(0.3)), (0.0, 0.0))
    drawn = scene(TURNING, 50, 304, seed, offsets=offsets)
    tracker = Tracker(drawn.sites)
    left: dict[int, list[tuple[float, float]]] = {}

    for look in drawn.looks:
        for mark in (60, 300):
            if look.begins > mark and mark not in left:
                found = [tracker.offsets(n) for n in (0, 1)]
                left[mark] = [
                    (abs(one.range_m - r), abs(one.azimuth_rad - a)) for one, (r, a) in zip(found, offsets, strict=True)
                ]
        tracker.take(look)

    assert all(r < 15 and a < np.radians(0.03) for r, a in left[60])
    assert all(r < 5 and a < np.radians(0.01) for r, a in left[300])


def test_offsets_of_a_degree_and_500_m_are_found_and_larger_ones_alarm() -> None:
    large = scene(TURNING, 50, 120, 3, offsets=((500.0, np.radians(1.0)), (0.0, 0.0)))
    absurd = scene(TURNING, 50, 240, 3, offsets=((1_500.0, np.radians(2.5)), (0.0, 0.0)))

    found, lost = followed(large, 118), followed(absurd, 236)

    assert found.offsets(0).range_m == pytest.approx(500, abs=15)
    assert found.offsets(0).azimuth_rad == pytest.approx(np.radians(1.0), abs=np.radians(0.03))
    assert not found.offsets(0).alarm
    whole = lost.offsets(0).azimuth_rad - lost.offsets(1).azimuth_rad
    assert lost.offsets(0).alarm or lost.offsets(1).alarm or whole == pytest.approx(np.radians(2.5), abs=0.002)


def test_a_radar_that_was_adjusted_is_learned_anew_and_its_alarm_ends() -> None:
    """What was learned of it fits nothing any more: without learning it anew its movers would stay doubled."""
    offset = np.radians(2.0)
    drawn = scene(TURNING, 50, 300, 3, offsets=((0.0, offset), (0.0, 0.0)))
    tracker = Tracker(drawn.sites)
    alarms: list[bool] = []

    for look in drawn.looks:
        adjusted = look.sensor == 0 and look.begins > 120
        second = (look.second - offset) % (2 * np.pi) if adjusted else look.second
        tracker.take(look._replace(second=second))
        alarms.append(tracker.offsets(0).alarm)

    assert alarms[len(alarms) * 110 // 300]
    assert not alarms[-1]
    assert abs(tracker.offsets(0).azimuth_rad) < np.radians(0.03)
    assert len(tracker.tracks(298.0).number) <= 51


def test_an_offset_is_known_once_what_was_seen_says_more_than_what_may_be() -> None:
    drawn = scene(TURNING, 50, 60, 1, offsets=((150.0, np.radians(0.3)), (0.0, 0.0)))

    alone = Tracker(drawn.sites)
    for look in drawn.looks:
        if look.sensor == 0:
            alone.take(look)

    assert alone.offsets(0).known == (False, False, False)
    assert followed(drawn, 56).offsets(0).known[:2] == (True, True)


def test_two_that_fly_close_together_stay_two() -> None:
    drawn = _pair(apart=900.0)

    assert len(followed(drawn, 90).tracks(90.0).number) == 2


def test_a_mover_that_is_no_longer_seen_ends() -> None:
    drawn = scene(STRAIGHT, 20, 60, 4)
    tracker = followed(drawn, 58)
    shown = len(tracker.tracks(58.0).number)

    for look in drawn.looks:
        if look.ends < 40:
            empty = np.empty(0)
            tracker.take(Look(look.sensor, look.begins + 60, look.ends + 60, empty, empty, empty, look.sector))

    assert shown == 20
    assert len(tracker.tracks(100.0).number) == 0
    assert len(tracker) == 0


@pytest.mark.parametrize("silent", [30.0, 1_200.0])
def test_a_radar_that_was_silent_for_long_goes_on_at_once(silent: float) -> None:
    """How far a track may be by now grows without bound; what is looked for there must not."""
    tracker = Tracker([Site("one")])
    ways = np.linspace(0.1, 6.2, 20)
    for begins in (0.0, 4.0, 8.0, 12.0, 12.0 + silent):
        began = perf_counter()
        tracker.take(Look(0, begins, begins + 4.0, begins + ways * 0.63, np.full(20, 90_000.0), ways))

    assert perf_counter() - began < 1.0
    assert (len(tracker.tracks(16.0 + silent).number) == 20) is (silent < 60)


def test_plots_of_places_that_are_hardly_known_cost_what_others_do() -> None:
    tracker = Tracker([Site("places", polar=False, period_s=1.0, range_m=2e7)])
    spread = np.linspace(-1e6, 1e6, 1_000)
    for begins in (0.0, 1.0):
        began = perf_counter()
        at, sigma = np.full(1_000, begins), np.full(1_000, 400_000.0)
        tracker.take(Look(0, begins, begins + 1, at, spread, spread, sigma=sigma, address=np.arange(1_000)))

    assert perf_counter() - began < 1.0


def test_a_mover_that_one_of_many_radars_sees_is_not_ended_by_those_that_do_not() -> None:
    drawn = _far_apart(seed=8)
    far_seeing = [structs.replace(site, range_m=470_000.0) for site in drawn.sites]
    tracker = Tracker(far_seeing)
    for look in drawn.looks:
        tracker.take(look)

    seen = np.logical_and.reduce([_within(drawn, at) for at in (82.0, 94.0, 106.0, 118.0)])
    found = score(drawn.at(118.0)[seen], carried(tracker.tracks(118.0)).state)

    assert seen.sum() > 30
    assert found.missed <= 2


def _within(drawn: Scene, at: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which movers are within some radar's range at a time."""
    x, y = drawn.at(at)[:, :2].T
    return np.asarray(np.logical_or.reduce([np.hypot(x - s.x_m, y - s.y_m) < s.range_m for s in drawn.sites]))


def _far_apart(seed: int) -> Scene:
    """Return a scene of nine radars, each of which sees a part of it alone."""
    drawn = scene(STRAIGHT, 100, 120, seed, clutter=2)
    places = [(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)]
    step, first = drawn.side / 3, drawn.sites[0]
    sites = tuple(
        structs.replace(first, name=f"r{n}", x_m=x * step, y_m=y * step, range_m=0.55 * step, false_plots=2.0)
        for n, (x, y) in enumerate(places)
    )
    none = tuple((0.0, 0.0) for _ in sites)
    return drawn._replace(
        sites=sites,
        looks=looks_of(sites, drawn.truth, 120.0, drawn.side, 2, none, np.random.default_rng(seed)),
    )


def test_the_same_looks_give_the_same_tracks() -> None:
    drawn = scene(TURNING, 40, 50, 9)

    one, other = followed(drawn, 48).tracks(48.0), followed(drawn, 48).tracks(48.0)

    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_a_covariance_says_how_wrong_a_track_is() -> None:
    """The mean of the normalised squared error of place is 2 where covariances are true; IMM's is a little below."""
    errors: list[float] = []
    for seed in range(6):
        drawn = scene(STRAIGHT, 50, 80, seed)
        errors += _normalised(drawn.at(78.0), carried(followed(drawn, 78).tracks(78.0)))

    assert 0.8 < np.mean(errors) < 2.6


def test_a_track_never_takes_a_plot_of_another_address() -> None:
    site = Site("places", polar=False, sigma_range_m=50.0, detects=0.9, period_s=1.0, range_m=2e6)
    tracker = Tracker((site,))
    for second in range(20):
        x = np.array([100.0 * second, 100.0 * second + 40.0])
        address = np.array([7, 8]) if second % 2 else np.array([8, 7])
        at = np.full(2, float(second))
        tracker.take(Look(0, second, second, at, x[address - 7], np.array([0.0, 20.0])[address - 7], address=address))

    found = tracker.tracks(19.0)

    assert sorted(found.address) == [7, 8]
    places = dict(zip(found.address, found.state[:, 1], strict=True))
    assert places[7] == pytest.approx(0, abs=15)
    assert places[8] == pytest.approx(20, abs=15)


@settings(max_examples=200)
@given(st.data())
def test_the_choice_of_plots_is_the_best_there_is(data: st.DataObject) -> None:
    tracks, plots = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    pairs = data.draw(st.sets(st.tuples(st.integers(0, tracks - 1), st.integers(0, plots - 1)), max_size=12))
    values = {pair: data.draw(st.floats(0.01, 50)) for pair in sorted(pairs)}
    chosen = np.full(tracks, 9, dtype=np.int64)
    rows = np.array([pair[0] for pair in values], dtype=np.int64)
    columns = np.array([pair[1] for pair in values], dtype=np.int64)

    assign(rows, columns, np.array(list(values.values())), len(values), tracks, plots, chosen)

    taken = [(t, int(p)) for t, p in enumerate(chosen) if p >= 0]
    assert len({p for _, p in taken}) == len(taken)
    assert all(pair in values for pair in taken)
    assert sum(values[pair] for pair in taken) == pytest.approx(_best(values, tracks, frozenset()), abs=1e-6)


def _best(values: dict[tuple[int, int], float], track: int, used: frozenset[int]) -> float:
    if track == 0:
        return 0.0
    rest = [_best(values, track - 1, used)]
    rest += [
        value + _best(values, track - 1, used | {p})
        for (t, p), value in values.items()
        if t == track - 1 and p not in used
    ]
    return max(rest)


def _normalised(truth: np.ndarray[tuple[int, int], np.dtype[np.float64]], tracks: Tracks) -> list[float]:
    found = []
    for state, covariance in zip(tracks.state, tracks.covariance, strict=True):
        nearest = truth[np.argmin(np.hypot(*(truth[:, :2] - state[:2]).T))]
        error = nearest[:2] - state[:2]
        found.append(float(error @ np.linalg.inv(covariance[:2, :2]) @ error))
    return found


def _pair(apart: float) -> Scene:
    """Return a scene of two movers side by side."""
    drawn = scene(STRAIGHT, 2, 94, 1, clutter=2)
    truth = drawn.truth.copy()
    truth[:, 1] = truth[:, 0]
    course = truth[0, 0, 2:] / np.hypot(*truth[0, 0, 2:])
    truth[:, 1, :2] += apart * np.array([course[1], -course[0]])
    return seen_again(drawn, truth)


def seen_again(drawn: Scene, truth: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]) -> Scene:
    dice = np.random.default_rng(1)
    return drawn._replace(truth=truth, looks=looks_of(drawn.sites, truth, 94, drawn.side, 2, ((0, 0), (0, 0)), dice))


def test_a_flood_of_false_plots_is_bounded_and_ends() -> None:
    site = Site("radar", false_plots=10.0)
    tracker, drawn = Tracker((site,)), np.random.default_rng(2)
    for turn in range(4):
        count, begins = 30_000, 4.0 * turn
        at = np.sort(drawn.uniform(begins, begins + 4.0, count))
        tracker.take(Look(0, begins, begins + 4.0, at, drawn.uniform(1e3, 4e5, count), (at - begins) / 4 * 2 * np.pi))

    assert len(tracker) <= MAX_SIZE
    empty = np.empty(0)
    for turn in range(4, 24):
        tracker.take(Look(0, 4.0 * turn, 4.0 * turn + 4.0, empty, empty, empty))
    assert len(tracker) == 0
