"""A plot: what one sensor saw of one aircraft at one moment. It is not a track, and nobody averaged it.

A track angle is where an aircraft moves to, over ground, from true north; a heading is where its nose points, and has
no place here.
"""

from typing import Literal

from quartet.core.encoding import Value
from quartet.core.ids import Micros

VerticalSource = Literal["BAROMETRIC", "GNSS"]
"""What a height or a climb was measured with: pressure (standard 1013.25 hPa), or height above the ellipsoid."""


class Plot(Value, frozen=True):
    """One sighting, in degrees (WGS 84), metres and seconds; None is "the sensor did not say".

    `at` is the sensor's own time. `accuracy_m` is the radius that holds the true position with 95 %.
    """

    at: Micros
    sensor: str
    icao24: str
    lat: float
    lon: float
    on_ground: bool
    alt_m: float | None = None
    alt_source: VerticalSource | None = None
    speed_mps: float | None = None
    track_deg: float | None = None
    climb_mps: float | None = None
    climb_source: VerticalSource | None = None
    callsign: str | None = None
    accuracy_m: float | None = None

    @property
    def root(self) -> str:
        """The one root source: all that an aircraft says of itself is one witness, whoever hears it."""
        return f"adsb:{self.icao24}"
