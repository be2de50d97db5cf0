"""Entries and exits: a track that was on one side of an airspace's boundary and stays on the other.

Time and place are those of the crossing itself, on the straight way between the last two looks. What comes back before
`STAYS` has passed has touched the boundary and crossed nothing: so noise at the boundary logs nothing, and what truly
enters is logged once, when it has stayed. An airspace that is not in use has no boundary; one that comes into use
around a track was not entered by it.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.picture.identify.airspace import Airspace, Spot, between, crossing

STAYS: Final = 15 * SECOND
"""How long a track must be on the new side."""
SEEN_WITHIN: Final = 60 * SECOND
"""A crossing between two looks that lie further apart was not seen: it is logged as such."""
FORGOTTEN: Final = 300 * SECOND
"""A track that was not seen for so long begins anew: what it did meanwhile nobody knows."""

Way = Literal["ENTRY", "EXIT"]


class Step(NamedTuple):
    """Where a track was seen, and when."""

    at: Micros
    spot: Spot


class Crossed(NamedTuple):
    """A boundary that was crossed: which way, when, where, and whether the track was seen just before and after."""

    space: str
    way: Way
    at: Micros
    spot: Spot
    seen: bool


class Side(NamedTuple):
    """On which side of one airspace a track is, and the crossing that still has to be confirmed."""

    inside: bool
    doubt: Crossed | None = None


class Trail(NamedTuple):
    """What is remembered of a track: its last step, and its side of each airspace, by name."""

    last: Step
    sides: dict[str, Side]


def begin(step: Step, spaces: Iterable[Airspace]) -> Trail:
    """Return what is remembered of a track that is seen for the first time: nothing was crossed."""
    return Trail(step, {space.name: Side(space.holds(step.spot)) for space in spaces})


def go_on(trail: Trail, step: Step, spaces: Iterable[Airspace]) -> tuple[Trail, tuple[Crossed, ...]]:
    """Return what is remembered after a step, and what is now known to have been crossed; an old step changes
    nothing."""
    if step.at <= trail.last.at:
        return trail, ()
    if step.at - trail.last.at > FORGOTTEN:
        return begin(step, spaces), ()
    sides, crossed = {}, []
    for space in spaces:
        known = trail.sides.get(space.name)
        if known is None:
            sides[space.name] = Side(space.holds(step.spot))
            continue
        side, done = _after(known, space, trail.last, step)
        sides[space.name] = side
        if done is not None:
            crossed.append(done)
    return Trail(step, sides), tuple(crossed)


def ends(trail: Trail, spaces: Iterable[Airspace]) -> tuple[Crossed, ...]:
    """Return what a track crossed that is not seen any more before it could be confirmed."""
    doubts = ((space, side.doubt) for space in spaces if (side := trail.sides.get(space.name)) is not None)
    return tuple(doubt for space, doubt in doubts if doubt is not None and _logged(space, doubt) is not None)


def _after(known: Side, space: Airspace, last: Step, step: Step) -> tuple[Side, Crossed | None]:
    inside = space.holds(step.spot)
    if inside == known.inside:
        return Side(inside), None
    doubt = known.doubt or _crossed(space, last, step)
    if step.at - doubt.at >= STAYS:
        return Side(inside), _logged(space, doubt)
    return Side(known.inside, doubt), None


def _logged(space: Airspace, crossed: Crossed) -> Crossed | None:
    """Return a crossing, if the airspace was in use when it was made."""
    return crossed if space.hours.hold(crossed.at) else None


def _crossed(space: Airspace, last: Step, step: Step) -> Crossed:
    part = crossing(space, last.spot, step.spot)
    at = Micros(last.at + round(part * (step.at - last.at)))
    way: Way = "EXIT" if space.holds(last.spot) else "ENTRY"
    return Crossed(space.name, way, at, between(last.spot, step.spot, part), step.at - last.at <= SEEN_WITHIN)
