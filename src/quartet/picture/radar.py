"""Radars as the picture knows them: where each stands, how well it measures, how fast it turns."""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Micros
from quartet.picture.plot import RadarPlot

USUAL_TURN_S: Final = 4.0
"""A turn of an approach radar."""
STEPS: Final = 40
"""So many times from one plot to the next tell how fast a radar turns."""
RETURNS: Final = 4
"""So many times that the same azimuth came round do, too."""
SAME_DEG: Final = 1.0
SHORTEST_S: Final = 0.5
"""No radar turns faster."""


class Radar(Value, frozen=True):
    """Where a radar stands (degrees, m above the ellipsoid), how it turns and how well it measures (one sigma).

    Without a `period_s` the time of a turn is taken from what it sees (`turn_of`), before it is tracked.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    height_m: Annotated[float, Meta(ge=-500, le=9_000)] = 0.0
    period_s: Annotated[float, Meta(ge=0.5, le=120)] | None = None
    sigma_range_m: Annotated[float, Meta(gt=0, le=10_000)] = 60.0
    sigma_azimuth_deg: Annotated[float, Meta(gt=0, le=10)] = 0.08
    detects: Annotated[float, Meta(ge=0.1, le=0.99)] = 0.9
    range_m: Annotated[float, Meta(ge=1_000, le=1_000_000)] = 470_000.0

    @property
    def turn_s(self) -> float:
        """How long a turn takes, s."""
        return self.period_s or USUAL_TURN_S


def turn_of(plots: Iterable[RadarPlot]) -> float | None:
    """Return how long a turn of a radar takes, s, by its plots alone; None while they are too few to tell.

    Who gives an address is seen once a turn. Otherwise, from one plot to the next it turned by the difference of their
    azimuths, in the time between; where there is but one mover, it comes round once a turn. The middle one of all is no
    jump.
    """
    seen = sorted(plots, key=lambda plot: plot.at)
    rates, rounds = [], _returns(seen)
    for one, other in pairwise(seen):
        if one.icao24 is not None and one.icao24 == other.icao24:
            continue  # it moved, and that is no turn of the radar
        turned, passed = (other.azimuth_deg - one.azimuth_deg) % 360.0, (other.at - one.at) / SECOND
        if SAME_DEG <= turned <= 180.0 and passed > 0:
            rates.append(turned / passed)
        elif passed > 1.0 and min(turned, 360.0 - turned) < SAME_DEG:
            rounds.append(passed)
    if len(rates) >= STEPS:
        return 360.0 / median(rates)
    return median(rounds) if len(rounds) >= RETURNS else None


def _returns(plots: Iterable[RadarPlot]) -> list[float]:
    """Return after how long who gives an address was seen again each time, s; not what was seen twice at once."""
    last: dict[str, Micros] = {}
    found = []
    for plot in plots:
        if plot.icao24 is not None:
            since = (plot.at - last.get(plot.icao24, plot.at)) / SECOND
            found += [since] if since >= SHORTEST_S else []
            last[plot.icao24] = plot.at
    return found
