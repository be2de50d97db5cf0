"""Which warnings a door is given: no other's date, and no number of what may not pass, takes one from it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cap import NOW
from capdoors import door
from msgspec import structs
from world import World, exchange

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.verify import Verified
from quartet.desk import KIND_OF
from quartet.desk.area import Area
from quartet.desk.warning import Early, Info, Source
from quartet.gateways.cap.doors import door_of
from quartet.gateways.cap.feed import Feed
from quartet.gateways.cap.offer import Given, Offer
from quartet.node.desk import outgoing
from quartet.node.drafting import item_statement, marking_of
from quartet.node.factviews import FactDraft
from quartet.node.publishing import NODE_OFFICER
from quartet.node.views import Draft

pytestmark = pytest.mark.anyio
LONG_AGO = 30 * 24 * 3600 * SECOND


def early_of(until: Micros) -> Early:
    return Early(
        category="Met",
        urgency="Immediate",
        severity="Severe",
        certainty="Likely",
        begins=NOW,
        until=until,
        areas=(Area("Lower valley"),),
        info=(Info("en", "Flood wave", "Dam 3 is giving way", "Go up."),),
        desks=(),
        source=Source("met", "floods@authority.example", "A-1", NOW, "0" * 64),
    )


async def relayed(world: World, *, ago: int = 0, **more: Any) -> Verified:
    """Have north's node keep a warning of the date that one likes."""
    node, now = world.nodes["north"], world.now("north")
    form = structs.replace(early_of(Micros(now + 7200 * SECOND)), begins=now)
    fields: dict[str, Any] = {"tlp": "AMBER", "to": (MemberId("east"),), **more}
    draft = Draft(kind=KIND_OF[Early], title="", text="", **fields)
    speaker = replace(node.publisher.speaker(NODE_OFFICER, now), at=Micros(now - ago))
    verified = node.publisher._sign(item_statement(draft, form, speaker, marking_of(draft, draft.to), (), ()))
    await node.publisher.together.keep((verified,))
    return verified


def offered(world: World, **more: Any) -> Offer:
    node, settings = world.nodes["north"], door(**more)
    return Offer(settings, node, lambda: door_of(settings, node))


def given(world: World, **more: Any) -> Given:
    return offered(world, **more).given()


async def test_one_that_is_dated_long_ago_takes_no_other_from_the_door(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first, second = await relayed(world), await relayed(world)
        await world.recall("north", second.id)
        await relayed(world, ago=LONG_AGO)

        found = given(world, principals=["duty"])
        assert [one.id for one in found.told] == [first.id]
        assert [one.id for one in found.ended] == [second.id]


async def test_what_may_not_pass_takes_no_room_from_what_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MOST", 2)
    monkeypatch.setattr(outgoing, "PAGE", 2, raising=False)
    async with exchange(tmp_path, "north", "east") as world:
        public: dict[str, Any] = {"tlp": "CLEAR", "to": (), "onward": "TLP_RULE"}
        first, back = await relayed(world, **public), await relayed(world, **public)
        await world.recall("north", back.id)
        for _ in range(5):
            await relayed(world)

        found = given(world)
        assert [one.id for one in found.told] == [first.id]
        assert [one.id for one in found.ended] == [back.id]

        newest = [await relayed(world, **public) for _ in range(2)]
        assert {one.id for one in given(world).told} == {one.id for one in newest}
        world.later(8 * 24 * 3600)
        assert given(world) == Given((), ())


async def test_drills_without_end_keep_no_warning_that_is_so_from_a_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "MOST", 2)
    drill: dict[str, Any] = {"caveats": ("EXERCISE",)}
    async with exchange(tmp_path, "north", "east") as world:
        first, back = await relayed(world), await relayed(world)
        await world.recall("north", back.id)
        played = [await relayed(world, **drill) for _ in range(4)]
        over = [await relayed(world, **drill) for _ in range(4)]
        node, trained = world.nodes["north"], structs.replace(world.viewer("north"), trained=frozenset({"EXERCISE"}))
        for one in over:
            recall = await node.prepare(trained, FactDraft(kind="recall", ref=one.id))
            await node.commit(recall, world.asserted("north", "duty", recall.id))

        found = given(world, principals=["duty"])
        assert {one.id for one in found.told} == {first.id, *(one.id for one in played[-2:])}
        assert {one.id for one in found.ended} == {back.id, *(one.id for one in over[-2:])}


async def test_what_was_destroyed_is_nowhere_in_the_memory_of_a_door_that_nobody_reads(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node, offer = world.nodes["north"], offered(world, principals=["duty"])
        feed = Feed(door(principals=["duty"]), offer)
        answers: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            answers.append(message)

        with offer.listening():
            said = await relayed(world)
            await feed._answer(f"/cap/{said.id}.xml", send)
            assert b"Go up." in answers[-1]["body"]
            await world.recall("north", said.id)
            assert (offer._given, offer.answers) == (Given((), ()), {})

            await feed._answer("/cap/feed", send)
            assert [one.id for one in offer._given.ended] == [said.id]
            node.holdings.purged(said.id)
            assert (offer._given, offer.answers) == (Given((), ()), {})
