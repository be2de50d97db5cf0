"""Two members whose airspaces meet, and aircraft that fly over the border between them."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx
from consoles import Exchange

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.exercise.setup import new_exchange
from quartet.exercise.skies import Sensor
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder
from quartet.node.plots import Plots
from quartet.node.views import FeedDraft
from quartet.picture import Plot

MEMBERS: Final = ("north", "east")
BORDER: Final = 8.0
SPEED: Final = 0.0029
"""Degrees of longitude a second: 220 m/s at 47 degrees north."""
CRAFT: Final = (
    ("4b1805", "SWR12A", "2000", 47.0, 6.9),
    ("3c6444", "DLH4TX", "7700", 47.2, 7.2),
    ("4ca7b1", "RYR8KU", "2000", 46.8, BORDER - 20 * SPEED),
)
"""Address, Flight ID, code, latitude, and the longitude from which each flies east."""
SETTINGS: Final = """
[identify]
airspaces = "airspaces.geojson"
watch = ["{watch}"]
registry = "registry.csv"
"""


def box(name: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 46.0], [east, 46.0], [east, 48.0], [west, 48.0], [west, 46.0]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


class Flying:
    """Receivers of both members in a thread of their own, which hear all aircraft once a second."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._fly, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ends.set()
        self._thread.join(20)

    def _fly(self) -> None:
        sensors = [(Sensor(MemberFolder(self._root / name)), name) for name in MEMBERS]
        feeds = [(sensor, self._feed(sensor, name)) for sensor, name in sensors]
        began = time.monotonic()
        while not self._ends.wait(1.0):
            plots = Plots(plots=tuple(plot(one, time.monotonic() - began) for one in CRAFT))
            for sensor, feed in feeds:
                with suppress(httpx.HTTPError):
                    sensor.post(f"/feeds/{feed}/plots", plots)

    def _feed(self, sensor: Sensor, name: str) -> str:
        draft = FeedDraft(tlp="AMBER", to=(), title=f"Receiver of {MemberId(name)}", caveats=("EXERCISE",))
        return str(sensor.post("/feeds", draft)["id"])


def plot(one: tuple[str, str, str, float, float], seconds: float) -> Plot:
    address, called, code, lat, lon = one
    return Plot(
        at=Micros(round(time.time() * SECOND)),
        sensor="mast",
        icao24=address,
        lat=lat,
        lon=lon + SPEED * seconds,
        on_ground=False,
        alt_m=9_000.0,
        speed_mps=220.0,
        track_deg=90.0,
        callsign=called,
        squawk=code,
        accuracy_m=60.0,
    )


@contextmanager
def bordered(root: Path, world: Exchange) -> Iterator[Exchange]:
    """Make and run such an exchange, seen by the browser of `world`."""
    new_exchange(root, MEMBERS)
    both = {"type": "FeatureCollection", "features": [box("NORTH", 6.0, BORDER), box("EAST", BORDER, 10.0)]}
    for name in MEMBERS:
        (root / name / "airspaces.geojson").write_text(json.dumps(both))
        (root / name / "registry.csv").write_text("address,registration,own\n3c6444,D-AIUA,no\n")
        settings = root / name / "settings.toml"
        settings.write_text(settings.read_text() + SETTINGS.format(watch=name.upper()))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    processes, flying = Processes(root), Flying(root)
    try:
        ready = asyncio.run_coroutine_threadsafe(processes.start(120), loop).result(150)
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        made = Exchange(root, processes, world.browser, addresses, loop)
        flying.start()
        yield made
        made.close()
    finally:
        flying.end()
        asyncio.run_coroutine_threadsafe(processes.stop(), loop).result(150)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
