"""What members and officers try at the desk, and what every node makes of it."""

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from proposing import ALL, HOUR, position, propose, short_days, shown, timely
from world import CHAIR, World, exchange

from quartet.core.articles import ActPayload, Changes, Circle
from quartet.core.charter import propose as propose_act
from quartet.core.charter import sign_act
from quartet.core.encoding import b64, unb64
from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.desk.request import Reply
from quartet.node.desk.matterviews import Sources
from quartet.node.desk.speech import Speech
from quartet.node.office import open_offline

pytestmark = pytest.mark.anyio
__all__ = ["short_days"]

A, B = "A" * 43, "E" * 43


def others(member: str) -> list[str]:
    return [one for one in ALL if one != member]


async def everywhere(world: World, *refs: str) -> None:
    await world.until(lambda: all(world.holds(m, ref) for m in world.nodes for ref in refs), 60)


async def say(world: World, member: str, ref: str, kind: str, form: dict[str, Any], text: str = "x") -> str:
    said = await world.about(member, ref, kind, form, text=text)
    await everywhere(world, said.ref)
    return said.ref


async def question(world: World, rung: str) -> tuple[str, str]:
    now = world.now("north")
    form = {"since": now - 60 * SECOND, "until": now, "area": "the harbour"}
    sent = await world.send("north", others("north"), "x", title="Explosions", kind="incident", form=form)
    await everywhere(world, sent.ref)
    return sent.ref, await say(world, "north", sent.ref, "question", {"incident": sent.ref, "rung": rung})


# -- asserting


async def test_what_is_handed_in_twice_at_once_goes_once_and_both_are_told_of_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["north"], world.viewer("north")
        speech = Speech(kind="position", form={"version": ref, "stance": "CONCUR"})
        prepared = node.asserting.prepare(node.desk.speaking.draft(viewer, ref, speech), viewer)
        asserted = world.asserted("north", "duty", prepared.id)

        told = await asyncio.gather(*(node.commit(prepared, asserted) for _ in range(4)))

        assert {one.id for one in told} == {prepared.id}
        held = node.holdings.verified(prepared.id)
        assert held is not None
        assert held.own is not None
        assert [c for c, own in world.stores["north"].reader.controls_of(prepared.id) if own] == [held.own.id]
        await everywhere(world, told[0].ref)


