"""How many witnesses make a record, and since when it stands."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T", bound=int)


def quorum(witnesses: int) -> int:
    """Return how many of `witnesses` must cosign: a log that splits then needs one that signs twice."""
    return witnesses // 2 + 1 if witnesses else 0


def quorum_time(times: Iterable[T], witnesses: int) -> T | None:
    """Return the q-th smallest of the cosignatures' dates, or None while there are fewer than q."""
    dates = sorted(times)
    needed = quorum(witnesses)
    return dates[needed - 1] if needed and len(dates) >= needed else None
