"""One look of one sensor: pair, assign, update, count misses, begin what is new, end what is gone. Compiled."""

from math import atan2, exp, log, pi, sqrt
from typing import Final

import numpy as np

from quartet.picture.compiled import bare, reordered
from quartet.picture.tracker.assign import NONE, assign
from quartet.picture.tracker.bank import COUNT, NEXT_NUMBER, NO_ADDRESS, TRIPLES, Bank, Desk
from quartet.picture.tracker.gate import look_out, pair, place, slacken
from quartet.picture.tracker.kinematics import combine, update
from quartet.picture.tracker.offsets import learn, note, relative
from quartet.picture.tracker.rules import (
    CONFIRMED,
    DROPPED,
    GATE,
    LOST,
    NEW_SPEED,
    NEW_TARGETS,
    SURE,
    YOUNG_DROPPED,
    Flags,
    Floats,
    Ints,
    Motion,
)
from quartet.picture.tracker.sites import (
    COVER_RINGS,
    DETECTS,
    OFFSET_T,
    PERIOD,
    POLAR,
    RANGE,
    RINGS,
    SLICES,
    X,
    Y,
)

FORGETS: Final = 20.0
"""Over how many looks false plots are averaged."""
DOUBT: Final = 2.0
"""So many looks weighs what is said of a radar beside what is counted: hills and the horizon are in no data sheet."""
RAREST: Final = 1e-14
"""Density of false plots below which none is believed, 1/m2: one in a look over 10 million km2."""


@reordered
def step(
    bank: Bank,
    desk: Desk,
    sites: Floats,
    spread: Floats,
    quality: Floats,
    clutter: Floats,
    cover: Floats,
    motion: Motion,
    who: int,
    look: Floats,
    times: Floats,
    first: Floats,
    second: Floats,
    sigma: Floats,
    address: Ints,
    height: Floats,
) -> None:
    """Take a look of sensor `who` into the bank: plots (n,) of time s, range m and azimuth rad or x, y m, as they came.

    `look` (4,): from when and to when, s; from which azimuth to which, rad. `clutter` (sensors, RINGS, SLICES): density
    of false plots, 1/m2. `cover` (sensors, 2, COVER_RINGS, SLICES): how many believed tracks were seen there of late,
    and how many were looked for. `spread` (3 sensors, 3 sensors) and `quality` (sensors, 3): of the offsets.
    """
    plots = times.shape[0]
    at = times - sites[who, OFFSET_T]
    placed = np.empty((plots, 5))
    false = np.empty(plots)
    place(sites[who], at, first, second, sigma, placed)
    _density(sites[who], clutter[who], placed, false)
    _end(bank, look[0])  # a feed that was silent for an hour has no tracks; how far they may be by now has no bound
    near = look_out(bank, desk, sites, spread, who, look)
    count = pair(bank, desk, near, sites, spread, motion, who, at, placed, address, false)
    assign(desk.pair_track, desk.pair_plot, desk.pair_value, count, near, plots, desk.chosen)
    free = np.ones(plots, dtype=np.bool_)
    bank.counts[TRIPLES] = 0
    _go_on(bank, desk, near, sites, spread, cover, who, times, at, first, second, placed, false, address, height, free)
    learn(desk, bank.counts[TRIPLES], sites, spread, quality)
    _fade(clutter[who], cover[who], look)
    _begin_all(
        bank, desk, near, sites, clutter[who], motion, who, times, at, first, second, placed, address, height, free
    )
    _end(bank, look[1])


@bare
def _density(site: Floats, clutter: Floats, placed: Floats, false: Floats) -> None:
    """Write how dense false plots are where each plot lies (n,), 1/m2."""
    for n in range(false.shape[0]):
        ring, part = _cell(site, placed[n, 0], placed[n, 1], RINGS)
        false[n] = max(RAREST, clutter[ring, part])


@bare
def _go_on(
    bank: Bank,
    desk: Desk,
    near: int,
    sites: Floats,
    spread: Floats,
    cover: Floats,
    who: int,
    times: Floats,
    at: Floats,
    first: Floats,
    second: Floats,
    placed: Floats,
    false: Floats,
    address: Ints,
    height: Floats,
    free: Flags,
) -> None:
    """Update each track on the desk by the plot that was chosen for it, or count a miss; a plot taken is not `free`."""
    for k in range(near):
        n, i = desk.chosen[k], desk.row[k]
        if n != NONE:
            free[n] = False
            if bank.born[i] >= 0.0:
                _count(cover[who], sites[who], placed[n, 0], placed[n, 1], 1.0)
            _take(bank, desk, k, sites, spread, who, at[n], placed[n], false[n])
            if address[n] != NO_ADDRESS:
                bank.address[i] = address[n]
            if not np.isnan(height[n]):
                bank.height[i] = height[n]
            note(bank, desk, sites, i, who, times[n], first[n], second[n], bank.born[i] >= 0.0)
        elif desk.home[k] == 1 and sites[who, POLAR] > 0:
            _miss(bank, desk, k, sites[who], cover[who], bank.last[i, who, 0] > -np.inf)


