"""Cover: each pair sends one parcel of one size in each slot, and what is said gets through all the same."""

import os
from pathlib import Path
from typing import Final

import msgspec
import pytest
from test_exchange import fetched, hand_over
from virtual import Timed, counted, played
from world import World

from quartet.core.articles import ActPayload, Changes
from quartet.core.charter import propose, sign_act
from quartet.core.cover import COVERS
from quartet.core.ids import SECOND, ItemId, MemberId
from quartet.node.link import Cargo
from quartet.node.views import FeedDraft, Sighting, moment
from quartet.wire.seal import OVERHEAD

NORTH, EAST, WEST = map(MemberId, ("north", "east", "west"))
NO_CHANGE: Final = dict.fromkeys(Changes.__struct_fields__)
THREE: Final = (NORTH, EAST, WEST)
PAIRS: Final = {(a, b) for a in THREE for b in THREE if a != b}


@pytest.mark.parametrize("cover", COVERS)
def test_each_pair_sends_one_parcel_of_one_size_in_each_tick_and_no_frame(tmp_path: Path, cover: str) -> None:
    async def script(timed: Timed) -> None:
        await timed.at(8)
        await timed.world.send("north", ["east"], "near Dam 3")
        await timed.at(15.9)

    hub = played(tmp_path, script, *THREE, cover=cover)

    assert {one.size for one in hub.crossed if one.kind == "p"} == {COVERS[cover] + OVERHEAD}
    assert {one.kind for one in hub.crossed} == {"p", "m", "h"}
    assert {one.at % SECOND for one in hub.crossed} == {SECOND // 2}
    settled = {key: n for key, n in counted(hub).items() if key[0] >= 5}
    assert settled == {(second, *pair): 1 for second in range(5, 16) for pair in PAIRS}


def test_what_fits_is_there_with_the_next_slot_and_confirmed_two_slots_later(tmp_path: Path) -> None:
    times: list[float] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        for n in range(5):
            await timed.at(8.26 + n * 3)
            began = timed.now
            sent = await world.send("north", ["east"], f"report {n}", precedence="FLASH")
            await world.until(lambda: world.holds("east", sent.ref))  # noqa: B023 - asked at once
            times.append(timed.now - began)
            await world.until(lambda: EAST in world.receipts("north", sent.ref).delivered)  # noqa: B023
            assert timed.now - began < 4

    played(tmp_path, script, *THREE, cover="narrow")

    assert max(times) < 1.5, "a tick, and the quarter of one that a parcel is made before"


@pytest.mark.rare
def test_more_than_the_rate_is_late_and_whole_and_the_urgent_overtakes(tmp_path: Path) -> None:
    came: list[str] = []
    files: list[bool] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6)
        data = os.urandom(200_000)
        file = await hand_over(world, "north", data)
        film = await world.send("north", ["east"], "a film", attachments=(file,))
        slow = [await world.send("north", ["east"], f"{n} " + "x" * 5_000) for n in range(20)]
        large = await world.send("north", ["east"], "y" * 40_000)
        await timed.at(10)
        fast = await world.send("north", ["east"], "now", precedence="FLASH")
        names = {one.ref: "slow" for one in slow} | {large.ref: "large", fast.ref: "fast"}
        while len(came) < len(names) or not files:
            came.extend(names[ref] for ref in list(names) if world.holds("east", ref) and ref not in done)
            done.update(ref for ref in names if world.holds("east", ref))
            files.extend([True] if await fetched(world, "east", film.ref, file) == data else [])
            await timed.at(timed.now + 0.25)
            assert timed.now < 120

    done: set[str] = set()
    hub = played(tmp_path, script, *THREE, cover="narrow")

    assert came.index("fast") < 14
    assert sorted(came) == ["fast", "large"] + ["slow"] * 20
    assert {one.size for one in hub.crossed if one.kind == "p"} == {COVERS["narrow"] + OVERHEAD}


@pytest.mark.parametrize("movers", [3, 400])
def test_live_positions_go_inside_parcels_and_the_newest_come(tmp_path: Path, movers: int) -> None:
    shown: list[int] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        node, viewer = world.nodes["north"], world.viewer("north")
        feed = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(EAST,), title="Mast 4"))
        await timed.at(6)
        for n in range(30):
            at = moment(world.now("north"))
            await node.feeds.sight(
                viewer,
                feed.ref,
                tuple(
                    Sighting(id=f"3c{k:04x}", lat=47 + k / 100 + n / 1000, lon=8.0, at=at, alt_m=900.0)
                    for k in range(movers)
                ),
            )
            await timed.at(timed.now + 1)
        shown.append(len(world.nodes["east"].picture(world.viewer("east"))))
        shown.append(len(world.nodes["west"].picture(world.viewer("west"))))

    hub = played(tmp_path, script, *THREE, cover="narrow")

    assert shown == [movers, 0]
    assert not [one for one in hub.crossed if one.kind == "t"]


