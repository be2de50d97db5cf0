"""What a node has in memory of warnings: no word of what is gone, and nothing lost of what it has still to look at."""

import asyncio
from pathlib import Path

import pytest
from warned import shown, warn
from world import exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.node.desk.warningviews import Alarmed
from quartet.node.desk.warningwatch import MAX_WAITING

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


async def test_however_much_comes_that_she_may_not_know_of_a_desk_is_told_of_what_she_may_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await warn(world, desks=("east",))
        await world.until(lambda: world.holds("east", ref))
        item = (await shown(world, "east", ref)).row.id
        watch, told = world.nodes["east"].desk.alarms, list[Alarmed]()

        async def hear() -> None:
            async for one in watch.hear(world.viewer("east")):
                told.append(one)

        async def comes(*items: ItemId) -> None:
            (desk,) = watch._desks
            for one in items:
                desk.put(one, came=True)
            await world.until(lambda: not desk.bell.is_set())
            await asyncio.sleep(0)

        hearing = asyncio.create_task(hear())
        await world.until(lambda: len(watch._desks) == 1)
        hidden = [ItemId(f"hidden-{n}") for n in range(MAX_WAITING + 9)]
        await comes(*hidden)
        assert told == []
        await comes(*hidden, item)
        await world.until(lambda: told == [Alarmed(changed=True)])
        hearing.cancel()
