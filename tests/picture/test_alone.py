"""One mover alone under one radar is one track from end to end, and nears a site once, however its turn and way meet.

Nobody else shares a look with it: where the beam's turn begins is where it is, each time anew.
"""

from itertools import pairwise
from random import Random
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.volume import Volume
from quartet.exercise.simulate import Flight, radar_plots
from quartet.exercise.sky import Scene, cast_of, course
from quartet.picture import RadarPlot
from quartet.picture.fusion import batch_of, fuse
from quartet.picture.local import LocalPicture
from quartet.picture.plot import own_name
from quartet.picture.proximity import NOTHING, Level, State, look
from quartet.picture.radar import Radar, turn_of

NORTH: Final = MemberId("north")
SITE: Final = Volume(name="dam", outline=((475_000_000, 80_000_000),), radius_m=2_000, ceiling_m=1_500)
STEP: Final = 1.0 / 128
"""ASTERIX tells the time of a plot in these, s."""
ways = st.fixed_dictionaries(
    {"from_lon": st.floats(7.65, 7.75), "from_lat": st.floats(47.35, 47.65), "seed": st.integers(0, 2**31)}
)
stands = st.tuples(st.floats(47.30, 47.70), st.floats(7.60, 8.40))


def flown(from_lat: float, from_lon: float, seed: int, stand: tuple[float, float], **radar: Any) -> list[RadarPlot]:
    """Return what a radar sees of one that flies straight from the west to over the dam, and on."""
    scene = msgspec.convert(
        {
            "lat": 47.5,
            "lon": 8.0,
            "seconds": 300,
            "movers": [
                {
                    "waypoints": [
                        {"lat": from_lat, "lon": from_lon, "alt_m": 900},
                        {"lat": 47.5, "lon": 8.0, "alt_m": 900},
                        {"lat": 2 * 47.5 - from_lat, "lon": 16.0 - from_lon, "alt_m": 900},
                    ],
                    "speed_mps": 110,
                    "icao24": "4b1806",
                }
            ],
            "radars": [{"name": "one", "lat": stand[0], "lon": stand[1], **radar}],
        },
        Scene,
    )
    flights = [Flight(n, mover, course(scene, mover)) for n, mover in enumerate(cast_of(scene), 1)]
    return radar_plots(scene, scene.radars[0], flights, Random(seed))


def rounded(plot: RadarPlot) -> RadarPlot:
    """Return a plot with its time in the steps of ASTERIX: then two are exactly one turn apart again and again."""
    step = STEP * SECOND
    return msgspec.structs.replace(plot, at=Micros(round(round(plot.at / step) * step)))


def followed(plots: list[RadarPlot], radar: Radar) -> list[tuple[Micros, tuple[Track, ...]]]:
    """Return the tracks of every second, as a node's ticks make them."""
    picture, found, begins = LocalPicture([radar], bytes(16)), [], plots[0].at
    for second in range(1, (plots[-1].at - begins) // SECOND + 2):
        now = Micros(begins + second * SECOND)
        picture.take([one for one in plots if now - SECOND < one.at <= now or (second == 1 and one is plots[0])], now)
        found.append((now, picture.tracks(now)))
    return found


def believed(found: list[tuple[Micros, tuple[Track, ...]]]) -> list[Level]:
    """Return what is believed of the mover at the dam, second by second."""
    state: State = NOTHING
    levels = []
    for now, tracks in found:
        looked = look(state, fuse([batch_of(NORTH, "a", now, tracks)]), {"dam": (SITE,)}, frozenset(), now)
        state = looked.state
        levels.append(max((one.level for one in looked.near), default=Level.NONE))
    return levels


@settings(max_examples=5)
@given(ways, stands)
def test_it_is_one_track_whose_way_is_known_from_its_fourth_plot_on(way: dict[str, Any], stand: Any) -> None:
    plots = [rounded(one) for one in flown(**way, stand=stand, pd=0.99)]
    radar = Radar("one", stand[0], stand[1], period_s=turn_of(plots[:8]))

    for now, tracks in followed(plots, radar):
        if sum(one.at <= now for one in plots) >= 4:
            assert [track.speed_cms is not None for track in tracks] == [True]


@settings(max_examples=5)
@given(ways, stands)
def test_it_nears_a_site_once_and_is_never_less_near_before_it_was_inside(way: dict[str, Any], stand: Any) -> None:
    levels = believed(
        followed([rounded(one) for one in flown(**way, stand=stand)], Radar("one", stand[0], stand[1], period_s=4.0))
    )

    assert Level.INSIDE in levels
    until = levels[: levels.index(Level.INSIDE) + 1]
    assert all(one <= other for one, other in pairwise(until))


def test_an_answer_that_a_radar_took_for_two_is_one_track() -> None:
    plots = flown(47.5, 7.62, seed=1, stand=(47.4, 7.9))
    twice = plots[20]
    again = msgspec.structs.replace(twice, at=Micros(twice.at + 20_000), azimuth_deg=twice.azimuth_deg - 0.1)
    given_twice = sorted([*plots, again], key=lambda one: one.at)

    assert {len(tracks) for now, tracks in followed(given_twice, Radar("one", 47.4, 7.9)) if tracks} == {1}


def test_two_that_give_one_address_in_two_places_are_two_tracks() -> None:
    one, other = flown(47.5, 7.62, seed=1, stand=(47.4, 7.9)), flown(47.6, 7.62, seed=2, stand=(47.4, 7.9))
    assert {own_name(plot) for plot in (*one, *other)} == {"4b1806"}

    found = followed(sorted([*one, *other], key=lambda plot: plot.at), Radar("one", 47.4, 7.9))

    assert max(len(tracks) for _, tracks in found[20:120]) == 2


def test_one_that_passes_near_a_radar_does_not_turn_the_radar() -> None:
    """It moves by degrees from turn to turn, and that is no sign of a turn of minutes."""
    plots = flown(47.5, 7.7, seed=3, stand=(47.49, 7.85), pd=0.99, period_s=5.0)

    for begins in range(0, len(plots) - 8, 3):
        assert turn_of(plots[begins : begins + 6]) == pytest.approx(5.0, rel=0.1)


@settings(max_examples=20)
@given(ways, stands)
def test_a_simulated_beam_meets_one_mover_once_a_turn(way: dict[str, Any], stand: Any) -> None:
    plots = flown(**way, stand=stand, pd=0.99)

    assert min(other.at - one.at for one, other in pairwise(plots)) > 3 * SECOND
