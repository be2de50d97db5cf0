"""What a controller says of an item after it went out, and what each holder does: narrow, widen, correct, delegate."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.facts import Correction, Delegate, Grant, Narrow, ViewReceipt, Widen
from quartet.core.ids import SECOND, ControlId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.node.views import Provenance, Published

pytestmark = pytest.mark.anyio
CANARY = "u4mz9wq2-canary"
EAST, SOUTH, WEST = MemberId("east"), MemberId("south"), MemberId("west")


def own_control(world: World, member: str, item: Published) -> ControlId:
    verified = world.nodes[member].holdings.verified(item.id)
    assert verified is not None
    assert verified.own is not None
    return verified.own.id


def narrow(world: World, item: Published, *rel: MemberId, **marking: object) -> Narrow:
    named = Marking(tlp="AMBER", rel=tuple(sorted(rel)), **marking)  # type: ignore[arg-type]
    return Narrow(control=own_control(world, "north", item), marking=named)


async def test_whom_a_narrowing_drops_hides_at_once_destroys_after_the_delay_and_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=600) as world:
        report = await world.send("north", ["east", "south"], CANARY)
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        made = await world.send("east", ["north"], f"we hear {CANARY}", contains=(report.ref,))
        await world.until(lambda: world.holds("north", made.ref))

        narrowing = await world.say("north", "narrow", narrow(world, report, SOUTH))
        await world.until(lambda: not world.holds("east", report.ref) and not world.holds("east", made.ref))
        assert world.stores["east"].reader.item(report.id) is not None, "it is hidden first"
        assert world.receipts("north", report.ref).owed == ("east",)
        await world.until(lambda: world.dated("east", narrowing))
        world.later(601)
        await world.until(lambda: "east" in world.receipts("north", report.ref).purged)
        await world.until(lambda: CANARY.encode() not in world.raw("east"))

        assert world.stores["east"].reader.item(made.id) is None, "what it made of it is gone too"
        assert world.receipts("north", report.ref).owed == ()
        assert world.text("south", report.ref) == CANARY
        assert CANARY in world.text("north", made.ref), "and stays with whom the narrowing names"
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4


async def test_whom_a_widening_names_again_before_the_delay_ends_keeps_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", recall_delay_s=600) as world:
        report = await world.send("north", ["east", "south"], CANARY)
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        narrowing = await world.say("north", "narrow", narrow(world, report, SOUTH))
        await world.until(lambda: not world.holds("east", report.ref) and world.dated("east", narrowing))

        await world.say("north", "widen", Widen(control=own_control(world, "north", report), rel=(EAST,)))
        await world.until(lambda: world.holds("east", report.ref))
        await world.stop("east")
        world.start("east")
        await world.until(lambda: world.link("north", "east") == "up")
        last = await world.send("north", ["east"], "long after")
        await world.until(lambda: world.holds("east", last.ref))
        world.later(660)
        await world.until(lambda: world.stores["east"].reader.last_tick().number * 0.5e6 > world.now("east") - 2e6)  # type: ignore[union-attr]

        assert world.text("east", report.ref) == CANARY
        assert world.receipts("north", report.ref).owed == ()


async def test_evidence_is_hidden_from_whom_a_narrowing_drops_and_not_destroyed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        report = await world.send("north", ["east", "south"], CANARY, hold=True)
        gone = await world.send("north", ["east", "south"], "the other")
        await world.until(lambda: len(world.receipts("north", gone.ref).delivered) == 2)

        await world.say("north", "narrow", narrow(world, report, SOUTH))
        await world.say("north", "narrow", narrow(world, gone, SOUTH))
        await world.until(lambda: "east" in world.receipts("north", gone.ref).purged)

        assert not world.holds("east", report.ref)
        assert world.stores["east"].reader.item(report.id) is not None
        assert world.receipts("north", report.ref).owed == ()


async def test_a_narrowing_that_lets_it_end_sooner_destroys_it_then(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.receipts("north", report.ref).delivered)

        ends = Micros(world.now("north") + 600 * SECOND)
        narrowing = await world.say("north", "narrow", narrow(world, report, EAST, expires=ends))
        await world.until(lambda: world.stores["east"].reader.row(narrowing.id))
        assert world.holds("east", report.ref)
        world.later(601)
        await world.until(lambda: "east" in world.receipts("north", report.ref).purged)

        assert CANARY in world.nodes["north"].show(world.viewer("north"), report.ref).body["text"]


async def test_a_widening_delivers_its_own_part_and_the_others_parts_stay(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        source = await world.send("north", ["east"], "the source")
        await world.until(lambda: world.holds("east", source.ref))
        made = await world.send("east", ["north"], "made of it", contains=(source.ref,))
        await world.until(lambda: world.holds("north", made.ref))

        await world.say("north", "widen", Widen(control=own_control(world, "north", source), rel=(WEST,)))
        await world.until(lambda: world.holds("west", source.ref))
        await world.send("east", ["west"], "sent after it", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("west")))
        assert not world.holds("west", made.ref), "east has not widened its own part"
        await world.say("east", "widen", Widen(control=own_control(world, "east", made), rel=(WEST,)))

        await world.until(lambda: world.holds("west", made.ref))


async def test_nobody_widens_or_narrows_what_another_controls(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east", "south"], CANARY)
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        control = own_control(world, "north", report)

        await world.say("east", "widen", Widen(control=control, rel=(WEST,)))
        await world.say("east", "narrow", Narrow(control=control, marking=Marking(tlp="AMBER", rel=(EAST,))))
        await world.send("north", ["west"], "sent after it", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("west")))

        assert not world.holds("west", report.ref)
        assert world.text("south", report.ref) == CANARY
        assert world.stores["east"].reader.recalls_pending() == []


async def test_a_delegate_consents_for_nobody_while_the_controller_is_a_member(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        source = await world.send("north", ["east"], "the source")
        await world.until(lambda: world.holds("east", source.ref))
        made = await world.send("east", ["north", "west"], "made of it", contains=(source.ref,))
        control = own_control(world, "north", source)
        consent = Grant(control=control, item=made.id, author=EAST, member=WEST, until=None, scope="ITEM")

        named = await world.say("north", "delegate", Delegate(controls=(control,), delegate=EAST))
        await world.until(lambda: world.stores["east"].reader.row(named.id))
        await world.say("east", "grant", consent)
        await world.send("east", ["west"], "sent after it", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("west")))

        assert not world.holds("west", made.ref)


async def test_every_past_holder_is_told_of_a_correction_and_only_those_entitled_get_the_new_one(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        wrong = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: len(world.receipts("north", wrong.ref).delivered) == 2)
        right = await world.send("north", ["east"], "near Dam 4", title="Corrected")

        body = Correction(controls=(own_control(world, "north", wrong),), item=wrong.id, superseded_by=right.id)
        told = await world.say("north", "correction", body)

        def shown_to(member: str) -> Provenance:
            return world.nodes[member].show(world.viewer(member), wrong.ref).provenance

        await world.until(lambda: world.holds("east", right.ref))
        await world.until(lambda: all(shown_to(m).superseded_by for m in ("east", "south")))

        shown = {m: shown_to(m) for m in ("east", "south")}
        assert [b.ref for b in shown["east"].superseded_by] == [right.ref]
        assert [(b.id, b.ref) for b in shown["south"].superseded_by] == [(right.id, None)], "told, without content"
        assert not world.holds("south", right.ref)
        assert world.stores["west"].reader.row(told.id) is None


async def test_a_correction_of_what_another_wrote_and_a_view_receipt_change_nothing_for_anybody(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.receipts("north", report.ref).delivered)
        controls = (own_control(world, "north", report),)

        false = await world.say("east", "correction", Correction(controls=controls, item=report.id, superseded_by=None))
        seen = ViewReceipt(controls=controls, item=report.id, person="north/duty", at=world.now("east"))
        told = await world.say("east", "view-receipt", seen)
        await world.until(lambda: world.stores["north"].reader.row(told.id))

        assert world.stores["east"].reader.row(false.id) is not None
        for member in ("north", "east"):
            assert world.text(member, report.ref) == CANARY
            shown = world.nodes[member].show(world.viewer(member), report.ref)
            assert shown.provenance.superseded_by == ()
