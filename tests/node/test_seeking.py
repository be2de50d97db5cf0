"""Asking for consent between nodes: a holder asks whom it needs, each answers for itself; the grant alone admits."""

from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.node.desk.consentviews import ConsentAnswer, ConsentView, Seek

pytestmark = pytest.mark.anyio

ALL = ("north", "east", "south", "west")
NORTH, SOUTH = MemberId("north"), MemberId("south")


async def seek(world: World, member: str, ref: str, wanted: str) -> str:
    node, viewer = world.nodes[member], world.viewer(member)
    draft = node.desk.consents.seek(viewer, ref, Seek(member=MemberId(wanted), text="Their hospital lies below"))
    return (await node.publish(draft, viewer)).ref


async def answer(world: World, member: str, ref: str, said: ConsentAnswer) -> str:
    node, viewer = world.nodes[member], world.viewer(member)
    return (await node.publish(node.desk.consents.answer(viewer, ref, said), viewer)).ref


async def shown(world: World, member: str, ref: str) -> ConsentView:
    return await world.nodes[member].desk.consents.view(world.viewer(member), ref)


async def stages(world: World, member: str, ref: str) -> dict[str, str]:
    return {share.member: share.stage for share in (await shown(world, member, ref)).shares}


async def waiting(world: World, member: str) -> list[str]:
    page = await world.nodes[member].desk.consents.page(world.viewer(member), "mine", "", 50)
    return [one.ref for one in page.items]


async def held(world: World, ref: str, *members: str) -> None:
    await world.until(lambda: all(world.holds(member, ref) for member in members))


