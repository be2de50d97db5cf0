"""A false proof of time is refused, kept as evidence, and changes nothing, whatever it is about."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from test_hostile_hub import EAST, NORTH, forge, settle
from test_proofs_of_time import earliest, known
from world import World, exchange

from quartet.core.encoding import decode, encode, unb64
from quartet.core.ids import ItemId, MemberId, Tick
from quartet.core.keys import SecretKey
from quartet.core.onrecord import write_on_record
from quartet.core.parcel import Content
from quartet.core.proof.checkpoint import cosign, log_origin, make_checkpoint, read_checkpoint, witness_name
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.merkle import leaf_hash
from quartet.core.proof.note import read_note
from quartet.core.proof.path import Path as LogPath
from quartet.core.proof.since import Shown, make_since
from quartet.core.proof.tick import TickTree
from quartet.core.receipt import Receipt, lone_receipt, make_batch, read_lone_receipt
from quartet.node import drafting
from quartet.node.views import Published
from quartet.store import ProvenRow
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio
SOUTH = MemberId("south")
STRANGER = SecretKey(b"s" * 32)


class Told:
    """What north may tell east of one item, right and ready to be spoilt."""

    def __init__(self, world: World, seal: Published, other: Published, report: Published, souths: Published) -> None:
        self.world, self.seal, self.other, self.report, self.souths = world, seal, other, report, souths

    def row(self, about: MemberId, sent: Published | None = None) -> ProvenRow:
        item = ItemId((sent or self.seal).id)
        return next(row for row in self.world.stores["north"].reader.proven(item) if row.about == about)

    def of(self, item: str, about: MemberId = SOUTH) -> bytes:
        """Return south's receipt, or another word, told of any item."""
        row = self.row(about)
        return write_on_record(ItemId(item), row.receipt, row.proof)

    def said(self, signer: SecretKey, **changes: object) -> bytes:
        """Return a receipt of a batch of its own, changed and signed by anybody, with the proof of the right one."""
        lone = read_lone_receipt(self.row(SOUTH).receipt)
        right = decode(unb64(lone.receipt), Receipt, 4096)
        made = lone_receipt(make_batch([msgspec.structs.replace(right, **changes)], signer), self.seal.id)
        assert made is not None
        return write_on_record(ItemId(self.seal.id), encode(made), self.row(SOUTH).proof)

    def lines(self, count: int) -> bytes:
        """Return south's receipt with so many cosignatures of the first checkpoint alone."""
        row = self.row(SOUTH)
        wire = msgspec.msgpack.decode(row.proof)
        way, note = wire[4][0]
        text, _, lines = note.rpartition("\n\n")
        kept = "\n".join(lines.splitlines()[: 1 + count])
        proof = msgspec.msgpack.encode([*wire[:4], [[way, f"{text}\n\n{kept}\n"]]])
        return write_on_record(row.item, row.receipt, proof)

    def forged(self) -> bytes:
        """Return south's receipt in a log that south forged, and that a quorum of its witnesses forged with it."""
        row, world = self.row(SOUTH), self.world
        tree = TickTree(bytes(32), 9, [unb64(row.c, 32)])
        log = MerkleLog([leaf_hash(bytes(32)), leaf_hash(tree.root)])
        raw = unb64(row.c, 32)
        path = LogPath(row.c, tree.slot_of(raw), tuple(tree.path(raw)), Tick(9), 1, log.inclusion(1), 2)
        exchange = world.nodes["east"].registry.exchange
        note = make_checkpoint(log_origin(exchange, SOUTH, 1), 2, log.root(), Tick(8), world.keys("south").log)
        said = read_checkpoint(read_note(note).text)
        lines = [cosign(said, witness_name(exchange, MemberId(m)), 1, world.keys(m).log) for m in ("north", "west")]
        return write_on_record(row.item, row.receipt, make_since([Shown(path, note, lines)]))


LIES: dict[str, tuple[str, Callable[[Told], bytes]]] = {
    "of an item that east does not hold": ("record-not-held", lambda told: told.of("A" * 43)),
    "of an item without a deadline": ("record-no-deadline", lambda told: told.of(told.report.id)),
    "of an item of another than the one who tells": ("record-not-senders", lambda told: told.of(told.souths.id)),
    "a receipt for another item": ("receipt-other-item", lambda told: told.of(told.other.id)),
    "a statement's proof for another": ("bad-path", lambda told: told.of(told.other.id, NORTH)),
    "a receipt that a stranger signed": ("unknown-key", lambda told: told.said(STRANGER)),
    "a receipt that says that it was parked": (
        "receipt-not-verified",
        lambda told: told.said(told.world.keys("south").item, state="PARKED"),
    ),
    "the author's own receipt": (
        "receipt-own",
        lambda told: told.said(told.world.keys("north").item, recipient="north"),
    ),
    "a receipt with the proof of another batch": (
        "bad-path",
        lambda told: told.said(told.world.keys("south").item, parcel_seq=999),
    ),
    "a log that a quorum forged with its member": ("leaf-changed", lambda told: told.forged()),
    "no quorum": ("no-quorum", lambda told: told.lines(1)),
    "no witness": ("bad-note", lambda told: told.lines(0)),
    "nothing": ("bad-shape", lambda _: b""),
    "rubbish": ("bad-shape", lambda _: random.Random(5).randbytes(300)),
    "too much": ("too-large", lambda told: told.of(told.seal.id) + bytes(100 * 1024)),
}


