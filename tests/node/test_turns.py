"""What happens at the same moment: a recall overtaken by nothing, two consents that make one, turns that exclude."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.node.turns import Turns

pytestmark = pytest.mark.anyio
SOUTH, WEST = MemberId("south"), MemberId("west")
RACES = 30
ASKED = (("east", "west"), ("west", "east"))
CONSENTS = 12


async def test_a_recall_that_races_its_item_reaches_whoever_gets_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=3600) as world:
        refs = [await raced(world, n) for n in range(RACES)]

        await world.until(lambda: not [ref for ref in refs if world.holds("east", ref)])
        after = await world.send("north", ["east"], "not taken back")
        await world.until(lambda: world.holds("east", after.ref))
        assert not [ref for ref in refs if world.holds("east", ref)]


async def raced(world: World, n: int) -> str:
    """Send an item and take it back a moment later: `n` says how much later."""
    sent = await world.send("north", ["east"], "soon taken back")
    for _ in range(n % 10):
        await asyncio.sleep(0)
    await asyncio.sleep(n % 3 * 0.004)
    await world.recall("north", sent.ref, officer="root")
    return sent.ref


async def test_two_consents_at_one_moment_count_together(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sources = [await world.send(one, ["north", other], f"as {one} saw it") for one, other in ASKED]
        await world.until(lambda: all(world.holds("north", source.ref) for source in sources))
        contains = tuple(source.ref for source in sources)
        named = ["east", "west", "south"]
        derived = [await world.send("north", named, f"as both say, {n}", contains=contains) for n in range(CONSENTS)]
        await world.until(lambda: all(world.holds(one, item.ref) for item in derived for one, _ in ASKED))
        assert not [item for item in derived if world.holds("south", item.ref)]

        for item in derived:
            await asyncio.gather(*(world.fact(one, "grant", item.ref, member=SOUTH) for one, _ in ASKED))

        await world.until(lambda: all(world.holds("south", item.ref) for item in derived))


async def test_whoever_waited_for_her_turn_decides_at_the_time_of_what_was_learned_meanwhile(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        node = world.nodes["north"]
        for n in range(5):
            report = await world.send("north", ["east"], f"near Dam {n}")
            await world.until(lambda ref=report.ref: world.holds("east", ref))  # type: ignore[misc]
            async with node.holdings.turns.learn():
                node.wake()
                await asyncio.sleep(0.05)  # every pump waits, and has looked at the clock before
            await world.fact("north", "grant", report.ref, member=WEST)
            await world.until(lambda ref=report.ref: world.holds("west", ref))  # type: ignore[misc]


@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=30))
async def test_who_learns_is_alone_and_every_turn_comes(steps: list[tuple[bool, int, int]]) -> None:
    turns, at_it, done = Turns(), [], []

    async def one(name: int, learns: bool, before: int, long: int) -> None:
        await pause(before)
        async with turns.learn() if learns else turns.decide():
            at_it.append(learns)
            assert not any(at_it) or len(at_it) == 1
            await pause(long)
            at_it.remove(learns)
        done.append(name)

    await asyncio.gather(*(one(name, *step) for name, step in enumerate(steps)))

    assert sorted(done) == list(range(len(steps)))


async def test_who_waits_to_learn_goes_before_those_who_come_to_decide() -> None:
    turns, order = Turns(), []

    async def deciding(name: str) -> None:
        async with turns.decide():
            order.append(name)
            await pause(3)

    async def learning() -> None:
        async with turns.learn():
            order.append("fact")

    first = asyncio.create_task(deciding("first"))
    await pause(1)
    others = [asyncio.create_task(learning()), asyncio.create_task(deciding("second"))]
    await asyncio.gather(first, *others)

    assert order == ["first", "fact", "second"]


async def test_a_turn_that_is_called_off_blocks_nobody() -> None:
    turns = Turns()

    async with turns.decide():
        waits = asyncio.create_task(turns.learn().__aenter__())
        await pause(2)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        async with asyncio.timeout(60), turns.decide():
            pass
    async with asyncio.timeout(60), turns.learn():
        pass


async def pause(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
