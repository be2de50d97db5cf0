"""Two members who collude: what their keys together make others believe, and how they are found."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from test_hostile_hub import settle
from world import MEMBERS, World, exchange

from quartet.core.ids import SECOND, MemberId, Micros, Tick
from quartet.core.keys import ED25519, PublicKey
from quartet.core.proof.checkpoint import cosign, log_origin, make_checkpoint, read_checkpoint, witness_name
from quartet.core.proof.evidence import cosigned_both, decode_evidence, verify_evidence
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import read_note, write_note
from quartet.node.witness import LeafPart

pytestmark = pytest.mark.anyio
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
NOW = Micros(1_900_000_000 * SECOND)
ROOTS = [bytes([n]) * 32 for n in range(12)]
OTHERS = [*ROOTS[:3], *(bytes([100 + n]) * 32 for n in range(9))]


class Split:
    """North signs two logs, west cosigns both; east is shown one of them and south the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        for one in MEMBERS:
            for other in MEMBERS:
                if one != other:
                    manifest = world.member(other).wire_manifest(other).read_bytes()
                    world.nodes[one].registry.learn_manifest(manifest, MemberId(other))
        self.exchange = world.nodes["east"].registry.exchange
        self.origin = log_origin(self.exchange, NORTH, 1)

    def note(self, roots: Sequence[bytes]) -> str:
        """Return what north's log key signs of these leaves."""
        log = MerkleLog()
        for root in roots:
            log.append(root)
        return make_checkpoint(self.origin, len(roots), log.root(), Tick(9), self.world.keys("north").log)

    async def show(self, to: str, roots: Sequence[bytes], known: int) -> str:
        """Show a member north's log, with the cosignature that west made of it; return what west showed."""
        witness, note = self.world.nodes[to].witness, self.note(roots)
        leaves = LeafPart(self.origin, known, b"".join(roots[known:]))
        assert await witness.heard(NORTH, note, leaves, NOW), "an honest witness cosigns what goes on"
        await witness.cosigned(WEST, self.cosigned(note), NOW)
        return note

    def cosigned(self, note: str) -> str:
        """Return a note with the line that west's key makes under it."""
        read, name = read_note(note), witness_name(self.exchange, WEST)
        line = cosign(read_checkpoint(read.text), name, NOW // SECOND, self.world.keys("west").log)
        return write_note(read.text, [read.signatures[0], line])

    def fresh(self, member: str) -> str:
        """Return what a member tells all others of north's log."""
        return self.world.nodes[member].witness.fresh[NORTH, ED25519]

    async def cross(self) -> None:
        """Let what east and south tell of north's log pass between them."""
        told = {member: self.fresh(member) for member in ("east", "south")}
        await self.world.nodes["east"].witness.cosigned(SOUTH, told["south"], NOW)
        await self.world.nodes["south"].witness.cosigned(EAST, told["east"], NOW)

    def alarms(self, member: str) -> set[tuple[str, str]]:
        return {(alarm.reason, alarm.subject) for alarm in self.world.stores[member].reader.alarms()}

    def key(self, name: str) -> PublicKey | None:
        """Return a witness's key by its name, as an outsider has it from the manifests."""
        return next(
            (self.world.keys(m).log.public for m in MEMBERS if name == witness_name(self.exchange, MemberId(m))), None
        )


@pytest.mark.parametrize(
    ("east", "south"), [((4, 8), (4, 8)), ((4, 8), (5, 7)), ((5, 7), (4, 8))], ids=["the same", "smaller", "larger"]
)
async def test_a_log_that_splits_with_a_witness_is_found_by_the_first_cosignature_that_crosses_whatever_its_sizes(
    east: tuple[int, int], south: tuple[int, int], tmp_path: Path
) -> None:
    async with exchange(tmp_path, start=False) as world:
        split = Split(world)
        for member, roots, sizes in (("east", ROOTS, east), ("south", OTHERS, south)):
            known = 0
            for size in sizes:
                await split.show(member, roots[:size], known)
                known = size
        for member, first in (("east", east[0]), ("south", south[0])):
            stands = world.nodes[member].witness.record(NORTH, first - 1, NOW)
            assert (stands.k, stands.n, stands.since is None) == (2, 3, False), "while nothing crosses each believes it"

        await split.cross()
        for member, roots, sizes in (("east", ROOTS, east), ("south", OTHERS, south)):
            if not split.alarms(member):
                assert sizes == min(east, south, key=max), "only who holds less waits, for what it can compare"
                await split.show(member, roots, max(sizes))
        await split.cross()  # each tells, once it has convicted, all lines under what it cosigned itself

        for member in ("east", "south"):
            found = [data for kind, who, data, _ in world.stores[member].reader.evidence() if kind == "equivocation"]
            assert found, f"{member} has nothing to show to a third party"
            for data in found:
                verify_evidence(data, world.keys("north").log.public)
            if ("cosigned-both", "west") in split.alarms(member):
                assert cosigned_both(decode_evidence(found[-1]), split.key) == (witness_name(split.exchange, WEST),)
        assert ("cosigned-both", "west") in split.alarms("east") | split.alarms("south")
        assert not {("cosigned-both", "east"), ("cosigned-both", "south")} & (
            split.alarms("east") | split.alarms("south")
        )


async def test_who_is_convicted_fills_no_disk_with_more_of_the_same(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        split = Split(world)
        await split.show("east", ROOTS[:8], 0)
        east, kept = world.nodes["east"].witness, world.stores["east"].reader
        for size in range(4, 9):
            await east.cosigned(WEST, split.cosigned(split.note(OTHERS[:size])), NOW)
        evidence = len(kept.evidence())
        assert evidence == 1, "west's own two lines convict both at once"
        assert split.alarms("east") >= {("log-forked", "north"), ("cosigned-both", "west")}

        await world.stop("east")
        east = world.open("east").witness
        Split(world)
        for size in range(4, 9):
            await east.cosigned(WEST, split.cosigned(split.note(OTHERS[:size])), NOW)
        assert len(world.stores["east"].reader.evidence()) == evidence


async def test_a_witness_that_cosigned_one_log_of_two_is_not_convicted(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west", start=False) as world:
        split = Split(world)
        await split.show("east", ROOTS[:4], 0)
        note = split.note(OTHERS[:4])
        name = witness_name(split.exchange, SOUTH)
        line = cosign(read_checkpoint(read_note(note).text), name, NOW // SECOND, world.keys("south").log)
        forged = cosign(
            read_checkpoint(read_note(note).text), witness_name(split.exchange, EAST), 5, world.keys("west").log
        )
        both = write_note(read_note(note).text, [read_note(note).signatures[0], line, forged])

        await world.nodes["east"].witness.cosigned(SOUTH, both, NOW)

        assert split.alarms("east") == {("log-forked", "north")}


async def test_an_honest_exchange_convicts_nobody_of_checkpoints_that_somebody_missed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await settle(world)
        sent = [p for p in world.hub.tapped if p.frm == "south" and p.to == "east"]
        assert sent
        await world.ticks("north", 3)
        east, now = world.nodes["east"].witness, world.now("east")
        note = world.nodes["south"].witness.fresh[NORTH, ED25519]
        size = read_checkpoint(read_note(note).text).size
        await world.until(lambda: east.state(NORTH).size > size)
        origin = east.origin(NORTH)
        await world.stores["east"].write(lambda tx: tx._do("DELETE FROM cosignature WHERE size = ?", size))
        await world.stores["east"].write(lambda tx: tx._do("DELETE FROM checkpoint WHERE size = ?", size))
        assert world.stores["east"].reader.checkpoint(origin, size) is None

        await east.cosigned(SOUTH, note, now)

        assert world.stores["east"].reader.evidence() == []
