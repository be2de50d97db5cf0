"""A thief with a member's log key and link key is followed by the others; then its root takes the keys back."""

import os
from pathlib import Path
from typing import Final

import msgspec
import pytest
from rotating import new_link, take_back
from world import World, exchange

from quartet.core.ids import MemberId, Tick
from quartet.core.parcel import Header, content_hash, open_content, pack, pack_contents
from quartet.core.proof.checkpoint import make_checkpoint
from quartet.core.proof.export import verify_proof
from quartet.core.proof.log import MerkleLog
from quartet.node.ledger import INCARNATION
from quartet.node.renewing import disowned
from quartet.node.views import Published
from quartet.node.witness import LeafPart
from quartet.wire.memory import Passed
from quartet.wire.seal import seal

pytestmark = pytest.mark.anyio
NORTH, EAST, WEST = (MemberId(m) for m in ("north", "east", "west"))
FAR: Final = 5_000
"""How far on in a stream he begins: no number that the member used."""


class Thief:
    """Has north's log key and link key, nothing else of it; a hub carries his parcels, and north's where he likes."""

    def __init__(self, world: World, *cut: str) -> None:
        """Begin where these members are, and cut them off from north itself."""
        self.world, self.cut = world, cut
        self.own: set[bytes] = set()
        world.hub.drop_if = self.drops
        keys = world.keys("north")
        self.log_key, self.link_key = keys.log, keys.link
        witness = world.nodes["east"].witness
        self.origin, self.first = witness.origin(NORTH), int(witness.state(NORTH).first_tick or 0)
        self.parted = 0
        self.leaves: list[bytes] = []
        self.sent: dict[str, tuple[int, str | None]] = {}

    async def begins(self) -> None:
        """Wait until what was on its way to those cut off has come, and part from north's log there."""
        await self.world.ticks("east")
        self.parted, which = max((reach(self.world, one), one) for one in self.cut)
        self.leaves = self.world.stores[which].reader.leaves(self.origin, 0, self.parted)

    def drops(self, passed: Passed) -> bool:
        ends = {passed.frm, passed.to}
        return NORTH in ends and bool(ends & set(self.cut)) and passed.data not in self.own

    def grow(self, count: int = 1) -> None:
        """Go on with the log, by leaves of his own."""
        self.leaves += [os.urandom(32) for _ in range(count)]

    def note(self) -> str:
        log = MerkleLog()
        for root in self.leaves:
            log.append(root)
        return make_checkpoint(self.origin, len(self.leaves), log.root(), Tick(self.first), self.log_key)

    def show(self, to: str) -> None:
        """Send a member a parcel as north, with his leaves and checkpoint."""
        part = LeafPart(self.origin, 0, b"".join(self.leaves))
        content = pack_contents([open_content("proof-part", msgspec.msgpack.encode(part))])
        number, previous = self.sent.get(to, (FAR, None))
        state, seq = self.world.charter(), number + 1
        header = Header(
            v=1,
            exchange=state.exchange,
            epoch=state.epoch,
            frm=NORTH,
            to=MemberId(to),
            incarnations=(INCARNATION, INCARNATION),
            seq=seq,
            previous=previous,
            received=None,
            voids=((1, FAR),),
            content_hash=content_hash(content),
            checkpoint=self.note(),
        )
        parcel = pack(header, content, self.link_key)
        self.sent[to] = seq, parcel.header_hash
        key = self.world.nodes["north"].registry.epoch_key(MemberId(to), self.world.now("north"))
        assert key is not None, "what is public"
        sealed = seal(parcel.plaintext, exchange=state.exchange, frm=NORTH, to=MemberId(to), public=key)
        self.own.add(sealed)
        self.world.hub.carry(Passed(NORTH, MemberId(to), "p", sealed))

    async def is_followed(self, *members: str) -> None:
        """Go on, as far as north itself is, until each of these has cosigned his leaves and told the others."""
        self.grow(self.world.nodes["north"].ledger.size - self.parted)
        size = len(self.leaves)
        for member in members:
            self.show(member)
        await self.world.until(lambda: all(self.covered(one) >= size for one in members))

    def covered(self, member: str) -> int:
        return self.world.nodes[member].witness.taken_back.covered(NORTH)


