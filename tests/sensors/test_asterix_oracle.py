"""Real ASTERIX of real radars, record by record, against an independent decoder: `asterix-decoder` (CroatiaControl).

It is GPL, so that it is neither a dependency nor loaded here: it is installed into an environment of its own with the
captures that come with it, and asked in a process of its own. Where that cannot be made, these tests are
skipped; in CI they fail.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from quartet.picture import Plot, RadarPlot
from quartet.sensors.asterix import EDITIONS, Asterix
from quartet.sensors.asterix.layout import layout
from quartet.sensors.door import Heard, Source
from quartet.sensors.pcap import Datagram, Pcap

pytestmark = pytest.mark.slow
ORACLE: Final = "asterix-decoder==0.7.11"
ASK: Final = """
import asterix, json, sys
print(json.dumps([asterix.parse(bytes.fromhex(line)) for line in sys.stdin.read().split()]))
"""
VALUES: Final[dict[int, dict[str, tuple[str, str]]]] = {
    48: {
        "140": ("I140", "ToD"),
        "040/RHO": ("I040", "RHO"),
        "040/THETA": ("I040", "THETA"),
        "090/FL": ("I090", "FL"),
        "161/TRN": ("I161", "Tn"),
        "200/GSP": ("I200", "CGS"),
        "020/TYP": ("I020", "TYP"),
        "170/CNF": ("I170", "CNF"),
    },
    34: {"000": ("I000", "MsgTyp"), "030": ("I030", "ToD"), "020": ("I020", "Azi")},
    62: {
        "070": ("I070", "ToT"),
        "105/LAT": ("I105", "Lat"),
        "105/LON": ("I105", "Lon"),
        "185/VX": ("I185", "Vx"),
        "185/VY": ("I185", "Vy"),
        "040": ("I040", "TrkN"),
        "136": ("I136", "MFL"),
    },
    65: {"000": ("I000", "Typ"), "030": ("I030", "ToD"), "020": ("I020", "BTN")},
}
"""Where both have the same value: our field, and the oracle's item and field."""
UNITS: Final = {"200/GSP": 3600.0, "136": 100.0}
"""The oracle tells knots where the category has miles a second, and feet for flight levels."""


@pytest.fixture(scope="module")
def oracle() -> Path:
    """Return the interpreter of an environment with the oracle in it."""
    home = Path(os.environ.get("QUARTET_ORACLE", ".cache/asterix-oracle")).absolute()
    python = home / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True, timeout=120)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", ORACLE]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"no environment with {ORACLE}, and CI lets no comparison be left out: {error}")
        pytest.skip(f"no environment with {ORACLE} could be made: {error}")
    return python


def captured(oracle: Path, name: str) -> list[Datagram]:
    """Return the datagrams of a capture that came with the oracle; a raw file is one."""
    (path,) = oracle.parent.parent.glob(f"lib/*/site-packages/asterix/sample_data/{name}")
    data = path.read_bytes()
    if name.endswith(".raw"):
        return [Datagram(1_462_433_756_000_000, 0, data, 1)]  # type: ignore[arg-type]
    reader = Pcap()
    found = list(reader.read(data))
    reader.close()
    assert not reader.skipped
    return found


def asked(oracle: Path, datagrams: list[Datagram]) -> list[list[dict[str, Any]]]:
    """Return what the oracle finds in each datagram."""
    lines = "\n".join(one.data.hex() for one in datagrams)
    done = subprocess.run([oracle, "-c", ASK], input=lines, capture_output=True, text=True, check=True, timeout=60)
    return list(json.loads(done.stdout))


CAPTURES = ["cat_034_048.pcap", "cat_062_065.pcap", "cat034.raw", "cat048.raw", "cat062cat065.raw"]


@pytest.mark.parametrize("name", CAPTURES)
def test_each_real_record_has_the_items_and_values_that_another_decoder_finds(oracle: Path, name: str) -> None:
    datagrams = captured(oracle, name)
    compared = 0
    for theirs in (record for found in asked(oracle, datagrams) for record in found):
        number, data = theirs["category"], bytes.fromhex(theirs["hexdata"])
        form = layout(number, EDITIONS[number])

        slices, end = form.record(data, 0)

        assert end == len(data)
        assert {name.split("/")[0] for name in slices} == {key[1:] for key in theirs if key.startswith("I")}
        for ours, (item, field) in VALUES[number].items():
            if item in theirs:
                said = theirs[item][field]["val"]
                assert form.field(ours).value(slices) * UNITS.get(ours, 1) == pytest.approx(said, rel=1e-5), ours  # type: ignore[operator]
                compared += 1

    assert compared > 0


def test_every_radar_of_a_real_network_gives_the_plots_that_another_decoder_finds(oracle: Path) -> None:
    datagrams = captured(oracle, "cat_034_048.pcap")
    records = [record for found in asked(oracle, datagrams) for record in found if record["category"] == 48]
    stations = {(r["I010"]["SAC"]["val"], r["I010"]["SIC"]["val"]) for r in records}
    assert len(stations) > 3

    for sac, sic in stations:
        reader = Asterix(Source(name="radar", lat=46.0, lon=16.0, sac=sac, sic=sic))
        heard: list[Heard] = [one for each in datagrams for one in reader.datagram(each.data, each.at)]
        heard += reader.close()
        plots = [one for one in heard if isinstance(one, RadarPlot)]
        theirs = [r for r in records if (r["I010"]["SAC"]["val"], r["I010"]["SIC"]["val"]) == (sac, sic)]

        assert [_spelt(plot) for plot in plots] == [_theirs(r) for r in theirs if "I040" in r and _detected(r)]


def test_a_real_systems_tracks_are_where_another_decoder_has_them(oracle: Path) -> None:
    datagrams = captured(oracle, "cat_062_065.pcap")
    reader = Asterix(Source(name="system", lat=42.0, lon=16.0))

    plots = [one for each in datagrams for one in reader.datagram(each.data, each.at)] + reader.close()

    theirs = [r for found in asked(oracle, datagrams) for r in found if r["category"] == 62]
    assert [(round(p.lat, 6), round(p.lon, 6), p.number) for p in plots if isinstance(p, Plot)] == [
        (round(r["I105"]["Lat"]["val"], 6), round(r["I105"]["Lon"]["val"], 6), r["I040"]["TrkN"]["val"]) for r in theirs
    ]


def _detected(record: dict[str, Any]) -> bool:
    kind = record["I020"]
    return bool(kind["TYP"]["val"]) and not any(kind.get(flag, {"val": 0})["val"] for flag in ("SIM", "TST", "RAB"))


def _spelt(plot: RadarPlot) -> tuple[object, ...]:
    return (
        round(plot.range_m / 1852, 3),
        round(plot.azimuth_deg, 2),
        plot.icao24,
        plot.squawk,
        plot.callsign,
        None if plot.alt_m is None else round(plot.alt_m / 30.48, 2),
    )


def _theirs(record: dict[str, Any]) -> tuple[object, ...]:
    code, level = record.get("I070"), record.get("I090")
    valid = level and not (level["V"]["val"] or level["G"]["val"])
    return (
        round(record["I040"]["RHO"]["val"], 3),
        round(record["I040"]["THETA"]["val"], 2),
        record["I220"]["ACAddr"]["val"].lower() if "I220" in record else None,
        code["Mode3A"]["val"] if code and not (code["V"]["val"] or code["G"]["val"]) else None,
        (record["I240"]["TId"]["val"].strip() or None) if "I240" in record else None,
        round(level["FL"]["val"], 2) if level and valid else None,
    )
