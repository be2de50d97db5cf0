"""What the tracker makes of a scene, beside Stone Soup's trackers over the same looks, with one scorer, in one run.

Stone Soup runs as long as it is given; where it would take hours, it is given the first turns of the scene alone, and
its quality is not stated. CPU seconds of this process are counted, not the clock's.
"""

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from benches.picture.scenes import STRAIGHT, TURNING, Kind, Scene, scene
from benches.picture.score import score, siap
from benches.table import Table, number
from quartet.picture.tracker import Look, Tracker, carried

SEEDS: Final = (101, 102, 103, 104, 105)
SETTLED_S: Final = 40.0
"""From when on a picture is scored: all have had time to begin."""
PERIOD_S: Final = 4.0
BESIDE: Final = 40.0
"""Seconds of a scene that Stone Soup is given where it is scored."""
MARKS: Final = (60.0, 300.0)
"""When offsets are looked at, s."""
NOISES: Final = (4.0, 25.0, 100.0, 200.0)
BRIEF_S: Final = 6.0
"""Seconds of a large scene that Stone Soup is given to be timed."""


class Follower(Protocol):
    """What takes looks, and says where it believes movers to be."""

    def take(self, look: Look) -> None:
        """Take one look."""

    def places(self, at: float) -> NDArray[np.float64]:
        """Return (n, >=2) m."""


class Ours:
    """The tracker, as the others are asked."""

    def __init__(self, drawn: Scene) -> None:
        self._tracker = Tracker(drawn.sites)

    def take(self, look: Look) -> None:
        """Take one look."""
        self._tracker.take(look)

    def places(self, at: float) -> NDArray[np.float64]:
        """Return (n, 4) m and m/s."""
        return carried(self._tracker.tracks(at)).state


class Run(NamedTuple):
    """What came of one: detections a CPU second, and the means of the scores."""

    rate: float
    gospa: float
    rms: float
    missed: float
    false: float
    completeness: float
    ambiguity: float
    spurious: float
    place: float
    speed: float


def run(drawn: Scene, follower: Follower, until: float = 1e9) -> Run:
    """Give a follower every look up to a time, and score it once a turn."""
    plots, used, due = 0, 0.0, SETTLED_S
    scores: list[tuple[float, ...]] = []
    for look in drawn.looks:
        if look.ends > until:
            break
        if look.begins > due:
            truth, found = drawn.at(due), follower.places(due)
            scores.append((*score(truth, found), *siap(truth, found)))
            due += PERIOD_S
        began = time.process_time()
        follower.take(look)
        used += time.process_time() - began
        plots += len(look.at)
    means = np.mean(scores, axis=0) if scores else np.full(9, np.nan)
    return Run(plots / used, *(float(mean) for mean in means))


def measure(tell: Callable[[Table], None]) -> None:
    """Measure, and tell each table as it is ready."""
    run(scene(TURNING, 50, 20, 0), Ours(scene(TURNING, 50, 20, 0)))  # compiled before anything is timed
    tell(registration())
    tell(speed())
    tell(starts())
    tell(hour())


def compare(tell: Callable[[Table], None]) -> None:
    """Measure how good the picture is, which takes an hour for Stone Soup's sake, and tell it after each scene."""
    for table in quality():
        tell(table)


def quality() -> Iterator[Table]:
    """GOSPA beside Stone Soup's, the median of several scenes: the table as it grows."""
    rows: list[tuple[str, ...]] = []
    for kind, best in ((TURNING, NOISES[2]), (STRAIGHT, NOISES[0])):
        for part in (
            _beside(kind, 10, NOISES),
            _beside(kind, 10, (), (best,), seeds=SEEDS[:3]),
            _beside(kind, 50, (NOISES[0], best)[: 1 + (best != NOISES[0])]),
            _beside(kind, 200, (best,), seeds=SEEDS[:2]),
            _beside(kind, 2_000, (), seeds=SEEDS[:3]),
            _beside(kind, 20_000, (), seeds=SEEDS[:1]),
        ):
            rows += list(part)
            yield _quality(rows)


