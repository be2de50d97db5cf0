"""A centre's load on one node: 30 radars, 2,000 plots a second, 4,000 tracks, beside an exchange that goes on.

EUROCONTROL states these three numbers of its tracker, ARTAS. Real processes; the radars speak CAT 048 in datagrams; the
plots are as old as they are when a frame shows them for the first time, read from the frames that the node kept.
"""

import asyncio
import itertools
import random
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from benches.table import Table, number, percentile
from benches.usage import family, resident, seconds
from quartet.core.frame import read_segment
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.packing import unpad
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import new_exchange
from quartet.exercise.skies import Sensor
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.vault import open_vault
from quartet.picture.plane import AXIS_M, ECCENTRICITY_2
from quartet.picture.projection import Plane
from quartet.store import open_store

Floats = NDArray[np.float64]

RADARS: Final = 30
MOVERS: Final = 4_000
PLOTS_A_SECOND: Final = 2_000
TURNS_S: Final = (4.0, 5.0, 6.0, 8.0, 10.0)
SIDE_M: Final = 900_000.0
STEP_S: Final = 0.25
SETTLE_S: Final = 60
ITEMS_EVERY_S: Final = 0.5
MIDDLE: Final = Plane(46.9, 7.5)
RHO_M: Final = 1852 / 256
HEIGHT_M: Final = 7_620.0
"""Flight level 250, on which all fly: a radar's slant range is then its geometry alone."""


class Radar(NamedTuple):
    """Its name, where it stands, its turn, how far it sees, and where it speaks to."""

    name: str
    lat: float
    lon: float
    turn: float
    reach: float
    port: int


def measure(seconds_long: int) -> Table:
    """Run it for so long, and tell what it cost."""
    with tempfile.TemporaryDirectory(prefix="quartet-centre-") as folder:
        return asyncio.run(_run(Path(folder) / "x", seconds_long))


async def _run(root: Path, lasting: int) -> Table:
    dice = np.random.default_rng(30)
    new_exchange(root, ("north", "east"), tick_s=1.0, recall_delay_s=5.0)
    radars = _radars(dice)
    settings = root / "north" / "settings.toml"
    settings.write_text(settings.read_text() + "".join(_told(radar) for radar in radars))
    async with Processes(root) as processes:
        await processes.start()
        pid = processes.members["north"].pid
        assert pid is not None
        talk = asyncio.create_task(_talk(root))
        sent = await _send(radars, dice, SETTLE_S)
        before, began = seconds(pid), time.time()
        memory = resident(pid) / 1e6
        sent = await _send(radars, dice, lasting, start=SETTLE_S)
        used, took = seconds(pid) - before, time.time() - began
        after = sum(resident(one) for one in family(pid)) / 1e6
        talk.cancel()
        items = (await asyncio.gather(talk, return_exceptions=True))[0]
    ages, tracks = _ages(root, Micros(round(began * SECOND)))
    rows = [
        ("plots sent, a second", number(sent / took)),
        ("tracks in a frame, middle", number(percentile(tracks, 0.5))),
        ("plot to frame, middle s", number(percentile(ages, 0.5))),
        ("plot to frame, 99 % s", number(percentile(ages, 0.99))),
        ("CPU of the node with its NATS, of one core", f"{used / took:.0%}"),
        ("resident MB at the beginning, at the end", f"{memory:.0f}, {after:.0f}"),
    ]
    return Table(
        "A centre's load on one node",
        ("what", "figure"),
        rows,
        f"{RADARS} radars, {MOVERS:,} movers, {lasting} s after {SETTLE_S} s to settle; CAT 048 in datagrams, tracked "
        f"under one marking, signed and sent to east once a second; beside it two items a second. {items or ''}",
    )


def _radars(dice: np.random.Generator) -> list[Radar]:
    """Return radars spread over the area, that see so far that all together give the plots a second that are due."""
    places = dice.uniform(-SIDE_M / 2, SIDE_M / 2, (RADARS, 2))
    turns = [TURNS_S[n % len(TURNS_S)] for n in range(RADARS)]
    each = PLOTS_A_SECOND / sum(1 / turn for turn in turns)  # movers that each must see
    reach = float(np.sqrt(each / MOVERS * SIDE_M**2 / np.pi)) * 1.12  # some of their circles lies outside
    ports = choose_ports(RADARS)
    made = []
    for n, ((x, y), turn) in enumerate(zip(places, turns, strict=True)):
        lat, lon = MIDDLE.place(np.array([x]), np.array([y]))
        made.append(Radar(f"r{n}", float(lat[0]), float(lon[0]), turn, reach, ports[n]))
    return made


def _told(radar: Radar) -> str:
    words = {
        "name": radar.name,
        "format": "asterix",
        "address": f"udp://127.0.0.1:{radar.port}",
        "lat": radar.lat,
        "lon": radar.lon,
        "rotation_s": radar.turn,
        "tlp": "GREEN",
        "to": ["east"],
    }
    return "\n[[sensors]]\n" + "".join(
        f"{key} = {msgspec.json.encode(value).decode()}\n" for key, value in words.items()
    )


async def _talk(root: Path) -> None:
    """Let east send items to north for as long as it lasts."""
    sensor = await asyncio.to_thread(Sensor, MemberFolder(root / "east"))
    for count in itertools.count():
        draft = {"kind": "report", "tlp": "GREEN", "to": ["north"], "title": f"item {count}", "text": "beside the sky"}
        await asyncio.to_thread(sensor.post, "/items", draft)
        await asyncio.sleep(ITEMS_EVERY_S)


