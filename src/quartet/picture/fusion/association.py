"""Which tracks of several sources are one mover: the gate, the grid, and the joining, compiled.

What is compiled calls nothing of another file, and takes no number from one: numba's cache looks at the file of the
function that it keeps, and would go on running the old code.

Vectors are metres from the Earth's centre (a sphere of IUGG's mean radius), so that neither the date line nor the pole
is a special place; covariances are in each track's own east and north, turned into each other's where they meet.
"""

from math import floor, hypot, inf, log, log2, sqrt
from typing import Final, NamedTuple

import numpy as np

from quartet.picture.compiled import Floats, Integers, compiled, part

PLACE: Final = 0
EAST: Final = 3
NORTH: Final = 6
VELOCITY: Final = 9
HEIGHT: Final = 12
COVARIANCE: Final = 13
STATE: Final = 16
"""Columns of a track's state: place (3, m), unit vectors east and north there (3 each), velocity (3, m/s), height (m),
covariance of the place (east-east, east-north, north-north, m2); NaN where not told."""
SEEN: Final = 0
MOVES: Final = 1
ADDRESS: Final = 2
SOURCE: Final = 3
MARKS: Final = 4
"""Columns of its marks: when it was seen (microseconds), 1 if it told a velocity, the hash of its address (0 for none),
the number of its source."""

NEIGHBOURS: Final = 8
"""How many candidates of a track are weighed: its nearest. More than so many sources seldom see one mover."""
MOST: Final = 256
"""So many of other sources are weighed for a track: what a member heaps up at one place must not hold its partners."""
CROWD: Final = 8
"""So many of one source under one address are weighed: who claims it a thousand times hides no third one."""
BIAS_M: Final = 100.0
"""What a track's sensor may still be off (0.02 degrees at 250 km, and a tenth of a second's clock), one standard
deviation. It widens the gate and is not in what is fused."""
NOISE: Final = 100.0
"""Spectral density of a mover's unknown acceleration, m2/s3: a standard turn (3 degrees a second) at 130 m/s leaves a
straight line by 330 m in ten seconds, 1.8 of the standard deviations that this gives."""
SPEED_SIGMA: Final = 15.0
"""Standard deviation of each component of a told velocity, m/s: a radar's tracker in slow turns; ADS-B is better."""
SPEED_UNSAID: Final = 100.0
"""The same where none was told: most movers are slower than 250 m/s."""
PLACE_UNSAID_M: Final = 300.0
"""Standard deviation of a place whose sensor gave none: a radar's at middle range."""
HEIGHT_SIGMA_M: Final = 100.0
"""Of a height: steps of 100 feet, and pressure against geometry."""
HEIGHT_UNSAID_M: Final = 3_000.0
CLIMB_MPS: Final = 15.0
GATES: Final = (0.0, 0.0, 13.816, 16.266, 18.467, 20.515)
"""Chi-square that one in a thousand exceeds, by degrees of freedom."""
APART_S: Final = 60.0
"""Tracks seen further apart in time are not compared: by then one of them is lost."""
PLAUSIBLE_M: Final = 9_260.0
"""Five nautical miles, the least distance of two aircraft en route: further away, one address is two movers."""
TOP_SPEED: Final = 600.0
REACH_M: Final = 5_000.0
"""How far a track looks for others, at most; one whose place is known no better is joined by its address alone."""
CELL_M: Final = 2 * REACH_M
STEADY_S: Final = 4.0
"""Up to this age a track leads as if it were new: sensors turn at other moments."""
UNGRADED: Final = 1_000
SURE: Final = 1e12
"""How far below all others the cost of a common address lies."""


class Arrays(NamedTuple):
    """Tracks column by column, n of them, in an order that does not depend on arrival.

    `state` (n, 16) and `marks` (n, 4) as above; `roots` (n, w), w as wide as need be, hashes of what each rests on, 0
    for none.
    """

    state: Floats
    marks: Integers
    roots: Integers


@part
def _dot(s: Floats, i: int, a: int, j: int, b: int) -> float:
    """Return the product of two vectors, each a track's and the first of three columns."""
    return float(s[i, a] * s[j, b] + s[i, a + 1] * s[j, b + 1] + s[i, a + 2] * s[j, b + 2])


