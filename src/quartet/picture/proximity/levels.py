"""How near a mover is to a volume, in words; and when that is believed: plots that agree raise it, plots that agree
lower it, and none of the two can make it flicker.

After EUROCONTROL's Area Proximity Warning: predicted and actual, confirmed over plots. Two of the last three plots
raise a level, one alone where it says INSIDE; three in a row below lower it, no further than the highest of them.
"""

from enum import IntEnum
from typing import Final, NamedTuple

from quartet.core.ids import SECOND, Micros

EN_ROUTE_S: Final = 120.0
AERODROME_S: Final = 60.0
"""How long before it is too near a mover is warned of: where it passes close by as a matter of course, later."""
ADVISORY_S: Final = 300.0
"""How long before a site's desk is advised."""
ADVISED_UNTIL_S: Final = 360.0
"""A mover that was advised of stays so while it is this near: a fifth more, by which a young track's velocity errs, so
that what comes at about five minutes' distance is advised of once."""
UNKNOWN_FOR: Final = 60 * SECOND
"""How long what stood of a mover stands while its plots tell no way: as long as a track lives without a plot."""
PLOTS: Final = 3
RAISE: Final = 2


class Level(IntEnum):
    """How near a mover is to a volume: not, some minutes away, about to be, or nearer than it must keep away."""

    NONE = 0
    ADVISORY = 1
    PREDICTED = 2
    INSIDE = 3


class Standing(NamedTuple):
    """What the last plots of a mover said of one volume, the newest last, and the level that is believed."""

    plots: tuple[Level, ...]
    level: Level
    seen: Micros


def level_of(seconds: float, near_aerodrome: bool) -> Level:
    """Return the level of a mover that is too near in so many seconds; 0 is that it is."""
    if seconds <= 0.0:
        return Level.INSIDE
    if seconds <= (AERODROME_S if near_aerodrome else EN_ROUTE_S):
        return Level.PREDICTED
    return Level.ADVISORY if seconds <= ADVISORY_S else Level.NONE


def stands(before: Standing | None, said: Level, seen: Micros) -> Standing:
    """Return what stands after a plot; one that is not newer than the last changes nothing."""
    if before is None:
        before = Standing((), Level.NONE, Micros(-1))
    if seen <= before.seen:
        return before
    plots = (*before.plots, said)[-PLOTS:]
    raised = said if said == Level.INSIDE else sorted((Level.NONE, *plots), reverse=True)[RAISE - 1]
    if raised > before.level:
        return Standing(plots, raised, seen)
    lowered = max(plots) if len(plots) == PLOTS else before.level
    return Standing(plots, min(before.level, lowered), seen)


def stays(before: Standing | None, said: Level, seconds: float) -> Level:
    """Return what a plot says of a mover that may have been advised of already; `seconds` are from now."""
    advised = before is not None and before.level > Level.NONE
    return max(said, Level.ADVISORY) if advised and seconds <= ADVISED_UNTIL_S else said


def waits(before: Standing, seen: Micros) -> Standing:
    """Return what stands after a plot that is outside and does not tell the mover's way: it may stand, or come.

    So it says nothing for a while, and then it is let go; but that it is inside no longer stands.
    """
    if seen - before.seen > UNKNOWN_FOR:
        return Standing((), Level.NONE, seen)
    return stands(before, Level.PREDICTED, seen) if before.level == Level.INSIDE else before


def forgets(standing: Standing) -> bool:
    """Return whether nothing is lost by forgetting what the last plots said: none of them said anything."""
    return standing.level == Level.NONE and not any(standing.plots)
