"""Whoever holds an item with a deadline comes to the same: by when it was on record, and receipted by another."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.timely import RECEIPT_ALLOWANCE
from quartet.node.views import Published

pytestmark = pytest.mark.anyio
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))


def earliest(world: World, member: str, sent: Published) -> Micros | None:
    """Return the earliest time by which an item is timely, as a member finds it."""
    row = world.stores[member].reader.row(ItemId(sent.id))
    return None if row is None else world.nodes[member].timeliness.records.earliest(row, row.at)


def agreed(world: World, sent: Published, *members: str) -> Micros | None:
    """Return that time, once some members find the same."""
    found = {earliest(world, member, sent) for member in members}
    return found.pop() if len(found) == 1 else None


async def test_who_was_cut_off_comes_to_the_same_earliest_time_as_all_who_were_not(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        world.hub.cut(SOUTH)
        seal = await world.send("north", ["east", "south", "west"], "sealed", kind="rating-seal")
        await world.until(lambda: agreed(world, seal, "north", "east", "west"))
        before = agreed(world, seal, "north", "east", "west")
        assert before is not None

        world.later(2 * RECEIPT_ALLOWANCE // SECOND)
        world.hub.mend(SOUTH)
        await world.until(lambda: agreed(world, seal, "north", "east", "south", "west"), 60)

        south, row = world.nodes["south"].timeliness.records, world.stores["south"].reader.row(ItemId(seal.id))
        assert row is not None
        await world.until(lambda: south.own_receipt(row.id, row.at))
        alone = south.own_receipt(row.id, row.at)
        assert alone is not None
        assert alone > before + RECEIPT_ALLOWANCE, "by its own receipt alone it would be late"
        assert agreed(world, seal, "north", "east", "south", "west") == before
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4
        assert not any(world.alarms(m) for m in world.nodes)