@part
def _apart(s: Floats, i: int, j: int, a: int) -> float:
    """Return the square of the difference of two tracks' vectors."""
    return float((s[i, a] - s[j, a]) ** 2 + (s[i, a + 1] - s[j, a + 1]) ** 2 + (s[i, a + 2] - s[j, a + 2]) ** 2)


@part
def _growth(seconds: float, moves: int) -> float:
    """Return by how many m2 a place is less sure after so many seconds of dead reckoning (white acceleration)."""
    if moves == 0:
        return (SPEED_UNSAID * seconds) ** 2
    return (SPEED_SIGMA * seconds) ** 2 + NOISE * seconds**3 / 3


@part
def _seen_from(s: Floats, i: int, other: int, more: float) -> tuple[float, float, float]:
    """Return the covariance of a track's place, wider by so many m2, in another's east and north; NaN if not told."""
    ee, en, nn = s[i, COVARIANCE], s[i, COVARIANCE + 1], s[i, COVARIANCE + 2]
    if i == other:
        return ee + more, en, nn + more
    a, b = _dot(s, other, EAST, i, EAST), _dot(s, other, EAST, i, NORTH)
    c, d = _dot(s, other, NORTH, i, EAST), _dot(s, other, NORTH, i, NORTH)
    return (
        a * a * ee + 2 * a * b * en + b * b * nn + more,
        a * c * ee + (a * d + b * c) * en + b * d * nn,
        c * c * ee + 2 * c * d * en + d * d * nn + more,
    )


@part
def _spread(s: Floats, i: int, other: int, more: float) -> tuple[float, float, float]:
    """Return a covariance as the gate takes it: something where nothing was told, and wider by an unknown bias."""
    if np.isnan(s[i, COVARIANCE]):
        return PLACE_UNSAID_M**2 + more + BIAS_M**2, 0.0, PLACE_UNSAID_M**2 + more + BIAS_M**2
    return _seen_from(s, i, other, more + BIAS_M**2)


@part
def _offset(s: Floats, i: int, origin: int, seconds: float) -> tuple[float, float]:
    """Return where a track is so many seconds after it was seen, metres east and north of another's place."""
    e = n = 0.0
    for k in range(3):
        moved = s[i, PLACE + k] + s[i, VELOCITY + k] * seconds - s[origin, PLACE + k]
        e, n = e + moved * s[origin, EAST + k], n + moved * s[origin, NORTH + k]
    return e, n


@part
def pair_cost(s: Floats, m: Integers, i: int, j: int) -> float:
    """Return what it costs to take two tracks for one mover: less is likelier, infinity is not possible.

    (1) not of one source, and not of two addresses; (2) with one address, within a plausible distance; (3) otherwise by
    d2 + log det S of place, velocity and height, at the time of the later one, within a gate that one true pair in a
    thousand misses. What is not known costs what it does at the widest.
    """
    one, other = m[i, ADDRESS], m[j, ADDRESS]
    if m[i, SOURCE] == m[j, SOURCE] or (one != other and one != 0 and other != 0):
        return inf
    later, old = (i, j) if m[i, SEEN] > m[j, SEEN] or (m[i, SEEN] == m[j, SEEN] and i < j) else (j, i)
    seconds = (m[later, SEEN] - m[old, SEEN]) * 1e-6
    if seconds > APART_S:
        return inf
    e, n = _offset(s, old, later, seconds)
    if one == other and one != 0:
        plausible = PLAUSIBLE_M + TOP_SPEED * seconds
        return hypot(e, n) - SURE if _apart(s, i, j, PLACE) <= plausible * plausible else inf
    ee, en, nn = _spread(s, later, later, 0.0)
    ee_old, en_old, nn_old = _spread(s, old, later, _growth(seconds, m[old, MOVES]))
    ee, en, nn = ee + ee_old, en + en_old, nn + nn_old
    size = ee * nn - en * en
    d2, cost, freedom = (nn * e * e - 2 * en * e * n + ee * n * n) / size, log(size), 2
    if m[i, MOVES] and m[j, MOVES]:
        sure = 2 * SPEED_SIGMA**2 + NOISE * seconds
        d2, cost, freedom = d2 + _apart(s, i, j, VELOCITY) / sure, cost + 2 * log(sure), freedom + 2
    else:
        cost += 2 + 2 * log(2 * SPEED_UNSAID**2)
    step = s[i, HEIGHT] - s[j, HEIGHT]
    if not np.isnan(step):
        sure = 2 * HEIGHT_SIGMA_M**2 + (CLIMB_MPS * seconds) ** 2
        d2, cost, freedom = d2 + step * step / sure, cost + log(sure), freedom + 1
    else:
        cost += 1 + log(2 * HEIGHT_UNSAID_M**2)
    return d2 + cost if d2 <= GATES[freedom] else inf


