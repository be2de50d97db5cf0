"""What proves a fact goes before it; what a peer could not believe goes again once he can."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_hostile_hub import settle
from world import PATIENCE, World, exchange

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.manifest import Officer, sign_officer_manifest
from quartet.core.release import Viewer
from quartet.core.statement import assert_item
from quartet.node.factviews import FactDraft
from quartet.node.office import officer, open_offline, read_officer_manifest, with_officer
from quartet.node.parked import AGAIN_AFTER, MAX_PARKED, Parked
from quartet.store import EVIDENCE

pytestmark = pytest.mark.anyio
NORTH, EAST = MemberId("north"), MemberId("east")
ITEM = ItemId("A" * 43)
HERS = 2
"""The version of the list that names the newcomer: the first is north's own."""
DAY = 86_400 * SECOND
SLOW_TICK_S = 20.0
"""Between two beats the old order shows: whatever waits for the beat comes after it."""


def newcomer(world: World, name: str) -> tuple[SecretKey, bytes]:
    """Return the key of a new officer of a member, and the list that names her, signed by its root."""
    key, folder = SecretKey(os.urandom(32)), world.member(name)
    manifest, _ = read_officer_manifest(folder, MemberId(name), world.charter())
    hers: Officer = officer(OfficerName("newcomer"), (), key.public)
    return key, sign_officer_manifest(with_officer(manifest, hers), open_offline(folder).root)


async def recall(world: World, name: str, ref: str, key: SecretKey) -> None:
    """Have the newcomer take an item back."""
    node = world.nodes[name]
    prepared = await node.prepare(Viewer(MemberId(name), OfficerName("newcomer")), FactDraft(kind="recall", ref=ref))
    await node.commit(prepared, assert_item(prepared.id, key))


async def recall_by_somebody_unheard_of(world: World, ref: str) -> None:
    """Have a newcomer of north take an item back whose list, as if it had gone and been lost, east does not have."""
    key, listed = newcomer(world, "north")
    world.nodes["north"].peers[EAST].officers = HERS
    await world.nodes["north"].take_officers(listed)
    await recall(world, "north", ref, key)


def send_her_list(world: World) -> None:
    world.nodes["north"].peers[EAST].officers = HERS - 1


@pytest.mark.rare
async def test_a_recall_by_an_officer_of_this_moment_is_believed_at_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", tick_s=SLOW_TICK_S) as world:
        report = await world.send("north", ["east"], "soon taken back")
        await world.until(lambda: world.holds("east", report.ref))
        key, listed = newcomer(world, "north")
        ledger = world.nodes["north"].ledger
        await world.until(lambda: SLOW_TICK_S - 1 > ledger.due_in(world.now("north")) > SLOW_TICK_S / 2)
        size = ledger.size

        await world.nodes["north"].take_officers(listed)
        await recall(world, "north", report.ref, key)

        await world.until(lambda: not world.holds("east", report.ref))
        assert ledger.size == size, "it did not wait for the beat"
        assert world.alarms("east") == set()


async def test_what_a_peer_could_not_believe_goes_again_until_he_can(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "soon taken back")
        await world.until(lambda: world.holds("east", report.ref))

        await recall_by_somebody_unheard_of(world, report.ref)
        await world.until(lambda: "unknown-officer" in world.alarms("east"))
        await settle(world)
        assert world.holds("east", report.ref)

        send_her_list(world)
        await world.until(lambda: not world.holds("east", report.ref), AGAIN_AFTER / SECOND + PATIENCE)
        await world.until(lambda: "unknown-officer" not in world.alarms("east"))


