"""A stolen log key: what a thief makes others believe with it, how root ends that, and what stays proven."""

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from rotating import take_back
from world import MEMBERS, World, exchange

from quartet.core.faults import Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Tick
from quartet.core.keys import ED25519, SecretKey
from quartet.core.manifest import sign_wire_manifest
from quartet.core.proof.checkpoint import cosign, make_checkpoint, read_checkpoint, witness_name
from quartet.core.proof.conviction import verify_conviction
from quartet.core.proof.export import verify_proof
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import read_note, write_note
from quartet.core.restored import NONCE_SIZE, Restored
from quartet.node.elsewhere import seen_elsewhere
from quartet.node.evidence import evidence_file
from quartet.node.office import with_log_keys
from quartet.node.registry import Registry
from quartet.node.witness import LeafPart
from quartet.store import Tx

pytestmark = pytest.mark.anyio
NORTH, EAST, WEST = (MemberId(m) for m in ("north", "east", "west"))
ROOTS = [bytes([n]) * 32 for n in range(12)]
THIEFS = [*ROOTS[:3], *(bytes([100 + n]) * 32 for n in range(9))]


class Thief:
    """Has north's log key, and west's help: west cosigns what he signs, and shows it to others."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.keys("north").log
        self.origin = world.nodes["east"].witness.origin(NORTH)

    def note(self, first: int, roots: Sequence[bytes]) -> str:
        """Return what he signs: a log of these leaves that begins with a tick."""
        log = MerkleLog()
        for root in roots:
            log.append(root)
        return make_checkpoint(self.origin, len(roots), log.root(), Tick(first), self.key)

    def other(self, size: int) -> str:
        """Return a checkpoint of north's log at a size, but for its last leaf."""
        reader = self.world.stores["east"].reader
        leaves = reader.leaves(self.origin, 0, size - 1)
        return self.note(self.first(), [*leaves, b"x" * 32])

    def first(self) -> int:
        return int(self.world.nodes["east"].witness.state(NORTH).first_tick or 0)

    def by_west(self, note: str, at: int) -> str:
        """Return a note with west's line under it, dated as he likes."""
        read, name = read_note(note), witness_name(self.world.nodes["east"].registry.exchange, WEST)
        line = cosign(read_checkpoint(read.text), name, at // SECOND, self.world.keys("west").log)
        return write_note(read.text, [read.signatures[0], line])

    async def show(self, note: str, at: int | None = None) -> None:
        """Have west show a note to east."""
        now = self.world.now("east")
        await self.world.nodes["east"].witness.cosigned(WEST, self.by_west(note, now if at is None else at), now)


def size(world: World) -> int:
    return world.nodes["east"].witness.state(NORTH).size


def alarms(world: World) -> set[tuple[str, str]]:
    return {(alarm.reason, alarm.subject) for alarm in world.stores["east"].reader.alarms()}


async def test_a_log_stays_convicted_while_what_convicts_it_is_on_its_way_to_the_disk(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        thief = Thief(world)
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        convicting, now = world.nodes["east"].witness._convicting, world.now("east")

        store, go = world.stores["east"], threading.Event()
        busy = asyncio.create_task(store.write(lambda _: go.wait(60)))
        shown = asyncio.create_task(thief.show(thief.other(size(world))))
        await world.until(lambda: NORTH in convicting.convicted)
        assert not list(store.reader.evidence()), "it is not kept yet"
        lifted = asyncio.create_task(convicting.lift(NORTH, now))
        await asyncio.sleep(0)
        go.set()
        assert not await lifted
        await asyncio.gather(busy, shown)
        assert not await convicting.lift(NORTH, now), "no root took a key back"

        assert NORTH in convicting.convicted
        assert ("log-forked", "north") in alarms(world)
        assert ("log-key-revoked", "north") not in alarms(world)


async def test_what_the_store_did_not_take_convicts_all_the_same_and_is_kept_as_soon_as_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        await take_back(world, "north")
        await world.linked()
        after = await world.send("north", ["east"], "said under the new key")
        await world.until(lambda: world.proven("east", after.ref))
        thief, store = Thief(world), world.stores["east"]

        async def busy(_: object, **__: object) -> None:
            raise Unavailable("store-busy", "another holds it")

        with monkeypatch.context() as patch:
            patch.setattr(store, "write", busy)
            with pytest.raises(Unavailable, match="store-busy"):
                await thief.show(thief.other(size(world)))
        assert not list(store.reader.evidence())
        await world.send("north", ["east"], "said to who knows of two logs")

        await world.until(lambda: ("log-forked", "north") in alarms(world))
        assert [who for kind, who, _, _ in store.reader.evidence() if kind == "equivocation"] == ["north"]
        assert ("log-key-revoked", "north") not in alarms(world)
        assert NORTH in world.nodes["east"].witness._convicting.convicted


async def test_a_thief_with_a_log_key_and_a_friend_ends_no_log_once_root_has_taken_it_back(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        thief = Thief(world)
        before = await world.send("north", ["east"], "said before the theft")
        await world.until(lambda: world.proven("east", before.ref))

        await thief.show(thief.other(size(world)))
        assert ("log-forked", "north") in alarms(world)
        meanwhile = await world.send("north", ["east"], "said while east cosigns nothing")
        await world.until(lambda: world.holds("east", meanwhile.ref))
        key = (world.database("east"), world.keys("east").store, world.charter_bytes())
        assert verify_conviction(evidence_file(*key, NORTH), world.charter_bytes()).member == NORTH

        gone = await take_back(world, "north")
        await world.linked()
        after = await world.send("north", ["east"], "said under the new key")
        await world.until(lambda: all(world.proven("east", one.ref) for one in (before, meanwhile, after)))
        assert ("log-forked", "north") not in alarms(world)
        assert ("log-key-revoked", "north") in alarms(world)
        with pytest.raises(Untrusted, match="key-revoked"):
            verify_conviction(evidence_file(*key, NORTH), world.charter_bytes())

        for one in (before, meanwhile, after):
            proof = world.nodes["east"].reading.proof(world.viewer("east"), one.ref)
            assert verify_proof(proof, world.charter_bytes()).witnesses == 2

        kept, tick = len(world.stores["east"].reader.evidence()), gone.revocations[0].from_tick
        earlier, now = thief.first() - tick, world.now("east")
        leaves = world.stores["east"].reader.leaves(thief.origin, 0, size(world))
        for note in (thief.other(size(world)), thief.note(tick, leaves), thief.other(-earlier)):
            for at in (now, (tick - 1) * world.charter().membership.tick):
                with pytest.raises(Untrusted, match="key-revoked"):
                    await thief.show(note, at)
        assert len(world.stores["east"].reader.evidence()) == kept
        await world.stop("east")
        world.start("east")
        again = await world.send("north", ["east"], "said after east began again")
        await world.until(lambda: world.proven("east", again.ref))
        assert await world.problems("east") == []


def keep_manifests(tx: Tx, registry: Registry) -> None:
    """Keep what a node that does not run was told of the others' keys, as one does that runs."""
    for member, data in registry.wire_manifests().items():
        tx.put_manifest("wire", member, registry.manifest(member).version, data)


class Told:
    """Nodes that do not run, told of north's log by hand: by its key, by the thief's, and by root."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, world.now("east")
        for one in MEMBERS:
            for other in MEMBERS:
                if one != other:
                    manifest = world.member(other).wire_manifest(other).read_bytes()
                    world.nodes[one].registry.learn_manifest(manifest, MemberId(other))
        self.state = world.charter()
        self.origin = world.nodes["east"].witness.origin(NORTH)
        self.begins = self.now // self.state.membership.tick - 20
        """So that all that is signed here is signed before the present tick."""

    def note(self, roots: Sequence[bytes], key: SecretKey) -> str:
        log = MerkleLog()
        for root in roots:
            log.append(root)
        return make_checkpoint(self.origin, len(roots), log.root(), Tick(self.begins), key)

    async def hear(self, to: str, roots: Sequence[bytes], known: int, key: SecretKey) -> bool:
        """Have a node follow leaves of north's log; return whether it cosigned."""
        leaves = LeafPart(self.origin, known, b"".join(roots[known:]))
        return await self.world.nodes[to].witness.heard(NORTH, self.note(roots, key), leaves, self.now)

    def reached(self, member: str) -> list[bytes]:
        return self.world.stores[member].reader.leaves(self.origin, 0, 100)

    def take_back(self, tick: int, version: int = 1) -> tuple[SecretKey, bytes]:
        """Have root take north's log keys back from a tick on; return the new key, and the manifest as it travels."""
        known = self.world.nodes["east"].registry.manifest(NORTH)
        fresh = SecretKey(os.urandom(32))
        slow = self.world.keys("south").slow_log_public
        made = replace(with_log_keys(known, fresh.public, slow, Tick(tick)), version=known.version + version)
        return fresh, sign_wire_manifest(made, self.world.root("north"))

    def believe(self, raw: bytes, *members: str) -> None:
        for member in members:
            self.world.nodes[member].registry.learn_manifest(raw, NORTH)

    def alarms(self, member: str) -> set[str]:
        return {alarm.reason for alarm in self.world.stores[member].reader.alarms() if alarm.subject == NORTH}


async def test_who_held_the_thiefs_leaves_alone_goes_back_to_what_is_on_record_and_follows_the_new_key(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, start=False) as world:
        told, stolen = Told(world), world.keys("north").log
        east, south = world.nodes["east"].witness, world.nodes["south"].witness
        await told.hear("west", ROOTS[:8], 0, stolen)
        await told.hear("east", ROOTS[:8], 0, stolen)
        await east.cosigned(WEST, world.nodes["west"].witness.fresh[NORTH, ED25519], told.now)
        assert await told.hear("south", THIEFS[:8], 0, stolen), "south knows no better yet"

        fresh, raw = told.take_back(told.now // told.state.membership.tick + 10)
        told.believe(raw, "east", "south")
        with pytest.raises(Untrusted, match="key-revoked"):
            await told.hear("east", THIEFS[:9], 8, stolen)
        assert await told.hear("east", ROOTS[:9], 8, fresh)
        assert not await told.hear("south", ROOTS[:9], 8, fresh)
        assert NORTH in south.asks
        assert await told.hear("south", ROOTS[:9], 0, fresh)

        assert told.reached("south") == told.reached("east") == ROOTS[:9]
        assert told.alarms("south") | told.alarms("east") == set()
        shown = south.fresh[NORTH, ED25519]
        await east.cosigned(MemberId("south"), shown, told.now)
        assert told.alarms("east") == set(), "what south cosigned for the thief convicts nobody"


async def test_an_owner_who_gives_up_a_key_disowns_nothing_that_is_on_record(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        told, first = Told(world), world.keys("north").log
        east, tick = world.nodes["east"].witness, told.state.membership.tick
        await told.hear("west", ROOTS[:8], 0, first)
        await told.hear("east", ROOTS[:8], 0, first)
        await east.cosigned(WEST, world.nodes["west"].witness.fresh[NORTH, ED25519], told.now)

        _, early = told.take_back(told.begins + 7)
        with pytest.raises(Untrusted, match="revoked-too-early"):
            told.believe(early, "east")
        assert world.nodes["east"].registry.manifest(NORTH).version == 1
        fresh, raw = told.take_back(told.now // tick + 10)
        told.believe(raw, "east")
        known = world.nodes["east"].registry.manifest(NORTH)
        moved = replace(known, version=9, revocations=())
        with pytest.raises(Untrusted, match="revocation-changed"):
            told.believe(sign_wire_manifest(moved, world.root("north")), "east")

        dropped = replace(known, version=9, log_keys=known.log_keys[2:], revocations=())
        with pytest.raises(Untrusted, match="key-dropped"):
            told.believe(sign_wire_manifest(dropped, world.root("north")), "east")

        assert not await told.hear("east", THIEFS[:8], 8, fresh), "its new key signs another past"
        assert told.alarms("east") == {"log-forked"}
        assert told.reached("east") == ROOTS[:8]
        key = (world.database("east"), world.keys("east").store, world.charter_bytes())
        await world.stores["east"].write(lambda tx: keep_manifests(tx, world.nodes["east"].registry))
        assert verify_conviction(evidence_file(*key, NORTH), world.charter_bytes()).member == NORTH


async def test_officers_hear_that_others_have_ticks_of_their_log_that_are_not_here(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        told, north = Told(world), world.nodes["north"].witness
        await told.hear("east", THIEFS[:8], 0, world.keys("north").log)

        await north.cosigned(EAST, world.nodes["east"].witness.fresh[NORTH, ED25519], told.now)

        assert told.alarms("north") == {"log-elsewhere"}
        assert seen_elsewhere(world.stores["north"].reader) == told.begins + 7


async def test_a_tick_that_lies_hours_ahead_is_followed_by_nobody(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        told, tick = Told(world), world.charter().membership.tick
        told.begins = (told.now + 3 * 3_600 * SECOND) // tick

        with pytest.raises(Untrusted, match="tick-ahead"):
            await told.hear("east", THIEFS[:8], 0, world.keys("north").log)

        told.begins = (told.now + 3_600 * SECOND) // tick
        assert await told.hear("east", THIEFS[:8], 0, world.keys("north").log), "a clock may be an hour off"


async def test_who_followed_a_thief_past_the_tick_from_which_root_took_the_key_back_answers_what_its_member_believes(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, start=False) as world:
        told, stolen, south = Told(world), world.keys("north").log, world.nodes["south"]
        await told.hear("south", ROOTS[:8], 0, stolen)
        await told.hear("south", [*ROOTS[:8], *THIEFS[8:]], 8, stolen)
        _, raw = told.take_back(told.begins + 10)
        told.believe(raw, "south")

        returning = south._pumps[NORTH].returning
        await returning.asked(Restored(bytes(NONCE_SIZE), 0, 0), told.now)

        note, _, leaves = returning._of_log(0, 100)
        assert south.registry.log_keys(NORTH).checkpoint(note, told.origin).size == 8
        assert leaves == b"".join(ROOTS[:8])
        assert NORTH in south.witness.asks