async def test_what_was_prepared_for_one_is_asserted_by_no_other_nor_with_a_byte_changed(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["north"], world.viewer("north")
        speech = Speech(kind="position", form={"version": ref, "stance": "CONCUR"})
        prepared = node.asserting.prepare(node.desk.speaking.draft(viewer, ref, speech), viewer)
        changed = unb64(prepared.statement).replace(b'"CONCUR"', b'"OBJECT"')

        for officer in ("second", CHAIR.name):
            with pytest.raises(Untrusted):
                await node.commit(prepared, world.asserted("north", officer, prepared.id))
        with pytest.raises(Fault):
            await node.commit(
                msgspec.structs.replace(prepared, statement=b64(changed)), world.asserted("north", "duty", prepared.id)
            )
        assert [s.stance for s in shown(world, "north", ref).stands] == [None, None, None]


async def test_what_was_prepared_before_a_restart_is_asserted_no_more(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["north"], world.viewer("north")
        speech = Speech(kind="position", form={"version": ref, "stance": "CONCUR"})
        prepared = node.asserting.prepare(node.desk.speaking.draft(viewer, ref, speech), viewer)
        await world.stop("north")
        node = world.start("north")

        with pytest.raises(Untrusted, match="not-prepared"):
            await node.commit(prepared, world.asserted("north", "duty", prepared.id))


async def test_what_was_said_of_a_matter_is_read_once_however_often_a_page_looks_at_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, start=False) as world:
        sent = await world.send("north", [], "?", kind="request", form={"asked": ["north"]})
        await world.about("north", sent.ref, "reply", {"request": sent.ref, "word": "PARTIAL"}, to=())
        sayings = world.nodes["north"].desk.sayings

        about = sayings.about(sent.id, world.viewer("north"), world.now("north"))

        assert len(about.said(Reply)) == 1
        assert about.said(Reply) is about.said(Reply)


# -- a place of origin


async def test_an_origin_leaves_by_no_door_under_the_word_of_another_rung(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        incident, place = await question(world, "PLACE_OF_ORIGIN")
        lies = {"question": place, "rung": "EVENT", "text": "from 33.89N 35.50E"}
        sector = await say(world, "east", place, "hypothesis", lies)
        rejected = await say(world, "north", sector, "rejection", {"hypothesis": sector, "text": "not 33.89N 35.50E"})
        await world.until(lambda: all(world.on_record("east", ref, 1) for ref in (sector, rejected)), 60)

        for member in ALL:
            for ref in (sector, rejected):
                with pytest.raises(Untrusted, match="origin-stays"):
                    await world.nodes[member].copies.export(world.viewer(member), ref)
            view = world.nodes[member].desk.incidents.show(world.viewer(member), incident)
            assert [h.text for q in view.questions for h in q.hypotheses] == [""]


async def test_what_is_said_of_an_origin_stays_once_its_question_is_gone(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        _, place = await question(world, "PLACE_OF_ORIGIN")
        form = {"question": place, "rung": "PLACE_OF_ORIGIN", "text": "the sector north of the river"}
        sector = await say(world, "north", place, "hypothesis", form)
        found = {"question": place, "hypothesis": sector, "members": ["east", "north"]}
        finding = await say(world, "north", place, "finding", found, "from north of the river")
        await world.until(lambda: world.on_record("north", finding, 1), 60)
        for ref in (place, sector):
            await world.recall("north", ref)
            item = world.nodes["north"].seeing.about(ref, world.viewer("north"), world.now("north"))
            await world.nodes["north"].recalls.destroy(item, None, lambda: True)

        with pytest.raises(Untrusted, match="origin-stays"):
            await world.nodes["north"].copies.export(world.viewer("north"), finding)


async def test_who_carries_a_report_into_an_origin_keeps_nobody_from_taking_the_report_out(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        _, place = await question(world, "PLACE_OF_ORIGIN")
        report = await world.send("north", others("north"), "one outlet has it")
        await everywhere(world, report.ref)
        situation = await world.send("south", others("south"), "as north has it", contains=(report.ref,))
        form = {"question": place, "rung": "PLACE_OF_ORIGIN", "text": "the sector north of the river"}
        more: dict[str, Any] = {"kind": "hypothesis", "form": form, "contains": (report.ref,)}
        sector = await world.send("east", others("east"), "x", **more)
        await everywhere(world, situation.ref, sector.ref)
        both = (situation.ref, report.ref)
        await world.until(lambda: all(world.proven("south", ref) for ref in both), 60)

        for ref in both:
            assert await world.nodes["south"].copies.export(world.viewer("south"), ref)


# -- the chair


async def test_what_a_chair_extended_stays_so_whatever_is_said_in_floods_afterwards(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        until = int(shown(world, "east", ref).row.decide_by.timestamp() * SECOND) + HOUR
        await world.presides("north", "EXTEND", about=ref, until=until)
        await world.until(
            lambda: all(shown(world, m, ref).row.decide_by.timestamp() * SECOND == until for m in ALL), 60
        )
        for n in range(210):
            await world.send("east", [], str(n), kind="procedure", form={"act": "PRESENT"})
        last = await world.presides("east", "PRESENT")
        await world.until(lambda: world.stores["east"].reader.row(last.id) is not None, 60)

        assert shown(world, "east", ref).row.decide_by.timestamp() * SECOND == until
        log = world.nodes["east"].desk.chairs.show(world.viewer("east")).log
        assert [one.act for one in log] == ["PRESENT", "EXTEND"]
        await world.stop("east")
        world.start("east")
        assert shown(world, "east", ref).row.decide_by.timestamp() * SECOND == until


async def test_nobody_takes_the_chair_of_yesterday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        until = int(shown(world, "east", ref).row.decide_by.timestamp() * SECOND) + HOUR
        await world.presides("north", "EXTEND", about=ref, until=until)
        await world.until(
            lambda: all(shown(world, m, ref).row.decide_by.timestamp() * SECOND == until for m in ALL), 60
        )
        node = world.nodes["east"]
        early = Micros(world.now("east") - 3000 * SECOND)
        monkeypatch.setattr(node._parts.clock, "dated", lambda now: early)
        taken = await world.presides("east", "TAKE")
        monkeypatch.undo()
        await everywhere(world, taken.ref)
        chairs = [world.nodes[m].desk.chairs for m in ALL]
        await world.until(
            lambda: all(
                said.timely is not None
                for chair, m in zip(chairs, ALL, strict=True)
                for said in chair.procedures(world.viewer(m), world.now(m))
            ),
            60,
        )

        for member, chair in zip(ALL, chairs, strict=True):
            assert chair.show(world.viewer(member)).presides == "north"
            assert shown(world, member, ref).row.decide_by.timestamp() * SECOND == until


# -- times


async def test_who_is_suspended_afterwards_makes_nothing_late_that_was_in_time(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL, "west") as world:
        await world.stop("south")  # of three witnesses two are there, and that is enough
        ref = await propose(world, reaches=("east",))
        await position(world, "east", ref, "CONCUR")
        await world.until(lambda: all(timely(world, ref, m) for m in ("north", "east")), 60)
        suspend = ActPayload(world.now("north"), MemberId("west"), "drill", None, None)
        roots = [open_offline(world.member(m), None).root for m in ALL]
        state = world.nodes["north"].registry.state
        await world.nodes["north"].take_act(sign_act(propose_act(state, "suspend", suspend), roots))
        await world.until(lambda: all(world.nodes[m].registry.state.epoch == 1 for m in ("north", "east")), 60)
        world.later(1)

        for member in ("north", "east"):
            assert timely(world, ref, member)
            assert [s.stance for s in shown(world, member, ref).stands] == ["CONCUR", None, None]


# -- sources


async def test_a_circle_names_its_sources_under_no_key_that_an_outsider_made_or_that_everybody_has(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        circles = (Circle(name="pair", members=(MemberId("east"), MemberId("north"))),)
        changes = Changes(None, None, None, None, circles, None, None, None, None)
        payload = ActPayload(world.now("north"), None, "a circle", None, changes)
        roots = [open_offline(world.member(m), None).root for m in ALL]
        state = world.nodes["north"].registry.state
        await world.nodes["north"].take_act(sign_act(propose_act(state, "set", payload), roots))
        await world.until(lambda: all(world.nodes[m].registry.state.epoch == 1 for m in ALL), 60)
        form = {"circle": "pair", "key": b64(os.urandom(32))}
        outsiders = await world.send("south", ["east", "north"], "x", kind="circle-key", form=form)
        open_to_all = await world.send("east", [], "x", kind="circle-key", form=form, tlp="CLEAR", onward="TLP_RULE")
        wide = await world.send("east", ["north", "south"], "x", kind="circle-key", form=form)
        await world.until(lambda: all(world.holds("north", one.ref) for one in (outsiders, open_to_all, wide)), 60)
        node, viewer = world.nodes["north"], world.viewer("north")

        asked = Sources(circle="pair", names=("The Harbour Gazette",))
        (root,) = await node.desk.matters.blinded(viewer, asked, node.publish)

        (key,) = [row for row in world.rows("north") if row.kind == "circle-key" and row.author == "north"]
        await world.until(lambda: world.holds("east", key.ref), 60)
        node, viewer = world.nodes["east"], world.viewer("east")
        assert await node.desk.matters.blinded(viewer, asked, node.publish) == (root,)
        assert len([row for row in world.rows("north") if row.kind == "circle-key"]) == 4
