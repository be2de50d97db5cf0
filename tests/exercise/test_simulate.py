"""What is simulated is read back: by our own decoders within a category's steps, and by rs1090; from a seed alone."""

import json
from itertools import pairwise
from math import degrees
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rs1090 as library
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quartet.cli.app import app
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import Station, blocks, radar_report
from quartet.exercise.simulate import Flight, radar_plots, simulate
from quartet.exercise.sky import Drawn, Mover, Radar, Scene, Waypoint, cast_of, course, place_at, read_scene, state_at
from quartet.exercise.squitter import identification, position, squitter, velocity
from quartet.picture import Plot, RadarPlot, ServiceMessage, distance_m
from quartet.picture.plane import Place, polar
from quartet.sensors.asterix import Asterix
from quartet.sensors.door import Heard, Source
from quartet.sensors.modes import ModeS
from quartet.sensors.pcap import Pcap

MAST = Radar(name="radar-1", lat=46.2, lon=7.2, sic=7, height_m=500.0)
SCENE = Scene(lat=46.0, lon=7.0, seconds=40, drawn=Drawn(count=20, radius_m=80_000.0), radars=(MAST,))
DRILL = """
lat = 46.0
lon = 7.0
seconds = 24

[[movers]]
speed_mps = 180
waypoints = [{lat = 46.1, lon = 6.8, alt_m = 2000}, {lat = 46.3, lon = 7.4, alt_m = 6000}]

[drawn]
count = 3

[[radars]]
name = "radar-1"
lat = 46.2
lon = 7.2
clutter = 2
"""


read_by_rs1090: Any = library.decode


def heard(path: Path, **more: object) -> list[Heard]:
    """Return what our own door makes of a recording."""
    capture = Pcap()
    reader = Asterix(Source(name="x", lat=46.2, lon=7.2, exercise=True, **more))  # type: ignore[arg-type]
    out = [one for data in capture.read(path.read_bytes()) for one in reader.datagram(data.data, data.at)]
    out += reader.close()
    capture.close()
    assert not capture.skipped
    assert not reader.counts.refused
    return out


def true_places(path: Path) -> dict[tuple[int, int], dict[str, Any]]:
    return {(one["at"], one["id"]): one for one in map(json.loads, path.read_text().splitlines())}


def test_broadcasts_and_system_tracks_are_read_back_where_the_movers_are(tmp_path: Path) -> None:
    written = simulate(SCENE, tmp_path).files
    truth = true_places(tmp_path / "truth.jsonl")

    for name, every in (("adsb.pcap", 41), ("system.pcap", 11)):
        plots = [one for one in heard(tmp_path / name) if isinstance(one, Plot)]
        assert len(plots) == 20 * every
        for plot in plots:
            true = truth[round(plot.at / SECOND) * SECOND, plot.number or 0]
            assert distance_m((plot.lat, plot.lon), (true["lat"], true["lon"])) < 0.7
            assert plot.alt_m == pytest.approx(true["alt_m"], abs=4)
    assert written["truth.jsonl"] == len(truth) == 41 * 20


def test_a_radars_plots_are_read_back_within_the_steps_of_the_category(tmp_path: Path) -> None:
    simulate(SCENE, tmp_path)
    flights = [Flight(n, m, course(SCENE, m)) for n, m in enumerate(cast_of(SCENE), 1)]
    said = radar_plots(SCENE, MAST, flights, Random("1/radar/0"))

    out = heard(tmp_path / "radar-1.pcap", sac=25, sic=7)

    plots = [one for one in out if isinstance(one, RadarPlot)]
    assert len(plots) == len(said) > 100
    for ours, theirs in zip(sorted(plots, key=_key), sorted(said, key=_key), strict=True):
        assert ours.range_m == pytest.approx(theirs.range_m, abs=1852 / 512 + 1e-6)
        assert abs((ours.azimuth_deg - theirs.azimuth_deg + 180) % 360 - 180) <= 360 / 2**17 + 1e-9
        assert abs(ours.at - theirs.at) <= SECOND / 256 + 1
        assert (ours.icao24, ours.squawk, ours.callsign) == (theirs.icao24, theirs.squawk, theirs.callsign)
    norths = [one.at for one in out if isinstance(one, ServiceMessage) and one.kind == "NORTH"]
    assert {later - earlier for earlier, later in pairwise(norths)} == {4 * SECOND}


