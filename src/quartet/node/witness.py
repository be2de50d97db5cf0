"""This node as witness of the other members' logs, and what it knows of who cosigned what.

It stores before it answers. A cosignature travels as the whole note - text, the log's signature, the witness's line -
so that whoever gets it can compare the checkpoint with the one he holds himself. Every checkpoint is cosigned with
Ed25519, the first of each hour of a log with ML-DSA-44 as well.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.keys import ED25519, ML_DSA_44
from quartet.core.proof.checkpoint import (
    Checkpoint,
    log_origin,
    read_checkpoint,
    witness_name,
)
from quartet.core.proof.logkeys import last_tick
from quartet.core.proof.note import Note, SignatureLine, read_line, read_note, write_note
from quartet.core.proof.witness import Behind, Contradiction, Followed, WitnessState, follow, split_leaves
from quartet.node.convicting import Convicting
from quartet.node.counting import Counting, Record
from quartet.node.elsewhere import Elsewhere
from quartet.node.ledger import INCARNATION, KEPT_CHECKPOINTS
from quartet.node.lines import Line, Lines
from quartet.node.parts import Parts
from quartet.node.paths import Paths
from quartet.node.pledges import Pledges
from quartet.node.reached import cut_back, read_state, write_state
from quartet.node.registry import Registry
from quartet.node.takenback import TakenBack
from quartet.node.twologs import TwoLogs
from quartet.store import Tx

MAX_LEAVES_SENT: Final = 4_000
MAX_AHEAD: Final = 2 * 3_600 * SECOND
"""How far ahead a log's last tick may be: a clock that is an hour off must not end its records."""
SIGNED_BY: Final = "\n\u2014 "
"""Begins each signature of a note."""


