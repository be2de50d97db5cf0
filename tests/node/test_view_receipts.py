"""RED is promised to persons: who of another member saw it signs for that, and the author knows."""

from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import SECOND

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


async def told_red(world: World, kind: str, form: dict[str, Any], **more: Any) -> str:
    """Let north tell east's duty officer, and nobody else, something in a form."""
    sent = await world.send("north", ["east"], "", tlp="RED", kind=kind, form=form, persons=("east/duty",), **more)
    await world.until(lambda: world.nodes["east"].holdings.verified(sent.id))
    return sent.ref


def handover(crosses_at: int) -> dict[str, Any]:
    aircraft = {"address": "4b1805"}
    return {
        "to": "east",
        "aircraft": aircraft,
        "category": "PENDING",
        "boundary": "EAST",
        "crosses_at": crosses_at,
    }


async def test_who_is_shown_a_red_plan_or_a_red_handover_among_the_aircraft_signs_for_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        now, room = world.now("north"), world.nodes["east"].identity
        plan = {
            "flight_id": "SWR12A",
            "rules": "I",
            "flight": "S",
            "aircraft": "A320",
            "wake": "M",
            "origin": "LSGG",
            "off_block": now,
            "lasts_s": 3_600,
            "destination": "LSZH",
            "route": "DCT",
        }
        offer = handover(now + 600 * SECOND)
        refs = await told_red(world, "flight-plan", plan), await told_red(world, "track-offer", offer)
        assert facts(world, "east") == []

        assert [one.ref for one in await room.view_plans(world.viewer("east"))] == [refs[0]]
        assert [one.ref for one in (await room.view(world.viewer("east"))).offers] == [refs[1]]

        await world.until(lambda: all(set(world.receipts("north", ref).viewed) == {"east/duty"} for ref in refs))
        assert await room.view_plans(world.viewer("east", "second")) == ()
        assert facts(world, "east") == ["view-receipt"] * 2


async def test_an_alarm_that_the_page_asks_for_by_itself_is_no_view_of_a_red_handover_and_opening_it_is(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        room, viewer = world.nodes["east"].identity, world.viewer("east")
        ref = await told_red(world, "track-offer", handover(world.now("north") + 60 * SECOND))

        for _ in range(3):
            (alarm,) = room.unanswered(viewer)

        assert (alarm.ref, alarm.member, alarm.to, alarm.tlp, alarm.mine) == (ref, "north", "east", "RED", True)
        assert (alarm.key, alarm.boundary, alarm.category) == ("", "", None)
        assert facts(world, "east") == []
        await room.view(viewer)
        await world.until(lambda: set(world.receipts("north", ref).viewed) == {"east/duty"})
        (opened,) = room.unanswered(viewer)
        assert (opened.key, opened.boundary, opened.category) == ("4b1805", "EAST", "PENDING")


async def test_who_opens_another_members_red_site_signs_for_it_and_whose_page_asks_by_itself_does_not(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        volume = {"name": "dam", "outline": [[470_000_000, 80_000_000]], "radius_m": 2_000}
        form = {
            "name": "Dam 3",
            "sort": "HERITAGE",
            "custodian": "the keeper",
            "phones": ["04 56"],
            "volumes": [volume],
        }
        site = await told_red(world, "site", form)

        polled = await world.nodes["east"].desk.sites.view(world.viewer("east"), opened=False)
        assert (polled.sites, facts(world, "east")) == ((), [])
        shown = await world.nodes["east"].desk.sites.view(world.viewer("east"))

        again = await world.nodes["east"].desk.sites.view(world.viewer("east"), opened=False)
        assert [one.name for one in (*shown.sites, *again.sites)] == ["Dam 3", "Dam 3"]
        await world.until(lambda: set(world.receipts("north", site).viewed) == {"east/duty"})
        assert facts(world, "east") == ["view-receipt"]
