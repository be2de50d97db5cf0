"""What a hub can do that loses, repeats, reorders and forges as it likes: delay, and nothing else."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.core.keys import SecretKey
from quartet.core.parcel import Content, ContentTag, content_hash, pack, pack_contents
from quartet.node.link import MAX_OUTSTANDING
from quartet.wire import MemoryHub
from quartet.wire.memory import Passed, Weather
from quartet.wire.seal import seal

pytestmark = pytest.mark.anyio
NORTH, EAST = MemberId("north"), MemberId("east")
FAR = MAX_OUTSTANDING
"""More parcels than go while a test looks: beats never cease."""


def state(world: World, member: str) -> tuple[tuple[str, ...], int, int, int, int]:
    """Return what a forged message must not change."""
    reader = world.stores[member].reader
    rows = tuple(row.ref for row in world.rows(member))
    return rows, reader.count("item"), reader.count("receipt_batch"), reader.count("manifest"), reader.count("act")


def forge(world: World, contents: list[Content], link: SecretKey, ahead: int = 1) -> bytes:
    """Return a parcel from north to east with a right header, sealed with east's public key, as signed by `link`."""
    north = world.nodes["north"]
    parts, registry, peer = north._parts, north.registry, north.peers[EAST]
    pump = north._pumps[EAST]
    content = pack_contents(contents)
    parcel = pack(pump._header(peer.outgoing.seq + ahead, content_hash(content)), content, link)
    public = registry.epoch_key(EAST, parts.clock.now())
    assert public is not None
    return seal(parcel.plaintext, exchange=registry.exchange, frm=NORTH, to=EAST, public=public)


async def settle(world: World) -> None:
    """Wait until everything that was sent has been handled, and a new item passes."""
    marker = await world.send("north", ["east"], "marker")
    await world.until(lambda: world.holds("east", marker.ref))


def answered(world: World, member: str, reason: str) -> int:
    return world.nodes[member]._parts.carrier.counters().get(f"refused.{reason}", 0)


async def test_a_parcel_that_the_hub_signs_itself_changes_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        before, seq = state(world, "east"), world.nodes["east"].peers[NORTH].incoming.through
        contents = [Content("officers", b"{}"), Content("path", b"{}"), Content("signed", b"{}")]

        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, SecretKey(os.urandom(32)), ahead=FAR)))
        await world.until(lambda: answered(world, "east", "bad-signature"))

        assert state(world, "east") == before
        assert world.nodes["east"].peers[NORTH].incoming.through < seq + FAR
        await settle(world)


async def test_what_was_carried_before_is_accepted_once_from_whomever_it_comes(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.on_record("north", report.ref))
        parcels = [p for p in world.hub.tapped if p.kind == "p" and (p.frm, p.to) == (NORTH, EAST)]

        for parcel in parcels:
            world.hub.carry(parcel)
            world.hub.carry(Passed(MemberId("south"), EAST, "p", parcel.data))
            world.hub.carry(Passed(NORTH, MemberId("west"), "p", parcel.data))
        await settle(world)

        assert [row.ref for row in world.rows("east")].count(report.ref) == 1
        assert world.stores["east"].reader.count("item") == 2
        assert world.rows("west") == ()
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4
        assert not any(world.alarms(m) for m in world.nodes)


@pytest.mark.rare
async def test_loss_doubles_and_disorder_only_delay(tmp_path: Path) -> None:
    hub = MemoryHub(seed=7)
    async with exchange(tmp_path, "north", "east", "south", hub=hub) as world:
        hub.weather = Weather(drop=0.1, duplicate=0.2, reorder=0.2)
        sent = []
        for n in range(40):
            sent.append(await world.send("north", ["east", "south"], f"{n}", title=f"{n}"))
            sent.append(await world.send("east", ["north", "south"], f"{n}", title=f"{n}"))
        await world.until(lambda: all(len(world.rows(m)) == 80 for m in world.nodes), 60)
        hub.weather = Weather()
        await world.until(lambda: len(world.receipts("north", sent[0].ref).delivered) == 2)

        for member in world.nodes:
            assert sorted(row.ref for row in world.rows(member)) == sorted(item.ref for item in sent)
        assert hub.counters()["lost"] > 0
        assert [await world.problems(m) for m in world.nodes] == [[]] * 3


