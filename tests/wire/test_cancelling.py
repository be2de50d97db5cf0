"""A carrier ends when it is told to, whatever its library was doing at that moment."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from worlds import EAST, NORTH, SOUTH, World, until

from quartet.core.faults import Unavailable
from quartet.wire.carrier import Arrival
from quartet.wire.nats import NatsCarrier

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
WITHIN = 30.0
STEPS = 120


async def ends(task: "asyncio.Task[None]") -> bool:
    """Tell a task to end, once, and return whether it does; one that does not is made to."""
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=WITHIN)
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.1)
    return bool(done)


async def nothing(_: Arrival) -> None:
    """Take what arrives."""


async def test_it_ends_at_any_moment_of_its_connecting(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = World(tmp_path, stack)
        await made.raise_hubs(("hub-1",), (NORTH, EAST, SOUTH))
        await made.raise_member(NORTH)
        stuck = []
        for step in range(STEPS):
            carrier = NatsCarrier(NORTH, made.access[NORTH], [EAST, SOUTH])
            task = asyncio.create_task(carrier.run(nothing))
            for _ in range(step):
                await asyncio.sleep(0)
            if not await ends(task):
                stuck.append(step)

        assert stuck == []


async def test_who_sends_ends_at_any_moment_of_it(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = World(tmp_path, stack)
        await made.raise_hubs(("hub-1",), (NORTH, EAST))
        await made.raise_member(NORTH)
        carrier = await made.raise_carrier(NORTH)
        await until(lambda: carrier.linked(EAST))

        async def pump() -> None:
            while True:
                try:
                    await carrier.send(EAST, "p", bytes(60_000))
                except Unavailable:
                    await asyncio.sleep(0)

        stuck = []
        for step in range(STEPS):
            task = asyncio.create_task(pump())
            for _ in range(step):
                await asyncio.sleep(0)
            if not await ends(task):
                stuck.append(step)

        assert stuck == []
