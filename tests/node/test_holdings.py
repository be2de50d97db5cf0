"""What a node keeps in memory of what it holds has a bound, and what is beyond it is still there."""

from pathlib import Path

import pytest
from world import exchange

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Released
from quartet.node import holdings as holdings_module

pytestmark = pytest.mark.anyio


async def test_opened_items_are_bounded_in_bytes_and_the_oldest_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holdings_module, "MAX_OPEN_BYTES", 30_000)
    async with exchange(tmp_path, "north", "east", start=False) as world:
        holdings, now = world.nodes["north"].holdings, Micros(2**52)
        sent = [await world.send("north", ["east"], "x" * 5_000) for _ in range(12)]

        assert 0 < len(holdings.gate) <= 4
        assert world.text("north", sent[0].ref) == "x" * 5_000
        assert isinstance(holdings.gate.release(sent[1].id, MemberId("east"), now), Released)
        assert 0 < len(holdings.gate) <= 4


async def test_an_item_larger_than_the_bound_is_published_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holdings_module, "MAX_OPEN_BYTES", 100)
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")

        await world.until(lambda: world.holds("east", report.ref))
        assert world.text("east", report.ref) == "near Dam 3"


async def test_one_that_cannot_take_note_of_what_came_or_went_keeps_no_other_from_it(tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a test")

    async with exchange(tmp_path, "north", "east") as world:
        holdings, gone = world.nodes["north"].holdings, list[ItemId]()
        holdings.on_news.insert(0, broken)
        holdings.on_purged.insert(0, broken)
        holdings.on_purged.append(gone.append)
        report = await world.send("north", ["east"], "near Dam 3")

        await world.recall("north", report.ref)

        await world.until(lambda: gone == [report.id] and not world.holds("east", report.ref))
