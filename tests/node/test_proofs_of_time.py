"""Whoever holds an item with a deadline comes to the same: by when it was on record, and receipted by another."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from test_suspension import act
from world import World, exchange

from quartet.core import timely as core
from quartet.core.facts import Narrow
from quartet.core.ids import SECOND, Commitment, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.onrecord import OnRecord, read_on_record
from quartet.core.parcel import Content, unpack
from quartet.core.timely import RECEIPT_ALLOWANCE
from quartet.node.views import Published
from quartet.store import ToldRow
from quartet.wire import MemoryHub, open_sealed
from quartet.wire.memory import Passed, Weather

pytestmark = pytest.mark.anyio
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))


def earliest(world: World, member: str, sent: Published) -> Micros | None:
    """Return the earliest time by which an item is timely, as a member finds it."""
    row = world.stores[member].reader.row(ItemId(sent.id))
    return None if row is None else world.nodes[member].timeliness.records.earliest(row, row.at)


def agreed(world: World, sent: Published, *members: str) -> Micros | None:
    """Return that time, once some members find the same."""
    found = {earliest(world, member, sent) for member in members}
    return found.pop() if len(found) == 1 else None


async def test_who_was_cut_off_comes_to_the_same_earliest_time_as_all_who_were_not(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        world.hub.cut(SOUTH)
        seal = await world.seal("north", ["east", "south", "west"], "sealed")
        await world.until(lambda: agreed(world, seal, "north", "east", "west") == best(world, seal) is not None)
        before = agreed(world, seal, "north", "east", "west")
        assert before is not None

        world.later(2 * RECEIPT_ALLOWANCE // SECOND)
        await world.stop("north")
        world.start("north")
        world.hub.mend(SOUTH)
        await world.until(lambda: agreed(world, seal, "north", "east", "south", "west"), 60)

        await world.until(lambda: by_itself(world, "south", seal))
        alone = by_itself(world, "south", seal)
        assert alone is not None
        assert alone > before + RECEIPT_ALLOWANCE // 2, "by its own receipt alone it would be late"
        assert agreed(world, seal, "north", "east", "south", "west") == before
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4
        assert {alarm for m in world.nodes for alarm in world.alarms(m)} <= {"clock-unsure"}, (
            "the test moved the clocks"
        )


async def test_a_holder_that_can_prove_an_earlier_time_than_the_author_tells_it_to_all(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        world.hub.drop_if = lambda passed: passed.to == "north"
        seal = await world.seal("north", ["east", "south", "west"], "sealed")
        await world.until(lambda: all(world.holds(member, seal.ref) for member in ("east", "south", "west")))
        followed = world.nodes["east"].witness.state(NORTH).size
        await world.until(lambda: world.nodes["east"].witness.state(NORTH).size > followed + 8)

        world.hub.drop_if = None
        await world.until(lambda: agreed(world, seal, *world.nodes) == best(world, seal), 60)

        alone, found = by_itself(world, "north", seal), best(world, seal)
        assert found is not None
        assert alone is None or alone > found, "of what it missed the author was told by the others"
        await world.until(lambda: not any(due(world, member) for member in world.nodes))
        await world.until(lambda: agreed(world, seal, *world.nodes) == best(world, seal))
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4


def words(world: World, sent: Published) -> dict[MemberId, Commitment]:
    """Return whose word about an item is on record, with what the log holds of it: its author's, and the receipts."""
    row = world.stores["north"].reader.row(ItemId(sent.id))
    assert row is not None
    made = {m: world.stores[m].reader.made_receipt(row.id) for m in world.nodes if m != "north"}
    return {NORTH: Commitment(row.c), **{MemberId(m): Commitment(one[0]) for m, one in made.items() if one}}


def best(world: World, sent: Published) -> Micros | None:
    """Return the earliest time by which an item is timely, if each knew every cosignature that any of them holds."""
    times = {about: [since(world, m, about, c, sent) for m in world.nodes] for about, c in words(world, sent).items()}
    known = {about: min((one for one in found if one is not None), default=None) for about, found in times.items()}
    recorded = known.pop(NORTH)
    return core.earliest(core.Evidence(recorded, tuple(one for one in known.values() if one is not None)))


def by_itself(world: World, member: str, sent: Published) -> Micros | None:
    """Return what a member would find by the cosignatures that came to it, and the receipts that it got or made."""
    found = {about: since(world, member, about, c, sent) for about, c in words(world, sent).items()}
    recorded = found.pop(NORTH)
    mine = found if member == "north" else {about: one for about, one in found.items() if about == member}
    return core.earliest(core.Evidence(recorded, tuple(one for one in mine.values() if one is not None)))


def since(world: World, member: str, about: MemberId, c: Commitment, sent: Published) -> Micros | None:
    row = world.stores["north"].reader.row(ItemId(sent.id))
    assert row is not None
    return world.nodes[member].proofs.dating.since(about, c, row.at)


def known(world: World, member: str, sent: Published) -> set[str]:
    """Return whose words about an item are on record as a member can prove to others."""
    return {row.about for row in world.stores[member].reader.proven(ItemId(sent.id))}


def due(world: World, member: str) -> list[ToldRow]:
    """Return what a member still has to tell."""
    reader = world.stores[member].reader
    return [one for peer in world.nodes[member].peers for one in reader.tellings(peer, (0, ""), 100)]


