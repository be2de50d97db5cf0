"""Two halves of one charter: who finds it, what is shown, and what still passes between them."""

from pathlib import Path
from typing import cast

import pytest
from world import World, exchange

from quartet.core.articles import ActKind, ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.ids import MemberId
from quartet.core.parting import verify_parting
from quartet.node.views import Published

pytestmark = pytest.mark.anyio
HALVES = {"north": "one", "east": "one", "south": "other", "west": "other"}


async def carried(world: World, at: str, kind: str, subject: str, signers: list[str]) -> bytes:
    """Complete an act and hand it to a member's node."""
    node = world.nodes[at]
    payload = ActPayload(at=world.now(at), subject=MemberId(subject), reason="drill", admitted=None, changes=None)
    roots = [world.root(m) for m in signers]
    made = sign_act(propose(node.registry.state, cast(ActKind, kind), payload), roots)
    await node.take_act(made)
    return made


def apart(world: World) -> None:
    """Let nothing pass between the halves."""
    world.hub.drop_if = lambda passed: HALVES[passed.frm] != HALVES[passed.to]


def forked(world: World, member: str) -> list[str]:
    """Return what a member's officers are told of it."""
    alarms = world.nodes[member].status(world.viewer(member)).alarms
    return [alarm.detail for alarm in alarms if alarm.reason == "charter-forked"]


def holders(world: World, sent: Published) -> set[str]:
    return {member for member in world.nodes if world.stores[member].reader.item(sent.id) is not None}


async def test_two_halves_of_a_charter_are_found_and_shown_and_nothing_passes_that_either_half_forbids(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        apart(world)
        await carried(world, "north", "suspend", "west", ["north", "east", "south"])
        await carried(world, "south", "suspend", "east", ["north", "south", "west"])
        await world.until(lambda: all(node.registry.state.epoch == 1 for node in world.nodes.values()))
        world.hub.drop_if = None
        await world.until(lambda: all(forked(world, member) for member in world.nodes))

        for member in world.nodes:
            (told,) = set(forked(world, member))
            assert told.startswith("two charters from act 1 on")
            assert "suspend west" in told
            assert "suspend east" in told
            assert told.endswith("signed both: north, south")
            kept = [data for kind, _, data, _ in world.stores[member].reader.evidence() if kind == "charter-forked"]
            assert len(kept) == 1, "whoever brings it, and however often"
            assert verify_parting(kept[0], world.charter_bytes()).both == ("north", "south")
        heads = {member: node.registry.state.head for member, node in world.nodes.items()}
        assert heads["north"] == heads["east"] != heads["south"] == heads["west"]

        sent = {m: await world.send(m, [o for o in world.nodes if o != m], f"of {m}") for m in world.nodes}
        allowed = {
            "north": {"north", "east", "south"},
            "east": {"east", "north"},
            "south": {"south", "west", "north"},
            "west": {"west", "south"},
        }
        await world.until(lambda: all(holders(world, sent[m]) >= allowed[m] for m in sent))
        for member in world.nodes:
            await world.ticks(member, 3)
        assert {m: holders(world, sent[m]) for m in sent} == allowed
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4

        await world.stop("east")
        world.start("east")
        assert forked(world, "east"), "after a start it is shown as before"


async def test_withdrawals_that_cross_are_shown_as_nobodys_fault_and_a_flood_of_them_is_one(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        world.hub.cut(MemberId("south"))
        await carried(world, "north", "withdraw", "north", ["north"])
        await world.until(lambda: world.nodes["east"].registry.state.epoch == 1)
        south = world.nodes["south"]
        root = world.root("south")
        state, gone = south.registry.state, MemberId("south")
        acts = [
            sign_act(propose(state, "withdraw", ActPayload(world.now("south"), gone, f"{n}", None, None)), [root])
            for n in range(20)
        ]
        receiver = world.nodes["east"].neighbours.receivers[gone]

        for act in acts:
            await receiver._acts.take(act, world.now("east"))

        (told,) = forked(world, "east")
        assert "nobody signed both" in told
        kept = [kind for kind, *_ in world.stores["east"].reader.evidence()]
        assert kept == ["charter-forked"]
        assert world.nodes["east"].registry.state.epoch == 1