def test_what_is_recalled_while_it_waits_for_its_slot_does_not_leave(tmp_path: Path) -> None:
    held: list[bool] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(8.1)
        sent = await world.send("north", ["east"], "a mistake")
        other = await world.send("north", ["east"], "no mistake")
        await timed.at(8.4)
        assert world.nodes["north"].peers[EAST].outgoing.under_way()[-1].cargo.rows, "it is in a parcel, and sealed"
        await world.recall("north", sent.ref)
        await timed.at(8.6)
        held.append(world.holds("east", other.ref))
        for _ in range(40):
            await timed.at(timed.now + 0.1)
            held.append(world.stores["east"].reader.row(ItemId(sent.id)) is not None)
        assert world.holds("east", other.ref)

    hub = played(tmp_path, script, *THREE, cover="narrow")

    assert not any(held)
    assert counted(hub)[(8, NORTH, EAST)] == 1, "a filler went"
    assert {one.size for one in hub.crossed if one.kind == "p"} == {COVERS["narrow"] + OVERHEAD}


def test_what_goes_in_pieces_and_is_recalled_in_the_middle_never_comes_whole(tmp_path: Path) -> None:
    held: list[bool] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        sent = await world.send("north", ["east"], "y" * 60_000)
        await timed.at(9.1)
        assert world.nodes["north"].peers[EAST].larges.left > 10_000, "it is on its way"
        await world.recall("north", sent.ref)
        for n in range(15):
            await timed.at(10 + n)
            held.append(world.stores["east"].reader.row(ItemId(sent.id)) is not None)
        assert not world.nodes["north"].peers[EAST].larges.left

    played(tmp_path, script, *THREE, cover="narrow")

    assert not any(held)


def test_pieces_that_wait_for_their_slot_do_not_leave_once_their_item_was_given_up(tmp_path: Path) -> None:
    held: list[bool] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(8.1)
        sent = await world.send("north", ["east"], "y" * 16_000)
        await timed.at(9.4)
        peer = world.nodes["north"].peers[EAST]
        assert peer.outgoing.under_way()[-1].cargo.pieces, "it is in a parcel, and sealed"
        assert not peer.larges.left, "and the last of it"
        await world.recall("north", sent.ref)
        peer.larges.drop(lambda _: False)  # as the next parcel of this slot does
        for _ in range(40):
            await timed.at(timed.now + 0.1)
            held.append(world.stores["east"].reader.row(ItemId(sent.id)) is not None)

    played(tmp_path, script, *THREE, cover="narrow")

    assert not any(held)


async def agree(world: World, cover: str) -> None:
    """Have north, and all others, sign an act that sets the cover, and north's node take it."""
    state = world.nodes["north"].registry.state
    payload = ActPayload(
        at=world.now("north"),
        subject=None,
        reason="",
        admitted=None,
        changes=msgspec.convert(NO_CHANGE | {"cover": cover}, Changes),
    )
    act = sign_act(propose(state, "set", payload), [world.root(member) for member in world.nodes])
    await world.nodes["north"].take_act(act)


@pytest.mark.parametrize(("before", "after"), [("off", "narrow"), ("medium", "off"), ("narrow", "wide")])
def test_an_act_of_the_charter_changes_the_cover_and_what_was_on_its_way_comes_all_the_same(
    tmp_path: Path, before: str, after: str
) -> None:
    async def script(timed: Timed) -> None:
        world = timed.world
        await timed.at(6.1)
        data = os.urandom(300_000)
        file = await hand_over(world, "north", data)
        sent = [await world.send("north", ["east"], f"{n} " + "x" * n * 2_000) for n in range(12)]
        film = await world.send("north", ["east"], "a film", attachments=(file,))
        await timed.at(8.7)
        await agree(world, after)
        await world.until(lambda: {node.registry.state.terms.cover for node in world.nodes.values()} == {after})
        changed.append(round(timed.now) + 2)
        await timed.at(80)
        assert all(world.holds("east", one.ref) for one in sent)
        assert await fetched(world, "east", film.ref, file) == data
        assert [await world.problems(member) for member in world.nodes] == [[], [], []]

    changed: list[int] = []
    hub = played(tmp_path, script, *THREE, cover=before)

    sizes = {one.size for one in hub.crossed if one.kind == "p" and one.at > changed[0] * SECOND}
    assert sizes == {COVERS[after] + OVERHEAD} if after in COVERS else len(sizes) > 1


def test_a_slot_that_is_under_way_when_an_act_ends_cover_goes_as_it_was_begun(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        await timed.at(6.1)
        node = timed.world.nodes["north"]
        pump = node.neighbours.pumps[MemberId("east")]
        covering = pump._covering()
        pump.peer.cover = None  # the act came, and the loop has not come to the pump yet
        (sealed,) = covering._fill(1)
        sizes.append(len(sealed))

    sizes: list[int] = []
    played(tmp_path, script, *THREE, cover="narrow")

    assert sizes == [COVERS["narrow"] + OVERHEAD]


def test_the_last_look_asks_the_gate_for_what_is_told_of_a_time_too(tmp_path: Path) -> None:
    async def script(timed: Timed) -> None:
        world, east = timed.world, MemberId("east")
        await timed.at(6.1)
        ours = await world.send("north", ["east"], "ours, and taken back")
        theirs = await world.send("east", ["north"], "the peer's own")
        await timed.at(9.1)
        rows = world.nodes["north"].neighbours.pumps[east]._rows

        def gives(item: ItemId) -> bool:
            return rows.gives(Cargo(told=[(item, east, world.now("north"))]), world.now("north"))

        assert gives(ours.id)
        await world.recall("north", ours.ref)
        given.append((gives(ours.id), gives(theirs.id)))

    given: list[tuple[bool, bool]] = []
    played(tmp_path, script, *THREE, cover="narrow")

    assert given == [(False, True)]
