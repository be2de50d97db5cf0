"""When what was looked for is answered: at one of few times, whatever was found and whatever was looked through."""

import asyncio
from typing import Final

BEAT_S: Final = 0.05
"""The first time at which an answer is given; each other is twice the one before."""


def until_beat(took: float) -> float:
    """Return how long to wait until what took so long is answered."""
    beat = BEAT_S
    while beat < took:
        beat *= 2
    return beat - took


class Beat:
    """Begins now, and waits for the next time to answer."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        """Return at the next of the times."""
        await asyncio.sleep(until_beat(asyncio.get_running_loop().time() - self._began))
