"""A real flight from Paris to Toulouse: what we decode is what the recording's own positions say."""

import itertools
import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from quartet.core.faults import Unavailable
from quartet.exercise import recording
from quartet.exercise.recording import REFERENCE, recording_path
from quartet.picture import distance_m
from quartet.sensors.modes import ModeS, parse_line, read_plots

FRAMES = 57_793
POSITIONS = 8_324


def test_every_position_of_the_recording_is_decoded_where_it_was() -> None:
    rows = [json.loads(line) for line in recording_path().read_bytes().splitlines()]
    known = [(round(row["timestamp"] * 1e6), row["latitude"], row["longitude"]) for row in rows if "latitude" in row]
    reader = ModeS("modes-1", REFERENCE)

    plots = reader.read(recording_path().read_bytes()) + reader.close()

    assert (reader.counts.taken, reader.counts.refused) == (FRAMES, {})
    assert len(known) == POSITIONS
    assert [plot.at for plot in plots] == [at for at, _, _ in known]
    for plot, (_, lat, lon) in zip(plots, known, strict=True):
        assert abs(plot.lat - lat) < 1e-9
        assert abs(plot.lon - lon) < 1e-9


def test_the_flight_starts_and_ends_on_the_ground_and_never_jumps() -> None:
    plots = list(read_plots([recording_path().read_bytes()], "modes-1", REFERENCE))

    assert (plots[0].on_ground, plots[-1].on_ground) == (True, True)
    assert {plot.icao24 for plot in plots} == {"393322"}
    assert {plot.callsign for plot in plots} == {None, "AFR34ZG"}
    assert max(plot.alt_m or 0 for plot in plots) == pytest.approx(35_050 * 0.3048)
    for before, after in itertools.pairwise(plots):
        moved = distance_m((before.lat, before.lon), (after.lat, after.lon))
        assert moved <= 400 + 280 * (after.at - before.at) / 1e6


def test_the_three_spellings_of_a_recording_give_the_same_plots() -> None:
    raw = [parse_line(line) for line in recording_path().read_bytes().splitlines()[:3000]]
    avr = "".join(f"@{one.at / 1e6:.6f}*{one.frame.upper()};\r\n" for one in raw)
    csv = "timestamp,frame\n" + "".join(f"{one.at / 1e6:.6f},{one.frame}\n" for one in raw)
    plain = "".join(json.dumps({"frame": one.frame, "timestamp": one.at / 1e6}) + "\n" for one in raw)

    told = [list(read_plots([text.encode()], "modes-1", REFERENCE)) for text in (avr, csv, plain)]

    assert told[0]
    assert told[0] == told[1] == told[2]


def test_a_recording_that_is_not_there_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(_name: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(recording, "distribution", missing)
    with pytest.raises(Unavailable, match=r"no-recording.*pip install --no-deps traffic"):
        recording_path()
