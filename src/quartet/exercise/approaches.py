"""Movers that near protected volumes in eight ways, drawn from a seed; each with its true path, and what sensors see.

The truth is known: when a mover first is nearer to a volume than it must keep away, if it ever is. With that a warning
can be scored: how long before it came, whether it came at all, and how often one came for nothing.
"""

from collections.abc import Iterator
from math import ceil, cos, degrees, floor, inf, isinf, pi, radians, sin
from random import Random
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from quartet.core.ids import SECOND, Micros
from quartet.core.volume import UNITS, Volume
from quartet.picture.compiled import Floats
from quartet.picture.plane import Place, Polar, polar
from quartet.picture.plot import Plot, RadarPlot
from quartet.picture.projection import Plane
from quartet.picture.proximity.field import Field, field_of
from quartet.picture.radar import Radar

Way = Literal[
    "straight in", "straight past", "turns away", "turns in", "climbs in", "levels off above", "over it", "circles"
]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
STEP_S: Final = 0.25
LASTS_S: Final = 480.0
"""How long each mover is followed."""
SCAN_S: Final = 4.0
TURNS: Final = radians(2.5)
"""How fast a mover turns, rad/s."""
DETECTS: Final = 0.9
PLACE_SIGMA_M: Final = 30.0
SPEED_SIGMA: Final = 1.0
BEGAN: Final = Micros(1_800_000_000 * SECOND)
MIDDLE: Final = (47.0, 8.0)
APART_M: Final = 60_000.0
REACH_M: Final = 8_900.0
"""From a site's middle to where movers must stay, at the most: the largest outline, and the spacing."""
STANDS: Final = Radar(
    name="radar", lat=47.0, lon=8.0, height_m=500.0, period_s=SCAN_S, sigma_range_m=50.0, sigma_azimuth_deg=0.07
)


class Approach(NamedTuple):
    """One mover: how it comes, to which site, and where it truly is every quarter of a second from `begins` on.

    `path` (n, 5): east and north of the scene's middle in its plane (m), height (m), speed over ground (m/s), course in
    the plane (rad, clockwise from its north).
    """

    way: Way
    site: int
    icao24: str
    begins: float
    path: Floats


class _Manner(NamedTuple):
    """How a mover goes: how high, how far aside, when it turns by how much (rad), how it climbs and until where."""

    height_m: float
    aside_m: float = 0.0
    after_m: float = inf
    turn: float = 0.0
    climb: float = 0.0
    level_m: float = 0.0


class Scene(NamedTuple):
    """Sites, each with its volumes, and who nears them."""

    plane: Plane
    sites: tuple[tuple[Volume, ...], ...]
    approaches: tuple[Approach, ...]