def _quality(rows: list[tuple[str, ...]]) -> Table:
    return Table(
        "Tracker: how good its picture is, beside Stone Soup",
        (
            "scene",
            "tracker",
            "GOSPA m",
            "ours of it",
            "rms m",
            "missed",
            "false",
            "complete",
            "ambiguous",
            "spurious",
            "speed m/s",
        ),
        rows,
        f"`make bench ARGS='--only quality'`. The same looks of two radars (sigma 50 m and 0.05 degrees, Pd 0.9, "
        f"seeds not used in the making, medians) and the same scorer (GOSPA, c = 500 m, p = 2, once a "
        f"turn from {SETTLED_S:.0f} to {BESIDE + SETTLED_S:.0f} s). Stone Soup: GNN and JPDA with an extended Kalman "
        "filter, a constant velocity model of noise q, tracks after three plots, four turns without one end a "
        "track. The last four are SIAP's: the part that has a track, tracks for each, the part of tracks that is "
        "nobody's, and the mean error of velocity.",
    )


def _beside(
    kind: Kind,
    movers: int,
    noises: tuple[float, ...],
    joint: tuple[float, ...] = (),
    seeds: tuple[int, ...] = SEEDS,
) -> Iterator[tuple[str, ...]]:
    from benches.picture.stonesoup import StoneSoup

    scenes = [scene(kind, movers, SETTLED_S + BESIDE, seed) for seed in seeds]
    ours = _median([run(drawn, Ours(drawn)) for drawn in scenes])
    label = f"{kind.name}, {movers:,} movers, {len(seeds)} seeds"
    yield (label, "Quartet", *_figures(ours, ours))
    for q in noises:
        yield (label, f"GNN, q = {q:.0f}", *_figures(_median([run(d, StoneSoup(d, q)) for d in scenes]), ours))
    for q in joint:
        mixed = _median([run(d, StoneSoup(d, q, joint=True)) for d in scenes])
        yield (label, f"JPDA, q = {q:.0f}", *_figures(mixed, ours))


def _figures(found: Run, ours: Run) -> tuple[str, ...]:
    return (
        number(found.gospa),
        f"{ours.gospa / found.gospa:.2f}",
        number(found.rms),
        f"{found.missed:.1f}",
        f"{found.false:.1f}",
        f"{found.completeness:.3f}",
        f"{found.ambiguity:.3f}",
        f"{found.spurious:.3f}",
        f"{found.speed:.1f}",
    )


def _median(runs: list[Run]) -> Run:
    return Run(*(float(value) for value in np.median(runs, axis=0)))


def registration() -> Table:
    """How well offsets are found."""
    rows = []
    for movers, range_m, azimuth in ((50, 150.0, 0.3), (5, 150.0, 0.3), (50, 500.0, 1.0), (5, 500.0, 1.0)):
        given = (range_m, float(np.radians(azimuth))), (0.0, 0.0)
        found = [_residuals(scene(TURNING, movers, 304.0, seed, offsets=given), given) for seed in SEEDS]
        for n, mark in enumerate(MARKS):
            worst = np.array([one[n] for one in found])
            rows.append(
                (
                    f"{movers} common movers, {range_m:.0f} m and {azimuth:.1f} deg",
                    f"{mark:.0f} s",
                    f"{np.median(worst[:, 0]):.1f}",
                    f"{worst[:, 0].max():.1f}",
                    f"{np.degrees(np.median(worst[:, 1])):.4f}",
                    f"{np.degrees(worst[:, 1].max()):.4f}",
                    f"{np.median(worst[:, 2]):.0f}",
                )
            )
    return Table(
        "Tracker: offsets of two radars",
        ("scene", "after", "range m, middle", "worst", "azimuth deg, middle", "worst", "tracks"),
        rows,
        f"One radar is off, the other is not; neither is known to be right. What is left of the larger of both errors, "
        f"over {len(SEEDS)} seeds. Goals with fifty: 15 m and 0.03 deg at 60 s, 5 m and 0.01 deg at 300 s; with five "
        "30 m and 0.05 deg.",
    )


