"""What FLASHes count that a file brought, and those that a hub brings after it: a file ends no silence of the link."""

from pathlib import Path

import pytest
from carriers import carry, cut_off, taken, written
from test_carrying import gap
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.node.flashes import MAX_FLASH_AN_HOUR

pytestmark = pytest.mark.anyio
HOUR = 3_600
HOURS = MAX_FLASH_AN_HOUR + 2


async def one_an_hour(world: World) -> None:
    """Have north say FLASH once an hour."""
    for n in range(HOURS):
        world.later(HOUR)
        await world.send("north", ["west"], f"{n}", precedence="FLASH", title=f"{n}")


def all_are_urgent(world: World) -> bool:
    urgent = [row.precedence for row in world.rows("west")] == ["FLASH"] * HOURS
    return urgent and "flash-claimed" not in world.alarms("west")  # that a witness was silent for hours is told too


async def test_after_a_file_the_flashes_of_a_silence_still_count_when_a_hub_brings_them(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "west") as world:
        await world.linked()
        cut_off(world)
        first = await written(world, "north", "west")
        await one_an_hour(world)
        await taken(world, "west", first)
        world.later(2 * HOUR)
        for name in world.nodes:
            world.hub.mend(MemberId(name))

        await world.until(lambda: len(world.rows("west")) == HOURS)
        assert all_are_urgent(world)


@pytest.mark.parametrize("after", [60, 2 * HOUR])
async def test_a_late_file_before_it_makes_no_flash_of_the_next_file_one_too_many(tmp_path: Path, after: int) -> None:
    async with gap(tmp_path) as world:
        first = await written(world, "north", "west")
        await one_an_hour(world)
        second = await written(world, "north", "west")
        world.later(2 * HOUR)
        await taken(world, "west", first)
        world.later(after)

        await taken(world, "west", second)
        assert all_are_urgent(world)


async def test_of_flashes_of_one_hour_a_file_brings_six(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        world.later(HOUR)
        for n in range(MAX_FLASH_AN_HOUR):
            await world.send("north", ["west"], f"{n}", precedence="FLASH", title=f"{n}")
        await carry(world, "north", "west")
        world.later(HOUR // 2)
        node = world.nodes["north"]
        node.publisher._flashes = type(node.publisher._flashes)()
        for n in range(3):
            await world.send("north", ["west"], f"more {n}", precedence="FLASH", title=f"more {n}")

        await carry(world, "north", "west")
        said = sorted(row.precedence for row in world.rows("west"))
        assert said == ["FLASH"] * MAX_FLASH_AN_HOUR + ["IMMEDIATE"] * 3
        assert "flash-claimed" in world.alarms("west")
