"""A thief with a member's log key and link key, and a hub that carries for him and not for the member."""

import os
from typing import Final

import msgspec
from world import World

from quartet.core.ids import MemberId, Tick
from quartet.core.parcel import Header, content_hash, open_content, pack, pack_contents
from quartet.core.proof.checkpoint import make_checkpoint
from quartet.core.proof.log import MerkleLog
from quartet.node.ledger import INCARNATION
from quartet.node.witness import LeafPart
from quartet.wire.memory import Passed
from quartet.wire.seal import seal

NORTH: Final = MemberId("north")
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
        await self.begins()  # what was on its way when it was cut off may have come since
        self.grow(self.world.nodes["north"].ledger.size - self.parted)
        size = len(self.leaves)
        for member in members:
            self.show(member)
        await self.world.until(lambda: all(self.covered(one) >= size for one in members))

    def covered(self, member: str) -> int:
        return self.world.nodes[member].witness.taken_back.covered(NORTH)


def reach(world: World, member: str) -> int:
    return world.nodes[member].witness.state(NORTH).size
