"""How fast movers are checked against volumes, and how well a scene with a known truth is warned of.

The same loop runs compiled and as plain Python on the same movers and volumes, and its answers are compared; where
shapely is there, it intersects each mover's way with each volume grown by the spacing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from math import inf
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np

from benches.table import Table, number, percentile
from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.volume import UNITS, Volume
from quartet.exercise.approaches import (
    SCAN_S,
    STANDS,
    WAYS,
    Approach,
    Scene,
    Way,
    closest_m,
    moment,
    scene,
    seen_by_radar,
    told_by_itself,
    too_near_at,
)
from quartet.picture.compiled import Floats
from quartet.picture.fusion import batch_of, fuse
from quartet.picture.local import LocalPicture
from quartet.picture.polygon import around
from quartet.picture.proximity import NOTHING, Level, look
from quartet.picture.proximity.field import shapes_of
from quartet.picture.proximity.within import MOVER, SHAPE, Shapes, _fill, seconds_until
from quartet.picture.track import Picture, fold, tracks

MOVERS: Final = 4_000
VOLUMES: Final = 200
CORNERS: Final = 12
ROUNDS: Final = 7
PLAIN_MOVERS: Final = 40
SHAPELY_MOVERS: Final = 200
HORIZON: Final = 300.0
GOAL: Final = 5.0
SEEDS: Final = (1, 2, 3)
NORTH: Final = MemberId("north")


def measure(tell: Callable[[Table], None]) -> None:
    """Measure the checks, a node's look, and the scored scenes."""
    tell(_checks())
    tell(_looks())
    for table in _scored():
        tell(table)
    tell(_alone())


# -- checks


def _checks() -> Table:
    rows = []
    for name, half in (("1,000 km across", 500e3), ("100 km across", 50e3), ("20 km across", 10e3)):
        movers, corners, shapes = _drawn(half)
        volumes = shapes_of(corners, shapes)
        found = seconds_until(movers, volumes, HORIZON)
        spent = min(_timed(partial(seconds_until, movers, volumes, HORIZON)) for _ in range(ROUNDS))
        few = movers[:PLAIN_MOVERS]
        plain_s = _timed(partial(_plain, few, volumes))
        assert np.array_equal(_plain(few, volumes), found[:PLAIN_MOVERS])
        rows.append(
            (
                name,
                number(found.size / spent / 1e6),
                number(PLAIN_MOVERS * VOLUMES / plain_s / 1e6),
                _shapely(movers[:SHAPELY_MOVERS], corners, shapes),
                f"{np.isfinite(found).mean():.1%}",
            )
        )
    worst = min(float(row[1]) for row in rows)
    said = (
        f"{MOVERS:,} movers against {VOLUMES} volumes, half of them circles, half polygons of {CORNERS} corners, each"
        f" with a floor and a ceiling: when each is too near within {HORIZON:.0f} s, exact, in M checks a second of one"
        " core; the last column is how many of the pairs will be. Plain Python runs the same lines, and finds the same."
        " shapely intersects a line with a grown polygon that it has prepared, and knows no heights."
        f" The goal, {GOAL:.0f} M a second, is {'reached in each' if worst >= GOAL else 'missed'}."
    )
    return Table(
        "Movers against volumes", ("where they are", "compiled", "plain Python", "shapely", "too near"), rows, said
    )


def _drawn(half: float) -> tuple[Floats, list[Floats], Floats]:
    drawn = np.random.default_rng(6)
    corners, shapes = [], np.empty((VOLUMES, SHAPE))
    for n in range(VOLUMES):
        centre, size = drawn.uniform(-half, half, 2), drawn.uniform(2_000, 8_000)
        turns = 2 * np.pi * (np.arange(CORNERS) + drawn.uniform(-0.3, 0.3, CORNERS)) / CORNERS
        rim = centre + size * drawn.uniform(0.4, 1.0, CORNERS)[:, None] * np.column_stack(
            (np.sin(turns), np.cos(turns))
        )
        corners.append(rim if n % 2 else centre[None])
        shapes[n] = *around(corners[n]), 1_852 + (0.0 if n % 2 else size), -inf, drawn.choice([inf, 3_000.0])
    movers = np.full((MOVERS, MOVER), np.nan)
    movers[:, :2] = drawn.uniform(-half, half, (MOVERS, 2))
    speed, course = drawn.uniform(40, 250, MOVERS), drawn.uniform(0, 2 * np.pi, MOVERS)
    movers[:, 2], movers[:, 3] = speed * np.sin(course), speed * np.cos(course)
    movers[:, 4], movers[:, 5] = drawn.uniform(0, 12_000, MOVERS), drawn.choice([0.0, 10.0, -10.0], MOVERS)
    movers[:, 7], movers[:, 8] = 100.0, 30.0
    return movers, corners, shapes


