"""An exchange whose north has three radars: one that turns, one that is silent, one that nobody can read."""

import asyncio
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from consoles import Exchange

from quartet.core.ids import Micros
from quartet.exercise.asterix import NORTH, Station, blocks, radar_message, radar_report
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.picture import RadarPlot

MEMBERS: Final = ("north", "east")
WE: Final = Station(25, 13)
TURN_S: Final = 2.0
NOISE: Final = b"\x30\x00\x05\xff\xff"
SHADOW: Final = range(60, 100)
"""Degrees of azimuth in which the radar sees nothing beyond 30 km: a hill stands there."""
SENSOR: Final = """
[[sensors]]
name = "{name}"
format = "asterix"
lat = 46.9
lon = 7.5
address = "udp://127.0.0.1:{port}"
tlp = "GREEN"
to = [{to}]
caveats = ["{caveat}"]
"""


class Radar:
    """Turns in a thread of its own, and tells a port what it sees; the other hears noise."""

    def __init__(self, port: int, other: int) -> None:
        self._port = port
        self._other = other
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ends.set()
        self._thread.join(10)

    def _turn(self) -> None:
        drawn = random.Random(7)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            while not self._ends.wait(TURN_S):
                for block in sweep(drawn):
                    out.sendto(block, ("127.0.0.1", self._port))
                for _ in range(50):
                    out.sendto(NOISE, ("127.0.0.1", self._other))


def sweep(drawn: random.Random) -> list[bytes]:
    """Return the blocks of one turn: movers all around but behind the hill, and the passage through north."""
    at = Micros(time.time_ns() // 1000)
    seen = [(drawn.uniform(0, 360), drawn.uniform(8_000, 170_000)) for _ in range(120)]
    plots = [
        RadarPlot(
            at=at, sensor="r", range_m=range_m, azimuth_deg=azimuth, seen="SSR+PSR", alt_m=drawn.uniform(500, 11_000)
        )
        for azimuth, range_m in seen
        if int(azimuth) not in SHADOW or range_m < 30_000
    ]
    reports = [radar_report(plot, WE) for plot in plots]
    return [*blocks(34, [radar_message(NORTH, at, WE)]), *blocks(48, reports)]


class Sensed(Exchange):
    """The exchange, and the radar that turns."""

    radar: Radar


@contextmanager
def sensed(root: Path, world: Exchange) -> Iterator[Sensed]:
    """Make and run one, seen by the browser of `world`."""
    new_exchange(root, MEMBERS)
    ports = choose_ports(3)
    settings = root / "north" / "settings.toml"
    heard = [("radar-1", '"east"'), ("radar-2", '"east"'), ("radar-3", "")]
    text = "".join(
        SENSOR.format(name=name, port=port, to=to, caveat="EXERCISE")
        for (name, to), port in zip(heard, ports, strict=True)
    )
    settings.write_text(settings.read_text() + text)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    processes, radar = Processes(root), Radar(ports[0], ports[2])
    try:
        ready = asyncio.run_coroutine_threadsafe(processes.start(120), loop).result(150)
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        made = Sensed(root, processes, world.browser, addresses, loop)
        made.radar = radar
        radar.start()
        yield made
        made.close()
    finally:
        radar.end()
        asyncio.run_coroutine_threadsafe(processes.stop(), loop).result(150)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
