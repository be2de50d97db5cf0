"""A plot: what one sensor saw of one mover at one moment. It is not a track, and nobody averaged it.

A mover that tells its own place (ADS-B, AIS), or that a system placed (multilateration, another's tracker), gives a
`Plot`; a radar measures range and azimuth from where it stands, and gives a `RadarPlot`.

What a sensor says of itself - its aerial passes north, it is out of order - is a `ServiceMessage`.

A track angle is where an aircraft moves to, over ground, from true north; a heading is where its nose points, and has
no place here.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

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
    icao24: str | None
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
    squawk: str | None = None
    mmsi: str | None = None
    number: int | None = None

    @property
    def name(self) -> str:
        """What plots of the same mover have in common: its own address, else the number that the sensor gave it."""
        return own_name(self) or f"{self.sensor}/{self.number or 0}"

    @property
    def root(self) -> str:
        """The one root source: all that a mover says of itself is one witness, whoever hears it."""
        if self.icao24 is not None:
            return f"adsb:{self.icao24}"
        return f"ais:{self.mmsi}" if self.mmsi is not None else f"sensor:{self.sensor}"


Detection = Literal["PSR", "SSR", "SSR+PSR", "MODE_S", "MODE_S+PSR"]
"""How a radar saw it: by its echo (primary), by its transponder's answer (secondary), or both."""


class RadarPlot(Value, frozen=True):
    """One radar's measurement; None is "the radar did not say".

    `range_m` is the slant range, `azimuth_deg` the angle from true north at the radar, clockwise. `alt_m` is the
    pressure altitude that a transponder answered (Mode C), or the height that the radar measured.
    """

    at: Micros
    sensor: str
    range_m: float
    azimuth_deg: float
    seen: Detection
    alt_m: float | None = None
    icao24: str | None = None
    squawk: str | None = None
    callsign: str | None = None
    number: int | None = None

    @property
    def root(self) -> str:
        """The one root source: the radar."""
        return f"sensor:{self.sensor}"


AnyPlot = Plot | RadarPlot


def own_name(plot: AnyPlot) -> str | None:
    """Return the address that a mover gave of itself; None where it gave none."""
    if plot.icao24 is not None:
        return plot.icao24
    return f"mmsi:{plot.mmsi}" if isinstance(plot, Plot) and plot.mmsi is not None else None


ServiceKind = Literal["NORTH", "SECTOR", "STATUS", "OTHER"]
"""What a sensor says of itself: its aerial passed north or entered a sector, how it is, or something besides."""


class ServiceMessage(Value, frozen=True):
    """What a sensor says of itself; None is "it did not say".

    `azimuth_deg` is where a sector begins, from true north, clockwise. `rotation_s` is what one turn of the aerial
    takes. `in_use` is whether its data may be used for operations.
    """

    at: Micros
    sensor: str
    kind: ServiceKind
    azimuth_deg: float | None = None
    rotation_s: float | None = None
    in_use: bool | None = None


class Counts(NamedTuple):
    """What came through a sensor's door: records or lines taken, and refused by reason.

    `mostly` is the most frequent reason of those that speak against the source, which what is passed by does not.
    """

    taken: int
    refused: Mapping[str, int]
    mostly: str | None = None
