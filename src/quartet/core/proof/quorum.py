"""How many witnesses make a record, and since when it stands."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T", bound=int)
K = TypeVar("K")


class Reached(NamedTuple, Generic[T, K]):
    """When a quorum was reached, of how many witnesses, and who of them did not count."""

    time: T
    witnesses: int
    absent: Collection[K]


def quorum(witnesses: int) -> int:
    """Return how many of `witnesses` must cosign: a log that splits then needs one that signs twice."""
    return witnesses // 2 + 1 if witnesses else 0


def quorum_time(times: Iterable[T], witnesses: int) -> T | None:
    """Return the q-th smallest of the cosignatures' dates, or None while there are fewer than q."""
    dates = sorted(times)
    needed = quorum(witnesses)
    return dates[needed - 1] if needed and len(dates) >= needed else None


def reached(dates: Mapping[K, T], witnesses: int, absent: Callable[[T], Collection[K]]) -> Reached[T, K] | None:
    """Return the first of the cosignatures' dates at which a quorum of those who count then is there.

    `absent` answers who of the `witnesses` does not count where that is the date of the record; None without a quorum.
    """
    for time in sorted(set(dates.values())):
        gone = absent(time)
        left = witnesses - len(gone)
        if quorum_time([at for who, at in dates.items() if who not in gone and at <= time], left) is not None:
            return Reached(time, left, gone)
    return None