def scene(seed: int, sites: int = 12, each: int = 2) -> Scene:
    """Return a scene: at each site so many movers of every way, begun within some minutes of each other."""
    drawn = Random(seed)  # noqa: S311 - a scene, not a secret
    plane = Plane(*MIDDLE)
    wide = ceil(sites**0.5)
    places = [((n % wide - wide / 2 + 0.5) * APART_M, (n // wide - wide / 2 + 0.5) * APART_M) for n in range(sites)]
    volumes = tuple((_volume(drawn, plane, *place),) for place in places)
    approaches = [
        _approach(drawn, way, n, place, number)
        for number, (n, place, way) in enumerate(
            (n, place, way) for n, place in enumerate(places) for way in WAYS for _ in range(each)
        )
    ]
    return Scene(plane, volumes, tuple(approaches))


def too_near_at(made: Scene, one: Approach) -> float | None:
    """Return when a mover truly first is nearer to its site's volume than it must keep away, s; None for never."""
    field, x, y = _over_site(made, one)
    volume = field.volumes[0]
    low, high = (volume.floor_m or 0) - volume.spacing_up_m, (volume.ceiling_m or 0) + volume.spacing_up_m
    may = (np.hypot(x, y) < 2 * REACH_M) & (low <= one.path[:, 2]) & (one.path[:, 2] <= high)
    for n in np.flatnonzero(may).tolist():
        if field.border(0, float(x[n]), float(y[n])).distance_m <= volume.spacing_m:
            return one.begins + float(n * STEP_S)
    return None


def closest_m(made: Scene, one: Approach) -> float:
    """Return how near a mover truly comes to its volume's border, m, whatever its height; looked at every two seconds.

    One that comes no nearer than twice the largest site's reach is told as so far.
    """
    field, x, y = _over_site(made, one)
    rows = np.flatnonzero(np.hypot(x, y) < 2 * REACH_M)[::8].tolist()
    return min((field.border(0, float(x[n]), float(y[n])).distance_m for n in rows), default=2 * REACH_M)


def _over_site(made: Scene, one: Approach) -> tuple[Field, Floats, Floats]:
    """Return a mover's site, and its path (n,) in that site's plane."""
    field = field_of(made.sites[one.site])
    return field, *field.plane.flat(*made.plane.place(one.path[:, 0], one.path[:, 1]))


def told_by_itself(made: Scene, seed: int) -> Iterator[tuple[float, list[Plot]]]:
    """Yield every second what movers say of themselves: place (30 m), velocity (1 m/s), height in steps of 25 feet."""
    drawn = Random(seed)  # noqa: S311 - a scene, not a secret
    for second in range(_ends(made)):
        plots = [_plot(made, one, second, drawn) for one in _heard(made, second, drawn)]
        yield float(second), plots


def seen_by_radar(made: Scene, seed: int) -> Iterator[tuple[float, list[RadarPlot]]]:
    """Yield at the end of every second what a radar in the middle saw in it, as its beam went over a quarter of a turn.

    It sees range (50 m), azimuth (0.07 degrees), height in steps of 100 feet; a mover in nine turns of ten.
    """
    drawn = Random(seed)  # noqa: S311 - a scene, not a secret
    for second in range(_ends(made)):
        passed = (_passed(made, one, second) for one in made.approaches if _there(one, second + 1))
        seen = [one for one in passed if one is not None and drawn.random() < DETECTS]
        yield second + 1.0, [_radar_plot(one, drawn) for one in sorted(seen, key=lambda one: one.at)]


def moment(second: float) -> Micros:
    """Return the time at which a scene has lasted so long."""
    return Micros(BEGAN + round(second * SECOND))


# -- how movers come


def _volume(drawn: Random, plane: Plane, x: float, y: float) -> Volume:
    if drawn.random() < 0.5:
        corners = [(x, y)]
        radius = round(drawn.uniform(1_000, 5_000))
    else:
        count, radius = drawn.randint(4, 9), 0
        turns = sorted(2 * pi * (n + drawn.uniform(-0.3, 0.3)) / count for n in range(count))
        sizes = [drawn.uniform(2_000, 7_000) for _ in turns]
        corners = [(x + r * sin(a), y + r * cos(a)) for r, a in zip(sizes, turns, strict=True)]
    lat, lon = plane.place(*np.array(corners).T)
    outline = tuple((round(p * UNITS), round(q * UNITS)) for p, q in zip(lat.tolist(), lon.tolist(), strict=True))
    return Volume(name="site", outline=outline, radius_m=radius, floor_m=0, ceiling_m=3_000)


def _approach(drawn: Random, way: Way, site: int, place: tuple[float, float], number: int) -> Approach:
    """Return a mover that begins far off, bound for the site or past it, and does as its way says."""
    speed, bearing = drawn.uniform(60, 240), drawn.uniform(0, 2 * pi)
    far = speed * drawn.uniform(300, 380) + REACH_M
    manner = _manner(drawn, way, far, speed)
    x = place[0] + far * sin(bearing) + manner.aside_m * cos(bearing)
    y = place[1] + far * cos(bearing) - manner.aside_m * sin(bearing)
    path = _flown(manner, x, y, bearing + pi, speed)
    return Approach(way, site, f"{0x4B0000 + number:06x}", drawn.uniform(0, 120), path)


def _manner(drawn: Random, way: Way, far: float, speed: float) -> _Manner:
    low, side = drawn.uniform(600, 2_500), drawn.choice((-1.0, 1.0))
    match way:
        case "straight in":
            return _Manner(low)
        case "straight past":
            return _Manner(low, aside_m=side * drawn.uniform(1.15, 2.0) * REACH_M)
        case "turns away":
            return _Manner(low, after_m=far - REACH_M - speed * drawn.uniform(130, 220), turn=side * radians(110))
        case "turns in":
            after = far - speed / TURNS  # it has turned where it is abeam
            return _Manner(low, aside_m=side * 2.6 * REACH_M, after_m=after, turn=side * radians(90))
        case "climbs in":
            return _Manner(drawn.uniform(5_500, 7_000), climb=-drawn.uniform(8, 14), level_m=900.0)
        case "levels off above":
            return _Manner(drawn.uniform(6_500, 7_500), climb=-drawn.uniform(6, 10), level_m=3_600.0)
        case "over it":
            return _Manner(drawn.uniform(4_000, 10_000))
        case "circles":
            return _Manner(low, aside_m=side * 2.2 * REACH_M, after_m=far, turn=side * inf)


def _flown(manner: _Manner, x: float, y: float, course: float, speed: float) -> Floats:
    """Return a path in steps: straight on, then turning; round the site, where its turn has no end."""
    path = np.empty((round(LASTS_S / STEP_S), 5))
    height, turned = manner.height_m, 0.0
    rate = speed / abs(manner.aside_m) if isinf(manner.turn) else TURNS
    for n in range(len(path)):
        path[n] = x, y, height, speed, course % (2 * pi)
        x, y = x + speed * sin(course) * STEP_S, y + speed * cos(course) * STEP_S
        if manner.climb:
            height = max(manner.level_m, height + manner.climb * STEP_S)
        if n * STEP_S * speed >= manner.after_m and turned < abs(manner.turn):
            step = min(rate * STEP_S, abs(manner.turn) - turned)
            course, turned = course + (step if manner.turn > 0 else -step), turned + step
    return path


# -- what is true, and what is seen of it


def _ends(made: Scene) -> int:
    return ceil(max(one.begins for one in made.approaches) + LASTS_S)


def _there(one: Approach, second: float) -> bool:
    return one.begins <= second - 1 and second < one.begins + LASTS_S - STEP_S


def _heard(made: Scene, second: int, drawn: Random) -> Iterator[Approach]:
    """Yield the movers whose turn it is in this second: each once in four, and missed now and then."""
    for n, one in enumerate(made.approaches):
        if _there(one, second) and n % round(SCAN_S) == second % round(SCAN_S) and drawn.random() < DETECTS:
            yield one


class _Passed(NamedTuple):
    """When a radar's beam went over a mover, and what it would measure without an error."""

    one: Approach
    at: float
    polar: Polar
    height_m: float


def _passed(made: Scene, one: Approach, second: int) -> _Passed | None:
    """Return how the beam went over a mover in this second; None where it did not."""
    sector = 360.0 / SCAN_S
    azimuth = _measured(made, one, second + 0.5)[0].azimuth_deg
    if azimuth // sector != second % round(SCAN_S):
        return None
    at = second + azimuth % sector / sector
    return _Passed(one, at, *_measured(made, one, at))


def _measured(made: Scene, one: Approach, at: float) -> tuple[Polar, float]:
    lat, lon, row, _ = _true(made, one, at)
    height = float(row[2])
    return polar(Place(STANDS.lat, STANDS.lon, STANDS.height_m), Place(lat, lon, height)), height


def _true(made: Scene, one: Approach, second: float) -> tuple[float, float, Floats, float]:
    """Return latitude, longitude, the row of the path, and the course from true north, degrees."""
    row = one.path[floor((second - one.begins) / STEP_S)]
    lat, lon = made.plane.place(row[:1], row[1:2])
    turned = float(made.plane.north(row[:1], row[1:2])[0])
    return float(lat[0]), float(lon[0]), row, degrees(row[4] - turned) % 360.0


def _plot(made: Scene, one: Approach, second: int, drawn: Random) -> Plot:
    lat, lon, row, course = _true(made, one, second)
    metres = 111_195.0
    return Plot(
        at=moment(second),
        sensor="mast",
        icao24=one.icao24,
        lat=lat + drawn.gauss(0, PLACE_SIGMA_M) / metres,
        lon=lon + drawn.gauss(0, PLACE_SIGMA_M) / (metres * cos(radians(lat))),
        on_ground=False,
        alt_m=round(float(row[2]) / 7.62) * 7.62,
        speed_mps=max(0.0, float(row[3]) + drawn.gauss(0, SPEED_SIGMA)),
        track_deg=(course + degrees(drawn.gauss(0, SPEED_SIGMA) / max(float(row[3]), 1.0))) % 360.0,
        accuracy_m=PLACE_SIGMA_M * 2.4477,
    )


def _radar_plot(seen: _Passed, drawn: Random) -> RadarPlot:
    return RadarPlot(
        at=moment(seen.at),
        sensor=STANDS.name,
        range_m=seen.polar.range_m + drawn.gauss(0, STANDS.sigma_range_m),
        azimuth_deg=(seen.polar.azimuth_deg + drawn.gauss(0, STANDS.sigma_azimuth_deg)) % 360.0,
        seen="MODE_S",
        alt_m=round(seen.height_m / 30.48) * 30.48,
        icao24=seen.one.icao24,
    )
