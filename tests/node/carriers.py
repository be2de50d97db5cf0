"""What messengers do between nodes that no wire joins: write a file at one, take it in at another."""

from world import World

from quartet.core.ids import MemberId
from quartet.node.carryviews import CameIn
from quartet.wire.carried import MAX_CARRIED, read_carried

MOST = 16 * 1024 * 1024
NORTH, EAST, WEST = MemberId("north"), MemberId("east"), MemberId("west")


async def written(world: World, frm: str, to: str, most: int = MOST) -> bytes:
    """Return the file that a member's node writes for another."""
    data = await world.nodes[frm].carrying.out(world.viewer(frm), to, most)
    assert len(data) <= most <= MAX_CARRIED
    return data


async def taken(world: World, at: str, data: bytes) -> CameIn:
    """Have a member's node take a file in."""
    return await world.nodes[at].carrying.took(world.viewer(at), data)


async def carry(world: World, frm: str, to: str, most: int = MOST) -> CameIn:
    """Carry one file from one to another."""
    return await taken(world, to, await written(world, frm, to, most))


async def to_and_fro(world: World, one: str, other: str, times: int = 2) -> None:
    """Carry files both ways, each time after all that was said is in a tick, so that what went has its answers."""
    for _ in range(times):
        await logged(world, one)
        await carry(world, one, other)
        await logged(world, other)
        await carry(world, other, one)


async def logged(world: World, name: str) -> None:
    """Wait until all that a member committed is in a tick: of ticks that were missed several close at once."""
    await world.until(lambda: not world.stores[name].reader.pending_commitments(1))


def cut_off(world: World) -> None:
    """Cut every member off: there is no hub for anybody."""
    for name in world.nodes:
        world.hub.cut(MemberId(name))


def parcels(data: bytes) -> int:
    """Return how many parcels a file holds."""
    return sum(record.kind == "p" for record in read_carried(data).records)