@part
def _keep(best: Integers, costs: Floats, i: int, j: int, cost: float) -> None:
    """Keep a candidate of a track if it is among its nearest; of two alike the first in order."""
    at = NEIGHBOURS
    while at > 0 and (cost < costs[i, at - 1] or (cost == costs[i, at - 1] and j < best[i, at - 1])):
        at -= 1
    if at < NEIGHBOURS:
        for k in range(NEIGHBOURS - 1, at, -1):
            best[i, k], costs[i, k] = best[i, k - 1], costs[i, k - 1]
        best[i, at], costs[i, at] = j, cost


@part
def _try(s: Floats, m: Integers, best: Integers, costs: Floats, i: int, j: int) -> None:
    cost = pair_cost(s, m, i, j)
    if cost < inf:
        _keep(best, costs, i, j, cost)
        _keep(best, costs, j, i, cost)


@compiled
def named_alike(s: Floats, m: Integers, order: Integers, best: Integers, costs: Floats) -> None:
    """Weigh each two tracks of one address; `order` is by address, of those that have one."""
    for a in range(len(order)):
        b, weighed, run, address = a + 1, 0, 0, m[order[a], ADDRESS]
        while address != 0 and weighed < MOST and b < len(order) and m[order[b], ADDRESS] == address:
            run = run + 1 if m[order[b], SOURCE] == m[order[b - 1], SOURCE] else 1
            if run <= CROWD and m[order[b], SOURCE] != m[order[a], SOURCE]:
                _try(s, m, best, costs, order[a], order[b])
                weighed += 1
            b += 1


@compiled
def spots(s: Floats, m: Integers, now: int) -> tuple[Floats, Floats, Integers]:
    """Return where each track is at one time (n, 3) metres, how far it looks for others, and the cell that it is in."""
    n = len(s)
    at, reach, cells = np.empty((n, 3)), np.empty(n), np.zeros(n, np.int64)
    for i in range(n):
        seconds = (now - m[i, SEEN]) * 1e-6
        ee, en, nn = _spread(s, i, i, _growth(abs(seconds), m[i, MOVES]))
        reach[i] = sqrt(GATES[5] * ((ee + nn) / 2 + hypot((ee - nn) / 2, en)))
        for k in range(3):
            at[i, k] = s[i, PLACE + k] + (s[i, VELOCITY + k] * seconds if reach[i] <= REACH_M else 0.0)
            cells[i] = (cells[i] << 11) | (floor(at[i, k] / CELL_M) + 1024)
    return at, reach, cells


@compiled
def near(
    s: Floats,
    m: Integers,
    order: Integers,
    at: Floats,
    reach: Floats,
    cells: Integers,
    best: Integers,
    costs: Floats,
) -> None:
    """Weigh each two tracks that are within each other's reach; all by `order`, which is by cell."""
    n = len(order)
    begins = np.zeros(5, np.int64)
    for a in range(n):
        if reach[a] > REACH_M:
            continue
        i, weighed = order[a], 0
        for r in range(5):  # this cell's row of three and the four after it: each two cells meet once
            row = cells[a] + (0 if r == 0 else 1 << 11 if r == 1 else (1 << 22) + ((r - 3) << 11))
            while begins[r] < n and cells[begins[r]] < row - 1:
                begins[r] += 1
            b = max(begins[r], a + 1)
            while b < n and cells[b] <= row + 1 and weighed < MOST:
                j = order[b]
                may = m[i, SOURCE] != m[j, SOURCE] and (m[i, ADDRESS] == 0 or m[j, ADDRESS] == 0)
                if may and reach[b] <= REACH_M and _apart(at, a, b, 0) <= (reach[a] + reach[b]) ** 2:
                    _try(s, m, best, costs, i, j)
                    weighed += 1
                b += 1


