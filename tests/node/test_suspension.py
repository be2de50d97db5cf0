"""What a suspended member still gets, and what it sees once it is reinstated."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import cast

import pytest
from world import PATIENCE, World, exchange

from quartet.core.articles import ActKind, ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.ids import MemberId
from quartet.core.parcel import Content, unpack
from quartet.node.office import open_offline
from quartet.wire import Passed, open_sealed

pytestmark = pytest.mark.anyio
WEST = MemberId("west")


async def act(world: World, kind: str, subject: str) -> None:
    """Complete an act about a member, and hand it to north's node."""
    node = world.nodes["north"]
    payload = ActPayload(
        at=node._parts.clock.now(), subject=MemberId(subject), reason="drill", admitted=None, changes=None
    )
    roots = [open_offline(world.member(m)).root for m in ("north", "east", "south", "west") if m != subject]
    await node.take_act(sign_act(propose(node.registry.state, cast(ActKind, kind), payload), roots))


async def following_tick(world: World) -> None:
    """Wait for the next tick: what is issued in the tick of an act counts as issued before it."""
    node = world.nodes["north"]
    length, now = node.registry.membership.tick, node._parts.clock.now()
    await world.until(lambda: node._parts.clock.now() // length > now // length)


def contents(world: World, passed: Passed) -> tuple[Content, ...]:
    """Open a parcel to west as its own node does."""
    registry, secrets = world.nodes["west"].registry, world.nodes["west"].epochs.secrets
    plain = open_sealed(passed.data, exchange=registry.exchange, frm=passed.frm, to=WEST, secrets=secrets)
    return unpack(plain, passed.frm, WEST, registry.exchange, registry.link_key(passed.frm)).contents


async def test_a_suspended_member_gets_recalls_of_what_it_holds_and_not_a_byte_of_content(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=60) as world:
        held = await world.send("north", ["west", "east"], "held before")
        kept = await world.send("north", ["west", "east"], "kept")
        await world.until(lambda: world.holds("west", held.ref) and world.holds("west", kept.ref))
        await act(world, "suspend", "west")
        await world.until(lambda: all(world.nodes[m].registry.state.epoch == 1 for m in world.nodes))
        told = [world.nodes[m].peers[WEST] for m in ("north", "east", "south")]
        await world.until(lambda: all(peer.acts_to == 1 or not peer.outgoing.on_way for peer in told))
        before = len(world.hub.tapped)

        new = await world.send("north", ["west", "east"], "k7wq2mx9 canary")
        recall = await world.recall("north", held.ref)
        await world.until(lambda: world.holds("east", new.ref))
        await world.until(lambda: world.stores["west"].reader.row(recall.id) is not None)

        passed = world.hub.tapped[before:]
        got = [content for p in passed if p.to == "west" and p.kind == "p" for content in contents(world, p)]
        assert {content.tag for content in got} <= {"signed", "act", "officers"}, "and who asserts it, and the act"
        said = world.nodes["north"].holdings.verified(recall.id)
        assert said is not None
        assert {content.data for content in got if content.tag == "signed"} == {said.signed}
        assert not any(b"k7wq2mx9" in content.data for content in got)
        assert not [p for p in passed if p.to == "west" and p.kind == "t"]
        assert b"k7wq2mx9" not in world.raw("west")
        assert world.stores["west"].reader.row(new.id) is None
        reasons = {d.member: (d.state, d.reason) for d in world.stores["north"].reader.deliveries(new.id)}
        assert reasons[WEST] == ("withheld", "suspended")

        await act(world, "reinstate", "west")
        await following_tick(world)
        after = await world.send("north", ["west"], "welcome back")
        await world.until(lambda: world.holds("west", after.ref))
        assert [row.ref for row in world.rows("west")] == [kept.ref, after.ref]


async def test_a_fact_that_a_suspended_member_missed_reaches_it_once_it_is_reinstated(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=60) as world:
        report = await world.send("north", ["west"], "near Dam 3")
        await world.until(lambda: world.holds("west", report.ref))
        await act(world, "suspend", "west")
        await world.until(lambda: world.nodes["west"].registry.state.epoch == 1)

        grant = await world.fact("north", "grant", report.ref, member=MemberId("east"))
        await world.until(lambda: world.holds("east", report.ref))
        assert world.stores["west"].reader.row(grant.id) is None
        await act(world, "reinstate", "west")

        await world.until(lambda: world.stores["west"].reader.row(grant.id) is not None)


async def test_a_withdrawn_member_is_neither_heard_nor_spoken_to(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        node = world.nodes["north"]
        payload = ActPayload(at=node._parts.clock.now(), subject=WEST, reason="over", admitted=None, changes=None)
        root = open_offline(world.member("west")).root
        await node.take_act(sign_act(propose(node.registry.state, "withdraw", payload), [root]))

        assert WEST not in node.peers
        assert [link.member for link in node.status(world.viewer("north")).links] == ["east", "south"]
        await world.until(lambda: WEST not in world.nodes["east"].peers)
        before = len(world.hub.tapped)
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.on_record("north", report.ref, 2))

        assert not [p for p in world.hub.tapped[before:] if p.frm in ("north", "east") and p.to == "west"]


async def test_who_watches_is_told_that_a_member_went_or_came_back_for_no_item_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        await world.send("north", ["east"], "before")
        async with aclosing(world.nodes["north"].watch(world.viewer("north"), "")) as events:  # type: ignore[type-var]
            before = await anext(events)
            for kind in ("suspend", "reinstate"):
                await act(world, kind, "west")
                assert (await asyncio.wait_for(anext(events), PATIENCE)).kind == "rights"
            await world.send("north", ["east"], "after")

            after = await asyncio.wait_for(anext(events), PATIENCE)

        assert (before.kind, after.kind) == ("item", "item")
        assert before.ref != after.ref
