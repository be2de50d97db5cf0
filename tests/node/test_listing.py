"""A list is read in slices: nobody waits for it, and what is taken back meanwhile is not on it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import World, exchange

from atonce import at_once
from quartet.node.asking import Query
from quartet.node.wordbook import SLICE

pytestmark = pytest.mark.anyio

MANY = SLICE * 2 + 10
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


async def filled(world: World) -> list[str]:
    """Have north say many things, and return their references in the order of admission."""
    for first in range(0, MANY, 50):
        await asyncio.gather(*(world.send("north", ["east"], f"x {n}") for n in range(first, min(first + 50, MANY))))
    return [row.ref for row in world.page("north", Query(limit=500)).items]


async def test_who_looks_for_what_is_not_there_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        assert len(await filled(world)) == MANY
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        waiting = asyncio.create_task(others())
        page = await world.nodes["north"].read(world.viewer("north"), Query(until=LONG_AGO))
        waiting.cancel()

        assert page.items == ()
        assert turns >= MANY // SLICE


async def test_what_is_taken_back_while_a_list_is_read_is_not_on_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first, second, *_ = await filled(world)
        reading = world.nodes["north"].read(world.viewer("north"), Query(limit=500))
        reading.send(None)  # the first slice is read, with both in it

        await world.fact("north", "recall", first)
        refs = [row.ref for row in at_once(reading).items]

        assert first not in refs
        assert refs[0] == second


async def test_pages_follow_one_another_across_slices_in_both_orders(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = await filled(world)
        for newest in (False, True):
            seen: list[str] = []
            after: str | None = ""
            while after is not None:
                page = world.page("north", Query(newest=newest, limit=SLICE - 1, after=after))
                seen += [row.ref for row in page.items]
                after = page.next

            assert seen == (refs[::-1] if newest else refs)


async def test_what_the_store_itself_narrows_is_what_fits(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        flash = await world.send("north", ["east"], "now", precedence="FLASH")
        green = await world.send("north", ["east"], "for all", tlp="GREEN")

        assert [row.ref for row in world.page("north", Query(precedence="FLASH")).items] == [flash.ref]
        assert [row.ref for row in world.page("north", Query(tlp="GREEN")).items] == [green.ref]
        assert world.page("north", Query(tlp="GREEN", precedence="FLASH")).items == ()


async def test_a_reference_as_said_on_the_phone_finds_its_item_for_those_who_have_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        said = await world.send("north", ["east"], "bridge 4")
        other = await world.send("north", ["east", "west"], "bridge 5")
        await world.until(lambda: world.holds("east", said.ref) and world.holds("west", other.ref))

        def found(member: str) -> list[str]:
            return [row.ref for row in world.page(member, Query(words=(said.ref.lower(),))).items]

        assert found("north") == found("east") == [said.ref]
        assert found("west") == []
