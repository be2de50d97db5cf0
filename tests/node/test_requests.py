"""Requests for information between nodes: each asked member's clock starts with the receipt, and each sees its part."""

from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.node import filing
from quartet.node.desk.requestviews import Answer, RequestRow, RequestView, Which, Worth

pytestmark = pytest.mark.anyio

EAST, SOUTH = MemberId("east"), MemberId("south")


async def ask(world: World, *of: str, precedence: Any = "PRIORITY", **more: Any) -> str:
    form = {"asked": list(of), "precedence": precedence}
    sent = await world.send("north", list(of), "Who moors at Dam 3?", kind="request", form=form, **more)
    await world.until(lambda: all(world.holds(member, sent.ref) for member in of))
    return sent.ref


async def say(world: World, member: str, ref: str, answer: Answer) -> str:
    node, viewer = world.nodes[member], world.viewer(member)
    return (await node.publish(node.desk.requests.answer(viewer, ref, answer), viewer)).ref


def shown(world: World, member: str, ref: str) -> RequestView:
    return world.nodes[member].desk.requests.show(world.viewer(member), ref)


async def listed(world: World, member: str, which: Which) -> tuple[RequestRow, ...]:
    return (await world.nodes[member].desk.requests.page(world.viewer(member), which, "", 50)).items


async def test_a_request_goes_its_way_from_question_to_rating(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await ask(world, "east", "south")
        await world.until(lambda: set(shown(world, "north", ref).row.stages.values()) == {"RECEIVED"})
        assert [row.ref for row in await listed(world, "east", "mine")] == [ref]

        told = await say(world, "east", ref, Answer("ANSWER", "Two barges"))
        await say(world, "south", ref, Answer("REFUSE", reason="NO_CONSENT"))
        await world.until(lambda: shown(world, "north", ref).row.stages == {EAST: "ANSWERED", SOUTH: "REFUSED"})

        (east, south) = shown(world, "north", ref).parts
        assert [(r.ref, r.text) for r in east.replies] == [(told, "Two barges")]
        assert (south.reason, south.replies[0].word) == ("NO_CONSENT", "REFUSE")
        assert await listed(world, "north", "open") == await listed(world, "east", "mine") == ()
        node, viewer = world.nodes["north"], world.viewer("north")
        await node.publish(node.desk.requests.close(viewer, ref, Worth(rating=4, text="quick")), viewer)
        await world.until(lambda: shown(world, "east", ref).row.closed)
        assert (shown(world, "east", ref).rating, shown(world, "east", ref).closed_with) == (4, "quick")


async def test_an_answer_is_for_the_asker_alone_unless_its_officer_says_otherwise(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await ask(world, "east", "south")
        told = await say(world, "east", ref, Answer("ANSWER", "Two barges"))
        also = await say(world, "east", ref, Answer("PARTIAL", "and a tug", to=(MemberId("north"), SOUTH)))
        await world.until(lambda: world.holds("north", told) and world.holds("south", also))

        assert not world.holds("south", told)
        assert [r.ref for r in shown(world, "south", ref).parts[0].replies] == [also]


async def test_nothing_is_said_to_more_than_may_have_the_question_nor_under_a_wider_label(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await ask(world, "east")

        for answer, reason in (
            (Answer("ANSWER", "x", to=(SOUTH,)), "beyond-audience"),
            (Answer("ANSWER", "x", tlp="GREEN"), "tlp-wider"),
            (Answer("REFUSE"), "bad-form"),
            (Answer("TRANSFER"), "bad-form"),
        ):
            with pytest.raises(Malformed) as fault:
                await say(world, "east", ref, answer)
            assert fault.value.reason == reason


async def test_who_is_not_asked_answers_nothing_and_who_did_not_ask_closes_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        form = {"asked": ["east"], "precedence": "ROUTINE"}
        sent = await world.send("north", ["east", "south"], "Who?", kind="request", form=form)
        await world.until(lambda: world.holds("south", sent.ref) and world.holds("east", sent.ref))

        with pytest.raises(Malformed, match="not-asked"):
            await say(world, "south", sent.ref, Answer("ANSWER", "x"))
        with pytest.raises(Malformed, match="not-asker"):
            world.nodes["east"].desk.requests.close(world.viewer("east"), sent.ref, Worth())


async def test_an_officer_who_may_not_see_a_request_finds_none(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        form = {"asked": ["east"], "precedence": "ROUTINE"}
        sent = await world.send("north", ["east"], "Who?", kind="request", form=form, tlp="RED", persons=("east/duty",))
        await world.until(lambda: world.holds("east", sent.ref))

        requests, second = world.nodes["east"].desk.requests, world.viewer("east", "second")
        assert (await requests.page(second, "all", "", 50)).items == ()
        with pytest.raises(Unavailable, match="unknown-item"):
            requests.show(second, sent.ref)


async def test_a_red_question_and_a_red_answer_are_viewed_where_the_request_is_read(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await ask(world, "east", tlp="RED", persons=("east/duty",))
        told = await say(world, "east", ref, Answer("ANSWER", "Two barges"))
        await world.until(lambda: world.holds("north", told))
        assert world.receipts("north", ref).viewed == world.receipts("east", told).viewed == {}

        for member in ("east", "north"):
            await world.nodes[member].desk.requests.view(world.viewer(member), ref)

        await world.until(lambda: set(world.receipts("north", ref).viewed) == {"east/duty"})
        await world.until(lambda: set(world.receipts("east", told).viewed) == {"north/duty"})


async def test_what_was_not_received_has_no_clock_and_a_late_answer_is_overdue(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        world.hub.cut(MemberId("east"))
        form = {"asked": ["east"], "precedence": "FLASH"}
        sent = await world.send("north", ["east"], "Who?", kind="request", form=form)
        world.later(3600)
        assert shown(world, "north", sent.ref).parts[0].due is None

        world.hub.mend(MemberId("east"))
        await world.until(lambda: shown(world, "north", sent.ref).parts[0].stage == "RECEIVED")
        assert not shown(world, "north", sent.ref).parts[0].overdue
        world.later(601)

        assert shown(world, "north", sent.ref).row.overdue == (EAST,)
        assert [row.ref for row in await listed(world, "north", "overdue")] == [sent.ref]


async def test_who_holds_a_request_without_understanding_it_is_late_with_nothing_until_it_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        monkeypatch.delitem(filing.READABLE, "request")  # as in a release before requests
        ref = await ask(world, "east", precedence="FLASH")
        await world.until(lambda: "east" in world.receipts("north", ref).delivered)
        world.later(601)

        (part,) = shown(world, "north", ref).parts
        assert (part.stage, part.due, part.overdue) == ("ASKED", None, False)

        await world.stop("east")
        monkeypatch.undo()
        world.start("east")
        await world.until(lambda: shown(world, "north", ref).parts[0].stage == "RECEIVED")
        assert not shown(world, "north", ref).parts[0].overdue, "its time runs from when it is understood"


async def test_a_request_that_was_taken_back_is_asked_no_more(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await ask(world, "east")
        await world.recall("north", ref)
        await world.until(lambda: not world.holds("east", ref))

        assert await listed(world, "east", "all") == ()


async def test_a_list_of_requests_comes_in_pages_that_miss_none(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = [await ask(world, "east") for _ in range(5)]
        requests, viewer = world.nodes["north"].desk.requests, world.viewer("north")
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = await requests.page(viewer, "all", after, 2)
            found += [row.ref for row in page.items]
            after = page.next

        assert found == refs[::-1]
