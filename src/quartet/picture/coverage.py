"""Where a sensor saw movers: a polar grid about it, by height; and where it saw none though it did all around.

A cell says when something was last seen in it, and forgets that after `AGES_AFTER`. That nothing was seen is no proof
that nothing could be: a gap is a hole within what was seen, for a person to look into.
"""

from collections.abc import Iterable, Iterator
from math import atan2, cos, degrees, radians, sin
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from quartet.core.ids import SECOND, Micros
from quartet.core.units import NM_M
from quartet.picture.geodesy import distance_m
from quartet.picture.plot import AnyPlot, Plot

SECTORS: Final = 36
"""Of ten degrees each, from true north, clockwise."""
RINGS: Final = 24
FIRST_RING_M: Final = NM_M
"""How wide a ring is at first; all of them widen twofold until what is seen fits."""
WIDENINGS: Final = 4
BANDS: Final = ("0-1000 m", "1000-3000 m", "3000-7500 m", "7500 m and higher", "height not known")
BAND_EDGES_M: Final = (1_000.0, 3_000.0, 7_500.0)
UNKNOWN_BAND: Final = len(BANDS) - 1
AGES_AFTER: Final = Micros(3_600 * SECOND)
BESIDE: Final = 9
"""How many sectors to either side may be without anything, and still lie between what was seen: a quarter turn."""

Grid = NDArray[np.int64]
"""(SECTORS, RINGS, BANDS): when something was last seen, microseconds; 0 for never."""
Seen = NDArray[np.bool_]
"""(SECTORS, RINGS): whether anything was seen."""


class Cell(NamedTuple):
    """One cell of what is told: `bands` has a bit for each band in which something was seen, 0 for a gap."""

    sector: int
    ring: int
    bands: int


class Coverage:
    """What one sensor at a place saw in the last hour."""

    def __init__(self, lat: float, lon: float) -> None:
        self._at = lat, lon
        self.ring_m = FIRST_RING_M
        self._seen: Grid = np.zeros((SECTORS, RINGS, len(BANDS)), np.int64)

    def see(self, plots: Iterable[AnyPlot], now: Micros) -> Self:
        """Note where movers were seen; what is further than the grid goes is left out."""
        measured = [_polar(plot, self._at) for plot in plots]
        if not measured:
            return self
        azimuth, distance, height = np.asarray(measured, np.float64).T
        near = (distance >= 0) & (distance < FIRST_RING_M * 2**WIDENINGS * RINGS)
        azimuth, distance, height = azimuth[near], distance[near], height[near]
        while distance.size and distance.max() >= self.ring_m * RINGS:
            self._widen()
        sectors = (azimuth % 360 * SECTORS // 360).astype(np.int64) % SECTORS
        bands = np.where(np.isnan(height), UNKNOWN_BAND, np.digitize(np.nan_to_num(height), BAND_EDGES_M))
        self._seen[sectors, (distance // self.ring_m).astype(np.int64), bands] = now
        return self

    def seen(self, now: Micros, band: int | None = None) -> Seen:
        """Return where anything was seen in the last hour, in one band or in any."""
        fresh = self._fresh(now)
        found: Seen = np.logical_or.reduce(fresh, axis=2) if band is None else fresh[:, :, band]
        return found

    def cells(self, now: Micros) -> Iterator[Cell]:
        """Yield the cells in which something was seen, and the gaps."""
        somewhere = self.seen(now)
        bits = (self._fresh(now) * (1 << np.arange(len(BANDS)))).sum(axis=2)
        for sector, ring in zip(*np.nonzero(somewhere | gaps(somewhere)), strict=True):
            yield Cell(int(sector), int(ring), int(bits[sector, ring]))

    def _fresh(self, now: Micros) -> NDArray[np.bool_]:
        return (self._seen > 0) & (self._seen > now - AGES_AFTER)

    def _widen(self) -> None:
        """Let each ring be twice as wide: two become one."""
        self.ring_m *= 2
        joined = np.maximum(self._seen[:, 0::2], self._seen[:, 1::2])
        self._seen = np.zeros_like(self._seen)
        self._seen[:, : RINGS // 2] = joined


def gaps(seen: Seen) -> Seen:
    """Return the holes: cells without anything, between cells of the same sector or of the same ring with something.

    Between in a sector is nearer and further; between in a ring is within `BESIDE` sectors to both sides.
    """
    nearer = np.logical_or.accumulate(seen, axis=1)
    further = np.logical_or.accumulate(seen[:, ::-1], axis=1)[:, ::-1]
    left, right = np.zeros_like(seen), np.zeros_like(seen)
    for by in range(1, BESIDE + 1):
        left |= np.roll(seen, by, axis=0)
        right |= np.roll(seen, -by, axis=0)
    holes: Seen = ~seen & ((nearer & further) | (left & right))
    return holes


def _polar(plot: AnyPlot, at: tuple[float, float]) -> tuple[float, float, float]:
    """Return azimuth in degrees, distance in metres and height in metres (NaN if not known) of a plot from a place.

    A radar's slant range counts as distance: at 10 km of height they differ by less than a ring from 55 km on.
    """
    height = float("nan") if plot.alt_m is None else plot.alt_m
    if not isinstance(plot, Plot):
        return plot.azimuth_deg, plot.range_m, height
    lat, lon, here, there = radians(plot.lat), radians(plot.lon), radians(at[0]), radians(at[1])
    east = sin(lon - there) * cos(lat)
    north = cos(here) * sin(lat) - sin(here) * cos(lat) * cos(lon - there)
    return degrees(atan2(east, north)) % 360, distance_m(at, (plot.lat, plot.lon)), height
