"""How the picture's loops become machine code: numba, kept between runs, without the interpreter's lock."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return the function compiled at its first call, or as it was kept by an earlier process."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
