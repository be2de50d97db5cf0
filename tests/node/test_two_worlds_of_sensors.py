"""Two worlds that differ in a sensor withheld from west: west is sent the same, and shown the same, to the byte."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from world import exchange

from quartet.node.views import moment
from quartet.picture.livewire import read_live
from sky import EAST, EVERYWHERE, NORTH, WEST, Sky, sky, spelt

pytestmark = pytest.mark.anyio

Script = Callable[[Sky], Awaitable[None]]
AIRCRAFT = "3c6444"


async def played(folder: Path, script: Script) -> tuple[list[str], Sky]:
    """Return what west was sent and shown while a script was played: frames, pictures, those of then, its map."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await script(made)
        viewer, node = world.viewer("west"), made.nodes[WEST]
        past = [spelt(await node.past_picture(viewer, view[0].at)) for view in made.pictures if view]
        names = {name.id: f"{name.track} of {name.sources}" for frame in made.drawn for name in frame.names}
        drawn = [
            f"{frame.seq} {frame.base} {frame.epoch} {sorted((names[row.id], row[1:]) for row in frame.rows)}"
            f" {sorted(names[number] for number in frame.removed)} {frame.cut}"
            for frame in made.drawn
        ]
        return [*map(spelt, made.sent()), *map(spelt, made.sizes), *map(spelt, made.pictures), *past, *drawn], made


def world(hidden: bool, *, better: bool = True, alone_first: bool = False) -> Script:
    """Return a script: north and east see an aircraft; where there is a hidden sensor of north's, it sees it too."""

    async def script(made: Sky) -> None:
        await made.feed("mast", NORTH, EAST, WEST)
        await made.feed("coast", EAST, WEST)
        if hidden:
            await made.feed("hidden", NORTH, EAST)
        for n in range(6):
            if hidden:
                lat = 47.0 + 0.0018 * n if better else 47.0 + 0.0018 * n + 0.0003
                await made.sees("hidden", AIRCRAFT, lat=lat, accuracy_m=5.0 if better else 400.0)
                await made.sees("hidden", "4b1805", lat=48.0)
            if not alone_first or n > 2:
                await made.sees("mast", AIRCRAFT, lat=47.0003 + 0.0018 * n, accuracy_m=120.0)
                await made.sees("coast", AIRCRAFT, lat=47.0006 + 0.0018 * n, accuracy_m=200.0)
            await made.tick()

    return script


@pytest.mark.parametrize("better", [True, False], ids=["surer", "vaguer"])
@pytest.mark.parametrize("alone_first", [True, False], ids=["first", "beside"])
async def test_a_sensor_withheld_from_west_changes_no_byte_of_what_west_is_sent_and_shown(
    tmp_path: Path, better: bool, alone_first: bool
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    full, _ = await played(tmp_path / "a", world(True, better=better, alone_first=alone_first))
    empty, _ = await played(tmp_path / "b", world(False, alone_first=alone_first))

    assert full == empty
    assert any(AIRCRAFT in text for text in full)


async def test_the_picture_the_map_and_the_picture_of_then_show_the_same(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as founded, sky(founded) as made:
        await world(True)(made)
        viewer, node = founded.viewer("west"), made.nodes[WEST]
        lookout = node.live.lookout(viewer)
        lookout.ask(EVERYWHERE)
        frame = read_live(lookout.told() or b"")
        now, then = made.picture(WEST), await node.past_picture(viewer, moment(made.clock.now()))

    assert now == then
    assert [(one.id, sorted(part.source for part in one.parts)) for one in now] == [(AIRCRAFT, ["east", "north"])]
    assert [(row.lat, row.lon) for row in frame.rows] == [(round(one.lat * 1e7), round(one.lon * 1e7)) for one in now]
    assert [name.sources for name in frame.names] == [("north", "east")]
