"""Hours that go wrong for everybody: no hub, a machine that slept, a clock that jumped, a witness that is away."""

from pathlib import Path

import pytest
from test_absence import all_follow
from test_record import proven
from world import World, exchange

from quartet.core.ids import SECOND
from quartet.node import clock

pytestmark = pytest.mark.anyio
HOUR, DAY = 3_600, 86_400


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a peer said before all slept counts for two seconds and not for a minute, in which nobody would cosign."""
    monkeypatch.setattr(clock, "HEARD_FOR", 2 * SECOND)


def record(world: World, member: str, ref: str) -> tuple[int, int, bool]:
    """Return by how many of how many witnesses an item is cosigned, as a member finds, and whether that is enough."""
    found = world.nodes[member].show(world.viewer(member), ref).on_record
    return found.k, found.n, found.at is not None


async def test_without_any_hub_for_an_hour_all_work_on_and_then_everything_arrives_and_comes_on_record(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "south", recall_delay_s=1) as world:
        held = await world.send("north", ["east", "south"], "soon taken back")
        await world.until(lambda: all(world.holds(m, held.ref) for m in ("east", "south")))
        world.hub.drop_if = lambda _: True
        first = await world.send("north", ["east", "south"], "said when it began")
        recall = await world.recall("north", held.ref)
        world.later(HOUR)
        await world.until(lambda: all(world.link(m, "north") != "up" for m in ("east", "south")))
        last = await world.send("east", ["north", "south"], "said when it was long")
        assert world.text("east", last.ref) == "said when it was long"
        assert not world.holds("north", last.ref)
        assert not world.holds("east", first.ref)

        world.hub.drop_if = None
        await world.until(lambda: world.holds("east", first.ref) and world.holds("north", last.ref))
        await world.until(lambda: all(world.holds("south", sent.ref) for sent in (first, last)))
        await world.until(lambda: all(world.stores[m].reader.row(recall.id) for m in ("east", "south")))
        await world.until(lambda: set(world.receipts("north", held.ref).purged) == {"east", "south"})
        await world.until(lambda: all(world.proven("south", sent.ref) for sent in (first, last)))
        await world.linked()

        assert {proven(world, "south", sent.ref).author for sent in (first, last)} == {"north", "east"}
        for member in world.nodes:
            assert not {"log-forked", "clock-unsure", "refused-flood"} & world.alarms(member)
            assert await world.problems(member) == []


async def test_while_one_of_four_is_away_the_record_goes_on_with_two_of_three_and_it_cosigns_the_rest_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        await world.stop("west")
        await world.ticks("north")
        report = await world.send("north", ["east", "west"], "near Dam 3")
        await world.until(lambda: world.on_record("north", report.ref, 2) and world.holds("east", report.ref))
        assert record(world, "north", report.ref) == (2, 3, True)
        await world.until(lambda: world.proven("east", report.ref))
        assert proven(world, "east", report.ref).cosigners == ("east", "south")

        world.start("west")
        await world.until(lambda: world.holds("west", report.ref))
        await world.until(lambda: world.on_record("north", report.ref, 3))
        assert await world.problems("west") == []


async def test_who_withholds_its_cosignatures_keeps_nothing_of_four_from_the_record_and_the_second_of_three_is_shown(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        world.nodes["west"].witness._own_lines.under = lambda *_: []  # type: ignore[method-assign]
        report = await world.send("north", ["east", "west"], "near Dam 3")
        await world.until(lambda: world.proven("north", report.ref))
        await world.ticks("west", 3)
        assert record(world, "north", report.ref) == (2, 3, True)
        assert proven(world, "north", report.ref).cosigners == ("east", "south")
        world.nodes["south"].witness._own_lines.under = lambda *_: []  # type: ignore[method-assign]
        await world.ticks("south", 2)

        later = await world.send("north", ["east"], "said to two who say nothing")
        await world.until(lambda: world.on_record("north", later.ref, 1))
        await world.ticks("north", 3)

        assert record(world, "north", later.ref) == (1, 3, False), "one of three is not on record, and says so"
        assert not world.proven("north", later.ref)


@pytest.mark.rare
async def test_a_machine_that_slept_for_a_day_goes_on_with_its_log_its_keys_and_what_waited(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", tick_s=5) as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.on_record("east", before.ref, 1))
        size = world.nodes["east"].ledger.size
        world.hub.drop_if = lambda _: True
        waits = await world.send("north", ["east"], "said while it slept")

        world.later(DAY)  # nobody restarts: to a process that was frozen its clock has jumped
        world.hub.drop_if = None

        await world.until(lambda: world.holds("east", waits.ref))
        await world.until(lambda: all_follow(world, size + DAY // 5 - 2))
        await world.until(lambda: world.on_record("east", waits.ref, 1) and world.proven("north", waits.ref))
        for member in world.nodes:
            assert not {"log-forked", "clock-unsure"} & world.alarms(member)
            assert await world.problems(member) == []


async def test_a_clock_that_jumps_an_hour_ahead_and_back_is_told_and_forks_no_log_and_loses_nothing(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        first = await world.send("east", ["north"], "before")
        await world.until(lambda: world.on_record("north", first.ref, 1))

        world._clocks["east"].move(HOUR * SECOND)
        await world.until(lambda: "clock-unsure" in world.alarms("east"))
        ahead = await world.send("east", ["north", "south"], "an hour ahead")
        await world.until(lambda: world.on_record("north", ahead.ref, 2))
        assert world.nodes["north"].show(world.viewer("north"), ahead.ref).provenance.clock == "UNSURE"

        world._clocks["east"].move(-HOUR * SECOND)
        await world.until(lambda: "clock-unsure" not in world.alarms("east"))
        back = await world.send("east", ["north", "south"], "as it was")
        await world.until(lambda: world.on_record("north", back.ref, 2))
        assert world.nodes["north"].show(world.viewer("north"), back.ref).provenance.clock == "SURE"
        for member in world.nodes:
            assert "log-forked" not in world.alarms(member)
            assert await world.problems(member) == []
