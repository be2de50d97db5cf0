"""An attack that four members see differently: what each knows, how it is counted, and what is never concluded."""

from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, ItemId, MemberId
from quartet.core.proof.export import verify_proof
from quartet.node.conversation import Say
from quartet.node.desk.incidentviews import Cell, IncidentView, QuestionView, Ratings
from quartet.node.desk.matterviews import MatterPage, Sources

pytestmark = pytest.mark.anyio

ALL = ("north", "east", "south", "west")
EAST, NORTH, SOUTH, WEST = (MemberId(m) for m in ("east", "north", "south", "west"))


def others(member: str) -> list[str]:
    return [one for one in ALL if one != member]


async def reported(world: World, member: str, root: str, title: str, **event: Any) -> str:
    """Have a member report eight rockets as an outlet has it."""
    told = {
        "what": "rockets fell on the harbour",
        "how": "PUBLISHED",
        "polarity": "ASSERTS",
        "reliability": "C",
        "credibility": 3,
        "counts": [{"of": "rockets", "least": 8, "most": 8}],
        "roots": [root],
        **event,
    }
    sent = await world.send(member, others(member), title, title=title, form={"events": [told]}, kind="report")
    await everywhere(world, sent.ref)
    return sent.ref


async def everywhere(world: World, *refs: str) -> None:
    await world.until(lambda: all(world.holds(m, ref) for m in ALL for ref in refs), 60)


async def say(world: World, member: str, ref: str, kind: str, form: dict[str, Any], text: str = "") -> str:
    said = await world.about(member, ref, kind, form, text=text)
    await everywhere(world, said.ref)
    return said.ref


def shown(world: World, member: str, ref: str) -> IncidentView:
    return world.nodes[member].desk.incidents.show(world.viewer(member), ref)


def rung(world: World, member: str, ref: str, name: str) -> QuestionView:
    return next(q for q in shown(world, member, ref).questions if q.rung == name)


async def sources(world: World, member: str, ref: str) -> MatterPage:
    return await world.nodes[member].desk.matters.of(world.viewer(member), ref)


async def root_of(world: World, member: str, name: str) -> str:
    node, viewer = world.nodes[member], world.viewer(member)
    (root,) = await node.desk.matters.blinded(viewer, Sources(circle="all", names=(name,)), node.publish)
    return root


