"""How many sources an event has, counted honestly: by who knew it first, never by how often it was repeated.

An unknown root counts for nothing. Distinct roots are an upper bound, "at most N, independence not established", until
a reviewer says that they are independent. A denial confirms nothing.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import Final

from quartet.core.encoding import Value
from quartet.desk.report import EventRef, Independent, Report, ReportedEvent, SameAs
from quartet.desk.said import Said, distinct

CONFIRMED: Final = 1
"""Credibility 1: confirmed by other sources."""


class Matter(Value, frozen=True):
    """Events that somebody said to be one, and their roots; `circular` are those that repeat what was said before.

    `disputed`: some root asserts it, and some root denies it.
    """

    events: tuple[EventRef, ...]
    asserting: tuple[str, ...]
    denying: tuple[str, ...]
    unknown: int
    independent: bool
    circular: tuple[EventRef, ...]

    @property
    def at_most(self) -> int:
        """Return how many roots assert it, at most."""
        return len(self.asserting)

    @property
    def confirmed(self) -> bool:
        """Return whether at least two roots assert it that a reviewer found independent."""
        return self.independent and self.at_most > 1

    @property
    def disputed(self) -> bool:
        """Return whether some root asserts it, and some root denies it."""
        return bool(self.asserting and self.denying)


def matters(
    reports: Iterable[Said[Report]], same: Iterable[Said[SameAs]], reviews: Iterable[Said[Independent]]
) -> tuple[Matter, ...]:
    """Return every event that these reports tell, those said to be one together.

    Whoever asks gives what stands: a report that was taken back is counted no more.
    """
    known = {EventRef(one.id, n): event for one in distinct(reports) for n, event in enumerate(one.form.events)}
    order = {ref: place for place, ref in enumerate(known)}
    apart = {pair for one in distinct(reviews) for pair in combinations(sorted(set(one.form.roots)), 2)}
    groups = _groups(known, (one.form.events for one in distinct(same)))
    found = (_matter(sorted(group, key=order.__getitem__), known, apart) for group in groups)
    return tuple(sorted(found, key=lambda matter: order[matter.events[0]]))


def credibility(matter: Matter, event: ReportedEvent) -> int:
    """Return an event's credibility: 1 only if other roots than its own confirm it, else what its officer judged."""
    others = set(matter.asserting) - set(event.roots)
    computed = event.polarity == "ASSERTS" and matter.confirmed and bool(others)
    return CONFIRMED if computed else event.credibility


def _groups(known: Mapping[EventRef, ReportedEvent], links: Iterable[tuple[EventRef, ...]]) -> list[set[EventRef]]:
    """Return the events that are linked, however far round, be it by way of a report that is not held here."""
    group: dict[EventRef, set[EventRef]] = {ref: {ref} for ref in known}
    for link in links:
        for one, other in pairwise(link):
            small, large = sorted((group.setdefault(one, {one}), group.setdefault(other, {other})), key=len)
            if small is not large:
                large |= small
                group.update(dict.fromkeys(small, large))
    together = {id(one): one for one in group.values()}.values()
    return [held for one in together if (held := one & known.keys())]


def _matter(refs: list[EventRef], known: Mapping[EventRef, ReportedEvent], apart: set[tuple[str, str]]) -> Matter:
    events = [known[ref] for ref in refs]
    asserting = _roots(events, "ASSERTS")
    seen: set[str] = set()
    circular = []
    for ref in refs:
        roots = set(known[ref].roots)
        if roots and roots <= seen:
            circular.append(ref)
        seen |= roots
    return Matter(
        events=tuple(refs),
        asserting=asserting,
        denying=_roots(events, "DENIES"),
        unknown=sum(not event.roots for event in events),
        independent=len(asserting) > 1 and all(pair in apart for pair in combinations(asserting, 2)),
        circular=tuple(circular),
    )


def _roots(events: Iterable[ReportedEvent], polarity: str) -> tuple[str, ...]:
    return tuple(sorted({root for event in events if event.polarity == polarity for root in event.roots}))
