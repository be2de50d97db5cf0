"""A direct link is for the hour in which it alone is left: two nodes go on over it, and one that is broken is told."""

from pathlib import Path

import pytest
from world import exchange

from quartet.core.ids import MemberId, Micros
from quartet.node.directalarm import DOWN, PATIENCE, DirectAlarms

pytestmark = pytest.mark.anyio
NORTH, EAST = MemberId("north"), MemberId("east")


async def test_a_link_that_does_not_stand_is_alarmed_after_a_while_and_the_alarm_ends_with_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        parts = world.nodes["north"]._parts
        alarms, now = DirectAlarms(parts), parts.clock.now()
        await alarms.look([EAST], now)
        world.hub.join(NORTH, EAST)
        await alarms.look([EAST], Micros(now + 1))
        assert DOWN not in world.alarms("north")

        world.hub.part(NORTH, EAST)
        await alarms.look([EAST], Micros(now + 2))
        await alarms.look([EAST], Micros(now + 1 + PATIENCE))
        assert DOWN not in world.alarms("north"), "which may come back by itself"
        await alarms.look([EAST], Micros(now + 2 + PATIENCE))
        (said,) = [a for a in world.nodes["north"].status(world.viewer("north")).alarms if a.reason == DOWN]
        assert said.member == EAST
        assert said.detail == (
            "no direct link to east: east has not connected to us: at its node `quartet status` says why"
        )

        again = DirectAlarms(parts)
        await again.look([EAST], Micros(now + 3 + PATIENCE))
        assert DOWN in world.alarms("north"), "a start does not end it"
        world.hub.join(NORTH, EAST)
        await again.look([EAST], Micros(now + 4 + PATIENCE))
        assert DOWN not in world.alarms("north")


async def test_the_alarm_of_a_member_that_left_ends(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        parts = world.nodes["north"]._parts
        alarms, now = DirectAlarms(parts), parts.clock.now()
        world.hub.join(NORTH, EAST)
        world.hub.part(NORTH, EAST)
        for at in (now, Micros(now + PATIENCE)):
            await alarms.look([EAST], at)
        assert DOWN in world.alarms("north")

        await alarms.look([], Micros(now + PATIENCE + 1))

        assert DOWN not in world.alarms("north")


async def test_two_nodes_with_a_direct_link_go_on_without_a_hub_and_the_third_catches_up(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        world.hub.join(NORTH, EAST)
        for name in world.nodes:
            world.hub.cut(MemberId(name))
        before = len(world.hub.tapped)

        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        await world.until(lambda: "east" in world.receipts("north", report.ref).delivered)
        await world.until(lambda: world.on_record("north", report.ref, 1))
        ways = {link.member: link.way.by for link in world.nodes["north"].status(world.viewer("north")).links}
        assert ways == {"east": "direct", "south": "none"}
        assert not world.on_record("north", report.ref, 2)
        assert not world.holds("south", report.ref)
        assert world.hub.tapped[before:] == []

        for name in world.nodes:
            world.hub.mend(MemberId(name))
        await world.until(lambda: world.holds("south", report.ref) and world.on_record("north", report.ref, 2))
        assert not [p for p in world.hub.tapped[before:] if {p.frm, p.to} == {"north", "east"}]
        assert await world.problems("east") == []
