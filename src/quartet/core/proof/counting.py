"""Who counts as a witness of a log, and since when a quorum of them covers one of its leaves. Pure.

Who witnesses is asked as of a time that the caller names. An absence counts only where it covers all the time from the
leaf's tick, or from its own begin if that is later, up to the quorum: what is on record once stays so when the witness
comes back, and nothing comes on record earlier than the absence that let it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from quartet.core.ids import MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.proof.quorum import Reached, reached


class Period(NamedTuple):
    """From when on so many witnesses of a log count."""

    begin: Micros
    witnesses: int


def witnesses(membership: Membership, log: MemberId, at: Micros) -> tuple[MemberId, ...]:
    """Return who witnesses a member's log: every other active member, the absent too."""
    return tuple(m for m in membership.members(at) if m != log)


def counted(membership: Membership, log: MemberId, at: Micros) -> tuple[MemberId, ...]:
    """Return who of them counts at a time."""
    there = witnesses(membership, log, at)
    gone = membership.not_counted(there, at, at)
    return tuple(m for m in there if m not in gone)


def counted_since(membership: Membership, log: MemberId, since: Micros, now: Micros) -> set[frozenset[MemberId]]:
    """Return every group of those who witness a log now that counted alone at some time since another."""
    here = frozenset(witnesses(membership, log, now))
    moved = {span.since for spans in membership.spans.values() for span in spans}
    absent = {at for m in here for one in membership.absences.get(m, ()) for at in (one.since, one.until)}
    times = {since, now, *(at for at in moved | absent if since < at < now)}
    return {here, *(here & frozenset(counted(membership, log, at)) for at in times)} - {frozenset()} or {here}


def covered_since(
    dates: Mapping[MemberId, Micros], membership: Membership, log: MemberId, at: Micros, ticked: Micros
) -> Micros | None:
    """Return since when a quorum of those who witness at a time covers a leaf; None while none does.

    `dates` is when each cosigned first over the leaf, `ticked` when the leaf's tick began.
    """
    there = witnesses(membership, log, at)
    known = {member: date for member, date in dates.items() if member in there}
    found = []
    for begin in {ticked, *_begun(membership, there, ticked)}:
        one = reached(known, len(there), lambda time, b=begin: membership.not_counted(there, b, max(b, time)))  # type: ignore[misc]
        if one is not None:
            found.append(one.time if begin == ticked else max(begin, one.time))
    return min(found, default=None)


def shown(
    dates: Mapping[MemberId, Micros], membership: Membership, log: MemberId, ticked: Micros
) -> Reached[Micros, MemberId] | None:
    """Return what the cosignatures of one checkpoint show, by the acts alone: since when, of how many, without whom.

    Witnesses are counted as of the first date, and not as of one before the leaf's tick began: who dates back must not
    bring back a smaller exchange. Nor does who is absent leave the count unless it is so from then up to the quorum.
    None without a quorum.
    """
    begin = max(min(dates.values(), default=ticked), ticked)
    there = witnesses(membership, log, begin)
    return reached(dates, len(there), lambda at: membership.not_counted(there, begin, max(begin, at)))


def periods(membership: Membership, log: MemberId, ticked: Micros, now: Micros) -> tuple[Period, ...]:
    """Return how many witnesses of a log counted from its tick on, from each absence's begin and end, and now."""
    there = witnesses(membership, log, ticked)
    ends = {one.until for m in there for one in membership.absences.get(m, ())}
    begins = {at for at in (*_begun(membership, there, ticked), *ends) if ticked < at < now}
    return tuple(Period(at, len(counted(membership, log, at))) for at in sorted({ticked, *begins, now}))


def _begun(membership: Membership, there: tuple[MemberId, ...], after: Micros) -> set[Micros]:
    return {one.since for m in there for one in membership.absences.get(m, ()) if one.since > after}


__all__ = ["Period", "counted", "counted_since", "covered_since", "periods", "shown", "witnesses"]
