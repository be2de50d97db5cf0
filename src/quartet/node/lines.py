"""Our line under a checkpoint of another's log: by Ed25519 under each, by ML-DSA-44 too under each hour's first."""

from typing import Final, NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.core.keys import ED25519, ML_DSA_44
from quartet.core.proof.checkpoint import Checkpoint, cosign, cosign_slow, witness_name
from quartet.core.proof.note import SignatureLine
from quartet.node.parts import Parts
from quartet.node.registry import Registry

HOURLY: Final = 3_600 * SECOND
"""How often a log is cosigned with ML-DSA-44, counted in its own ticks, so that all witnesses take the same one."""


class Line(NamedTuple):
    """Our line under the checkpoint of another's log, before it is kept."""

    algorithm: str
    size: int
    seconds: int
    line: SignatureLine


class Lines:
    """Makes our lines."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._store = parts.store
        self._registry = registry

    def under(self, agreed: Checkpoint | None, now: Micros) -> list[Line]:
        """Return our lines under a checkpoint that we agree to; none where there is one, or our clock is unsure."""
        me, seconds = self._parts.me, now // SECOND
        if agreed is None or not self._parts.clock.sure:
            return []
        if self._store.reader.cosigned(agreed.origin, me, agreed.size) is not None:
            return []
        name = witness_name(self._registry.exchange, me)
        lines = [Line(ED25519, agreed.size, seconds, cosign(agreed, name, seconds, self._parts.keys.log))]
        if self._hour_begins(agreed):
            slow = cosign_slow(agreed, name, seconds, self._parts.keys.slow_log)
            lines.append(Line(ML_DSA_44, agreed.size, seconds, slow))
        return lines

    def _hour_begins(self, checkpoint: Checkpoint) -> bool:
        """Return whether no checkpoint of this hour of the log was cosigned with ML-DSA-44 here."""
        last = self._store.reader.last_hourly(checkpoint.origin, self._parts.me)
        hour = max(1, HOURLY // self._registry.membership.tick)
        first = checkpoint.first_tick - 1
        return last is None or (first + last[0]) // hour < (first + checkpoint.size) // hour
