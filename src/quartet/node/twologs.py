"""What a log that was caught says further: until two of its checkpoints of one size show a stranger what we saw.

Who follows a log notices that it does not go on from where it was, but may hold no second checkpoint of that size yet.
"""

from typing import Final

from quartet.core.ids import MemberId
from quartet.core.proof.checkpoint import read_checkpoint
from quartet.core.proof.evidence import Evidence, make_evidence
from quartet.core.proof.note import read_note

MAX_NOTES: Final = 64
"""Checkpoints that are kept of one log, the newest; two copies of a node sign one of each size at about one time."""


class TwoLogs:
    """The checkpoints, signatures checked, of logs that were caught and not yet shown to be two."""

    def __init__(self) -> None:
        self._notes: dict[MemberId, dict[int, str]] = {}

    def caught(self, member: MemberId, note: str) -> None:
        """Begin to keep what a log says, with what it was caught by."""
        self._notes[member] = {_size(note): note}

    def waits(self, member: MemberId) -> bool:
        """Return whether the evidence against a log is still wanting."""
        return member in self._notes

    def forget(self, member: MemberId) -> None:
        """Forget what a log said that is caught no more."""
        self._notes.pop(member, None)

    def heard(self, member: MemberId, note: str) -> Evidence | None:
        """Keep a checkpoint of a log; return the evidence once there are two of one size, and keep no more."""
        kept = self._notes[member]
        before = kept.get(_size(note))
        found = None if before is None else make_evidence(before, note)
        if found is not None:
            del self._notes[member]
            return found
        kept[_size(note)] = note
        while len(kept) > MAX_NOTES:
            del kept[min(kept)]
        return None


def _size(note: str) -> int:
    return read_checkpoint(read_note(note).text).size