async def test_a_controller_is_asked_grants_and_the_item_goes_while_a_word_alone_lets_nobody_have_it(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks", title="Dam 3")
        await held(world, report.ref, "east")
        wanted = await seek(world, "east", report.ref, "west")
        await held(world, wanted, "north")
        assert not world.holds("south", wanted)
        assert not world.holds("west", wanted)
        assert await waiting(world, "north") == [wanted]
        before = await world.nodes["north"].desk.watch.before(world.viewer("north"))
        assert [(m.sort, m.ref, m.member, m.title) for m in before.matters] == [("consent", wanted, "east", "Dam 3")]
        assert await stages(world, "east", wanted) == {"north": "ASKED"}
        at_north = await shown(world, "north", wanted)
        assert (at_north.title, at_north.member, at_north.mine) == ("Dam 3", "west", True)
        assert at_north.shares[0].due is not None

        with pytest.raises(Malformed, match="not-granted"):
            await answer(world, "north", wanted, ConsentAnswer("GRANT"))
        on = await answer(world, "north", wanted, ConsentAnswer("CONDITION", condition="SANITISE", text="No places"))
        await held(world, on, "east")
        assert await waiting(world, "north") == []
        assert await stages(world, "east", wanted) == {"north": "CONDITION"}
        assert not world.holds("west", report.ref)

        await world.fact("north", "grant", report.ref, member=MemberId("west"))
        await held(world, report.ref, "west")
        assert await stages(world, "north", wanted) == {"north": "GRANTED"}
        done = await answer(world, "north", wanted, ConsentAnswer("GRANT"))
        await held(world, done, "east")
        assert await stages(world, "east", wanted) == {"north": "SAYS_GRANTED"}


async def test_each_controller_of_what_an_item_contains_is_asked_and_one_that_denies_is_enough(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        source = await world.send("south", ["north", "east"], "Seen at the crossing")
        await held(world, source.ref, "north", "east")
        joined = await world.send("north", ["east", "south"], "Two saw it", contains=(source.ref,))
        await held(world, joined.ref, "east", "south")

        wanted = await seek(world, "east", joined.ref, "west")
        await held(world, wanted, "north", "south")
        assert await stages(world, "east", wanted) == {"north": "ASKED", "south": "ASKED"}
        denied = await answer(world, "south", wanted, ConsentAnswer("DENY", reason="SOURCE"))
        await world.fact("north", "grant", joined.ref, member=MemberId("west"))
        await held(world, denied, "east")

        (north, south) = (await shown(world, "east", wanted)).shares
        assert (south.member, south.stage, south.reason) == (SOUTH, "DENIED", "SOURCE")
        assert north.member == NORTH
        assert not world.holds("west", joined.ref)
        assert not (await shown(world, "east", wanted)).granted


async def test_what_needs_no_consent_or_none_but_ours_or_that_nothing_helps_is_not_asked(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks")
        never = await world.send("north", ["east"], "For you alone", onward="NEVER")
        await held(world, report.ref, "east")
        await held(world, never.ref, "east")

        with pytest.raises(Malformed, match="has-it"):
            await seek(world, "east", report.ref, "north")
        with pytest.raises(Malformed, match="ours-to-grant"):
            await seek(world, "north", report.ref, "west")
        with pytest.raises(Untrusted, match="onward-never"):
            await seek(world, "east", never.ref, "west")
        with pytest.raises(Unavailable, match="unknown-item"):
            await seek(world, "south", report.ref, "west")
        wanted = await seek(world, "east", report.ref, "west")
        with pytest.raises(Malformed, match="not-asked"):
            await answer(world, "east", wanted, ConsentAnswer("DENY", reason="HARM"))


async def test_what_is_said_under_red_is_in_no_list_and_reading_it_is_a_view(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        persons = ("north/duty", "east/duty")
        report = await world.send("north", ["east"], "Whom we trust", tlp="RED", persons=persons)
        await held(world, report.ref, "east")
        wanted = await seek(world, "east", report.ref, "west")
        await held(world, wanted, "north")

        page = await world.nodes["north"].desk.consents.page(world.viewer("north"), "open", "", 50)
        assert [(one.ref, one.text) for one in page.items] == [(wanted, "")]
        assert not world.receipts("east", wanted).viewed
        assert (await shown(world, "north", wanted)).text == "Their hospital lies below"
        await world.until(lambda: "north/duty" in world.receipts("east", wanted).viewed)


async def test_that_others_let_a_third_member_have_it_is_told_to_no_holder(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks")
        await held(world, report.ref, "east")
        await world.fact("north", "grant", report.ref, member=MemberId("west"))
        await held(world, report.ref, "west")
        wanted = await seek(world, "east", report.ref, "west")
        await held(world, wanted, "north")

        assert await stages(world, "east", wanted) == {"north": "ASKED"}
        assert await stages(world, "north", wanted) == {"north": "GRANTED"}


async def test_a_standing_grant_is_known_to_whoever_gave_it_and_to_no_other_holder(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        first = await world.send("north", ["east"], "The dam leaks")
        await held(world, first.ref, "east")
        await world.fact("north", "grant", first.ref, member=MemberId("west"))
        await world.fact("north", "grant", first.ref, member=MemberId("west"), scope="FOLLOWING")
        await held(world, first.ref, "west")
        report = await world.send("north", ["east"], "It leaks more", cites=(first.ref,))
        for member in ("east", "west"):
            await held(world, report.ref, member)
        wanted = await seek(world, "east", report.ref, "west")
        await held(world, wanted, "north")

        assert await stages(world, "north", wanted) == {"north": "GRANTED"}
        assert await stages(world, "east", wanted) == {"north": "ASKED"}


async def test_what_a_standing_grant_alone_admits_is_read_where_nothing_is_held_of_what_it_follows(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        first = await world.send("north", ["east"], "The dam leaks")
        await held(world, first.ref, "east")
        await world.fact("north", "grant", first.ref, member=MemberId("west"), scope="FOLLOWING")
        report = await world.send("north", ["east"], "It leaks more", cites=(first.ref,))

        await held(world, report.ref, "west")

        assert world.text("west", report.ref) == "It leaks more"
        assert not world.holds("west", first.ref)


async def test_a_red_answer_to_a_request_that_is_not_red_is_in_no_list_either(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("north", ["east"], "The dam leaks")
        await held(world, report.ref, "east")
        wanted = await seek(world, "east", report.ref, "west")
        await held(world, wanted, "north")
        form = {"request": wanted, "word": "DENY", "reason": "SOURCE"}
        red: dict[str, Any] = {"tlp": "RED", "persons": ("east/duty", "north/duty"), "cites": (wanted,)}
        denied = await world.send("north", ["east"], "It is our man", kind="consent-answer", form=form, **red)
        await held(world, denied.ref, "east")

        page = await world.nodes["east"].desk.consents.page(world.viewer("east"), "open", "", 50)
        assert [(share.stage, share.text) for share in page.items[0].shares] == [("DENIED", "")]
        assert not world.receipts("north", denied.ref).viewed
        assert [share.text for share in (await shown(world, "east", wanted)).shares] == ["It is our man"]
        await world.until(lambda: "east/duty" in world.receipts("north", denied.ref).viewed)
