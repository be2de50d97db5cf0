"""Mode S frames become plots: where, how high, how fast; and what is refused changes nothing."""

import random

import pytest
from modes_frames import airborne, callsign, frame, surface, velocity

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture import Plot, distance_m
from quartet.sensors.door import MAX_LINE, WINDOW
from quartet.sensors.modes import ModeS, read_plots
from quartet.sensors.modes.aircraft import AIRBORNE_HOLDS, TAXI_HOLDS

BERNE = (46.91, 7.5)
START = 1_800_000_000


def line(message: int, at: float = START, icao24: str = "abc123", first: int = 0x8D) -> bytes:
    """Return a line of CSV."""
    return f"{at:.6f},{frame(message, icao24, first)}\n".encode()


def pair(lat: float, lon: float, at: float = START, icao24: str = "abc123") -> bytes:
    """Return an even and an odd position."""
    even, odd = airborne(lat, lon, odd=False), airborne(lat, lon, odd=True)
    return line(even, at, icao24) + line(odd, at + 0.5, icao24)


def plots_of(data: bytes) -> list[Plot]:
    """Return the plots of a whole source."""
    return list(read_plots([data], "modes-1", BERNE))


def near(plot: Plot, lat: float, lon: float) -> bool:
    """Return whether a plot is within a compact position's grain of a place."""
    return distance_m((plot.lat, plot.lon), (lat, lon)) < 15


@pytest.mark.parametrize(
    "place", [(46.0, 7.0), (-33.9, 151.2), (0.001, -0.001), (64.1, -21.9), (-54.8, -68.3), (85.5, 179.99), (51.5, -0.1)]
)
def test_an_even_and_an_odd_position_name_a_place_anywhere_on_earth(place: tuple[float, float]) -> None:
    (plot,) = plots_of(pair(*place))

    assert near(plot, *place)
    assert plot.at == (START * 2 + 1) * SECOND // 2


def test_one_position_alone_names_no_place() -> None:
    assert plots_of(line(airborne(46.0, 7.0, odd=False))) == []


def test_two_halves_too_far_apart_in_time_name_no_place() -> None:
    even, odd = airborne(46.0, 7.0, odd=False), airborne(46.0, 7.0, odd=True)

    assert plots_of(line(even) + line(odd, START + 11)) == []


def test_after_the_first_place_each_position_is_enough() -> None:
    later = line(airborne(46.01, 7.01, odd=True), START + 5)

    plots = plots_of(pair(46.0, 7.0) + later)

    assert [near(plots[0], 46.0, 7.0), near(plots[1], 46.01, 7.01)] == [True, True]


def test_an_aircraft_long_unheard_needs_a_new_pair() -> None:
    gap = AIRBORNE_HOLDS // SECOND + 10
    late = line(airborne(47.0, 8.0, odd=True), START + gap)

    assert len(plots_of(pair(46.0, 7.0) + late)) == 1
    assert len(plots_of(pair(46.0, 7.0) + pair(47.0, 8.0, START + gap))) == 2


def test_on_the_ground_the_sensors_own_place_decides_between_the_zones() -> None:
    (plot,) = plots_of(line(surface(46.912, 7.499, odd=False)))

    assert near(plot, 46.912, 7.499)
    assert (plot.on_ground, plot.alt_m) == (True, None)
    assert plot.speed_mps == pytest.approx(5.5 * 1852 / 3600)
    assert plot.track_deg == 90.0


