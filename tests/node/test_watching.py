"""What a watcher is told, and that she may stop and go on anywhere: nothing is lost and nothing is told twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import World, exchange

from quartet.node.views import Event

pytestmark = pytest.mark.anyio
WITHIN = 90.0


def watch(world: World, member: str, after: str) -> AsyncIterator[Event]:
    return world.nodes[member].watch(world.viewer(member), after)


async def told(world: World, member: str, after: str, count: int) -> list[Event]:
    """Watch from a number on until `count` events were told, then hang up."""
    found: list[Event] = []
    async with asyncio.timeout(WITHIN), aclosing(watch(world, member, after)) as events:  # type: ignore[type-var]
        while len(found) < count:
            found.append(await anext(events))
    return found


@pytest.mark.rare
@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=7), min_size=1, max_size=6))
def test_who_hangs_up_and_resumes_by_the_last_number_misses_nothing_and_hears_nothing_twice(steps: list[int]) -> None:
    async def whole(folder: Path) -> None:
        async with exchange(folder, "north", "east", "south") as world:
            wanted = sum(steps)
            sent = asyncio.create_task(_all(world, wanted))
            heard: list[Event] = []
            for count in steps:
                heard += await told(world, "east", heard[-1].seq if heard else "", count)
            published = await sent
            await world.until(lambda: all(world.holds("east", ref) for ref in published))

            assert sorted(event.ref or "" for event in heard) == sorted(published)
            assert len({event.seq for event in heard}) == wanted

    with TemporaryDirectory() as folder:
        asyncio.run(whole(Path(folder)))


async def _all(world: World, count: int) -> list[str]:
    """Send that many items to east, and between them what east's officers do not see."""
    refs = []
    for n in range(count):
        refs.append((await world.send(("north", "south")[n % 2], ["east"], f"{n}")).ref)
        await world.send("north", ["south"], "not for east")
        await asyncio.sleep(0)
    return refs


@pytest.mark.rare
async def test_a_slow_watcher_is_told_all_in_the_end(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        async with aclosing(watch(world, "north", "")) as events:  # type: ignore[type-var]
            first = await world.send("north", ["east"], "first")
            assert (await anext(events)).ref == first.ref
            refs = [(await world.send("north", ["east"], f"{n}")).ref for n in range(1_200)]

            async with asyncio.timeout(WITHIN):
                heard = [(await anext(events)).ref for _ in refs]

        assert heard == refs


async def test_who_knows_more_than_a_restored_node_is_told_to_read_again(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")

        ahead = world.nodes["north"].reading.cursor(world.viewer("north"), 1_000_000)
        gap, event = await told(world, "north", ahead, 2)

        assert (gap.kind, gap.seq, gap.ref) == ("gap", "", None)
        assert (event.kind, event.ref) == ("item", report.ref)