async def test_an_attack_is_counted_by_who_knew_it_first_and_judged_by_nobody_but_the_members(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        outlet = "A" * 43
        first = await reported(world, "north", outlet, "Eight rockets, an outlet says")
        relays = [await reported(world, m, outlet, f"Eight rockets, {m} hears") for m in ("east", "south", "west")]

        # One outlet, relayed by three, is one root at most, whoever says it.
        places = [{"report": ref, "number": 0} for ref in (first, *relays)]
        await say(world, "east", first, "same-as", {"events": places})
        for member in ALL:
            (event,) = (await sources(world, member, first)).events
            assert (event.at_most, event.confirmed, event.credibility) == (1, False, 3)
            assert {one.member for one in event.same} == {EAST, SOUTH, WEST}
        (relayed,) = (await sources(world, "west", relays[2])).events
        assert relayed.circular

        # The file: what was, what shows it, and the first two rungs.
        now = world.now("north")
        sent = await world.send(
            "north",
            others("north"),
            "What is known of the evening",
            title="Explosions at the harbour",
            kind="incident",
            form={"since": now - 3600 * SECOND, "until": now, "area": "the harbour"},
        )
        incident = sent.ref
        await everywhere(world, incident)
        form = {"incident": incident, "thing": "PHOTO", "how": "CAMERA", "collector": "tower 2"}
        photo = await say(world, "south", incident, "evidence", form, "A fragment in the basin")
        event_rung = await say(world, "north", incident, "question", {"incident": incident, "rung": "EVENT"})
        type_rung = await say(world, "north", incident, "question", {"incident": incident, "rung": "OBJECT_TYPE"})
        was = await say(
            world, "north", event_rung, "hypothesis", _hypothesis(event_rung, "EVENT", "An attack from the air")
        )
        rockets = await say(world, "north", type_rung, "hypothesis", _hypothesis(type_rung, "OBJECT_TYPE", "Rockets"))

        # All agree that something was; two members assess what it was differently, and one dissents from a finding.
        judged = {
            m: await say(world, m, event_rung, "assessment", _assessment(event_rung, was, 7, [first, photo]))
            for m in ("north", "east")
        }
        finding = await say(
            world, "north", event_rung, "finding", _finding(event_rung, was, "north", "east"), "It was."
        )
        for member, own in judged.items():
            await say(world, member, finding, "concurrence", {"finding": finding, "assessment": own})
        for member in ALL:
            assert rung(world, member, incident, "EVENT").stand == "FOUND"
            assert shown(world, member, incident).row.facts
            (agreed,) = rung(world, member, incident, "EVENT").findings
            assert agreed.roots_at_most == 1  # of the report, which names no incident
            (judged_so,) = rung(world, member, incident, "EVENT").assessments[NORTH]
            assert judged_so.evidence == (first, photo)
            assert shown(world, member, incident).withdrawn == ()
        likely = await say(world, "north", type_rung, "assessment", _assessment(type_rung, rockets, 6, [photo]))
        unlikely = await say(world, "west", type_rung, "assessment", _assessment(type_rung, rockets, 2, [first]))
        text = "Rockets, by the fragment"
        named = await say(world, "north", type_rung, "finding", _finding(type_rung, rockets, "north", "west"), text)
        await say(world, "north", named, "concurrence", {"finding": named, "assessment": likely})
        dissent = await say(world, "west", named, "dissent", {"finding": named, "text": "one fragment shows nothing"})
        for member in ALL:
            question = rung(world, member, incident, "OBJECT_TYPE")
            assert question.stand == "DIFFER"
            assert {m: [a.likelihood for a in own] for m, own in question.assessments.items()} == {
                NORTH: [6],
                WEST: [2],
            }
            (found,) = question.findings
            assert (found.stands, [d.text for d in found.dissents]) == (False, ["one fragment shows nothing"])
            assert [h.other for h in question.hypotheses] == [False, True]
        assert unlikely

        # An outsider checks with the charter and files alone what was found, and who dissents; no file holds an origin.
        for ref, author in ((incident, "north"), (finding, "north"), (named, "north"), (dissent, "west")):
            await world.until(lambda ref=ref: world.proven("south", ref), 60)  # type: ignore[misc]
            proof = await world.nodes["south"].copies.export(world.viewer("south"), ref)
            told = verify_proof(proof, world.charter_bytes())
            assert (told.author, told.item) == (author, world.nodes["south"].show(world.viewer("south"), ref).id)
        origin_rung = await say(world, "east", incident, "question", {"incident": incident, "rung": "PLACE_OF_ORIGIN"})
        with pytest.raises(Untrusted, match="origin-stays"):
            await world.nodes["south"].copies.export(world.viewer("south"), origin_rung)

        # The outlet's report is taken back: what rested on it is reopened, and every rung above.
        await world.recall("north", first)
        await world.until(lambda: {rung(world, m, incident, "EVENT").stand for m in ALL} == {"REOPENED"}, 60)
        for member in ALL:
            (judged_so,) = rung(world, member, incident, "EVENT").assessments[NORTH]
            assert shown(world, member, incident).withdrawn == judged_so.evidence[:1]
        await world.until(lambda: {shown(world, m, incident).row.reopened for m in ALL} == {1}, 60)


async def test_an_origin_is_a_sector_in_words_and_leaves_by_no_door(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        incident, place = await origin(world)
        for text in ("33.89N 35.50E", "grid 36S YC 3412 8876", "3353N 03530E"):
            with pytest.raises(Malformed, match="origin-has-coordinates"):
                await world.about("north", place, "hypothesis", _hypothesis(place, "PLACE_OF_ORIGIN", text))
        sector = await say(
            world, "north", place, "hypothesis", _hypothesis(place, "PLACE_OF_ORIGIN", "the sector north of the river")
        )
        judged = await say(world, "east", place, "assessment", _assessment(place, sector, 5, []))
        finding = await say(world, "north", place, "finding", _finding(place, sector, "north", "east"), "the sector")
        await world.until(lambda: all(world.on_record("north", ref, 2) for ref in (sector, finding)), 60)

        viewer, node = world.viewer("east"), world.nodes["east"]
        beside = (await node.talking.say(viewer, sector, Say("between the river and the road"))).ref
        carries = (await world.send("east", others("east"), "As north has it", contains=(sector,))).ref
        await everywhere(world, beside, carries)
        await world.until(lambda: all(world.on_record("east", ref, 2) for ref in (beside, carries)), 60)

        for ref in (sector, judged, finding, beside, carries):
            for member in ALL:
                assert world.nodes[member].show(world.viewer(member), ref).stays == "origin-stays"
                with pytest.raises(Untrusted, match="origin-stays"):
                    await world.nodes[member].copies.export(world.viewer(member), ref)
        assert world.nodes["north"].show(world.viewer("north"), incident).stays is None
        await world.until(lambda: world.proven("north", incident), 60)
        assert await world.nodes["north"].copies.export(world.viewer("north"), incident)


async def test_ratings_are_made_apart_and_read_together(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        incident, place = await origin(world, "EVENT")
        one = await say(world, "north", place, "hypothesis", _hypothesis(place, "EVENT", "a"))
        other = await say(world, "north", place, "hypothesis", _hypothesis(place, "EVENT", "b"))
        seen = await reported(world, "south", "E" * 43, "Seen")
        for member, marks in (("north", ("I", "C")), ("east", ("II", "N"))):
            cells = tuple(Cell(evidence=seen, hypothesis=h, mark=m) for h, m in zip((one, other), marks, strict=True))  # type: ignore[arg-type]
            node, viewer = world.nodes[member], world.viewer(member)
            sent = await node.publish(await node.desk.ratings.seal(viewer, place, Ratings(cells=cells)), viewer)
            await everywhere(world, sent.ref)
            with pytest.raises(Malformed, match="rated-already"):
                await node.desk.ratings.seal(viewer, place, Ratings(cells=cells))
        await world.until(lambda: rung(world, "west", incident, "EVENT").ratings.sealed == (EAST, NORTH), 60)
        node = world.nodes["north"]
        await node.publish(node.desk.ratings.show(world.viewer("north"), place), world.viewer("north"))
        await world.until(lambda: rung(world, "west", incident, "EVENT").ratings.waiting == (EAST,), 60)
        assert rung(world, "west", incident, "EVENT").ratings.table == {}
        node = world.nodes["east"]
        await node.publish(node.desk.ratings.show(world.viewer("east"), place), world.viewer("east"))
        await world.until(lambda: rung(world, "west", incident, "EVENT").ratings.waiting == (), 60)

        ratings = rung(world, "west", incident, "EVENT").ratings
        ids = {h.ref: h.id for h in rung(world, "west", incident, "EVENT").hypotheses}
        assert ratings.against == {EAST: {ids[one]: 2, ids[other]: 0}, NORTH: {ids[one]: 1, ids[other]: 0}}
        assert len(ratings.decisive[EAST]) == len(ratings.decisive[NORTH]) == 1


async def test_whose_seal_an_officer_may_not_see_is_told_to_her_by_no_refusal(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        _, place = await origin(world, "EVENT")
        one = await say(world, "north", place, "hypothesis", _hypothesis(place, "EVENT", "a"))
        cells = (Cell(evidence=ItemId(one), hypothesis=ItemId(one), mark="C"),)
        node, form = world.nodes["north"], {"question": place, "seal": "A" * 43}
        marking: dict[str, Any] = {"tlp": "RED", "persons": ("north/duty",)}
        await world.send("north", [], "x", kind="rating-seal", form=form, **marking)
        with pytest.raises(Malformed, match="rated-already"):
            await node.desk.ratings.seal(world.viewer("north"), place, Ratings(cells=cells))

        assert await node.desk.ratings.seal(world.viewer("north", "second"), place, Ratings(cells=cells))
        with pytest.raises(Malformed, match="not-rated"):
            node.desk.ratings.show(world.viewer("north", "second"), place)


async def test_a_source_has_one_blinded_name_in_a_circle_whoever_names_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        mine = await root_of(world, "north", "The  Harbour Gazette")
        await world.until(lambda: any(row.kind == "circle-key" for row in world.rows("east")))

        assert await root_of(world, "east", "the harbour GAZETTE") == mine
        assert await root_of(world, "east", "another") != mine
        node = world.nodes["north"]
        with pytest.raises(Malformed, match="unknown-circle"):
            await node.desk.matters.blinded(world.viewer("north"), Sources(circle="none", names=("x",)), node.publish)


async def origin(world: World, of: str = "PLACE_OF_ORIGIN") -> tuple[str, str]:
    now = world.now("north")
    form = {"since": now - 60 * SECOND, "until": now, "area": "the harbour"}
    sent = await world.send("north", others("north"), "x", title="Explosions", kind="incident", form=form)
    await everywhere(world, sent.ref)
    return sent.ref, await say(world, "north", sent.ref, "question", {"incident": sent.ref, "rung": of})


def _hypothesis(question: str, of: str, text: str) -> dict[str, Any]:
    return {"question": question, "rung": of, "text": text}


def _assessment(question: str, hypothesis: str, likelihood: int, evidence: list[str]) -> dict[str, Any]:
    return {
        "question": question,
        "hypothesis": hypothesis,
        "likelihood": likelihood,
        "confidence": "MODERATE",
        "evidence": evidence,
    }


def _finding(question: str, hypothesis: str, *members: str) -> dict[str, Any]:
    return {"question": question, "hypothesis": hypothesis, "members": list(members)}


async def test_what_rests_on_a_source_that_was_taken_back_says_so_and_its_roots_are_counted_anew(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        first = await reported(world, "north", "A" * 43, "One outlet")
        second = await reported(world, "east", "E" * 43, "Another outlet")
        places = [{"report": ref, "number": 0} for ref in (first, second)]
        await say(world, "west", second, "same-as", {"events": places})
        situation = await world.send("south", others("south"), "Two outlets report it", cites=(first, second))
        await everywhere(world, situation.ref)
        for member in ALL:
            assert (await sources(world, member, second)).events[0].at_most == 2
            assert _withdrawn(world, member, situation.ref) == [False, False]

        await world.recall("north", first)
        await world.until(lambda: all(_withdrawn(world, m, situation.ref) == [True, False] for m in ALL), 60)

        for member in ALL:
            assert (await sources(world, member, second)).events[0].at_most == 1


def _withdrawn(world: World, member: str, ref: str) -> list[bool]:
    return [basis.withdrawn for basis in world.nodes[member].show(world.viewer(member), ref).provenance.cites]


async def test_a_dissent_is_for_good_its_author_takes_it_back_and_the_finding_stands_no_more_for_that(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        incident, question = await origin(world, "EVENT")
        was = await say(world, "north", question, "hypothesis", _hypothesis(question, "EVENT", "A detonation"))
        judged = {
            m: await say(world, m, question, "assessment", _assessment(question, was, 6, [])) for m in ("north", "east")
        }
        finding = await say(world, "north", question, "finding", _finding(question, was, "north", "east"), "It was.")
        dissent = await say(world, "east", finding, "dissent", {"finding": finding, "text": "too early"})
        await world.recall("east", dissent)
        for member, own in judged.items():
            await say(world, member, finding, "concurrence", {"finding": finding, "assessment": own})

        for member in ALL:
            (found,) = rung(world, member, incident, "EVENT").findings
            assert ([one.text for one in found.dissents], found.stands) == (["too early"], False)
