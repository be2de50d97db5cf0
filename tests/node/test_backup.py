"""Yesterday's backup is put back: the node recovers from the others, works on, and nobody calls it a fork."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.proof.conviction import is_conviction, verify_conviction
from quartet.core.proof.export import verify_proof
from quartet.node import backup
from quartet.node.backup import Restored, Written
from quartet.node.evidence import evidence_file
from quartet.node.returning import GAP
from quartet.node.views import Published
from quartet.store import LOST
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio
NORTH, EAST, SOUTH = MemberId("north"), MemberId("east"), MemberId("south")
A_DAY = Micros(86_400 * SECOND)


def backed_up(world: World, name: str, to: Path) -> Written:
    return backup.back_up(world.member(name), to, None, world.now(name), A_DAY)


def burnt(world: World, name: str) -> None:
    """Leave of a member's folder what no backup holds: its safe, and in a trial the passphrase file."""
    folder = world.member(name)
    safe = {folder.root / "offline", folder.root / "keys.pass"}
    for path in folder.root.iterdir():
        if path not in safe:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


async def put_back(world: World, name: str, written: Written) -> Restored:
    """Stop a member's node, lose its folder, and make it from a backup again; the node does not run yet."""
    at = world.now(name)
    await world.stop(name)
    burnt(world, name)
    return backup.restore(written.file, None, world.member(name), None, at)


async def recovered(world: World, name: str) -> None:
    await world.until(lambda: not world.nodes[name].recovering.active)


def _keeping(kept: list[Passed], *, drop: bool = True) -> Callable[[Passed], bool]:
    """Return a hub that keeps what north sends, and drops it or lets it pass."""

    def keep(passed: Passed) -> bool:
        if passed.frm == "north":
            kept.append(passed)
        return drop and passed.frm == "north"

    return keep