class LeafPart(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Leaves of the sender's log, from an index on."""

    origin: str
    first: int
    leaves: bytes


class Witness:
    """Follows the others' logs and answers for what it saw."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._store = parts.store
        self._registry = registry
        self._states: dict[MemberId, WitnessState] = {}
        self._early: dict[tuple[MemberId, MemberId, str], str] = {}
        """By witness, log and algorithm: the newest cosignature of a checkpoint whose leaves have not come here yet."""
        self._heard: dict[MemberId, str] = {}
        """The note of each log up to which we followed it, and that we cosigned: it stands in many parcels."""
        self.paths = Paths(parts.store.reader)
        self.taken_back = TakenBack(parts, registry)
        self._convicting = Convicting(parts, registry, self.paths, self.taken_back)
        self.fresh: dict[tuple[MemberId, str], str] = {}
        """My newest cosignature of each log by each algorithm, as a note; every pump sends each once."""
        self.asks: set[MemberId] = set()
        """Whose leaves are missing here: the next parcel to him says how far we are."""
        self.silent = False
        """Whether nothing is followed or cosigned: the node came back and does not know yet what it signed."""
        self.pledges = Pledges(parts, registry)
        self.counting = Counting(parts.store.reader, registry)
        self._two = TwoLogs()
        self._own_lines = Lines(parts, registry)
        self.elsewhere = Elsewhere(parts)

    def origin(self, member: MemberId) -> str:
        """Return the origin of a member's log."""
        return log_origin(self._registry.exchange, member, INCARNATION)

    def state(self, member: MemberId) -> WitnessState:
        """Return how far we have followed a member's log."""
        found = self._states.get(member)
        if found is None:
            origin = self.origin(member)
            kept = self._store.reader.meta(f"witness/{origin}")
            found = self._states[member] = read_state(origin, kept)
            self._recall_hourly(member)
        return found

    def _recall_hourly(self, member: MemberId) -> None:
        """After a restart the newest hourly cosignature is told again: nobody may have heard it."""
        last = self._store.reader.last_hourly(self.origin(member), self._parts.me)
        note = None if last is None else self._store.reader.checkpoint(self.origin(member), last[0])
        if last is not None and note is not None:
            parsed = read_note(note[1])
            line = read_line(last[1].rstrip("\n"))
            self.fresh[member, ML_DSA_44] = write_note(parsed.text, [parsed.signatures[0], line])

    async def heard(self, member: MemberId, note: str | None, part: LeafPart | None, now: Micros) -> bool:
        """Follow a member's log to a checkpoint; return whether we cosigned it. Raise `Untrusted` for a false one."""
        if member in self._convicting.convicted and await self._convicting.lift(member, now):
            self._two.forget(member)
        if self.silent or member in self._convicting.convicted:
            await self.compare(member, note, now)
            return False
        if part is None and note is not None and self._heard.get(member) == note:
            return False
        origin = self.origin(member)
        checkpoint, in_use = self._checked(member, note, origin, now)
        state = self.state(member)
        if note is not None and checkpoint is not None and not in_use:
            await self.compare(member, note, now)
            if checkpoint.size > state.size:
                self._check_counts(member, note)  # what no quorum had cosigned when root took the key back never does
            return False
        if checkpoint is not None and self._convicting.contradicts(checkpoint, state.size):
            await self._convict(member, checkpoint.size, note or "", now)
            return False
        if part is not None and part.origin != origin:
            raise Untrusted("other-log", part.origin[:80])
        first, leaves = (state.size, []) if part is None else (part.first, split_leaves(part.leaves))
        pledged = self.pledges.of(origin)
        if pledged is not None and state.size < pledged.size:
            # only up to what we cosigned before a restore: where another log follows from here, that convicts it
            if part is None or first + len(leaves) >= pledged.size:
                note, checkpoint = pledged.note, pledged.checkpoint
            else:
                note, checkpoint = None, None
            leaves = leaves[: max(0, pledged.size - first)]
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
                seen = None if agreed is None else note
                lines = self._own_lines.under(agreed, now)
                await self._keep(member, state, reached, leaves[state.size - first :], seen, lines)
                if note is not None and self._parts.clock.sure:
                    self._heard[member] = note
                await self._take_early(member, reached.size, now)
                return bool(lines)

    def _checked(self, member: MemberId, note: str | None, origin: str, now: Micros) -> tuple[Checkpoint | None, bool]:
        """Return a header's checkpoint, and whether a key in use signed it; raise `Untrusted` for a false one.

        One of a tick that lies far ahead (`tick-ahead`) would have root wait so long before it could take a key back.
        """
        if note is None:
            return None, True
        checkpoint, in_use = self._registry.log_keys(member).in_use(note, origin)
        if note.count(SIGNED_BY) != 1:
            raise Malformed("too-many-signatures", "a checkpoint in a header has its log's alone")
        latest = (self._parts.clock.latest(now) + MAX_AHEAD) // self._registry.membership.tick
        if last_tick(checkpoint) > latest:
            raise Untrusted("tick-ahead", f"tick {last_tick(checkpoint)} of {member} lies hours ahead")
        return checkpoint, in_use

    async def compare(self, member: MemberId, note: str | None, now: Micros) -> None:
        """Look at a checkpoint in a parcel that is not taken, or of a log that is not followed: it may be another's."""
        if note is None or self.silent:
            return
        if self._two.waits(member):
            await self._shown(member, note, now)
        elif member not in self._convicting.convicted:
            said = read_checkpoint(read_note(note).text)
            if said.origin == self.origin(member) and self._convicting.contradicts(said, self.state(member).size):
                self._registry.log_keys(member).checkpoint(note, said.origin)
                await self._convict(member, said.size, note, now)

    async def _shown(self, member: MemberId, note: str, now: Micros) -> None:
        """Keep what a log that was caught says further; with two of one size a stranger can check it."""
        self._registry.log_keys(member).checkpoint(note, self.origin(member))
        self._check_counts(member, note)
        found = self._two.heard(member, note)
        if found is not None:
            await self._convicting.prove(member, found, now)

    async def _keep(
        self,
        member: MemberId,
        old: WitnessState,
        new: WitnessState,
        leaves: list[bytes],
        note: str | None,
        lines: Sequence[Line] = (),
    ) -> None:
        """Keep how far a log was followed and, in the same commit, our lines under it; then they may be told."""
        me = self._parts.me

        def job(tx: Tx) -> None:
            tx.put_leaves(new.origin, old.size, leaves[: new.size - old.size])
            tx.set_meta(f"witness/{new.origin}", write_state(new))
            if note is not None:
                tx.put_checkpoint(new.origin, read_checkpoint(read_note(note).text).size, note)
            if new.size // 600 != old.size // 600:
                tx.prune_log(new.origin, new.size - KEPT_CHECKPOINTS)

            for line in lines:
                tx.put_cosignature(new.origin, me, line.size, line.seconds, line.line.text, line.algorithm)

        await self._store.write(job)
        self._states[member] = new
        for line in lines:
            signed = read_note(note or "")
            self.fresh[member, line.algorithm] = write_note(signed.text, [signed.signatures[0], line.line])

    async def cosigned(self, witness: MemberId, text: str, now: Micros) -> Micros | None:
        """Take in a witness's cosignature, of our log or another's; compare it with what we hold ourselves.

        One of a checkpoint that we missed is compared with the leaves that we hold, and left out: a later one covers
        what it covers. Return its date if it is one of those that are made each tick: an hourly one may be told again
        much later.
        """
        note = read_note(text)
        checkpoint = read_checkpoint(note.text)
        member = self._member_of(checkpoint)
        kept = self._store.reader.checkpoint(checkpoint.origin, checkpoint.size)
        held = None if kept is None else read_note(kept[1])
        if held is None or (held.text, held.signatures[0]) != (note.text, note.signatures[0]):
            self._registry.log_keys(member).checkpoint(text, checkpoint.origin)
        algorithm, line, seconds = self._line_of(witness, note, checkpoint)
        own = member == self._parts.me
        size = self.elsewhere.size if own else self.state(member).size
        if self._convicting.contradicts(checkpoint, size):
            await self._convict(member, checkpoint.size, text, now)
        elif held is not None:
            origin, of = checkpoint.origin, checkpoint.size
            await self._store.write(lambda tx: tx.put_heard_line(origin, witness, of, seconds, line.text, algorithm))
        elif own:
            await self.elsewhere.look(witness, checkpoint, now)
        elif checkpoint.size > size:
            self._early[witness, member, algorithm] = text
        return Micros(seconds * SECOND) if algorithm == ED25519 else None

    def _line_of(self, witness: MemberId, note: Note, checkpoint: Checkpoint) -> tuple[str, SignatureLine, int]:
        """Return a witness's line under a note once it was checked: by which algorithm, the line, its date."""
        name = witness_name(self._registry.exchange, witness)
        line = next((s for s in note.signatures if s.name == name), None)
        if line is None:
            raise Malformed("bad-cosignature", f"no line of {witness}")
        algorithm, seconds = self._registry.log_keys(witness).cosigned(checkpoint, line, name)
        return algorithm, line, seconds

    async def _take_early(self, member: MemberId, size: int, now: Micros) -> None:
        """Take in what came before the leaves that it is about."""
        for key, text in list(self._early.items()):
            if key[1] == member and read_checkpoint(read_note(text).text).size <= size:
                del self._early[key]
                await self.cosigned(key[0], text, now)

    def _member_of(self, checkpoint: Checkpoint) -> MemberId:
        member = _logs_member(checkpoint.origin)
        if checkpoint.origin != self.origin(member):
            raise Untrusted("other-log", checkpoint.origin[:80])
        return member

    async def _convict(self, member: MemberId, size: int, note: str, now: Micros) -> None:
        """Keep the two checkpoints that cannot both be true, and tell the others which of them was cosigned here.

        Where what we hold was signed by a key alone that was taken back, the log is followed anew from what counts.
        """
        self._check_counts(member, note)
        back = await self.taken_back.cut(member, self.state(member))
        if back is not None:
            self._go_back(member, back)
            return
        shown = await self._convicting.convict(member, size, self.state(member).size, note, now)
        if member not in self._convicting.proven and not self._two.waits(member):
            self._two.caught(member, note)
        if shown is not None:
            self.fresh[member, ED25519] = shown

    def _check_counts(self, member: MemberId, note: str) -> None:
        if not self.taken_back.counts(member, note):
            raise Untrusted("key-revoked", f"no quorum cosigned it before root took back the log key of {member}")

    async def cut_revoked(self, member: MemberId) -> None:
        """Go back to what of a member's log was signed before the tick from which on root took its key back."""
        back = await self.taken_back.cut_revoked(member, self.state(member))
        if back is not None:
            self._go_back(member, back)

    def _go_back(self, member: MemberId, back: WitnessState) -> None:
        self._states[member] = back
        self._heard.pop(member, None)
        self.paths.forget(back.origin)
        self.asks.add(member)

    async def cut_back(self, member: MemberId) -> None:
        """Go back to the newest checkpoint of a member's log that we hold: it came back, and signed no more.

        What we cosigned under a key that was taken back since is not told again: it may not be what went on.
        """
        self._states[member] = await cut_back(self._store, self.state(member))
        for which, note in list(self.fresh.items()):
            if which[0] == member and not self.taken_back.in_use(member, note):
                del self.fresh[which]

    async def own_goes_on(self, now: Micros) -> None:
        """Our own log goes on under a new key: what convicted it before does so no more, unless it stands."""
        if self._parts.me in self._convicting.convicted:
            await self._convicting.lift(self._parts.me, now)
        self._two.forget(self._parts.me)
        await self.elsewhere.end(now)

    def record(self, member: MemberId, leaf_index: int, now: Micros) -> Record:
        """Return how a leaf of a member's log stands with its witnesses."""
        first = self.elsewhere.began() if member == self._parts.me else self.state(member).first_tick
        return self.counting.record(member, leaf_index, first, now)

    def covered(self, origin: str, leaf_index: int, at: Micros) -> Micros | None:
        """Return since when a quorum of those who witnessed a log at `at` covers one of its leaves."""
        return self.record(_logs_member(origin), leaf_index, at).since

    def leaves_for(self, first: int, upto: int | None = None) -> LeafPart | None:
        """Return the leaves of our own log that follow an index, none from `upto` on; None if there are none."""
        origin, count = self.origin(self._parts.me), MAX_LEAVES_SENT if upto is None else upto - first
        leaves = self._store.reader.leaves(origin, first, min(MAX_LEAVES_SENT, count))
        return LeafPart(origin, first, b"".join(leaves)) if leaves else None


def _logs_member(origin: str) -> MemberId:
    parts = origin.split("/")
    return MemberId(parts[2] if len(parts) == 4 else "")


__all__ = ["LeafPart", "Note", "Record", "Unavailable", "Witness"]
