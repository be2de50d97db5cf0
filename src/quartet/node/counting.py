"""How a log and its leaves stand with their witnesses, by the cosignatures that this node holds.

A witness is silent on a log when its newest cosignature there is older than the log's newest checkpoint by so much that
the others may declare it absent: a log that does not go on gives nobody anything to cosign.
"""

from collections.abc import Mapping
from typing import Final

from quartet.core.absence import SILENT_AFTER, Absence
from quartet.core.encoding import Value
from quartet.core.ids import SECOND, MemberId, Micros, Tick
from quartet.core.proof.checkpoint import dated, log_origin, read_checkpoint
from quartet.core.proof.counting import counted, covered_since
from quartet.core.proof.logkeys import last_tick
from quartet.core.proof.note import read_line, read_note
from quartet.node.ledger import INCARNATION
from quartet.node.registry import Registry
from quartet.store import Reader

SURE_AFTER: Final = 60 * SECOND
"""For how long a witness was seen to be silent before it is told: after a machine slept all are, for a moment."""
NEAR: Final = 10
"""Ticks behind a log's head within which a witness has cosigned it."""


class Record(Value, frozen=True):
    """How an entry of a log stands: `k` of `n` witnesses cosigned it; since when a quorum has (None before).

    `absent` are not among the `n`.
    """

    k: int
    n: int
    since: Micros | None
    absent: tuple[MemberId, ...] = ()


class Silence(Value, frozen=True):
    """Since when a witness has not cosigned, and the log on which that is longest."""

    since: Micros
    log: MemberId


class Counting:
    """Answers how many witnesses cosigned what, who of them is silent, and who is declared absent."""

    def __init__(self, reader: Reader, registry: Registry) -> None:
        self._reader = reader
        self._registry = registry
        self._noted: dict[MemberId, Micros] = {}
        """When each who is silent was first seen to be."""

    def record(self, member: MemberId, leaf_index: int, first_tick: Tick | None, now: Micros) -> Record:
        """Return how a leaf of a member's log stands with those who witness the log at a time."""
        membership = self._registry.membership
        dates = self._dates(member, leaf_index + 1, now)
        gone = self._registry.absent(member, now, now)
        ticked = Micros(((first_tick or 0) + leaf_index) * membership.tick)
        return Record(
            k=len(dates.keys() - gone),
            n=len(self._registry.witnesses(member, now)) - len(gone),
            since=covered_since(dates, membership, member, now, ticked),
            absent=tuple(sorted(gone)),
        )

    def nobody(self, member: MemberId, now: Micros) -> Record:
        """Return how something of a member's stands that no log of it holds yet."""
        gone = self._registry.absent(member, now, now)
        return Record(0, len(self._registry.witnesses(member, now)) - len(gone), None, tuple(sorted(gone)))

    def newest(self, member: MemberId, now: Micros) -> tuple[int, int, int]:
        """Return how long a member's log is, how many cosigned near its head, and how many witnesses count."""
        head = self._reader.checkpoint(self._origin(member))
        size = 0 if head is None else head[0]
        there = counted(self._registry.membership, member, now)
        return size, sum(self._near(member, one, size) for one in there), len(there)

    def absences(self, now: Micros) -> dict[MemberId, Absence]:
        """Return who is declared absent as a witness, and until when."""
        membership = self._registry.membership
        found = {m: membership.absence(m, now, now) for m in membership.members(now)}
        return {member: absence for member, absence in found.items() if absence is not None}

    def others(self, member: MemberId, now: Micros) -> tuple[MemberId, ...]:
        """Return who declares a member absent together: all others."""
        return self._registry.witnesses(member, now)

    def silences(self, now: Micros) -> dict[MemberId, Silence]:
        """Return which witnesses were silent for so long that the others may declare them absent."""
        members = self._registry.membership.members(now)
        found = {m: self._longest(m, members, now) for m in members if m != self._registry.me}
        silent = {member: one for member, one in found.items() if one is not None}
        self._noted = {member: self._noted.get(member, now) for member in silent}
        return {member: one for member, one in silent.items() if now - self._noted[member] >= SURE_AFTER}

    def _longest(self, witness: MemberId, members: tuple[MemberId, ...], now: Micros) -> Silence | None:
        known = [self._silence(witness, log, now) for log in members if log != witness]
        return min((one for one in known if one is not None), key=_begin, default=None)

    def _silence(self, witness: MemberId, log: MemberId, now: Micros) -> Silence | None:
        head = self._reader.checkpoint(self._origin(log))
        if head is None or self._near(log, witness, head[0]):
            return None
        said, tick = read_checkpoint(read_note(head[1]).text), self._registry.membership.tick
        last = self._reader.last_cosigned(self._origin(log), witness)
        began = max(said.first_tick * tick, self._registry.membership.since(witness, now))
        since = began if last is None else dated(read_line(last[1].rstrip("\n")))
        return Silence(Micros(since), log) if last_tick(said) * tick - since >= SILENT_AFTER else None

    def _dates(self, member: MemberId, size: int, now: Micros) -> Mapping[MemberId, Micros]:
        origin = self._origin(member)
        found = {w: self._reader.cosigned(origin, w, size) for w in self._registry.witnesses(member, now)}
        return {witness: Micros(one[1] * SECOND) for witness, one in found.items() if one is not None}

    def _near(self, log: MemberId, witness: MemberId, size: int) -> bool:
        return self._reader.cosigned(self._origin(log), witness, max(1, size - NEAR)) is not None

    def _origin(self, member: MemberId) -> str:
        return log_origin(self._registry.exchange, member, INCARNATION)


def _begin(silence: Silence) -> Micros:
    return silence.since


__all__ = ["Counting", "Record", "Silence"]