@bare
def _begin_all(
    bank: Bank,
    desk: Desk,
    near: int,
    sites: Floats,
    clutter: Floats,
    motion: Motion,
    who: int,
    times: Floats,
    at: Floats,
    first: Floats,
    second: Floats,
    placed: Floats,
    address: Ints,
    height: Floats,
    free: Flags,
) -> None:
    """Begin a track with each plot that is free, and count it among the false ones until it proves to be none."""
    for n in range(free.shape[0]):
        if free[n] and not _again(bank, desk, near, sites, who, at[n], placed[n], address[n]):
            ring, part = _cell(sites[who], placed[n, 0], placed[n, 1], RINGS)
            clutter[ring, part] += 1.0 / (FORGETS * _area(sites[who], ring))
            if bank.counts[COUNT] == bank.at.shape[0]:
                continue
            _begin(bank, motion, who, at[n], placed[n], address[n], height[n])
            new = bank.counts[COUNT] - 1
            bank.last[new, who, 0], bank.last[new, who, 1], bank.last[new, who, 2] = times[n], first[n], second[n]


@bare
def _again(bank: Bank, desk: Desk, near: int, sites: Floats, who: int, at: float, plot: Floats, address: int) -> bool:
    """Return whether a radar saw this one a moment ago: of one answer that it took for two, the second tells nothing.

    Only where both may be one place; who gives another's address elsewhere is somebody.
    """
    if address == NO_ADDRESS or sites[who, POLAR] <= 0:
        return False
    for k in range(near):
        i = desk.row[k]
        since = at - bank.last[i, who, 0]
        if bank.address[i] == address and abs(since) < 0.5 * sites[who, PERIOD]:
            dt = at - bank.at[i]
            dx = plot[0] - bank.cx[i, 0] - dt * bank.cx[i, 2]
            dy = plot[1] - bank.cx[i, 1] - dt * bank.cx[i, 3]
            if dx * dx + dy * dy <= 2.0 * GATE * (plot[2] + plot[4]):
                return True
    return False


@bare
def _take(
    bank: Bank,
    desk: Desk,
    k: int,
    sites: Floats,
    spread: Floats,
    who: int,
    at: float,
    plot: Floats,
    false: float,
) -> None:
    """Update a track by its plot: each model by itself, then how probable each is, then the mixture and the score."""
    i, models, shift = desk.row[k], desk.mu.shape[1], at - desk.at[k]
    rxx, rxy, ryy = plot[2], plot[3], plot[4]
    if bank.sensor[i] != who:
        bxx, bxy, byy = relative(spread, sites, who, bank.sensor[i], plot[0], plot[1], bank.cx[i, 2], bank.cx[i, 3])
        rxx, rxy, ryy = rxx + bxx, rxy + bxy, ryy + byy
    total = 1e-300
    for j in range(models):
        x, p = desk.x[k, j], desk.p[k, j]
        x[0] += shift * x[2]
        x[1] += shift * x[3]
        bank.mu[i, j] = desk.mu[k, j] * update(x, p, plot[0], plot[1], rxx, rxy, ryy)
        total += bank.mu[i, j]
    for j in range(models):
        bank.mu[i, j] = max(1e-4, bank.mu[i, j] / total)
        for e in range(4):
            bank.x[i, j, e] = desk.x[k, j, e]
        for e in range(10):
            bank.p[i, j, e] = desk.p[k, j, e]
    combine(bank.x[i], bank.p[i], bank.mu[i], bank.cx[i], bank.cp[i])
    gained = log(total * sites[who, DETECTS] / false)
    bank.score[i] = min(SURE, bank.score[i] + gained)
    bank.at[i], bank.sensor[i] = at, who
    bank.seen[i] = max(bank.seen[i], at)
    bank.hits[i] += 1
    slacken(bank, i)
    if bank.born[i] < 0.0 and bank.score[i] >= CONFIRMED and bank.hits[i] >= 3:
        bank.born[i] = at


