"""Across an air gap: parcels as files, by messengers who lose, double, delay and mistake them."""

from pathlib import Path

import pytest
from carriers import EAST, MOST, NORTH, WEST, carry, cut_off, parcels, taken, to_and_fro, written
from msgspec import structs
from world import exchange

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import MemberId
from quartet.wire.carried import read_carried, write_carried

pytestmark = pytest.mark.anyio


async def test_items_go_there_and_receipts_and_cosignatures_come_back_by_files_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "west", start=False) as world:
        cut_off(world)
        for name in world.nodes:
            world.run(name)
        await world.ticks("north")
        first = await written(world, "west", "north")
        assert parcels(first) == 0, "who never met north has no key to seal for; the file says who west is"
        await taken(world, "north", first)
        report = await world.send("north", ["west"], "near Dam 3")
        answer = await world.send("west", ["north"], "seen there too")

        came = await carry(world, "north", "west")
        assert (came.items, came.refused) == (1, {})
        assert world.text("west", report.ref) == "near Dam 3"
        await to_and_fro(world, "west", "north")
        await to_and_fro(world, "north", "west")

        assert world.holds("north", answer.ref)
        assert len(world.receipts("north", report.ref).delivered) == 1
        assert world.on_record("north", report.ref, 1)
        assert world.on_record("west", report.ref, 1)
        assert world.proven("west", report.ref)
        assert world.proven("north", report.ref)
        assert {world.link("north", "west"), world.link("west", "north")} == {"down"}, "a stick is no link"
        assert [await world.problems(m) for m in world.nodes] == [[], []]
        status = world.nodes["north"].status(world.viewer("north")).links[0]
        assert status.carried_in is not None
        assert status.carried_out is not None
