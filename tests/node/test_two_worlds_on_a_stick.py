"""What a file tells its receiver of what its author said to others: nothing, by what it holds and by where it ends."""

from pathlib import Path

import pytest
from carriers import carry, logged, to_and_fro
from test_carrying import gap
from world import World

from quartet.core.ids import MemberId
from quartet.store import GRID, Tx

pytestmark = pytest.mark.anyio
NORTH = MemberId("north")


async def told(folder: Path, *, others: bool, silent: int = 6) -> int:
    """Return how many leaves beyond north's last word to it west was told of, once north was silent to it a while."""
    async with gap(folder, "north", "east", "west") as world:
        await to_and_fro(world, "north", "west")
        await world.send("north", ["west"], "for west")
        await logged(world, "north")
        said = newest(world)
        await world.ticks("north", silent)
        if others:
            await world.send("north", ["east"], "for east alone")
            await logged(world, "north")
        await world.ticks("north", silent)
        await carry(world, "north", "west")
        return world.nodes["west"].witness.state(NORTH).size - said


def newest(world: World) -> int:
    """Return how long north's log is with the last tick that holds something."""
    leaf = world.stores["north"].reader.last_told(MemberId("west"))
    found = world.nodes["north"]._pumps[MemberId("west")]._rows.last_due(world.now("north"))
    return max(0 if one is None else one + 1 for one in (leaf, found))


@pytest.mark.rare
async def test_where_a_file_ends_tells_nothing_of_what_was_said_to_others_meanwhile(tmp_path: Path) -> None:
    without = await told(tmp_path / "without", others=False)

    assert without == await told(tmp_path / "with", others=True) == 0


async def test_what_lies_behind_the_newest_full_hour_is_shown_up_to_it_to_all_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quartet.node.pump.GRID", 4)
    async with gap(tmp_path, "north", "east", "west") as world:
        await world.send("north", ["east"], "for east alone")
        await logged(world, "north")
        await world.ticks("north", 5)

        for name in ("east", "west"):
            await carry(world, "north", name)

        sizes = [world.nodes[name].witness.state(NORTH).size for name in ("east", "west")]
        assert [size % 4 for size in sizes] == [0, 0]
        assert sizes[1] - sizes[0] <= 4


async def test_the_checkpoint_of_each_full_hour_is_kept(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        store, origin = world.stores["north"], world.nodes["north"].ledger.origin
        await world.ticks("north", 3)
        note = store.reader.checkpoint(origin)
        assert note is not None
        sizes = [GRID - 1, GRID, GRID + 1, 2 * GRID, 2 * GRID + 1]

        def job(tx: Tx) -> None:
            for size in sizes:
                tx.put_checkpoint(origin, size, note[1])
            tx.prune_log(origin, 3 * GRID)

        await store.write(job)

        assert [size for size in sizes if store.reader.checkpoint(origin, size) is not None] == [GRID, 2 * GRID]
