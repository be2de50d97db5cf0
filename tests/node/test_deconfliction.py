"""Deconfliction between nodes: the desk alone has the outlines, and tells an owner a cell, a time, whom to call."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.desk.cells import Box
from quartet.node.desk.deconflictviews import Deconfliction, Outline, Telling
from quartet.node.views import moment

pytestmark = pytest.mark.anyio

ALL = ("north", "east", "south")
HERE = Box(47.0, 8.0, 47.1, 8.1)
CONTACT = "air desk, 04 56"


async def notify(world: World, member: str, desk: str = "north", **change: Any) -> str:
    """Have a member release an outline to a desk, which gets it."""
    now, tlp = moment(world.now(member)), "AMBER+STRICT"
    form: dict[str, Any] = {"box": HERE, "floor_m": 0, "ceiling_m": 300, "contact": f"watch of {member}", "tlp": tlp}
    times = {"begins": now + timedelta(hours=2), "ends": now + timedelta(hours=5)}
    node = world.nodes[member]
    outline = Outline(desk=MemberId(desk), **{**form, **times, **change})
    sent = await node.publish(node.desk.deconfliction.outline(outline), world.viewer(member))
    await world.until(lambda: world.holds(desk, sent.ref))
    return sent.ref


async def shown(world: World, member: str) -> Deconfliction:
    return await world.nodes[member].desk.deconfliction.view(world.viewer(member))


async def tell(world: World, first: str, second: str, desk: str = "north") -> list[str]:
    node, viewer = world.nodes[desk], world.viewer(desk)
    drafts = node.desk.deconfliction.tell(viewer, Telling(first, second, CONTACT))
    return [(await node.publish(draft, viewer)).ref for draft in drafts]


async def test_the_desk_tells_two_owners_a_cell_and_a_time_and_neither_learns_of_the_other(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        own = await notify(world, "east")
        other = await notify(world, "south", box=Box(47.04, 8.04, 47.4, 8.4), floor_m=250, ceiling_m=777)
        (clash,) = (await shown(world, "north")).clashes
        assert {clash.first, clash.second} == {own, other}
        assert set(clash.untold) == {"east", "south"}
        assert not world.holds("east", other)
        assert not world.holds("south", own)

        told = await tell(world, own, other)
        for member, ref, hidden in (("east", own, other), ("south", other, own)):
            await _came(world, member, told)
            (mine,) = (await shown(world, member)).activities
            (word,) = mine.conflicts
            assert (mine.ref, word.cell, word.contact, word.desk) == (ref, "N4700E00800", CONTACT, "north")
            assert (await shown(world, member)).clashes == ()
            assert [world.holds(member, one) for one in told].count(True) == 1
            shows = world.nodes[member].show(world.viewer(member), word.ref)
            assert set(shows.body.get("form", {})) == {"activity", "cell", "begins", "ends", "contact"}
            whole = str(shows)
            assert all(secret not in whole for secret in (hidden, "777", f"watch of {_other(member)}"))
            assert _other(member) not in whole
        assert (await shown(world, "north")).clashes[0].untold == ()
        assert await tell(world, own, other) == []


async def _came(world: World, member: str, refs: list[str]) -> None:
    await world.until(lambda: any(world.holds(member, ref) for ref in refs))


def _other(member: str) -> str:
    return "south" if member == "east" else "east"


@pytest.mark.parametrize(
    "change",
    [{"box": Box(48.0, 8.0, 48.1, 8.1)}, {"floor_m": 301, "ceiling_m": 400}, {"desk": "east"}],
    ids=["elsewhere", "above", "another desk"],
)
async def test_what_does_not_meet_at_the_desk_is_told_to_nobody(tmp_path: Path, change: dict[str, Any]) -> None:
    async with exchange(tmp_path, *ALL) as world:
        own, other = await notify(world, "east"), await notify(world, "south", **change)

        assert (await shown(world, "north")).clashes == ()
        with pytest.raises((Malformed, Unavailable), match=r"no-conflict|unknown-item"):
            await tell(world, own, other)


async def test_nobody_but_the_desk_tells_and_what_an_owner_says_itself_is_no_word_of_the_desk(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        own, other = await notify(world, "east"), await notify(world, "south")
        with pytest.raises(Unavailable, match="unknown-item"):
            await tell(world, own, other, "east")
        (clash,) = (await shown(world, "north")).clashes
        form = {"activity": own, "cell": clash.cell, "begins": 1, "ends": 2, "contact": "me"}
        said = await world.about("east", own, "conflict", form)
        await world.until(lambda: world.holds("north", said.ref))

        (mine,) = (await shown(world, "east")).activities
        assert mine.conflicts == ()
        assert set((await shown(world, "north")).clashes[0].untold) == {"east", "south"}


async def test_an_outline_is_gone_at_the_desk_when_its_time_is_over(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        own, other = await notify(world, "east"), await notify(world, "south")
        assert len((await shown(world, "north")).clashes) == 1
        world.later(6 * 3600)

        assert (await shown(world, "north")).clashes == ()
        with pytest.raises(Unavailable, match="unknown-item"):
            await tell(world, own, other)
