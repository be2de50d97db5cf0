"""Humanitarian notifications: each party says that it knows, nobody permits, and none leaves by a door."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from world import World, exchange, spelt

from quartet.core.facts import Correction
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import ItemId, MemberId, OfficerName
from quartet.core.marking import CAVEATS
from quartet.core.release import Door, Reason, Viewer, Withheld
from quartet.desk.notification import Known, Notified
from quartet.exercise.plan import Duty
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


async def test_a_party_that_is_dropped_is_told_that_it_is_over_and_nothing_of_the_new_one(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        first = await notify(world)
        await world.until(lambda: has(world, "east", first) and has(world, "south", first))
        second = await notify(world, parties=("east",), previous=first.ref, what="Moved to the new school")
        await world.until(lambda: has(world, "east", second))

        holdings = world.nodes["south"].holdings
        await world.until(lambda: any(isinstance(one.body, Correction) for one in holdings.facts.known.values()))
        (one,) = await listed(world, "south")
        assert (one.dropped, one.followed_by, one.asks_me) == (True, None, False)
        assert not has(world, "south", second)
        assert b"new school" not in world.raw("south")
        kept = {row.ref: row for row in await listed(world, "east")}
        assert (kept[first.ref].dropped, kept[first.ref].followed_by) == (False, second.ref)
        assert kept[second.ref].asks_me


UNTRAINED = (Duty(OfficerName("duty"), roles=("watch",)), Duty(OfficerName("second"), roles=("trained:HUMANITARIAN",)))


async def test_who_is_not_trained_is_told_why_instead_of_seeing_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        untrained, of_east = world.viewer("east"), world.nodes["east"].desk.notifications
        sent = await notify(world, parties=("east",))
        await world.until(lambda: has(world, "east", sent))
        told = await _told(world)

        with pytest.raises(Untrusted, match=r"not-trained.*trained:HUMANITARIAN, trained:NO_GATEWAY"):
            await of_east.list(untrained)
        with pytest.raises(Untrusted, match="not-trained"):
            of_east.draft(untrained, told)
        with pytest.raises(Untrusted, match="not-trained"):
            of_east.acknowledge(untrained, sent.ref, KnownDraft())
        assert len(await of_east.list(viewer("east"))) == 1


async def test_where_nobody_is_trained_the_watch_is_alarmed_and_no_item_is_named(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", officers=UNTRAINED) as world:
        ends = moment(world.now("north")) + timedelta(seconds=40)
        sent = await notify(world, parties=("east",), hours=0, ends=ends)

        await world.until(lambda: "notification-unread" in world.alarms("east"))

        alarms = {one.reason: one.detail for one in world.nodes["east"].status(world.viewer("east")).alarms}
        assert "trained:HUMANITARIAN, trained:NO_GATEWAY" in alarms["notification-unread"]
        assert sent.ref not in alarms["notification-unread"]
        assert "notification-unread" not in world.alarms("north")
        world.later(70)
        await world.until(lambda: "notification-unread" not in world.alarms("east"))


async def test_where_one_is_trained_nobody_is_alarmed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sent = await notify(world, parties=("east",))
        await world.until(lambda: has(world, "east", sent))
        await world.ticks("east", 3)

        assert "notification-unread" not in world.alarms("east")


def test_no_word_of_permission_stands_in_its_forms() -> None:
    names = {
        field.name for kind in (Notified, Known, NotificationView, KnownDraft) for field in msgspec.structs.fields(kind)
    }
    words = spelt([msgspec.json.schema(kind)["$defs"] for kind in (Notified, Known)]).split("description")[0]

    assert not [name for name in names if re.search("permit|approv|deny|denied|grant|allow|status", name)]
    assert not re.search("PERMIT|APPROV|DENIED|DENY|ALLOW", words)
