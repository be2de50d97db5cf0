"""Conversations beside an item: with its audience or a narrower one, in every direction, and gone with it."""

from pathlib import Path

import msgspec
import pytest
from world import World, exchange

from quartet.core.articles import ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.faults import Fault, Malformed
from quartet.core.ids import MemberId
from quartet.exercise.newcomer import new_member
from quartet.node import publishing
from quartet.node.asking import Query
from quartet.node.conversation import Say, Thread
from quartet.node.office import open_offline
from quartet.node.views import Draft

pytestmark = pytest.mark.anyio


async def thread(world: World, name: str, ref: str) -> Thread:
    return await world.nodes[name].talking.thread(world.viewer(name), ref)


async def texts(world: World, name: str, ref: str) -> list[str]:
    try:
        return [one.text for one in (await thread(world, name, ref)).messages]
    except Fault as fault:
        return [fault.reason]


async def say(world: World, name: str, ref: str, text: str, *to: str) -> str:
    asked = Say(text=text, to=tuple(MemberId(m) for m in to) if to else None)
    return (await world.nodes[name].talking.say(world.viewer(name), ref, asked)).ref


def rows(world: World, name: str, *, threads: bool = True) -> list[str]:
    query = Query(threads=threads, newest=True)
    return [row.title for row in world.page(name, query).items]


async def test_a_message_goes_to_whoever_has_what_it_is_beside_and_to_nobody_else(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("south", report.ref))

        first = await say(world, "east", report.ref, "Which bank?")
        await world.until(lambda: world.holds("north", first) and world.holds("south", first))
        second = await say(world, "north", first, "The left one.")
        await world.until(lambda: world.holds("east", second) and world.holds("south", second))

        for member in ("north", "east", "south"):
            found = await thread(world, member, report.ref)
            assert [one.text for one in found.messages] == ["Which bank?", "The left one."]
            assert found == await thread(world, member, second)
            assert found.reply is not None
            assert set(found.reply.members) == {"north", "east", "south"} - {member}
        assert not world.holds("west", first)
        assert await texts(world, "west", report.ref) == ["unknown-item"]


async def test_a_message_may_go_to_fewer_and_never_to_more(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("south", report.ref))
        secret = await say(world, "east", report.ref, "For you alone.", "north")
        await world.until(lambda: world.holds("north", secret))
        public = await say(world, "east", report.ref, "For all.")
        await world.until(lambda: world.holds("south", public) and world.holds("north", public))

        with pytest.raises(Malformed, match="bad-message"):
            await say(world, "east", report.ref, "And west.", "north", "west")

        assert await texts(world, "south", report.ref) == ["For all."]
        assert await texts(world, "north", report.ref) == ["For you alone.", "For all."]
        row = world.rows("south")[0]
        assert (row.ref, row.messages) == (report.ref, 1)


async def test_a_conversation_is_gone_with_what_it_is_beside(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        said = await say(world, "east", report.ref, "Which bank?")
        await world.until(lambda: world.holds("north", said))

        await world.fact("north", "recall", report.ref)

        await world.until(lambda: rows(world, "east", threads=False) == [])
        assert await texts(world, "east", said) == ["unknown-item"]
        assert rows(world, "north") == rows(world, "north", threads=False) == []


async def test_a_conversation_is_one_row_where_its_newest_message_stands(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        old = await world.send("north", ["east"], "old", title="old")
        await world.send("north", ["east"], "new", title="new")
        await world.until(lambda: len(rows(world, "east")) == 2)
        assert rows(world, "north") == ["new", "old"]

        said = await say(world, "east", old.ref, "Is this still so?")
        await world.until(lambda: world.holds("north", said))

        for member in ("north", "east"):
            assert rows(world, member) == ["old", "new"]
            assert sorted(rows(world, member, threads=False)) == ["Is this still so?", "new", "old"]
        top = world.page("north", Query(threads=True, newest=True, limit=1))
        rest = world.page("north", Query(threads=True, newest=True, limit=1, after=top.next or ""))
        assert [(r.title, r.messages) for r in (*top.items, *rest.items)] == [("old", 1), ("new", 0)]
        assert top.items[0].spoken is not None


async def test_who_is_granted_what_follows_gets_the_messages_of_who_granted_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        await world.fact("north", "grant", report.ref, member=MemberId("west"))
        await world.fact("north", "grant", report.ref, member=MemberId("west"), scope="FOLLOWING")
        await world.until(lambda: world.holds("west", report.ref))

        theirs = await say(world, "east", report.ref, "Which bank?")
        await world.until(lambda: world.holds("north", theirs))
        ours = await say(world, "north", report.ref, "The left one.")
        await world.until(lambda: world.holds("west", ours))

        reply = (await thread(world, "north", report.ref)).reply
        assert reply is not None
        assert (set(reply.members), set(reply.granted)) == ({"east", "west"}, {"west"})
        assert await texts(world, "west", report.ref) == ["The left one."]


async def test_what_does_not_contain_what_it_cites_is_refused_and_would_be_beside_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        bare = Draft(tlp="GREEN", title="", text="loose", to=(MemberId("east"),), kind="message", cites=(report.ref,))
        node, viewer = world.nodes["north"], world.viewer("north")
        with pytest.raises(Malformed, match="bad-message"):
            await node.publish(bare, viewer)

        monkeypatch.setattr(publishing, "check_text", lambda _: None)
        loose = (await node.publish(bare, viewer)).ref
        await world.until(lambda: world.holds("east", loose))

        assert await texts(world, "east", report.ref) == []
        assert await texts(world, "east", loose) == ["loose"]
        assert (await thread(world, "east", loose)).reply is None


async def test_reading_a_conversation_of_the_named_is_a_view_of_each_message(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        persons = ("north/duty", "east/duty")
        report = await world.send("north", ["east"], "for two", tlp="RED", persons=persons)
        await world.until(lambda: world.holds("east", report.ref))
        said = await say(world, "east", report.ref, "Understood.")
        await world.until(lambda: world.holds("north", said))
        east = world.nodes["east"]
        assert east.receipts(world.viewer("east"), said).viewed == {}

        assert await texts(world, "north", report.ref) == ["Understood."]

        await world.until(lambda: "north/duty" in east.receipts(world.viewer("east"), said).viewed)
        other = world.viewer("north", "second")
        with pytest.raises(Fault, match="unknown-item"):
            await world.nodes["north"].talking.thread(other, report.ref)


async def test_a_message_that_is_sent_again_is_the_one_that_went_whoever_would_get_it_by_now(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        report = await world.send("north", [], "for the world", tlp="CLEAR")
        asked = Say(text="once said", once="w" * 22)
        went = await node.talking.say(viewer, report.ref, asked)
        before = node.threads.draft(viewer, report.ref, asked, world.now("north")).to
        admitted = new_member(tmp_path, "late", node.registry.state)
        payload = ActPayload(
            at=world.now("north"), subject=admitted.id, reason="drill", admitted=admitted, changes=None
        )
        roots = [open_offline(world.member(name)).root for name in ("north", "east")]
        await node.take_act(sign_act(propose(node.registry.state, "admit", payload), roots))
        after = node.threads.draft(viewer, report.ref, asked, world.now("north")).to

        again = await node.talking.say(viewer, report.ref, asked)
        with pytest.raises(Malformed, match="already-sent"):
            await node.talking.say(viewer, report.ref, msgspec.structs.replace(asked, text="changed"))

        assert (before, after) == (("east",), ("east", "late"))
        assert went == again
        assert len((await thread(world, "north", report.ref)).messages) == 1
