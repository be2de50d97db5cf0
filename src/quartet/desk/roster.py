"""The duty roster: who is to be on watch at each member in the days that come, and where nobody is named.

A roster plans one span of time. Where two of a member's plan the same time, the later one counts for it, and what the
earlier planned besides stands. Who is on watch now is told by whoever took it (`desk.duty`), not by what was planned.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, TimeField
from quartet.desk.duty import Phone
from quartet.desk.said import Said, for_members

DAY: Final = 86_400 * SECOND
MAX_SPAN: Final = 62 * DAY
"""A roster that plans more than two months is a mistyped date."""
MAX_TURNS: Final = 256


class Turn(Value, frozen=True):
    """Who is to be on watch, from when until when, and how she is reached then."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    since: TimeField
    until: TimeField
    role: Annotated[str, Meta(max_length=128)] = ""
    phones: Annotated[tuple[Phone, ...], Meta(max_length=4)] = ()


class Roster(Value, frozen=True):
    """The form of a `roster` item, version 1: the turns of one span of time, in order; between two is nobody."""

    begins: TimeField
    ends: TimeField
    turns: Annotated[tuple[Turn, ...], Meta(max_length=MAX_TURNS)]


class Planned(Value, frozen=True):
    """A stretch of time that a member planned: with whom, None for nobody; and by which item."""

    since: Micros
    until: Micros
    turn: Turn | None
    item: ItemId


class Hole(Value, frozen=True):
    """A time with nobody planned; without an end where nothing is planned behind it."""

    since: Micros
    until: Micros | None


def check_roster(roster: Roster, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for turns out of order or outside, or for a span that is over or too long."""
    if not at < roster.ends:
        raise Malformed("bad-form", "ends: what it plans is over already")
    if not roster.begins < roster.ends:
        raise Malformed("bad-form", "ends: it would end before it begins")
    if roster.ends - roster.begins > MAX_SPAN:
        raise Malformed("bad-form", f"ends: one roster plans {MAX_SPAN // DAY} days at most")
    free = roster.begins
    for number, turn in enumerate(roster.turns, 1):
        if turn.since < roster.begins:
            raise Malformed("bad-form", f"turns: number {number} begins before the roster does")
        if turn.since < free:
            raise Malformed("bad-form", f"turns: number {number} begins before the one before it ends")
        if not turn.since < turn.until:
            raise Malformed("bad-form", f"turns: number {number} ends before it begins")
        if turn.until > roster.ends:
            raise Malformed("bad-form", f"turns: number {number} ends after the roster does")
        free = turn.until


def makes_sense(roster: Roster) -> bool:
    """Return whether its turns stand in order within its span: another member's node may have checked nothing."""
    try:
        check_roster(roster, Micros(roster.begins))
    except Malformed:
        return False
    return True


def replaces(later: Said[Roster], earlier: Said[Roster]) -> bool:
    """Return whether nothing of an earlier roster of the same member counts any more, for a later one spans it all."""
    return (
        (later.at, later.id) > (earlier.at, earlier.id)
        and later.form.begins <= earlier.form.begins
        and earlier.form.ends <= later.form.ends
    )


def planned(rosters: Iterable[Said[Roster]]) -> dict[MemberId, tuple[Planned, ...]]:
    """Return each member's plan, in the order of time: of two that plan the same time the later said counts for it."""
    plans: dict[MemberId, tuple[Planned, ...]] = {}
    for one in for_members(rosters):
        if makes_sense(one.form):
            before = plans.get(one.member, ())
            plans[one.member] = (*_outside(before, one.form), *_stretches(one))
    return {m: tuple(sorted(plan, key=lambda one: one.since)) for m, plan in sorted(plans.items())}


def ahead(plan: Iterable[Planned], now: Micros) -> tuple[Planned, ...]:
    """Return what of a plan is not over: the stretch that runs now first."""
    return tuple(one for one in plan if one.until > now)


def watches(plan: Iterable[Planned]) -> Iterator[Planned]:
    """Yield the watches of a plan in order: one person's turns that adjoin are one, however many items planned them."""
    held: Planned | None = None
    for one in plan:
        if held is not None and _goes_on(held, one):
            held = Planned(held.since, one.until, held.turn, held.item)
            continue
        if held is not None:
            yield held
        held = None if one.turn is None else one
    if held is not None:
        yield held


def relief(plan: Iterable[Planned], now: Micros) -> tuple[Planned | None, Planned | None]:
    """Return the watch that is planned for now, and the next one after it; None for nobody."""
    first, second = (*ahead(watches(plan), now), None, None)[:2]
    return (first, second) if first is not None and first.since <= now else (None, first)


def holes(plan: Iterable[Planned], now: Micros, until: Micros) -> tuple[Hole, ...]:
    """Return the times with nobody that begin before `until`, whole: inside a roster, between two, and after the last.

    A member that plans nothing at all has none.
    """
    stretches = ahead(plan, now)
    found: list[Hole] = []
    free = now
    for one in watches(stretches):
        if free < min(one.since, until):
            found.append(Hole(free, one.since))
        free = max(free, one.until)
    if stretches and free < until:
        found.append(Hole(free, None))
    return tuple(found)


def _stretches(said: Said[Roster]) -> Iterable[Planned]:
    """Yield the turns of a roster, and between them that nobody is named."""
    free = said.form.begins
    for turn in said.form.turns:
        if free < turn.since:
            yield Planned(Micros(free), Micros(turn.since), None, said.id)
        yield Planned(Micros(turn.since), Micros(turn.until), turn, said.id)
        free = turn.until
    if free < said.form.ends:
        yield Planned(Micros(free), Micros(said.form.ends), None, said.id)


def _outside(plan: Iterable[Planned], span: Roster) -> Iterable[Planned]:
    """Yield what of a plan lies outside another span: a stretch that reaches into it is cut."""
    for one in plan:
        if one.until <= span.begins or span.ends <= one.since:
            yield one
            continue
        if one.since < span.begins:
            yield Planned(one.since, Micros(span.begins), one.turn, one.item)
        if one.until > span.ends:
            yield Planned(Micros(span.ends), one.until, one.turn, one.item)


def _goes_on(held: Planned, one: Planned) -> bool:
    """Return whether a stretch goes on with the same person, in the same role, at the same phones."""
    before, turn = held.turn, one.turn
    if before is None or turn is None or held.until != one.since:
        return False
    return (before.name, before.role, before.phones) == (turn.name, turn.role, turn.phones)
