"""Which tracks a look may have seen, where they are then, and which plots may be theirs. Compiled."""

from math import atan2, cos, floor, log, pi, sin, sqrt
from typing import Final

import numpy as np

from quartet.picture.compiled import bare, inlined, reordered_part
from quartet.picture.tracker.bank import COUNT, NO_ADDRESS, PAIRS, Bank, Desk
from quartet.picture.tracker.kinematics import likelihood, mix, predict
from quartet.picture.tracker.offsets import relative
from quartet.picture.tracker.rules import GATE, TOP_SPEED, Floats, Ints, Motion
from quartet.picture.tracker.sites import DETECTS, PERIOD, POLAR, RANGE, SIGMA_A, SIGMA_R, X, Y

CELL: Final = 2_000.0
"""Side of a cell in which plots are looked up, m: about the gate of a young track."""
FEW_CELLS: Final = 4_096
"""So many cells are looked up even where there are fewer plots; a track that reaches over more looks at the plots."""
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


@bare
def look_out(bank: Bank, desk: Desk, sites: Floats, spread: Floats, who: int, look: Floats) -> int:
    """Lay out on the desk each track that this look may have seen, and when it was looked at; return how many.

    `look` (4,): from and to when, s, from and to which azimuth, rad.
    """
    count, near = bank.counts[COUNT], 0
    begins, ends, left, width = look[0], look[1], look[2], look[3] - look[2]
    whole = width >= pi
    middle = 0.5 * (begins + ends)
    px, py, limit = sites[who, X], sites[who, Y], sites[who, RANGE]
    lx, ly, rx, ry = sin(left), cos(left), sin(look[3]), cos(look[3])
    loose_r, loose_a = _loosest(sites, spread, who)
    for i in range(count):
        dt = middle - bank.at[i]
        x = bank.cx[i, 0] + dt * bank.cx[i, 2] - px
        y = bank.cx[i, 1] + dt * bank.cx[i, 3] - py
        dt = abs(dt)
        most = bank.slack[i, 0] + dt * (bank.slack[i, 1] + 0.5 * SWERVE * dt) + loose_r + loose_a * (abs(x) + abs(y))
        if not whole and (
            y * lx - x * ly > most or x * ry - y * rx > most or x * (lx + rx) + y * (ly + ry) < -2 * most
        ):
            continue
        reach = _reach(bank, i, dt, sites, x * x + y * y, spread, who)
        far = sqrt(x * x + y * y)
        if far - reach > limit:
            continue
        part, home = 0.5, 1
        if width < 2 * pi - 1e-9:
            turned = atan2(x, y) - left
            turned -= 2 * pi * floor(turned / (2 * pi))
            home = 1 if turned < width else 0
            part = min(1.0, turned / width) if turned <= 0.5 * width + pi else 0.0
        at = begins + part * (ends - begins)
        desk.row[near], desk.home[near], desk.at[near], desk.reach[near] = i, home, at, reach
        near += 1
    return near


@bare
def _loosest(sites: Floats, spread: Floats, who: int) -> tuple[float, float]:
    """Return a bound of how far a plot lies from its place, m, and m for each m of range: noise and offsets."""
    r, a = sites[who, SIGMA_R], sites[who, SIGMA_A]
    for s in range(sites.shape[0]):
        r = max(r, sites[who, SIGMA_R] + sqrt(spread[3 * s, 3 * s] + spread[3 * who, 3 * who]))
        a = max(a, sites[who, SIGMA_A] + sqrt(spread[3 * s + 1, 3 * s + 1] + spread[3 * who + 1, 3 * who + 1]))
    return SIGMAS * r, SIGMAS * a


@bare
def slacken(bank: Bank, i: int) -> None:
    """Note a bound of how far a track may be from its straight prediction: m, and m for each second."""
    bank.slack[i, 0] = SIGMAS * sqrt(bank.cp[i, 0] + bank.cp[i, 2])
    spread = sqrt(bank.cp[i, 7] + bank.cp[i, 9])
    cross = sqrt(2.0 * abs(bank.cp[i, 3] + bank.cp[i, 6]))
    bank.slack[i, 0] += SIGMAS * cross
    bank.slack[i, 1] = SIGMAS * (spread + cross) + (TOP_SPEED if bank.hits[i] == 1 else 0.0)


@inlined
def _reach(bank: Bank, i: int, dt: float, sites: Floats, far2: float, spread: Floats, who: int) -> float:
    """Return how far from its straight prediction a plot of a track may lie, m; `far2` is its range squared, m2."""
    noise = sites[who, SIGMA_R] ** 2 + far2 * sites[who, SIGMA_A] ** 2
    other = bank.sensor[i]
    if other != who:
        a, b = 3 * who, 3 * other
        noise += spread[a, a] + spread[b, b] + far2 * (spread[a + 1, a + 1] + spread[b + 1, b + 1])
    here = bank.cp[i, 0] + bank.cp[i, 2]
    if bank.hits[i] == 1:
        return TOP_SPEED * dt + SIGMAS * sqrt(here + noise)
    ahead = here + 2.0 * dt * abs(bank.cp[i, 3] + bank.cp[i, 6]) + dt * dt * (bank.cp[i, 7] + bank.cp[i, 9])
    return SIGMAS * sqrt(ahead + noise) + 0.5 * SWERVE * dt * dt


