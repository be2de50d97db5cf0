"""What a node has in memory of warnings: no word of what is gone, and nothing lost of what it has still to look at."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from warned import PROTECT, propose, shown, warn, warning
from world import exchange, spelt

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk.warning import Info
from quartet.node.desk import warnalarms, warningrows
from quartet.node.desk.warningviews import AckDraft, Alarmed
from quartet.node.desk.warningwatch import MAX_WAITING
from quartet.node.factviews import FactDraft
from quartet.node.views import moment

pytestmark = pytest.mark.anyio


async def test_the_stream_keeps_no_word_of_a_warning_that_was_taken_back_or_destroyed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["east"]
        told: list[str] = []

        async def hear() -> None:
            async for one in node.desk.alarms.hear(world.viewer("east")):
                if one.row is not None:
                    told.append(one.row.ref)

        hearing = asyncio.create_task(hear())
        await asyncio.sleep(0)
        refs = [await warn(world, desks=("east",)) for _ in range(2)]
        await world.until(lambda: sorted(told) == sorted(refs))
        kept = node.desk.alarms._rows
        assert len(kept) == 2
        first = (await shown(world, "east", refs[0])).row.id
        node.holdings.purged(first)
        assert [one.ref for one in kept.values() if one is not None] == [refs[1]]
        await world.recall("north", refs[1])
        await world.until(lambda: not kept)

        ref = await warn(world, desks=("east",))
        await world.until(lambda: ref in told)
        hearing.cancel()
        await world.until(lambda: not kept)


async def test_what_a_fault_leaves_unlooked_at_is_alarmed_of_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        refs = [await warn(world, desks=("north",)) for _ in range(4)]
        node = world.nodes["north"]
        received = node.desk.sayings.received
        asked: list[ItemId] = []

        def busy(item: ItemId) -> dict[MemberId, Micros]:
            asked.append(item)
            if len(asked) == 2:
                raise Unavailable("store-busy", "a test")
            return received(item)

        monkeypatch.setattr(node.desk.sayings, "received", busy)
        with pytest.raises(Unavailable, match="store-busy"):
            await node.desk.warned.look(world.now("north"))
        await node.desk.warned.look(world.now("north"))

        told = {one.reason: one.detail for one in node.status(world.viewer("north")).alarms}["warning-waits"]
        assert all(ref in told for ref in refs)
        assert len(asked) == len(set(asked)) + 1 == 5


async def test_however_much_comes_that_she_may_not_know_of_a_desk_is_told_of_what_she_may_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await warn(world, desks=("east",))
        await world.until(lambda: world.holds("east", ref))
        item = (await shown(world, "east", ref)).row.id
        watch, told = world.nodes["east"].desk.alarms, list[Alarmed]()

        async def hear() -> None:
            async for one in watch.hear(world.viewer("east")):
                told.append(one)

        async def comes(*items: ItemId) -> None:
            (desk,) = watch._desks
            for one in items:
                desk.put(one, came=True)
            await world.until(lambda: not desk.bell.is_set())
            await asyncio.sleep(0)

        hearing = asyncio.create_task(hear())
        await world.until(lambda: len(watch._desks) == 1)
        hidden = [ItemId(f"hidden-{n}") for n in range(MAX_WAITING + 9)]
        await comes(*hidden)
        assert told == []
        await comes(*hidden, item)
        await world.until(lambda: told == [Alarmed(changed=True)])
        hearing.cancel()


async def test_an_alarm_is_as_old_as_the_oldest_warning_that_it_names_and_no_older(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")

        async def alarmed(ref: str) -> bool:
            """Return whether the one alarm that a desk has not acknowledged is of a warning, and as old as that."""
            await node.desk.warned.look(world.now("north"))
            (alarm,) = (one for one in node.status(viewer).alarms if one.reason == "warning-waits")
            row = world.stores["north"].reader.row((await shown(world, "north", ref)).row.id)
            return row is not None and alarm.detail.endswith(f" {ref}") and alarm.at == moment(row.received)

        first = await warn(world, desks=("north",))
        assert await alarmed(first)
        update = await warn(world, desks=("north",), word="UPDATE", previous=first)

        assert await alarmed(update)


async def test_a_drafts_stage_is_draft_and_what_is_an_exercise_says_so_in_lists_and_alarms(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node = world.nodes["north"]
        drill: dict[str, Any] = {"caveats": ("EXERCISE",), "desks": ("north",)}
        trained = structs.replace(world.viewer("north"), trained=frozenset({"EXERCISE"}))
        await propose(world, warning(world, **drill))
        sent = await propose(world, warning(world, **drill, override=True, why="it rises"))
        await node.desk.warned.look(world.now("north"))

        found = await node.desk.warnings.list(trained, "now")
        assert [(one.row.stage, one.row.exercise) for one in found.waiting] == [("DRAFT", True)]
        assert [(one.ref, one.stage, one.exercise) for one in found.items] == [(sent.ref, "IN_FORCE", True)]
        told = {one.reason: one.detail for one in node.status(trained).alarms}
        assert told["warning-waits"].endswith(f" {sent.ref} (EXERCISE)")
        assert "EXERCISE" not in spelt(node.status(world.viewer("north")))  # who is not trained does not see it

        recall = await node.prepare(trained, FactDraft(kind="recall", ref=sent.ref))
        await node.commit(recall, world.asserted("north", "duty", recall.id))
        (taken,) = (await node.desk.warnings.list(trained, "now")).items
        assert (taken.stage, taken.exercise) == ("WITHDRAWN", True)


async def test_an_alarm_of_warnings_says_what_each_is_about_and_of_one_for_persons_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        alone: dict[str, Any] = {"tlp": "RED", "persons": ("north/duty", "north/second")}
        plain: dict[str, Any] = {}
        refs = {
            await warn(world, desks=("north",), info=(Info("en", hazard, hazard, PROTECT),), **more): hazard
            for hazard, more in (("Gas", plain), ("Smoke over " + "the town " * 7, plain), ("Secret", alone))
        }
        await node.desk.warned.look(world.now("north"))

        (told,) = [one.detail for one in node.status(viewer).alarms if one.reason == "warning-waits"]
        gas, smoke, secret = refs
        assert f"“Gas” {gas}" in told
        assert f"“Smoke over the town the town the town the town…” {smoke}" in told
        assert secret in told
        assert "Secret" not in told


async def test_drills_without_end_push_nothing_that_is_so_off_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warningrows, "MOST", 2)
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node = world.nodes["north"]
        trained = structs.replace(world.viewer("north"), trained=frozenset({"EXERCISE"}))
        real = await warn(world, desks=("north",))
        hasty: dict[str, Any] = {"desks": ("north",), "caveats": ("EXERCISE",), "override": True, "why": "it rises"}
        drills = [(await propose(world, warning(world, **hasty))).ref for _ in range(4)]

        for which in ("now", "mine", "all"):
            found = (await node.desk.warnings.list(trained, which)).items
            assert [one.ref for one in found if not one.exercise] == [real]
            assert {one.ref for one in found if one.exercise} <= set(drills)
            assert len(found) == 3


async def test_drills_without_end_keep_nobody_from_being_told_after_a_start_of_what_is_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnalarms, "MOST", 2)
    monkeypatch.setattr(warnalarms, "PAGE", 3, raising=False)
    async with exchange(tmp_path, "north", "east", start=False) as world:
        hasty: dict[str, Any] = {"desks": ("north",), "override": True, "why": "it rises"}
        real = [(await propose(world, warning(world, **hasty))).ref for _ in range(3)]
        await propose(world, warning(world, desks=("north",)))
        drill: dict[str, Any] = {"desks": ("north",), "caveats": ("EXERCISE",)}
        for _ in range(5):
            await propose(world, warning(world, **hasty, caveats=("EXERCISE",)))
            await propose(world, warning(world, **drill))

        await world.stop("north")
        node = world.open("north")
        await node.desk.warned.look(world.now("north"))

        told = {one.reason: one.detail for one in node.status(world.viewer("north")).alarms}
        assert [ref in told["warning-waits"] for ref in real] == [False, True, True]
        assert "warning-proposed" in told


async def test_a_flood_of_drills_is_read_back_page_by_page_to_an_end_and_others_have_their_turn_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnalarms, "MOST", 1)
    monkeypatch.setattr(warnalarms, "PAGE", 1)
    monkeypatch.setattr(warnalarms, "READ_BACK", 4, raising=False)
    async with exchange(tmp_path, "north", "east", start=False) as world:
        hasty: dict[str, Any] = {"desks": ("north",), "override": True, "why": "it rises", "caveats": ("EXERCISE",)}
        for _ in range(6):
            await propose(world, warning(world, **hasty))
        node, turns = world.nodes["north"], [0]
        verified, opened = node.holdings.verified, list[tuple[ItemId, int]]()

        def opens(item: ItemId) -> object:
            opened.append((item, turns[0]))
            return verified(item)

        async def others() -> None:
            while True:
                turns[0] += 1
                await asyncio.sleep(0)

        beside = asyncio.create_task(others())
        with monkeypatch.context() as observed:
            observed.setattr(node.holdings, "verified", opens)
            found = [row.id async for row in node.desk.warned._rows(warnalarms.LOOKED_AT[0], world.now("north"))]
        beside.cancel()

        assert len(found) == 1
        assert len(opened) == 4
        assert len({turn for _, turn in opened}) == 4


async def test_no_drill_ends_a_warning_that_is_so_or_acknowledges_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node = world.nodes["north"]
        trained = structs.replace(world.viewer("north"), trained=frozenset({"EXERCISE"}))
        real = await warn(world, desks=("north",))
        ends: dict[str, Any] = {"desks": ("north",), "word": "CANCEL", "override": True, "why": "it holds"}
        with pytest.raises(Malformed, match="a drill ends nothing that is so"):
            node.desk.warnings.draft(trained, warning(world, **ends, previous=real, caveats=("EXERCISE",)))

        draft = node.desk.warnings.draft(trained, warning(world, **ends, previous=real))
        ack = node.desk.warnings.acknowledge(trained, real, AckDraft())
        for one in (draft, ack):
            prepared = node.asserting.prepare(structs.replace(one, caveats=("EXERCISE",)), trained)
            await node.commit(prepared, world.asserted("north", "duty", prepared.id))

        row = (await node.desk.warnings.view(trained, real)).row
        assert (row.stage, row.waits) == ("IN_FORCE", ("",))
