"""The latest of each aircraft: a pure fold, and a way into a frame and back."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.ids import SECOND, Micros
from quartet.picture import (
    LOST_AFTER,
    MAX_AHEAD,
    Picture,
    Plot,
    distance_m,
    fold,
    position_of,
    rebase,
    track_of,
    tracks,
)
from quartet.picture.track import DEGREE, MAX_HELD

NOW = Micros(1_800_000_000 * SECOND)


def plot(icao24: str = "abc123", ago: float = 0.0, lat: float = 47.0, **more: object) -> Plot:
    """Return a plot `ago` seconds old."""
    known: dict[str, object] = {"sensor": "s", "lon": 8.0, "on_ground": False, **more}
    return Plot(at=Micros(NOW - round(ago * SECOND)), icao24=icao24, lat=lat, **known)  # type: ignore[arg-type]


plots = st.builds(
    Plot,
    at=st.integers(NOW - 90 * SECOND, NOW + 20 * SECOND).map(Micros),
    sensor=st.sampled_from(["one", "two"]),
    icao24=st.sampled_from(["aaaaaa", "bbbbbb", "cccccc"]),
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    on_ground=st.booleans(),
    alt_m=st.none() | st.floats(-600, 40_000),
    alt_source=st.none(),
    speed_mps=st.none() | st.floats(0, 1_200),
    track_deg=st.none() | st.floats(0, 360, exclude_max=True),
    accuracy_m=st.none() | st.floats(0, 20_000),
)


def test_a_later_plot_takes_the_place_of_an_earlier_one_of_the_same_aircraft() -> None:
    picture = fold(Picture(), [plot(ago=3, lat=47.0), plot(ago=1, lat=47.1), plot("other1", ago=2)], NOW)

    assert {key: one.lat for key, one in picture.plots.items()} == {"abc123": 47.1, "other1": 47.0}


def test_an_earlier_plot_that_comes_late_changes_nothing() -> None:
    picture = fold(Picture(), [plot(ago=1, lat=47.1)], NOW)

    assert fold(picture, [plot(ago=5, lat=46.0)], NOW) == picture


def test_an_aircraft_not_seen_for_long_leaves() -> None:
    picture = fold(Picture(), [plot(ago=0)], NOW)

    assert fold(picture, [], Micros(NOW + LOST_AFTER - 1)).plots
    assert not fold(picture, [], Micros(NOW + LOST_AFTER)).plots


def test_a_plot_from_the_future_does_not_win_for_ever() -> None:
    picture = fold(Picture(), [plot(ago=1), plot(ago=-(MAX_AHEAD / SECOND) - 0.001, lat=0.0)], NOW)

    assert picture.plots["abc123"].lat == 47.0


def test_a_crowd_is_bounded_and_the_newest_stay() -> None:
    crowd = [plot(f"{number:06x}", ago=number / MAX_HELD) for number in range(MAX_HELD + 10)]

    picture = fold(Picture(), crowd, NOW)

    assert len(picture.plots) == MAX_HELD
    assert "000000" in picture.plots
    assert f"{MAX_HELD:06x}" not in picture.plots


@settings(max_examples=100, deadline=None)
@given(st.lists(plots, max_size=12).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_arrival_does_not_matter(both: tuple[list[Plot], Sequence[Plot]]) -> None:
    one, other = both

    at_once = fold(Picture(), one, NOW)
    one_by_one = Picture()
    for each in other:
        one_by_one = fold(one_by_one, [each], NOW)

    assert one_by_one == at_once


@settings(max_examples=100, deadline=None)
@given(plots)
def test_what_a_frame_carries_is_what_was_seen_within_its_units(seen: Plot) -> None:
    track = track_of(seen, NOW)

    back = position_of(track, NOW)

    assert back.id == seen.icao24
    assert abs(back.lat - seen.lat) <= 0.5 / DEGREE + 1e-12
    assert abs(back.lon - seen.lon) <= 0.5 / DEGREE + 1e-12
    assert (back.alt_m is None) == (seen.alt_m is None)
    assert back.alt_m is None or abs(back.alt_m - (seen.alt_m or 0)) <= 0.5
    assert back.speed_mps is None or abs(back.speed_mps - (seen.speed_mps or 0)) <= 0.0051
    assert track.track_cdeg is None or 0 <= track.track_cdeg < 36_000
    assert back.at >= seen.at or back.at == NOW
    assert back.lineage == (f"adsb:{seen.icao24}",)


def test_a_circle_that_holds_95_percent_becomes_a_covariance() -> None:
    track = track_of(plot(accuracy_m=92.6), NOW)

    assert track.covariance is not None
    east, across, north = track.covariance
    assert east == north == pytest.approx((92.6 / 2.4477) ** 2, abs=1)
    assert across == 0


def test_two_sensors_that_hear_one_aircraft_are_one_root() -> None:
    assert plot(sensor="one").root == plot(sensor="two").root


def test_a_recording_is_told_as_if_it_had_begun_now() -> None:
    began = Micros(NOW - 100 * SECOND)

    later = rebase(plot(ago=40), began, NOW, speed=2.0)

    assert later.at == NOW + 30 * SECOND


def test_tracks_come_by_address() -> None:
    picture = fold(Picture(), [plot("bbbbbb"), plot("aaaaaa")], NOW)

    assert [track.id for track in tracks(picture, NOW)] == [b"aaaaaa", b"bbbbbb"]


def test_a_degree_of_latitude_is_as_long_as_it_should_be() -> None:
    assert distance_m((46.5, 8.0), (47.5, 8.0)) == pytest.approx(111_195, abs=1)
    assert distance_m((0.0, 179.9), (0.0, -179.9)) == pytest.approx(22_239, abs=1)