def reach(world: World, member: str) -> int:
    return world.nodes[member].witness.state(NORTH).size


def alarms(world: World, member: str) -> set[str]:
    return {one.reason for one in world.stores[member].reader.alarms()}


def proves(world: World, member: str, said: Published) -> str:
    """Return whom a stranger who has the charter believes to have said something, by what a member shows."""
    proof = world.nodes[member].reading.proof(world.viewer(member), said.ref)
    return verify_proof(proof, world.charter_bytes()).author


async def test_a_member_goes_on_behind_a_thief_whom_a_quorum_followed_and_nothing_that_it_said_is_lost(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east", "west"], "said before the theft")
        await world.until(lambda: all(world.proven(one, before.ref) for one in ("north", "east", "west")))
        thief = Thief(world, "east", "south")
        await thief.begins()
        meanwhile = await world.send("north", ["east", "west"], "said while the thief was followed")
        theirs = await world.send("west", ["north"], "came while the thief was followed")
        await world.until(lambda: world.holds("west", meanwhile.ref) and world.holds("north", theirs.ref))
        await world.ticks("north")
        await thief.is_followed("east", "south")
        world.hub.drop_if = None
        await world.until(lambda: "log-forked" in alarms(world, "east"))
        await world.until(lambda: "sent-elsewhere" in alarms(world, "north"))

        await take_back(world, "north", link=True)
        await world.linked()
        after = await world.send("north", ["east", "west"], "said under the new keys")
        said = (before, meanwhile, after)
        await world.until(lambda: all(world.proven(one, s.ref) for one in ("north", "east", "west") for s in said))
        await world.until(lambda: world.proven("west", theirs.ref))
        assert {proves(world, one, s) for one in ("north", "east", "west") for s in said} == {"north"}
        await world.until(lambda: not world.nodes["north"].recovering.silent and not on_its_way(world))

        ours = world.stores["north"].reader
        assert ours.leaves(thief.origin, 0, len(thief.leaves)) == thief.leaves, "what a quorum cosigned stays"
        ((first, last),) = disowned(world.stores["north"])
        assert (first, last) == (thief.first + thief.parted, thief.first + len(thief.leaves) - 1)
        assert alarms(world, "north") == {"log-disowned"}
        for one in ("east", "south", "west"):
            await world.until(lambda: alarms(world, one) == {"log-key-revoked"})  # noqa: B023 - awaited here
        assert [await world.problems(one) for one in world.nodes] == [[], [], [], []]


def on_its_way(world: World) -> bool:
    return "keys-renewed" in alarms(world, "north")


async def test_a_member_whose_numbers_a_thief_of_its_link_key_used_up_is_heard_again_under_a_new_one(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        thief = Thief(world, "east")
        await thief.begins()
        thief.show("east")
        await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > FAR)
        world.hub.drop_if = None
        await world.until(lambda: "sent-elsewhere" in alarms(world, "north"))
        unheard = await world.send("north", ["east"], "said while nobody hears it")

        await new_link(world, "north")
        await world.until(lambda: world.proven("east", unheard.ref) and world.proven("north", unheard.ref))
        await world.until(lambda: not on_its_way(world) and not alarms(world, "north"))
        assert [await world.problems(one) for one in world.nodes] == [[], []]


async def test_new_keys_sign_nothing_before_no_quorum_is_left_that_may_have_followed_a_thief(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        await world.stop("south")
        await world.stop("west")
        await take_back(world, "north")
        waiting = await world.send("north", ["east"], "said, and not on record yet")
        await world.until(lambda: world.holds("east", waiting.ref))
        await world.ticks("east")
        assert world.nodes["north"].ledger.note is None
        assert told(world).endswith("waits for south, west")

        world.start("south")
        await world.until(lambda: world.proven("east", waiting.ref))
        assert told(world).endswith("waits for west")
        world.start("west")
        await world.until(lambda: not alarms(world, "north"))
        assert disowned(world.stores["north"]) == []


def told(world: World) -> str:
    """Return what north's officers are told of its new keys."""
    return next(one.detail for one in world.stores["north"].reader.alarms() if one.reason == "keys-renewed")