def _key(plot: RadarPlot) -> tuple[str, int]:
    return plot.icao24 or "", plot.at


@given(
    st.floats(0, 470_000),
    st.floats(0, 359.99),
    st.one_of(st.none(), st.floats(-300, 20_000)),
    st.one_of(st.none(), st.integers(1, 2**24 - 2)),
    st.one_of(st.none(), st.integers(0, 4095)),
    st.one_of(st.none(), st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=8)),
    st.integers(0, 86_399_999_999),
)
def test_any_plot_of_a_radar_is_read_back_within_the_steps_of_the_category(
    far: float, azimuth: float, alt: float | None, address: int | None, code: int | None, name: str | None, at: int
) -> None:
    said = RadarPlot(
        at=Micros(1_767_225_600 * SECOND + at),
        sensor="x",
        range_m=far,
        azimuth_deg=azimuth,
        seen="MODE_S",
        alt_m=alt,
        icao24=None if address is None else f"{address:06x}",
        squawk=None if code is None else f"{code:04o}",
        callsign=name,
    )
    reader = Asterix(Source(name="x", lat=0, lon=0))
    (block,) = blocks(48, [radar_report(said, Station(1, 2))])

    (read,) = [*reader.datagram(block, said.at), *reader.close()]

    assert isinstance(read, RadarPlot)
    assert read.range_m == pytest.approx(said.range_m, abs=1852 / 512 + 1e-6)
    assert abs((read.azimuth_deg - said.azimuth_deg + 180) % 360 - 180) <= 360 / 2**17 + 1e-9
    assert abs(read.at - said.at) <= SECOND / 128
    assert (read.icao24, read.squawk, read.callsign) == (said.icao24, said.squawk, said.callsign)
    assert (read.alt_m is None) == (alt is None)
    assert alt is None or abs((read.alt_m or 0) - alt) <= 3.82


@settings(max_examples=200)
@given(st.floats(-86, 86), st.floats(-180, 179.99), st.floats(-200, 12_000))
def test_rs1090_reads_a_position_back(lat: float, lon: float, alt: float) -> None:
    even, odd = (squitter("4b1234", position(lat, lon, alt, odd=odd)) for odd in (False, True))

    messages = read_by_rs1090([even, odd], [1.0, 1.5])

    assert distance_m((messages[-1]["latitude"], messages[-1]["longitude"]), (lat, lon)) < 15
    assert messages[0]["icao24"] == "4b1234"
    assert messages[0]["altitude"] * 0.3048 == pytest.approx(max(alt, -304.8), abs=4)


@given(st.floats(-300, 300), st.floats(-300, 300), st.floats(-30, 30))
def test_rs1090_reads_a_velocity_back(east: float, north: float, climb: float) -> None:
    message = read_by_rs1090(squitter("4b1234", velocity(east, north, climb)))

    speed = message["groundspeed"] * 1852 / 3600
    assert speed == pytest.approx((east**2 + north**2) ** 0.5, abs=0.8)
    assert message["vertical_rate"] * 0.3048 / 60 == pytest.approx(climb, abs=0.17)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=8))
def test_rs1090_reads_a_name_back(name: str) -> None:
    assert read_by_rs1090(squitter("4b1234", identification(name)))["callsign"].strip() == name


