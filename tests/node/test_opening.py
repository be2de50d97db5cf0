"""An item that becomes readable later is told in the same stream, to whom it becomes readable, and to nobody else."""

import asyncio
from collections import Counter
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_watching import WITHIN, watch
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.node.views import Event, moment

pytestmark = pytest.mark.anyio
MARKER = "up to here"
EAST, WEST = MemberId("east"), MemberId("west")


async def heard(world: World, member: str, after: str) -> list[Event]:
    """Return what a member's officer is told after a cursor up to now, as a marker tells her; then she hangs up."""
    last = (await world.send("north", [member], MARKER, title=MARKER)).ref
    await world.until(lambda: world.holds(member, last))
    found: list[Event] = []
    async with asyncio.timeout(WITHIN), aclosing(watch(world, member, after)) as events:  # type: ignore[type-var]
        while not found or found[-1].ref != last:
            found.append(await anext(events))
    return [event for event in found if event.row is None or event.row.title != MARKER]


def items(events: list[Event]) -> list[Event]:
    """Return those that tell an item, and not that one was taken back."""
    return [event for event in events if event.kind != "recall"]


def refs(world: World, member: str) -> set[str]:
    return {row.ref for row in world.rows(member) if row.title != MARKER}


async def test_a_late_grant_tells_of_an_item_that_was_held_unreadable(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        until = moment(world.now("north")) + timedelta(seconds=60)
        await world.fact("north", "grant", report.ref, member=WEST, until=until)
        await world.until(lambda: world.holds("west", report.ref))
        before = await heard(world, "west", "")
        world.later(61)
        assert not world.holds("west", report.ref)
        closed = await heard(world, "west", before[-1].seq)

        await world.fact("north", "grant", report.ref, member=WEST)
        await world.until(lambda: world.holds("west", report.ref))
        opened = await heard(world, "west", before[-1].seq)

        assert [event.ref for event in before] == [report.ref]
        assert closed == []
        assert [event.ref for event in opened] == [report.ref]
        assert await heard(world, "west", opened[-1].seq) == []
        assert [event.ref for event in await heard(world, "west", "")] == [report.ref], "who begins anew is told once"


async def test_what_stays_after_a_recall_is_not_told_again_for_anothers_grant(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", recall_delay_s=3600) as world:
        report = await world.send("north", ["west"], "keep this", hold=True)
        await world.until(lambda: world.holds("west", report.ref))
        before = await heard(world, "west", "")

        await world.recall("north", report.ref)
        await world.fact("north", "grant", report.ref, member=EAST)
        await heard(world, "east", "")
        after = await heard(world, "west", before[-1].seq)

        assert [event.ref for event in before] == [report.ref]
        assert world.holds("west", report.ref), "what is marked to hold stays with who has it"
        assert items(after) == []
        assert [(event.kind, event.refs, [row.recalled for row in event.rows]) for event in after] == [
            ("recall", (report.ref,), [True])
        ]


async def test_a_grant_that_opens_several_items_may_be_resumed_between_them(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "west", recall_delay_s=3600) as world:
        source = await world.send("north", ["west"], "the source")
        await world.until(lambda: world.holds("west", source.ref))
        made = [await world.send("west", ["north"], f"made of it {n}", contains=(source.ref,)) for n in range(3)]
        start = (await heard(world, "west", ""))[-1].seq
        await world.recall("north", source.ref)
        await world.until(lambda: not refs(world, "west"))

        await world.fact("north", "cancel-recall", source.ref, officer="second")
        await world.until(lambda: len(refs(world, "west")) == 4)
        whole = items(await heard(world, "west", start))
        parts = [[event.ref for event in items(await heard(world, "west", event.seq))] for event in whole]

        order = [event.ref for event in whole]
        assert order == [source.ref, *(item.ref for item in made)]
        assert parts == [order[n + 1 :] for n in range(4)]


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["send", "grant", "recall", "cancel"]), st.integers(0, 3), st.booleans()),
        min_size=4,
        max_size=10,
    )
)
def test_whoever_may_read_is_told_once_each_time_it_opens_and_nobody_else_hears_anything(
    steps: list[tuple[str, int, bool]],
) -> None:
    async def whole(folder: Path) -> None:
        async with exchange(folder, "north", "east", "west", recall_delay_s=3600) as world:
            told: dict[str, list[Event]] = {"east": [], "west": []}
            state: dict[str, str] = {}
            cancelled: Counter[str | None] = Counter()
            granted: set[str] = set()
            for word, which, hangs_up in [("send", 0, False), *steps]:
                await _step(world, word, which, state, cancelled, granted)
                if hangs_up:
                    for member, events in told.items():
                        events += await heard(world, member, events[-1].seq if events else "")
            open_now = {ref for ref, word in state.items() if word != "recalled"}
            await world.until(lambda: refs(world, "east") == open_now)
            await world.until(lambda: refs(world, "west") == open_now & granted)
            for member, events in told.items():
                events += await heard(world, member, events[-1].seq if events else "")

            for member, may in (("east", set(state)), ("west", granted)):
                assert {ref for event in told[member] for ref in event.refs} <= may
                counts = Counter(event.ref for event in items(told[member]))
                assert may & open_now <= set(counts) <= may
                assert all(count <= 1 + cancelled[ref] for ref, count in counts.items())
                assert len({event.seq for event in told[member]}) == len(told[member])
                anew = [event.ref for event in items(await heard(world, member, ""))]
                assert sorted(map(str, anew)) == sorted(may & open_now)

    with TemporaryDirectory() as folder:
        asyncio.run(whole(Path(folder)))


async def _step(
    world: World, word: str, which: int, state: dict[str, str], cancelled: Counter[str | None], granted: set[str]
) -> None:
    """Do one thing to one of the items, if it can be done to it."""
    ref = sorted(state)[which % len(state)] if state else ""
    if word == "send":
        sent = (await world.send("north", ["east"], "near Dam 3")).ref
        await world.until(lambda: world.holds("east", sent))
        state[sent] = "new"
    elif word == "grant" and state[ref] != "recalled" and ref not in granted:
        await world.fact("north", "grant", ref, member=WEST)
        await world.until(lambda: world.holds("west", ref))
        granted.add(ref)
    elif word == "recall" and state[ref] == "new":
        await world.recall("north", ref)
        state[ref] = "recalled"
    elif word == "cancel" and state[ref] == "recalled":
        await world.fact("north", "cancel-recall", ref, officer="second")
        state[ref], cancelled[ref] = "given back", 1
