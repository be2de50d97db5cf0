"""Handovers over the wire, and what members state of one aircraft: side by side, and to whom they say."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from identified import heard, know
from world import World, exchange

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk.identification import UNANSWERED, Aircraft, Identification
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import Answering, IdentityView, Offering, OfferView, Stating
from quartet.node.statusviews import Alarm
from quartet.node.views import FeedDraft, Published, moment

pytestmark = pytest.mark.anyio
CRAFT = "4b1805"


async def sees(world: World, member: str, *to: str, lon: float = 7.0, title: str = "Air") -> None:
    """Let a member's sensor see an aircraft that flies east towards the boundary."""
    node, viewer = world.nodes[member], world.viewer(member)
    know(node)
    feed = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=tuple(map(MemberId, to)), title=title))
    await world.until(lambda: all(world.holds(other, feed.ref) for other in to))
    verified = node.holdings.verified(ItemId(feed.id))
    assert verified is not None
    node.frames.take(verified, [heard(world.now(member), CRAFT, 47.0, lon, callsign="SWR12A")])
    await world.until(lambda: CRAFT in aircraft(world, member))


def aircraft(world: World, member: str) -> dict[str, IdentityView]:
    return {one.key: one for one in world.nodes[member].identity.page(world.viewer(member)).aircraft}


def offers(world: World, member: str) -> dict[str, OfferView]:
    return {one.ref: one for one in world.nodes[member].identity.page(world.viewer(member)).offers}


def unanswered_offers(world: World, member: str) -> list[str]:
    return [one.ref for one in world.nodes[member].identity.unanswered(world.viewer(member))]


async def offered(world: World, **more: Any) -> Published:
    node, viewer = world.nodes["north"], world.viewer("north")
    asked = Offering(aircraft=CRAFT, to=MemberId("east"), tlp="AMBER", **more)
    sent = await node.publish(node.identity.saying.offer(viewer, asked), viewer)
    await world.until(lambda: sent.ref in offers(world, "east"))
    return sent


async def answered(world: World, ref: str, word: Any, text: str = "") -> Published:
    node, viewer = world.nodes["east"], world.viewer("east")
    draft = node.identity.saying.answer(viewer, ref, Answering(word=word, text=text))
    return await node.publish(draft, viewer)


async def states(world: World, member: str, **more: Any) -> Published:
    node, viewer = world.nodes[member], world.viewer(member)
    draft = node.identity.saying.state(viewer, Stating(aircraft=CRAFT, tlp="AMBER", **more))
    return await node.publish(draft, viewer)


