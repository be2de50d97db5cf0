"""How good a picture is, against the truth: GOSPA, and what stands behind it."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUTOFF_M: Final = 500.0
"""GOSPA's c; its p is 2, its alpha 2 (Rahmathullah, Garcia-Fernandez and Svensson 2017)."""


class Score(NamedTuple):
    """One moment's figures: GOSPA m, the error of those found (root mean square, m), how many missed and false."""

    gospa: float
    rms: float
    missed: int
    false: int


def score(truth: Floats, found: Floats) -> Score:
    """Compare places (n, >=2) m with places (k, >=2) m."""
    pairs = _pairs(truth, found)
    error = float(sum(d**2 for _, _, d in pairs))
    missed, false = len(truth) - len(pairs), len(found) - len(pairs)
    whole = (error + CUTOFF_M**2 / 2 * (missed + false)) ** 0.5
    return Score(whole, (error / max(1, len(pairs))) ** 0.5, missed, false)


class Siap(NamedTuple):
    """The single integrated air picture's figures of one moment (Votruba, Nisley and others 2001).

    Completeness: the part of those there that have a track. Ambiguity: tracks for each of them. Spurious: the part of
    the tracks that are nobody's. Place and speed: the mean error of the tracks that are somebody's, m and m/s.
    """

    completeness: float
    ambiguity: float
    spurious: float
    place: float
    speed: float


def siap(truth: Floats, found: Floats) -> Siap:
    """Compare states (n, 4) with states (k, 4), m and m/s; a track is that of the nearest within the cutoff."""
    if not len(truth) or not len(found):
        return Siap(0.0, float("nan"), float(len(found) > 0), float("nan"), float("nan"))
    far, nearest = cKDTree(truth[:, :2]).query(found[:, :2])
    own = far < CUTOFF_M
    tracked = len(np.unique(nearest[own]))
    speed = np.hypot(*(found[own, 2:4] - truth[nearest[own], 2:4]).T)
    return Siap(
        tracked / len(truth),
        float(own.sum()) / max(1, tracked),
        1 - float(own.mean()),
        float(far[own].mean()) if own.any() else float("nan"),
        float(speed.mean()) if own.any() else float("nan"),
    )


def _pairs(truth: Floats, found: Floats) -> list[tuple[int, int, float]]:
    """Return the best pairs nearer than the cutoff. Who is near nobody is no part of the choice, which is sparse."""
    if not len(truth) or not len(found):
        return []
    near = cKDTree(truth[:, :2]).sparse_distance_matrix(cKDTree(found[:, :2]), CUTOFF_M, output_type="coo_matrix")
    if not near.nnz:
        return []
    graph = coo_matrix((near.data + 1.0, (near.row, near.col + len(truth))), shape=(len(truth) + len(found),) * 2)
    _, part = connected_components(graph, directed=False)
    order = np.argsort(part[near.row], kind="stable")
    row, column, far = near.row[order], near.col[order], near.data[order]
    ends = np.flatnonzero(np.diff(part[row])) + 1
    return [pair for rows in np.split(np.arange(len(row)), ends) for pair in _best(row[rows], column[rows], far[rows])]


def _best(row: Ints, column: Ints, far: Floats) -> list[tuple[int, int, float]]:
    """Return the best pairs of those that hang together; the choice in one part is none of another's."""
    rows, columns = np.unique(row), np.unique(column)
    cost = np.full((len(rows), len(columns)), CUTOFF_M**2)
    cost[np.searchsorted(rows, row), np.searchsorted(columns, column)] = far**2
    taken = zip(*linear_sum_assignment(cost), strict=True)
    return [(int(rows[r]), int(columns[c]), float(cost[r, c] ** 0.5)) for r, c in taken if cost[r, c] < CUTOFF_M**2]
