"""Plots as they come to the node from outside it, checked: a value that no sensor can see would break a frame."""

import math
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.picture.plot import AnyPlot, Plot, RadarPlot
from quartet.picture.radar import Radar

MAX_PLOTS: Final = 1_000
MAX_RADARS: Final = 32
MAX_TIME: Final = 2**53
MAX_NAME: Final = 64
MAX_OWN_NAME: Final = 27
"""Letters of an address that a mover gives of itself: a frame's names have 32, and `adsb:` goes before it."""
RANGES: Final = {
    "at": (0, MAX_TIME),
    "lat": (-90, 90),
    "lon": (-180, 180),
    "range_m": (0, 2_000_000),
    "azimuth_deg": (0, 360),
    "alt_m": (-10_000, 200_000),
    "speed_mps": (0, 20_000),
    "track_deg": (0, 360),
    "climb_mps": (-2_000, 2_000),
    "accuracy_m": (0, 1_000_000),
    "number": (0, 2**32),
}
"""What each number of a plot may be; None, where it may be that, is not a number."""


class Plots(Value, frozen=True):
    """What a sensor saw: movers whose place is known, and measurements of radars, which stand where `stands` says.

    A radar of which that is not said is not tracked: where one of the settings stands is for who may see its feed.
    """

    plots: Annotated[tuple[Plot, ...], Meta(max_length=MAX_PLOTS)] = ()
    radar: Annotated[tuple[RadarPlot, ...], Meta(max_length=MAX_PLOTS)] = ()
    stands: Annotated[tuple[Radar, ...], Meta(max_length=MAX_RADARS)] = ()

    @property
    def all(self) -> tuple[AnyPlot, ...]:
        """All of them; raise `Malformed("out-of-range")` for one that cannot be."""
        every: tuple[AnyPlot, ...] = (*self.plots, *self.radar)
        for plot in every:
            check_plot(plot)
        return every


def check_plot(plot: AnyPlot) -> None:
    """Raise `Malformed("out-of-range")` for a number that no sensor can see, and for a name that is none."""
    for name, (low, high) in RANGES.items():
        value = getattr(plot, name, None)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            raise Malformed("out-of-range", f"{name} of {value} where {low} to {high} may be")
    mmsi = plot.mmsi if isinstance(plot, Plot) else None
    words = {plot.sensor: MAX_NAME, plot.callsign: MAX_NAME, plot.squawk: MAX_NAME}
    for word, most in (*words.items(), (plot.icao24, MAX_OWN_NAME), (mmsi, MAX_OWN_NAME)):
        if word is not None and not (0 < len(word) <= most and word.isprintable() and word.isascii()):
            raise Malformed("out-of-range", f"{word[:MAX_NAME]!r} is no name of a mover or a sensor")
