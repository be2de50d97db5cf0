"""The register says what was given to whom and by what right; neither it nor a measure counts what one may not know."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.release import Viewer
from quartet.node.desk.consentviews import ConsentAnswer, Seek
from quartet.node.registerviews import Entry, Measures

pytestmark = pytest.mark.anyio

ALL = ("north", "east", "west")


async def entries(world: World, member: str, limit: int = 50, viewer: Viewer | None = None) -> list[Entry]:
    """Return the register page by page."""
    found: list[Entry] = []
    after = ""
    while True:
        page = await world.nodes[member].dissemination.register(viewer or world.viewer(member), after, limit)
        found += page.items
        assert len(page.items) <= limit
        if page.next is None:
            return found
        after = page.next


async def measured(world: World, member: str, viewer: Viewer | None = None) -> Measures:
    return await world.nodes[member].dissemination.measures(viewer or world.viewer(member), 30)


async def test_each_member_that_was_given_an_item_is_named_with_its_grant_and_what_it_owes(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks", title="Dam 3")
        await world.send("north", ["north"], "kept here")
        theirs = await world.send("east", ["north"], "Theirs")
        grant = await world.fact("north", "grant", report.ref, member=MemberId("west"))
        await world.until(lambda: world.holds("west", report.ref) and world.holds("north", theirs.ref))
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        await world.until(lambda: "north" in world.receipts("east", theirs.ref).delivered)

        (entry,) = await entries(world, "north")
        east, west = entry.given
        assert (entry.ref, entry.title, entry.tlp) == (report.ref, "Dam 3", "AMBER")
        assert (east.member, east.grants, east.destroyed, east.owes) == ("east", (), None, False)
        assert (west.member, west.grants) == ("west", (grant.ref,))
        assert east.at is not None
        assert [one.ref for one in await entries(world, "east")] == [theirs.ref]

        await world.recall("north", report.ref)
        await world.until(lambda: set(world.receipts("north", report.ref).purged) == {"east", "west"}, 60)
        (entry,) = await entries(world, "north")
        assert all(got.destroyed is not None and not got.owes for got in entry.given)
        assert [got.grants for got in entry.given] == [(), (grant.ref,)]


async def test_page_by_page_nothing_is_lost_or_told_twice(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sent = [(await world.send("north", ["east"], f"number {n}")).ref for n in range(7)]
        await world.until(lambda: all(world.receipts("north", ref).delivered for ref in sent))

        assert [one.ref for one in await entries(world, "north", limit=2)] == sent[::-1]
        for limit in (0, 101):
            with pytest.raises(Malformed, match="bad-query"):
                await world.nodes["north"].dissemination.register(world.viewer("north"), "", limit)


async def test_who_may_not_see_an_item_finds_it_in_no_entry_and_in_no_count(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        plain = await world.send("north", ["east"], "For all")
        secret = await world.send("north", ["east"], "For one", tlp="RED", persons=("north/duty", "east/duty"))
        await world.until(lambda: all(world.receipts("north", one.ref).delivered for one in (plain, secret)))
        other = Viewer(member=MemberId("north"), name=world.viewer("north").name, roles=("watch",))
        clerk = Viewer(member=other.member, name=type(other.name)("clerk"), roles=())

        assert {one.ref for one in await entries(world, "north")} == {plain.ref, secret.ref}
        assert (await measured(world, "north")).labels == {"AMBER": 1, "RED": 1}
        assert [one.ref for one in await entries(world, "north", viewer=clerk)] == [plain.ref]
        assert (await measured(world, "north", clerk)).labels == {"AMBER": 1}


async def test_how_long_they_wait_who_ask_us_is_measured_from_when_we_have_the_request(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks")
        await world.until(lambda: world.holds("east", report.ref))
        east, north = world.nodes["east"], world.nodes["north"]
        asks = Seek(member=MemberId("west"), text="Their hospital lies below")
        wanted = [
            (
                await east.publish(
                    east.desk.consents.seek(world.viewer("east"), report.ref, asks), world.viewer("east")
                )
            ).ref
            for _ in range(2)
        ]
        await world.until(lambda: all(world.holds("north", ref) for ref in wanted))
        assert (await measured(world, "north")).consents.median_s is None

        world.later(2)
        viewer = world.viewer("north")
        denied = ConsentAnswer("DENY", reason="HARM")
        await north.publish(north.desk.consents.answer(viewer, wanted[0], denied), viewer)

        waits = (await measured(world, "north")).consents
        assert (waits.asked, waits.answered) == (2, 1)
        assert waits.median_s is not None
        assert 1 <= waits.median_s < 60
        assert (await measured(world, "east")).consents.asked == 0