async def _send(radars: list[Radar], dice: np.random.Generator, lasting: int, start: int = 0) -> int:
    """Send what the radars see, a quarter of a second at a time; return how many plots."""
    place, velocity = _movers()
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    began, sent = time.time(), 0
    for step in range(int(lasting / STEP_S)):
        ends = (step + 1) * STEP_S
        await asyncio.sleep(max(0.0, began + ends - time.time()))
        here = place + velocity * (start + ends)
        for radar, block, count in _blocks(radars, here, start + ends, began - start, dice):
            out.sendto(block, ("127.0.0.1", radar.port))
            sent += count
    return sent


def _movers() -> tuple[Floats, Floats]:
    drawn = np.random.default_rng(4_000)
    speed, course = drawn.uniform(100, 250, MOVERS), drawn.uniform(0, 2 * np.pi, MOVERS)
    place = drawn.uniform(-SIDE_M / 2, SIDE_M / 2, (MOVERS, 2))
    return place, np.stack((speed * np.sin(course), speed * np.cos(course)), axis=1)


def _blocks(
    radars: list[Radar], here: Floats, ends: float, began: float, dice: np.random.Generator
) -> Iterator[tuple[Radar, bytes, int]]:
    """Yield the block of each radar that saw anything in the step that ends now."""
    where = _cartesian(*MIDDLE.place(here[:, 0], here[:, 1]), HEIGHT_M)
    for number_, radar in enumerate(radars):
        slant_m, azimuth, ground = _seen(radar, where)
        swept = ends / radar.turn * 2 * np.pi
        ago = (swept - azimuth) % (2 * np.pi) / (2 * np.pi) * radar.turn
        seen = (ago < STEP_S) & (ground < radar.reach) & (dice.uniform(size=len(ground)) < 0.95)
        rows = np.flatnonzero(seen)[np.argsort(-ago[seen])]
        if len(rows):
            slant = slant_m[rows] + dice.normal(0, 50, len(rows))
            angle = azimuth[rows] + dice.normal(0, 0.0012, len(rows))
            times = began + ends - ago[rows]
            body = b"".join(
                _record(number_, t, r, a) for t, r, a in zip(times, slant, angle % (2 * np.pi), strict=True)
            )
            yield radar, struct.pack(">BH", 48, len(body) + 3) + body, len(rows)


def _seen(radar: Radar, where: Floats) -> tuple[Floats, Floats, Floats]:
    """Return slant range m, azimuth rad from true north and distance along the ground m (n,) of places (n, 3)."""
    site = _cartesian(np.array([radar.lat]), np.array([radar.lon]), 0.0)
    x, y, z = (where - site).T
    phi, lam = np.radians(radar.lat), np.radians(radar.lon)
    flat = np.cos(lam) * x + np.sin(lam) * y
    east, north = np.cos(lam) * y - np.sin(lam) * x, np.cos(phi) * z - np.sin(phi) * flat
    return np.sqrt(x * x + y * y + z * z), np.arctan2(east, north) % (2 * np.pi), np.hypot(east, north)


def _cartesian(lat: Floats, lon: Floats, height: float) -> Floats:
    """Return places (n,), degrees and m above the ellipsoid, as m from the Earth's centre (n, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    bend = AXIS_M / np.sqrt(1 - ECCENTRICITY_2 * np.sin(phi) ** 2)
    flat = (bend + height) * np.cos(phi)
    up = (bend * (1 - ECCENTRICITY_2) + height) * np.sin(phi)
    return np.stack((flat * np.cos(lam), flat * np.sin(lam), up), axis=1)


def _record(sic: int, at: float, slant: float, azimuth: float) -> bytes:
    """Return a record of CAT 048: 010, 140, 020, 040, 070, 090."""
    of_day = int(at % 86_400 * 128)
    where = int(slant / RHO_M) & 0xFFFF, int(azimuth / (2 * np.pi) * 65_536) & 0xFFFF
    return (
        struct.pack(">BBB", 0xFC, 7, sic)
        + of_day.to_bytes(3, "big")
        + struct.pack(">BHHHh", 0x40, *where, 0o2000, 1000)
    )


def _ages(root: Path, since: Micros) -> tuple[list[float], list[float]]:
    """Return how old each plot was in the first frame that showed it, s, and how many tracks each frame had."""
    folder = MemberFolder(root / "north")
    keys = Keyset.of(open_vault(folder.vault))
    ages, tracks = [], []
    known: dict[bytes, int] = {}
    with open_store(folder.path(Path("store/quartet.db").as_posix()), keys.store) as store:
        for member, at, data in store.reader.frames_between(since, Micros(2**62), 10**6):
            if member != MemberId("north"):
                continue
            wire: Any = msgspec.msgpack.decode(unpad(data))
            rows = [track for _, segment in wire[3] for track in read_segment(segment).columns.tracks()]
            tracks.append(float(len(rows)))
            for track in rows:
                plot = at // 1000 - track.age_ms
                if len(tracks) > 1 and abs(known.get(track.id, 0) - plot) > 2:  # the first frame shows what was there
                    ages.append(track.age_ms / 1000)
                known[track.id] = plot
    return ages, tracks


if __name__ == "__main__":
    random.seed(1)
    print(measure(60).markdown())
