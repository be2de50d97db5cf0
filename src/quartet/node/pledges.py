"""What this node cosigned before it came back from a backup, as the others hold it: it cosigns nothing before that.

A log that does not lead to the longest checkpoint that we cosigned is another one, and is convicted like any other.
"""

from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.proof.checkpoint import (
    Checkpoint,
    log_origin,
    read_checkpoint,
    witness_name,
)
from quartet.core.proof.note import read_line, read_note, write_note
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.store import Tx

_PLACE: Final = "pledge/"


class Pledge(NamedTuple):
    """A checkpoint of another's log that we cosigned; `note` has its log's signature alone."""

    size: int
    note: str
    checkpoint: Checkpoint


class Pledges:
    """The longest checkpoint of each log that we are known to have cosigned."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._registry = registry
        kept = parts.store.reader.metas(_PLACE)
        self._kept = {place.removeprefix(_PLACE): self._pledge(note) for place, note in kept.items()}

    def of(self, origin: str) -> Pledge | None:
        """Return what was cosigned of a log, as far as a restore made us ask; None for none."""
        return self._kept.get(origin)

    def shown(self, text: str) -> tuple[str, Pledge]:
        """Return what a note shows that we cosigned, once both signatures under it were checked; and of which log."""
        note = read_note(text)
        signed = write_note(note.text, list(note.signatures[:1]))
        pledge = self._pledge(signed)
        member = self._member_of(pledge.checkpoint.origin)
        self._registry.log_keys(member).checkpoint(signed, pledge.checkpoint.origin)
        name, keys = witness_name(self._registry.exchange, self._parts.me), self._registry.log_keys(self._parts.me)
        line = next((one for one in note.signatures if one.name == name), None)
        if line is None:
            raise Malformed("bad-cosignature", f"no line of {self._parts.me}")
        keys.cosigned(pledge.checkpoint, line, name)
        return pledge.checkpoint.origin, pledge

    def keep(self, tx: Tx, origin: str, pledge: Pledge) -> None:
        """Keep a pledge that is longer than the one known; `take` it after the commit."""
        known = self._kept.get(origin)
        if known is None or known.size < pledge.size:
            tx.set_meta(_PLACE + origin, pledge.note)

    def take(self, origin: str, pledge: Pledge) -> None:
        """Hold to a pledge from now on."""
        known = self._kept.get(origin)
        if known is None or known.size < pledge.size:
            self._kept[origin] = pledge

    def to(self, member: MemberId) -> tuple[str, ...]:
        """Return for each log the longest checkpoint that a member cosigned, with its line, as we hold them."""
        origins = [self._origin(m) for m in sorted(self._registry.state.members) if m != member]
        found = [self._parts.store.reader.last_cosigned(origin, member) for origin in origins]
        return tuple(_with_line(*one) for one in found if one is not None)

    def _pledge(self, note: str) -> Pledge:
        said = read_checkpoint(read_note(note).text)
        return Pledge(said.size, note, said)

    def _origin(self, member: MemberId) -> str:
        return log_origin(self._registry.exchange, member, INCARNATION)

    def _member_of(self, origin: str) -> MemberId:
        for member in self._registry.state.members:
            if origin == self._origin(member) and member != self._parts.me:
                return member
        raise Malformed("other-log", origin[:80])


def _with_line(note: str, line: str) -> str:
    parsed = read_note(note)
    return write_note(parsed.text, [parsed.signatures[0], read_line(line.rstrip("\n"))])
