"""What a node has in memory of warnings: no word of what is gone, and nothing lost of what it has still to look at."""

import asyncio
from pathlib import Path

import pytest
from warned import shown, warn
from world import exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, MemberId, Micros

pytestmark = pytest.mark.anyio


async def test_the_stream_keeps_no_word_of_a_warning_that_was_taken_back_or_destroyed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["east"]
        told: list[str] = []

        async def hear() -> None:
            async for one in node.desk.alarms.hear(world.viewer("east")):
                if one.row is not None:
                    told.append(one.row.ref)

        hearing = asyncio.create_task(hear())
        await asyncio.sleep(0)
        refs = [await warn(world, desks=("east",)) for _ in range(2)]
        await world.until(lambda: sorted(told) == sorted(refs))
        kept = node.desk.alarms._rows
        assert len(kept) == 2
        first = (await shown(world, "east", refs[0])).row.id
        node.holdings.purged(first)
        assert [one.ref for one in kept.values() if one is not None] == [refs[1]]
        await world.recall("north", refs[1])
        await world.until(lambda: not kept)

        ref = await warn(world, desks=("east",))
        await world.until(lambda: ref in told)
        hearing.cancel()
        await world.until(lambda: not kept)


async def test_what_a_fault_leaves_unlooked_at_is_alarmed_of_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        refs = [await warn(world, desks=("north",)) for _ in range(4)]
        node = world.nodes["north"]
        received = node.desk.sayings.received
        asked: list[ItemId] = []

        def busy(item: ItemId) -> dict[MemberId, Micros]:
            asked.append(item)
            if len(asked) == 2:
                raise Unavailable("store-busy", "a test")
            return received(item)

        monkeypatch.setattr(node.desk.sayings, "received", busy)
        with pytest.raises(Unavailable, match="store-busy"):
            await node.desk.warned.look(world.now("north"))
        await node.desk.warned.look(world.now("north"))

        told = {one.reason: one.detail for one in node.status(world.viewer("north")).alarms}["warning-waits"]
        assert all(ref in told for ref in refs)
        assert len(asked) == len(set(asked)) + 1 == 5
