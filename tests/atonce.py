"""Take a coroutine to its end without waiting: for those that only let others go first."""

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; whatever it waits for must not wait for anybody else."""
    try:
        while True:
            assert work.send(None) is None, "it waits for somebody"
    except StopIteration as done:
        result: T = done.value
        return result
