"""A radar's offsets - range, azimuth, time - from what two sensors both saw: A, then B, then A again.

A's two places are interpolated to B's time; what is left between both is the offsets' doing, and noise. A Kalman filter
over the offsets of all sensors (3 each) takes it in. Only differences are seen, and of two radars apart all of them.
After Bar-Shalom and others, "Multitarget-Multisensor Tracking" 2000, chapter on registration; A-B-A keeps the velocity
out of it.
"""

from math import cos, sin, sqrt
from typing import Final

import numpy as np

from quartet.picture.compiled import bare, inlined, reordered_part
from quartet.picture.tracker.bank import MAX_TRIPLES, TRIPLES, Bank, Desk
from quartet.picture.tracker.rules import AZIMUTH_PRIOR, DRIFT_TIME, RANGE_PRIOR, TIME_PRIOR, Floats
from quartet.picture.tracker.sites import OFFSET_A, OFFSET_R, OFFSET_T, PERIOD, POLAR, SIGMA_A, SIGMA_R, X, Y

OUTLIER: Final = 16.0
SHARED: Final = 2.0
"""How much a residual's covariance is widened: each plot of A stands in two triples, each of B in some."""
SWERVE: Final = 4.0
"""Acceleration that interpolation does not see, m/s2, one standard deviation."""


def prior(polar: list[bool]) -> Floats:
    """Return the covariance of all offsets (3 n, 3 n) before anything is known: m2, rad2, s2."""
    own = [RANGE_PRIOR**2, AZIMUTH_PRIOR**2, TIME_PRIOR**2]
    return np.diag([value if radar else 0.0 for radar in polar for value in own])


def drift(polar: list[bool], seconds: float) -> Floats:
    """Return by how much the offsets' covariance grows in a time."""
    return prior(polar) * (1e-4 * seconds / DRIFT_TIME)


@bare
def _moves(site: Floats, x: float, y: float, vx: float, vy: float, way: Floats) -> None:
    """Write how each offset of a sensor moves a place it gives: (2, 3), m, m/rad, m/s."""
    way[:] = 0.0
    if site[POLAR] > 0:
        dx, dy = x - site[X], y - site[Y]
        far = max(1.0, (dx * dx + dy * dy) ** 0.5)
        way[0, 0], way[1, 0] = dx / far, dy / far
        way[0, 1], way[1, 1] = dy, -dx
        way[0, 2], way[1, 2] = -vx, -vy


@bare
def relative(
    spread: Floats, sites: Floats, one: int, other: int, x: float, y: float, vx: float, vy: float
) -> tuple[float, float, float]:
    """Return the covariance (xx, xy, yy m2) of how far apart two sensors' offsets put one place."""
    ux, uy, ax, ay, ox, oy = _ways(sites, one, x, y)
    wx, wy, bx, by, qx, qy = _ways(sites, other, x, y)
    hx = (ux, ax, -vx * ox, -wx, -bx, vx * qx)
    hy = (uy, ay, -vy * oy, -wy, -by, vy * qy)
    xx, xy, yy = 0.0, 0.0, 0.0
    for m in range(6):
        row = 3 * one + m if m < 3 else 3 * other + m - 3
        gx, gy = 0.0, 0.0
        for n in range(3):
            s, t = spread[row, 3 * one + n], spread[row, 3 * other + n]
            gx += s * hx[n] + t * hx[n + 3]
            gy += s * hy[n] + t * hy[n + 3]
        xx += hx[m] * gx
        xy += hx[m] * gy
        yy += hy[m] * gy
    return xx, xy, yy


@inlined
def _ways(sites: Floats, s: int, x: float, y: float) -> tuple[float, float, float, float, float, float]:
    """Return how range and azimuth move a place (x, y each), and whether time does (1.0, 1.0)."""
    if sites[s, POLAR] == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    dx, dy = x - sites[s, X], y - sites[s, Y]
    far = 1.0 / max(1.0, sqrt(dx * dx + dy * dy))
    return dx * far, dy * far, dy, -dx, 1.0, 1.0


@bare
def note(
    bank: Bank, desk: Desk, sites: Floats, i: int, who: int, at: float, first: float, second: float, sure: bool
) -> None:
    """Lay out what a new plot of a sensor and its last one say of the others' plots between; then remember it.

    Only of a track that is `sure`: what was paired by chance would teach chance.
    """
    before = bank.last[i, who, 0]
    if sure and at - before < 2.5 * sites[who, PERIOD]:
        for other in range(sites.shape[0]):
            then = bank.last[i, other, 0]
            if other != who and before < then < at and (sites[who, POLAR] > 0 or sites[other, POLAR] > 0):
                _triple(bank, desk, i, who, other, at, first, second)
    bank.last[i, who, 0], bank.last[i, who, 1], bank.last[i, who, 2] = at, first, second


@bare
def _triple(bank: Bank, desk: Desk, i: int, who: int, other: int, at: float, first: float, second: float) -> None:
    row = bank.counts[TRIPLES]
    if row >= MAX_TRIPLES:
        return
    bank.counts[TRIPLES] = row + 1
    t = desk.triples[row]
    t[0], t[1] = who, other
    t[2], t[3], t[4] = at, first, second
    for e in range(3):
        t[5 + e], t[8 + e] = bank.last[i, who, e], bank.last[i, other, e]


