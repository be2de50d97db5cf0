"""A tracker follows a scene, look by look, and is scored once a turn: ours and Stone Soup's alike."""

import time
from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from benches.picture.scenes import Scene
from benches.picture.score import Score, Siap, score, siap
from quartet.picture.tracker import Look, Tracker, carried

SEEDS: Final = (101, 102, 103, 104, 105)
"""None of them was used in the making."""
PERIOD_S: Final = 4.0
SETTLED_S: Final = 40.0
"""From when on a picture is scored: all have had time to begin."""


class Follower(Protocol):
    """What takes looks, and says where it believes movers to be."""

    def take(self, look: Look) -> None:
        """Take one look."""

    def places(self, at: float) -> NDArray[np.float64]:
        """Return (n, 4) m and m/s."""


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


class Turn(NamedTuple):
    """How far a follower has come: the scene's time s, the plots and the CPU seconds it took, and the scores there."""

    at: float
    plots: int
    used: float
    score: Score | None = None
    siap: Siap | None = None


def turns(drawn: Scene, follower: Follower, until: float = 1e9) -> Iterator[Turn]:
    """Give a follower every look up to a time; yield once a turn, with scores from `SETTLED_S` on, and at the end."""
    plots, used, due = 0, 0.0, PERIOD_S
    for look in drawn.looks:
        if look.ends > until:
            break
        if look.begins > due:
            yield _scored(drawn, follower, Turn(due, plots, used))
            due += PERIOD_S
        began = time.process_time()
        follower.take(look)
        used += time.process_time() - began
        plots += len(look.at)
    yield Turn(due, plots, used)


def rate(drawn: Scene, follower: Follower, until: float = 1e9) -> float:
    """Return how many plots a follower takes in a CPU second."""
    plots, used = 0, 0.0
    for look in drawn.looks:
        if look.ends > until:
            break
        began = time.process_time()
        follower.take(look)
        used += time.process_time() - began
        plots += len(look.at)
    return plots / used


def _scored(drawn: Scene, follower: Follower, turn: Turn) -> Turn:
    if turn.at < SETTLED_S:
        return turn
    truth, found = drawn.at(turn.at), follower.places(turn.at)
    return turn._replace(score=score(truth, found), siap=siap(truth, found))