def _plain(movers: Floats, volumes: Shapes) -> Floats:
    out = np.empty((len(movers), len(volumes.shapes)))
    loop: Any = _fill
    with np.errstate(all="ignore"):
        loop.py_func(np.ascontiguousarray(movers.T), *volumes, HORIZON, out)
    return out


def _shapely(movers: Floats, corners: Sequence[Floats], shapes: Floats) -> str:
    """Return M checks a second of shapely: where each mover's way first meets each volume, grown before it is timed."""
    try:
        shapely = import_module("shapely")
    except ImportError:
        return "not installed"
    grown = [
        (shapely.polygons(rim) if len(rim) > 1 else shapely.points(rim[0])).buffer(shape[3] + 100.0, quad_segs=16)
        for rim, shape in zip(corners, shapes, strict=True)
    ]
    shapely.prepare(grown)
    ends = movers[:, :2] + movers[:, 2:4] * HORIZON
    ways = shapely.linestrings(np.stack((movers[:, :2], ends), axis=1))
    starts = shapely.points(movers[:, :2])

    def met() -> None:
        for one in grown:
            near = shapely.intersects(one, ways)
            shapely.distance(starts[near], shapely.intersection(ways[near], one))

    return number(len(movers) * len(grown) / min(_timed(met) for _ in range(3)) / 1e6)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _looks() -> Table:
    """Measure what a node does once a second for one class of officers: 4,000 tracks, and so many sites."""
    drawn = np.random.default_rng(7)
    now = Micros(1_800_000_000 * SECOND)
    seen = [_track(n, drawn) for n in range(MOVERS)]
    fusion = fuse([batch_of(NORTH, "a", now, seen)])
    rows = []
    for count in (10, 50, 200):
        sites = {str(n): (_volume(drawn),) for n in range(count)}
        state = look(NOTHING, fusion, sites, frozenset(), now).state
        spent = min(_timed(partial(look, state, fusion, sites, frozenset(), now)) for _ in range(ROUNDS))
        near = len(look(state, fusion, sites, frozenset(), now).near)
        rows.append((f"{count} sites", number(spent * 1e3), str(near)))
    said = (
        f"{MOVERS:,} tracks over 900 x 670 km: CPU of one look for one class of officers, the best of {ROUNDS} rounds,"
        " and how many movers it finds that are or will be too near within five minutes."
    )
    return Table("A look at the sites, once a second", ("how many", "ms", "near"), rows, said)


def _track(n: int, drawn: np.random.Generator) -> Track:
    lat, lon = drawn.uniform(44, 50), drawn.uniform(2, 14)
    name = f"{n:06x}".encode()
    return Track(
        id=name,
        lat=round(lat * UNITS),
        lon=round(lon * UNITS),
        alt_m=int(drawn.uniform(300, 11_000)),
        speed_cms=int(drawn.uniform(6_000, 25_000)),
        track_cdeg=int(drawn.uniform(0, 36_000)),
        covariance=(900, 0, 900),
        lineage=(b"adsb:" + name,),
        age_ms=0,
    )


def _volume(drawn: np.random.Generator) -> Volume:
    lat, lon = drawn.uniform(44, 50), drawn.uniform(2, 14)
    return Volume(name="site", outline=((round(lat * UNITS), round(lon * UNITS)),), radius_m=3_000, ceiling_m=3_000)


# -- the scored scene


class _Score(NamedTuple):
    """What became of one mover: when it truly was too near, when it was advised, warned, and found inside."""

    one: Approach
    truth: float | None
    advised: float | None
    warned: float | None
    closest_m: float
    ended: int = 0
    """How often it was advised of again after that had ended, before it was too near."""


class _Known(NamedTuple):
    """A scene, and of each mover in it when it truly was too near, and how near it came, m."""

    seed: int
    scene: Scene
    truths: list[tuple[float | None, float]]


Scan = Iterator[tuple[float, tuple[Track, ...]]]


def _scored() -> Iterator[Table]:
    scenes = [_Known(seed, made := scene(seed), [_truth(made, one) for one in made.approaches]) for seed in SEEDS]
    for title, sensed in (("as movers tell", _by_themselves), ("as one radar sees", _by_radar)):
        scores = [score for known in scenes for score in _played(known, partial(sensed, seed=known.seed))]
        rows = [_line(way, [one for one in scores if one.one.way == way]) for way in WAYS]
        said = (
            f"{len(scores)} movers of {len(SEEDS)} seeds near twelve sites each, in eight ways"
            f" (`exercise/approaches.py`), seen every {SCAN_S:.0f} s with a chance of nine in ten, {title}. The truth"
            " is where each was without any error, looked at every quarter of a second: too near is within 1 NM and"
            " 300 ft of the volume. Warned of is PREDICTED or INSIDE; missed is who was too near and was not warned of"
            " by the second plot after that. For nothing is who was warned of and never was too near; of those, the"
            " last column says how many came within twice the spacing. How long before: the middle, and what nine in"
            " ten had at least."
        )
        head = ("how", "movers", "too near", "missed", "warned, s", "advised, s", "for nothing", "within 2x")
        yield Table(f"Warnings at sites, {title}", head, [*rows, _line("all", scores)], said)


