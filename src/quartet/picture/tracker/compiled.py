"""How the tracker's loops are compiled: once, kept on disk, without the interpreter's lock.

Sums may be reordered, but infinity and "not a number" keep their meaning. A division by nought gives infinity.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_FAST: Final = {"reassoc", "contract", "nsz", "arcp"}


def compiled(function: F) -> F:
    """Compile a function when it is first called with arguments of some types."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)(function))


def inlined(function: F) -> F:
    """As `compiled`, put whole into each place that calls it."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST, inline="always")(function))
