"""RED is promised to persons: who of another member saw it signs for that, and the author knows."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.faults import Unavailable

pytestmark = pytest.mark.anyio


async def red(world: World, *persons: str) -> str:
    published = await world.send("north", ["east"], "for your eyes", tlp="RED", persons=persons)
    await world.until(lambda: world.nodes["east"].holdings.verified(published.id))
    return published.ref


def facts(world: World, member: str) -> list[str]:
    reader = world.stores[member].reader
    return [row.kind for item in reader.all_facts() if (row := reader.row(item)) is not None]


async def test_a_view_of_a_red_item_is_signed_once_and_its_author_is_told(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await red(world, "east/duty", "east/second")
        east = world.nodes["east"]

        for _ in range(2):
            shown = await east.view(world.viewer("east"), ref)

        await world.until(lambda: world.receipts("north", ref).viewed)
        assert shown.body["text"] == "for your eyes"
        assert set(world.receipts("north", ref).viewed) == {"east/duty"}
        assert facts(world, "east") == facts(world, "north") == ["view-receipt"]
        await east.view(world.viewer("east", "second"), ref)
        await world.until(lambda: set(world.receipts("north", ref).viewed) == {"east/duty", "east/second"})


async def test_nobody_signs_for_what_is_not_red_or_is_her_own_members(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        amber = await world.send("north", ["east"], "for all")
        ref = await red(world, "east/duty")
        await world.until(lambda: world.holds("east", amber.ref))

        await world.nodes["east"].view(world.viewer("east"), amber.ref)
        await world.nodes["north"].view(world.viewer("north"), ref)

        assert facts(world, "east") == facts(world, "north") == []


async def test_who_is_not_named_sees_nothing_and_signs_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await red(world, "east/duty")

        with pytest.raises(Unavailable, match="unknown-item"):
            await world.nodes["east"].view(world.viewer("east", "second"), ref)

        assert facts(world, "east") == []


async def test_a_view_receipt_goes_to_the_author_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        sent = await world.send("north", ["east", "south"], "two", tlp="RED", persons=("east/duty", "south/duty"))
        await world.until(lambda: world.holds("east", sent.ref) and world.holds("south", sent.ref))

        await world.nodes["east"].view(world.viewer("east"), sent.ref)
        await world.until(lambda: world.receipts("north", sent.ref).viewed)
        later = await world.send("north", ["south"], "later")
        await world.until(lambda: world.holds("south", later.ref))

        assert facts(world, "south") == []


async def test_who_viewed_is_known_after_the_item_was_destroyed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await red(world, "east/duty")
        await world.nodes["east"].view(world.viewer("east"), ref)
        await world.until(lambda: world.receipts("north", ref).viewed)

        await world.recall("north", ref)
        await world.until(lambda: "east" in world.receipts("north", ref).purged)

        assert set(world.receipts("north", ref).viewed) == {"east/duty"}
        with pytest.raises(Unavailable, match="unknown-item"):
            world.nodes["north"].receipts(world.viewer("north", "second"), ref)
