"""What went is corrected, narrowed and widened: by whom it may be, and what becomes of it at who has it."""

import asyncio
from pathlib import Path
from typing import Any, Final

import pytest
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import TlpWord
from quartet.node.asking import Query
from quartet.node.conversation import Say
from quartet.node.factviews import FactDraft
from quartet.node.views import Draft, Step, moment

pytestmark = pytest.mark.anyio

EAST, SOUTH, WEST = MemberId("east"), MemberId("south"), MemberId("west")
ALL = ("north", "east", "south", "west")
DAY = 86_400_000_000
FOUND: Final[dict[TlpWord, int]] = {"GREEN": 0, "AMBER+STRICT": 1}


async def sent(world: World, *to: str, text: str = "The bridge is open", **more: Any) -> str:
    ref = (await world.send("north", list(to), text, **more)).ref
    await held(world, ref, *to)
    return ref


async def held(world: World, ref: str, *members: str) -> None:
    await world.until(lambda: all(world.holds(member, ref) for member in members), 60)


# -- narrowing and widening


async def test_a_narrowing_drops_who_is_not_named_who_destroys_it_and_the_label_is_the_narrower(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, recall_delay_s=2) as world:
        ref = await sent(world, "east", "south", tlp="GREEN")

        await world.fact("north", "narrow", ref, members=(EAST,), tlp="AMBER+STRICT")

        await world.until(lambda: not world.holds("south", ref), 60)
        await world.until(lambda: world.receipts("north", ref).purged.keys() == {"south"}, 60)
        for member in ("north", "east"):
            shown = world.nodes[member].show(world.viewer(member), ref)
            assert (shown.tlp, shown.marking.tlp, shown.marking.named) == ("AMBER+STRICT", "AMBER+STRICT", ("east",))
            assert [row.tlp for row in world.rows(member)] == ["AMBER+STRICT"]
            for label, found in FOUND.items():
                page = await world.nodes[member].read(world.viewer(member), Query(tlp=label))
                assert len(page.items) == found


async def test_what_a_narrowing_leaves_out_stays_and_a_reply_bears_the_label_of_now(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await sent(world, "east", tlp="GREEN")
        await world.fact("north", "narrow", ref, tlp="AMBER")
        await world.until(lambda: world.nodes["east"].show(world.viewer("east"), ref).tlp == "AMBER")

        said = await world.nodes["east"].talking.say(world.viewer("east"), ref, Say("For how long?"))

        assert world.nodes["east"].show(world.viewer("east"), said.ref).tlp == "AMBER"
        assert world.nodes["east"].show(world.viewer("east"), ref).marking.named == ("east",)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "not-narrower"),
        ({"tlp": "GREEN"}, "not-narrower"),
        ({"tlp": "CLEAR"}, "not-narrower"),
        ({"members": (EAST,)}, "not-narrower"),
        ({"members": (EAST, WEST)}, "not-narrower"),
        ({"members": (MemberId("nobody"),)}, "unknown-member"),
        ({"tlp": "RED"}, "narrow-to-red"),
        ({"expires": moment(Micros(0))}, "bad-time"),
    ],
)
async def test_what_would_narrow_nothing_or_let_somebody_in_is_told_before_a_key_signs_it(
    tmp_path: Path, asked: dict[str, object], reason: str
) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        ref = (await world.send("north", ["east"], "x", tlp="GREEN")).ref

        with pytest.raises(Malformed, match=reason):
            await world.nodes["north"].prepare(world.viewer("north"), FactDraft(kind="narrow", ref=ref, **asked))  # type: ignore[arg-type]


