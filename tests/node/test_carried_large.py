"""Large files and bad ones beside all else that a node does: nobody waits until one is filled, or taken in."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from carriers import carry, logged, parcels, taken, to_and_fro, written
from test_carrying import HOUR, gap
from test_exchange import hand_over
from world import World, exchange

from quartet.core.attachment import PART
from quartet.core.ids import MemberId
from quartet.node import ways
from quartet.wire.carried import MAX_BAD, Record, read_carried, write_carried

pytestmark = pytest.mark.anyio
NORTH, WEST = MemberId("north"), MemberId("west")


class Turns:
    """Counts how often another task had its turn before each call."""

    def __init__(self) -> None:
        self._count = 0
        self.before: list[int] = []

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            other = tasks.create_task(self._run())
            yield
            other.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(0)
            self._count += 1

    def noted(self, called: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.before.append(self._count)
            return called(*given, **named)

        return call

    @property
    def each_time(self) -> bool:
        return all(one < other for one, other in zip(self.before, self.before[1:], strict=False))


async def test_of_a_file_of_rubbish_the_end_is_left_unread_and_others_have_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gap(tmp_path) as world:
        await world.send("north", ["west"], "x")
        carried = read_carried(await written(world, "north", "west"))
        cut = carried.records[1].data[:1_200]
        rubbish = [Record("p", cut + n.to_bytes(2, "big")) for n in range(3 * MAX_BAD)]
        good, turns = carried.records[1], Turns()
        records = [*rubbish[: MAX_BAD - 1], good, *rubbish]
        arriving = world.nodes["west"].carrying._arriving
        monkeypatch.setattr(arriving, "brought", turns.noted(arriving.brought))

        async with turns.counted():
            came = await taken(world, "west", write_carried(carried.head.exchange, "north", "west", records))

        assert (came.items, came.parcels) == (1, 1)
        assert sum(came.refused.values()) == 2 * MAX_BAD - 1
        assert came.unread == 2 * MAX_BAD
        assert len(turns.before) == 2 * MAX_BAD
        assert turns.each_time


async def test_while_a_file_is_filled_others_have_their_turn_after_each_parcel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gap(tmp_path) as world:
        film = await hand_over(world, "north", os.urandom(5 * PART))
        await world.send("north", ["west"], "a film", attachments=(film,))
        turns, pump = Turns(), world.nodes["north"].carrying._neighbours.pumps[WEST]
        monkeypatch.setattr(pump, "_seal", turns.noted(pump._seal))

        async with turns.counted():
            data = await written(world, "north", "west")

        assert parcels(data) == len(turns.before) >= 5
        assert turns.each_time


async def test_a_file_for_who_is_linked_ends_once_the_link_waits_and_one_for_who_is_silent_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "west") as world:
        await world.linked()
        world.hub.cut(WEST)
        await many(world)
        pump = world.nodes["north"].carrying._neighbours.pumps[WEST]
        made = pump._make

        async def woken(now: Any) -> Any:
            pump.peer.wake.set()
            return await made(now)

        monkeypatch.setattr(pump, "_make", woken)
        pump.peer.heard = world.now("north")
        assert parcels(await written(world, "north", "west")) == 1

        world.later(HOUR)
        assert parcels(await written(world, "north", "west")) > 2


async def test_a_file_brings_all_paths_and_not_one_page_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MAX_PATHS", 5)
    async with gap(tmp_path) as world:
        sent = [await world.send("north", ["west"], f"{n}", title=f"{n}") for n in range(23)]
        await to_and_fro(world, "north", "west", 1)
        reader, pump = world.stores["north"].reader, world.nodes["north"].carrying._neighbours.pumps[WEST]
        await logged(world, "north")
        assert len(reader.paths_due(WEST, 99)) >= len(sent)

        await carry(world, "north", "west")
        going = [path for one in pump.peer.outgoing.under_way() for path in one.cargo.paths]
        assert len(going) == len(set(going)) == len(reader.paths_due(WEST, 99))
        await to_and_fro(world, "west", "north", 1)

        assert all(world.proven("west", one.ref) for one in sent)
        assert all(world.proven("north", one.ref) for one in sent)


async def many(world: World) -> None:
    for n in range(24):
        await world.send("north", ["west"], "x" * 100_000, title=f"{n}")