def test_the_frames_of_a_scene_are_aircraft_where_they_are(tmp_path: Path) -> None:
    simulate(SCENE, tmp_path)
    truth = true_places(tmp_path / "truth.jsonl")
    reader = ModeS("mast", (46.2, 7.2))

    plots = [*reader.read((tmp_path / "modes.jsonl").read_bytes()), *reader.close()]

    assert reader.counts.refused == {}
    assert {plot.icao24 for plot in plots} == {one["icao24"] for one in truth.values()}
    for plot in plots:
        near = min(
            (true for true in truth.values() if true["icao24"] == plot.icao24), key=lambda one: abs(one["at"] - plot.at)
        )
        apart = abs(near["at"] - plot.at) / SECOND
        assert distance_m((plot.lat, plot.lon), (near["lat"], near["lon"])) < 250 * apart + 15


def test_a_scene_gives_the_same_bytes_each_time_and_another_seed_others(tmp_path: Path) -> None:
    scene = read_scene(DRILL.encode())

    simulate(scene, tmp_path / "one")
    simulate(scene, tmp_path / "two")
    simulate(read_scene(("seed = 2\n" + DRILL).encode()), tmp_path / "three")

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        assert path.read_bytes() != (tmp_path / "three" / path.name).read_bytes()


def test_a_radar_errs_as_the_scene_says() -> None:
    wrong = Radar(
        name="w", lat=46.2, lon=7.2, pd=1.0, bias_range_m=300.0, bias_azimuth_deg=1.0, sigma_range_m=10.0, late_s=2.0
    )
    flights = [Flight(n, m, course(SCENE, m)) for n, m in enumerate(cast_of(SCENE), 1)]
    by_address = {flight.mover.icao24: flight for flight in flights}

    plots = radar_plots(SCENE, wrong, flights, Random(1))

    ranges, angles = [], []
    for plot in plots:
        seconds = (plot.at / SECOND) - SCENE.begins - 2.0
        place = place_at(SCENE, state_at(by_address[plot.icao24].states, seconds))
        true = polar(Place(46.2, 7.2), place)
        ranges.append(plot.range_m - true.range_m)
        angles.append((plot.azimuth_deg - true.azimuth_deg + 180) % 360 - 180)
    assert sum(ranges) / len(ranges) == pytest.approx(300, abs=5)
    assert sum(angles) / len(angles) == pytest.approx(1.0, abs=0.03)


def test_clutter_and_missed_targets_are_as_many_as_the_scene_says() -> None:
    scene = Scene(lat=46.0, lon=7.0, seconds=400, drawn=Drawn(count=10, radius_m=50_000.0))
    flights = [Flight(n, m, course(scene, m)) for n, m in enumerate(cast_of(scene), 1)]
    radar = Radar(name="r", lat=46.2, lon=7.2, pd=0.5, clutter=5.0)

    plots = radar_plots(scene, radar, flights, Random(1))

    false = sum(one.icao24 is None for one in plots)
    assert false / 101 == pytest.approx(5, rel=0.2)
    assert (len(plots) - false) / (10 * 100) == pytest.approx(0.5, rel=0.15)


def test_a_mover_turns_and_climbs_towards_its_waypoints() -> None:
    mover = Mover(waypoints=(Waypoint(46.0, 7.0, 1_000), Waypoint(46.2, 7.0, 3_000), Waypoint(46.2, 7.4, 3_000)))
    scene = Scene(lat=46.0, lon=7.0, seconds=240)

    states = course(scene, mover)

    assert states[110].alt_m == pytest.approx(3_000, abs=60)
    assert degrees(max(abs(b.v_east - a.v_east) for a, b in pairwise(states)) / 200) < 1.6
    assert states[230].v_east > 180


@pytest.mark.parametrize("bad", [b"lat = 91\nlon = 0", b"lat = 1", b"\xff", b"lat = 1\nlon = 1\nmore = 2", b"[[["])
def test_a_scene_that_makes_no_sense_is_refused(bad: bytes) -> None:
    with pytest.raises(Malformed, match="bad-scene"):
        read_scene(bad)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    (tmp_path / "scene.toml").write_text(DRILL)

    said = CliRunner().invoke(app, ["simulate", str(tmp_path / "scene.toml"), "--out", str(tmp_path / "o"), "--json"])

    assert said.exit_code == 0
    assert json.loads(said.output)["files"]["truth.jsonl"] == 25 * 4
