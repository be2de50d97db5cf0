"""Where members stand on one version of a proposal, and until when each may say so.

A member that spoke by the end is done. One that did not - it may have been cut off - has its own clock, which starts
when an officer of it acknowledges that she has the text: so nobody is bound by a silence that could not be broken.
"""

from collections.abc import Iterable
from typing import TypeVar

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk.action import LAPSES, Acknowledged, Closing, Position, Proposal
from quartet.desk.said import Said, about

OnVersion = TypeVar("OnVersion", Position, Acknowledged, Closing)


class Told(Value, frozen=True):
    """Everything that is known of one version. What speaks of another, or for the chair, is passed over when read."""

    version: Said[Proposal]
    positions: tuple[Said[Position], ...] = ()
    acknowledged: tuple[Said[Acknowledged], ...] = ()
    closings: tuple[Said[Closing], ...] = ()
    others: tuple[Said[Proposal], ...] = ()
    """Other versions, of which one may take this one's place."""


class Away(Value, frozen=True):
    """A suspension of a member: from when, and until when if it ended."""

    member: MemberId
    since: Micros
    until: Micros | None = None

    def within(self, first: Micros, last: Micros) -> bool:
        """Return whether the member was suspended at any time from `first` to `last`."""
        return self.since <= last and (self.until is None or self.until >= first)


class Stands(Value, frozen=True):
    """Where a member stands: its position, or none: it said nothing (`silent`), or its positions void each other."""

    position: Said[Position] | None
    void: tuple[ItemId, ...] = ()

    @property
    def silent(self) -> bool:
        """Return whether the member said nothing at all."""
        return self.position is None and not self.void


def of(member: MemberId, said: Iterable[Said[OnVersion]], version: ItemId) -> tuple[Said[OnVersion], ...]:
    """Return what one member said on exactly this version."""
    return tuple(one for one in about("version", version, said) if one.member == member)


def clock_of(member: MemberId, told: Told) -> Micros | None:
    """Return when a member's silence has run, by its first acknowledgement; None where nobody acknowledged."""
    begun = [a.timely for a in of(member, told.acknowledged, told.version.id) if a.timely is not None]
    form = told.version.form
    return max(form.decide_by, Micros(min(begun) + form.silence)) if begun else None


def deadline_of(member: MemberId, told: Told) -> Micros:
    """Return until when a member's positions count: to the end if it spoke by then, else to that of its own clock.

    Under SELF nobody's silence binds, so only a host, without which nothing is adopted, has a clock of its own: else
    whom an adopted action binds would still change.
    """
    form = told.version.form
    end = form.decide_by
    if not stands_at(member, told, end).silent or (form.rule == "SELF" and member not in form.hosts):
        return end
    latest = Micros(end + LAPSES)
    return min(clock_of(member, told) or latest, latest)


def stands(member: MemberId, told: Told) -> Stands:
    """Return where a member stands by its deadline."""
    return stands_at(member, told, deadline_of(member, told))


def stands_at(member: MemberId, told: Told, deadline: Micros) -> Stands:
    """Return where a member stands by a deadline: its one position that no other of it names as replaced.

    Two that do not name each other void each other: a member does not say two things at once and choose later.
    """
    own = [p for p in of(member, told.positions, told.version.id) if p.by(deadline)]
    replaced = {p.form.previous for p in own}
    heads = [p for p in own if p.id not in replaced]
    if len(heads) == 1:
        return Stands(position=heads[0])
    return Stands(position=None, void=tuple(sorted(p.id for p in heads)))
