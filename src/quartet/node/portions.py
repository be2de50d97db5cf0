"""Cut what is looked at into portions that each take little time, whoever wrote it: others have their turn between."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

BYTES_A_TURN: Final = 256 * 1024
"""As much as one item may be, or a slice of ordinary ones."""

T = TypeVar("T")


def portions(every: Iterable[T], size: Callable[[T], int], most: int = BYTES_A_TURN) -> Iterator[list[T]]:
    """Yield all in their order, some together: of each but its last the sizes come to less than `most`.

    A size is asked for when its portion is made, and not before.
    """
    some: list[T] = []
    taken = 0
    for one in every:
        some.append(one)
        taken += size(one)
        if taken >= most:
            yield some
            some, taken = [], 0
    if some:
        yield some