def _residuals(drawn: Scene, given: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float]]:
    """Return what is left of the larger error in range m and azimuth rad at each mark, and how many are shown."""
    tracker = Tracker(drawn.sites)
    left: list[tuple[float, float, float]] = []
    for look in drawn.looks:
        if len(left) < len(MARKS) and look.begins > MARKS[len(left)]:
            found = [tracker.offsets(n) for n in range(len(given))]
            r = max(abs(one.range_m - r) for one, (r, _) in zip(found, given, strict=True))
            a = max(abs(one.azimuth_rad - a) for one, (_, a) in zip(found, given, strict=True))
            left.append((r, a, float(len(tracker.tracks(look.begins).number))))
        tracker.take(look)
    return left


def speed() -> Table:
    """Detections a CPU second."""
    from benches.picture.stonesoup import StoneSoup

    rows = []
    for movers in (10, 50, 200, 2_000, 20_000):
        seconds = 60.0 if movers > 2_000 else 120.0
        runs = [run(d, Ours(d)) for d in (scene(TURNING, movers, seconds, seed) for seed in SEEDS[:2])]
        ours = float(np.median([one.rate for one in runs]))
        theirs = None
        if movers <= 2_000:
            drawn = scene(TURNING, movers, 30.0, SEEDS[0])
            theirs = run(drawn, StoneSoup(drawn, 25.0), 30.0 if movers <= 50 else BRIEF_S).rate
        a_turn = movers * 0.9 * 2 + max(10, movers // 2) * 2
        rows.append(
            (
                f"{movers:,}",
                number(ours),
                "-" if theirs is None else number(theirs),
                "-" if theirs is None else f"{ours / theirs:,.0f}",
                f"{a_turn / ours * 1000:.1f}",
            )
        )
    return Table(
        "Tracker: detections a second of CPU, beside Stone Soup",
        ("movers", "Quartet", "Stone Soup GNN", "ratio", "ms for one turn of both radars"),
        rows,
        "Manoeuvring scenes, everything on: three models, gates, clusters, assignment, false plots, offsets, joining. "
        "Identical looks of an eighth of a turn, in one run; one core. Stone Soup is asked about near plots alone.",
    )


def starts() -> Table:
    """How long the first track takes, with nothing compiled and with all."""
    words = [sys.executable, "-c", _START]
    cold, warm = (
        float(subprocess.run([*words, way], capture_output=True, check=True).stdout) for way in ("cold", "warm")
    )
    return Table(
        "Tracker: start",
        ("start", "CPU seconds"),
        (("nothing compiled", f"{cold:.1f}"), ("compiled before", f"{warm:.2f}")),
        "From an empty process to the first look taken; what is compiled is kept beside the code.",
    )


_START: Final = """
import sys, time, tempfile, os
began = time.process_time()
if sys.argv[1] == "cold":
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp()
from quartet.picture.local import warm
warm()
print(time.process_time() - began)
"""


def hour() -> Table:
    """Memory over an hour's looks."""
    rows = []
    drawn = scene(TURNING, 200, 124.0, SEEDS[0])
    tracker = Tracker(drawn.sites)
    for minute in range(0, 61, 2):
        for look in drawn.looks:
            if look.ends <= 120.0:
                shift = minute * 60.0
                tracker.take(look._replace(begins=look.begins + shift, ends=look.ends + shift, at=look.at + shift))
        if minute in (2, 20, 40, 60):
            gc.collect()
            rows.append((f"{minute} min", f"{_resident():.0f}", str(len(tracker))))
    return Table(
        "Tracker: memory over an hour",
        ("after", "resident MB", "tracks kept"),
        rows,
        "200 movers, two radars, an hour of looks: the scene of two minutes again and again, as if new each time.",
    )


def _resident() -> float:
    with open("/proc/self/statm") as file:  # noqa: PTH123 - of this process
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
