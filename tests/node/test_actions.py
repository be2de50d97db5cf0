"""Joint actions between nodes: nobody decides, every node computes the same, and silence binds only who could speak."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from proposing import (
    A_DAY,
    ALL,
    CLOSES,
    EAST,
    HOUR,
    LAPSES,
    NORTH,
    SOUTH,
    acknowledge,
    position,
    propose,
    proven,
    settled,
    short_days,
    shown,
    timely,
)
from world import World, exchange

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, MemberId
from quartet.node import drafting
from quartet.node.desk.actionviews import StandView
from quartet.node.desk.speech import Speech

pytestmark = pytest.mark.anyio
__all__ = ["short_days"]


async def test_an_action_is_adopted_when_every_host_and_everybody_concurs_and_all_compute_the_same(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ALL:
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 3)
        assert {shown(world, m, ref).row.state for m in ALL} == {"OPEN"}

        world.later(A_DAY + 120)

        views = [shown(world, m, ref) for m in ALL]
        assert [(v.row.state, v.row.phase, v.binds) for v in views] == [
            ("ADOPTED", "ADOPTED", (EAST, NORTH, SOUTH))
        ] * 3


async def test_a_host_that_is_silent_never_adopts(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ("east", "south"):
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 2)

        world.later(A_DAY + 120)
        assert (NORTH, "host-silent") in {(r.member, r.why) for r in shown(world, "east", ref).against}
        world.later(LAPSES // SECOND)

        assert {shown(world, m, ref).row.state for m in ALL} == {"LAPSED"}


async def test_silence_binds_who_read_it_and_only_once_every_account_is_closed(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ("north", "east"):
            await position(world, member, ref, "CONCUR")
        await acknowledge(world, "south", ref)
        await settled(world, ref, 2, 1)

        world.later(A_DAY + 61)
        assert {r.why for r in shown(world, "east", ref).against} >= {"silence-runs"}
        await world.until(lambda: all(all(s.closed for s in shown(world, m, ref).stands) for m in ALL), 60)
        await proven(world, ref)
        world.later(CLOSES // SECOND + 60)
        await world.until(lambda: {shown(world, m, ref).row.state for m in ALL} == {"ADOPTED"}, 60)

        assert [shown(world, m, ref).by_silence for m in ALL] == [(SOUTH,)] * 3


async def test_nothing_is_adopted_by_the_silence_of_who_was_cut_off_and_its_clock_starts_when_it_reads(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        world.hub.cut(SOUTH)
        ref = await propose(world, reaches=("east",))
        for member in ("north", "east"):
            await position(world, member, ref, "CONCUR")
        world.later(A_DAY + 120)
        assert (SOUTH, "not-acknowledged") in {(r.member, r.why) for r in shown(world, "east", ref).against}
        assert shown(world, "east", ref).row.state == "OPEN"

        world.hub.mend(SOUTH)
        await world.until(lambda: world.holds("south", ref), 60)
        assert shown(world, "south", ref).row.waits == ("acknowledge", "position")
        await acknowledge(world, "south", ref)
        await settled(world, ref, 2, 1)
        (south,) = (s for s in shown(world, "east", ref).stands if s.member == SOUTH)
        assert south.until is not None
        assert south.acknowledged is not None
        assert (south.until - south.acknowledged).total_seconds() == pytest.approx(A_DAY, abs=5)
        world.later(A_DAY // 2)
        await position(world, "south", ref, "OBJECT", "not in the fishing season")
        await settled(world, ref, 3, 1)
        world.later(A_DAY)

        assert {shown(world, m, ref).row.state for m in ALL} == {"NOT_ADOPTED"}


async def test_an_edit_voids_every_position(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ALL:
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 3)
        edited = await propose(world, previous=ref, aim="Search the strait, and the bay")
        await proven(world, edited)
        world.later(A_DAY + 240)

        assert {shown(world, m, ref).row.state for m in ALL} == {"REPLACED"}
        assert {s.stance for s in shown(world, "east", edited).stands} == {None}
        assert {r.why for r in shown(world, "east", edited).against} >= {"host-silent"}


async def test_an_objection_that_comes_too_late_changes_nothing_whatever_date_it_bears(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ALL:
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 3)
        south = world.nodes["south"]
        mine = next(s.ref for s in shown(world, "south", ref).stands if s.member == SOUTH)
        prepared = south.asserting.prepare(
            south.desk.speaking.draft(
                world.viewer("south"),
                ref,
                _speech({"version": ref, "stance": "OBJECT", "text": "on second thoughts", "previous": mine}),
            ),
            world.viewer("south"),
        )
        world.later(A_DAY + 240)
        late = await south.commit(prepared, world.asserted("south", "duty", prepared.id))
        await world.until(lambda: all(world.holds(m, late.ref) for m in ALL))
        await world.until(lambda: all(shown(world, m, ref).row.state == "ADOPTED" for m in ALL))
        await world.until(lambda: _stand(world, "east", ref, SOUTH).late == (late.ref,))

        assert _stand(world, "east", ref, SOUTH).stance == "CONCUR"
        assert {shown(world, m, ref).row.state for m in ALL} == {"ADOPTED"}


def _stand(world: World, member: str, ref: str, of: MemberId) -> StandView:
    return next(one for one in shown(world, member, ref).stands if one.member == of)


async def test_a_position_that_is_taken_back_afterwards_changes_nothing_that_it_decided(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ALL:
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 3)
        world.later(A_DAY + 120)
        assert {shown(world, m, ref).row.state for m in ALL} == {"ADOPTED"}

        for member in ("north", "east"):
            mine = next(s.ref for s in shown(world, member, ref).stands if s.member == member)
            assert mine is not None
            await world.recall(member, mine)
        await world.recall("north", ref)
        await world.until(lambda: all(_taken_back(world, m, ref) == 3 for m in ALL), 60)

        assert {shown(world, m, ref).row.state for m in ALL} == {"ADOPTED"}
        assert {shown(world, m, ref).binds for m in ALL} == {(EAST, NORTH, SOUTH)}


def _taken_back(world: World, member: str, ref: str) -> int:
    stands = [s.ref for s in shown(world, member, ref).stands if s.ref is not None]
    return sum(row.recalled for row in world.rows(member) if row.ref in (ref, *stands))


async def test_a_position_that_its_member_could_take_back_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        for member in ("north", "east"):
            await position(world, member, ref, "CONCUR")
        with monkeypatch.context() as otherwise:
            otherwise.setattr(drafting, "HELD_KINDS", frozenset())  # a member whose node marks it so
            loose = await position(world, "south", ref, "OBJECT", "for now")
        await world.until(lambda: all(world.holds(m, loose) and world.on_record("south", loose, 2) for m in ALL), 60)

        def stands() -> list[str | None]:
            return [s.stance for s in shown(world, "east", ref).stands]

        await world.until(lambda: stands()[:2] == ["CONCUR", "CONCUR"], 60)
        assert stands() == ["CONCUR", "CONCUR", None]


async def test_what_is_decided_by_a_deadline_does_not_expire(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        with pytest.raises(Malformed, match="does-not-expire"):
            await propose(world, expires=datetime.now(UTC) + timedelta(days=30))
        ref = await propose(world)

        assert world.nodes["east"].show(world.viewer("east"), ref).marking.held


async def test_an_account_that_cannot_be_closed_stops_no_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref, node = await propose(world), world.nodes["north"]
        await position(world, "north", ref, "CONCUR")
        await world.until(lambda: timely(world, ref, "north"), 60)
        assert len(node.desk.accounts._open) == 1
        monkeypatch.setattr(drafting, "MAX_CITATIONS", 0)  # as where a member stated more than a statement can cite
        world.later(A_DAY + 120)

        await world.until(lambda: node.desk.accounts._open == {}, 60)
        size = node.ledger.size
        await world.until(lambda: node.ledger.size > size + 4, 60)
        assert not {"tick-failed", "too-many-cited"} & world.alarms("north")


async def test_whoever_does_not_know_whether_her_position_was_heard_hands_it_in_again_and_it_goes_once(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["east"], world.viewer("east")
        draft = node.desk.speaking.draft(viewer, ref, _speech({"version": ref, "stance": "CONCUR"}))
        prepared = node.asserting.prepare(draft, viewer)
        asserted = world.asserted("east", "duty", prepared.id)

        first, second = await node.commit(prepared, asserted), await node.commit(prepared, asserted)

        assert first == second
        await world.stop("east")
        again = world.start("east")
        assert await again.commit(prepared, asserted) == first
        assert sum(row.kind == "position" for row in world.rows("east")) == 1


def _speech(form: dict[str, Any]) -> Speech:
    return Speech(kind="position", form=form)


async def test_an_administrator_cannot_take_a_position_as_the_officer(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["east"], world.viewer("east")
        draft = node.desk.speaking.draft(viewer, ref, _speech({"version": ref, "stance": "CONCUR"}))

        with pytest.raises(Untrusted, match="assertion-missing"):
            await node.publish(draft, viewer)
        prepared = node.asserting.prepare(draft, viewer)
        with pytest.raises(Untrusted):
            await node.commit(prepared, world.asserted("east", "second", prepared.id))


async def test_an_adopted_action_runs_by_steps_and_any_host_stops_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world, hosts=["north", "east"], rule="SELF")
        for member in ALL:
            await position(world, member, ref, "CONCUR")
        await settled(world, ref, 3)
        world.later(A_DAY + 120)
        task = await world.about(
            "north",
            ref,
            "task",
            {
                "version": ref,
                "owner": "south",
                "what": "cover the bay",
                "begins": world.now("north"),
                "ends": world.now("north") + HOUR,
            },
        )
        await world.until(lambda: world.holds("south", task.ref) and world.holds("east", task.ref))
        await world.about("south", task.ref, "task-step", {"task": task.ref, "move": "ACCEPT"})
        await world.about("east", task.ref, "task-step", {"task": task.ref, "move": "START"})
        await world.about("north", ref, "step", {"version": ref, "move": "START"})
        await world.until(lambda: all(shown(world, m, ref).row.phase == "RUNNING" for m in ALL))
        await world.until(lambda: all(len(shown(world, m, ref).tasks[0].steps) == 2 for m in ALL))
        assert {shown(world, m, ref).tasks[0].state for m in ALL} == {"ACCEPTED"}

        assert "STOP" in shown(world, "east", ref).may
        assert "STOP" not in shown(world, "south", ref).may
        await world.about("east", ref, "step", {"version": ref, "move": "STOP", "text": "a storm"})

        await world.until(lambda: all(shown(world, m, ref).row.phase == "STOPPED" for m in ALL))
        assert {shown(world, m, ref).stopped_by for m in ALL} == {(EAST,)}
