"""An exchange whose north has radars: one that turns, one silent, one that nobody can read, and two that see the
same aircraft, of which one is off.
"""

import asyncio
import math
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
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
from quartet.picture.plane import Offset, Place, place_of, polar

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
lat = {lat}
lon = {lon}
address = "udp://127.0.0.1:{port}"
tlp = "GREEN"
to = [{to}]
caveats = ["{caveat}"]
title = "{title}"
"""
OFF_DEG: Final = 0.3
OFF_M: Final = 150.0
"""What radar-4 says too much."""


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


class Pair:
    """Two radars that see the same aircraft, of which the first is off; they turn in a thread of their own."""

    STANDS: Final = (Place(46.9, 7.2), Place(46.7, 8.1))
    STEP_S: Final = 0.25

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._drawn = random.Random(11)
        self._flights = [self._drawn_flight() for _ in range(40)]
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ends.set()
        self._thread.join(10)

    def _drawn_flight(self) -> tuple[Offset, float, float]:
        drawn, course = self._drawn, self._drawn.uniform(0, 2 * math.pi)
        place = Offset(drawn.uniform(-60e3, 60e3), drawn.uniform(-60e3, 60e3), drawn.uniform(3e3, 11e3))
        return place, 200 * math.sin(course), 200 * math.cos(course)

    def _turn(self) -> None:
        began = time.time()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            before = began
            while not self._ends.wait(self.STEP_S):
                now = time.time()
                for n, port in enumerate(self._ports):
                    reports = [radar_report(plot, WE) for plot in self._passed(n, began, before, now)]
                    for block in blocks(48, reports):
                        out.sendto(block, ("127.0.0.1", port))
                before = now

    def _passed(self, n: int, began: float, before: float, now: float) -> Iterator[RadarPlot]:
        """Yield what the beam of a radar passed between two times."""
        for place, east, north in self._flights:
            since = now - began
            at = place_of(
                Place(46.8, 7.65), Offset(place.east_m + east * since, place.north_m + north * since, place.up_m)
            )
            found = polar(self.STANDS[n], at)
            passes = now - ((now / TURN_S - found.azimuth_deg / 360 - n / 3) % 1.0) * TURN_S
            if passes <= before:
                continue
            yield RadarPlot(
                at=Micros(round(passes * 1_000_000)),
                sensor="r",
                range_m=found.range_m + self._drawn.gauss(0, 40) + (0 if n else OFF_M),
                azimuth_deg=(found.azimuth_deg + self._drawn.gauss(0, 0.05) + (0 if n else OFF_DEG)) % 360,
                seen="SSR+PSR",
                alt_m=at.height_m,
            )


class Sensed(Exchange):
    """The exchange, and the radar that turns."""

    radar: Radar


@contextmanager
def sensed(root: Path, world: Exchange) -> Iterator[Sensed]:
    """Make and run one, seen by the browser of `world`."""
    new_exchange(root, MEMBERS)
    ports = choose_ports(5)
    settings = root / "north" / "settings.toml"
    heard = [
        ("radar-1", '"east"', "Air picture", Place(46.9, 7.5)),
        ("radar-2", '"east"', "Air picture", Place(46.9, 7.5)),
        ("radar-3", "", "Air picture", Place(46.9, 7.5)),
        ("radar-4", '"east"', "Two radars", Pair.STANDS[0]),
        ("radar-5", '"east"', "Two radars", Pair.STANDS[1]),
    ]
    text = "".join(
        SENSOR.format(name=name, port=port, to=to, caveat="EXERCISE", title=title, lat=stands.lat, lon=stands.lon)
        for (name, to, title, stands), port in zip(heard, ports, strict=True)
    )
    settings.write_text(settings.read_text() + text)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    processes, radar, pair = Processes(root), Radar(ports[0], ports[2]), Pair(ports[3:])
    try:
        ready = asyncio.run_coroutine_threadsafe(processes.start(120), loop).result(150)
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        made = Sensed(root, processes, world.browser, addresses, loop)
        made.radar = radar
        radar.start()
        pair.start()
        yield made
        made.close()
    finally:
        radar.end()
        pair.end()
        asyncio.run_coroutine_threadsafe(processes.stop(), loop).result(150)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
