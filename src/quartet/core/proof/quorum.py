"""How many witnesses it takes, and since when a log was on record with that many."""

from collections.abc import Iterable, Mapping

from quartet.core.ids import MemberId, Micros


def quorum(witnesses: int) -> int:
    """Return how many of so many witnesses are enough: more than half, so that a split needs one who signs twice."""
    return witnesses // 2 + 1


def quorum_time(dates: Mapping[MemberId, Micros] | Iterable[Micros], witnesses: int) -> Micros | None:
    """Return the q-th smallest of the witnesses' dates, one a witness; None while there are too few."""
    each = sorted(dates.values() if isinstance(dates, Mapping) else dates)
    needed = quorum(witnesses)
    return each[needed - 1] if len(each) >= needed else None
