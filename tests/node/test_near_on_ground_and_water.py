"""What moves on the ground and on the water nears a site: from the sensor's bytes to the alarm at the site's desk."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from ears import an_ear
from msgspec import convert
from pyais.encode import encode_dict
from test_sites import alarms, at_north, later, left, levels, register

from quartet.core.ids import SECOND
from quartet.exercise.asterix import blocks, record, time_of_day
from quartet.node.sensor import Sensor
from quartet.sensors.live import keep_sensors
from sky import NORTH, Sky

pytestmark = pytest.mark.anyio
KNOT = 1852 / 3600
SAILS = b"!AIVDM,1,1,,B,15NG6V0P01G?cFhE`R2IU?wn28R>,0*05"
"""A sentence as it was on the air, from the documentation of pyais (MIT): a vessel that lies at San Francisco."""
AT_BERTH = (37.806948, -122.404333)
TAXIES = (b"8C4841753A8A35323FAEBDAC702D", b"8C4841753A9A153237AEF0F275BE")
"""Surface positions as they were on the air, from the guide to decoding of Mode S (1090mhz.uk): at Schiphol."""
AT_STAND = (52.3206, 4.7357)
METRE = 1 / 111_195


def both(lat: float, lon: float, *, radius_m: int = 2_000) -> str:
    """Return a shore from the ground up, and an airspace over it from 300 m on."""

    def circle(name: str, **more: Any) -> dict[str, Any]:
        point = {"type": "Point", "coordinates": [lon, lat]}
        return {"type": "Feature", "geometry": point, "properties": {"name": name, "radius_m": radius_m, **more}}

    return json.dumps({"type": "FeatureCollection", "features": [circle("shore"), circle("above", floor_m=300)]})


def volumes(made: Sky) -> dict[str, list[str]]:
    """Return what was warned of at each volume."""
    return {one.volume: [warning.level for warning in one.warnings] for one in left(made)}


@asynccontextmanager
async def listening(made: Sky, **settings: Any) -> AsyncIterator[Callable[[bytes], Any]]:
    """Have north hear a sensor at a socket; yield what sends to it and waits until it was heard."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sensor = convert({"tlp": "AMBER", "address": f"udp://127.0.0.1:{port}", **settings}, Sensor)
    sensing = made.nodes[NORTH].sensing
    task = asyncio.create_task(keep_sensors([sensor], sensing, made.clock.now))

    async def until(so: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not so():  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.01)

    async def send(data: bytes) -> None:
        count = sensing.states[0].taken
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(data, ("127.0.0.1", port))
        await until(lambda: sensing.states[0].taken > count)

    try:
        await until(lambda: bool(sensing.states) and sensing.states[0].trouble is None)
        yield send
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def vessel(lat: float, lon: float, **said: Any) -> bytes:
    """Return what a vessel says that goes north at 20 knots."""
    known: dict[str, Any] = {
        "type": 1,
        "mmsi": "211339980",
        "speed": 20.0,
        "course": 0.0,
        "accuracy": 1,
        "lat": lat,
        "lon": lon,
    }
    (line,) = encode_dict({**known, **said}, talker_id="AI", radio_channel="A")
    return line.encode()


# -- on the water


async def test_a_vessel_that_nears_a_site_alarms_its_desk_and_none_for_the_airspace_above_it(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made, listening(made, name="port", format="ais", lat=47.4, lon=8.0) as send:
        await register(made, geojson=both(47.5, 8.0))

        for seconds in range(0, 120, 10):  # from 1,000 m before it is too near
            off_m = 2_000 + 1_852 + 1_000 - 20 * KNOT * seconds
            await send(vessel(47.5 - off_m * METRE, 8.0))
            await later(made, 10)

        assert volumes(made) == {"shore": ["PREDICTED", "INSIDE"]}
        (episode,) = left(made)
        assert episode.mover == "mmsi:211339980"
        assert 70 <= (episode.warnings[0].within_s or 0) <= 100
        assert alarms(made) == ["site-warning"]


async def test_a_real_vessel_at_its_berth_within_a_site_is_inside_it_and_below_the_airspace(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made, geojson=both(*AT_BERTH))
        port = await an_ear(made.nodes[NORTH], made.clock.now, name="port", format="ais", lat=37.8, lon=-122.4)

        port.hears(SAILS)
        await later(made)

        assert volumes(made) == {"shore": ["INSIDE"]}
        assert alarms(made) == ["site-warning"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"type": 9, "mmsi": "111265582", "alt": 600, "speed": 100}, {"shore", "above"}),
        ({"type": 9, "mmsi": "111265582", "alt": 4095, "speed": 100}, {"shore", "above"}),
        ({"type": 18}, {"shore"}),
    ],
)
async def test_an_aircraft_that_rescues_is_no_vessel_though_it_speaks_as_they_do(
    tmp_path: Path, said: dict[str, Any], at: set[str]
) -> None:
    async with at_north(tmp_path) as made:
        await register(made, geojson=both(47.5, 8.0))
        port = await an_ear(made.nodes[NORTH], made.clock.now, name="port", format="ais", lat=47.4, lon=8.0)

        port.hears(vessel(47.5, 8.0, **said))
        await later(made)

        assert set(volumes(made)) == at


# -- on the ground


def vehicle(at: int, north_m: float) -> list[bytes]:
    """Return CAT 010 of what moves north at 50 km/h, seen by an aerodrome's surface radar at its reference point."""
    items = {
        "010": (("SAC", 25), ("SIC", 7)),
        "000": 1,
        "140": (time_of_day(at), "s"),  # type: ignore[arg-type]
        "042": (("X", (0.0, "m")), ("Y", (north_m, "m"))),
        "161": (0, ("TRK", 33)),
        "200": (("GSP", (50 / 3.6 / 1852, "NM/s")), ("TRA", (0.0, "°"))),
    }
    return blocks(10, [record(10, "1.1", items)])


async def test_a_vehicle_that_nears_a_site_alarms_its_desk_and_counts_as_within_at_any_height(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        field = await an_ear(made.nodes[NORTH], made.clock.now, name="field", format="asterix", lat=47.4, lon=8.0)
        site_m = 12_000
        await register(made, geojson=both(47.4 + site_m * METRE, 8.0, radius_m=1_000))

        for second in range(75):  # from 2,500 m before it is too near: the sensor says no error, so 600 m count besides
            gap_m = 2_500 - 50 / 3.6 * second
            field.hears(*vehicle(made.clock.now(), site_m - 1_000 - 1_852 - 600 - gap_m))
            await later(made, 1)

        assert field.state.refused == {}
        nears = ["ADVISORY", "PREDICTED"]
        assert volumes(made) == {"shore": nears, "above": nears}  # no radar tells that it stands on the ground
        assert alarms(made) == ["site-warning"] * 2
        assert {one.mover.rpartition("/")[2] for one in left(made)} == {"33"}  # by its number and its feed


async def test_a_real_aircraft_that_taxies_within_a_site_is_inside_it_at_once(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made, geojson=both(*AT_STAND))
        mast = await an_ear(made.nodes[NORTH], made.clock.now, name="mast", format="modes", lat=51.99, lon=4.375)

        mast.hears(*(f"{made.clock.now() / SECOND:.3f},{one.decode()}".encode() for one in TAXIES))
        await later(made)

        assert {one.mover for one in left(made)} == {"484175"}
        assert volumes(made)["shore"] == ["INSIDE"]
        assert levels(made, "second") == levels(made)