async def test_who_accepts_a_handover_states_it_in_its_own_name_and_cites_the_offer(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        await sees(world, "north")
        await sees(world, "east")
        offer = await offered(world)
        there = offers(world, "east")[offer.ref]

        accepted = await answered(world, offer.ref, "ACCEPT")
        await world.until(lambda: offers(world, "north")[offer.ref].stage == "ACCEPTED")
        await world.until(lambda: "HANDOVER" in aircraft(world, "east")[CRAFT].bases)

        here = offers(world, "north")[offer.ref]
        (statement,) = aircraft(world, "north")[CRAFT].statements
        assert (there.member, there.to, there.mine, there.boundary, there.stage) == (
            "north",
            "east",
            True,
            "EAST",
            "OPEN",
        )
        assert 0 < (there.crosses_at - there.at).total_seconds() <= 600
        assert (here.mine, here.accepted) == (False, accepted.ref)
        assert (statement.member, statement.accepts, "HANDOVER" in statement.bases) == ("east", offer.ref, True)
        held = world.nodes["north"].holdings.verified(ItemId(accepted.id))
        assert held is not None
        assert [cite.item for cite in held.statement.cites] == [offer.id]
        assert aircraft(world, "west") == {}
        assert not world.holds("west", offer.ref)
        assert not world.holds("west", accepted.ref)


async def test_a_question_and_a_refusal_are_told_to_who_offers(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        offer = await offered(world)

        await answered(world, offer.ref, "ASK", "Which level?")
        await world.until(lambda: offers(world, "north")[offer.ref].stage == "ASKED")
        await answered(world, offer.ref, "REJECT", "Not before 12:00")
        await world.until(lambda: offers(world, "north")[offer.ref].stage == "REJECTED")

        words = [(one.word, one.text) for one in offers(world, "north")[offer.ref].answers]
        assert words == [("ASK", "Which level?"), ("REJECT", "Not before 12:00")]
        node, viewer = world.nodes["north"], world.viewer("north")
        with pytest.raises(Malformed, match="not-offered"):
            node.identity.saying.answer(viewer, offer.ref, Answering(word="ACCEPT"))


async def test_an_offer_that_nobody_answers_alarms_both_desks_two_minutes_before_the_boundary(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        crosses = moment(Micros(world.now("north") + UNANSWERED + 40 * SECOND))
        offer = await offered(world, boundary="EAST", crosses_at=crosses)
        before = world.alarms("north"), world.alarms("east")

        world.later(45)
        await world.until(lambda: "handover-unanswered" in world.alarms("north") & world.alarms("east"))
        assert offers(world, "east")[offer.ref].stage == "UNANSWERED"
        told = [
            one
            for one in world.nodes["east"].status(world.viewer("east")).alarms
            if one.reason == "handover-unanswered"
        ]
        assert [offer.ref in one.detail for one in told] == [True]
        assert [unanswered_offers(world, name) for name in ("north", "east")] == [[offer.ref], [offer.ref]]
        await answered(world, offer.ref, "ACCEPT")
        await world.until(lambda: "handover-unanswered" not in world.alarms("north") | world.alarms("east"))

        assert all("handover-unanswered" not in alarms for alarms in before)
        assert [unanswered_offers(world, name) for name in ("north", "east")] == [[], []]


async def test_a_handover_that_waits_in_time_is_listed_as_unanswered_to_nobody(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        crosses = moment(Micros(world.now("north") + UNANSWERED + 40 * SECOND))
        await offered(world, boundary="EAST", crosses_at=crosses)

        assert [unanswered_offers(world, name) for name in ("north", "east")] == [[], []]


async def test_the_alarm_of_unanswered_offers_names_those_that_are_late_now_and_says_exercise_of_a_drill(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        late = Micros(world.now("north") + UNANSWERED)
        soon, after = moment(Micros(late + 20 * SECOND)), moment(Micros(late + 60 * SECOND))
        drill = await offering(world, boundary="EAST", crosses_at=soon, caveats=("EXERCISE",))
        real = await offering(world, boundary="EAST", crosses_at=after)
        both = [(drill.ref, f"{drill.ref} (EXERCISE)"), (real.ref, real.ref)]

        world.later(30)
        await world.until(lambda: named(world, drill.ref, real.ref) == [[drill.ref]] * 2)
        world.later(40)
        await world.until(lambda: named(world, drill.ref, real.ref) == [[real.ref, drill.ref]] * 2)
        assert all(text in one.detail for one in unanswered(world) for _, text in both)
        assert [f"{real.ref} (EXERCISE)" in one.detail for one in unanswered(world)] == [False, False]
        node, duty = world.nodes["east"], trained(world, "east")
        await node.publish(node.identity.saying.answer(duty, drill.ref, Answering(word="ACCEPT")), duty)

        await world.until(lambda: named(world, drill.ref, real.ref) == [[real.ref]] * 2)
        assert {one.at for one in unanswered(world)} == {moment(Micros(late + 60 * SECOND - UNANSWERED))}


def trained(world: World, member: str) -> Viewer:
    return msgspec.structs.replace(world.viewer(member), trained=frozenset({"EXERCISE"}))


async def offering(world: World, **more: Any) -> Published:
    node, viewer = world.nodes["north"], trained(world, "north")
    await world.until(lambda: CRAFT in {one.key for one in node.identity.page(viewer).aircraft})
    asked = Offering(aircraft=CRAFT, to=MemberId("east"), tlp="AMBER", **more)
    sent = await node.publish(node.identity.saying.offer(viewer, asked), viewer)
    await world.until(lambda: world.nodes["east"].holdings.store.reader.by_ref(sent.ref))
    return sent


def unanswered(world: World) -> list[Alarm]:
    seen = (world.nodes[member].status(trained(world, member)) for member in ("north", "east"))
    return [one for status in seen for one in status.alarms if one.reason == "handover-unanswered"]


def named(world: World, *refs: str) -> list[list[str]]:
    """Return which offers the alarm names at each member, in the order in which it names them."""
    told = [one.detail for one in unanswered(world)]
    return [sorted((ref for ref in refs if ref in text), key=text.index) for text in told]


async def test_members_statements_of_one_aircraft_stand_side_by_side(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        await sees(world, "east")
        know(world.nodes["north"], x4b1805=Registered("HBJDA", own=False))
        await world.until(lambda: "ADDRESS" in aircraft(world, "north")[CRAFT].bases)

        await states(world, "north", category="IDENTIFIED_CIVIL", control=True, to=(MemberId("east"),))
        await states(world, "east", category="UNIDENTIFIED", reason="No plan here", to=(MemberId("north"),))
        await world.until(lambda: all(len(aircraft(world, m)[CRAFT].statements) == 2 for m in ("north", "east")))

        said = {
            one.member: (one.category, one.control, one.reason) for one in aircraft(world, "east")[CRAFT].statements
        }
        assert said == {"north": ("IDENTIFIED_CIVIL", True, ""), "east": ("UNIDENTIFIED", False, "No plan here")}
        await world.until(lambda: aircraft(world, "east")[CRAFT].category == "UNIDENTIFIED")
        await world.until(lambda: "ATC" in aircraft(world, "north")[CRAFT].bases)
        assert aircraft(world, "north")[CRAFT].category == "IDENTIFIED_CIVIL"
        assert "ATC" not in aircraft(world, "east")[CRAFT].bases


async def test_a_word_that_is_none_of_ours_is_told_as_otherwise_and_repeated_nowhere(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")
        await sees(world, "east")
        node, viewer = world.nodes["north"], world.viewer("north")
        draft = node.identity.saying.state(viewer, Stating(aircraft=CRAFT, tlp="AMBER", to=(MemberId("east"),)))
        form = Identification(
            aircraft=Aircraft(CRAFT), category="SUSPECT", valid_to=Micros(viewer_time(world)), reason="x"
        )

        with pytest.raises(Malformed, match="bad-form"):
            await node.publish(msgspec.structs.replace(draft, form=msgspec.to_builtins(form)), viewer)
        await node.publisher.by_node(msgspec.structs.replace(draft, title="SUSPECT"), form)
        await world.until(lambda: aircraft(world, "east")[CRAFT].statements)

        (said,) = aircraft(world, "east")[CRAFT].statements
        assert (said.member, said.otherwise, said.category, said.reason) == ("north", True, None, "")
        again = world.nodes["east"].identity.saying.state(world.viewer("east"), Stating(aircraft=CRAFT, tlp="AMBER"))
        assert "SUSPECT" not in repr(again)


def viewer_time(world: World) -> int:
    return world.now("north") + 3_600 * SECOND


async def test_without_a_reason_nobody_says_otherwise_than_the_bases_nor_by_control(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await sees(world, "north")

        with pytest.raises(Malformed, match="no-reason"):
            await states(world, "north", category="IDENTIFIED_STATE")
        with pytest.raises(Malformed, match="no-reason"):  # control is one basis of the two that it takes
            await states(world, "north", category="IDENTIFIED_CIVIL", control=True)
        await states(world, "north", category="IDENTIFIED_STATE", reason="Seen from the tower")
        await world.until(lambda: aircraft(world, "north")[CRAFT].category == "IDENTIFIED_STATE")

        assert "PERSON" in aircraft(world, "north")[CRAFT].bases


async def test_what_only_another_members_sensors_see_goes_to_nobody_whom_that_member_has_not_admitted(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        know(world.nodes["east"])
        await sees(world, "north", "east")
        await world.until(lambda: CRAFT in aircraft(world, "east"))

        sent = await states(
            world, "east", category="UNIDENTIFIED", reason="Nobody knows", to=(MemberId("west"), MemberId("north"))
        )
        await world.until(lambda: world.holds("north", sent.ref))

        assert not world.holds("west", sent.ref)
        assert world.nodes["east"].why(world.viewer("east"), sent.ref, "west").has is False