async def test_an_alarm_stays_while_anything_else_that_it_tells_of_is_not_believed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        reports = [await world.send("north", ["east"], f"soon taken back {n}") for n in range(2)]
        await world.until(lambda: all(world.holds("east", report.ref) for report in reports))
        await recall_by_somebody_unheard_of(world, reports[0].ref)
        await world.until(lambda: "unknown-officer" in world.alarms("east"))
        detail = "somebody that east never heard of"
        stays = (
            "unknown-officer",
            "north",
            world.stores["east"].box.wrap(b"never to be believed", EVIDENCE),
            Micros(1),
        )
        await world.stores["east"].write(lambda tx: tx.put_refused(*stays))
        await world.stores["east"].write(lambda tx: tx.put_alarm("unknown-officer", "north", detail, Micros(1)))

        send_her_list(world)
        await world.until(lambda: not world.holds("east", reports[0].ref), AGAIN_AFTER / SECOND + PATIENCE)
        await settle(world)

        assert "unknown-officer" in world.alarms("east")
        assert len(world.stores["east"].reader.refused("north")) == 1


async def test_a_peer_ends_no_alarm_that_something_else_raised_for_the_same_reason(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "soon taken back")
        await world.until(lambda: world.holds("east", report.ref))
        await recall_by_somebody_unheard_of(world, report.ref)
        await world.until(lambda: "unknown-officer" in world.alarms("east"))
        other = Untrusted("unknown-officer", "of an act, say")  # an act, a checkpoint, a line of a witness
        await world.nodes["east"].neighbours.receivers[NORTH].doubts.alarm(other, world.now("east"))

        send_her_list(world)
        await world.until(lambda: not world.holds("east", report.ref), AGAIN_AFTER / SECOND + PATIENCE)
        await settle(world)

        assert "unknown-officer" in world.alarms("east")


async def test_a_list_of_officers_that_a_newer_one_overtook_alarms_nobody(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        _, listed = newcomer(world, "north")
        _, older = world.nodes["north"].registry.officer_manifest(MemberId("north")) or (0, b"")
        await world.nodes["north"].take_officers(listed)
        await world.until(lambda: world.nodes["east"].registry.officer_manifest(MemberId("north")) == (2, listed))
        receiver = world.nodes["east"].neighbours.receivers[MemberId("north")]

        await receiver._officers(older)

        assert world.nodes["east"].registry.officer_manifest(MemberId("north")) == (2, listed)
        assert world.alarms("east") == set()
        with pytest.raises(Untrusted, match="manifest-older"):
            await world.nodes["north"].take_officers(older)


async def test_what_was_parked_goes_again_from_a_node_that_starts_anew(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "soon taken back")
        await world.until(lambda: world.holds("east", report.ref))
        key, listed = newcomer(world, "north")
        peer = world.nodes["north"].peers[EAST]
        peer.officers = HERS

        await world.nodes["north"].take_officers(listed)
        await recall(world, "north", report.ref, key)
        await world.until(lambda: peer.parked.due(Micros(2**60)))
        await world.stop("north")
        world.member("north").officer_manifest(MemberId("north")).write_bytes(listed)
        world.start("north")

        await world.until(lambda: not world.holds("east", report.ref))


@given(st.integers(min_value=1, max_value=30))
def test_what_stays_parked_goes_ever_more_rarely(days: int) -> None:
    parked, sent = Parked(), 0
    parked.receipted([(ITEM, "PARKED")], Micros(0))

    for now in range(0, days * DAY, 5 * SECOND * days):
        again = parked.due(Micros(now))
        sent += len(again)
        parked.receipted([(item, "PARKED") for item in again], Micros(now))

    assert 1 <= sent <= 15 + days.bit_length()


def test_what_is_believed_at_last_is_not_sent_again() -> None:
    parked = Parked()
    parked.receipted([(ITEM, "PARKED")], Micros(0))
    parked.receipted([(ITEM, "VERIFIED")], Micros(1))

    assert parked.due(Micros(DAY)) == []


def test_only_so_many_are_remembered() -> None:
    parked = Parked()
    parked.receipted([(ItemId(f"{n:043}"), "PARKED") for n in range(MAX_PARKED + 5)], Micros(0))

    assert len(parked.due(Micros(DAY))) == MAX_PARKED