def test_one_that_landed_far_away_is_not_put_down_beside_the_sensor() -> None:
    landed = pair(43.65, 1.4) + line(surface(43.63, 1.37, odd=False), START + 100)
    silent = line(surface(43.63, 1.37, odd=True), START + 100 + TAXI_HOLDS // SECOND + 1)

    plots = plots_of(landed + silent)

    assert len(plots) == 2
    assert near(plots[1], 43.63, 1.37)


def test_heights_are_metres_above_the_standard_pressure_or_the_ellipsoid() -> None:
    high = [line(airborne(46.0, 7.0, odd=odd, feet=35_000, code=20), START + odd) for odd in (False, True)]

    (barometric,) = plots_of(pair(46.0, 7.0))
    (ellipsoid,) = plots_of(b"".join(high))

    assert barometric.alt_m == pytest.approx(9_144)
    assert ellipsoid.alt_m == pytest.approx(10_668)
    assert (barometric.alt_source, ellipsoid.alt_source) == ("BAROMETRIC", "GNSS")


@pytest.mark.parametrize(("barometric", "source"), [(True, "BAROMETRIC"), (False, "GNSS")])
def test_the_source_of_a_climb_is_what_the_bit_says(barometric: bool, source: str) -> None:
    moving = line(velocity(-100, 0, -640, barometric=barometric), START - 1)

    (plot,) = plots_of(moving + pair(46.0, 7.0))

    assert plot.climb_source == source
    assert plot.climb_mps == pytest.approx(-640 * 0.3048 / 60)
    assert plot.speed_mps == pytest.approx(100 * 1852 / 3600)
    assert plot.track_deg == 270.0


def test_a_velocity_does_not_outlive_its_moment() -> None:
    (plot,) = plots_of(line(velocity(100, 0), START - 11) + pair(46.0, 7.0))

    assert (plot.speed_mps, plot.track_deg) == (None, None)


def test_a_callsign_goes_with_its_own_aircraft_alone() -> None:
    data = line(callsign("SWR12A")) + pair(46.0, 7.0) + pair(46.5, 7.5, icao24="def456")

    assert [(plot.icao24, plot.callsign) for plot in plots_of(data)] == [("abc123", "SWR12A"), ("def456", None)]


def test_aircraft_that_speak_at_once_do_not_mix() -> None:
    places = {f"{number:06x}": (40.0 + number / 10, 5.0 + number / 7) for number in range(1, 40)}
    lines = [line(airborne(*at, odd=odd), START + odd, who) for odd in (False, True) for who, at in places.items()]

    plots = plots_of(b"".join(lines))

    assert len(plots) == len(places)
    assert all(near(plot, *places[str(plot.icao24)]) for plot in plots)


def test_an_aircraft_that_could_not_have_gone_so_far_gives_no_plot() -> None:
    jump = line(airborne(48.0, 7.0, odd=True), START + 2)
    reader = ModeS("modes-1", BERNE)

    plots = reader.read(pair(46.0, 7.0) + jump)

    assert len(plots) == 1
    assert reader.counts.refused == {"jump": 1}


def test_what_was_wrong_first_is_given_up_when_all_speaks_against_it() -> None:
    elsewhere = b"".join(pair(48.0, 7.0, START + 2 + number) for number in range(4))

    plots = ModeS("modes-1", BERNE).read(pair(46.0, 7.0) + elsewhere)

    assert near(plots[-1], 48.0, 7.0)


@pytest.mark.parametrize("first", [18 << 3 | 1, 18 << 3 | 2, 18 << 3 | 6])
def test_what_others_say_of_an_aircraft_is_not_its_own_word(first: int) -> None:
    lines = [line(airborne(46.0, 7.0, odd=odd), START + odd, first=first) for odd in (False, True)]

    assert plots_of(b"".join(lines)) == []


def test_a_transmitter_that_is_no_transponder_speaks_for_itself() -> None:
    lines = [line(airborne(46.0, 7.0, odd=odd), START + odd, first=18 << 3) for odd in (False, True)]

    assert len(plots_of(b"".join(lines))) == 1


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_the_pieces_in_which_bytes_come_do_not_matter(size: int) -> None:
    data = b"".join(pair(46.0 + step / 1000, 7.0, START + step) for step in range(20))

    pieces = [data[start : start + size] for start in range(0, len(data), size)]

    assert list(read_plots(pieces, "modes-1", BERNE)) == plots_of(data)


def test_a_last_line_without_an_end_counts() -> None:
    assert len(plots_of(pair(46.0, 7.0).rstrip())) == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "bad-line"),
        (b"hello", "bad-line"),
        (b'{"timestamp": "x", "frame": "00"}', "bad-line"),
        (b'{"timestamp": 1e300, "frame": "8d"}', "bad-time"),
        (b'{"timestamp": -1, "frame": "8d"}', "bad-time"),
        (b'{"timestamp": 1, "frame": "8d"}', "bad-frame"),
        (b'{"timestamp": 1, "frame": "' + b"z" * 28 + b'"}', "bad-frame"),
        (b"\xff\xfe" * 20, "bad-line"),
        (b"@0123456789ab8d4ca251;", "bad-frame"),
        (b"[" * 4000, "bad-line"),
        (b"x" * (MAX_LINE + 1), "line-too-long"),
        (b"1800000000,8d" + b"0" * 26, "bad-parity"),
    ],
)
def test_a_bad_line_is_counted_by_its_reason_and_changes_nothing(bad: bytes, reason: str) -> None:
    even, odd = pair(46.0, 7.0).splitlines(keepends=True)
    reader = ModeS("modes-1", BERNE)

    plots = reader.read(even + bad + b"\n" + odd)

    assert len(plots) == 1
    assert reader.counts.refused == {reason: 1}


