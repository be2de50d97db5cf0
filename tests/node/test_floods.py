"""A member that floods the others costs them little: no disk, no work before its time, and nobody else waits for it."""

import os
from pathlib import Path

import pytest
from test_hostile_hub import EAST, NORTH, answered, forge, settle
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.core.parcel import Content
from quartet.node.contacts import CONTACTS_AT_ONCE, HINTS_AT_ONCE
from quartet.node.doubts import REFUSALS_AT_ONCE
from quartet.node.intake import Intake
from quartet.store import MAX_REFUSED
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio


async def test_garbage_under_a_good_signature_is_kept_up_to_a_bound_and_alarmed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await settle(world)
        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        garbage = [Content("signed", os.urandom(400)) for _ in range(round(REFUSALS_AT_ONCE) + 200)]

        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, garbage, world.keys("north").link)))
        await world.until(lambda: "refused-flood" in world.alarms("east"))
        report = await world.send("south", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))

        kept = world.stores["east"].reader.count("evidence")
        assert REFUSALS_AT_ONCE <= kept <= MAX_REFUSED
        assert kept < len(garbage)


async def test_what_is_refused_beyond_the_bound_gets_no_receipt(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        report = await world.send("north", ["north"], "kept here")
        stored = world.stores["north"].reader.item(report.id)
        assert stored is not None
        spoilt = stored.signed.replace(b'"sig":"', b'"sig":"A', 1)
        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        before = world.stores["east"].reader.count("receipt_batch")

        garbage = [Content("signed", b"%d" % n) for n in range(round(REFUSALS_AT_ONCE) + 20)]
        flood = [Content("signed", spoilt.replace(b"kept here", b"%09d" % n)) for n in range(10)]
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, garbage + flood, world.keys("north").link)))
        await world.until(lambda: "refused-flood" in world.alarms("east"))

        assert world.stores["east"].reader.count("receipt_batch") == before


async def test_paths_of_nothing_that_we_hold_are_not_kept(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        report = await world.send("north", ["south"], "near Dam 3")
        await world.until(lambda: world.holds("south", report.ref) and world.on_record("south", report.ref, 1))
        row = world.stores["south"].reader.row(report.id)
        assert row is not None
        path = world.stores["south"].reader.path(row.c)
        assert path is not None
        east, intake = world.nodes["east"].neighbours.receivers[NORTH], Intake()

        assert east._ties.take([path[2]], intake) == []

        assert not intake.paths
        assert not world.nodes["east"].peers[NORTH].paths


def said(world: World, frm: str, to: str) -> int:
    return sum(p.kind == "m" and (p.frm, p.to) == (frm, to) for p in world.hub.tapped)


async def test_hints_are_answered_once_a_minute_and_contacts_beyond_a_bound_dropped_unread(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        before = said(world, "east", "north")

        for _ in range(200):
            world.hub.carry(Passed(NORTH, EAST, "h", b"keys"))
            world.hub.carry(Passed(NORTH, EAST, "m", b"no contact at all"))
        await world.until(lambda: answered(world, "east", "too-many-contacts") >= 400 - CONTACTS_AT_ONCE - 20)

        assert answered(world, "east", "bad-shape") <= CONTACTS_AT_ONCE + 5
        assert said(world, "east", "north") - before <= HINTS_AT_ONCE + 2
        await settle(world)


async def test_parcels_for_an_unknown_key_are_answered_with_a_few_hints_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        await world.all_came("north", "east")
        parcel = forge(world, [], world.keys("north").link)
        world.nodes["east"].epochs.secrets.clear()
        before = said(world, "east", "north")

        for _ in range(100):
            world.hub.carry(Passed(NORTH, EAST, "p", parcel))
        await world.until(lambda: answered(world, "east", "unknown-epoch-key") >= 100)

        assert said(world, "east", "north") - before <= HINTS_AT_ONCE + 2


async def test_a_node_that_starts_again_knows_the_others_keys_and_need_not_ask(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        await world.stop("north")
        world.hub.cut(EAST)

        north = world.open("north")

        assert north.registry.epoch_key(MemberId("east"), north._parts.clock.now()) is not None