ALONE: Final[tuple[Way, ...]] = ("straight in", "turns in", "climbs in")


def _alone() -> Table:
    """Score movers of which each is the only one that its radar sees: the beam's turn begins where it is, each time."""
    made = scene(SEEDS[0])
    rows, all_ended = [], 0
    for way in ALONE:
        chosen = [one for one in made.approaches if one.way == way]
        scores, ended = [], 0
        for one in chosen:
            known = _Known(SEEDS[0], alone := made._replace(approaches=(one,)), [_truth(alone, one)])
            found = _played(known, partial(_by_radar, seed=SEEDS[0]))
            scores += found
            ended += found[0].ended
        all_ended += ended
        rows.append((*_line(way, scores)[:6], str(ended)))
    said = (
        f"The movers of seed {SEEDS[0]} that come in, each played by itself under the same radar: nobody else shares a"
        " turn with it. The last column is how many warnings ended before their mover was too near, or never was, and"
        f" came again; the goal is none, and it is {'reached' if not all_ended else 'missed'}."
    )
    head = ("how", "movers", "too near", "missed", "warned, s", "advised, s", "came again")
    return Table("Warnings at sites, of one mover alone", head, rows, said)


def _line(name: str, scores: Sequence[_Score]) -> tuple[str, ...]:
    near = [one for one in scores if one.truth is not None]
    missed = [one for one in near if one.warned is None or one.warned > (one.truth or 0.0) + 2 * SCAN_S]
    leads = [(one.truth or 0.0) - one.warned for one in near if one.warned is not None]
    advised = [(one.truth or 0.0) - one.advised for one in near if one.advised is not None]
    nothing = [one for one in scores if one.truth is None and one.warned is not None]
    close = sum(one.closest_m < 2 * 1_852 for one in nothing)
    rate = f"{len(nothing)} ({len(nothing) / max(1, len(scores) - len(near)):.0%})"
    return name, str(len(scores)), str(len(near)), str(len(missed)), _spread(leads), _spread(advised), rate, str(close)


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.0f}; {percentile(values, 0.1):.0f}" if values else "-"


def _played(known: _Known, sensed: Callable[[Scene], Scan]) -> list[_Score]:
    """Return what became of each mover of a scene, looked at once a second as a node does."""
    made = known.scene
    sites = {str(n): volumes for n, volumes in enumerate(made.sites)}
    first: dict[tuple[str, str], dict[Level, float]] = {}
    begun: dict[tuple[str, str], list[float]] = {}
    state = NOTHING
    for second, seen in sensed(made):
        if not seen:
            continue
        fusion = fuse([batch_of(NORTH, "a", moment(second), seen)])
        looked = look(state, fusion, sites, frozenset(), moment(second))
        stood = {(pair[0], pair[2]) for pair, kept in state.standing.items() if kept.level > Level.NONE}
        state = looked.state
        for one in looked.near:
            if one.level > Level.NONE and (one.pair[0], one.mover.id) not in stood:
                begun.setdefault((one.pair[0], one.mover.id), []).append(second)
            for level in range(Level.ADVISORY, one.level + 1):
                first.setdefault((one.pair[0], one.mover.id), {}).setdefault(Level(level), second)
    return [
        _Score(
            one,
            truth,
            told.get(Level.ADVISORY),
            told.get(Level.PREDICTED),
            closest,
            sum(at < (inf if truth is None else truth) for at in begun.get((str(one.site), one.icao24), [])[1:]),
        )
        for one, (truth, closest) in zip(made.approaches, known.truths, strict=True)
        for told in (first.get((str(one.site), one.icao24), {}),)
    ]


def _truth(made: Scene, one: Approach) -> tuple[float | None, float]:
    return too_near_at(made, one), closest_m(made, one)


def _by_themselves(made: Scene, seed: int) -> Scan:
    picture = Picture()
    for second, plots in told_by_itself(made, seed):
        picture = fold(picture, plots, moment(second))
        yield second, tracks(picture, moment(second))


def _by_radar(made: Scene, seed: int) -> Scan:
    local = LocalPicture((STANDS,), b"scored")
    for second, plots in seen_by_radar(made, seed):
        local.take(plots, moment(second))
        yield second, local.tracks(moment(second))