def test_an_altered_bit_anywhere_in_a_frame_gives_no_plot() -> None:
    even, odd = pair(46.0, 7.0).splitlines()
    for bit in range(112):
        when, whole = odd.split(b",")
        altered = f"{int(whole, 16) ^ 1 << bit:028x}".encode()

        assert ModeS("modes-1", BERNE).read(even + b"\n" + when + b"," + altered + b"\n") == [], bit


def test_a_source_whose_reject_rate_jumps_is_quarantined() -> None:
    reader = ModeS("modes-1", BERNE)
    good = pair(46.0, 7.0) * (WINDOW // 2)

    reader.read(good)
    reader.read(b"noise\n" * (WINDOW // 2))

    assert not reader.quarantined
    reader.read(b"noise\n" + good)
    assert reader.quarantined
    with pytest.raises(Malformed, match="quarantined"):
        reader.read(good)
    with pytest.raises(Malformed, match="quarantined"):
        reader.close()


@pytest.mark.parametrize("data", [b"", b"\n\n", b"noise", bytes(range(256)) * 100, b"timestamp,frame\n"])
def test_a_file_without_a_frame_says_so(data: bytes) -> None:
    with pytest.raises(Malformed, match="no-frames"):
        plots_of(data)


def test_a_line_without_an_end_takes_no_memory() -> None:
    reader = ModeS("modes-1", BERNE)

    for _ in range(1000):
        reader.read(b"x" * 4096)
    plots = reader.read(b"\n" + pair(46.0, 7.0))

    assert len(plots) == 1
    assert reader.counts.refused == {"line-too-long": 1}


def test_a_flood_of_random_frames_that_hold_together_stays_plausible() -> None:
    dice = random.Random(7)
    firsts = (0x8D, 0x8F, 18 << 3, 18 << 3 | 2)
    lines = [line(dice.getrandbits(56), START + n / 10, first=dice.choice(firsts)) for n in range(3000)]
    reader = ModeS("modes-1", BERNE)

    for one in lines:
        if reader.quarantined:
            break
        for plot in reader.read(one):
            assert -90 <= plot.lat <= 90
            assert -180 <= plot.lon <= 180
            assert plot.alt_m is None or -600 <= plot.alt_m <= 40_000
            assert plot.speed_mps is None or 0 <= plot.speed_mps <= 1_200
            assert plot.track_deg is None or 0 <= plot.track_deg < 360
            assert plot.at < Micros((START + 400) * SECOND)
