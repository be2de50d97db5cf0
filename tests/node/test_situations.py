"""One situation report, rendered for each audience from what that audience may have; and what becomes of it later."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.core.release import Viewer
from quartet.node.desk.situationviews import (
    Rendering,
    Reported,
    SentReport,
    SituationView,
    Which,
    WholePart,
    WholeReport,
    Wording,
)
from quartet.node.publishing import Also
from quartet.node.views import Draft, Published

pytestmark = pytest.mark.anyio

ALL = ("north", "east", "south", "west")
EAST, NORTH, SOUTH, WEST = (MemberId(m) for m in ("east", "north", "south", "west"))
DAY = 24 * 3600
SECRET = "the canary sings at the weir"


def part(*wordings: Wording) -> WholePart:
    return WholePart(wordings=wordings)


def words(text: str, **more: Any) -> Wording:
    return Wording(**{"text": text, "tlp": "AMBER", **more})


def report(*parts: WholePart, to: tuple[tuple[MemberId, ...], ...], **more: Any) -> WholeReport:
    cut_off = datetime.now(UTC) - timedelta(hours=1)
    return WholeReport(title="The situation", cut_off=cut_off, parts=parts, audiences=to, **more)


def looked(world: World, whole: WholeReport, member: str = "north", officer: str = "duty") -> tuple[Rendering, ...]:
    return world.nodes[member].desk.situations.render(world.viewer(member, officer), whole).renderings


async def publish(world: World, whole: WholeReport, member: str = "north") -> tuple[SentReport, ...]:
    node, viewer = world.nodes[member], world.viewer(member)
    seen = node.desk.situations.render(viewer, whole).seen
    return await node.desk.situations.publish(viewer, Reported(report=whole, seen=seen), node.handover.publish)


def shown(world: World, member: str, ref: str) -> SituationView:
    return world.nodes[member].desk.reports.show(world.viewer(member), ref)


async def test_a_recalled_source_withdraws_the_basis_of_all_that_rests_on_it_and_of_yesterdays_report(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        first, second = [await _reported(world, m, root) for m, root in (("north", "A" * 43), ("east", "E" * 43))]
        places = [{"report": ref, "number": 0} for ref in (first, second)]
        same = await world.about("west", second, "same-as", {"events": places})
        derived = await world.send("east", ["north", "south", "west"], "Two outlets have it", cites=(first, second))
        await _everywhere(world, same.ref, derived.ref)
        whole = report(
            part(words("Rockets fell on the harbour.", heading="The harbour", cites=(first, second))),
            part(words("One outlet alone has the number.", heading="Numbers", cites=(second,))),
            to=((NORTH, EAST, WEST),),
        )
        yesterday = structs.replace(whole, cut_off=datetime.now(UTC) - timedelta(days=1))
        (sent,) = await publish(world, yesterday, "south")
        await _everywhere(world, sent.ref)
        for member in ALL:
            assert [one.withdrawn for one in shown(world, member, sent.ref).parts] == [False, False]
            assert not shown(world, member, sent.ref).row.withdrawn
            assert await _counted(world, member, second) == 2

        await world.recall("north", first)
        await world.until(lambda: all(shown(world, m, sent.ref).row.withdrawn for m in ALL), 60)
        await world.until(lambda: all(_cited(world, m, derived.ref) == [True, False] for m in ALL), 60)

        for member in ALL:
            view = shown(world, member, sent.ref)
            assert view.row.cut_off == yesterday.cut_off
            assert [[one.withdrawn for one in one.rests_on] for one in view.parts] == [[True, False], [False]]
            assert [one.withdrawn for one in view.parts] == [True, False]
            assert sorted(_cited(world, member, sent.ref)) == [False, True]
            assert await _counted(world, member, second) == 1
            page = await world.nodes[member].desk.reports.page(world.viewer(member), "", 10)
            assert [(row.ref, row.withdrawn) for row in page.items] == [(sent.ref, True)]


async def test_each_audience_reads_its_own_parts_and_no_other_word(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        for_all = await world.send("north", ["east", "south"], "The river is high")
        for_east = await world.send("north", ["east"], SECRET)
        await world.until(lambda: world.holds("east", for_east.ref) and world.holds("south", for_all.ref))
        whole = report(
            part(words(f"It is known that {SECRET}.", heading="The weir", contains=(for_east.ref,))),
            part(words("The river is high.", heading="The river", contains=(for_all.ref,))),
            part(words("The full account.", to=(EAST,)), words("A short account.")),
            to=((EAST,), (SOUTH,), ()),
        )

        to_east, to_south, to_north = looked(world, whole)
        assert (to_east.parts, to_east.wordings) == ((1, 2, 3), (1, 1, 1))
        assert (to_south.parts, to_south.wordings) == ((2, 3), (1, 2))
        assert to_north.text == to_east.text
        head = to_south.text.splitlines()[0]
        assert head == f"CUT-OFF {whole.cut_off:%Y-%m-%d %H:%M}Z"
        assert to_south.text == f"{head}\n\n1. The river\nThe river is high.\n\n2. A short account."
        assert {(one.part, one.wording, one.member, one.reason, one.source) for one in to_south.left_out} == {
            (1, 1, SOUTH, "not-named", for_east.ref),
            (3, 1, SOUTH, "not-named", None),
        }
        assert to_east.left_out == ()

        sent = {one.to: one.ref for one in await publish(world, whole)}
        await world.until(lambda: world.holds("east", sent[EAST,]) and world.holds("south", sent[SOUTH,]))
        assert world.text("east", sent[EAST,]) == to_east.text
        assert world.text("south", sent[SOUTH,]) == to_south.text
        assert not world.holds("south", sent[EAST,])
        assert not world.holds("east", sent[SOUTH,])
        assert not world.holds("east", sent[()])
        assert shown(world, "south", sent[SOUTH,]).parts[0].rests_on[0].ref == for_all.ref
        assert SECRET.encode() not in world.raw("south")
        assert for_east.id.encode() not in world.raw("south")


async def test_a_rendering_is_the_same_item_whether_or_not_there_is_a_part_that_its_reader_may_not_have(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        source = await world.send("north", ["south"], "The river is high")
        secret = await world.send("north", ["east"], SECRET, tlp="AMBER+STRICT")
        node, viewer = world.nodes["north"], world.viewer("north")
        open_part = part(words("The river is high.", heading="The river", cites=(source.ref,)))
        hidden = part(words(SECRET, heading="The weir", tlp="AMBER+STRICT", contains=(secret.ref,)))
        secretly = part(words("In full.", tlp="AMBER+STRICT", cites=(secret.ref,)), *open_part.wordings)
        cut_off = datetime.now(UTC)

        told = []
        for parts in ((open_part,), (hidden, open_part, hidden), (secretly,)):
            whole = structs.replace(report(*parts, to=((SOUTH,),)), cut_off=cut_off)
            (one,) = await publish(world, whole)
            shown = node.show(viewer, one.ref)
            provenance = shown.provenance
            told.append(
                (shown.body, shown.marking, shown.title, provenance.contains, provenance.cites, shown.precedence)
            )

        assert told[0] == told[1] == told[2]


async def test_a_part_goes_to_an_audience_only_if_every_one_of_it_may_have_every_source(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        named = await world.send("north", ["east"], "for east")
        theirs = await world.send("west", ["north"], "from west")
        red = await world.send("north", ["east", "south"], "red", tlp="RED", persons=("north/duty", "east/duty"))
        await world.until(lambda: world.holds("north", theirs.ref))

        def left(to: tuple[MemberId, ...], /, **sources: Any) -> set[tuple[str, str]]:
            (one, *_) = looked(world, report(part(words("x", **sources)), to=(to,)))
            assert (one.parts == ()) == bool(one.left_out)
            assert (one.text == "") == bool(one.left_out)
            return {(why.member, why.reason) for why in one.left_out}

        for how in ("contains", "cites"):
            assert left((EAST,), **{how: (named.ref,)}) == set()
            assert left((EAST, SOUTH), **{how: (named.ref,)}) == {(SOUTH, "not-named")}
            assert left((EAST, SOUTH), **{how: (theirs.ref,)}) == {(EAST, "not-named"), (SOUTH, "not-named")}
            assert left((), **{how: (theirs.ref,)}) == set()
            assert left((EAST,), **{how: (red.ref,)}) == {(EAST, "person-not-named")}
            assert left((), **{how: (red.ref,)}) == {(NORTH, "person-not-named")}
        assert left((EAST, SOUTH), to=(SOUTH,)) == {(EAST, "not-named")}

        await world.fact("west", "grant", theirs.ref, member="east")
        await world.until(lambda: left((EAST,), cites=(theirs.ref,)) == set())
        # A grant of an item lets nobody have what is made of it.
        assert left((EAST,), contains=(theirs.ref,)) == {(EAST, "not-named")}


async def test_what_an_officer_may_not_see_she_reports_nothing_of(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        red = await world.send("north", ["east"], "red", tlp="RED", persons=("north/duty",))
        whole = report(part(words("x", cites=(red.ref,))), to=((EAST,),))

        with pytest.raises(Unavailable, match="unknown-item"):
            looked(world, whole, officer="second")


async def test_what_is_published_is_what_was_looked_at_or_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        source = await world.send("north", ["east"], "The river is high")
        node, viewer = world.nodes["north"], world.viewer("north")
        whole = report(part(words("high", cites=(source.ref,))), part(words("calm")), to=((EAST,), (SOUTH,)))
        seen = node.desk.situations.render(viewer, whole).seen
        await world.fact("north", "grant", source.ref, member="south")
        before = len(world.rows("north"))

        with pytest.raises(Malformed, match="sitrep-changed"):
            await node.desk.situations.publish(viewer, Reported(report=whole, seen=seen), node.handover.publish)
        with pytest.raises(Malformed, match="audiences-overlap"):
            looked(world, structs.replace(whole, audiences=((EAST,), (SOUTH, EAST))))
        with pytest.raises(Malformed, match="audiences-overlap"):
            looked(world, structs.replace(whole, audiences=((), (NORTH,))))
        with pytest.raises(Malformed, match="sitrep-empty"):
            await publish(world, structs.replace(whole, parts=(part(words("x", to=(EAST,))),)))
        ahead = datetime.now(UTC) + timedelta(hours=1)
        with pytest.raises(Malformed, match="still to come"):
            await publish(world, structs.replace(whole, cut_off=ahead))
        with pytest.raises(Malformed, match="unknown-member"):
            looked(world, structs.replace(whole, audiences=((MemberId("nowhere"),),)))

        assert len(world.rows("north")) == before


async def test_a_report_sent_again_under_its_word_goes_once_to_each_audience(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        whole = report(part(words("calm")), to=((EAST,), (SOUTH,)))
        seen = node.desk.situations.render(viewer, whole).seen
        reported = Reported(report=whole, seen=seen, once="w" * 22)

        sent = await node.desk.situations.publish(viewer, reported, node.handover.publish)

        assert await node.desk.situations.publish(viewer, reported, node.handover.publish) == sent
        assert len({one.id for one in sent}) == 2
        assert len(world.rows("north")) == 2


async def test_a_rendering_leads_to_the_others_that_an_officer_may_see_and_to_none_at_another_member(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        kept = await world.send("north", [], "For who is trained", caveats=("PERSONAL",))
        node, viewer = world.nodes["north"], world.viewer("north")
        trained = structs.replace(viewer, trained=frozenset({"PERSONAL"}))
        secret, calm = part(words(SECRET, contains=(kept.ref,))), part(words("calm"))
        whole = report(secret, calm, to=((EAST,), (SOUTH, WEST), ()))
        seen = node.desk.situations.render(trained, whole).seen
        told = Reported(report=whole, seen=seen)
        sent = await node.desk.situations.publish(trained, told, node.handover.publish)
        another = await node.desk.situations.publish(trained, told, node.handover.publish)
        east, south, own = (one.ref for one in sent)
        await world.until(lambda: world.holds("east", east) and world.holds("south", south))

        def others(ref: str, by: Viewer) -> list[tuple[str, tuple[MemberId, ...]]]:
            return [(one.ref, one.to) for one in node.desk.reports.show(by, ref).others]

        assert others(east, trained) == [(south, (SOUTH, WEST)), (own, ())]
        assert others(own, trained) == [(east, (EAST,)), (south, (SOUTH, WEST))]
        assert others(east, viewer) == [(south, (SOUTH, WEST))], "what she may not see is not named"
        with pytest.raises(Unavailable, match="unknown-item"):
            others(own, viewer)
        assert len(others(another[0].ref, trained)) == 2, "said twice, it is two reports"
        assert shown(world, "east", east).others == shown(world, "south", south).others == ()


async def test_what_is_sent_again_after_a_crash_joins_what_went_before_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        whole = report(part(words("calm")), to=((EAST,), (SOUTH,)))
        seen = node.desk.situations.render(viewer, whole).seen
        reported = Reported(report=whole, seen=seen, once="w" * 22)

        async def falls(draft: Draft, by: Viewer, also: Also) -> Published:
            if draft.to == (SOUTH,):
                raise OSError("the node fell")
            return await node.handover.publish(draft, by, also)

        with pytest.raises(OSError, match="fell"):
            await node.desk.situations.publish(viewer, reported, falls)
        east, south = await node.desk.situations.publish(viewer, reported, node.handover.publish)

        assert [one.ref for one in node.desk.reports.show(viewer, east.ref).others] == [south.ref]


async def test_the_list_shows_all_those_of_this_member_and_those_whose_basis_was_withdrawn(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        source = await world.send("north", ["east"], "The river is high")
        await world.until(lambda: world.holds("east", source.ref))
        (firm,) = await publish(world, report(part(words("calm")), to=((EAST,),)))
        (rests,) = await publish(world, report(part(words("high", cites=(source.ref,))), to=((NORTH,),)), "east")
        await world.until(lambda: world.holds("north", rests.ref) and world.holds("east", firm.ref))
        await world.recall("north", source.ref)
        await world.until(lambda: shown(world, "east", rests.ref).row.withdrawn)
        await world.until(lambda: shown(world, "north", rests.ref).row.withdrawn)

        async def listed(member: str, which: Which) -> list[str]:
            page = await world.nodes[member].desk.reports.page(world.viewer(member), "", 10, which)
            return [row.ref for row in page.items]

        for member, own in (("north", firm.ref), ("east", rests.ref)):
            assert sorted(await listed(member, "all")) == sorted((firm.ref, rests.ref))
            assert await listed(member, "mine") == [own]
            assert await listed(member, "withdrawn") == [rests.ref]


async def test_a_rendering_has_the_strictest_label_of_its_own_parts_and_of_what_they_contain(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        source = await world.send("north", ["east"], "x", tlp="AMBER+STRICT")
        parts = (part(words("a", tlp="GREEN")), part(words("b", tlp="CLEAR", contains=(source.ref,))))

        one, other = looked(world, report(*parts, to=((EAST,), (SOUTH,))))

        assert (one.tlp, other.tlp) == ("AMBER+STRICT", "GREEN")


async def test_a_report_that_contains_a_recalled_source_goes_with_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=DAY) as world:
        source = await world.send("north", ["east"], "The river is high")
        (sent,) = await publish(world, report(part(words("high", contains=(source.ref,))), to=((EAST,),)))
        await world.until(lambda: world.holds("east", sent.ref))

        await world.recall("north", source.ref)

        await world.until(lambda: not world.holds("east", sent.ref) and not world.holds("north", sent.ref))


async def _reported(world: World, member: str, root: str) -> str:
    event = {"what": "rockets fell", "how": "PUBLISHED", "polarity": "ASSERTS", "reliability": "C", "credibility": 3}
    others = [one for one in ALL if one != member]
    form = {"events": [{**event, "roots": [root]}]}
    sent = await world.send(member, others, "Rockets, an outlet says", kind="report", form=form)
    await _everywhere(world, sent.ref)
    return sent.ref


async def _everywhere(world: World, *refs: str) -> None:
    await world.until(lambda: all(world.holds(m, ref) for m in ALL for ref in refs), 60)


async def _counted(world: World, member: str, ref: str) -> int:
    (event,) = (await world.nodes[member].desk.matters.of(world.viewer(member), ref)).events
    return event.at_most


def _cited(world: World, member: str, ref: str) -> list[bool]:
    return [basis.withdrawn for basis in world.nodes[member].show(world.viewer(member), ref).provenance.cites]
