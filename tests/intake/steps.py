"""How much work something is, counted in calls: what a clock says depends on who else uses the machine."""

import sys
from collections.abc import Callable
from itertools import count


def steps(work: Callable[[], object]) -> int:
    """Return how many calls some work takes, those into C among them."""
    found, before = count(), sys.getprofile()
    sys.setprofile(lambda *_: next(found))
    try:
        work()
    finally:
        sys.setprofile(before)
    return next(found)
