"""What a second asks for, step by step: one that fails holds up none of the others."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Iterable
from typing import Final

from quartet.core.faults import Fault

_LOG: Final = logging.getLogger("quartet.steps")


async def take_all(steps: Iterable[Awaitable[object]]) -> None:
    """Take each step in turn, whatever becomes of those before it; raise the first fault once all were taken.

    Of the others each is logged. Who is told to end while a step is taken ends, though that step told a fault instead:
    what it tidied up found the store closed.
    """
    faults: list[Fault | sqlite3.Error] = []
    task = asyncio.current_task()
    told = 0 if task is None else task.cancelling()
    for step in steps:
        try:
            await step
        except (Fault, sqlite3.Error) as error:
            if task is not None and task.cancelling() > told:
                raise asyncio.CancelledError from error
            if faults:
                _LOG.warning("beside %s: %s", _word(faults[0]), _word(error))
            faults.append(error)
    if faults:
        raise faults[0]


def _word(error: Fault | sqlite3.Error) -> str:
    """Return what a log may say of a fault: its reason, for the rest may name an item."""
    return error.reason if isinstance(error, Fault) else type(error).__name__
