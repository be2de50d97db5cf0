"""A scene for sensors: who moves where, which radars look, and for how long; written as TOML, or drawn from a seed.

Movers fly from waypoint to waypoint over the ellipsoid's tangent plane at the scene's middle, in turns of a steady
rate, and climb or sink to the next waypoint's height on the way. What is drawn is drawn from the seed alone.
"""

import tomllib
from math import atan2, cos, hypot, radians, sin
from random import Random
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MEMBER_PATTERN
from quartet.picture.plane import Offset, Place, offset, place_of

MAX_MOVERS: Final = 20_000
MAX_RADARS: Final = 64
MAX_SCENE: Final = 4 * 1024 * 1024
STEP_S: Final = 1.0
"""How often a mover's course is reckoned."""
NEAR_M: Final = 500.0
"""So near, a waypoint counts as reached."""

_Lat = Annotated[float, Meta(ge=-90, le=90)]
_Lon = Annotated[float, Meta(ge=-180, le=180)]
_Speed = Annotated[float, Meta(gt=0, le=1_000)]
_Height = Annotated[float, Meta(ge=-500, le=30_000)]
_Octet = Annotated[int, Meta(ge=0, le=255)]


class Waypoint(Value, frozen=True):
    """Where a mover goes, and how high."""

    lat: _Lat
    lon: _Lon
    alt_m: _Height = 3_000.0


class Mover(Value, frozen=True):
    """One mover: the first waypoint is where it begins. `turn_deg_s` is the rate at which it turns."""

    waypoints: Annotated[tuple[Waypoint, ...], Meta(min_length=1, max_length=200)]
    speed_mps: _Speed = 200.0
    turn_deg_s: Annotated[float, Meta(gt=0, le=20)] = 1.5
    icao24: Annotated[str, Meta(pattern=r"^[0-9a-f]{6}\Z")] | None = None
    callsign: Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,8}\Z")] | None = None
    squawk: Annotated[str, Meta(pattern=r"^[0-7]{4}\Z")] | None = None
    transponder: bool = True
    broadcasts: bool = True


class Drawn(Value, frozen=True):
    """Movers that are drawn: how many, within which radius of the middle, how fast and how high."""

    count: Annotated[int, Meta(ge=0, le=MAX_MOVERS)] = 0
    radius_m: Annotated[float, Meta(gt=0, le=500_000)] = 100_000.0
    legs: Annotated[int, Meta(ge=1, le=50)] = 4
    min_speed_mps: _Speed = 80.0
    max_speed_mps: _Speed = 250.0
    min_alt_m: _Height = 1_000.0
    max_alt_m: _Height = 12_000.0


class Radar(Value, frozen=True):
    """A radar: where it stands, how it turns, how well it sees, and how it errs.

    `sigma_*` are standard deviations, `bias_*` and `late_s` what it is always off by; `clutter` is how many false plots
    a turn brings; `pd` the probability of detection. `mode` is how it sees.
    """

    name: Annotated[str, Meta(pattern=MEMBER_PATTERN)]
    lat: _Lat
    lon: _Lon
    sac: _Octet = 25
    sic: _Octet = 1
    height_m: Annotated[float, Meta(ge=-500, le=9_000)] = 0.0
    period_s: Annotated[float, Meta(ge=0.5, le=60)] = 4.0
    phase_deg: Annotated[float, Meta(ge=0, lt=360)] = 0.0
    reach_m: Annotated[float, Meta(gt=0, le=470_000)] = 250_000.0
    sigma_range_m: Annotated[float, Meta(ge=0, le=10_000)] = 50.0
    sigma_azimuth_deg: Annotated[float, Meta(ge=0, le=10)] = 0.06
    bias_range_m: Annotated[float, Meta(ge=-10_000, le=10_000)] = 0.0
    bias_azimuth_deg: Annotated[float, Meta(ge=-10, le=10)] = 0.0
    late_s: Annotated[float, Meta(ge=-30, le=30)] = 0.0
    pd: Annotated[float, Meta(ge=0, le=1)] = 0.95
    clutter: Annotated[float, Meta(ge=0, le=2_000)] = 0.0
    mode: Literal["PSR", "SSR", "MODE_S", "MODE_S+PSR"] = "MODE_S+PSR"
    codes: bool = True
    """Whether it tells who answered: without, a plot has neither address nor code, as of a primary radar."""


class Scene(Value, frozen=True):
    """What moves and who looks; times begin at `begins`, seconds since 1970."""

    lat: _Lat
    lon: _Lon
    seconds: Annotated[float, Meta(gt=0, le=86_400)] = 120.0
    begins: Annotated[float, Meta(ge=86_400, le=4_000_000_000)] = 1_767_225_600.0
    seed: Annotated[int, Meta(ge=0, le=2**53)] = 1
    movers: Annotated[tuple[Mover, ...], Meta(max_length=MAX_MOVERS)] = ()
    drawn: Drawn = Drawn()
    radars: Annotated[tuple[Radar, ...], Meta(max_length=MAX_RADARS)] = ()


