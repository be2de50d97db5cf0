"""Live sensors are heard over real sockets: they come and go, are too fast, lie - and the node goes on."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from world import exchange

from quartet.core.encoding import encode
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.exercise.asterix import NORTH, Station, blocks, broadcast_report, radar_message
from quartet.node.sensing import SensorState
from quartet.node.sensor import Sensor
from quartet.node.settings import MemberSettings, parse_settings
from quartet.picture import Plot
from quartet.sensors.live import MAX_QUEUED, keep_sensors

pytestmark = pytest.mark.anyio
VESSEL = b"!AIVDM,1,1,,B,15NG6V0P01G?cFhE`R2IU?wn28R>,0*05\r\n"
WE = Station(25, 13)
MULTICAST = "239.255.77.1"


def now() -> Micros:
    return Micros(time.time_ns() // 1_000)


def sensor(**more: object) -> Sensor:
    known = {"name": "mast", "format": "asterix", "lat": 46.0, "lon": 7.0, "tlp": "GREEN", "to": ["east"]}
    return msgspec.convert({**known, **more}, Sensor)


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def listening(folder: Path, what: Sensor) -> AsyncIterator[Callable[[], SensorState]]:
    """Have a real node hear a sensor; yield what tells its state."""
    async with exchange(folder) as world:
        sensing = world.nodes["north"].sensing
        task = asyncio.create_task(keep_sensors([what], sensing, now))
        await asyncio.sleep(0)
        try:
            yield lambda: sensing.states[0]
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(said: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not said():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.02)


def traffic(count: int = 40) -> list[bytes]:
    """Return blocks of CAT 021: aircraft that are now around 46 north, 7 east."""
    at, lines = now(), range(1, count + 1)
    plots = [
        Plot(at=at, sensor="x", icao24=f"4b{n:04x}", lat=45 + n / 20, lon=7.0, on_ground=False, alt_m=3_000.0)
        for n in lines
    ]
    return blocks(21, [broadcast_report(plot, WE) for plot in plots])


@pytest.mark.parametrize("host", ["127.0.0.1", MULTICAST, "[::1]"])
async def test_datagrams_become_plots(tmp_path: Path, host: str) -> None:
    port = free_port()
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    async with listening(tmp_path, sensor(address=f"udp://{host}:{port}", interface="127.0.0.1")) as state:
        await until(lambda: state().trouble is None)
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            if host == MULTICAST:
                out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            for block in [*traffic(), *blocks(34, [radar_message(NORTH, now(), WE)])]:
                out.sendto(block, (host.strip("[]"), port))

        await until(lambda: state().plots == 40 and state().in_use is True)

        assert (state().taken, state().refused) == (41, {})
        assert state().feed is not None


async def test_only_the_named_sender_is_heard(tmp_path: Path) -> None:
    port = free_port()
    async with listening(tmp_path, sensor(address=f"udp://0.0.0.0:{port}", sender="127.0.0.2")) as state:
        await until(lambda: state().trouble is None)
        for source in ("127.0.0.3", "127.0.0.2"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.bind((source, 0))
                for block in traffic() if source == "127.0.0.2" else [b"noise"] * 50:
                    out.sendto(block, ("127.0.0.1", port))

        await until(lambda: state().plots == 40)

        assert state().refused == {}


async def test_a_source_that_speaks_another_edition_is_quarantined_and_gives_nothing(tmp_path: Path) -> None:
    port = free_port()
    async with listening(tmp_path, sensor(address=f"udp://127.0.0.1:{port}", editions=["021 0.26"])) as state:
        await until(lambda: state().trouble is None)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for _ in range(4):
                for block in traffic():
                    out.sendto(block, ("127.0.0.1", port))

        await until(lambda: state().quarantined and state().trouble == "quarantined")

        assert state().mostly in state().refused
        assert state().plots == 0
        assert state().refused


async def test_a_flood_of_datagrams_stops_nothing(tmp_path: Path) -> None:
    port = free_port()
    async with listening(tmp_path, sensor(address=f"udp://127.0.0.1:{port}")) as state:
        await until(lambda: state().trouble is None)
        (data,) = traffic(2)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for _ in range(3 * MAX_QUEUED):  # without giving the reader a turn
                out.sendto(data, ("127.0.0.1", port))

        await until(lambda: state().plots > 100)
        out_of_turn = state().plots
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(data, ("127.0.0.1", port))

        await until(lambda: state().plots > out_of_turn)
        assert state().trouble is None


async def test_a_connection_that_ends_is_made_again(tmp_path: Path) -> None:
    visits = 0

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        writer.write(VESSEL)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with listening(tmp_path, sensor(format="ais", address=f"tcp://127.0.0.1:{port}")) as state:
        await until(lambda: state().trouble == "ended")
        await until(lambda: visits >= 2 and state().plots >= 2)
    server.close()


async def test_a_sensor_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port(socket.SOCK_STREAM)}"
    async with listening(tmp_path, sensor(format="ais", address=address)) as state:
        await until(lambda: state().trouble == "not-reached")
        _, host, number = address.replace("//", "").split(":")

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(VESSEL)
            writer.close()

        server = await asyncio.start_server(serve, host, int(number))
        await until(lambda: state().plots >= 1)
        server.close()


async def test_an_edition_that_there_is_not_is_told_as_the_sensors_trouble(tmp_path: Path) -> None:
    async with listening(tmp_path, sensor(address=f"udp://127.0.0.1:{free_port()}", editions=["048 9.99"])) as state:
        await until(lambda: state().trouble == "unknown-edition")


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "udp://10.0.0.1:8600"},
        {"address": "udp://10.0.0.1:99999", "tlp": "GREEN"},
        {"address": "http://x:1", "tlp": "GREEN"},
        {"editions": ["48 1.2"]},
        {"sac": 256},
        {"rotation_s": 0},
        {"sender": "a host"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    one = {"name": "mast", "format": "asterix", "lat": 46.0, "lon": 7.0, **wrong}

    with pytest.raises(Malformed, match="bad-setting"):
        parse_settings({"member": "north", "wire": {"port": 1}, "sensors": [one]}, MemberSettings)


def test_the_feed_of_a_sensor_is_as_its_settings_say() -> None:
    draft = sensor(title="Mast 4", caveats=["EXERCISE"]).feed

    assert draft is not None
    assert (draft.tlp, draft.to, draft.title, draft.sensor, draft.caveats) == (
        "GREEN",
        ("east",),
        "Mast 4",
        "air",
        ("EXERCISE",),
    )
    assert encode(draft) == encode(sensor(title="Mast 4", caveats=["EXERCISE"], lat=1.0).feed)
