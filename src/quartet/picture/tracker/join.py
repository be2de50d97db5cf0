"""Two tracks of one mover become one: those that sensors began each for itself before their offsets were known.

Joined are two that agree in place and velocity as well as their covariances say they should, and else as the offsets
that are possible allow, if neither agrees so with a third. Never two that a sensor saw in one of its turns: who sees
two plots sees two movers. Compiled.
"""

from math import floor
from typing import Final

import numpy as np

from quartet.picture.compiled import bare, inlined, reordered
from quartet.picture.tracker.bank import COUNT, NO_ADDRESS, Bank
from quartet.picture.tracker.offsets import relative
from quartet.picture.tracker.rules import CONFIRMED, Floats, Ints
from quartet.picture.tracker.sites import PERIOD

AGREES: Final = 18.5
"""Squared distance in four dimensions within which two tracks may be one: 99.9 %."""


@reordered
def join(bank: Bank, sites: Floats, spread: Floats, now: float, side: float) -> int:
    """Join what is one, and not over `side` m apart; return how many tracks that took away."""
    count = bank.counts[COUNT]
    size = 64
    while size < 2 * count:
        size *= 2
    heads, following = np.full(size, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    partner, others = np.full((count, 2), -1, dtype=np.int64), np.zeros((count, 2), dtype=np.int64)
    _lay(bank, count, now, side, heads, following)
    _find(bank, sites, spread, now, side, heads, following, partner, others, np.empty(4), np.empty((4, 4)))
    return _join(bank, count, partner, others)


@bare
def _find(
    bank: Bank,
    sites: Floats,
    spread: Floats,
    now: float,
    side: float,
    heads: Ints,
    following: Ints,
    partner: Ints,
    others: Ints,
    d: Floats,
    s4: Floats,
) -> None:
    """Write for each track (n, 2) the last one that it agrees with, and with how many: as they are, and loosely."""
    for i in range(following.shape[0]):
        if bank.born[i] >= 0.0:
            gx, gy = _cell(bank, i, now, side)
            for cx in range(gx - 1, gx + 2):
                for cy in range(gy - 1, gy + 2):
                    j = heads[_slot(cx, cy, heads.shape[0])]
                    while j >= 0:
                        if j > i:
                            for loose in range(_agree(bank, sites, spread, i, j, now, d, s4)):
                                partner[i, loose], partner[j, loose] = j, i
                                others[i, loose] += 1
                                others[j, loose] += 1
                        j = following[j]


@bare
def _join(bank: Bank, count: int, partner: Ints, others: Ints) -> int:
    """Join those that agree with each other alone, the closest first; return how many."""
    joined = 0
    for closely in (1, 0):
        for i in range(count):
            j = partner[i, closely]
            alone = j > i and others[i, closely] == 1 and others[j, closely] == 1 and partner[j, closely] == i
            if alone and bank.born[i] >= 0.0 and bank.born[j] >= 0.0:
                _merge(bank, i, j)
                joined += 1
    return joined


@bare
def _lay(bank: Bank, count: int, now: float, side: float, heads: Ints, following: Ints) -> None:
    """Lay the tracks that are shown into a table of cells by hash: the first of each slot, and who follows each."""
    for i in range(count):
        if bank.born[i] >= 0.0:
            cx, cy = _cell(bank, i, now, side)
            slot = _slot(cx, cy, heads.shape[0])
            following[i] = heads[slot]
            heads[slot] = i


@bare
def _cell(bank: Bank, i: int, now: float, side: float) -> tuple[int, int]:
    dt = now - bank.at[i]
    x, y = bank.cx[i, 0] + dt * bank.cx[i, 2], bank.cx[i, 1] + dt * bank.cx[i, 3]
    return floor(x / side), floor(y / side)


@inlined
def _slot(cx: int, cy: int, size: int) -> int:
    return ((cx * 73_856_093) ^ (cy * 19_349_663)) & (size - 1)


@bare
def _agree(bank: Bank, sites: Floats, spread: Floats, i: int, j: int, now: float, d: Floats, s4: Floats) -> int:
    """Return 2 if two tracks agree as they are, 1 if they may agree with the offsets that are possible, or 0."""
    if bank.address[i] != bank.address[j] and bank.address[i] != NO_ADDRESS and bank.address[j] != NO_ADDRESS:
        return 0
    for s in range(sites.shape[0]):
        if abs(bank.last[i, s, 0] - bank.last[j, s, 0]) < 0.5 * sites[s, PERIOD]:
            return 0
    di, dj = now - bank.at[i], now - bank.at[j]
    d[2], d[3] = bank.cx[i, 2] - bank.cx[j, 2], bank.cx[i, 3] - bank.cx[j, 3]
    speeds = bank.cp[i, 7] + bank.cp[i, 9] + bank.cp[j, 7] + bank.cp[j, 9]
    if d[2] * d[2] + d[3] * d[3] > AGREES * speeds:
        return 0
    d[0] = bank.cx[i, 0] + di * bank.cx[i, 2] - bank.cx[j, 0] - dj * bank.cx[j, 2]
    d[1] = bank.cx[i, 1] + di * bank.cx[i, 3] - bank.cx[j, 1] - dj * bank.cx[j, 3]
    x, y, e0, e1, e2, e3 = bank.cx[i, 0], bank.cx[i, 1], d[0], d[1], d[2], d[3]
    if _together(bank, i, j, di, dj, d, s4, 0.0, 0.0, 0.0) < AGREES:
        return 2
    if bank.sensor[i] == bank.sensor[j]:
        return 0
    bxx, bxy, byy = relative(spread, sites, bank.sensor[i], bank.sensor[j], x, y, bank.cx[i, 2], bank.cx[i, 3])
    d[0], d[1], d[2], d[3] = e0, e1, e2, e3
    return 1 if _together(bank, i, j, di, dj, d, s4, bxx, bxy, byy) < AGREES else 0


@bare
def _together(
    bank: Bank, i: int, j: int, di: float, dj: float, d: Floats, s4: Floats, bxx: float, bxy: float, byy: float
) -> float:
    """Return the squared distance of two tracks whose difference is `d` (4,), by both covariances and the offsets'."""
    s4[:, :] = 0.0
    _add(bank.cp[i], di, s4)
    _add(bank.cp[j], dj, s4)
    s4[0, 0] += bxx
    s4[1, 1] += byy
    s4[0, 1] += bxy
    s4[1, 0] += bxy
    return _distance(s4, d)


@bare
def _add(p: Floats, dt: float, s: Floats) -> None:
    """Add a packed covariance, carried on by `dt`, to a whole one."""
    s[0, 0] += p[0] + 2 * dt * p[3] + dt * dt * p[7]
    s[1, 1] += p[2] + 2 * dt * p[6] + dt * dt * p[9]
    xy = p[1] + dt * (p[4] + p[5]) + dt * dt * p[8]
    xv, xw, yv, yw = p[3] + dt * p[7], p[4] + dt * p[8], p[5] + dt * p[8], p[6] + dt * p[9]
    s[0, 1] += xy
    s[1, 0] += xy
    s[0, 2] += xv
    s[2, 0] += xv
    s[0, 3] += xw
    s[3, 0] += xw
    s[1, 2] += yv
    s[2, 1] += yv
    s[1, 3] += yw
    s[3, 1] += yw
    s[2, 2] += p[7]
    s[2, 3] += p[8]
    s[3, 2] += p[8]
    s[3, 3] += p[9]


@bare
def _distance(s: Floats, d: Floats) -> float:
    """Return d' inv(s) d by Cholesky, in place."""
    total = 0.0
    for r in range(4):
        for c in range(r):
            value = s[r, c]
            for k in range(c):
                value -= s[r, k] * s[c, k]
            s[r, c] = value / s[c, c]
        value = s[r, r]
        for k in range(r):
            value -= s[r, k] * s[r, k]
        s[r, r] = max(value, 1e-9) ** 0.5
        part = d[r]
        for k in range(r):
            part -= s[r, k] * d[k]
        d[r] = part / s[r, r]
        total += d[r] * d[r]
    return total


@bare
def _merge(bank: Bank, i: int, j: int) -> None:
    """Keep the state of the one seen last under the number of the one shown first; the other ends at the next step."""
    keep, gone = (i, j) if bank.seen[i] >= bank.seen[j] else (j, i)
    if bank.born[gone] < bank.born[keep]:
        bank.born[keep], bank.number[keep], bank.number[gone] = bank.born[gone], bank.number[gone], bank.number[keep]
    if bank.address[keep] == NO_ADDRESS:
        bank.address[keep] = bank.address[gone]
    if np.isnan(bank.height[keep]):
        bank.height[keep] = bank.height[gone]
    bank.hits[keep] += bank.hits[gone]
    bank.score[keep] = max(bank.score[keep], CONFIRMED)
    for s in range(bank.last.shape[1]):
        if bank.last[gone, s, 0] > bank.last[keep, s, 0]:
            for e in range(3):
                bank.last[keep, s, e] = bank.last[gone, s, e]
    bank.born[gone] = -1.0
    bank.score[gone] = -1e9
