"""Which tracks a look may have seen, where they are then, and which plots may be theirs. Compiled."""

from math import atan2, cos, exp, floor, log, pi, sin, sqrt
from typing import Final

import numpy as np
from numba import njit

from quartet.picture.tracker.bank import COUNT, NO_ADDRESS, PAIRS, Bank, Desk
from quartet.picture.tracker.kinematics import likelihood, mix, predict
from quartet.picture.tracker.offsets import relative
from quartet.picture.tracker.rules import GATE, TOP_SPEED, Floats, Ints, Motion
from quartet.picture.tracker.sites import DETECTS, PERIOD, POLAR, RANGE, SIGMA_A, SIGMA_R, X, Y

CELL: Final = 2_000.0
"""Side of a cell in which plots are looked up, m: about the gate of a young track."""
SIGMAS: Final = 4.0
"""The square root of `GATE`."""
KNOWN_TO: Final = 3.0
"""Within so many turns a sensor's plot makes a track known to it."""
SWERVE: Final = 10.0
"""How hard an airliner turns, m/s2; what a straight prediction may miss by."""
KNOWN_GATE: Final = 100.0
"""The gate for a plot that bears the track's own address."""
KNOWN_WORTH: Final = 20.0
"""What one address in common adds to the log of the likelihood: 24 bits are 17."""


@njit(cache=True, nogil=True, fastmath=True)
def look_out(bank: Bank, desk: Desk, sites: Floats, spread: Floats, motion: Motion, who: int, look: Floats) -> int:
    """Lay out on the desk each track that this look may have seen, predicted to when it was looked at; return how many.

    `look` (4,): from and to when, s, from and to which azimuth, rad.
    """
    site, count, near = sites[who], bank.counts[COUNT], 0
    begins, ends, left, width = look[0], look[1], look[2], look[3] - look[2]
    whole = width >= 2 * pi - 1e-9
    middle = 0.5 * (begins + ends)
    for i in range(count):
        dt = middle - bank.at[i]
        rx = bank.cx[i, 0] + dt * bank.cx[i, 2] - site[X]
        ry = bank.cx[i, 1] + dt * bank.cx[i, 3] - site[Y]
        far = sqrt(rx * rx + ry * ry)
        reach = _reach(bank, i, abs(dt), site, far, spread, who)
        if far - reach > site[RANGE]:
            continue
        part = 0.5
        home = 1
        if not whole:
            turned = (atan2(rx, ry) - left) % (2 * pi)
            margin = reach / far if far > 2 * reach else pi
            home = 1 if turned < width else 0
            if home == 0 and turned - width > margin and 2 * pi - turned > margin:
                continue
            part = min(1.0, turned / width) if turned <= 0.5 * width + pi else 0.0
        at = begins + part * (ends - begins)
        desk.row[near], desk.home[near], desk.at[near], desk.reach[near] = i, home, at, reach
        near += 1
    return near


@njit(cache=True, nogil=True, fastmath=True)
def _reach(bank: Bank, i: int, dt: float, site: Floats, far: float, spread: Floats, who: int) -> float:
    """Return how far from its straight prediction a plot of a track may lie, m."""
    p = bank.cp[i]
    noise = site[SIGMA_R] ** 2 + (far * site[SIGMA_A]) ** 2
    other = bank.sensor[i]
    if other != who:
        a, b = 3 * who, 3 * other
        noise += spread[a, a] + spread[b, b] + far * far * (spread[a + 1, a + 1] + spread[b + 1, b + 1])
    here = p[0] + p[2]
    if bank.hits[i] == 1:
        return TOP_SPEED * dt + SIGMAS * sqrt(here + noise)
    ahead = here + 2.0 * dt * abs(p[3] + p[6]) + dt * dt * (p[7] + p[9])
    return SIGMAS * sqrt(ahead + noise) + 0.5 * SWERVE * dt * dt


@njit(cache=True, nogil=True, fastmath=True)
def _predicted(bank: Bank, desk: Desk, motion: Motion, k: int, moves: Floats) -> None:
    """Mix and predict a track's models to the time of its look; most of those near have no plot, and need it not."""
    i = desk.row[k]
    dt = desk.at[k] - bank.at[i]
    mix(bank.x[i], bank.p[i], bank.mu[i], motion.stays, dt, desk.x[k], desk.p[k], desk.mu[k], moves)
    for j in range(motion.rates.shape[0]):
        predict(desk.x[k, j], desk.p[k, j], motion.rates[j], motion.noise[j], dt)


