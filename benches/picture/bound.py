"""How well two radars' offsets can be known at all from what they saw: the Cramér-Rao bound.

It is that of somebody who knows which plot is whose and which is false, and how each mover flew but for where it began
and how fast, so that no tracker can do better without bias. What is supposed of any radar (`prior`) is in it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benches.picture.scenes import Scene, between
from quartet.picture.tracker.offsets import prior
from quartet.picture.tracker.sites import Site

Floats = NDArray[np.float64]

OF_A_MOVER_M: Final = 250.0
"""A plot nearer to a mover than this, less the true offset, is its: five times what a radar errs by."""
UNKNOWN_M: Final = 1e4
UNKNOWN_MPS: Final = 300.0
"""How little is known of where a mover began and how fast, one standard deviation."""


def bound(drawn: Scene, given: tuple[tuple[float, float], ...], until: float) -> Floats:
    """Return the least standard deviations (sensors, 3) of range m, azimuth rad, time s by what came until then."""
    known = np.linalg.inv(prior([site.polar for site in drawn.sites]))
    for plots in _plots(drawn, given, until):
        size = 2 * len(plots)
        spread, ways = np.zeros((size, size)), np.zeros((size, len(known)))
        times = np.repeat([at for at, _, _ in plots], 2)
        same = np.equal.outer(np.arange(size) % 2, np.arange(size) % 2)
        spread += same * (UNKNOWN_M**2 + UNKNOWN_MPS**2 * np.outer(times, times))
        for n, (_, sensor, state) in enumerate(plots):
            rows = slice(2 * n, 2 * n + 2)
            noise, way = _seen(drawn.sites[sensor], state)
            spread[rows, rows] += noise
            ways[rows, 3 * sensor : 3 * sensor + 3] = way
        known += ways.T @ np.linalg.solve(spread, ways)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(known))).reshape(-1, 3))


def _plots(drawn: Scene, given: tuple[tuple[float, float], ...], until: float) -> list[list[tuple[float, int, Floats]]]:
    """Return for each mover its plots: when, whose, and where the mover was."""
    movers = drawn.truth.shape[1]
    found: list[list[tuple[float, int, Floats]]] = [[] for _ in range(movers)]
    for look in drawn.looks:
        if look.ends > until:
            break
        site, (r, a) = drawn.sites[look.sensor], given[look.sensor]
        for at, first, second in zip(look.at, look.first - r, look.second - a, strict=True):
            truth = between(drawn.truth, np.full(movers, at))
            x, y = site.x_m + first * np.sin(second), site.y_m + first * np.cos(second)
            far = np.hypot(truth[:, 0] - x, truth[:, 1] - y)
            if far.min() < OF_A_MOVER_M:
                found[int(far.argmin())].append((float(at), look.sensor, truth[far.argmin()]))
    return [plots for plots in found if plots]


def _seen(site: Site, state: Floats) -> tuple[Floats, Floats]:
    """Return a plot's covariance (2, 2), and how each offset moves it (2, 3)."""
    to = state[:2] - (site.x_m, site.y_m)
    along, across = to / np.hypot(*to), np.array([to[1], -to[0]])
    noise = site.sigma_range_m**2 * np.outer(along, along) + site.sigma_azimuth_rad**2 * np.outer(across, across)
    return noise, np.column_stack((along, across, -state[2:]))
