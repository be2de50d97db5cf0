"""What stands on record: by whom it was cosigned, each tick and each hour, and what a log may not say twice."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from test_hostile_hub import forge, settle
from world import World, exchange

from quartet.core.encoding import b64
from quartet.core.ids import SECOND, MemberId, Tick
from quartet.core.keys import ED25519, ML_DSA_44
from quartet.core.parcel import Content
from quartet.core.proof.checkpoint import make_checkpoint, read_checkpoint
from quartet.core.proof.evidence import verify_evidence
from quartet.core.proof.export import ProofReport, verify_proof
from quartet.core.proof.note import read_note
from quartet.core.proof.path import Path as LogPath
from quartet.core.proof.path import encode_path
from quartet.node.lines import HOURLY
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio
NORTH, EAST = MemberId("north"), MemberId("east")
HOUR = 3_600 * SECOND


def hourly(world: World, at: str, log: str) -> list[tuple[int, str]]:
    """Return the hourly cosignatures of a log that a member keeps: size and witness."""
    with world.stores[at].snapshot() as reader:
        rows = list(reader.every_cosignature(world.nodes[at].witness.origin(MemberId(log))))
    return sorted((row.size, row.witness) for row in rows if row.alg == ML_DSA_44)


def proven(world: World, member: str, ref: str) -> ProofReport:
    """Return what an outsider finds in a member's proof of an item."""
    return verify_proof(world.nodes[member].reading.proof(world.viewer(member), ref), world.charter_bytes())


async def pass_time(world: World, micros: int) -> None:
    """Have every node sleep, and wake when so much time has passed: nothing is on its way meanwhile."""
    names = list(world.nodes)
    for name in names:
        await world.stop(name)
    for name in names:
        world.start(name)._parts.clock._offset = micros


async def test_each_hour_of_a_log_is_cosigned_with_ml_dsa_44_and_a_proof_shows_it(tmp_path: Path) -> None:
    assert HOURLY == HOUR
    async with exchange(tmp_path, "north", "east", "south", tick_s=2) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: all(world.proven(m, report.ref) for m in ("north", "east")))
        await world.until(lambda: {w for _, w in hourly(world, "north", "north")} == {"east", "south"})
        before = hourly(world, "north", "north")

        await pass_time(world, HOUR)
        await world.until(lambda: len(hourly(world, "north", "north")) == len(before) + 2, 60)

        after = hourly(world, "north", "north")
        assert sorted(w for _, w in set(after) - set(before)) == ["east", "south"], "each of them once"
        assert min(size for size, _ in set(after) - set(before)) > max(size for size, _ in before) + 1_000
        for member in ("north", "east"):
            await world.until(lambda m=member: proven(world, m, report.ref).hourly)  # type: ignore[misc]
            assert proven(world, member, report.ref).cosigners == ("east", "south")
        assert [await world.problems(m) for m in world.nodes] == [[]] * 3
        assert not any(world.alarms(m) for m in world.nodes)


async def test_between_two_hours_there_is_no_other_and_a_restart_tells_the_last_one_again(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        await world.until(lambda: hourly(world, "north", "north"))
        first = hourly(world, "north", "north")

        await pass_time(world, HOUR // 1000)
        await world.linked()
        await settle(world)

        assert hourly(world, "north", "north") == first
        told = world.nodes["east"].witness.fresh[NORTH, ML_DSA_44]
        assert read_checkpoint(read_note(told).text).size == first[0][0]
        assert world.nodes["north"]._parts.clock.sure


async def test_what_nobody_followed_is_proven_by_the_next_checkpoint_that_a_quorum_followed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.on_record("north", report.ref, 2))
        origin = world.nodes["north"].ledger.origin
        path = world.nodes["north"].ledger.path(*_commitment(world, report.id))
        assert path is not None

        drop = "DELETE FROM cosignature WHERE size = ?"
        await world.stores["north"].write(lambda tx: tx._do(drop, path.size))
        await world.until(lambda: world.stores["north"].reader.size_cosigned(origin, path.size, 2) is not None)

        shown = verify_proof(
            world.nodes["north"].reading.proof(world.viewer("north"), report.ref), world.charter_bytes()
        )
        assert shown.size > path.size


def _commitment(world: World, item: Any) -> tuple[Any, int]:
    reader = world.stores["north"].reader
    row = reader.row(item)
    assert row is not None
    tick = reader.tick_of(row.c)
    assert tick is not None
    return row.c, tick


WRONG = {
    "other-size": lambda path: structs.replace(path, size=path.size + 1, tick_path=(*path.tick_path, bytes(32))),
    "other-tick": lambda path: structs.replace(path, tick=Tick(path.tick + 1)),
    "bad-path": lambda path: structs.replace(path, tick_path=tuple(bytes(32) for _ in path.tick_path)),
}


@pytest.mark.parametrize("reason", WRONG)
async def test_a_path_that_says_another_size_tick_or_way_is_refused_and_kept_as_evidence(
    reason: str, tmp_path: Path
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        await world.until(lambda: world.nodes["north"].ledger.size > 1)  # a log of one tick has an empty path
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.on_record("north", report.ref, 1))
        path = world.nodes["north"].ledger.path(*_commitment(world, report.id))
        assert path is not None
        assert path.tick_path
        wrong: LogPath = WRONG[reason](structs.replace(path, c=path.c))

        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        content = [Content("path", encode_path(wrong))]
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, content, world.keys("north").link)))
        await world.until(lambda: world.stores["east"].reader.evidence())

        assert [kind for kind, *_ in world.stores["east"].reader.evidence()] == [reason]


