"""ASTERIX records become plots and messages: what is where, how high, who; and what is passed by or refused."""

from random import Random
from typing import Any

import pytest
from traffic_blocks import BEGAN, WE, movers, recording

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import (
    NORTH,
    SECTOR,
    Station,
    blocks,
    broadcast_report,
    radar_message,
    radar_report,
    record,
    system_track,
    time_of_day,
)
from quartet.picture import Plot, RadarPlot, ServiceMessage, distance_m
from quartet.picture.plane import Place, offset
from quartet.sensors.asterix import Asterix
from quartet.sensors.door import Heard, Source

MAST = Source(name="mast", lat=46.0, lon=7.0, height_m=600.0)
WHO = (("SAC", WE.sac), ("SIC", WE.sic))


def read(category: int, *records: bytes, source: Source = MAST) -> tuple[list[Heard], dict[str, int]]:
    """Return what comes of records, and what was refused or passed by."""
    reader = Asterix(source)
    out = [one for block in blocks(category, records) for one in reader.datagram(block, BEGAN)]
    out += reader.close()
    return out, dict(reader.counts.refused)


def radar_plot(**more: Any) -> RadarPlot:
    known: dict[str, Any] = {
        "at": BEGAN,
        "sensor": "mast",
        "range_m": 18_520.0,
        "azimuth_deg": 45.0,
        "seen": "MODE_S",
        "alt_m": 3_048.0,
        "icao24": "4b1234",
        "squawk": "7700",
        "callsign": "SWR1A",
        "number": 17,
    }
    return RadarPlot(**{**known, **more})


def at(category: int, **items: Any) -> bytes:
    """Return a record with a source, a time and these items, by their numbers: `i040`."""
    editions = {10: "1.1", 20: "1.11", 21: "2.6", 34: "1.29", 48: "1.32", 62: "1.20", 63: "1.7", 65: "1.6"}
    clock = {10: "140", 20: "140", 21: "071", 48: "140", 62: "070"}.get(category, "030")
    named = {name.removeprefix("i"): item for name, item in items.items()}
    return record(category, editions[category], {"010": WHO, clock: (time_of_day(BEGAN), "s"), **named})


POLAR = (("RHO", (10.0, "NM")), ("THETA", (45.0, "°")))


def test_a_radars_report_is_range_and_azimuth_and_what_the_transponder_answered() -> None:
    (plot,), _ = read(48, radar_report(radar_plot(), WE))

    assert plot == radar_plot()


@pytest.mark.parametrize(
    ("kind", "seen"),
    [(1, "PSR"), (2, "SSR"), (3, "SSR+PSR"), (4, "MODE_S"), (5, "MODE_S"), (6, "MODE_S+PSR"), (7, "MODE_S+PSR")],
)
def test_how_a_radar_saw_it_is_told(kind: int, seen: str) -> None:
    (plot,), _ = read(48, at(48, i020=((kind, 0, 0, 0, 0, None),), i040=POLAR))

    assert isinstance(plot, RadarPlot)
    assert plot.seen == seen


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ({"i020": ((5, 1, 0, 0, 0, None),), "i040": POLAR}, "test-target"),
        ({"i020": ((5, 0, 0, 0, 0, None), (1, 0, 0, 0, 0, 0, None)), "i040": POLAR}, "test-target"),
        ({"i020": ((5, 0, 0, 0, 1, None),), "i040": POLAR}, "field-monitor"),
        ({"i020": ((0, 0, 0, 0, 0, None),), "i040": POLAR}, "no-detection"),
        ({"i020": ((5, 0, 0, 0, 0, None),)}, "no-position"),
        ({"i040": POLAR, "i170": ((0, 0, 0, 0, 0, None), (0, 1, 0, 0, 0, None))}, "ghost"),
    ],
)
def test_what_is_no_real_mover_is_passed_by(items: dict[str, Any], reason: str) -> None:
    out, refused = read(48, at(48, **items))

    assert (out, refused) == ([], {reason: 1})


