"""What a member with good keys can try on the others, and what a full disk may not do to a node."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId, Micros
from quartet.core.parcel import Content
from quartet.node.intake import Intake
from quartet.node.seeing import HIDDEN
from quartet.node.views import Published

pytestmark = pytest.mark.anyio


async def test_an_item_is_taken_from_its_author_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        stored = world.stores["east"].reader.item(report.id)
        assert stored is not None

        west, intake = world.nodes["west"].neighbours.receivers[MemberId("east")], Intake()
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
        damage(world, "north", damaged)
        world.start("north")
        world.hub.mend(MemberId("north"))

        await world.until(lambda: world.holds("east", other.ref))
        await world.until(lambda: "damaged" in world.alarms("north"))

        assert [row.ref for row in world.rows("north")] == [other.ref]
        with pytest.raises(Unavailable, match="unknown-item"):
            world.text("north", damaged.ref)
        details = [alarm.detail for alarm in world.nodes["north"].status(world.viewer("north")).alarms]
        assert [detail for detail in details if detail.startswith(HIDDEN)]
        assert not [detail for detail in details if damaged.id[:8] in detail or damaged.ref in detail]


async def test_an_item_that_is_damaged_at_its_holder_parks_no_recall_and_stops_no_tick(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=1) as world:
        damaged, other = [await world.send("north", ["east"], text) for text in ("one", "two")]
        await world.until(lambda: world.holds("east", damaged.ref) and world.holds("east", other.ref))
        await world.stop("east")
        damage(world, "east", damaged)
        world.start("east")

        for item in (damaged, other):
            await world.recall("north", item.ref)
        await world.until(lambda: "damaged" in world.alarms("east"))
        await world.until(lambda: "east" in world.receipts("north", other.ref).purged, 40)
        later = await world.send("north", ["east"], "three")
        await world.until(lambda: world.holds("east", later.ref))

        assert world.stores["east"].reader.refused("north") == []
        assert "east" in world.receipts("north", damaged.ref).owed, "what cannot be destroyed in its name stays owed"


def damage(world: World, member: str, item: Published) -> None:
    """Spoil an item's contents in the database of a member that has stopped."""
    with closing(sqlite3.connect(world.database(member))) as connection:
        connection.execute("UPDATE item SET sealed = X'00' WHERE id = ?", (item.id,))
        connection.commit()


async def test_a_full_disk_in_a_tick_does_not_end_the_node(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        store = world.stores["north"]
        write, tried = store.write, 0

        async def full(job: Any, *, urgent: bool = False) -> Any:
            del job, urgent
            nonlocal tried
            tried += 1
            raise Unavailable("disk-full", "no room")

        store.write = full  # type: ignore[method-assign]
        await world.until(lambda: tried > 2)
        world.check()
        store.write = write  # type: ignore[method-assign]

        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        assert await world.problems("north") == []


async def test_an_item_that_could_not_be_stored_is_not_remembered(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        store, north = world.stores["north"], world.nodes["north"]

        async def full(job: Any, *, urgent: bool = False) -> Any:
            del job, urgent
            raise Unavailable("disk-full", "no room")

        store.write = full  # type: ignore[method-assign]
        with pytest.raises(Unavailable, match="disk-full"):
            await world.send("north", ["east"], "near Dam 3")

        assert len(north.holdings.gate) == 0