async def test_a_node_that_came_back_works_on_in_its_own_log_and_nobody_calls_it_a_fork(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        before = await world.send("north", ["east"], "before the backup")
        await world.until(lambda: world.on_record("east", before.ref, 1))
        written = backed_up(world, "north", tmp_path / "safe")
        said = await world.send("north", ["east"], "after the backup")
        got = await world.send("east", ["north"], "lost at north")
        await world.until(lambda: world.on_record("east", said.ref, 1) and world.on_record("north", got.ref, 1))
        size = world.nodes["east"].witness.state(NORTH).size

        held = await put_back(world, "north", written)
        assert (held.member, held.held.purged) == ("north", 0)
        assert held.held.ticks < size
        node = world.start("north")
        assert node.recovering.active
        with pytest.raises(Unavailable) as refused:
            await world.send("north", ["east"], "too early")
        assert refused.value.reason == "recovering"
        await recovered(world, "north")

        assert world.text("north", said.ref) == "after the backup"
        assert world.text("north", got.ref) == "lost at north"
        await world.until(lambda: leaf(world, said) < size and world.proven("north", said.ref))
        proof = verify_proof(node.reading.proof(world.viewer("north"), said.ref), world.charter_bytes())
        assert (proof.author, proof.item) == ("north", said.id), "it is on record where it was, not only anew"
        await world.linked()
        later = await world.send("north", ["east"], "and on")
        await world.until(lambda: world.on_record("east", later.ref, 1) and world.proven("north", later.ref))
        assert node.ledger.size > size
        assert world.nodes["east"].witness.state(NORTH).size > size
        await world.until(lambda: not world.alarms("east"))
        assert world.alarms("north") == {"restored"}
        (told,) = (one.detail for one in world.stores["north"].reader.alarms() if one.reason == "restored")
        assert "statements" not in told  # every officer reads it, and may not have each of them
        assert [await world.problems(m) for m in world.nodes] == [[], []]


async def test_recalls_made_meanwhile_are_replayed_and_an_old_backup_brings_no_purged_item_back(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        theirs = await world.send("east", ["north"], "to be recalled by east")
        ours = await world.send("north", ["east"], "to be recalled by north")
        kept = await world.send("east", ["north"], "nobody recalls this")
        await world.until(lambda: world.holds("north", theirs.ref) and world.holds("east", ours.ref))
        await world.until(lambda: world.holds("north", kept.ref))
        old = backed_up(world, "north", tmp_path / "safe")
        await world.recall("north", ours.ref)
        await world.until(lambda: not world.holds("east", ours.ref))
        await world.recall("east", theirs.ref)
        await world.until(lambda: "north" in world.receipts("east", theirs.ref).purged)
        assert backed_up(world, "north", tmp_path / "safe").keys == old.keys

        held = await put_back(world, "north", old)
        assert held.held.purged >= 1
        assert b"to be recalled by east" not in world.raw("north")
        world.start("north")
        await recovered(world, "north")

        assert not world.holds("north", theirs.ref)
        assert world.holds("north", kept.ref)
        facts = world.nodes["north"].holdings.facts.known.values()
        assert {(f.member, type(f.body).__name__) for f in facts} >= {("north", "Recall"), ("east", "Recall")}
        await world.until(lambda: world.stores["north"].reader.meta(LOST) is None)
        assert await world.problems("north") == []


async def test_the_node_stays_read_only_until_the_last_member_in_force_has_answered(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await world.linked()
        written = backed_up(world, "north", tmp_path / "safe")
        await world.ticks("north")
        size = world.nodes["north"].ledger.size
        said = await world.send("north", ["east"], "east alone has this")
        await world.until(lambda: world.on_record("east", said.ref, 2))
        await world.stop("south")

        await put_back(world, "north", written)
        node = world.start("north")
        await world.until(lambda: node.recovering.answered(EAST) and world.holds("north", said.ref))
        await world.until(lambda: told(world, "recovering").endswith("waits for south"))
        await world.ticks("east")
        assert node.recovering.active
        assert node.ledger.note is not None
        held = node.ledger.size

        world.start("south")
        await recovered(world, "north")
        await world.until(lambda: node.ledger.size > held >= size)
        later = await world.send("north", ["east", "south"], "and on")
        await world.until(lambda: world.on_record("east", later.ref, 2) and world.on_record("south", later.ref, 2))
        assert not any("log-forked" in world.alarms(m) for m in world.nodes)


async def test_what_a_hub_kept_from_before_the_restore_makes_no_second_log(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        written = backed_up(world, "north", tmp_path / "safe")
        kept: list[Passed] = []
        world.hub.drop_if = _keeping(kept)
        said = await world.send("north", ["east"], "kept by the hub")
        await world.ticks("north", 4)
        await world.stop("north")
        world.hub.drop_if = None

        burnt(world, "north")
        backup.restore(written.file, None, world.member("north"), None, Micros(written.at))
        node = world.start("north")
        await recovered(world, "north")
        size = node.ledger.size
        await world.until(lambda: node.ledger.size > size + 3)
        for passed in kept:
            world.hub.carry(passed)
        later = await world.send("north", ["east"], "and on")
        await world.until(lambda: world.on_record("east", later.ref, 1))

        assert len(kept) > 1
        assert not world.holds("east", said.ref), "it is lost: nobody had it when its author came back"
        assert world.stores["east"].reader.evidence() == []
        assert [await world.problems(m) for m in world.nodes] == [[], []]


async def test_two_copies_of_a_node_at_once_are_convicted_and_a_third_party_checks_it_with_files(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await world.linked()
        await world.stop("north")
        shutil.copytree(world.member("north").root, tmp_path / "copy" / "north")
        world.start("north")
        await world.linked("north", "east")
        copy = World(tmp_path / "copy", world._founded, world.hub)
        copy.start("north")
        try:
            await world.until(lambda: all(convicted(world, m) for m in ("east", "south")))
        finally:
            await copy.stop("north")

        data = evidence_file(world.database("east"), world.keys("east").store, world.charter_bytes(), NORTH)
        report = verify_conviction(data, world.charter_bytes())
        assert (report.member, report.sizes[0]) == ("north", report.sizes[1])
        assert "log-forked" in world.alarms("east")
        assert is_conviction(data)
        assert _believed_otherwise(data, world.charter_bytes()) == []
        with pytest.raises(Fault) as none:
            evidence_file(world.database("east"), world.keys("east").store, world.charter_bytes(), SOUTH)
        assert none.value.reason == "no-evidence"


def _believed_otherwise(data: bytes, charter: bytes) -> list[int]:
    """Return at which places a changed byte, or a cut, makes a conviction say anything but what it said."""
    said, found = verify_conviction(data, charter), list[int]()
    refused = 0
    for at in range(0, len(data), max(1, len(data) // 300)):
        for changed in (data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], data[:at]):
            try:
                found += [at] if verify_conviction(changed, charter) != said else []
            except Fault:
                refused += 1
    assert refused > 500, "of six hundred, all but what stands for others"
    return found


async def test_a_replayed_word_of_a_restore_does_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        written = backed_up(world, "north", tmp_path / "safe")
        await put_back(world, "north", written)
        kept: list[Passed] = []
        world.hub.drop_if = _keeping(kept, drop=False)
        world.start("north")
        await recovered(world, "north")
        world.hub.drop_if = None
        came = world.nodes["east"].peers[NORTH].incoming.through

        for passed in kept:
            world.hub.carry(passed)
        later = await world.send("north", ["east"], "and on")
        back = await world.send("east", ["north"], "and back")
        await world.until(lambda: world.on_record("east", later.ref, 1) and world.on_record("north", back.ref, 1))

        assert any(passed.kind == "p" for passed in kept)
        assert came < world.nodes["east"].peers[NORTH].incoming.through < came + GAP
        await world.until(lambda: not world.alarms("east"))


def leaf(world: World, sent: Published) -> int:
    """Return the leaf of north's log in which a statement of north's stands first."""
    reader = world.stores["north"].reader
    row = reader.row(ItemId(sent.id))
    number = None if row is None else reader.tick_of(row.c)
    tick = None if number is None else reader.tick(number)
    return 2**53 if tick is None else tick.leaf_index


def told(world: World, reason: str) -> str:
    return next(alarm.detail for alarm in world.stores["north"].reader.alarms() if alarm.reason == reason)


def convicted(world: World, by: str) -> bool:
    return any(kind == "equivocation" for kind, *_ in world.stores[by].reader.evidence())
