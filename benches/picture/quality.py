"""How good the picture is beside Stone Soup's trackers: the same looks and the same scorer, in one run.

Each tracker takes each scene in a process of its own. Stone Soup's ends when it has used up the CPU that it is given or
its memory: what it was scored by until then counts, and ours beside it is taken at the same moments.
"""

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Final, NamedTuple

import numpy as np

from benches.picture.following import SEEDS, SETTLED_S, Follower, Ours, Turn, turns
from benches.picture.scenes import STRAIGHT, TURNING, Kind, scene
from benches.table import Table, number

ENDS_S: Final = 80.0
"""When the last picture of a scene is scored."""
MOST_MEMORY: Final = 6 * 2**30
"""Bytes that Stone Soup may have."""
LIMIT_S: Final = 600
"""CPU seconds that Stone Soup is given for a scene, unless it is said otherwise."""


class Round(NamedTuple):
    """Scenes of one size: how many seeds, and the noises q that Stone Soup's GNN and JPDA are tried with."""

    kind: Kind
    movers: int
    seeds: int
    global_nearest: tuple[float, ...] = ()
    joint: tuple[float, ...] = ()


ROUNDS: Final = tuple(
    made
    for kind, best in ((STRAIGHT, 4.0), (TURNING, 100.0))
    for made in (
        Round(kind, 10, 5, (4.0, 25.0, 100.0, 200.0), (best,)),
        Round(kind, 50, 3, tuple(sorted({4.0, best})), (best,)),
        Round(kind, 200, 2, tuple(sorted({4.0, best})), (best,)),
        Round(kind, 2_000, 1, (best,), (best,)),
        Round(kind, 20_000, 2),
    )
)


class Asked(NamedTuple):
    """Which tracker is to follow which scene: without a noise it is ours, `joint` is JPDA, else it is GNN."""

    kind: Kind
    movers: int
    seed: int
    noise: float | None = None
    joint: bool = False

    @property
    def name(self) -> str:
        """Return what the tracker is called in the table."""
        return "Quartet" if self.noise is None else f"{'JPDA' if self.joint else 'GNN'}, q = {self.noise:.0f}"


def compare(tell: Callable[[Table], None], limit: int = LIMIT_S, seeds: int = len(SEEDS)) -> None:
    """Measure how good the picture is, and tell it after each size of scene."""
    rows: list[tuple[str, ...]] = []
    for one in ROUNDS:
        rows += _rows(one._replace(seeds=min(seeds, one.seeds)), limit)
        tell(_table(rows, limit))


def _rows(one: Round, limit: int) -> Iterator[tuple[str, ...]]:
    seeds = SEEDS[: one.seeds]
    tried: list[tuple[float | None, bool]] = [(None, False)]
    tried += [(q, False) for q in one.global_nearest] + [(q, True) for q in one.joint]
    label = f"{one.kind.name}, {one.movers:,} movers, {len(seeds)} seed{'s' if len(seeds) > 1 else ''}"
    ours: list[list[Turn]] = []
    for noise, joint in tried:
        asked = [Asked(one.kind, one.movers, seed, noise, joint) for seed in seeds]
        found = [followed(each, limit) for each in asked]
        ours = ours or found
        yield (label, asked[0].name, *_figures(found, ours))


def followed(asked: Asked, limit: int) -> list[Turn]:
    """Return what a tracker in a process of its own told, turn by turn, until it was through or had used its CPU up."""
    spawned = multiprocessing.get_context("spawn")
    mine, its = spawned.Pipe(duplex=False)
    child = spawned.Process(target=_follow, args=(its, asked, limit))
    child.start()
    its.close()
    told: list[Turn] = []
    try:
        while True:
            told.append(mine.recv())
    except EOFError:
        child.join()
    return told


def _follow(pipe: Connection, asked: Asked, limit: int) -> None:
    """Follow a scene and tell each turn; the kernel ends this process when its CPU is used up."""
    drawn = scene(asked.kind, asked.movers, ENDS_S + 4.0, asked.seed)
    follower: Follower
    if asked.noise is None:
        warm = scene(asked.kind, 50, 20.0, 0)
        list(turns(warm, Ours(warm)))
        follower = Ours(drawn)
    else:
        from benches.picture.stonesoup import StoneSoup

        follower = StoneSoup(drawn, asked.noise, joint=asked.joint)
        ends = int(time.process_time()) + limit
        resource.setrlimit(resource.RLIMIT_CPU, (ends, ends))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for turn in turns(drawn, follower):
        pipe.send(turn)


def _figures(found: Sequence[list[Turn]], ours: Sequence[list[Turn]]) -> tuple[str, ...]:
    """Return a row: medians over scenes of the means over turns; of ours, those turns that the other was scored at."""
    reached = min((told[-1].at if told else 0.0) for told in found)
    rates = [told[-1].plots / told[-1].used for told in found if told and told[-1].used > 0]
    rate = number(float(np.median(rates))) if rates else "-"
    means = [_means(told, {turn.at for turn in told if turn.score}) for told in found]
    same = [_means(own, {turn.at for turn in told if turn.score}) for told, own in zip(found, ours, strict=True)]
    both = [pair for pair in zip(means, same, strict=True) if pair[0] is not None and pair[1] is not None]
    if not both:
        return (f"{reached:.0f}", rate, *("-" for _ in range(9)))
    gospa, rms, missed, false, complete, ambiguous, spurious, _, speed = np.median([its for its, _ in both], axis=0)
    own = float(np.median([it[0] for _, it in both if it]))
    return (
        f"{min(reached, ENDS_S):.0f}",
        rate,
        number(float(gospa)),
        f"{own / float(gospa):.2f}",
        number(float(rms)),
        f"{missed:.1f}",
        f"{false:.1f}",
        f"{complete:.3f}",
        f"{ambiguous:.3f}",
        f"{spurious:.3f}",
        f"{speed:.1f}",
    )


def _means(told: list[Turn], at: set[float]) -> tuple[float, ...] | None:
    """Return the means of the scores of the turns at some times, none if there is no such turn."""
    rows = [(*turn.score, *turn.siap) for turn in told if turn.at in at and turn.score and turn.siap]
    return tuple(float(mean) for mean in np.mean(rows, axis=0)) if rows else None


def _table(rows: list[tuple[str, ...]], limit: int) -> Table:
    return Table(
        "Tracker: how good its picture is, beside Stone Soup",
        (
            "scene",
            "tracker",
            "followed to s",
            "detections a CPU s",
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
        f"`make bench ARGS='--only quality'`. The same looks of two radars (sigma 50 m and 0.05 degrees, Pd 0.9, seeds "
        f"not used in the making, medians) and the same scorer (GOSPA, c = 500 m, p = 2, once a turn from "
        f"{SETTLED_S:.0f} to {ENDS_S:.0f} s), in one run. Stone Soup: GNN and JPDA (exact, by efficient hypothesis "
        f"management) with an extended Kalman filter, a constant velocity model of noise q, tracks after three plots, "
        f"four turns without one end a track. It is given {limit} s of CPU and {MOST_MEMORY // 2**30} GiB a scene: "
        f"where it came less far than {ENDS_S:.0f} s that was used up, and ours is compared at the same moments; `-` "
        "is where it was not far enough to be scored. The last four are SIAP's: the part that has a track, tracks for "
        "each, the part of tracks that is nobody's, and the mean error of velocity.",
    )
