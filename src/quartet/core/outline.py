"""Outlines in whole units: whether one touches or crosses itself, exactly. What is checked is what was signed.

Corners are pairs of integers, in their order, the last joined to the first. Nothing here knows of a sphere: who asks
has unrolled what goes over the 180th meridian, or cut it.
"""

from collections.abc import Sequence
from itertools import pairwise

Spot = tuple[int, int]


def crosses_itself(corners: Sequence[Spot]) -> bool:
    """Return whether two sides of an outline meet that do not share a corner, or two lie along each other."""
    sides = list(pairwise((*corners, corners[0])))
    last = len(sides) - 1
    for n, (a, b) in enumerate(sides):
        for m in range(n + 1, len(sides)):
            c, d = sides[m]
            if m == n + 1 or (n == 0 and m == last):
                shared, one, other = (b, a, d) if m == n + 1 else (a, b, c)
                if _turn(one, shared, other) == 0 and _same_side(one, shared, other):
                    return True
            elif _meet(a, b, c, d):
                return True
    return False


def _same_side(one: Spot, shared: Spot, other: Spot) -> bool:
    """Return whether two points on a line through a third lie on the same side of it."""
    return sum((one[n] - shared[n]) * (other[n] - shared[n]) for n in (0, 1)) > 0


def _turn(a: Spot, b: Spot, c: Spot) -> int:
    """Return on which side of the line from a to b a point lies: its sign, and 0 for on it."""
    found = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (found > 0) - (found < 0)


def _meet(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    """Return whether the side from a to b and the one from c to d have a point in common."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    ends = ((turns[0], a, b, c), (turns[1], a, b, d), (turns[2], c, d, a), (turns[3], c, d, b))
    return any(turn == 0 and _between(p, q, r) for turn, p, q, r in ends)


def _between(a: Spot, b: Spot, c: Spot) -> bool:
    """Return whether a point on the line from a to b lies between the two."""
    return all(min(a[n], b[n]) <= c[n] <= max(a[n], b[n]) for n in (0, 1))