def test_in_an_exercise_simulated_targets_are_seen() -> None:
    drill = Source(name="mast", lat=46.0, lon=7.0, exercise=True)

    assert len(read(48, radar_report(radar_plot(), WE._replace(simulated=True)), source=drill)[0]) == 1
    assert read(48, radar_report(radar_plot(), WE._replace(simulated=True)))[0] == []


@pytest.mark.parametrize("flags", [(1, 0), (0, 1)])
def test_a_code_or_level_that_is_not_validated_or_garbled_is_none(flags: tuple[int, int]) -> None:
    (plot,), _ = read(48, at(48, i040=POLAR, i070=(*flags, 0, 0, ("MODE3A", "1234")), i090=(*flags, 400)))

    assert isinstance(plot, RadarPlot)
    assert (plot.squawk, plot.alt_m) == (None, None)


def test_a_height_at_which_nothing_flies_is_refused() -> None:
    good = radar_report(radar_plot(), WE)

    out, refused = read(48, *[good] * 30, at(48, i040=POLAR, i090=(0, 0, ("FL", (1_900.0, "FL")))))

    assert (len(out), refused) == (30, {"out-of-range": 1})


def test_a_broadcast_report_says_where_how_high_how_fast_and_who() -> None:
    said = movers(1, Random(3))[0].plot(BEGAN)

    (plot,), _ = read(21, broadcast_report(said, WE))

    assert isinstance(plot, Plot)
    assert distance_m((plot.lat, plot.lon), (said.lat, said.lon)) < 0.02
    assert (plot.icao24, plot.callsign, plot.squawk, plot.number) == (said.icao24, said.callsign, said.squawk, 1)
    assert plot.alt_m == pytest.approx(said.alt_m, abs=4)
    assert plot.speed_mps == pytest.approx(said.speed_mps, abs=0.06)
    assert plot.track_deg == pytest.approx(said.track_deg, abs=0.003)
    assert plot.climb_mps == pytest.approx(2.0, abs=0.02)
    assert plot.climb_source == "BAROMETRIC"
    assert (plot.alt_source, plot.accuracy_m) == ("BAROMETRIC", 30.0)


def test_an_anonymous_address_is_no_aircrafts() -> None:
    anonymous = ((3, 0, 0, 0, None),)
    place = (("LAT", (46.0, "°")), ("LON", (7.0, "°")))

    (plot,), _ = read(21, at(21, i040=anonymous, i130=place, i080=0x4B1234))

    assert isinstance(plot, Plot)
    assert plot.icao24 is None


def test_a_report_whose_position_failed_a_check_is_passed_by() -> None:
    failed = ((0, 0, 0, 0, None), (0, 0, 0, 0, 0, 0, None), (0, 0, 1, 0, 0, 0, 0, None))
    place = (("LAT", (46.0, "°")), ("LON", (7.0, "°")))

    assert read(21, at(21, i040=failed, i130=place, i080=0x4B1234)) == ([], {"check-failed": 1})


def test_a_system_track_has_its_number_its_velocity_and_its_doubt() -> None:
    flying = movers(1, Random(4))[0]
    said = flying.plot(BEGAN)

    (plot,), _ = read(62, system_track(said, (flying.east, flying.north), WE))

    assert isinstance(plot, Plot)
    assert distance_m((plot.lat, plot.lon), (said.lat, said.lon)) < 0.7
    assert plot.speed_mps == pytest.approx(said.speed_mps, abs=0.25)
    assert plot.accuracy_m == pytest.approx(50.0, abs=1)
    assert (plot.number, plot.icao24, plot.callsign) == (1, said.icao24, said.callsign)


def test_a_track_that_ended_is_passed_by() -> None:
    ended = ((0, 0, 0, 0, 0, None), (0, 1, 0, 0, 0, 0, 0, None))
    place = (("LAT", (46.0, "°")), ("LON", (7.0, "°")))

    assert read(62, at(62, i105=place, i080=ended, i040=7)) == ([], {"track-ended": 1})


