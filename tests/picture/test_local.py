"""Plots of radars become tracks at the right places of the Earth, whatever part of it they stand on."""

from math import cos, radians
from typing import Final

import numpy as np
import pytest
from msgspec import structs

from quartet.core.frame import Track
from quartet.core.ids import SECOND, Micros
from quartet.picture import Plot, RadarPlot, distance_m
from quartet.picture.local import LocalPicture
from quartet.picture.plot import AnyPlot
from quartet.picture.projection import Plane, radar_places
from quartet.picture.radar import Radar, turn_of
from quartet.picture.track import DEGREE

KEY: Final = bytes(range(16))
SPEED: Final = 200.0
TURN_S: Final = 4.0
STANDS: Final = [(46.5, 7.5), (-33.0, 179.9), (89.2, 20.0), (0.0, -180.0), (-89.0, 0.0)]
"""Where the first radar stands: at home, at the date line, near both poles."""


def radars(lat: float, lon: float) -> list[Radar]:
    """Return two radars 80 km apart."""
    east = lon + 80 / (111.2 * max(0.02, cos(radians(lat))))
    return [Radar("one", lat, lon), Radar("two", lat, (east + 180) % 360 - 180)]


def flown(around: Radar, second: float) -> tuple[float, float]:
    """Return where a mover is: 40 km north of a radar at first, then on towards the east."""
    lat, lon = Plane(around.lat, around.lon).place(np.array([-10_000 + SPEED * second]), np.array([40_000.0]))
    return float(lat[0]), float(lon[0])


def seen(radar: Radar, place: tuple[float, float], at: float, drawn: np.random.Generator) -> RadarPlot:
    """Return what a radar measures of a place 9,000 m high, with its noise: found by trying."""
    slant, azimuth = 50_000.0, 0.0
    plane = Plane(radar.lat, radar.lon)
    x, y = plane.flat(np.array([place[0]]), np.array([place[1]]))
    azimuth, slant = float(np.arctan2(x[0], y[0])), float(np.hypot(x[0], y[0]))
    for _ in range(6):
        found = plane.flat(
            *radar_places(radar.lat, radar.lon, 0.0, np.array([slant]), np.array([azimuth]), np.array([9_000.0]))
        )
        slant += float(np.hypot(x[0], y[0]) - np.hypot(*found)[0])
        azimuth += float(np.arctan2(x[0], y[0]) - np.arctan2(found[0][0], found[1][0]))
    return RadarPlot(
        at=Micros(round(at * SECOND)),
        sensor=radar.name,
        range_m=slant + drawn.normal(0, 40),
        azimuth_deg=float(np.degrees(azimuth + drawn.normal(0, 0.0008)) % 360),
        seen="SSR",
        alt_m=9_000.0,
        squawk="1234",
    )


