"""How long it takes to fuse 4,000 tracks for sixteen sets of controls: the tracks of one second, for every class of
viewers.

A thousand aircraft over 900 x 670 km, each seen by four of sixteen sources, four of each member: half of them hear
ADS-B (10 m), half are radars (60 m) that know no address. Each track is up to four seconds old.
"""

import math
import random
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from benches.table import Table
from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.picture.fusion import Fusion, batch_of, fuse, warm
from quartet.picture.scene import Numbers, scene_of_fused

AIRCRAFT: Final = 1_000
SOURCES: Final = 16
OF_ONE: Final = 250
CLASSES: Final = 16
ROUNDS: Final = 15
GOAL_MS: Final = 100
NOW: Final = Micros(1_800_000_000 * SECOND)
MEMBERS: Final = tuple(MemberId(name) for name in ("north", "east", "south", "west"))
METRES_A_DEGREE: Final = 111_195


class Aircraft(NamedTuple):
    """Where one is now, and how it moves."""

    number: int
    lat: float
    lon: float
    course: float
    speed: float
    height: int


def measure() -> Table:
    """Fuse for sixteen classes that may hold everything, and for sixteen that may each hold another half of it."""
    began = time.perf_counter()
    warm()
    ready = time.perf_counter() - began
    chance = random.Random(7)
    sky = [_aircraft(number, chance) for number in range(AIRCRAFT)]
    told = [_told(number, chance.sample(sky, OF_ONE), chance) for number in range(SOURCES)]
    batches = [batch_of(*one) for one in told]
    halves = [chance.sample(batches, SOURCES // 2) for _ in range(CLASSES)]
    whole = [batches] * CLASSES
    fused = [fuse(one) for one in whole]
    rows = [
        _row("make columns of what came, once for all", lambda: [batch_of(*one) for one in told]),
        _row("fuse: each class may hold all 4,000", lambda: [fuse(one) for one in whole]),
        _row("fuse: each class another half", lambda: [fuse(one) for one in halves]),
        _row("of all 4,000: make the map's scenes of it", lambda: _drawn(fused)),
    ]
    spent = float(rows[1][1])
    goal = f"The goal, {GOAL_MS} ms for what is fused, is {'reached' if spent < GOAL_MS else 'missed'}."
    shown = len(fused[0].starts) - 1 + len(fused[0].single)
    said = (
        f"{SOURCES * OF_ONE:,} tracks of {SOURCES} sources, and {CLASSES} classes of viewers: CPU of one tick, the best"
        f" and the middle of {ROUNDS} rounds. The {_there(told)} aircraft that are seen become {shown} tracks. To be"
        f" ready took {ready:.1f} s in this run; the compiled code is kept between runs. {goal}"
    )
    return Table("Fusion for sixteen classes of viewers", ("what", "best ms", "middle ms"), rows, said)


def _row(what: str, work: Callable[[], object]) -> tuple[str, str, str]:
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - began))
    return what, f"{min(spent):.1f}", f"{sorted(spent)[ROUNDS // 2]:.1f}"


def _drawn(fused: list[Fusion]) -> None:
    numbers = Numbers(bytes(16))
    for one in fused:
        scene_of_fused(one, numbers)


def _there(told: list[tuple[MemberId, str, Micros, tuple[Track, ...]]]) -> int:
    return len({track.id.partition(b"/")[2] or track.id for _, _, _, tracks in told for track in tracks})


def _aircraft(number: int, chance: random.Random) -> Aircraft:
    lat, lon, course = chance.uniform(44, 50), chance.uniform(2, 14), chance.uniform(0, 360)
    return Aircraft(number, lat, lon, course, chance.uniform(80, 250), chance.randint(1_000, 12_000))


def _told(source: int, seen: list[Aircraft], chance: random.Random) -> tuple[MemberId, str, Micros, tuple[Track, ...]]:
    radar = source % 2 == 1
    tracks = tuple(_track(one, source if radar else None, 60 if radar else 10, chance) for one in seen)
    return MEMBERS[source // 4], f"controls-{source}", NOW, tracks


def _track(one: Aircraft, radar: int | None, sigma: int, chance: random.Random) -> Track:
    age, course = chance.uniform(0, 4), math.radians(one.course)
    east = chance.gauss(0, sigma) - one.speed * math.sin(course) * age
    north = chance.gauss(0, sigma) - one.speed * math.cos(course) * age
    lat = one.lat + north / METRES_A_DEGREE
    lon = one.lon + east / METRES_A_DEGREE / math.cos(math.radians(one.lat))
    address = f"{one.number:06x}"
    return Track(
        id=(address if radar is None else f"{radar}/{address}").encode(),
        lat=round(lat * 1e7),
        lon=round(lon * 1e7),
        alt_m=one.height,
        speed_cms=round(one.speed * 100),
        track_cdeg=round(one.course * 100) % 36_000,
        covariance=(sigma**2, 0, sigma**2),
        lineage=((f"adsb:{address}" if radar is None else f"sensor:{radar}").encode(),),
        age_ms=round(age * 1000),
    )
