"""What a member with good keys can try on the others, and what a full disk may not do to a node."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from world import exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId, Micros
from quartet.core.parcel import Content
from quartet.node.intake import Intake

pytestmark = pytest.mark.anyio


async def test_an_item_is_taken_from_its_author_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        stored = world.stores["east"].reader.item(report.id)
        assert stored is not None

        west, intake = world.nodes["west"]._receivers[MemberId("east")], Intake()
        with pytest.raises(Exception, match="item-not-senders"):
            west._signed(Content("signed", stored.signed), stored.control, intake)

        assert not intake.believed
        assert not intake.items


async def test_a_receipt_for_what_was_never_sent_counts_for_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        west, store = MemberId("west"), world.stores["north"]
        await store.write(lambda tx: tx.put_receipts(west, "c" * 43, b"", [(report.id, "VERIFIED")], Micros(1)))

        assert "west" not in world.receipts("north", report.ref).delivered
        assert not any(d.ever_sent for d in store.reader.deliveries(report.id) if d.member == west)


async def test_an_item_that_is_damaged_here_is_alarmed_and_keeps_no_other_back(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        world.hub.cut(MemberId("north"))
        damaged = await world.send("north", ["east"], "one", precedence="FLASH")
        other = await world.send("north", ["east"], "two")
        await world.stop("north")
        with closing(sqlite3.connect(world.database("north"))) as connection:
            connection.execute("UPDATE item SET sealed = X'00' WHERE id = ?", (damaged.id,))
            connection.commit()
        world.start("north")
        world.hub.mend(MemberId("north"))

        await world.until(lambda: world.holds("east", other.ref))
        await world.until(lambda: "damaged" in world.alarms("north"))

        assert [row.ref for row in world.rows("north")] == [other.ref]
        with pytest.raises(Unavailable, match="unknown-item"):
            world.text("north", damaged.ref)


async def test_a_full_disk_in_a_tick_does_not_end_the_node(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        store = world.stores["north"]
        write = store.write

        async def full(job: Any) -> Any:
            raise Unavailable("disk-full", "no room")

        store.write = full  # type: ignore[method-assign]
        await asyncio.sleep(1.5)
        world.check()
        store.write = write  # type: ignore[method-assign]

        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        assert await world.problems("north") == []


async def test_an_item_that_could_not_be_stored_is_not_remembered(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        store, north = world.stores["north"], world.nodes["north"]

        async def full(job: Any) -> Any:
            raise Unavailable("disk-full", "no room")

        store.write = full  # type: ignore[method-assign]
        with pytest.raises(Unavailable, match="disk-full"):
            await world.send("north", ["east"], "near Dam 3")

        assert len(north.holdings.gate) == 0
