"""Where a mover is by several tracks of it, whose errors may have anything in common: covariance intersection.

Julier, Uhlmann, A non-divergent estimation algorithm in the presence of unknown correlations, ACC 1997: the
informations (inverse covariances) are mixed, not added: w A + (1 - w) B is never more than what one of them or their
mixture holds, so that a track which comes back counts for no more than it did.

What is compiled copies no slice of an array, which takes seconds to compile, and calls nothing of another file: numba's
cache looks at this one alone.
"""

from typing import Final

import numpy as np

from quartet.picture.compiled import Floats, Integers, compiled, part

BIAS_M: Final = 100.0
"""Of each of two places that are asked whether they agree, one standard deviation, as in the gate."""
AGREE: Final = 13.816
"""Chi-square of two degrees of freedom that one in a thousand exceeds."""
NO_BETTER: Final = 1e-6
"""A gain of the determinant by less than this part of it is rounding."""


@compiled
def weight(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Return the part (0 to 1) of the first of two informations (11, 12, 22) at which their mixture's determinant is
    most.

    In two dimensions that determinant is a parabola of the part: Reinhardt, Noack, Hanebeck, Closed-form optimization
    of covariance intersection for low-dimensional matrices, FUSION 2012. Its root is concave, so that a parabola which
    opens upwards is highest at an end. Where no part is better than another, as of two that are equal, it is
    a half.
    """
    d11, d12, d22 = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    square = d11 * d22 - d12 * d12
    linear = b[0] * d22 + b[2] * d11 - 2 * b[1] * d12
    best = 1.0 if linear + square > 0 else 0.0
    if square < 0:
        best = min(1.0, max(0.0, -linear / (2 * square)))
    most, even = linear * best + square * best**2, linear / 2 + square / 4
    return best if most - even > NO_BETTER * (b[0] * b[2] - b[1] * b[1]) else 0.5


@part
def inverse(m: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the inverse of a symmetric matrix 11, 12, 22."""
    size = m[0] * m[2] - m[1] * m[1]
    return m[2] / size, -m[1] / size, m[0] / size


@part
def _known(roots: Integers, held: Integers, count: int, i: int) -> bool:
    """Return whether all that a part rests on is held already; a part that names nothing rests on nothing new."""
    for k in range(roots.shape[1]):
        if roots[i, k] == 0:
            break
        found = False
        for h in range(count):
            found = found or held[h] == roots[i, k]
        if not found:
            return False
    return True


@part
def _agree(at: Floats, spread: Floats, i: int, j: int) -> bool:
    """Return whether two places may be one, within the gate."""
    e, n = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
    ee, en, nn = spread[i, 0] + spread[j, 0], spread[i, 1] + spread[j, 1], spread[i, 2] + spread[j, 2]
    ee, nn = ee + 2 * BIAS_M**2, nn + 2 * BIAS_M**2
    return bool(nn * e * e - 2 * en * e * n + ee * n * n <= AGREE * (ee * nn - en * en))


@compiled
def intersected(
    at: Floats, spread: Floats, grade: Integers, roots: Integers, starts: Integers
) -> tuple[Integers, Integers, Floats, Floats]:
    """Return of each group the order of its parts (best first), which of them count, its place and covariance.

    Arrays as `aligned` makes them, `roots` (n, w) by part. (1) The part of the least grade counts, of two alike the
    first. (2) No other counts that rests on nothing but what those before it rest on, that says no covariance, or that
    is not where the best is. (3) Those that count are intersected one after the other. Place (g, 2) in metres,
    covariance (g, 3) in m2, NaN where none was told.
    """
    groups, n = len(starts) - 1, len(grade)
    order, counts = np.arange(n), np.zeros(n, np.int64)
    place, covariance = np.empty((groups, 2)), np.empty((groups, 3))
    held = np.empty(roots.shape[1] * n, np.int64)
    for g in range(groups):
        first, end = starts[g], starts[g + 1]
        for k in range(first + 1, end):
            one, to = order[k], k
            while to > first and grade[one] < grade[order[to - 1]]:
                order[to] = order[to - 1]
                to -= 1
            order[to] = one
        best, count = order[first], 0
        counts[best] = 1
        for e in range(2):
            place[g, e] = at[best, e]
        for e in range(3):
            covariance[g, e] = spread[best, e]
        for k in range(first, end):
            one = order[k]
            if k > first:
                if np.isnan(spread[one, 0]) or _known(roots, held, count, one) or not _agree(at, spread, best, one):
                    continue
                counts[one] = 1
                _mix(place, covariance, g, at, spread, one)
            for h in range(roots.shape[1]):
                if roots[one, h] != 0:
                    held[count] = roots[one, h]
                    count += 1
    return order, counts, place, covariance


@part
def _mix(place: Floats, covariance: Floats, g: int, at: Floats, spread: Floats, one: int) -> None:
    """Intersect what a group knows with one part more."""
    a = inverse((covariance[g, 0], covariance[g, 1], covariance[g, 2]))
    b = inverse((spread[one, 0], spread[one, 1], spread[one, 2]))
    w = weight(a, b)
    rest = 1 - w
    m11, m12, m22 = w * a[0] + rest * b[0], w * a[1] + rest * b[1], w * a[2] + rest * b[2]
    x, y, u, v = place[g, 0], place[g, 1], at[one, 0], at[one, 1]
    s = w * (a[0] * x + a[1] * y) + rest * (b[0] * u + b[1] * v)
    t = w * (a[1] * x + a[2] * y) + rest * (b[1] * u + b[2] * v)
    ee, en, nn = inverse((m11, m12, m22))
    place[g, 0], place[g, 1] = ee * s + en * t, en * s + nn * t
    covariance[g, 0], covariance[g, 1], covariance[g, 2] = ee, en, nn