async def test_each_lie_about_a_time_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        seal, other = [await world.seal("north", ["east", "south"], "s") for _ in range(2)]
        report = await world.send("north", ["east", "south"], "near Dam 3")
        souths = await world.seal("south", ["east", "north"], "s")
        for sent in (seal, other):
            await world.until(lambda sent=sent: known(world, "east", sent) == {"north", "east", "south"})  # type: ignore[misc]
        await world.until(lambda: known(world, "east", souths) == {"north", "east", "south"})
        await world.until(lambda: world.holds("east", report.ref))
        told = Told(world, seal, other, report, souths)
        made = {name: (reason, make(told)) for name, (reason, make) in LIES.items()}
        await settle(world)
        before = held(world, seal, other, souths)

        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        contents = [Content("on-record", data) for _, data in made.values()]
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
        await world.until(lambda: len(world.stores["east"].reader.evidence()) == len(LIES))

        reasons = [kind for kind, *_ in world.stores["east"].reader.evidence()]
        assert dict(zip(made, reasons, strict=True)) == {name: reason for name, (reason, _) in made.items()}
        assert held(world, seal, other, souths) == before
        assert known(world, "east", report) == set()
        assert world.stores["east"].reader.count("on_record") == 9
        assert await world.problems("east") == []


def held(world: World, *items: Published) -> list[object]:
    """Return all that east holds of the times of some items."""
    reader = world.stores["east"].reader
    return [(earliest(world, "east", one), reader.proven(ItemId(one.id))) for one in items]


async def test_what_is_told_again_and_of_a_destroyed_item_changes_nothing_and_is_no_offence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path) as world:
        seal = await world.seal("north", ["east", "south"], "s")
        with monkeypatch.context() as otherwise:
            otherwise.setattr(drafting, "HELD_KINDS", frozenset())  # a member whose node marks it so that it can go
            gone = await world.seal("north", ["east", "south"], "s")
        for sent in (seal, gone):
            await world.until(lambda sent=sent: known(world, "east", sent) == {"north", "east", "south"})  # type: ignore[misc]
        told = Told(world, seal, gone, seal, seal)
        rows = [told.row(about, sent) for about in (NORTH, SOUTH) for sent in (seal, gone)]
        await world.recall("north", gone.ref)
        await world.until(lambda: set(world.receipts("north", gone.ref).purged) == {"east", "south"})
        before = held(world, seal, gone)

        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        contents = [Content("on-record", write_on_record(row.item, row.receipt, row.proof)) for row in rows]
        seq = world.nodes["east"].peers[NORTH].incoming.through
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
        await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > seq)

        assert held(world, seal, gone) == before
        assert known(world, "east", gone) == set(), "what was destroyed left no word of who had it"
        assert world.stores["east"].reader.evidence() == []


async def test_what_no_manifest_here_can_check_yet_waits_for_it_and_is_no_offence(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        seal = await world.seal("north", ["east", "south"], "s")
        await world.until(lambda: known(world, "east", seal) == {"north", "east", "south"})
        row = Told(world, seal, seal, seal, seal).row(SOUTH)
        world.hub.cut(SOUTH)
        await world.stores["east"].write(lambda tx: tx._do("DELETE FROM on_record WHERE about = 'south'"))
        registry = world.nodes["east"].registry
        manifest = registry._manifests.pop(SOUTH)
        registry._log_keys.clear()

        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        contents = [Content("on-record", write_on_record(row.item, row.receipt, row.proof))]
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
        await world.until(lambda: world.nodes["east"].peers[NORTH].records)
        assert known(world, "east", seal) == {"north", "east"}

        registry._manifests[SOUTH] = manifest
        world.hub.mend(NORTH)
        await world.until(lambda: known(world, "east", seal) == {"north", "east", "south"})
        assert world.stores["east"].reader.evidence() == []
        assert not world.nodes["east"].peers[NORTH].records
