"""Cover in hard hours: a node that ends in the middle, one that comes back from a backup, a suspension, a lossy hub."""

import os
from pathlib import Path
from typing import Final

import msgspec
from test_backup import backed_up, put_back, recovered
from test_exchange import fetched, hand_over
from virtual import Recorder, Timed, counted, played
from world import World

from quartet.core.articles import ActPayload, Changes
from quartet.core.charter import propose, sign_act
from quartet.core.cover import COVERS
from quartet.core.ids import SECOND, MemberId
from quartet.wire.memory import Weather
from quartet.wire.seal import OVERHEAD

NORTH, EAST, WEST = map(MemberId, ("north", "east", "west"))
THREE: Final = (NORTH, EAST, WEST)


def all_in_slots(hub: Recorder) -> bool:
    """Return whether all that passed was of one size and in the middle of a tick."""
    sizes = {one.size for one in hub.crossed if one.kind == "p"}
    return sizes == {COVERS["narrow"] + OVERHEAD} and {one.at % SECOND for one in hub.crossed} == {SECOND // 2}


def test_what_was_on_its_way_in_pieces_comes_though_either_end_ends_in_the_middle(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        data = os.urandom(300_000)
        file = await hand_over(world, "north", data)
        film = await world.send("north", ["east"], "a film", attachments=(file,))
        large = await world.send("north", ["east"], "y" * 60_000)
        await timed.at(10)
        assert world.nodes["north"].peers[EAST].larges.left
        for name in ("east", "north"):
            await world.stop(name)
            world.start(name)
            await timed.at(timed.now + 6)
        await world.until(lambda: world.holds("east", large.ref))
        await timed.at(timed.now + 80)
        assert world.text("east", large.ref) == "y" * 60_000
        assert await fetched(world, "east", film.ref, file) == data
        assert [await world.problems(member) for member in world.nodes] == [[], [], []]

    assert all_in_slots(played(tmp_path, script, *THREE, cover="narrow"))


def test_a_node_that_comes_back_from_a_backup_asks_and_is_answered_in_slots(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        await world.send("north", ["east"], "before the backup")
        await timed.at(12)
        written = backed_up(world, "north", tmp_path / "safe")
        said = await world.send("north", ["east"], "after the backup")
        got = await world.send("east", ["north"], "lost at north")
        await world.until(lambda: world.on_record("east", said.ref, 1) and world.on_record("north", got.ref, 1))
        await put_back(world, "north", written)
        world.start("north")
        await recovered(world, "north")
        assert world.text("north", said.ref) == "after the backup"
        assert world.text("north", got.ref) == "lost at north"
        later = await world.send("north", ["east"], "and on")
        await world.until(lambda: world.holds("east", later.ref))

    assert all_in_slots(played(tmp_path / "x", script, *THREE, cover="narrow"))


def test_loss_doubles_and_disorder_only_delay_and_change_nothing_that_is_sent(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        timed.hub.weather = Weather(drop=0.05, duplicate=0.1, reorder=0.1)
        await timed.at(6.1)
        sent = [await world.send("north", ["east"], f"{n} " + "x" * n * 1_000) for n in range(12)]
        await world.until(lambda: all(world.holds("east", one.ref) for one in sent))
        await world.until(lambda: all(EAST in world.receipts("north", one.ref).delivered for one in sent))
        assert [await world.problems(member) for member in world.nodes] == [[], [], []]

    assert all_in_slots(played(tmp_path, script, *THREE, cover="narrow"))


def test_two_that_both_say_more_than_the_rate_confirm_each_other_all_the_same(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        first = await world.send("north", ["east"], "first of many", precedence="FLASH")
        for n in range(80):
            await world.send("north", ["east"], f"{n} " + "x" * 4_000)
            await world.send("east", ["north"], f"{n} " + "x" * 4_000)
        await world.until(lambda: world.proven("east", first.ref))
        assert _waits(world, "north", EAST) > 40, "what proves it does not wait for all else"
        await world.until(lambda: all(_waits(world, *pair) == 0 for pair in (("north", EAST), ("east", NORTH))))
        took.append(timed.now)

    took: list[float] = []
    hub = played(tmp_path, script, "north", "east", cover="narrow")

    assert took[0] < 80, "forty slots for 400 KB, and not as many again for what was sent again"
    assert max(n for (second, *_), n in counted(hub).items() if second > 6) == 1


def _waits(world: World, at: str, to: MemberId) -> int:
    return world.stores[at].reader.due_count(to)


def test_to_a_suspended_member_the_stream_goes_on_and_brings_recalls_alone(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        before = await world.send("north", ["west"], "before")
        await world.until(lambda: world.holds("west", before.ref))
        state = world.nodes["north"].registry.state
        payload = ActPayload(at=world.now("north"), subject=WEST, reason="", admitted=None, changes=None)
        act = sign_act(propose(state, "suspend", payload), [world.root(name) for name in ("north", "east")])
        await world.nodes["north"].take_act(act)
        await world.until(lambda: world.nodes["west"].registry.state.epoch == 1)
        after = await world.send("north", ["east"], "after")
        await world.until(lambda: world.holds("east", after.ref))
        await world.recall("north", before.ref)
        began.append(timed.now)
        await timed.at(timed.now + 8)
        assert not world.holds("west", before.ref)

    began: list[float] = []
    hub = played(tmp_path, script, *THREE, cover="narrow")

    assert all_in_slots(hub)
    later = [n for (second, frm, to), n in counted(hub).items() if second > began[0] and (frm, to) == (NORTH, WEST)]
    assert len(later) >= 7
    assert set(later) == {1}


def test_an_act_of_several_parcels_reaches_a_suspended_member(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        north, roots = world.nodes["north"], [world.root(name) for name in ("north", "east")]
        payload = ActPayload(at=world.now("north"), subject=WEST, reason="", admitted=None, changes=None)
        await north.take_act(sign_act(propose(north.registry.state, "suspend", payload), roots))
        await world.until(lambda: world.nodes["west"].registry.state.epoch == 1)
        rules = tuple(f"{n} " + "x" * 900 for n in range(60))
        changes = msgspec.convert(dict.fromkeys(Changes.__struct_fields__) | {"prohibitions": rules}, Changes)
        payload = ActPayload(at=world.now("north"), subject=None, reason="", admitted=None, changes=changes)
        await north.take_act(sign_act(propose(north.registry.state, "set", payload), roots))
        await timed.at(timed.now + 25)
        assert [node.registry.state.epoch for node in world.nodes.values()] == [2, 2, 2]

    assert all_in_slots(played(tmp_path, script, *THREE, cover="narrow"))