@bare
def _begin(bank: Bank, motion: Motion, who: int, at: float, plot: Floats, address: int, height: float) -> None:
    """Begin a track with a plot that no other explains; the bank has room."""
    i = bank.counts[COUNT]
    bank.counts[COUNT] = i + 1
    bank.number[i] = bank.counts[NEXT_NUMBER]
    bank.counts[NEXT_NUMBER] += 1
    models = motion.rates.shape[0]
    bank.address[i], bank.height[i], bank.sensor[i], bank.hits[i] = address, height, who, 1
    bank.at[i], bank.seen[i], bank.born[i] = at, at, -1.0
    bank.score[i] = log(NEW_TARGETS)
    if address != NO_ADDRESS:  # it said who it is, under a parity: no false plot does
        bank.score[i], bank.born[i] = CONFIRMED, at
    for s in range(bank.last.shape[1]):
        bank.last[i, s, 0] = -np.inf
    for j in range(models):
        bank.x[i, j, 0], bank.x[i, j, 1], bank.x[i, j, 2], bank.x[i, j, 3] = plot[0], plot[1], 0.0, 0.0
        for e in range(10):
            bank.p[i, j, e] = 0.0
        bank.p[i, j, 0], bank.p[i, j, 1], bank.p[i, j, 2] = plot[2], plot[3], plot[4]
        bank.p[i, j, 7] = bank.p[i, j, 9] = NEW_SPEED**2
        bank.mu[i, j] = 0.8 if j == 0 else 0.2 / (models - 1)
    combine(bank.x[i], bank.p[i], bank.mu[i], bank.cx[i], bank.cp[i])
    slacken(bank, i)


@bare
def _end(bank: Bank, now: float) -> None:
    """Delete the tracks that there is no reason to believe in any more; the last row takes the place of each."""
    i = 0
    while i < bank.counts[COUNT]:
        young = bank.born[i] < 0.0
        gone = bank.score[i] < (YOUNG_DROPPED if young else DROPPED) or now - bank.seen[i] > LOST
        if not gone:
            i += 1
            continue
        last = bank.counts[COUNT] - 1
        if i != last:
            _move(bank, last, i)
        bank.counts[COUNT] = last


@bare
def _move(bank: Bank, a: int, b: int) -> None:
    """Write what row `a` holds into row `b`: element by element, for a slice would be copied first."""
    bank.number[b], bank.address[b], bank.sensor[b], bank.hits[b] = (
        bank.number[a],
        bank.address[a],
        bank.sensor[a],
        bank.hits[a],
    )
    bank.at[b], bank.seen[b], bank.born[b] = bank.at[a], bank.seen[a], bank.born[a]
    bank.score[b], bank.height[b] = bank.score[a], bank.height[a]
    for j in range(bank.mu.shape[1]):
        bank.mu[b, j] = bank.mu[a, j]
        for e in range(4):
            bank.x[b, j, e] = bank.x[a, j, e]
        for e in range(10):
            bank.p[b, j, e] = bank.p[a, j, e]
    for e in range(2):
        bank.slack[b, e] = bank.slack[a, e]
    for e in range(4):
        bank.cx[b, e] = bank.cx[a, e]
    for e in range(10):
        bank.cp[b, e] = bank.cp[a, e]
    for s in range(bank.last.shape[1]):
        for e in range(3):
            bank.last[b, s, e] = bank.last[a, s, e]


@bare
def _cell(site: Floats, x: float, y: float, rings: int) -> tuple[int, int]:
    dx, dy = x - site[X], y - site[Y]
    ring = int(sqrt(dx * dx + dy * dy) / site[RANGE] * rings)
    part = int((atan2(dx, dy) % (2 * pi)) / (2 * pi) * SLICES)
    return max(0, min(rings - 1, ring)), max(0, min(SLICES - 1, part))


@bare
def _area(site: Floats, ring: int) -> float:
    width = site[RANGE] / RINGS
    return float((2 * ring + 1) * width * width * pi / SLICES)


@bare
def _miss(bank: Bank, desk: Desk, k: int, site: Floats, cover: Floats, known: bool) -> None:
    """Take from the score of a track that was not seen: much where this radar sees what is there, little where not.

    `known` says whether it ever saw this one: one that it never saw may well be behind a hill.
    """
    i = desk.row[k]
    dt = desk.at[k] - bank.at[i]
    x, y = bank.cx[i, 0] + dt * bank.cx[i, 2], bank.cx[i, 1] + dt * bank.cx[i, 3]
    ring, part = _cell(site, x, y, COVER_RINGS)
    thought = site[DETECTS] if known else 0.5
    seen = (DOUBT * thought + cover[0, ring, part]) / (DOUBT + cover[1, ring, part])
    bank.score[i] += log(1.0 - min(site[DETECTS], seen))
    if bank.born[i] >= 0.0:
        _count(cover, site, x, y, 0.0)


@bare
def _count(cover: Floats, site: Floats, x: float, y: float, seen: float) -> None:
    """Count that a believed track was looked for at a place, and whether it was seen."""
    ring, part = _cell(site, x, y, COVER_RINGS)
    cover[0, ring, part] += seen
    cover[1, ring, part] += 1.0


@bare
def _fade(clutter: Floats, cover: Floats, look: Floats) -> None:
    """Let what was counted fade by this look's part of a whole turn."""
    kept = exp(-(look[3] - look[2]) / (2 * pi) / FORGETS)
    for ring in range(RINGS):
        for part in range(SLICES):
            clutter[ring, part] *= kept
    for ring in range(COVER_RINGS):
        for part in range(SLICES):
            cover[0, ring, part] *= kept
            cover[1, ring, part] *= kept