async def test_of_a_kind_without_a_deadline_nobody_is_told_who_has_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        seal = await world.seal("north", ["east", "south"], "sealed")
        await world.until(lambda: agreed(world, seal, *world.nodes) and told(world, "north"))
        await world.until(lambda: not any(due(world, member) for member in world.nodes))
        reader = world.stores["north"].reader
        receipts = [c for _, c in reader.receipt_commitments(report.id)]
        assert len(receipts) == 2
        await world.until(lambda: all(reader.path(c) for c in receipts))  # they are on record as well

        assert {one.id for frm in world.nodes for one in told(world, frm)} == {seal.id}
        kept = [row.item for m in world.nodes for row in world.stores[m].reader.proven(ItemId(report.id))]
        assert kept == []


def told(world: World, frm: str) -> list[OnRecord]:
    """Return what a member told of times, as the hub saw it pass and its recipients opened it."""
    return [
        read_on_record(content.data)
        for passed in world.hub.tapped
        if passed.kind == "p" and passed.frm == frm
        for content in opened(world, passed)
        if content.tag == "on-record"
    ]


def opened(world: World, passed: Passed) -> tuple[Content, ...]:
    """Open a parcel as the node to which it goes does."""
    node = world.nodes[passed.to]
    exchange_id, frm = node.registry.exchange, passed.frm
    plain = open_sealed(passed.data, exchange=exchange_id, frm=frm, to=passed.to, secrets=node.epochs.secrets)
    return unpack(plain, frm, passed.to, exchange_id, node.registry.link_key(frm)).contents


async def test_a_suspended_member_is_told_of_no_receipt_until_it_is_reinstated(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        world.hub.cut(SOUTH)
        seal = await world.seal("north", ["east", "south", "west"], "sealed")
        await world.until(lambda: all(known(world, m, seal) == {"north", "east", "west"} for m in ("east", "west")))
        await world.until(lambda: not any(due(world, member) for member in world.nodes))
        await act(world, "suspend", "west")
        await world.until(lambda: world.nodes["east"].registry.state.epoch == 1)
        before = len(world.hub.tapped)

        world.hub.mend(SOUTH)
        await world.until(lambda: SOUTH in known(world, "east", seal))

        to_west = [p for p in world.hub.tapped[before:] if p.to == "west" and p.kind == "p"]
        assert not [c for p in to_west for c in opened(world, p) if c.tag == "on-record"]
        assert SOUTH not in known(world, "west", seal)
        await world.until(lambda: kept_from_west(world) == [SOUTH])
        await act(world, "reinstate", "west")
        await world.until(lambda: SOUTH in known(world, "west", seal))


async def test_of_an_item_that_the_gate_no_longer_gives_a_member_it_is_told_nothing_more(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=600) as world:
        world.hub.cut(SOUTH)
        seal = await world.seal("north", ["east", "south", "west"], "sealed")
        await world.until(lambda: all(known(world, m, seal) == {"north", "east", "west"} for m in ("east", "west")))
        await world.until(lambda: not any(due(world, member) for member in world.nodes))
        narrowed = replace(item_marking(world, seal), rel=(EAST, SOUTH))
        verified = world.nodes["north"].holdings.verified(ItemId(seal.id))
        assert verified is not None
        assert verified.own is not None
        await world.say("north", "narrow", Narrow(control=verified.own.id, marking=narrowed))

        world.hub.mend(SOUTH)
        await world.until(lambda: SOUTH in known(world, "east", seal))
        marker = await world.send("north", ["west"], "a marker")
        await world.until(lambda: world.holds("west", marker.ref))

        await world.until(lambda: kept_from_west(world) == [SOUTH])
        assert SOUTH not in known(world, "west", seal)


def kept_from_west(world: World) -> list[str]:
    """Return whose words north has yet to tell west of."""
    return [one.row.about for one in world.stores["north"].reader.tellings(WEST, (0, ""), 9)]


def item_marking(world: World, sent: Published) -> Marking:
    verified = world.nodes["north"].holdings.verified(ItemId(sent.id))
    assert verified is not None
    return verified.statement.marking


async def test_loss_doubles_and_disorder_leave_nobody_with_another_time(tmp_path: Path) -> None:
    hub = MemoryHub(seed=7)
    async with exchange(tmp_path, hub=hub) as world:
        hub.weather = Weather(drop=0.15, duplicate=0.1, reorder=0.2)
        seals = [await world.seal("north", ["east", "south", "west"], f"{n}") for n in range(6)]
        await world.until(lambda: all(agreed(world, seal, *world.nodes) for seal in seals), 90)
        hub.weather = Weather()

        await world.until(lambda: all(agreed(world, seal, *world.nodes) == best(world, seal) for seal in seals), 60)

        await world.until(lambda: not any(due(world, member) for member in world.nodes), 60)
        await world.until(lambda: all(agreed(world, seal, *world.nodes) == best(world, seal) for seal in seals), 60)
        assert hub.counters()["lost"] > 0
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4


async def test_what_was_not_proven_when_the_node_ended_is_proven_once_it_runs_again(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        seal = await world.seal("north", ["east"], "sealed")
        await world.until(lambda: known(world, "north", seal) == {"north", "east"})
        await world.stop("north")

        world.open("north")
        await world.stores["north"].write(lambda tx: tx._do("DELETE FROM on_record"))
        world.run("north")

        await world.until(lambda: known(world, "north", seal) == {"north", "east"})