class State(NamedTuple):
    """Where a mover is and how it moves: metres and metres a second, east, north and up of the scene's middle."""

    east: float
    north: float
    alt_m: float
    v_east: float
    v_north: float
    climb: float


def read_scene(data: bytes) -> Scene:
    """Return the scene that a TOML file spells; raise `Malformed("bad-scene")` with the place where it does not."""
    if len(data) > MAX_SCENE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_SCENE} may be")
    try:
        return msgspec.convert(tomllib.loads(data.decode()), Scene)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, msgspec.ValidationError) as error:
        raise Malformed("bad-scene", str(error)[:300]) from error


def cast_of(scene: Scene) -> tuple[Mover, ...]:
    """Return the movers of a scene, those drawn from its seed too, each with a name of its own."""
    rng = Random(scene.seed)  # noqa: S311 - the same scene gives the same movers
    drawn = [_drawn(scene, rng) for _ in range(scene.drawn.count)]
    return tuple(_named(mover, number) for number, mover in enumerate([*scene.movers, *drawn]))


def middle(scene: Scene) -> Place:
    """Return the place from which a scene's metres are counted."""
    return Place(scene.lat, scene.lon)


def course(scene: Scene, mover: Mover) -> list[State]:
    """Return the states of a mover at each step of the scene, the end included."""
    origin = middle(scene)
    points = [offset(origin, Place(one.lat, one.lon)) for one in mover.waypoints]
    heights = [one.alt_m for one in mover.waypoints]
    east, north, alt = points[0].east_m, points[0].north_m, heights[0]
    heading = atan2(points[1].east_m - east, points[1].north_m - north) if len(points) > 1 else 0.0
    aim, states = min(1, len(points) - 1), []
    for _ in range(round(scene.seconds / STEP_S) + 2):
        if hypot(points[aim].east_m - east, points[aim].north_m - north) < max(NEAR_M, mover.speed_mps * STEP_S):
            aim = min(aim + 1, len(points) - 1)
        heading = _turned(heading, points[aim], (east, north), radians(mover.turn_deg_s) * STEP_S)
        left = hypot(points[aim].east_m - east, points[aim].north_m - north) / mover.speed_mps
        climb = max(-20.0, min(20.0, (heights[aim] - alt) / max(left, STEP_S)))
        v_east, v_north = mover.speed_mps * sin(heading), mover.speed_mps * cos(heading)
        states.append(State(east, north, alt, v_east, v_north, climb))
        east, north, alt = east + v_east * STEP_S, north + v_north * STEP_S, alt + climb * STEP_S
    return states


def state_at(states: list[State], seconds: float) -> State:
    """Return where a mover is at a time of the scene, between two steps on a straight line."""
    step = min(max(0, int(seconds / STEP_S)), len(states) - 1)
    one = states[step]
    rest = min(max(0.0, seconds - step * STEP_S), STEP_S)
    return one._replace(
        east=one.east + one.v_east * rest, north=one.north + one.v_north * rest, alt_m=one.alt_m + one.climb * rest
    )


def place_at(scene: Scene, state: State) -> Place:
    """Return the place of a state: over its point on the plane, at its height above the ellipsoid."""
    ground = place_of(middle(scene), Offset(state.east, state.north, 0.0))
    return Place(ground.lat, ground.lon, state.alt_m)


def _turned(heading: float, to: Offset, here: tuple[float, float], most: float) -> float:
    wanted = atan2(to.east_m - here[0], to.north_m - here[1])
    left = atan2(sin(wanted - heading), cos(wanted - heading))
    return heading + max(-most, min(most, left))


def _drawn(scene: Scene, rng: Random) -> Mover:
    how, origin = scene.drawn, middle(scene)
    points = []
    for _ in range(how.legs + 1):
        far, angle = how.radius_m * rng.random() ** 0.5, rng.uniform(0, 360)
        place = place_of(origin, Offset(far * sin(radians(angle)), far * cos(radians(angle)), 0.0))
        points.append(Waypoint(place.lat, place.lon, round(rng.uniform(how.min_alt_m, how.max_alt_m), 1)))
    return Mover(waypoints=tuple(points), speed_mps=round(rng.uniform(how.min_speed_mps, how.max_speed_mps), 1))


def _named(mover: Mover, number: int) -> Mover:
    """Return a mover with an address, a callsign and a code: those of an exercise where it has none of its own."""
    return msgspec.structs.replace(
        mover,
        icao24=mover.icao24 or f"{0xF00000 + number:06x}",
        callsign=mover.callsign or f"EXER{number % 10_000:04d}",
        squawk=mover.squawk or f"{0o1000 + number % 0o6000:04o}",
    )
