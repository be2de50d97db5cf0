"""What is on record stays proven after root took a log key back, to a stranger too; what its thief signs does not."""

import json
from pathlib import Path

import pytest
from msgspec import structs
from rotating import take_back
from second import asked, found, spelt
from thief import Thief
from world import World, exchange

from quartet.core.encoding import encode
from quartet.core.proof.checkpoint import make_checkpoint, read_checkpoint
from quartet.core.proof.export import verify_proof
from quartet.core.proof.file import decode_proof
from quartet.core.proof.note import read_note

pytestmark = pytest.mark.anyio


def thiefs(world: World, proof: bytes) -> bytes:
    """Return a proof whose checkpoint the stolen key signed, with the cosignature that the true one has."""
    shown = decode_proof(proof)
    said = read_checkpoint(read_note(shown.checkpoint).text)
    note = make_checkpoint(said.origin, said.size, said.root, said.first_tick, world.founding("north").log)
    return encode(structs.replace(shown, checkpoint=note))


async def test_both_believe_what_was_on_record_and_what_the_new_key_signs_and_nothing_of_the_thief(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        before = await world.send("north", ["east"], "said before the theft")
        await world.until(lambda: world.proven("east", before.ref))
        await take_back(world, "north")
        await world.linked()
        after = await world.send("north", ["east"], "said under the new key")
        await world.until(lambda: world.proven("east", after.ref))
        proofs = [world.nodes["east"].copies.proof(world.viewer("east"), one.ref) for one in (before, after)]
        shown = [*proofs, thiefs(world, proofs[1])]

    charter = world.charter_bytes()
    ours = [found(lambda data=data: json.loads(encode(verify_proof(data, charter)))) for data in shown]  # type: ignore[misc]
    theirs = asked([{"door": "proof", "proof": spelt(data), "charter": spelt(charter)} for data in shown])

    assert [answer.reason for answer in ours] == [None, None, "key-revoked"]
    assert theirs == ours


async def test_both_believe_what_a_member_said_while_a_thief_was_followed_and_nothing_of_him(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        before = await world.send("north", ["east"], "said before the theft")
        await world.until(lambda: world.proven("east", before.ref))
        thief = Thief(world, "east")
        await thief.begins()
        meanwhile = await world.send("north", ["east"], "said while the thief was followed")
        await world.ticks("north")
        await thief.is_followed("east")
        world.hub.drop_if = None
        await take_back(world, "north", link=True)
        await world.until(lambda: world.proven("east", meanwhile.ref))
        proofs = [world.nodes["east"].copies.proof(world.viewer("east"), one.ref) for one in (before, meanwhile)]
        shown = [*proofs, thiefs(world, proofs[1])]

    charter = world.charter_bytes()
    ours = [found(lambda data=data: json.loads(encode(verify_proof(data, charter)))) for data in shown]  # type: ignore[misc]
    theirs = asked([{"door": "proof", "proof": spelt(data), "charter": spelt(charter)} for data in shown])

    assert [answer.reason for answer in ours] == [None, None, "key-revoked"]
    assert theirs == ours