async def test_only_its_author_narrows_and_widens_an_item(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await sent(world, "east")
        derived = (await world.send("east", ["north", "south"], "as north says", contains=(ref,))).ref
        await held(world, derived, "north")

        for member, of, reason in (("east", ref, "not-controller"), ("north", derived, "not-author")):
            for asked in (
                FactDraft(kind="widen", ref=of, members=(WEST,)),
                FactDraft(kind="narrow", ref=of, tlp="RED"),
            ):
                with pytest.raises(Untrusted, match=reason):
                    await world.nodes[member].prepare(world.viewer(member), asked)


async def test_a_widening_names_more_members_who_get_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await sent(world, "east")

        await world.fact("north", "widen", ref, members=(EAST, SOUTH))

        await held(world, ref, "south")
        assert world.nodes["south"].show(world.viewer("south"), ref).marking.named == ("east", "south")
        with pytest.raises(Malformed, match="not-wider"):
            await world.nodes["north"].prepare(
                world.viewer("north"), FactDraft(kind="widen", ref=ref, members=(EAST, SOUTH))
            )
        assert not world.holds("west", ref)
        thread = await world.nodes["north"].talking.thread(world.viewer("north"), ref)
        assert thread.reply is not None
        assert thread.reply.members == ("east", "south")


async def test_a_label_comes_down_by_its_own_dates(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        day = moment(Micros(world.now("north") + DAY))
        ref = await sent(world, "east", tlp="AMBER", downgrade=(Step(day, "GREEN"),))
        assert world.nodes["east"].show(world.viewer("east"), ref).tlp == "AMBER"

        world.later(DAY // SECOND + 1)

        await world.until(lambda: [row.tlp for row in world.rows("east")] == ["GREEN"])


async def test_a_step_that_would_narrow_or_comes_too_early_is_told(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        early, late = moment(Micros(DAY)), moment(Micros(2 * DAY))
        for steps in ((Step(early, "AMBER"),), (Step(early, "RED"),), (Step(late, "GREEN"), Step(early, "CLEAR"))):
            draft = Draft(tlp="AMBER", title="x", text="x", downgrade=steps)
            with pytest.raises(Malformed, match="bad-downgrade"):
                world.nodes["north"].preview(draft, world.viewer("north"))


# -- correction


async def test_a_correction_is_told_to_whoever_has_the_old_one_and_goes_to_whom_the_new_one_names(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await sent(world, "east", "south", text="Eight rockets")

        new = (await world.send("north", ["east", "west"], "Six rockets", corrects=ref)).ref

        await held(world, new, "east", "west")
        for member in ("north", "east", "south"):
            viewer, node = world.viewer(member), world.nodes[member]
            await world.until(lambda n=node, v=viewer: n.show(v, ref).provenance.superseded_by, 60)  # type: ignore[misc]
            (by,) = node.show(viewer, ref).provenance.superseded_by
            assert by.ref == (None if member == "south" else new)
            assert [row.corrected for row in world.rows(member) if row.ref == ref] == [True]
            if member != "south":
                assert [one.ref for one in node.show(viewer, new).provenance.corrects] == [ref]
        assert not world.holds("south", new)
        assert [row.corrected for row in world.rows("west")] == [False]
        with pytest.raises(Unavailable):
            world.nodes["west"].show(world.viewer("west"), ref)


async def test_a_correction_carries_what_the_old_one_carried_and_needs_the_same_consent(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        source = await sent(world, "east", text="We saw eight")
        old = (await world.send("east", ["north"], "Eight, as north saw", contains=(source,))).ref
        await held(world, old, "north")

        new = (await world.send("east", ["north", "west"], "Six, as north saw", corrects=old)).ref

        await held(world, new, "north")
        node, viewer = world.nodes["east"], world.viewer("east")
        assert [one.member for one in node.show(viewer, new).provenance.contains] == ["north"]
        assert node.why(viewer, new, "west").has is False


async def test_that_what_an_officer_may_not_see_was_corrected_is_told_to_her_by_no_field(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        old = (await world.send("north", [], "For two", tlp="RED", persons=("north/duty",))).ref
        new = (await world.send("north", ["east"], "For all", corrects=old)).ref
        node = world.nodes["north"]

        hers, anothers = (node.show(world.viewer("north", name), new).provenance for name in ("duty", "second"))

        assert [one.ref for one in hers.corrects] == [old]
        assert anothers.corrects == ()


async def test_a_correction_that_is_sent_again_goes_once_and_is_told_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await sent(world, "east")
        word, facts = "w" * 22, world.stores["north"].reader

        first = await world.send("north", ["east"], "corrected", corrects=ref, once=word)
        count = len(facts.items(0, 50))
        again = await world.send("north", ["east"], "corrected", corrects=ref, once=word)

        assert first == again
        assert len(facts.items(0, 50)) == count


async def test_nobody_corrects_what_another_said_or_by_another_kind(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await sent(world, "east")

        with pytest.raises(Untrusted, match="not-author"):
            await world.send("east", ["north"], "no", corrects=ref)
        with pytest.raises(Malformed, match="corrects-another-kind"):
            await world.send("north", ["east"], "no", corrects=ref, kind="note")
        with pytest.raises(Unavailable, match="unknown-item"):
            await world.send("north", ["east"], "no", corrects="N-ZZZ-ZZZ")


# -- what watchers are told


async def test_a_watcher_is_told_of_what_she_lost_by_a_narrowing_and_of_what_was_corrected(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await sent(world, "east", "south", tlp="GREEN")
        told: dict[str, list[tuple[tuple[str, ...], list[tuple[str, bool]]]]] = {"east": [], "south": [], "west": []}

        async def watch(member: str) -> None:
            async for event in world.nodes[member].watching.watch(world.viewer(member), ""):
                if event.kind == "change":
                    told[member].append((event.refs, [(row.tlp, row.corrected) for row in event.rows]))

        watchers = [asyncio.create_task(watch(member)) for member in told]
        await world.fact("north", "narrow", ref, members=(EAST,), tlp="AMBER")
        await world.until(lambda: told["east"] and told["south"], 60)
        await world.send("north", ["east"], "put right", corrects=ref)
        await world.until(lambda: len(told["east"]) == 2, 60)
        for one in watchers:
            one.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)

        assert told["east"] == [((ref,), [("AMBER", False)]), ((ref,), [("AMBER", True)])]
        assert told["south"] == [((ref,), [])]
        assert told["west"] == []
