"""The real flight that was led astray, heard and measured byte by byte at a node: its officers are shown the conflict.

The recording is moved to the clock of the world; what aircraft say comes as CAT 021, what a radar measures as CAT 048.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from astray import CARPATHIANS, LED, LOST, Row, astray, clean, said, seen, truly
from ears import Ear, an_ear
from identified import Border, box
from test_astray import WITHIN_S, ZURICH
from world import exchange

from quartet.core.encoding import encode
from quartet.core.ids import SECOND, Micros
from quartet.exercise.asterix import Station, blocks, broadcast_report, radar_report
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.plot import AnyPlot, Plot, RadarPlot
from quartet.picture.radar import Radar
from sky import NOON, NORTH, sky

pytestmark = pytest.mark.anyio
MAST, RADAR = Station(25, 1), Station(25, 2)
SLICE = 120 * SECOND
BUSIEST = 400 * 60 * SECOND
"""How much of the clean recording is played, and from when on after it began: when the most fly at once."""


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        yield Border(made)


def watches(border: Border, west: float, south: float, east: float, north: float) -> None:
    """Let north look after an airspace, and after none besides."""
    spaces = read_airspaces(encode({"type": "FeatureCollection", "features": [box("HOME", west, south, east, north)]}))
    border.sky.nodes[NORTH].identifying.know(spaces, ("HOME",), {})


async def sensors(border: Border, radar: Radar) -> tuple[Ear, Ear]:
    """Give north a receiver and a radar under one marking."""
    node, now = border.sky.nodes[NORTH], border.sky.clock.now
    stands = {"lat": radar.lat, "lon": radar.lon, "height_m": radar.height_m}
    return (
        await an_ear(node, now, name="mast", format="asterix", **stands),
        await an_ear(node, now, name=radar.name, format="asterix", rotation_s=radar.turn_s, **stands),
    )


def moved(way: Iterable[Row], by: int) -> tuple[Row, ...]:
    """Return a way as if it had been flown so much later."""
    return tuple(row._replace(at=Micros(row.at + by)) for row in way)


async def plays(border: Border, ears: tuple[Ear, Ear], plots: Sequence[AnyPlot], seconds: int) -> dict[str, Micros]:
    """Let seconds pass in which what was said and measured comes in, and return who was first in conflict when."""
    found: dict[str, Micros] = {}
    mast, radar = ears
    waiting = deque(sorted((one for one in plots if one.at > border.now), key=lambda plot: plot.at))
    for _ in range(seconds):
        now, due = Micros(border.now + SECOND), list[AnyPlot]()
        while waiting and waiting[0].at <= now:
            due.append(waiting.popleft())
        border.sky.clock.at = now  # what comes in now was said up to now
        mast.hears(*blocks(21, (broadcast_report(one, MAST) for one in due if isinstance(one, Plot))))
        radar.hears(*blocks(48, (radar_report(one, RADAR) for one in due if isinstance(one, RadarPlot))))
        border.sky.clock.at = Micros(now - SECOND)
        await border.passes()
        for key, one in border.aircraft("north").items():
            if "IDENT_CONFLICT" in one.flags:
                found.setdefault(key, border.now)
    return found


async def test_a_real_flight_that_is_led_astray_is_flagged_at_the_node_within_thirty_seconds(border: Border) -> None:
    false = next(row for row in astray() if row.at > LOST and row.lat > 48)
    shift = NOON + 200 * SECOND - LOST
    plots: list[AnyPlot] = [said(LED, row) for row in moved(astray(), shift)]
    plots += seen(LED, moved(truly(), shift), CARPATHIANS, Random(1))
    watches(border, 20.0, 46.0, 28.0, 52.0)
    ears = await sensors(border, CARPATHIANS)
    await border.warm("north")

    before = await plays(border, ears, plots, 190)
    one = border.aircraft("north")[LED]
    assert (before, one.verified, one.flags) == ({}, "ridge", ())
    border.sky.clock.at = false.at + shift - 20 * SECOND
    found = await plays(border, ears, plots, 20 + WITHIN_S)

    assert set(found) == {LED}
    assert 0 <= found[LED] - false.at - shift <= WITHIN_S * SECOND
    one = border.aircraft("north")[LED]
    evidence = next(each for each in one.evidence if each.sort == "CONTRADICTED")
    assert evidence.sensor == "ridge"
    assert (one.verified, one.category) == (None, "PENDING")
    assert (ears[0].state.refused, ears[1].state.refused) == ({}, {})


def flying(begins: Micros) -> dict[str, tuple[Row, ...]]:
    """Return what the clean aircraft told around a slice of their recording, moved to the world's clock."""
    around = (Micros(begins - 30 * SECOND), Micros(begins + SLICE + 30 * SECOND))
    told = {name: [row for row in way if around[0] <= row.at <= around[1]] for name, way in clean().items()}
    return {name: moved(way, NOON - begins) for name, way in told.items() if len(way) > 2}


async def test_of_real_aircraft_that_tell_the_truth_the_node_flags_none_and_one_that_is_made_to_lie(
    border: Border,
) -> None:
    first = min(way[0].at for way in clean().values())
    ways = flying(Micros(first + BUSIEST))
    measured = {name: list(seen(name, way, ZURICH, Random(name), gap_s=30)) for name, way in ways.items()}
    liar = next(name for name in sorted(ways) if len(measured[name]) > 10)
    told = {**ways, liar: tuple(row._replace(lat=row.lat + 0.1) for row in ways[liar])}
    watches(border, 5.0, 45.0, 11.0, 49.0)
    ears = await sensors(border, ZURICH)
    await border.warm("north")

    plots: list[AnyPlot] = [said(name, row) for name, way in told.items() for row in way]
    found = await plays(border, ears, [*plots, *(plot for some in measured.values() for plot in some)], SLICE // SECOND)

    shown = border.aircraft("north")
    verified = {name for name, one in shown.items() if one.verified == "zurich"}
    assert set(found) == {liar}
    assert len(verified) >= 30
    assert liar not in verified
