"""How the picture's loops become machine code: numba, kept between runs, without the interpreter's lock.

What only loops call is a part: nothing is made by which Python could call it, which for thirty arrays takes as long to
compile as the work itself, and it is kept in those that call it alone. A part must not be called from Python.

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
    return _made(function, cache=True)


def reordered(function: F) -> F:
    """As `compiled`, with sums in the order that is fastest."""
    return _made(function, cache=True, fastmath=_FAST)


def part(function: F) -> F:
    """Return the function as a part of `compiled` ones."""
    return _made(function, no_cpython_wrapper=True)


def reordered_part(function: F) -> F:
    """Return the function as a part of `reordered` ones."""
    return _made(function, no_cpython_wrapper=True, fastmath=_FAST)


def bare(function: F) -> F:
    """As `reordered_part`, of a function that makes no array of its own: views of arrays are not counted in it.

    Counting them is an atomic addition for each row that is looked at, and took half of the tracker's time.
    """
    return _made(function, no_cpython_wrapper=True, fastmath=_FAST, _nrt=False)


def inlined(function: F) -> F:
    """As `reordered_part`, put whole into each place that calls it."""
    return _made(function, no_cpython_wrapper=True, fastmath=_FAST, inline="always")


def _made(function: F, **how: object) -> F:
    making: Any = njit
    return cast(F, making(nogil=True, error_model="numpy", no_cfunc_wrapper=True, **how)(function))


def kept(function: Callable[..., Any]) -> bool:
    """Return whether a `compiled` function is there as machine code: in this process, or kept by an earlier one.

    What was kept for another processor counts, and is compiled once more.
    """
    made = cast(Any, function)
    return bool(made.signatures or made._cache._cache_file._load_index())