@bare
def _predicted(bank: Bank, desk: Desk, motion: Motion, k: int, moves: Floats) -> None:
    """Mix and predict a track's models to the time of its look; most of those near have no plot, and need it not."""
    i = desk.row[k]
    dt = desk.at[k] - bank.at[i]
    mix(bank.x[i], bank.p[i], bank.mu[i], motion.stays, dt, desk.x[k], desk.p[k], desk.mu[k], moves)
    for j in range(motion.rates.shape[0]):
        predict(desk.x[k, j], desk.p[k, j], motion.rates[j], motion.noise[j], dt)


@reordered_part
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
    bank.counts[PAIRS] = 0
    if at.shape[0] == 0:
        return 0
    size = 64
    while size < 2 * at.shape[0]:
        size *= 2
    head, cells = np.full(size, -1, dtype=np.int64), np.empty((at.shape[0], 2), dtype=np.int64)
    moves = np.empty((motion.rates.shape[0], motion.rates.shape[0]))
    _lay(desk, placed, head, cells)
    _pairs(bank, desk, near, sites, spread, motion, who, at, placed, address, false, head, cells, moves)
    return int(bank.counts[PAIRS])


@bare
def _pairs(
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
    head: Ints,
    cells: Ints,
    moves: Floats,
) -> None:
    """Add the pairs of each track on the desk that this sensor may know."""
    worth = log(sites[who, DETECTS]) - log(1.0 - sites[who, DETECTS])
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
        _candidates(bank, desk, k, mx, my, bxx, bxy, byy, worth, motion, at, placed, address, false, head, cells, moves)


@bare
def _lay(desk: Desk, placed: Floats, head: Ints, cells: Ints) -> None:
    """Lay plots into a table of cells by hash: write the first of each slot, and each plot's cell (n, 2)."""
    size = head.shape[0]
    for n in range(placed.shape[0]):
        cells[n, 0], cells[n, 1] = floor(placed[n, 0] / CELL), floor(placed[n, 1] / CELL)
        slot = _slot(cells[n, 0], cells[n, 1], size)
        desk.pair_next[n] = head[slot]
        head[slot] = n


@bare
def _candidates(
    bank: Bank,
    desk: Desk,
    k: int,
    mx: float,
    my: float,
    bxx: float,
    bxy: float,
    byy: float,
    worth: float,
    motion: Motion,
    at: Floats,
    placed: Floats,
    address: Ints,
    false: Floats,
    head: Ints,
    cells: Ints,
    moves: Floats,
) -> None:
    """Add the pairs of one track, which straight on would be at `mx`, `my`.

    What it costs is bounded by the plots, however far the track may reach: a wide one looks at all of them.
    """
    reach, ready, pairs = desk.reach[k], False, bank.counts[PAIRS]
    across = 2.0 * reach / CELL + 2.0
    every = not across * across <= max(FEW_CELLS, placed.shape[0])  # nor may a sum that went wrong choose cells
    left, low, right, high = 0, 0, 0, 0
    if not every:
        left, right = floor((mx - reach) / CELL), floor((mx + reach) / CELL)
        low, high = floor((my - reach) / CELL), floor((my + reach) / CELL)
    for gx in range(left, right + 1):
        for gy in range(low, high + 1):
            n = placed.shape[0] - 1 if every else head[_slot(gx, gy, head.shape[0])]
            while n >= 0:
                dx, dy = placed[n, 0] - mx, placed[n, 1] - my
                here = every or (cells[n, 0] == gx and cells[n, 1] == gy)
                if here and dx * dx + dy * dy <= reach * reach and pairs < desk.pair_value.shape[0]:
                    if not ready:
                        _predicted(bank, desk, motion, k, moves)
                        ready = True
                    value = worth - log(false[n])
                    value += _value(bank, desk, k, at[n], placed[n], address[n], bxx, bxy, byy)
                    if value > 0.0:
                        desk.pair_track[pairs], desk.pair_plot[pairs], desk.pair_value[pairs] = k, n, value
                        pairs += 1
                n = n - 1 if every else desk.pair_next[n]
    bank.counts[PAIRS] = pairs


@bare
def _noise(site: Floats, x: float, y: float) -> float:
    """Return the sum of the variances of a radar's plot at a place, m2."""
    dx, dy = x - site[X], y - site[Y]
    return float(site[SIGMA_R] ** 2 + (dx * dx + dy * dy) * site[SIGMA_A] ** 2)


@bare
def _value(
    bank: Bank,
    desk: Desk,
    k: int,
    at: float,
    plot: Floats,
    address: int,
    bxx: float,
    bxy: float,
    byy: float,
) -> float:
    """Return the log of a pair's likelihood, 1/m2; minus infinity where the plot is outside the gate, or another's."""
    i = desk.row[k]
    known = bank.address[i] != NO_ADDRESS and address != NO_ADDRESS
    same = known and bank.address[i] == address
    if known and not same:
        return -np.inf
    shift, nearest, total = at - desk.at[k], np.inf, 0.0
    for j in range(desk.mu.shape[1]):
        x = desk.x[k, j]
        zx, zy = plot[0] - shift * x[2], plot[1] - shift * x[3]
        d2, density = likelihood(x, desk.p[k, j], zx, zy, plot[2] + bxx, plot[3] + bxy, plot[4] + byy)
        total += desk.mu[k, j] * density
        nearest = min(nearest, d2)
    if nearest > (KNOWN_GATE if same else GATE):
        return -np.inf
    return log(total) + (KNOWN_WORTH + 0.5 * nearest if same else 0.0)


@inlined
def _slot(cx: int, cy: int, size: int) -> int:
    return ((cx * 73_856_093) ^ (cy * 19_349_663)) & (size - 1)


@bare
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