@compiled
def joined(s: Floats, m: Integers, best: Integers, edges: Integers) -> Integers:
    """Return for each track the first of those that are one mover with it; `edges` (e, 2) begin with the cheapest.

    Two groups become one only where each of one may be each of the other: a chain of near ones is not one mover, no
    group has two of a source, none has two addresses.
    """
    n = len(s)
    head, after, last = np.arange(n), np.full(n, -1, np.int64), np.arange(n)
    for e in range(len(edges)):
        one, other = head[edges[e, 0]], head[edges[e, 1]]
        a, b = min(one, other), max(one, other)
        if a == b or not _all_fit(s, m, best, a, b, after):
            continue
        after[last[a]], last[a] = b, last[b]
        while b >= 0:
            head[b] = a
            b = after[b]
    return head


@compiled
def edges_of(best: Integers, costs: Floats) -> tuple[Integers, Floats]:
    """Return each pair that one of the two keeps, once, and what it costs."""
    count, edges, paid = 0, np.empty((best.size, 2), np.int64), np.empty(best.size)
    for i in range(len(best)):
        for k in range(NEIGHBOURS):
            j = best[i, k]
            if j < 0:
                break
            if i < j or not _keeps(best, j, i):
                edges[count, 0], edges[count, 1], paid[count] = i, j, costs[i, k]
                count += 1
    return edges[:count], paid[:count]


@part
def _keeps(best: Integers, i: int, j: int) -> bool:
    kept = False
    for k in range(NEIGHBOURS):
        kept = kept or best[i, k] == j
    return kept


@part
def _all_fit(s: Floats, m: Integers, best: Integers, a: int, b: int, after: Integers) -> bool:
    """Return whether each track of one group may be each of the other: whether it was weighed, and kept if there was
    room."""
    while a >= 0:
        other = b
        while other >= 0:
            if not _keeps(best, a, other) and (best[a, NEIGHBOURS - 1] < 0 or pair_cost(s, m, a, other) == inf):
                return False
            other = after[other]
        a = after[a]
    return True


@compiled
def aligned(s: Floats, m: Integers, parts: Integers, starts: Integers) -> tuple[Integers, Floats, Floats, Integers]:
    """Return, for groups of tracks one behind the other, each group's newest, and its parts at that one's time.

    Group g is `parts[starts[g] : starts[g + 1]]`. Of each part: metres (n, 2) east and north of its group's newest; its
    covariance (n, 3) there, wider by what may have come of it since it was seen; and its grade, less for better.
    """
    newest, at, spread = np.empty(len(starts) - 1, np.int64), np.empty((len(parts), 2)), np.empty((len(parts), 3))
    grade = np.empty(len(parts), np.int64)
    for g in range(len(starts) - 1):
        origin = parts[starts[g]]
        for k in range(starts[g], starts[g + 1]):
            if m[parts[k], SEEN] > m[origin, SEEN]:
                origin = parts[k]
        newest[g] = origin
        for k in range(starts[g], starts[g + 1]):
            i = parts[k]
            seconds = (m[origin, SEEN] - m[i, SEEN]) * 1e-6
            at[k, 0], at[k, 1] = _offset(s, i, origin, seconds)
            spread[k, 0], spread[k, 1], spread[k, 2] = _seen_from(s, i, origin, _growth(seconds, m[i, MOVES]))
            grade[k] = _grade(s, i, seconds, m[i, MOVES])
    return newest, at, spread, grade


@part
def _grade(s: Floats, i: int, seconds: float, moves: int) -> int:
    """Return how well a track places its mover, in steps of a factor of 1.4, and of two in its age from four seconds
    on.

    In steps, so that of two about as good the same one leads from second to second. Who says no covariance comes last.
    """
    age = 0.0 if seconds < STEADY_S else STEADY_S * 2.0 ** floor(log2(seconds / STEADY_S))
    ee, en, nn = s[i, COVARIANCE], s[i, COVARIANCE + 1], s[i, COVARIANCE + 2]
    if np.isnan(ee):
        return UNGRADED + int(age)
    more = _growth(age, moves)
    return floor(log2((ee + more) * (nn + more) - en * en) / 2)
