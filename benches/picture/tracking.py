"""How fast the tracker is beside Stone Soup's, how well it finds offsets, how it starts, what memory it takes.

Where Stone Soup would take hours, it is given the first turns of the scene alone. CPU seconds of this process are
counted, not the clock's.
"""

import gc
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Final

import numpy as np

from benches.picture.bound import bound
from benches.picture.following import SEEDS, Ours, rate
from benches.picture.scenes import TURNING, Scene, scene
from benches.table import Table, number
from quartet.picture.tracker import Tracker

MARKS: Final = (60.0, 300.0)
"""When offsets are looked at, s."""
BRIEF_S: Final = 6.0
"""Seconds of a large scene that Stone Soup is given to be timed."""


def measure(tell: Callable[[Table], None]) -> None:
    """Measure, and tell each table as it is ready."""
    rate(scene(TURNING, 50, 20, 0), Ours(scene(TURNING, 50, 20, 0)))  # compiled before anything is timed
    tell(registration())
    tell(speed())
    tell(starts())
    tell(hour())


def registration() -> Table:
    """How well offsets are found, and how well they can be."""
    rows = []
    for movers, range_m, azimuth in ((50, 150.0, 0.3), (5, 150.0, 0.3), (50, 500.0, 1.0), (5, 500.0, 1.0)):
        given = (range_m, float(np.radians(azimuth))), (0.0, 0.0)
        scenes = [scene(TURNING, movers, 304.0, seed, offsets=given) for seed in SEEDS]
        found = [_residuals(drawn, given) for drawn in scenes]
        for n, mark in enumerate(MARKS):
            worst = np.array([one[n] for one in found])
            least = np.array([bound(drawn, given, mark)[:, :2].max(axis=0) for drawn in scenes])
            rows.append(
                (
                    f"{movers} common movers, {range_m:.0f} m and {azimuth:.1f} deg",
                    f"{mark:.0f} s",
                    f"{np.median(worst[:, 0]):.1f}",
                    f"{worst[:, 0].max():.1f}",
                    f"{least[:, 0].max():.1f}",
                    f"{np.degrees(np.median(worst[:, 1])):.4f}",
                    f"{np.degrees(worst[:, 1].max()):.4f}",
                    f"{np.degrees(least[:, 1].max()):.4f}",
                    f"{np.median(worst[:, 2]):.0f}",
                )
            )
    return Table(
        "Tracker: offsets of two radars",
        ("scene", "after", "range m, middle", "worst", "limit", "azimuth deg, middle", "worst", "limit", "tracks"),
        rows,
        f"One radar is off, the other is not; neither is known to be right. What is left of the larger of both errors, "
        f"over {len(SEEDS)} seeds. Goals with fifty: 15 m and 0.03 deg at 60 s, 5 m and 0.01 deg at 300 s; with five "
        "30 m and 0.05 deg. The limit is one standard deviation by the Cramér-Rao bound (`benches/picture/bound.py`), "
        "of the radar and seed that can be known worst: an error of twice that is one in twenty of whatever tracker.",
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
        ours = float(np.median([rate(d, Ours(d)) for d in (scene(TURNING, movers, seconds, s) for s in SEEDS[:2])]))
        theirs = None
        if movers <= 2_000:
            drawn = scene(TURNING, movers, 30.0, SEEDS[0])
            theirs = rate(drawn, StoneSoup(drawn, 25.0), 30.0 if movers <= 50 else BRIEF_S)
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
