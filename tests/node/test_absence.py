"""A member that was away for long: the ticks that everybody closed meanwhile are followed, in pieces, to their end."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.ids import MemberId
from quartet.core.proof.witness import WitnessState
from quartet.node.ledger import KEPT_CHECKPOINTS, MISSED_AT_ONCE
from quartet.node.witness import MAX_LEAVES_SENT

pytestmark = pytest.mark.anyio
TICK_S = 0.5
MISSED = 20_000
AWAY_S = int(MISSED * TICK_S)


def followed(world: World, at: str, log: str) -> WitnessState:
    """Return how far a member followed another's log."""
    return world.nodes[at].witness.state(MemberId(log))


def all_follow(world: World, least: int) -> bool:
    """Return whether each member followed each other's log so far, and to within some ticks of its head."""
    return all(
        followed(world, at, log).size > max(least, world.nodes[log].ledger.size - 20)
        for at in world.nodes
        for log in world.nodes
        if at != log
    )


async def test_who_was_away_for_many_ticks_catches_up_and_is_caught_up_with(tmp_path: Path) -> None:
    assert 3 * max(KEPT_CHECKPOINTS, MAX_LEAVES_SENT, MISSED_AT_ONCE) < MISSED, "or nothing is pruned on the way"
    async with exchange(tmp_path, "north", "east", tick_s=TICK_S) as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.on_record("north", before.ref, 1))
        await world.stop("east")

        world.later(AWAY_S)
        world.start("east")
        await world.until(lambda: all_follow(world, MISSED), 60)

        after = await world.send("north", ["east"], "said after")
        await world.until(lambda: world.holds("east", after.ref) and world.on_record("north", after.ref, 1))
        for ref in (before.ref, after.ref):
            await world.until(lambda ref=ref: world.on_record("east", ref, 1))  # type: ignore[misc]
        assert [await world.problems(m) for m in world.nodes] == [[], []]
