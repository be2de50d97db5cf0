"""Who is a member, and since when: the timeline that a charter and its acts make. Pure.

Founding members are active from the beginning of time; an act moves one member at the time that it names.
"""

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import field, structs

from quartet.core.absence import Absence, absence, declared, ended, not_counted
from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Epoch, MemberId, Micros

State = Literal["active", "suspended", "withdrawn"]
DEFAULT_TICK: Final = SECOND
DEFAULT_RECALL_DELAY: Final = 24 * 3600 * SECOND


class Span(Value, frozen=True):
    """From `since` on, until the next span of the same member, the member is in `state`."""

    since: Micros
    state: State


class Membership(Value, frozen=True):
    """The timeline of every member, and what of the charter the rule needs."""

    spans: dict[MemberId, tuple[Span, ...]]
    epoch: Epoch = Epoch(0)
    tick: int = DEFAULT_TICK
    recall_delay: int = DEFAULT_RECALL_DELAY
    purposes: frozenset[str] = frozenset()
    absences: dict[MemberId, tuple[Absence, ...]] = field(default_factory=dict)

    @classmethod
    def founding(
        cls, members: Iterable[MemberId], *, tick: int = DEFAULT_TICK, recall_delay: int = DEFAULT_RECALL_DELAY
    ) -> "Membership":
        """Return the membership of a charter without acts."""
        spans: dict[MemberId, tuple[Span, ...]] = {m: (Span(Micros(0), "active"),) for m in members}
        return cls(spans=spans, tick=tick, recall_delay=recall_delay)

    def state(self, member: MemberId, at: Micros) -> State | None:
        """Return the member's state at `at`; None before its admission, or for a stranger."""
        found: State | None = None
        for span in self.spans.get(member, ()):
            if span.since > at:
                break
            found = span.state
        return found

    def since(self, member: MemberId, now: Micros) -> Micros:
        """Return since when the member is what it is at a time."""
        return max((span.since for span in self.spans.get(member, ()) if span.since <= now), default=Micros(0))

    def active(self, member: MemberId, at: Micros) -> bool:
        """Return whether the member is active at `at`."""
        return self.state(member, at) == "active"

    def standing(self, member: MemberId, since: Micros, now: Micros) -> bool:
        """Return whether it was active at `since` and is now, never withdrawn between; a suspension is no break."""
        if since > now:
            return False
        then: State | None = None
        last: State | None = None
        for span in self.spans.get(member, ()):
            if span.since > now:
                break
            last = span.state
            if span.since <= since:
                then = last
            elif last == "withdrawn":
                return False
        return then == last == "active"

    def left(self, member: MemberId, now: Micros) -> bool:
        """Return whether the member withdrew, or never was one."""
        return self.state(member, now) in (None, "withdrawn")

    def members(self, now: Micros) -> tuple[MemberId, ...]:
        """Return the members that are active at `now`, sorted."""
        return tuple(sorted(m for m in self.spans if self.active(m, now)))

    def everyone(self, now: Micros) -> tuple[MemberId, ...]:
        """Return all who have not left, the suspended too, sorted."""
        return tuple(sorted(m for m in self.spans if not self.left(m, now)))

    def turns(self, now: Micros) -> int:
        """Return how many times somebody's state has changed up to `now`."""
        return sum(span.since <= now for spans in self.spans.values() for span in spans)

    def next_change(self, now: Micros) -> Micros | None:
        """Return the first time after `now` at which somebody's state changes; None for never."""
        moving = [spans for spans in self.spans.values() if spans[-1].since > now]
        return min((s.since for spans in moving for s in spans if s.since > now), default=None)

    def absence(self, member: MemberId, since: Micros, until: Micros) -> Absence | None:
        """Return the absence that covers the whole of a time; None for a witness who counts in some of it."""
        return absence(self.absences, self._moved, member, since, until)

    def not_counted(self, there: tuple[MemberId, ...], since: Micros, until: Micros) -> frozenset[MemberId]:
        """Return who of a log's witnesses is absent over the whole of a time; nobody where that would be all."""
        return not_counted(there, [m for m in there if self.absence(m, since, until)])

    def absence_ends(self, members: Iterable[MemberId], before: Micros) -> tuple[Micros, ...]:
        """Return the last moment of each absence of some members that ended before a time."""
        ends = {one.until for member in members for one in self.absences.get(member, ())}
        return tuple(Micros(end - 1) for end in sorted(ends) if end <= before)

    def declared_absent(self, member: MemberId, since: Micros, until: Micros) -> "Membership":
        """Return the membership after the act by which all others declare a witness absent."""
        absences = declared(self.absences, member, since, until)
        return structs.replace(self, absences=absences, epoch=Epoch(self.epoch + 1))

    def counted_again(self, member: MemberId, at: Micros) -> "Membership":
        """Return the membership after the act by which the others count an absent witness again, before the end."""
        return structs.replace(self, absences=ended(self.absences, member, at), epoch=Epoch(self.epoch + 1))

    def _moved(self, member: MemberId, since: Micros, until: Micros) -> bool:
        return any(since < span.since <= until for span in self.spans.get(member, ()))

    def with_span(self, member: MemberId, since: Micros, state: State) -> "Membership":
        """Return the membership after one act."""
        old = self.spans.get(member, ())
        spans = {**self.spans, member: tuple(sorted((*old, Span(since, state)), key=lambda s: s.since))}
        return structs.replace(self, spans=spans, epoch=Epoch(self.epoch + 1))
