"""Areas: a polygon is closed and valid, worked out in whole numbers."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.desk.area import DEGREE, Area, Circle, Point, check_area, flaw

points = st.tuples(st.integers(-6, 6), st.integers(-6, 6))
rings = st.lists(points, min_size=3, max_size=7, unique=True).map(lambda found: (*found, found[0]))


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether two sides have a point in common, by solving for it in fractions."""
    (ay, ax), (by, bx), (cy, cx), (dy, dx) = a, b, c, d
    det = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if det == 0:
        on_line = (bx - ax) * (cy - ay) == (by - ay) * (cx - ax)
        return on_line and max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
    s = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), det)
    t = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), det)
    return 0 <= s <= 1 and 0 <= t <= 1


@given(rings)
def test_a_ring_is_valid_exactly_where_no_two_sides_meet_but_neighbours_at_their_end(ring: tuple[Point, ...]) -> None:
    sides = list(pairwise(ring))
    n = len(sides)
    bad = any(crosses(*sides[i], *sides[j]) for i in range(n) for j in range(i + 2, n) if (i, j) != (0, n - 1)) or any(
        _back(*sides[i], sides[(i + 1) % n][1]) for i in range(n)
    )

    assert (flaw(ring) is not None) == bad


def _back(a: Point, b: Point, c: Point) -> bool:
    """Return whether the side from b to c runs back along the one from a to b."""
    cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    return cross == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


@given(rings, st.integers(0, 6), st.booleans())
def test_where_a_ring_begins_and_which_way_it_goes_makes_no_difference(
    ring: tuple[Point, ...], turn: int, back: bool
) -> None:
    inner = list(ring[:-1])
    turn %= len(inner)
    other = [*inner[turn:], *inner[:turn]]
    if back:
        other.reverse()

    assert (flaw(ring) is None) == (flaw((*other, other[0])) is None)


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        (((0, 0), (0, 1), (1, 1), (1, 0)), "not closed"),
        (((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), "crosses"),
        (((0, 0), (0, 2), (0, 1), (0, 0)), "crosses"),
        (((0, 0), (0, 1), (1, 0), (0, 1), (0, 0)), "one point twice"),
        (((0, -170 * DEGREE), (0, 170 * DEGREE), (1, 0), (0, -170 * DEGREE)), "180th"),
    ],
)
def test_what_is_wrong_is_told(ring: Any, says: str) -> None:
    assert says in (flaw(ring) or "")
    with pytest.raises(Malformed, match="bad-area"):
        check_area(Area("x", (ring,)))


def test_an_area_is_made_of_something() -> None:
    check_area(Area("x", circles=(Circle(0, 0, 1),)))
    with pytest.raises(Malformed, match="bad-area"):
        check_area(Area("x"))
