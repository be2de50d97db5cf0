"""When a witness is not counted: from the date to the end that all the others stated in an act. Pure.

The end is stated when the act is signed, so that whoever has the acts counts the same witnesses: the witness comes back
by itself, whatever reaches whom. A word of its own would be dated by it alone, and could take back what is on record.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Protocol

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, MemberId, Micros

SILENT_AFTER: Final = 15 * 60 * SECOND
"""How long a witness has not cosigned before the others declare it absent."""
MAX_ABSENCE: Final = 7 * 86_400 * SECOND
"""The longest that one act declares; whoever is away for longer is declared absent again."""


class Absence(Value, frozen=True):
    """From `since` on, and before `until`, a witness does not count."""

    since: Micros
    until: Micros


Absences = Mapping[MemberId, tuple[Absence, ...]]


class Moved(Protocol):
    """Tells whether a member's state changed after one time, up to another."""

    def __call__(self, member: MemberId, since: Micros, until: Micros, /) -> bool:
        """Return whether it did."""
        ...


def absence(known: Absences, moved: Moved, member: MemberId, since: Micros, until: Micros) -> Absence | None:
    """Return the absence that covers the whole of a time; whoever was suspended or left since is absent no more."""
    for one in reversed(known.get(member, ())):
        if one.since <= since and until < one.until and not moved(member, one.since, until):
            return one
    return None


def not_counted(there: Collection[MemberId], absent: Iterable[MemberId]) -> frozenset[MemberId]:
    """Return who of those who witness a log does not count: the absent, unless nobody would be left."""
    gone = frozenset(absent) & frozenset(there)
    return gone if len(gone) < len(there) else frozenset()


def declared(known: Absences, member: MemberId, since: Micros, until: Micros) -> dict[MemberId, tuple[Absence, ...]]:
    """Return the absences after one more."""
    return {**known, member: (*known.get(member, ()), Absence(since, until))}


def ended(known: Absences, member: MemberId, at: Micros) -> dict[MemberId, tuple[Absence, ...]]:
    """Return the absences where one member's end at a time."""
    cut = tuple(Absence(one.since, min(one.until, at)) for one in known.get(member, ()))
    return {**known, member: cut}


__all__ = ["MAX_ABSENCE", "SILENT_AFTER", "Absence", "Absences", "absence", "declared", "ended", "not_counted"]
