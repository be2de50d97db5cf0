"""This node as witness of the other members' logs, and what it knows of who cosigned what.

It stores before it answers. A cosignature travels as the whole note - text, the log's signature, the witness's line -
so that whoever gets it can compare the checkpoint with the one he holds himself.
"""

import base64
from typing import Final

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.proof.checkpoint import (
    Checkpoint,
    cosign,
    log_origin,
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    witness_name,
)
from quartet.core.proof.evidence import encode_evidence, make_evidence
from quartet.core.proof.note import Note, read_note, write_note
from quartet.core.proof.quorum import quorum_time
from quartet.core.proof.witness import Behind, Contradiction, Followed, WitnessState, follow, split_leaves
from quartet.node.ledger import INCARNATION, KEPT_CHECKPOINTS
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.store import Tx

MAX_LEAVES_SENT: Final = 4_000


class LeafPart(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Leaves of the sender's log, from an index on."""

    origin: str
    first: int
    leaves: bytes


class Record(Value, frozen=True):
    """How an entry of a log stands: `k` of `n` witnesses cosigned it; since when a quorum has (None before)."""

    k: int
    n: int
    since: Micros | None


class Witness:
    """Follows the others' logs and answers for what it saw."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._store = parts.store
        self._registry = registry
        self._states: dict[MemberId, WitnessState] = {}
        self._convicted: set[MemberId] = set()
        self._heard: dict[MemberId, str] = {}
        """The note of each log up to which we followed it, and that we cosigned: it stands in many parcels."""
        self.fresh: dict[MemberId, str] = {}
        """My newest cosignature of each log, as a note; every pump sends each once."""
        self.asks: set[MemberId] = set()
        """Whose leaves are missing here: the next parcel to him says how far we are."""

    def origin(self, member: MemberId) -> str:
        """Return the origin of a member's log."""
        return log_origin(self._registry.exchange, member, INCARNATION)

    def state(self, member: MemberId) -> WitnessState:
        """Return how far we have followed a member's log."""
        found = self._states.get(member)
        if found is None:
            origin = self.origin(member)
            kept = self._store.reader.meta(f"witness/{origin}")
            size, peaks = _read_state(kept)
            found = self._states[member] = WitnessState(origin=origin, size=size, peaks=peaks)
        return found

    async def heard(self, member: MemberId, note: str | None, part: LeafPart | None, now: Micros) -> bool:
        """Follow a member's log to a checkpoint; return whether we cosigned it. Raise `Untrusted` for a false one."""
        if member in self._convicted or (part is None and note is not None and self._heard.get(member) == note):
            return False
        origin = self.origin(member)
        checkpoint = None if note is None else verify_checkpoint(note, origin, self._registry.log_key(member))
        state = self.state(member)
        if part is not None and part.origin != origin:
            raise Untrusted("other-log", part.origin[:80])
        first, leaves = (state.size, []) if part is None else (part.first, split_leaves(part.leaves))
        match follow(state, first, leaves, checkpoint):
            case Behind(state=reached):
                self.asks.add(member)
                if reached.size > state.size:
                    await self._keep(member, state, reached, leaves[state.size - first :], None)
                return False
            case Contradiction(size=size):
                await self._convict(member, size, note or "", now)
                return False
            case Followed(state=reached, cosign=agreed):
                self.asks.discard(member)
                await self._keep(member, state, reached, leaves[state.size - first :], note)
                answered = await self._answer(member, agreed, note, now)
                if note is not None and self._parts.clock.sure:
                    self._heard[member] = note
                return answered

    async def _keep(
        self, member: MemberId, old: WitnessState, new: WitnessState, leaves: list[bytes], note: str | None
    ) -> None:
        def job(tx: Tx) -> None:
            tx.put_leaves(new.origin, old.size, leaves[: new.size - old.size])
            tx.set_meta(f"witness/{new.origin}", _write_state(new))
            if note is not None:
                tx.put_checkpoint(new.origin, read_checkpoint(read_note(note).text).size, note)
            if new.size // 600 != old.size // 600:
                tx.prune_log(new.origin, new.size - KEPT_CHECKPOINTS)

        await self._store.write(job)
        self._states[member] = new

    async def _answer(self, member: MemberId, agreed: Checkpoint | None, note: str | None, now: Micros) -> bool:
        if agreed is None or note is None or not self._parts.clock.sure:
            return False
        if self._store.reader.cosigned(agreed.origin, self._parts.me, agreed.size) is not None:
            return False
        name = witness_name(self._registry.exchange, self._parts.me)
        line = cosign(agreed, name, now // SECOND, self._parts.keys.log)
        text = write_note(agreed.text, [read_note(note).signatures[0], line])
        me, seconds = self._parts.me, now // SECOND
        await self._store.write(lambda tx: tx.put_cosignature(agreed.origin, me, agreed.size, seconds, line.text))
        self.fresh[member] = text
        return True

    async def cosigned(self, witness: MemberId, text: str, now: Micros) -> None:
        """Take in a witness's cosignature, of our log or another's; compare it with what we hold ourselves."""
        note = read_note(text)
        checkpoint = read_checkpoint(note.text)
        member = self._member_of(checkpoint)
        own = self._store.reader.checkpoint(checkpoint.origin, checkpoint.size)
        held = None if own is None else read_note(own[1])
        if held is None or (held.text, held.signatures[0]) != (note.text, note.signatures[0]):
            verify_checkpoint(text, checkpoint.origin, self._registry.log_key(member))
        name = witness_name(self._registry.exchange, witness)
        line = next((s for s in note.signatures if s.name == name), None)
        if line is None:
            raise Malformed("bad-cosignature", f"no line of {witness}")
        seconds = verify_cosignature(checkpoint, line, name, self._registry.log_key(witness))
        if held is not None and read_checkpoint(held.text).root != checkpoint.root:
            await self._convict(member, checkpoint.size, text, now)
            return
        if held is not None or member != self._parts.me:
            await self._store.write(
                lambda tx: tx.put_cosignature(checkpoint.origin, witness, checkpoint.size, seconds, line.text)
            )

    def _member_of(self, checkpoint: Checkpoint) -> MemberId:
        member = _logs_member(checkpoint.origin)
        if checkpoint.origin != self.origin(member):
            raise Untrusted("other-log", checkpoint.origin[:80])
        return member

    async def _convict(self, member: MemberId, size: int, note: str, now: Micros) -> None:
        """Keep the two checkpoints that cannot both be true, and never cosign for that log again."""
        origin = self.origin(member)
        held = self._store.reader.checkpoint(origin, size) or self._store.reader.checkpoint(origin)
        evidence = None if held is None else make_evidence(held[1], note)
        data = note.encode() if evidence is None else encode_evidence(evidence)
        kind = "contradiction" if evidence is None else "equivocation"
        self._convicted.add(member)

        def job(tx: Tx) -> None:
            tx.put_evidence(kind, member, data, now)
            tx.put_alarm("log-forked", member, f"two logs of {member} at size {size}; the evidence is kept", now)

        await self._store.write(job)

    def record(self, member: MemberId, leaf_index: int, now: Micros) -> Record:
        """Return how a leaf of a member's log stands with its witnesses."""
        origin = self.origin(member)
        witnesses = self._registry.witnesses(member, now)
        found = [self._store.reader.cosigned(origin, w, leaf_index + 1) for w in witnesses]
        times = [Micros(f[1] * SECOND) for f in found if f is not None]
        return Record(k=len(times), n=len(witnesses), since=quorum_time(times, len(witnesses)))

    def covered(self, origin: str, leaf_index: int, at: Micros) -> Micros | None:
        """Return since when a quorum of those who witnessed a log at `at` covers one of its leaves."""
        return self.record(_logs_member(origin), leaf_index, at).since

    def newest(self, member: MemberId, now: Micros) -> tuple[int, int, int]:
        """Return how long a member's log is, how many cosigned near its head, and how many witnesses there are."""
        origin = self.origin(member)
        head = self._store.reader.checkpoint(origin)
        size = 0 if head is None else head[0]
        witnesses = self._registry.witnesses(member, now)
        near = max(1, size - 10)
        k = sum(1 for w in witnesses if self._store.reader.cosigned(origin, w, near) is not None)
        return size, k, len(witnesses)

    def leaves_for(self, first: int) -> LeafPart | None:
        """Return the leaves of our own log that follow an index; None if there are none."""
        origin = self.origin(self._parts.me)
        leaves = self._store.reader.leaves(origin, first, MAX_LEAVES_SENT)
        return LeafPart(origin, first, b"".join(leaves)) if leaves else None


def _logs_member(origin: str) -> MemberId:
    parts = origin.split("/")
    return MemberId(parts[2] if len(parts) == 4 else "")


def _write_state(state: WitnessState) -> str:
    return f"{state.size} {base64.b64encode(b''.join(state.peaks)).decode('ascii')}"


def _read_state(kept: str | None) -> tuple[int, tuple[bytes, ...]]:
    if kept is None:
        return 0, ()
    size, _, peaks = kept.partition(" ")
    raw = base64.b64decode(peaks)
    return int(size), tuple(raw[i : i + 32] for i in range(0, len(raw), 32))


__all__ = ["LeafPart", "Note", "Record", "Unavailable", "Witness"]
