"""The first rows of what is looked through a slice at a time, and whether more follow."""

from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from quartet.core.faults import Malformed

R = TypeVar("R")


async def first(
    found: AsyncIterator[Iterable[tuple[int, R]]], limit: int, most: int
) -> tuple[tuple[R, ...], int | None]:
    """Return as many rows as are asked for and, where more follow, the admission of the last of them.

    Each row comes with its item's admission. Raise `Malformed("bad-query")` for a limit below 1 or above `most`.
    """
    if not 1 <= limit <= most:
        raise Malformed("bad-query", f"limit: {limit} where 1 to {most} may be")
    rows: list[tuple[int, R]] = []
    async for some in found:
        rows += some
        if len(rows) > limit:
            break
    page = rows[:limit]
    return tuple(row for _, row in page), page[-1][0] if len(rows) > limit else None
