"""How the picture's loops become machine code: numba, kept between runs, without the interpreter's lock.

A division by nought gives infinity. Where sums may be reordered (`reordered`, `inlined`), infinity and "not a number"
keep their meaning all the same.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])

_FAST: Final = {"reassoc", "contract", "nsz", "arcp"}


def compiled(function: F) -> F:
    """Return the function compiled at its first call, or as it was kept by an earlier process."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))


def reordered(function: F) -> F:
    """As `compiled`, with sums in the order that is fastest."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)(function))


def bare(function: F) -> F:
    """As `reordered`, of a function that makes no array of its own: views of arrays are not counted in it.

    Counting them is an atomic addition for each row that is looked at, and took half of the tracker's time.
    """
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST, _nrt=False)(function))  # type: ignore[call-overload]


def inlined(function: F) -> F:
    """As `reordered`, put whole into each place that calls it."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST, inline="always")(function))
