"""Humanitarian notifications: each party says that it knows, nobody permits, and none leaves by a door."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from world import World, exchange, spelt

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, MemberId, OfficerName
from quartet.core.marking import CAVEATS
from quartet.core.release import Door, Reason, Viewer, Withheld
from quartet.desk.notification import Known, Notified
from quartet.node.desk.notificationviews import KnownDraft, NotificationDraft, NotificationView
from quartet.node.desk.warningviews import AreaView, RoundView
from quartet.node.views import Published, moment

pytestmark = pytest.mark.anyio


def viewer(member: str, name: str = "duty") -> Viewer:
    """An officer who is trained for what a notification bears."""
    return Viewer(member=MemberId(member), name=OfficerName(name), roles=("watch",), trained=frozenset(CAVEATS))


async def notify(
    world: World, *, hours: int = 72, parties: tuple[str, ...] = ("east", "south"), **more: Any
) -> Published:
    begins = moment(world.now("north")) + timedelta(hours=hours)
    fields: dict[str, Any] = {
        "sort": "SITE",
        "what": "Field hospital",
        "areas": (AreaView("Old school", circles=(RoundView(47.0, 8.5, 200),)),),
        "begins": begins,
        "ends": begins + timedelta(days=30),
        "contact": "04 56",
        "parties": parties,
        "tlp": "AMBER+STRICT",
        **more,
    }
    node = world.nodes["north"]
    return await node.publish(
        node.desk.notifications.draft(viewer("north"), NotificationDraft(**fields)), viewer("north")
    )


async def know(world: World, member: str, ref: str) -> Published:
    node = world.nodes[member]
    return await node.publish(
        node.desk.notifications.acknowledge(viewer(member), ref, KnownDraft("noted")), viewer(member)
    )


async def listed(world: World, member: str) -> tuple[NotificationView, ...]:
    return await world.nodes[member].desk.notifications.list(viewer(member))


def has(world: World, member: str, item: Published) -> bool:
    return world.stores[member].reader.row(ItemId(item.id)) is not None


async def test_each_party_says_that_it_knows_and_who_is_no_party_infers_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sent = await notify(world)
        await world.until(lambda: has(world, "east", sent) and has(world, "south", sent))
        ack = await know(world, "east", sent.ref)
        await world.until(lambda: has(world, "north", ack) and has(world, "south", ack))
        await world.ticks("west", 3)

        for member in ("north", "south"):
            (one,) = await listed(world, member)
            assert [(k.member, k.text) for k in one.knows] == [("east", "noted")]
            assert (one.missing, one.short_notice) == (("south",), False)
        assert (await listed(world, "south"))[0].asks_me
        assert not (await listed(world, "east"))[0].asks_me
        assert await listed(world, "west") == ()
        assert world.stores["west"].reader.last_admission() == 0
        assert b"Field hospital" not in world.raw("west")
        with pytest.raises(Unavailable, match="unknown-item"):
            await know(world, "west", sent.ref)


async def test_it_leaves_by_no_door_whoever_answers_for_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sent = await notify(world, parties=("east",), tlp="GREEN")
        await world.until(lambda: has(world, "east", sent))
        for member in ("north", "east"):
            door = Door(MemberId(member), (viewer(member),), None, carries_markings=True)
            now = world.now(member)
            decision = world.nodes[member].seeing.passes(ItemId(sent.id), door, now)
            assert isinstance(decision, Withheld)
            assert decision.reason is Reason.NO_GATEWAY


async def test_no_way_of_publishing_leaves_its_caveats_out(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node = world.nodes["north"]
        told = await _draft(world)
        for caveats in ((), ("HUMANITARIAN",), ("NO_GATEWAY",)):
            with pytest.raises(Malformed, match="it goes through no door"):
                await node.publish(msgspec.structs.replace(told, caveats=caveats), viewer("north"))


async def _draft(world: World) -> Any:
    begins = moment(world.now("north"))
    told = NotificationDraft(
        sort="MOVEMENT",
        what="Four lorries",
        areas=(AreaView("Road 4", circles=(RoundView(47.0, 8.5, 20),)),),
        begins=begins,
        ends=begins + timedelta(hours=3),
        contact="04",
        parties=(MemberId("east"),),
        tlp="AMBER",
    )
    return world.nodes["north"].desk.notifications.draft(viewer("north"), told)


async def test_a_late_one_and_a_later_one_in_its_place_are_told_as_such(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first = await notify(world, hours=1, parties=("east",))
        second = await notify(world, hours=1, parties=("east",), previous=first.ref)
        await world.until(lambda: has(world, "east", first) and has(world, "east", second))

        found = {one.ref: one for one in await listed(world, "east")}
        assert (found[first.ref].over, found[first.ref].followed_by) == (True, second.ref)
        assert (found[second.ref].over, found[second.ref].short_notice) == (False, True)
        told = msgspec.structs.replace(await _told(world), previous=first.ref)
        with pytest.raises(Malformed, match="another member's"):
            world.nodes["east"].desk.notifications.draft(viewer("east"), told)


async def _told(world: World) -> NotificationDraft:
    begins = moment(world.now("east"))
    return NotificationDraft(
        sort="SITE",
        what="x",
        areas=(AreaView("y", circles=(RoundView(0, 0, 1),)),),
        begins=begins,
        ends=begins + timedelta(hours=1),
        contact="0",
        parties=(MemberId("north"),),
        tlp="AMBER",
    )


def test_no_word_of_permission_stands_in_its_forms() -> None:
    names = {
        field.name for kind in (Notified, Known, NotificationView, KnownDraft) for field in msgspec.structs.fields(kind)
    }
    words = spelt([msgspec.json.schema(kind)["$defs"] for kind in (Notified, Known)]).split("description")[0]

    assert not [name for name in names if re.search("permit|approv|deny|denied|grant|allow|status", name)]
    assert not re.search("PERMIT|APPROV|DENIED|DENY|ALLOW", words)
