"""Which volumes a vessel is too near to: it is on the water, and nothing but its own word makes it a vessel."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pyais.encode import encode_dict

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.volume import UNITS, Volume
from quartet.picture.fusion import batch_of, fuse
from quartet.picture.proximity import NOTHING, Level, look
from quartet.picture.track import track_of
from quartet.sensors.ais import Ais
from quartet.sensors.door import Source

NOW = Micros(1_800_000_000 * SECOND)
SHORE = Volume(name="shore", outline=((535_000_000, 81_000_000),), radius_m=2_000)
ABOVE = structs.replace(SHORE, name="above", floor_m=300)
MARGIN_M = 92 + 60
"""The spacing up of a volume, and twice the deviation of a height."""


def vessel(**said: Any) -> Track:
    """Return what a vessel's sentence, or that of an aircraft that rescues, is in a frame."""
    known: dict[str, Any] = {
        "type": 1,
        "mmsi": "211339980",
        "lat": 53.5,
        "lon": 8.1,
        "speed": 12.0,
        "course": 270.5,
        "accuracy": 1,
    }
    (line,) = encode_dict({**known, **said}, talker_id="AI", radio_channel="A")
    (plot,) = Ais(Source(name="harbour", lat=53.5, lon=8.1)).datagram(line.encode(), NOW)
    return track_of(plot, NOW)


def inside(*tracks: Track, volumes: tuple[Volume, ...] = (SHORE, ABOVE)) -> set[str]:
    """Return within which volumes something is seen, each track told by a sensor of its own."""
    seen = fuse(batch_of(MemberId("north"), str(n), NOW, [track]) for n, track in enumerate(tracks))
    near = look(NOTHING, seen, {"s": volumes}, frozenset(), NOW).near
    return {one.pair[1] for one in near if one.level == Level.INSIDE}


@pytest.mark.parametrize("kind", [1, 2, 3, 18, 19, 27])
def test_a_vessel_of_every_class_is_within_what_stands_on_the_water_and_below_what_has_a_floor(kind: int) -> None:
    assert inside(vessel(type=kind)) == {"shore"}


@given(st.integers(-1_000, 3_000))
def test_no_floor_that_is_within_the_margins_above_the_water_lets_a_vessel_pass(floor_m: int) -> None:
    over = structs.replace(ABOVE, floor_m=floor_m)

    assert inside(vessel(), volumes=(over,)) == ({"above"} if floor_m <= MARGIN_M else set())


@pytest.mark.parametrize("alt", [600, 4_095])
def test_an_aircraft_that_rescues_flies_at_its_height_and_at_any_where_it_tells_none(alt: int) -> None:
    assert inside(vessel(type=9, mmsi="111265582", alt=alt, speed=100)) == {"shore", "above"}


def test_what_goes_faster_than_any_vessel_is_none_whatever_it_says() -> None:
    fast = vessel()._replace(speed_cms=25_000)

    assert inside(fast) == {"shore", "above"}


def test_what_a_radar_sees_at_no_known_height_is_no_vessel_because_somebody_says_that_there_is_one() -> None:
    said = vessel()
    echo = said._replace(id=b"7", lineage=(b"sensor:hill",), covariance=(900, 0, 900))

    assert inside(said, echo) == {"shore", "above"}
    assert inside(echo) == {"shore", "above"}


def test_a_vessel_that_two_sensors_hear_is_one_and_afloat() -> None:
    assert inside(vessel(), vessel()) == {"shore"}


def test_a_track_whose_height_is_told_is_at_that_height_whoever_it_says_it_is() -> None:
    assert inside(vessel()._replace(alt_m=900)) == {"shore", "above"}
    assert vessel().lat == pytest.approx(53.5 * UNITS, abs=200)
