"""A witness that is silent: what the others are told, how they go on without it, and how it counts again."""

from pathlib import Path

import pytest
from test_bad_hours import record
from test_record import proven
from world import World, exchange

from quartet.core.articles import ActPayload
from quartet.core.charter import ActKind, propose, sign_act
from quartet.core.ids import SECOND, Commitment, MemberId, Micros, Tick
from quartet.node import alarms, clock, counting
from quartet.node import node as nodes
from quartet.node.views import Published

pytestmark = pytest.mark.anyio
MINUTE, HOUR = 60, 3_600
WEST = MemberId("west")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a peer said before all clocks moved counts for two seconds; alarms are looked at in each tick."""
    monkeypatch.setattr(clock, "HEARD_FOR", 2 * SECOND)
    monkeypatch.setattr(nodes, "CONTACT_EVERY", 1)
    monkeypatch.setattr(counting, "SURE_AFTER", 2 * SECOND)


async def said(world: World, kind: ActKind, *signers: str, lasts: int | None = None) -> None:
    """Let some members say something of west as a witness, and hand it to the first one's node."""
    at = world.now(signers[0])
    ends = {} if lasts is None else {"until": Micros(at + lasts * SECOND)}
    payload = ActPayload(at=at, subject=WEST, reason="drill", admitted=None, changes=None, **ends)
    state = world.nodes[signers[0]].registry.state
    await world.nodes[signers[0]].take_act(
        sign_act(propose(state, kind, payload), [world.root(one) for one in signers])
    )
    await world.until(lambda: {node.registry.state.epoch for node in world.nodes.values()} == {state.epoch + 1})


def withhold(world: World) -> object:
    """Let west follow the others' logs, and cosign nothing."""
    witness = world.nodes["west"].witness
    own = witness._own_lines.under
    witness._own_lines.under = lambda *_: []  # type: ignore[method-assign]
    return own


def told(world: World, member: str, reason: str) -> list[str]:
    status = world.nodes[member].status(world.viewer(member))
    return [alarm.detail for alarm in status.alarms if (alarm.reason, alarm.member) == (reason, "west")]


def ticked(world: World, sent: Published) -> Tick:
    reader = world.stores["north"].reader
    row = reader.row(sent.id)
    assert row is not None
    tick = reader.tick_of(Commitment(row.c))
    assert tick is not None
    return Tick(tick)


def silent(world: World) -> set[str]:
    return {member for node in world.nodes.values() for member in node.status(world.viewer(node.registry.me)).silent}


@pytest.mark.rare
async def test_where_a_witness_withholds_the_record_stops_goes_on_when_the_others_declare_it_absent_and_counts_it_again(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        before = await world.send("north", ["east", "west"], "while all cosign")
        await world.until(lambda: world.on_record("north", before.ref, 2))
        own = withhold(world)
        await world.ticks("west", 2)
        stopped = await world.send("north", ["east", "west"], "one says nothing")
        await world.until(lambda: world.on_record("north", stopped.ref, 1) and world.holds("west", stopped.ref))
        await world.ticks("north", 3)
        assert record(world, "north", stopped.ref) == (1, 2, False)
        assert not told(world, "north", "witness-silent"), "not before it was silent for a quarter of an hour"

        world.later(16 * MINUTE)
        await world.until(lambda: all(told(world, m, "witness-silent") for m in ("north", "east")))
        await world.until(lambda: silent(world) == {"west"})  # who cosigns again after all slept is soon not told of
        assert "quartet charter propose absent west" in told(world, "north", "witness-silent")[0]
        await world.until(lambda: set(world.nodes["north"].status(world.viewer("north")).silent) == {"west"})
        declared = world.now("north")
        await said(world, "absent", "north", "east", lasts=HOUR)

        await world.until(lambda: world.proven("north", stopped.ref))
        shown = proven(world, "north", stopped.ref)
        assert (shown.witnesses, shown.cosigners, shown.absent) == (1, ("east",), ("west",))
        assert shown.on_record >= declared, "not of the time before the act"
        for member in world.nodes:
            found = world.nodes[member].show(world.viewer(member), stopped.ref).on_record
            assert (found.k, found.n, found.absent) == (1, 1, ("west",))
            assert found.at is not None
        assert proven(world, "north", before.ref).witnesses == 2, "what was on record before is what it was"
        during = await world.send("north", ["west"], "it still gets what is for it")
        await world.until(lambda: world.holds("west", during.ref) and world.proven("north", during.ref))
        await world.until(lambda: told(world, "west", "witness-absent"))
        assert not told(world, "north", "witness-silent")

        tick = ticked(world, stopped)
        world.later(HOUR)
        await world.until(lambda: not told(world, "west", "witness-absent"))
        covered = world.nodes["east"].witness.taken_back._last_tick(MemberId("north"))
        assert covered is not None
        assert covered >= tick, "no key is taken back before what is on record by one of one"

        world.nodes["west"].witness._own_lines.under = own  # type: ignore[method-assign, assignment]
        after = await world.send("north", ["east"], "all count again")
        await world.until(lambda: world.on_record("north", after.ref, 2))
        assert record(world, "north", after.ref) == (2, 2, True)
        await world.until(lambda: world.proven("north", after.ref))
        assert proven(world, "north", after.ref).witnesses == 2
        kept = world.nodes["north"].show(world.viewer("north"), stopped.ref).on_record
        assert kept.at == found.at, "what is on record stays so, since the same time"
        assert [await world.problems(m) for m in world.nodes] == [[]] * 3


async def test_who_is_back_before_the_end_counts_again_when_the_others_say_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        own = withhold(world)
        world.later(16 * MINUTE)
        await said(world, "absent", "north", "east", lasts=HOUR)
        item = await world.send("north", ["east"], "one of one")
        await world.until(lambda: world.proven("north", item.ref))
        world.nodes["west"].witness._own_lines.under = own  # type: ignore[method-assign, assignment]
        await world.until(lambda: proven(world, "north", item.ref).witnesses == 1)

        await said(world, "reinstate", "north", "east")
        await world.ticks("north", 2)  # what a quorum dates before the act counts as before it
        later = await world.send("north", ["east"], "two of two")
        await world.until(lambda: world.on_record("north", later.ref, 2))

        assert record(world, "north", later.ref) == (2, 2, True)
        await world.until(lambda: world.proven("north", later.ref))
        assert proven(world, "north", later.ref).witnesses == 2
        assert proven(world, "north", item.ref).witnesses in {1, 2}
        await world.stop("east")
        world.start("east")
        assert world.nodes["east"].registry.membership.absences == world.nodes["north"].registry.membership.absences


def test_of_two_members_the_only_witness_is_named_and_nothing_offered() -> None:
    from quartet.node.counting import Silence

    text = alarms.silence_told(WEST, Silence(Micros(0), MemberId("north")), (MemberId("north"),))

    assert "propose absent" not in text
    assert "only witness" in text