async def test_a_dropped_parcel_is_noticed_within_three_ticks_and_its_rows_arrive_all_the_same(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", tick_s=1) as world:
        await settle(world)
        dropped: list[Passed] = []
        after: list[str] = []

        def one(passed: Passed) -> bool:
            """Drop the first parcel of north's; note how east finds the link whenever another one passes."""
            if passed.kind != "p" or passed.frm != "north":
                return False
            if not dropped:
                dropped.append(passed)
                return True
            after.append(world.link("east", "north"))
            return False

        world.hub.drop_if = one
        report = await world.send("north", ["east"], "near Dam 3")

        await world.until(lambda: "suspect" in after)
        assert "suspect" in after[:4], "no more than three ticks after it, each of which sends a parcel"
        await world.until(lambda: world.holds("east", report.ref))
        await world.until(lambda: world.link("east", "north") == "up")
        assert len(dropped) == 1


async def test_a_link_that_falls_silent_is_suspect_after_three_seconds(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        world.hub.drop_if = lambda passed: passed.frm == "north"

        await world.until(lambda: world.link("east", "north") == "suspect")
        world.hub.drop_if = None
        await world.until(lambda: world.link("east", "north") == "up")


TAGS: tuple[ContentTag, ...] = (
    "signed",
    "receipts",
    "path",
    "checkpoint",
    "cosignature",
    "officers",
    "act",
    "manifest",
    "epoch-key",
    "proof-part",
    "on-record",
    "attachment-part",
)

GARBAGE: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "empty": lambda chance, data: b"",
    "random": lambda chance, data: chance.randbytes(chance.randrange(1, 4000)),
    "cut": lambda chance, data: data[: chance.randrange(len(data))],
    "grown": lambda chance, data: data + chance.randbytes(16),
    "turned": lambda chance, data: (lambda n: data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :])(
        chance.randrange(len(data))
    ),
    "large": lambda chance, data: bytes(600 * 1024),
}


async def test_garbage_of_every_kind_changes_nothing_and_ends_no_node(tmp_path: Path) -> None:
    chance = random.Random(11)
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        seen = {p.kind: p.data for p in world.hub.tapped if p.to == "east"}
        before = state(world, "east")

        for kind in ("p", "t", "m", "h"):
            for spoil in GARBAGE.values():
                for _ in range(10):
                    data = spoil(chance, seen.get(kind, seen["p"]))
                    world.hub.carry(Passed(NORTH, EAST, kind, data))
                    world.hub.carry(Passed(MemberId("atlantis"), EAST, kind, data))
        after = state(world, "east")
        await settle(world)

        assert after == before
        assert [await world.problems(m) for m in world.nodes] == [[], []]


async def test_a_member_that_signs_garbage_of_every_tag_ends_no_node_and_stops_no_other_member(tmp_path: Path) -> None:
    chance = random.Random(13)
    spoilt = (b"", b"{}", b"\x93\x01\x02\x03", b"quartet/x\n1\n\n", chance.randbytes(200), b"\xff" * 70)
    async with exchange(tmp_path, "north", "east", "south") as world:
        await settle(world)
        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        before = state(world, "east")

        contents = [Content(tag, data) for tag in TAGS for data in spoilt]
        seq = world.nodes["east"].peers[NORTH].incoming.through
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
        await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > seq)
        report = await world.send("south", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))

        assert world.stores["east"].reader.evidence()
        assert state(world, "east")[0] == (*before[0], report.ref)
        assert world.alarms("east")
        assert await world.problems("east") == []


async def test_one_bad_statement_in_a_parcel_does_not_stop_the_rest(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        store = world.stores["north"]
        world.hub.cut(NORTH)
        good = await world.send("north", ["east"], "the good one")
        stored = store.reader.item(good.id)
        assert stored is not None
        assert stored.control is not None
        spoilt = stored.signed.replace(b'"sig":"', b'"sig":"A', 1)
        contents = [
            Content("signed", spoilt),
            Content("signed", b"no statement at all"),
            Content("signed", stored.signed),
            Content("control", stored.control),
        ]

        world.hub.mend(NORTH)
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
        await world.until(lambda: world.holds("east", good.ref))

        assert world.text("east", good.ref) == "the good one"
        assert world.alarms("east")
        assert len(world.stores["east"].reader.evidence()) >= 2