@bare
def _spot(site: Floats, first: float, second: float, out: Floats) -> None:
    """Write x, y m; rxx, rxy, ryy m2 of a plot less the sensor's offsets as they seem now."""
    if site[POLAR] > 0:
        r, a = first - site[OFFSET_R], second - site[OFFSET_A]
        s, c = sin(a), cos(a)
        along, across = site[SIGMA_R] ** 2, (r * site[SIGMA_A]) ** 2
        out[0], out[1] = site[X] + r * s, site[Y] + r * c
        out[2], out[3] = along * s * s + across * c * c, (along - across) * s * c
        out[4] = along * c * c + across * s * s
    else:
        out[0], out[1], out[2], out[3], out[4] = first, second, site[SIGMA_R] ** 2, 0.0, site[SIGMA_R] ** 2


@reordered_part
def learn(desk: Desk, count: int, sites: Floats, spread: Floats, quality: Floats) -> None:
    """Take the triples on the desk into the offsets (in `sites`) and their covariance (3 n, 3 n), in place.

    `quality` (n, 3): for each sensor how many residuals were looked at, and how many of them were out of all bounds -
    both fade -; and how many were taken in.
    """
    spots, ways, gain = np.empty((3, 5)), np.empty((2, 2, 3)), np.empty((spread.shape[0], 2))
    _learn(desk, count, sites, spread, quality, spots, ways, gain)


@bare
def _learn(
    desk: Desk, count: int, sites: Floats, spread: Floats, quality: Floats, spots: Floats, ways: Floats, gain: Floats
) -> None:
    """As `learn`, in the room of `spots` (3, 5), `ways` (2, 2, 3) and `gain` (3 sensors, 2)."""
    new, old, mid = spots[0], spots[1], spots[2]
    a, b = ways[0], ways[1]
    for n in range(count):
        t = desk.triples[n]
        who, other = int(t[0]), int(t[1])
        _spot(sites[who], t[3], t[4], new)
        _spot(sites[who], t[6], t[7], old)
        _spot(sites[other], t[9], t[10], mid)
        late = sites[who, OFFSET_T] - sites[other, OFFSET_T]
        span = t[2] - t[5]
        part = (t[8] + late - t[5]) / span
        vx, vy = (new[0] - old[0]) / span, (new[1] - old[1]) / span
        rx = (1.0 - part) * old[0] + part * new[0] - mid[0]
        ry = (1.0 - part) * old[1] + part * new[1] - mid[1]
        u, v = (1.0 - part) ** 2, part**2
        bow = (0.5 * SWERVE * part * (1.0 - part) * span * span) ** 2
        nxx = SHARED * (u * old[2] + v * new[2] + mid[2]) + bow
        nxy = SHARED * (u * old[3] + v * new[3] + mid[3])
        nyy = SHARED * (u * old[4] + v * new[4] + mid[4]) + bow
        _moves(sites[who], mid[0], mid[1], vx, vy, a)
        _moves(sites[other], mid[0], mid[1], vx, vy, b)
        _take(spread, sites, who, other, a, b, rx, ry, nxx, nxy, nyy, gain, quality)


@bare
def _take(
    spread: Floats,
    sites: Floats,
    one: int,
    other: int,
    a: Floats,
    b: Floats,
    rx: float,
    ry: float,
    nxx: float,
    nxy: float,
    nyy: float,
    gain: Floats,
    quality: Floats,
) -> None:
    """Update the offsets by one residual: Kalman's step, over the columns of the two sensors."""
    size = spread.shape[0]
    for r in range(size):
        gx, gy = 0.0, 0.0
        for m in range(3):
            gx += spread[r, 3 * one + m] * a[0, m] - spread[r, 3 * other + m] * b[0, m]
            gy += spread[r, 3 * one + m] * a[1, m] - spread[r, 3 * other + m] * b[1, m]
        gain[r, 0], gain[r, 1] = gx, gy
    sxx, sxy, syy = nxx, nxy, nyy
    for m in range(3):
        sxx += a[0, m] * gain[3 * one + m, 0] - b[0, m] * gain[3 * other + m, 0]
        sxy += a[0, m] * gain[3 * one + m, 1] - b[0, m] * gain[3 * other + m, 1]
        syy += a[1, m] * gain[3 * one + m, 1] - b[1, m] * gain[3 * other + m, 1]
    det = sxx * syy - sxy * sxy
    d2 = (syy * rx * rx - 2.0 * sxy * rx * ry + sxx * ry * ry) / det
    fits = 0.0 <= d2 <= OUTLIER  # and is a number: one that is none would stay in the offsets for ever
    for s in (one, other):
        quality[s, 0] = 0.998 * quality[s, 0] + 1.0
        quality[s, 1] = 0.998 * quality[s, 1] + (0.0 if fits else 1.0)
    if not fits:
        return
    for s in (one, other):
        quality[s, 2] += 1.0
    ix, iy = (syy * rx - sxy * ry) / det, (sxx * ry - sxy * rx) / det
    ixx, ixy, iyy = syy / det, -sxy / det, sxx / det
    for r in range(size):
        step = gain[r, 0] * ix + gain[r, 1] * iy
        sites[r // 3, 8 + r % 3] += step
    for r in range(size):
        kx, ky = gain[r, 0] * ixx + gain[r, 1] * ixy, gain[r, 0] * ixy + gain[r, 1] * iyy
        for c in range(size):
            spread[r, c] -= kx * gain[c, 0] + ky * gain[c, 1]


__all__ = ["OFFSET_T", "drift", "learn", "note", "prior", "relative"]