async def test_a_log_that_says_it_began_at_another_tick_is_convicted_and_stays_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        ledger, east, now = world.nodes["north"].ledger, world.nodes["east"], world.nodes["east"]._parts.clock.now()
        said = read_checkpoint(read_note(ledger.note or "").text)
        other = make_checkpoint(
            said.origin, said.size + 1, bytes(32), Tick(said.first_tick - 60), world.keys("north").log
        )

        assert not await east.witness.heard(NORTH, other, None, now)

        ((kind, subject, data, _),) = world.stores["east"].reader.evidence()
        assert (kind, subject) == ("equivocation", "north")
        assert verify_evidence(data, world.keys("north").log.public).origin == said.origin
        await world.stop("east")
        world.start("east")
        await world.linked()
        size = world.stores["east"].reader.log_size(said.origin)
        await settle(world)
        assert world.stores["east"].reader.log_size(said.origin) == size, "a convicted log is not followed again"
        assert await world.problems("east") == []


async def test_a_database_that_was_put_back_by_hand_is_noticed_and_goes_on_where_its_log_was(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await settle(world)
        store = world.database("north").parent
        await world.stop("north")
        shutil.copytree(store, tmp_path / "before")
        world.start("north")
        await world.linked()
        report = await world.send("north", ["east"], "what will be denied")
        await world.until(lambda: world.holds("east", report.ref) and world.proven("east", report.ref))

        await world.stop("north")
        shutil.rmtree(store)
        shutil.copytree(tmp_path / "before", store)
        north = world.start("north")
        assert north.recovering.active
        await world.until(lambda: not north.recovering.active and world.holds("north", report.ref), 60)
        later = await world.send("north", ["east"], "and on")
        await world.until(lambda: world.on_record("east", later.ref, 2), 60)

        assert not any("log-forked" in world.alarms(m) for m in world.nodes)
        assert [await world.problems(m) for m in world.nodes] == [[]] * 3
        proof = world.nodes["east"].reading.proof(world.viewer("east"), report.ref)
        assert verify_proof(proof, world.charter_bytes()).author == "north"


async def test_a_cosignature_that_comes_before_its_leaves_waits_for_them(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await settle(world)
        east, south = world.nodes["east"].witness, world.nodes["south"].witness
        await world.until(lambda: (NORTH, ED25519) in south.fresh)
        world.hub.drop_if = lambda passed: passed.to == "east"
        await world.ticks("east")  # what had arrived is taken in
        size = east.state(NORTH).size
        await world.until(lambda: read_checkpoint(read_note(south.fresh[NORTH, ED25519]).text).size > size)
        note = south.fresh[NORTH, ED25519]
        said, now = read_checkpoint(read_note(note).text), world.nodes["east"]._parts.clock.now()

        await east.cosigned(MemberId("south"), note, now)
        early = world.stores["east"].reader.cosignatures(said.origin, said.size)
        part = world.nodes["north"].witness.leaves_for(size)
        bare = read_note(note)
        assert part is not None
        await east.heard(NORTH, f"{bare.text}\n{bare.signatures[0].text}", part, now)

        assert early == []
        held = world.stores["east"].reader.cosignatures(said.origin, said.size)
        assert {witness for witness, _, _ in held} == {"east", "south"}
        assert b64(said.root)
