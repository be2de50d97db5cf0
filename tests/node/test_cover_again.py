"""Cover where something goes once more, or a member's key is none: it comes all the same, and nobody ends."""

from pathlib import Path
from typing import Final

from test_backup import backed_up, put_back, recovered
from virtual import Timed, counted, played

from quartet.core.encoding import b64
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.keys import XWING, key_id
from quartet.core.manifest import EpochKey, sign_epoch_key
from quartet.node.views import FeedDraft, Sighting, moment
from quartet.wire.memory import Passed

NORTH, EAST, WEST = map(MemberId, ("north", "east", "west"))
THREE: Final = (NORTH, EAST, WEST)


def test_a_node_that_comes_back_gets_back_what_is_many_parcels_long(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(12)
        written = backed_up(world, "north", tmp_path / "safe")
        got = await world.send("east", ["north"], "y" * 100_000)
        await world.until(lambda: world.on_record("north", got.ref, 1))
        await put_back(world, "north", written)
        world.start("north")
        await timed.at(timed.now + 60)
        assert not world.nodes["north"].recovering.active
        await recovered(world, "north")
        assert world.text("north", got.ref) == "y" * 100_000

    played(tmp_path / "x", script, *THREE, cover="narrow")


def test_a_member_whose_key_nothing_can_be_sealed_for_ends_nobodys_node(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6)
        north, now = world.nodes["north"], world.now("north")
        raw = world.nodes["west"].epochs.secrets.popitem()[1].public[:-32] + bytes(32)
        week = 8 * 86_400 * SECOND
        key = EpochKey(
            v=1,
            exchange=north.registry.exchange,
            member=WEST,
            key_id=key_id(XWING, raw),
            public=b64(raw),
            not_before=now,
            not_after=Micros(now + week),
        )
        north.registry.learn_epoch_key(sign_epoch_key(key, world.keys("west").item), WEST)
        await timed.at(10)
        sent = await world.send("north", ["east"], "to another")
        await world.until(lambda: world.holds("east", sent.ref))

    hub = played(tmp_path, script, *THREE, cover="narrow")

    assert counted(hub)[(9, NORTH, EAST)] == 1
    assert counted(hub)[(9, NORTH, WEST)] == 0


def test_a_flash_of_a_third_of_a_parcel_goes_beside_a_busy_picture_and_all_else(tmp_path: Path) -> None:
    took: list[float] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        node, viewer = world.nodes["north"], world.viewer("north")
        feed = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(EAST,), title="Mast 4"))
        await timed.at(6)
        for n in range(60):
            await world.send("north", ["east"], f"{n} " + "x" * 5_000)
        fast = None
        for n in range(40):
            at = moment(world.now("north"))
            seen = (
                Sighting(id=f"3c{k:04x}", lat=47 + k / 100 + n / 1000, lon=8.0, at=at, alt_m=900.0) for k in range(100)
            )
            await node.feeds.sight(viewer, feed.ref, tuple(seen))
            if n == 5:
                fast = await world.send("north", ["east"], "z" * 4_000, precedence="FLASH")
            await timed.at(timed.now + 1)
            if fast is not None and not took and world.holds("east", fast.ref):
                took.append(n - 5)
        assert world.stores["north"].reader.due_count(EAST) > 10, "all else still waits"

    played(tmp_path, script, "north", "east", cover="narrow")

    assert took
    assert took[0] < 8


def test_a_hub_that_brings_a_first_parcel_again_and_again_holds_nothing_up(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world, first = timed.world, list[Passed]()
        timed.hub.reads = lambda one: first.append(one) if (one.frm, one.kind) == (EAST, "p") else None
        await timed.at(5)
        timed.hub.reads = lambda _: None
        sent = await world.send("north", ["east"], "y" * 60_000)
        for _ in range(60):
            for one in first:
                timed.hub.hand_over(one)
            await timed.at(timed.now + 0.5)
        assert world.holds("east", sent.ref)

    played(tmp_path, script, "north", "east", cover="narrow")
