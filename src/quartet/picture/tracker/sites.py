"""Sensors as the tracker sees them: where they stand, how well they measure, what their offsets seem to be.

A radar measures range and azimuth in the plane; every other sensor gives places, and has no offset of that kind.
"""

from typing import Final

from quartet.core.encoding import Value
from quartet.picture.tracker.rules import Floats

X, Y, SIGMA_R, SIGMA_A, DETECTS, POLAR, PERIOD, RANGE, OFFSET_R, OFFSET_A, OFFSET_T = range(11)
SITE_COLUMNS: Final = 11
RINGS: Final = 6
SLICES: Final = 24
"""Into how many cells a radar's false plots are counted: rings of one width, slices of 15 degrees."""
COVER_RINGS: Final = 24
"""Rings in which it is counted what a radar sees of what is there: 20 km each of a radar that sees 470 km."""


class Site(Value, frozen=True):
    """One sensor in the plane (m east, m north): a radar if `polar`.

    `sigma_range_m` and `sigma_azimuth_rad` are standard deviations of one plot; of a sensor that gives places the first
    is used where a plot says none. `detects` is the probability that it sees what is there at one look, `period_s` how
    long a look takes, `false_plots` how many of one look are false before any were counted.
    """

    name: str
    x_m: float = 0.0
    y_m: float = 0.0
    polar: bool = True
    sigma_range_m: float = 50.0
    sigma_azimuth_rad: float = 0.0012
    detects: float = 0.9
    period_s: float = 4.0
    range_m: float = 470_000.0
    false_plots: float = 20.0


def row_of(site: Site, row: Floats) -> None:
    """Write a site into its row of the table of sensors (SITE_COLUMNS,)."""
    row[X], row[Y] = site.x_m, site.y_m
    row[SIGMA_R], row[SIGMA_A] = site.sigma_range_m, site.sigma_azimuth_rad
    row[DETECTS], row[POLAR] = site.detects, float(site.polar)
    row[PERIOD], row[RANGE] = site.period_s, site.range_m