@pytest.mark.parametrize("category", [10, 20])
def test_metres_on_a_sensors_plane_are_a_place_by_where_it_stands(category: int) -> None:
    items: dict[str, Any] = {"i042": (("X", (3_000.0, "m")), ("Y", (-4_000.0, "m")))}
    items |= {"i000": 1} if category == 10 else {}

    (plot,), _ = read(category, at(category, **items))

    assert isinstance(plot, Plot)
    seen = offset(Place(MAST.lat, MAST.lon), Place(plot.lat, plot.lon))
    assert seen.east_m == pytest.approx(3_000, abs=0.1)
    assert seen.north_m == pytest.approx(-4_000, abs=0.1)
    assert plot.on_ground == (category == 10)


def test_a_north_mark_a_sector_and_a_state_are_messages() -> None:
    north = radar_message(NORTH, BEGAN, WE, period_s=4.5)
    sector = radar_message(SECTOR, BEGAN, WE, azimuth_deg=90.0)

    out, _ = read(34, north, sector)

    assert out == [
        ServiceMessage(at=BEGAN, sensor="mast", kind="NORTH", rotation_s=4.5, in_use=True),
        ServiceMessage(at=BEGAN, sensor="mast", kind="SECTOR", azimuth_deg=90.0),
    ]


@pytest.mark.parametrize(
    ("category", "items", "kind", "in_use"),
    [
        (63, {"i060": ((0, 0, 0, 0, 0, 0, None),)}, "STATUS", True),
        (63, {"i060": ((3, 0, 0, 0, 0, 0, None),)}, "STATUS", False),
        (65, {"i000": 1, "i040": (1, 0, 0, 0, 0, 0)}, "STATUS", True),
        (65, {"i000": 2}, "OTHER", None),
        (10, {"i000": 3, "i550": (2, 0, 0, 0, 0, 0)}, "STATUS", False),
        (34, {"i000": 4}, "OTHER", None),
    ],
)
def test_what_a_system_says_of_itself_is_a_message(
    category: int, items: dict[str, Any], kind: str, in_use: bool | None
) -> None:
    (message,), _ = read(category, at(category, **items))

    assert isinstance(message, ServiceMessage)
    assert (message.kind, message.in_use) == (kind, in_use)


def test_another_station_is_refused_and_does_not_speak_against_ours() -> None:
    theirs = radar_report(radar_plot(), Station(25, 99))
    ours = radar_report(radar_plot(), WE)
    known = Source(name="mast", lat=46.0, lon=7.0, sac=WE.sac, sic=WE.sic)

    out, refused = read(48, *[theirs] * 300, ours, source=known)

    assert (len(out), refused) == (1, {"foreign-source": 300})


def test_without_a_setting_the_first_station_that_is_heard_is_ours() -> None:
    out, refused = read(48, radar_report(radar_plot(), WE), radar_report(radar_plot(), Station(1, 1)))

    assert (len(out), refused) == (1, {"foreign-source": 1})


def test_a_live_record_that_is_not_of_now_is_refused() -> None:
    reader = Asterix(Source(name="mast", lat=46.0, lon=7.0, live=True))
    (block,) = blocks(48, [radar_report(radar_plot(at=Micros(BEGAN - 61 * SECOND)), WE)])

    assert reader.datagram(block, BEGAN) == []
    assert reader.counts.refused == {"time-apart": 1}


def test_a_recording_that_was_replayed_when_it_was_captured_keeps_its_times_of_day() -> None:
    late = [(Micros(received + 5 * 3_600 * SECOND), data) for received, data in recording(48, "1.32")]
    reader = Asterix(MAST)

    out = [one for received, data in late for one in reader.datagram(data, received)]

    assert len(out) == 240
    assert abs(out[0].at - BEGAN) < 10 * SECOND


def test_plots_are_held_until_a_source_is_believed() -> None:
    reader = Asterix(MAST)
    shown = [len(reader.datagram(block, BEGAN)) for _, block in recording(48, "1.32", count=10, scans=5)]

    assert shown == [0, 0, 30, 10, 10]


def test_an_edition_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(Malformed, match=r"1\.27, 1\.28") as caught:
        Asterix(Source(name="mast", lat=0, lon=0, editions=("048 9.9",)))

    assert caught.value.reason == "unknown-edition"
    with pytest.raises(Malformed, match="unknown-edition"):
        Asterix(Source(name="mast", lat=0, lon=0, editions=("001 1.1",)))
