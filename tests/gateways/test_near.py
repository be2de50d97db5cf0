"""An embedder extends what is suggested, as the gate lets it; a text goes once, nothing is kept beyond its item."""

import json
import random
from pathlib import Path
from typing import Any, Final

import pytest
from hidden import answers_as_without_the_rest, for_some
from models import Server, assist, embedder, placed, said, server
from world import World, exchange

from quartet.core.faults import Fault
from quartet.node.assist.nearness import MAX_LETTERS
from quartet.node.assist.views import NearPage
from quartet.node.node import Node

pytestmark = pytest.mark.anyio
PUBLIC: Final[dict[str, Any]] = {"tlp": "CLEAR", "onward": "TLP_RULE"}
BRIDGE, SPAN, FLOOD = "The bridge is closed after a fire", "The span is shut after a blaze", "Water rose in the cellars"
Told = tuple[list[tuple[str, float]], int, bool]


async def near(world: World, ref: str, officer: str = "duty") -> NearPage:
    return await world.nodes["north"].assisting.near.of(world.viewer("north", officer), ref)


def asked(one: Server) -> list[list[str]]:
    return [json.loads(body)["input"] for body in one.bodies]


def kept(node: Node) -> set[str]:
    return set(node.assisting.near.kept)


async def reason(question: Any) -> str:
    with pytest.raises(Fault) as caught:
        await question
    return caught.value.reason


async def test_what_means_the_same_is_nearest_and_the_model_and_its_host_are_named(tmp_path: Path) -> None:
    async with server(placed) as one, exchange(tmp_path, "north", "east") as world:
        assist(world.nodes["north"], tmp_path, embedder=embedder(one))
        bridge, span, flood = [
            await world.send("north", [], text, title="", **PUBLIC) for text in (BRIDGE, SPAN, FLOOD)
        ]
        assert (await world.nodes["north"].desk.related.of(world.viewer("north"), bridge.ref)).items == ()

        found = await near(world, bridge.ref)

        assert [one.item.id for one in found.items] == [span.id, flood.id]
        assert found.items[0].nearness > 0.99 > found.items[1].nearness
        assert (found.host, found.made.model) == (f"http://127.0.0.1:{one.port}", "small-1")
        assert found.made.by == "by a model, not by a person"
        assert (found.compared, found.more) == (2, False)


async def test_a_text_goes_once_and_only_where_the_gate_lets_it(tmp_path: Path) -> None:
    async with server(placed) as one, exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        assist(node, tmp_path, embedder=embedder(one, tlp="GREEN", principals=["duty"]))
        first = await world.send("north", [], BRIDGE, title="", **PUBLIC)
        await world.send("north", [], SPAN * 200, title="", tlp="GREEN")
        await world.send("north", [], "amber words", tlp="AMBER")
        await world.send("north", [], "no gateway words", tlp="GREEN", caveats=("NO_GATEWAY",))
        red = await world.send("north", [], "red words", tlp="RED", persons=("north/duty",))

        found = [(await near(world, first.ref, officer)).compared for officer in ("duty", "second")]

        assert found == [1, 1]
        assert asked(one) == [[BRIDGE, (SPAN * 200)[:MAX_LETTERS]]]
        assert "x-marking: tlp:green" in one.heads[0].lower()
        later = await world.send("north", [], FLOOD, title="", **PUBLIC)
        await near(world, later.ref)
        assert asked(one)[1:] == [[FLOOD]]
        assert await reason(near(world, red.ref)) == "above-door"
        assert await reason(near(world, red.ref, "second")) == "unknown-item"
        assert len(one.bodies) == one.opened == 2
        told = node.assisting.sent.page(world.viewer("north")).items
        assert {(text.ref, text.outcome) for text in told} == {(later.ref, "answered"), (first.ref, "answered")} | {
            (text.ref, "answered") for text in told if text.tlp == "GREEN"
        }
        assert len(told) == 3


async def test_what_is_taken_back_or_destroyed_is_neither_near_nor_kept(tmp_path: Path) -> None:
    async with server(placed) as one, exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        assist(node, tmp_path, embedder=embedder(one, tlp="AMBER", principals=["duty"]))
        bridge, span, flood = [await world.send("north", ["east"], text, title="") for text in (BRIDGE, SPAN, FLOOD)]
        await near(world, bridge.ref)
        assert kept(node) == {bridge.id, span.id, flood.id}

        await world.fact("north", "recall", span.ref)

        assert kept(node) == {bridge.id, flood.id}
        assert [one.item.id for one in (await near(world, bridge.ref)).items] == [flood.id]
        assert len(one.bodies) == 1
        for tell in node.holdings.on_purged:
            tell(flood.id)
        assert kept(node) == {bridge.id}


async def test_what_is_taken_back_while_the_way_is_opened_goes_not(tmp_path: Path) -> None:
    async with server(placed) as one, exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        assist(node, tmp_path, embedder=embedder(one))
        bridge, span = [await world.send("north", ["east"], text, title="", **PUBLIC) for text in (BRIDGE, SPAN)]
        begin = node.assisting.sent.begin

        async def slowly(entries: Any) -> list[str]:
            await world.recall("north", span.ref)
            return await begin(entries)

        node.assisting.sent.begin = slowly  # type: ignore[method-assign]

        assert await reason(near(world, bridge.ref)) == "unknown-item"
        assert (one.bytes, kept(node)) == (0, set())
        assert {one.outcome for one in node.assisting.sent.page(world.viewer("north")).items} == {"withheld"}


async def test_an_answer_that_fits_not_what_was_kept_is_none_and_leaves_nothing(tmp_path: Path) -> None:
    async with server(placed) as one, exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        assist(node, tmp_path, embedder=embedder(one))
        bridge = await world.send("north", [], BRIDGE, title="", **PUBLIC)
        await near(world, bridge.ref)
        await world.send("north", [], SPAN, title="", **PUBLIC)
        one.answer = lambda _: said({"data": [{"index": 0, "embedding": [1.0, 0.0]}]})

        assert await reason(near(world, bridge.ref)) == "odd-model-answer"
        assert kept(node) == set()


def told(page: NearPage) -> Told:
    return [(one.item.title, one.nearness) for one in page.items], page.compared, page.more


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """Return an item that nobody, some or all of north's officers may see, and that may go or not."""
    text = " ".join(dice.choices(["bridge", "span", "fire", "blaze", "water", "closed", "shut", "road"], k=6))
    fields: dict[str, Any] = {"text": text, "title": f"Report {number}", "to": ["east"]}
    fields |= {"mode": "DISPLAY"} if dice.random() < 0.2 else {}
    return for_some(dice, fields) if dice.random() < 0.5 else fields


async def test_a_world_places_what_one_that_holds_only_what_she_may_see_would(tmp_path: Path) -> None:
    dice = random.Random(5)
    items = [drawn(dice, number) for number in range(10)]
    async with server(placed) as one:

        async def ask(world: World, ref: str, officer: str) -> Told | str:
            node = world.nodes["north"]
            if node.assisting.ports.embedder is None:
                assist(node, tmp_path, embedder=embedder(one, tlp="AMBER", principals=["duty"]))
            try:
                return told(await near(world, ref, officer))
            except Fault as fault:
                if fault.reason == "unknown-item":
                    raise
                return fault.reason

        await answers_as_without_the_rest(tmp_path, dice, items, ask, lambda found: found)
        assert one.bodies
