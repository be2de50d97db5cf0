"""Circles and agreements as the charter has them now: who a circle means, and which agreement is in force.

Neither lets anybody have anything. A circle is a shorter way to name members, resolved where an item is signed; an
agreement is the ground on which officers decide, and the rule of release reads none.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeVar

from quartet.core.articles import Agreement, Circle
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

DAY: Final = 24 * 3600 * SECOND

Force = Literal["COMING", "IN_FORCE", "ENDED"]
"""Whether an agreement begins later, holds now, or has ended."""

T = TypeVar("T")


def force(agreement: Agreement, now: Micros) -> Force:
    """Return whether an agreement holds at a time: from the moment at which it begins, to that at which it ends."""
    if now < agreement.since:
        return "COMING"
    return "IN_FORCE" if agreement.until is None or now < agreement.until else "ENDED"


def days_left(agreement: Agreement, now: Micros) -> int | None:
    """Return how many days an agreement has left, begun ones whole; less than 1 once it ended; None without an end."""
    return None if agreement.until is None else -((now - agreement.until) // DAY)


def with_circles(circles: Sequence[Circle], given: Sequence[Circle], dropped: Sequence[str]) -> tuple[Circle, ...]:
    """Return circles with some put in the place of those of their names, and without others, sorted.

    Raise `Malformed("unknown-circle")` for one that is dropped and is not there.
    """
    kept = _without("circle", {one.name: one for one in circles}, dropped)
    return tuple(sorted((kept | {one.name: one for one in given}).values(), key=lambda one: one.name.encode()))


def with_agreements(
    agreements: Sequence[Agreement], given: Sequence[Agreement], dropped: Sequence[str]
) -> tuple[Agreement, ...]:
    """Return agreements with some put in the place of those of their names, and without others, sorted.

    Raise `Malformed("unknown-agreement")` for one that is dropped and is not there.
    """
    kept = _without("agreement", {one.name: one for one in agreements}, dropped)
    return tuple(sorted((kept | {one.name: one for one in given}).values(), key=lambda one: one.name.encode()))


def _without(what: str, known: dict[str, T], dropped: Sequence[str]) -> dict[str, T]:
    for name in dropped:
        if name not in known:
            raise Malformed(f"unknown-{what}", f"{name}: the charter has {', '.join(known) or 'none'}")
    return {name: one for name, one in known.items() if name not in dropped}
