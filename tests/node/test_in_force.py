"""What is in force is shown and passed on: no page, and nothing said about an item, goes by what was narrowed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from world import World, exchange

from quartet.core.encoding import digest64, encode
from quartet.core.factbody import Correction, Narrow, Recall, Widen
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.node.conversation import Say
from quartet.node.desk.speech import Speech
from quartet.node.views import Draft, Step, moment

pytestmark = pytest.mark.anyio

EAST, SOUTH, WEST = MemberId("east"), MemberId("south"), MemberId("west")
ALL = ("north", "east", "south", "west")


async def asked(world: World, *to: str, **more: Any) -> str:
    form = {"asked": ["east"], "precedence": "ROUTINE"}
    ref = (await world.send("north", list(to), "How deep is it?", kind="request", form=form, tlp="GREEN", **more)).ref
    await world.until(lambda: all(world.holds(member, ref) for member in to), 60)
    return ref


def label(world: World, member: str, ref: str) -> str:
    return world.nodes[member].show(world.viewer(member), ref).tlp


async def test_what_is_said_about_a_narrowed_item_bears_its_label_and_goes_to_nobody_that_was_dropped(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await asked(world, "east", "south", "west")
        await world.fact("north", "narrow", ref, members=(EAST, WEST), tlp="AMBER+STRICT", onward="NEVER")
        await world.until(lambda: label(world, "east", ref) == "AMBER+STRICT")
        node, viewer = world.nodes["east"], world.viewer("east")
        form = {"request": node.show(viewer, ref).id, "word": "ANSWER"}

        said = node.desk.speaking.draft(viewer, ref, Speech(kind="reply", form=form))

        assert (said.tlp, said.onward, sorted(said.to)) == ("AMBER+STRICT", "NEVER", ["north", "west"])
        with pytest.raises(Malformed, match="beyond-audience"):
            node.desk.speaking.draft(viewer, ref, Speech(kind="reply", form=form, to=(SOUTH,)))
        with pytest.raises(Malformed, match="tlp-wider"):
            node.desk.speaking.draft(viewer, ref, Speech(kind="reply", form=form, tlp="AMBER"))
        assert node.threads.draft(viewer, ref, Say("Which one?"), world.now("east")).onward == "NEVER"


async def test_who_was_let_in_by_a_widening_is_told_what_is_said_about_the_item(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await asked(world, "east")

        await world.fact("north", "widen", ref, members=(SOUTH,))
        await world.until(lambda: world.holds("south", ref), 60)

        node, viewer = world.nodes["east"], world.viewer("east")
        assert node.threads.draft(viewer, ref, Say("Which one?"), world.now("east")).to == ("north", "south")


async def test_the_desks_pages_and_the_register_show_the_label_in_force(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await asked(world, "east")
        said = (await world.about("east", ref, "reply", {"request": ref, "word": "ANSWER"}, text="Soon")).ref
        note = (await world.send("north", [], "All calm", kind="handover", tlp="GREEN")).ref
        await world.until(lambda: world.holds("north", said), 60)

        await world.fact("north", "narrow", ref, tlp="AMBER+STRICT")
        await world.fact("north", "narrow", note, tlp="AMBER")
        await world.fact("east", "narrow", said, tlp="AMBER")
        await world.until(lambda: (label(world, "east", ref), label(world, "north", said)) == ("AMBER+STRICT", "AMBER"))

        for member in ("north", "east"):
            node, viewer = world.nodes[member], world.viewer(member)
            page = await node.desk.requests.page(viewer, "all", "", 10)
            assert [row.tlp for row in page.items] == ["AMBER+STRICT"]
            shown = await node.desk.requests.view(viewer, ref)
            assert shown.row.tlp == "AMBER+STRICT"
            assert [reply.tlp for part in shown.parts for reply in part.replies] == ["AMBER"]
        node, viewer = world.nodes["north"], world.viewer("north")
        register = await node.dissemination.register(viewer, "", 10)
        assert {entry.ref: entry.tlp for entry in register.items}[ref] == "AMBER+STRICT"
        assert [one.tlp for one in (await node.duties.board(viewer)).notes] == ["AMBER"]


async def test_a_label_that_came_down_by_its_date_is_the_one_that_the_desk_shows(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        day = moment(Micros(world.now("north"))) + timedelta(days=1)
        form = {"asked": ["east"], "precedence": "ROUTINE"}
        steps = (Step(day, "GREEN"),)
        await world.send("north", ["east"], "How deep?", kind="request", form=form, tlp="AMBER", downgrade=steps)
        assert [row.tlp for row in (await node.desk.requests.page(viewer, "all", "", 10)).items] == ["AMBER"]

        world.later(2 * 86_400)

        assert [row.tlp for row in (await node.desk.requests.page(viewer, "all", "", 10)).items] == ["GREEN"]


async def test_a_narrowing_of_the_worlds_item_that_drops_nobody_leaves_it_the_worlds(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = (await world.send("north", [], "For all", tlp="CLEAR", onward="TLP_RULE")).ref
        await world.until(lambda: world.holds("east", ref), 60)

        await world.fact("north", "narrow", ref, mode="DISPLAY")
        await world.until(lambda: world.nodes["east"].show(world.viewer("east"), ref).marking.mode == "DISPLAY")

        node, viewer = world.nodes["east"], world.viewer("east")
        assert spelt_rel(world, "east", ref) is None
        assert node.threads.draft(viewer, ref, Say("Thanks"), world.now("east")).to == ("north",)


def spelt_rel(world: World, member: str, ref: str) -> list[str] | None:
    marking = world.nodes[member].show(world.viewer(member), ref).marking
    found = encode(marking)
    return None if b'"rel"' not in found else list(marking.named)


async def test_what_a_narrowing_forbids_by_words_that_no_command_has_is_shown(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = (await world.send("north", ["east"], "No copies elsewhere", tlp="GREEN")).ref
        await world.until(lambda: world.holds("east", ref), 60)
        (control,) = [c for c, own in world.stores["north"].reader.controls_of(item(world, ref)) if own]

        marking = Marking(tlp="CLEAR", caveats=("NO_GATEWAY",))
        await world.say("north", "narrow", Narrow(control=control, marking=marking))

        node = world.nodes["east"]
        viewer = structs.replace(world.viewer("east"), trained=frozenset({"NO_GATEWAY"}))
        await world.until(lambda: node.show(viewer, ref).marking.caveat_words)
        assert node.show(viewer, ref).marking.caveat_words == ("NO_GATEWAY",)
        assert node.show(viewer, ref).tlp == "GREEN"


def item(world: World, ref: str) -> Any:
    return world.nodes["north"].show(world.viewer("north"), ref).id


async def test_a_narrowing_or_widening_by_who_does_not_control_the_item_changes_nothing_anywhere(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = (await world.send("north", ["east", "south"], "ours", tlp="GREEN")).ref
        await world.until(lambda: world.holds("east", ref) and world.holds("south", ref), 60)
        (control,) = [c for c, own in world.stores["north"].reader.controls_of(item(world, ref)) if own]

        narrowing = Narrow(control=control, marking=Marking(tlp="RED", rel=()))
        narrow = await world.say("east", "narrow", narrowing, tell=False)
        widen = await world.say("east", "widen", Widen(control=control, rel=(WEST,)), tell=False)
        for member in ALL:
            await world.tell(member, narrow)
            await world.tell(member, widen)

        await world.ticks("north")
        for member in ("north", "east", "south"):
            shown = world.nodes[member].show(world.viewer(member), ref)
            assert (shown.tlp, shown.marking.tlp, shown.marking.named) == ("GREEN", "GREEN", ("east", "south"))
        assert not world.holds("west", ref)


async def test_what_is_asserted_and_a_message_are_not_corrected(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        ref = (await world.send("north", ["east"], "The bridge is open")).ref
        said = (await node.talking.say(viewer, ref, Say("Since noon"))).ref

        message = Draft(kind="message", tlp="AMBER", title="x", text="x", to=(EAST,), contains=(ref,), cites=(ref,))
        with pytest.raises(Malformed, match="not-corrected"):
            await node.publish(structs.replace(message, corrects=said), viewer)
        with pytest.raises(Malformed, match="not-corrected"):
            node.asserting.prepare(Draft(tlp="AMBER", title="x", text="x", to=(EAST,), corrects=ref), viewer)


async def test_of_thousands_of_corrections_the_last_are_told(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        ref = (await world.send("north", ["east"], "The bridge is open")).ref
        (control,) = [c for c, own in world.stores["north"].reader.controls_of(item(world, ref)) if own]
        told = [digest64("quartet/test/v1", number) for number in range(40)]

        for one in told:
            await world.say("north", "correction", Correction((control,), item(world, ref), ItemId(one)))

        shown = world.nodes["north"].show(world.viewer("north"), ref).provenance.superseded_by
        assert {basis.id for basis in shown} < set(told)
        assert len(shown) == 32


async def test_nobody_is_dropped_from_what_a_decision_hangs_on(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = (await world.seal("north", ["east", "south"], "sealed", tlp="GREEN")).ref
        await world.until(lambda: world.holds("east", ref) and world.holds("south", ref), 60)

        worlds = (await world.seal("north", [], "sealed", tlp="CLEAR", onward="TLP_RULE")).ref
        await world.until(lambda: world.holds("east", worlds), 60)

        asked: list[tuple[str, dict[str, Any]]] = [
            (ref, {"members": ()}),
            (ref, {"members": (EAST,)}),
            (worlds, {"tlp": "GREEN"}),
            (worlds, {"onward": "NEVER"}),
        ]
        for of, change in asked:
            with pytest.raises(Malformed, match="does-not-narrow"):
                await world.fact("north", "narrow", of, **change)
        await world.fact("north", "narrow", ref, tlp="AMBER")

        await world.until(lambda: label(world, "south", ref) == "AMBER")


async def test_a_basis_is_withdrawn_by_who_controls_it_and_by_nobody_else(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = (await world.send("north", ["south"], "the source", hold=True)).ref
        await world.until(lambda: world.holds("south", ref), 60)
        derived = (await world.send("south", ["north"], "as north says", contains=(ref,), hold=True)).ref
        await world.until(lambda: world.holds("north", derived), 60)
        (control,) = [c for c, own in world.stores["north"].reader.controls_of(item(world, ref)) if own]

        def withdrawn() -> list[bool]:
            shown = world.nodes["south"].show(world.viewer("south"), derived)
            return [basis.withdrawn for basis in shown.provenance.contains]

        forged = await world.say("east", "recall", Recall((control,), reason="NORMAL", in_incident=False), tell=False)
        await world.tell("south", forged)
        assert withdrawn() == [False]

        await world.recall("north", ref)
        await world.until(lambda: withdrawn() == [True], 60)
