"""What a member sends that was before, that is twice, or that belongs to another item or another log."""

import hashlib
import os
from pathlib import Path

import msgspec
import pytest
from nacl import bindings
from test_hostile_hub import EAST, NORTH, forge, settle
from world import World, exchange

from quartet.core.encoding import b64, encode
from quartet.core.ids import Micros
from quartet.core.keys import SecretKey, preauth
from quartet.core.manifest import sign_wire_manifest
from quartet.core.parcel import Content
from quartet.core.proof.checkpoint import log_origin
from quartet.core.statement import decode_signed
from quartet.node.registry import Contact, encode_contact
from quartet.node.views import Published
from quartet.store import StoredItem
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio


def sign_otherwise(key: SecretKey, message: bytes) -> bytes:
    """Return another good Ed25519 signature of a message, by a nonce of chance: whoever has the key can make many."""
    expanded = hashlib.sha512(key.seed).digest()
    clamped = bytes([expanded[0] & 248, *expanded[1:31], (expanded[31] & 127) | 64])
    reduce = bindings.crypto_core_ed25519_scalar_reduce
    nonce = reduce(os.urandom(64))
    point = bindings.crypto_scalarmult_ed25519_base_noclamp(nonce)
    challenge = reduce(hashlib.sha512(point + key.public.raw + message).digest())
    times = bindings.crypto_core_ed25519_scalar_mul(challenge, reduce(clamped + bytes(32)))
    return bytes(point + bindings.crypto_core_ed25519_scalar_add(nonce, times))


async def carry(world: World, contents: list[Content]) -> None:
    """Have a parcel of north's that says what one likes come to east, and wait until it was taken."""
    await world.all_came("north", "east")
    world.hub.cut(NORTH)
    seq = world.nodes["east"].peers[NORTH].incoming.through
    world.hub.carry(Passed(NORTH, EAST, "p", forge(world, contents, world.keys("north").link)))
    await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > seq)
    world.hub.mend(NORTH)


def kept(world: World, sent: Published) -> StoredItem:
    """Return what north keeps of an item of its own."""
    found = world.stores["north"].reader.item(sent.id)
    assert found is not None
    return found


async def test_who_comes_with_a_new_incarnation_again_and_again_is_followed_in_none(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        before = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.on_record("east", before.ref, 1))
        north, east, sent = world.nodes["north"], world.nodes["east"], []
        size = east.witness.state(NORTH).size
        for week in range(2, 5):
            north.ledger.origin = log_origin(north.registry.exchange, NORTH, week)
            await world.ticks("north", 2)
            await world.stores["east"].write(lambda tx: tx.end_alarm("other-log", "north", Micros(1)))
            await world.until(lambda: "other-log" in world.alarms("east"))
            sent.append(await world.send("north", ["east"], f"week {week}"))
            await world.until(lambda: world.holds("east", sent[-1].ref))
        await world.ticks("north", 2)

        assert world.stores["east"].reader.logs() == sorted(east.witness.origin(m) for m in (EAST, NORTH))
        assert east.witness.state(NORTH).size <= size + 2, "one tick may have been on its way"
        assert not any(world.on_record("east", one.ref, 1) for one in sent)
        assert world.on_record("east", before.ref, 1), "what was on record stays so"
        assert await world.problems("east") == []


async def test_an_older_manifest_changes_nothing_and_one_of_the_same_version_neither(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        north, east, root = world.nodes["north"], world.nodes["east"], world.root("north")
        old = north.registry.wire_manifests()[NORTH]
        newer = msgspec.structs.replace(north.registry.manifest(NORTH), version=2)
        keys = tuple(raw for _, raw in north.epochs._published)
        signed = sign_wire_manifest(newer, root)
        other = sign_wire_manifest(msgspec.structs.replace(newer, readable=newer.readable[:1]), root)
        world.hub.carry(Passed(NORTH, EAST, "m", encode_contact(Contact(signed, keys))))
        await world.until(lambda: east.registry.manifest(NORTH).version == 2)
        before = east._parts.carrier.counters()

        for replayed in (old, other):
            world.hub.carry(Passed(NORTH, EAST, "m", encode_contact(Contact(replayed, keys))))
        await world.until(
            lambda: all(
                east._parts.carrier.counters().get(f"refused.{r}", 0) > before.get(f"refused.{r}", 0)
                for r in ("manifest-older", "manifest-twice")
            )
        )

        assert east.registry.wire_manifests()[NORTH] == signed
        await world.stop("east")
        assert world.start("east").registry.wire_manifests()[NORTH] == signed, "after a start too"


async def test_one_id_with_two_commitments_is_refused_and_kept_as_evidence_and_what_came_first_stays(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        row = kept(world, report)
        signed = decode_signed(row.signed)
        line = signed.signatures[0]
        again = sign_otherwise(world.keys("north").item, preauth("statement", signed.data))
        second = msgspec.structs.replace(signed, signatures=(msgspec.structs.replace(line, sig=b64(again)),))
        assert row.control is not None

        await carry(world, [Content("signed", encode(second)), Content("control", row.control)])

        reader = world.stores["east"].reader
        assert [(kind, who) for kind, who, *_ in reader.evidence()] == [("second-commitment", "north")]
        assert "second-commitment" in world.alarms("east")
        held = reader.item(report.id)
        assert held is not None
        assert held.signed == row.signed
        assert world.text("east", report.ref) == "near Dam 3"
        await settle(world)
        assert await world.problems("east") == []


async def test_controls_that_were_swapped_let_nothing_in_and_both_come_in_with_their_own(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await settle(world)
        await world.all_came("north", "east")
        world.hub.cut(NORTH)
        one, two = [await world.send("north", ["east"], text) for text in ("one", "two")]
        rows = [kept(world, sent) for sent in (one, two)]
        swapped = [
            content
            for mine, other in (rows, rows[::-1])
            for content in (Content("signed", mine.signed), Content("control", other.control or b""))
        ]
        seq = world.nodes["east"].peers[NORTH].incoming.through
        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, swapped, world.keys("north").link, ahead=1)))
        await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > seq)

        assert [kind for kind, *_ in world.stores["east"].reader.evidence()] == ["control-not-bound"] * 2
        assert not {row.ref for row in world.rows("east")} & {one.ref, two.ref}
        world.hub.mend(NORTH)
        await world.until(lambda: all(world.holds("east", sent.ref) for sent in (one, two)))
        assert [world.text("east", sent.ref) for sent in (one, two)] == ["one", "two"]
