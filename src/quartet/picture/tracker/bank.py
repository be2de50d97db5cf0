"""Where the tracker keeps its tracks: a column a property, rows without gaps. And what a step needs to think.

Rows move when a track is deleted; a track's number does not.
"""

from typing import Final, NamedTuple

import numpy as np

from quartet.picture.tracker.rules import Floats, Ints

STATE: Final = 4
COVARIANCE: Final = 10
COUNT: Final = 0
NEXT_NUMBER: Final = 1
PAIRS: Final = 2
TRIPLES: Final = 3
NO_ADDRESS: Final = -1
MAX_TRIPLES: Final = 4_096
"""Common sightings of two sensors that one step keeps for their offsets; what is more is left out."""
PAIRS_A_PLOT: Final = 24
"""Candidates that a step keeps, on average of its plots; what is more is left out, the farthest track last."""


class Bank(NamedTuple):
    """The tracks, (n, ...) each; `counts` holds how many rows count, and the next number.

    `x` (n, m, 4) m and m/s, `p` (n, m, 10), `mu` (n, m): a model each. `cx` (n, 4), `cp` (n, 10): their mixture. `at`
    (n,) s: the time of the state; `seen` (n,) s: of the last plot. `last` (n, sensors, 3): time s, range m, azimuth rad
    of the last plot of each sensor, as measured.
    """

    counts: Ints
    number: Ints
    address: Ints
    sensor: Ints
    hits: Ints
    at: Floats
    seen: Floats
    born: Floats
    score: Floats
    height: Floats
    slack: Floats
    x: Floats
    p: Floats
    mu: Floats
    cx: Floats
    cp: Floats
    last: Floats


class Desk(NamedTuple):
    """What one step lays out: of the tracks near the sector their rows, predictions and time; pairs; triples.

    A triple (k, 11): two sensors; then time s, range m and azimuth rad (or x, y m) as measured of the first one's new
    plot, of its last one, and of the other one's plot between them.
    """

    row: Ints
    home: Ints
    chosen: Ints
    at: Floats
    reach: Floats
    x: Floats
    p: Floats
    mu: Floats
    pair_track: Ints
    pair_plot: Ints
    pair_next: Ints
    pair_value: Floats
    triples: Floats


def new_bank(size: int, models: int, sensors: int) -> Bank:
    """Return an empty bank for `size` tracks."""
    return Bank(
        counts=np.array([0, 1, 0, 0], dtype=np.int64),
        number=np.zeros(size, dtype=np.int64),
        address=np.full(size, NO_ADDRESS, dtype=np.int64),
        sensor=np.zeros(size, dtype=np.int64),
        hits=np.zeros(size, dtype=np.int64),
        at=np.zeros(size),
        seen=np.zeros(size),
        born=np.zeros(size),
        score=np.zeros(size),
        height=np.full(size, np.nan),
        slack=np.zeros((size, 2)),
        x=np.zeros((size, models, STATE)),
        p=np.zeros((size, models, COVARIANCE)),
        mu=np.zeros((size, models)),
        cx=np.zeros((size, STATE)),
        cp=np.zeros((size, COVARIANCE)),
        last=np.full((size, sensors, 3), -np.inf),
    )


def grown(bank: Bank, size: int) -> Bank:
    """Return a larger bank with the same tracks."""
    larger = new_bank(size, bank.mu.shape[1], bank.last.shape[1])
    larger.counts[:] = bank.counts
    for old, new in zip(bank[1:], larger[1:], strict=True):
        new[: len(old)] = old
    return larger


def new_desk(size: int, models: int, plots: int) -> Desk:
    """Return room for a step with so many tracks and plots."""
    pairs = PAIRS_A_PLOT * max(plots, 64)
    return Desk(
        row=np.zeros(size, dtype=np.int64),
        home=np.zeros(size, dtype=np.int64),
        chosen=np.zeros(size, dtype=np.int64),
        at=np.zeros(size),
        reach=np.zeros(size),
        x=np.zeros((size, models, STATE)),
        p=np.zeros((size, models, COVARIANCE)),
        mu=np.zeros((size, models)),
        pair_track=np.zeros(pairs, dtype=np.int64),
        pair_plot=np.zeros(pairs, dtype=np.int64),
        pair_next=np.zeros(pairs, dtype=np.int64),
        pair_value=np.zeros(pairs),
        triples=np.zeros((MAX_TRIPLES, 11)),
    )
