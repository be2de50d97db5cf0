"""Convict a log that says two things, and the witnesses who cosigned both: by what we hold and what another shows.

Checkpoints of sizes that we did not see are held against our leaves, so that a log which shows each member other sizes
is found by the first cosignature that crosses. Who convicts tells the others, once, the checkpoint that it cosigned
itself with the lines of all others under it: a log that splits before a quorum needs a witness that signs twice, and
nobody sees both of its lines unless they are shown.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from quartet.core.faults import Fault, Malformed
from quartet.core.ids import MemberId, Micros
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import Checkpoint, log_origin, witness_named
from quartet.core.proof.counting import counted
from quartet.core.proof.evidence import Evidence, cosigned_both, decode_evidence, encode_evidence, make_evidence
from quartet.core.proof.note import read_line, read_note, write_note
from quartet.core.proof.quorum import quorum
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.paths import Paths
from quartet.node.registry import Registry
from quartet.node.takenback import TakenBack
from quartet.store import Tx

CONVICTING: Final = ("contradiction", "equivocation")
"""The kinds of evidence after which a log is never cosigned again."""


class Convicting:
    """Knows who is convicted, and convicts."""

    def __init__(self, parts: Parts, registry: Registry, paths: Paths, taken_back: TakenBack) -> None:
        self._store, self._me = parts.store, parts.me
        self._registry = registry
        self._paths = paths
        self._taken_back = taken_back
        self._judged: dict[MemberId, int] = {}
        """With which version of its manifest who is convicted was judged last."""
        kept = [row for row in self._store.reader.evidence() if self._stands(*row[:3])]
        self._unkept: dict[MemberId, deque[Callable[[Tx], None]]] = {}
        """What convicts somebody and is not on the disk yet: until it lies there, nobody can judge what stands."""
        self._keeping = asyncio.Lock()
        self.convicted = {MemberId(who) for _, who, _, _ in kept}
        """Whose log is never followed nor cosigned again."""
        self.proven = {MemberId(who) for kind, who, _, _ in kept if kind != "contradiction"}
        """Of whom we hold evidence that a stranger can check."""
        self._both = {
            (MemberId(who), name)
            for kind, who, data, _ in kept
            if kind != "contradiction"
            for name in _named_twice(data)
        }

    def contradicts(self, checkpoint: Checkpoint, size: int) -> bool:
        """Return whether a checkpoint is not of the log as we hold it up to `size`: by its note, else by the leaves."""
        held = self._store.reader.checkpoint(checkpoint.origin, checkpoint.size)
        if held is not None:
            return not held[1].startswith(checkpoint.text + "\n")
        if not 0 < checkpoint.size <= size:
            return False
        return self._paths.tree(checkpoint.origin, size).root(checkpoint.size) != checkpoint.root

    async def lift(self, member: MemberId, now: Micros) -> bool:
        """Return whether a member is convicted no more: root took the key back, and nothing that stands convicts it."""
        version = self._registry.manifest(member).version
        if not await self._kept(member) or self._judged.get(member) == version:
            return False
        self._judged[member] = version
        if not self._registry.log_keys(member).took_back:
            return False
        if any(who == member and self._stands(kind, who, data) for kind, who, data, _ in self._store.reader.evidence()):
            return False
        self.convicted.discard(member)
        self.proven.discard(member)
        self._both = {pair for pair in self._both if pair[0] != member}
        text = f"root took back the log key that signed two logs of {member}; its log goes on from what was on record"

        def job(tx: Tx) -> None:
            tx.end_alarm("log-forked", member, now)
            tx.put_alarm("log-key-revoked", member, text, now)

        await self._store.write(job)
        return True

    def _stands(self, kind: str, who: str, data: bytes) -> bool:
        """Return whether kept evidence convicts: each note that it shows counts as its member's word."""
        if kind not in CONVICTING:
            return False
        try:
            evidence = None if kind == "contradiction" else decode_evidence(data)
            notes = [data.decode()] if evidence is None else [evidence.first, evidence.second]
            return all(self._taken_back.counts(MemberId(who), note) for note in notes)
        except (Fault, UnicodeDecodeError):
            return True  # damaged here, and `verify` says so

    async def convict(self, member: MemberId, size: int, ours: int, note: str, now: Micros) -> str | None:
        """Keep what convicts a log at a size, once, and each witness who cosigned both; we hold `ours` of its leaves.

        Return the note that is to be told to the others: of a checkpoint that contradicts it too, as cosigned here.
        """
        origin = log_origin(self._registry.exchange, member, INCARNATION)
        evidence = self._evidence(origin, size, ours, note, now)
        twice = self._twice(member, evidence)
        if member in self.convicted and not twice:
            return None
        self.convicted.add(member)
        self._both |= {(member, name) for name in twice}
        data = note.encode() if evidence is None else encode_evidence(evidence)
        kind = "contradiction" if evidence is None else "equivocation"
        if evidence is not None:
            self.proven.add(member)
        who = [named for name in twice if (named := witness_named(self._registry.exchange, name)) is not None]

        def job(tx: Tx) -> None:
            tx.put_evidence(kind, member, data, now)
            tx.put_alarm("log-forked", member, f"two logs of {member} at size {size}; the evidence is kept", now)
            for witness in who:
                tx.put_alarm("cosigned-both", witness, f"{witness} cosigned both logs of {member}", now)

        self._unkept.setdefault(member, deque()).append(job)
        await self._keep(member)
        return self._cosigned_here(origin, size)

    async def _kept(self, member: MemberId) -> bool:
        """Return whether all that convicts a member is kept, once what the store did not take is tried again."""
        with suppress(Fault):
            await self._keep(member)
        return member not in self._unkept

    async def _keep(self, member: MemberId) -> None:
        """Keep what convicts a member, in its order; what the store does not take stays due."""
        async with self._keeping:
            while due := self._unkept.get(member):
                await self._store.write(due[0])
                due.popleft()
            self._unkept.pop(member, None)

    async def prove(self, member: MemberId, evidence: Evidence, now: Micros) -> None:
        """Keep what shows a stranger that a log was two, of one that was caught without."""
        data = encode_evidence(evidence)
        await self._store.write(lambda tx: tx.put_evidence("equivocation", member, data, now))
        self.proven.add(member)

    def _evidence(self, origin: str, size: int, ours: int, note: str, now: Micros) -> Evidence | None:
        """Return what a third party can check, with the witnesses' lines of both sides; None where there is nothing."""
        reader = self._store.reader
        witnesses = [line.name for line in read_note(note).signatures if line.name != origin]
        held = self._on_record(origin, size, now)
        held = held or reader.checkpoint(origin, self._held_size(origin, size, witnesses))
        held = held or reader.checkpoint_from(origin, size) or reader.checkpoint(origin)
        if held is None:
            return None
        larger = None if held[0] > ours else self._paths.tree(origin, ours)
        return make_evidence(self._with_lines(origin, *held), note, larger)

    def _on_record(self, origin: str, size: int, now: Micros) -> tuple[int, str] | None:
        """Return the first checkpoint from a size on that a quorum cosigned, where a key was taken back: it counts."""
        member = witness_named(self._registry.exchange, origin.rpartition("/")[0])
        if member is None or not self._registry.log_keys(member).took_back:
            return None
        needed = quorum(len(counted(self._registry.membership, member, now)))
        found = self._store.reader.size_cosigned(origin, size, needed)
        return None if found is None else self._store.reader.checkpoint(origin, found)

    def _held_size(self, origin: str, size: int, names: Iterable[str]) -> int:
        """Return the first size from one on at which one of these witnesses cosigned what we hold."""
        members = [witness_named(self._registry.exchange, name) for name in names]
        found = [self._store.reader.cosigned(origin, m, size) for m in members if m not in (None, self._me)]
        return min((one[0] for one in found if one is not None), default=size)

    def _with_lines(self, origin: str, size: int, text: str) -> str:
        """Return a checkpoint that we hold with all the lines of its witnesses that we hold."""
        note = read_note(text)
        lines = [read_line(line.rstrip("\n")) for _, _, line in self._store.reader.cosignatures(origin, size)]
        return write_note(note.text, [note.signatures[0], *sorted(lines, key=lambda line: line.name)])

    def _twice(self, member: MemberId, evidence: Evidence | None) -> tuple[str, ...]:
        """Return the witnesses whom evidence convicts and who were not before."""
        if evidence is None:
            return ()
        found = cosigned_both(evidence, self._witness_key)
        return tuple(name for name in found if (member, name) not in self._both)

    def _witness_key(self, name: str) -> PublicKey | None:
        """Return the key in use of a witness: a line of one that was taken back convicts nobody of cosigning twice."""
        member = witness_named(self._registry.exchange, name)
        if member is None or member not in self._registry.wire_manifests():
            return None
        newest = self._registry.log_keys(member).fast[:1]
        return next((entry.public for entry in newest if entry.revoked_from is None), None)

    def _cosigned_here(self, origin: str, size: int) -> str | None:
        """Return the first checkpoint from a size on that we cosigned ourselves, with the lines of the others."""
        ours = self._store.reader.cosigned(origin, self._me, size)
        held = None if ours is None else self._store.reader.checkpoint(origin, ours[0])
        return None if held is None else self._with_lines(origin, *held)


def _named_twice(data: bytes) -> set[str]:
    """Return who stands under both notes of evidence that was checked when it was kept."""
    try:
        evidence = decode_evidence(data)
    except Malformed:
        return set()  # damaged here, and `verify` says so
    first, second = ({line.name for line in read_note(text).signatures} for text in (evidence.first, evidence.second))
    return first & second - {evidence.origin}


__all__ = ["CONVICTING", "Convicting"]