def plots(stand: tuple[float, float], seconds: int) -> list[AnyPlot]:
    """Return what both radars see of one mover."""
    drawn = np.random.default_rng(3)
    pair = radars(*stand)
    times = [
        (start + turn * TURN_S, radar)
        for start, radar in zip((1.0, 2.7), pair, strict=True)
        for turn in range(seconds // 4)
    ]
    return [seen(radar, flown(pair[0], at), at, drawn) for at, radar in sorted(times, key=lambda one: one[0])]


def followed(picture: LocalPicture, given: list[AnyPlot], until: int) -> tuple[Track, ...]:
    """Hand plots over second by second, as a node's ticks do, and return the tracks at the end."""
    for second in range(until + 1):
        now = Micros(second * SECOND)
        picture.take([p for p in given if now - SECOND < p.at <= now], now)
    return picture.tracks(Micros(until * SECOND))


@pytest.mark.parametrize("stand", STANDS)
def test_a_mover_that_two_radars_see_is_one_track_where_it_is(stand: tuple[float, float]) -> None:
    picture = LocalPicture(radars(*stand), KEY)

    (track,) = followed(picture, plots(stand, 60), 60)

    at = 60 - track.age_ms / 1000
    place = flown(radars(*stand)[0], at)
    assert distance_m(place, (track.lat / DEGREE, track.lon / DEGREE)) < 150
    assert track.speed_cms == pytest.approx(SPEED * 100, rel=0.05)
    assert track.alt_m == 9_000
    assert len(track.lineage) == 2
    assert all(root.startswith(b"radar:") for root in track.lineage)
    assert track.covariance is not None
    assert track.covariance[0] * track.covariance[2] > track.covariance[1] ** 2


def test_a_course_is_from_true_north_also_where_the_plane_is_turned() -> None:
    stand = (75.0, 10.0)
    picture = LocalPicture(radars(*stand), KEY)

    (track,) = followed(picture, plots(stand, 60), 60)

    one = radars(*stand)[0]
    before, after = flown(one, 58), flown(one, 60)
    expected = np.degrees(np.arctan2((after[1] - before[1]) * cos(radians(after[0])), after[0] - before[0])) % 360
    assert track.track_cdeg is not None
    assert track.track_cdeg / 100 == pytest.approx(expected, abs=3)


def test_a_mover_that_says_where_it_is_and_a_radar_sees_is_one_track_of_two_roots() -> None:
    stand = (46.5, 7.5)
    given = [p for p in plots(stand, 60) if p.sensor == "one"]
    for second in range(60):
        lat, lon = flown(radars(*stand)[0], float(second))
        given.append(
            Plot(at=Micros(second * SECOND), sensor="adsb", icao24="4b1814", lat=lat, lon=lon, on_ground=False)
        )
    picture = LocalPicture(radars(*stand)[:1], KEY)

    (track,) = followed(picture, given, 60)

    assert track.id == b"4b1814"
    assert [root.partition(b":")[0] for root in track.lineage] == [b"adsb", b"radar"]


def test_how_fast_a_mover_is_is_told_once_it_is_known_and_is_never_nought_for_want_of_knowing() -> None:
    heard = [plot for plot in plots(STANDS[0], 24) if isinstance(plot, RadarPlot) and plot.sensor == "one"]
    named = [structs.replace(plot, icao24="4b1234") for plot in heard]
    picture = LocalPicture(radars(*STANDS[0]), KEY)

    (once,) = followed(picture, [*named[:1]], 2)
    (later,) = followed(picture, [*named[1:]], 24)
    hurried = LocalPicture(radars(*STANDS[0]), KEY)
    at_once: list[AnyPlot] = [structs.replace(plot, at=Micros(SECOND)) for plot in named]

    assert (once.speed_cms, once.track_cdeg) == (None, None)
    assert later.speed_cms == pytest.approx(SPEED * 100, rel=0.1)
    assert {track.speed_cms for track in followed(hurried, at_once, 2)} == {None}


def test_plots_that_come_late_from_the_future_or_twice_make_no_second_track() -> None:
    stand = (46.5, 7.5)
    given = plots(stand, 60)
    late = [p for n, p in enumerate(given) if n % 5 == 0]
    picture = LocalPicture(radars(*stand), KEY)

    for second in range(61):
        now = Micros(second * SECOND)
        picture.take([p for p in given if now - SECOND < p.at <= now], now)
        picture.take([p for p in late if now - 3 * SECOND < p.at <= now - 2 * SECOND], now)
        picture.take([p for p in given if p.at > now + 6 * SECOND][:3], now)

    assert len(picture.tracks(Micros(60 * SECOND))) == 1


def test_nothing_is_shown_before_it_is_believed_nor_long_after_it_was_seen() -> None:
    stand = (46.5, 7.5)
    picture = LocalPicture(radars(*stand), KEY)

    early = followed(picture, plots(stand, 60), 2)
    followed(picture, plots(stand, 60), 60)

    assert early == ()
    assert len(picture.tracks(Micros(80 * SECOND))) == 1
    assert picture.tracks(Micros(90 * SECOND)) == ()


def test_names_of_tracks_differ_by_the_key_and_stay_while_a_mover_is_tracked() -> None:
    stand = (46.5, 7.5)
    one, other = LocalPicture(radars(*stand), KEY), LocalPicture(radars(*stand), KEY[::-1])

    first = followed(one, plots(stand, 60), 30)[0].id
    last = followed(one, [p for p in plots(stand, 60) if p.at > 30 * SECOND], 60)[0].id

    assert first == last
    assert followed(other, plots(stand, 60), 30)[0].id != first


def test_how_fast_a_radar_turns_is_told_by_its_plots() -> None:
    drawn = np.random.default_rng(1)
    many = [
        RadarPlot(at=Micros(round(t * SECOND)), sensor="one", range_m=5e4, azimuth_deg=t / 9.6 * 360 % 360, seen="SSR")
        for t in sorted(drawn.uniform(0, 30, 90))
    ]
    alone = [
        RadarPlot(at=Micros(round(12.1 * n * SECOND)), sensor="one", range_m=5e4, azimuth_deg=40.0, seen="SSR")
        for n in range(6)
    ]

    assert turn_of(many) == pytest.approx(9.6, rel=0.01)
    assert turn_of(alone) == pytest.approx(12.1)
    assert turn_of(many[:8]) is None