@njit(cache=True, nogil=True, fastmath=True)
def pair(
    bank: Bank,
    desk: Desk,
    near: int,
    sites: Floats,
    spread: Floats,
    motion: Motion,
    who: int,
    at: Floats,
    placed: Floats,
    address: Ints,
    false: Floats,
) -> int:
    """Find the pairs of tracks on the desk and plots that may belong together, with their values; return how many.

    `placed` (n, 5): x, y m; rxx, rxy, ryy m2. `false` (n,): the density of false plots where each lies, 1/m2.
    """
    plots, models, pairs = at.shape[0], motion.rates.shape[0], 0
    if plots == 0:
        return 0
    size = 64
    while size < 2 * plots:
        size *= 2
    head = np.full(size, -1, dtype=np.int64)
    cells = np.empty((plots, 2), dtype=np.int64)
    for n in range(plots):
        cx, cy = int(floor(placed[n, 0] / CELL)), int(floor(placed[n, 1] / CELL))
        cells[n, 0], cells[n, 1] = cx, cy
        slot = _slot(cx, cy, size)
        desk.pair_next[n] = head[slot]
        head[slot] = n
    worth = log(sites[who, DETECTS]) - log(1.0 - sites[who, DETECTS])
    room = desk.pair_value.shape[0]
    moves, d2s, logs = np.empty((models, models)), np.empty(models), np.empty(models)
    for k in range(near):
        i = desk.row[k]
        if sites[who, POLAR] > 0 and bank.last[i, who, 0] > desk.at[k] - 0.5 * sites[who, PERIOD]:
            desk.home[k] = 0  # a radar sees one once a turn
            continue
        dt = desk.at[k] - bank.at[i]
        mx, my = bank.cx[i, 0] + dt * bank.cx[i, 2], bank.cx[i, 1] + dt * bank.cx[i, 3]
        bxx, bxy, byy = 0.0, 0.0, 0.0
        if bank.sensor[i] != who:
            bxx, bxy, byy = relative(spread, sites, who, bank.sensor[i], mx, my, bank.cx[i, 2], bank.cx[i, 3])
            strange = bank.last[i, who, 0] < desk.at[k] - KNOWN_TO * sites[who, PERIOD]
            if strange and bxx + byy > _noise(sites[who], mx, my):
                desk.home[k] = 0  # what is between two sensors must not pass for speed; who is one mover, `join` finds
                continue
        reach, ready = desk.reach[k], False
        x0, x1 = int(floor((mx - reach) / CELL)), int(floor((mx + reach) / CELL))
        y0, y1 = int(floor((my - reach) / CELL)), int(floor((my + reach) / CELL))
        for gx in range(x0, x1 + 1):
            for gy in range(y0, y1 + 1):
                n = head[_slot(gx, gy, size)]
                while n >= 0:
                    if cells[n, 0] == gx and cells[n, 1] == gy and pairs < room:
                        dx, dy = placed[n, 0] - mx, placed[n, 1] - my
                        if dx * dx + dy * dy <= reach * reach:
                            if not ready:
                                _predicted(bank, desk, motion, k, moves)
                                ready = True
                            value = worth - log(false[n]) + _value(
                                bank, desk, k, i, at[n], placed[n], address[n], bxx, bxy, byy, d2s, logs
                            )
                            if value > 0.0:
                                desk.pair_track[pairs], desk.pair_plot[pairs] = k, n
                                desk.pair_value[pairs] = value
                                pairs += 1
                    n = desk.pair_next[n]
    bank.counts[PAIRS] = pairs
    return pairs


@njit(cache=True, nogil=True, fastmath=True)
def _noise(site: Floats, x: float, y: float) -> float:
    """Return the sum of the variances of a radar's plot at a place, m2."""
    dx, dy = x - site[X], y - site[Y]
    return float(site[SIGMA_R] ** 2 + (dx * dx + dy * dy) * site[SIGMA_A] ** 2)


@njit(cache=True, nogil=True, fastmath=True)
def _value(
    bank: Bank,
    desk: Desk,
    k: int,
    i: int,
    at: float,
    plot: Floats,
    address: int,
    bxx: float,
    bxy: float,
    byy: float,
    d2s: Floats,
    logs: Floats,
) -> float:
    """Return the log of a pair's likelihood, 1/m2; minus infinity where the plot is outside the gate, or another's."""
    known = bank.address[i] != NO_ADDRESS and address != NO_ADDRESS
    same = known and bank.address[i] == address
    if known and not same:
        return -np.inf
    models, shift = desk.mu.shape[1], at - desk.at[k]
    nearest, best = np.inf, -np.inf
    for j in range(models):
        x = desk.x[k, j]
        zx, zy = plot[0] - shift * x[2], plot[1] - shift * x[3]
        d2s[j], logs[j] = likelihood(x, desk.p[k, j], zx, zy, plot[2] + bxx, plot[3] + bxy, plot[4] + byy)
        logs[j] += log(desk.mu[k, j] + 1e-30)
        nearest, best = min(nearest, d2s[j]), max(best, logs[j])
    if nearest > (KNOWN_GATE if same else GATE):
        return -np.inf
    total = 0.0
    for j in range(models):
        total += exp(logs[j] - best)
    return best + log(total) + (KNOWN_WORTH + 0.5 * nearest if same else 0.0)


@njit(cache=True, nogil=True, inline="always")
def _slot(cx: int, cy: int, size: int) -> int:
    return ((cx * 73_856_093) ^ (cy * 19_349_663)) & (size - 1)


@njit(cache=True, nogil=True, fastmath=True)
def place(site: Floats, at: Floats, first: Floats, second: Floats, sigma: Floats, placed: Floats) -> None:
    """Write where plots lie: a radar's by range (m) and azimuth (rad) less its offsets, another's as x and y (m).

    `sigma` (n,) is the standard deviation of a place that says its own, m; NaN where it says none.
    """
    for n in range(at.shape[0]):
        if site[POLAR] > 0:
            r, a = first[n] - site[8], second[n] - site[9]
            s, c = sin(a), cos(a)
            along, across = site[SIGMA_R] ** 2, (r * site[SIGMA_A]) ** 2
            placed[n, 0], placed[n, 1] = site[X] + r * s, site[Y] + r * c
            placed[n, 2] = along * s * s + across * c * c
            placed[n, 3] = (along - across) * s * c
            placed[n, 4] = along * c * c + across * s * s
        else:
            own = site[SIGMA_R] if np.isnan(sigma[n]) else sigma[n]
            placed[n, 0], placed[n, 1] = first[n], second[n]
            placed[n, 2], placed[n, 3], placed[n, 4] = own * own, 0.0, own * own
