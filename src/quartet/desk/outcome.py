"""What follows from a version of a proposal and what members said on it: the same at every node that holds the same.

Silence is the dangerous part. It never counts for a host, never under SELF, and otherwise only if every participant
has closed its account after the end: all positions that it ever stated, so that nobody's objection is kept from us.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk.action import CONCURS, HOUR, LAPSES, Proposal
from quartet.desk.said import for_members
from quartet.desk.stands import Away, Stands, Told, clock_of, deadline_of, of, stands

CLOSES: Final = HOUR
"""How long after the last silence has run members may close their account."""


class State(StrEnum):
    """How a version stands. REPLACED: another version took its place; FORKED: two did, and neither stands."""

    OPEN = "OPEN"
    ADOPTED = "ADOPTED"
    NOT_ADOPTED = "NOT_ADOPTED"
    LAPSED = "LAPSED"
    REPLACED = "REPLACED"
    FORKED = "FORKED"


class Against(StrEnum):
    """What keeps a version from being adopted, of one member."""

    HOST_SILENT = "host-silent"
    HOST_DOES_NOT_CONCUR = "host-does-not-concur"
    OBJECTS = "objects"
    NOBODY_CONCURS = "nobody-concurs"
    POSITIONS_VOID = "positions-void"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    SILENCE_RUNS = "silence-runs"
    NOT_CLOSED = "not-closed"
    CLOSINGS_DIFFER = "closings-differ"
    POSITION_NOT_LISTED = "position-not-listed"
    POSITION_NOT_HELD = "position-not-held"
    SUSPENDED = "suspended"


FINAL: Final = frozenset({Against.HOST_DOES_NOT_CONCUR, Against.OBJECTS})
"""What nothing that is still to come can mend."""

Reasons = tuple[tuple[MemberId, Against], ...]


class Outcome(Value, frozen=True):
    """What is computed: the state, whom it binds, whom silence bound, what stands against it, and what is evidence."""

    state: State
    binds: tuple[MemberId, ...] = ()
    by_silence: tuple[MemberId, ...] = ()
    against: Reasons = ()
    evidence: tuple[ItemId, ...] = ()


def outcome(told: Told, away: Iterable[Away], now: Micros) -> Outcome:
    """Return what follows at `now` from what is told, and from who was suspended when.

    Before the end it is OPEN: whoever stated a position may still replace it. What is decided stays decided, whatever
    is said afterwards: it is decided at the first moment at which what was on record decides it. So who speaks by a
    clock of its own, after the end, takes back nothing that the others have begun.
    """
    replaced = _replaced(told)
    if replaced is not None:
        return replaced
    void = {item for member in told.version.form.parties for item in stands(member, told).void}
    if now < told.version.form.decide_by:
        return Outcome(state=State.OPEN, evidence=tuple(sorted(void)))
    suspended = tuple(away)
    found = Outcome(state=State.OPEN)
    for moment in _moments(told, now):
        found = _at(_on_record(told, moment), suspended, moment)
        if found.state is not State.OPEN:
            break
    return msgspec.structs.replace(found, evidence=tuple(sorted(void | _differing(told))))


def _moments(told: Told, now: Micros) -> list[Micros]:
    """Return when, from the end to now, something may have been decided: something was said, or some time was over."""
    form, end = told.version.form, told.version.form.decide_by
    said = (one.timely for ones in (told.positions, told.acknowledged, told.closings) for one in ones)
    clocks = (clock_of(member, told) for member in form.participants)
    times = {end, Micros(end + LAPSES), now, *(time for time in said if time is not None)}
    times |= {deadline_of(member, told) for member in form.parties}
    times |= {Micros(clock + CLOSES) for clock in clocks if clock is not None}
    return sorted(time for time in times if end <= time <= now)


def _on_record(told: Told, moment: Micros) -> Told:
    """Return what was on record of a version at a moment."""
    return msgspec.structs.replace(
        told,
        positions=tuple(one for one in told.positions if one.by(moment)),
        acknowledged=tuple(one for one in told.acknowledged if one.by(moment)),
        closings=tuple(one for one in told.closings if one.by(moment)),
    )


def _at(told: Told, away: Iterable[Away], now: Micros) -> Outcome:
    """Return what follows at a moment after the end from what was on record by then."""
    form = told.version.form
    where = {member: stands(member, told) for member in form.parties}
    silent = tuple(m for m in form.participants if where[m].silent) if form.rule == "CONSENSUS" else ()
    against = {*_spoken_against(form, where), *_silence_against(told, silent, away, now)}
    if against:
        return Outcome(state=_unadopted(against, told, now), against=tuple(sorted(against)))
    binds = {*silent, *(m for m in form.participants if _concurs(where[m]))}
    return Outcome(state=State.ADOPTED, binds=tuple(sorted(binds)), by_silence=silent)


def _replaced(told: Told) -> Outcome | None:
    """Return the outcome of a version that another replaced by the end, or that shares its place with another.

    Only the member that proposed it can: nobody edits another's words.
    """
    version = told.version
    others = [one for one in for_members(told.others) if one.member == version.member and one.id != version.id]
    if any(one.form.previous == version.id and one.by(version.form.decide_by) for one in others):
        return Outcome(state=State.REPLACED)
    place, end = version.form.previous, version.form.decide_by
    twins = [one.id for one in others if place is not None and one.form.previous == place and one.by(end)]
    return Outcome(state=State.FORKED, evidence=tuple(sorted([version.id, *twins]))) if twins else None


def _spoken_against(form: Proposal, where: Mapping[MemberId, Stands]) -> Iterable[tuple[MemberId, Against]]:
    """Yield what members' own words, or a host's missing ones, hold against it."""
    yield from ((host, _host_reason(where[host])) for host in form.hosts if not _concurs(where[host]))
    if form.rule == "CONSENSUS":
        yield from ((m, Against.OBJECTS) for m in form.parties if _stance(where[m]) == "OBJECT")
        yield from ((m, Against.POSITIONS_VOID) for m in form.parties if where[m].void)
    if not any(_concurs(where[m]) for m in form.participants):
        yield from ((m, Against.NOBODY_CONCURS) for m in form.participants)


def _host_reason(stands: Stands) -> Against:
    if stands.void:
        return Against.POSITIONS_VOID
    return Against.HOST_SILENT if stands.silent else Against.HOST_DOES_NOT_CONCUR


def _silence_against(
    told: Told, silent: tuple[MemberId, ...], away: Iterable[Away], now: Micros
) -> Iterable[tuple[MemberId, Against]]:
    """Yield what keeps silence from counting: with one participant away or its account open, it counts for nobody."""
    if not silent:
        return
    clocks = {m: clock_of(m, told) for m in silent}
    for member, clock in clocks.items():
        if clock is None:
            yield member, Against.NOT_ACKNOWLEDGED
        elif now < clock + CLOSES:
            yield member, Against.SILENCE_RUNS
    closed_by = Micros(max(clock or told.version.form.decide_by for clock in clocks.values()) + CLOSES)
    suspended = {one.member for one in away if one.within(told.version.at, closed_by)}
    for member in told.version.form.participants:
        if member in suspended:
            yield member, Against.SUSPENDED
        fault = _account_fault(member, told, closed_by)
        if fault is not None:
            yield member, fault


def _account_fault(member: MemberId, told: Told, closed_by: Micros) -> Against | None:
    """Return what is wrong with a member's closing statement: missing, said twice differently, or not all of it."""
    end = told.version.form.decide_by
    closings = [c for c in of(member, told.closings, told.version.id) if c.at >= end and c.by(closed_by)]
    lists = {frozenset(c.form.positions) for c in closings}
    if len(lists) != 1:
        return Against.CLOSINGS_DIFFER if lists else Against.NOT_CLOSED
    (listed,) = lists
    own = of(member, told.positions, told.version.id)
    if {p.id for p in own if p.by(deadline_of(member, told))} - listed:
        return Against.POSITION_NOT_LISTED
    return Against.POSITION_NOT_HELD if listed - {p.id for p in own} else None


def _differing(told: Told) -> set[ItemId]:
    """Return the closing statements of members that closed twice, and differently: kept as evidence for good."""
    said = [of(member, told.closings, told.version.id) for member in told.version.form.participants]
    several = (ones for ones in said if len({frozenset(c.form.positions) for c in ones}) > 1)
    return {closing.id for ones in several for closing in ones}


def _unadopted(against: set[tuple[MemberId, Against]], told: Told, now: Micros) -> State:
    """Return how it stands that something is against it: who still has time may think better of it."""
    if any(why in FINAL and now >= deadline_of(member, told) for member, why in against):
        return State.NOT_ADOPTED
    return State.LAPSED if now >= told.version.form.decide_by + LAPSES else State.OPEN


def _stance(stands: Stands) -> str | None:
    return None if stands.position is None else stands.position.form.stance


def _concurs(stands: Stands) -> bool:
    return _stance(stands) in CONCURS
