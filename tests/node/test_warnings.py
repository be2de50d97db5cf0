"""Warnings end to end between nodes: two officers, every desk, whoever has not, and what a recall leaves on view."""

from pathlib import Path

import pytest
from warned import HAZARD, PROTECT, acknowledge, confirm, listed, propose, shown, warn, warning
from world import exchange, spelt

from quartet.core.faults import Malformed, Untrusted
from quartet.node.desk.warningviews import DeskView

pytestmark = pytest.mark.anyio


async def test_a_warning_leaves_only_when_a_second_officer_has_confirmed_its_exact_bytes(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        waiting = await propose(world, warning(world))
        await world.ticks("north", 3)
        assert (await listed(world, "east")).items == ()
        (proposed,) = (await listed(world, "north", officer="second")).waiting
        with pytest.raises(Untrusted, match="same-officer"):
            await confirm(world, waiting.ref, officer="duty")

        await confirm(world, waiting.ref)

        await world.until(lambda: world.holds("east", proposed.row.ref))
        await world.until(lambda: world.holds("south", proposed.row.ref))
        view = await shown(world, "east", proposed.row.ref)
        assert (view.row.id, view.row.checked_by, view.row.officer) == (proposed.row.id, "second", "duty")
        assert (await listed(world, "north")).waiting == ()


async def test_every_desk_acknowledges_for_itself_and_all_see_who_has_not(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world)
        await world.until(lambda: world.holds("east", ref))
        assert [row.waits for row in (await listed(world, "east", "mine")).items] == [("", "dam-3")]
        await world.until(lambda: "warning-waits" in world.alarms("east"))

        first = await acknowledge(world, "east", ref, "dam-3")
        with pytest.raises(Malformed, match="not-addressed"):
            await acknowledge(world, "east", ref, "dam-4")

        await world.until(lambda: world.holds("north", first.ref))
        view = await shown(world, "north", ref)
        assert [(one.desk, one.officer) for one in view.acks] == [(DeskView("east", "dam-3"), "duty")]
        assert set(view.row.missing) == {DeskView("east"), DeskView("south")}


async def test_a_recall_shows_a_warning_in_force_as_withdrawn_with_its_area_and_hazard(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world)
        await world.until(lambda: world.holds("east", ref))

        await world.recall("north", ref)
        await world.until(lambda: not world.holds("east", ref))
        await world.ticks("east", 8)

        (row,) = (await listed(world, "east")).items
        assert (row.stage, row.withdrawn_by, row.areas[0].name) == ("WITHDRAWN", ("north",), "Lower valley")
        assert row.info[0].hazard == HAZARD
        assert PROTECT not in spelt((await listed(world, "east"), await shown(world, "east", ref)))
        world.later(3 * 3600)
        assert (await listed(world, "east")).items == ()
