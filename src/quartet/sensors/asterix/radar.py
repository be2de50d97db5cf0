"""CAT 048, what one radar measured: range and azimuth, and what the transponder answered (EUROCONTROL SPEC-0149-4)."""

from typing import Final

from quartet.core.ids import Micros
from quartet.core.units import FOOT_M, NM_M
from quartet.picture.plot import Detection, RadarPlot
from quartet.sensors.asterix.items import (
    MAX_ALT_M,
    MIN_ALT_M,
    Code,
    Level,
    Passed,
    Standing,
    address,
    callsign,
    scaled,
)
from quartet.sensors.asterix.layout import Layout, Slices
from quartet.sensors.door import Source

SEEN: Final[dict[int, Detection]] = {
    1: "PSR",
    2: "SSR",
    3: "SSR+PSR",
    4: "MODE_S",
    5: "MODE_S",
    6: "MODE_S+PSR",
    7: "MODE_S+PSR",
}
"""How a radar saw it, by I048/020 TYP; 0 is "no detection": the radar told where it expected it."""


class RadarTargets:
    """Makes plots of target reports."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._sensor = source.name
        self._standing = Standing(layout, exercise=source.exercise)
        self._type = layout.field("020/TYP")
        self._range, self._azimuth = layout.field("040/RHO"), layout.field("040/THETA")
        self._code, self._level = Code(layout, "070"), Level(layout, "090")
        self._height = layout.field("110/3DH")
        self._address, self._callsign = layout.field("220"), layout.field("240")
        self._number = layout.field("161/TRN")

    def read(self, slices: Slices, at: Micros) -> RadarPlot | Passed:
        """Return the plot of a record, or why there is none; raise `Malformed("out-of-range")`."""
        distance, azimuth = self._range.value(slices), self._azimuth.value(slices)
        passed = self._standing.of(slices)
        if passed is not None:
            return passed
        if distance is None or azimuth is None:
            return Passed("no-position")
        seen = self._seen(slices)
        if seen is None:
            return Passed("no-detection")
        level = self._level.read(slices)
        return RadarPlot(
            at=at,
            sensor=self._sensor,
            range_m=distance * NM_M,
            azimuth_deg=azimuth,
            seen=seen,
            alt_m=scaled(self._height, slices, FOOT_M, MIN_ALT_M, MAX_ALT_M) if level is None else level,
            icao24=address(self._address, slices),
            squawk=self._code.read(slices),
            callsign=callsign(self._callsign, slices),
            number=self._number.raw(slices),
        )

    def _seen(self, slices: Slices) -> Detection | None:
        kind = self._type.raw(slices)
        if kind is not None:
            return SEEN.get(kind)
        if self._address.raw(slices) is not None:
            return "MODE_S"
        return "PSR" if self._code.read(slices) is None else "SSR"
