"""CAT 010, 020, 021 and 062: what told its own place, or was placed by a system, becomes a `Plot`.

021 is ADS-B as a ground station heard it, 062 the tracks of a surveillance system, 020 multilateration, 010 the
movements on an aerodrome.
"""

from collections.abc import Callable
from math import cos, radians
from typing import Final

from quartet.core.ids import Micros
from quartet.core.units import FOOT_A_MINUTE_MPS, FOOT_M, LEVEL_M, NM_M
from quartet.picture.plane import Place
from quartet.picture.plot import Plot, VerticalSource
from quartet.sensors.asterix.items import (
    MAX_ALT_M,
    MAX_CLIMB_MPS,
    MAX_SPEED_MPS,
    MIN_ALT_M,
    Code,
    Level,
    Passed,
    Position,
    Standing,
    Velocity,
    address,
    any_set,
    callsign,
    radius_95,
    scaled,
)
from quartet.sensors.asterix.layout import Field, Layout, Slices
from quartet.sensors.door import Source

DEGREE_M: Final = 60 * NM_M
NACP_M: Final = (None, 18_520.0, 7_408.0, 3_704.0, 1_852.0, 926.0, 555.6, 185.2, 92.6, 30.0, 10.0, 3.0)
"""Radius that holds the position with 95 %, by NACp (RTCA DO-260B, table 2-71)."""
NUCP_M: Final = (None, 18_520.0, 9_260.0, 1_852.0, 926.0, 463.0, 185.2, 92.6, 10.0, 3.0)
"""The same, by NUCp (RTCA DO-260), for who speaks the first version."""

Height = tuple[float | None, VerticalSource | None]
Motion = tuple[float | None, float | None]


class Heights:
    """A pressure altitude if there is one, else a height above the ellipsoid."""

    def __init__(self, level: Callable[[Slices], float | None], geometric: Field) -> None:
        self._level = level
        self._geometric = geometric

    def read(self, slices: Slices) -> Height:
        """Return metres and their source; raise `Malformed("out-of-range")`."""
        level = self._level(slices)
        if level is not None:
            return level, "BAROMETRIC"
        height = scaled(self._geometric, slices, FOOT_M, MIN_ALT_M, MAX_ALT_M)
        return height, None if height is None else "GNSS"


class Broadcast:
    """CAT 021: editions below 1 call some items otherwise than those since."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._sensor = source.name
        self._standing = Standing(layout, exercise=source.exercise)
        self._position = Position(layout, Place(source.lat, source.lon), wgs84=("131", "130"))
        self._kind = layout.field("040/ATP")
        self._ground = layout.field("040/GBS")
        self._failed = [layout.field(f"040/{flag}") for flag in ("IPC", "CPR", "RCF")]
        self._heights = Heights(Level(layout, "145").read, layout.field("140"))
        self._speed, self._angle = layout.field("160/GS"), layout.field("160/TA")
        self._climbs: tuple[tuple[Field, VerticalSource], ...] = (
            (layout.field("155/BVR", "155"), "BAROMETRIC"),
            (layout.field("157/GVR", "157"), "GNSS"),
        )
        self._address, self._callsign = layout.field("080"), layout.field("170")
        self._code, self._number = Code(layout, "070"), layout.field("161/TRNUM")
        self._nacp, self._nucp = layout.field("090/NACP"), layout.field("090/NUCPNIC")
        self._version = layout.field("210/VN")

    def read(self, slices: Slices, at: Micros) -> Plot | Passed:
        """Return the plot of a report, or why there is none; raise `Malformed("out-of-range")`."""
        place, passed = self._position.read(slices), self._standing.of(slices)
        if passed is not None or place is None:
            return passed or Passed("no-position")
        if any_set(self._failed, slices):
            return Passed("check-failed")
        height, source = self._heights.read(slices)
        angle = self._angle.value(slices)
        climb, climb_source = self._climb(slices)
        return Plot(
            at=at,
            sensor=self._sensor,
            icao24=address(self._address, slices) if self._addressed(slices) else None,
            lat=place[0],
            lon=place[1],
            on_ground=bool(self._ground.raw(slices)),
            alt_m=height,
            alt_source=source,
            speed_mps=scaled(self._speed, slices, NM_M, 0, MAX_SPEED_MPS),
            track_deg=angle,
            climb_mps=climb,
            climb_source=climb_source,
            callsign=callsign(self._callsign, slices),
            accuracy_m=self._accuracy(slices),
            squawk=self._code.read(slices),
            number=self._number.raw(slices),
        )

    def _addressed(self, slices: Slices) -> bool:
        """Return whether the address is the aircraft's own; that two may share one is for who compares them to say."""
        said = self._kind.words.get(self._kind.raw(slices) or 0, "")
        return "24-Bit ICAO" in said or "Duplicate" in said

    def _climb(self, slices: Slices) -> Height:
        for field, source in self._climbs:
            rate = scaled(field, slices, FOOT_A_MINUTE_MPS, -MAX_CLIMB_MPS, MAX_CLIMB_MPS)
            if rate is not None:
                return rate, source
        return None, None

    def _accuracy(self, slices: Slices) -> float | None:
        nacp = self._nacp.raw(slices)
        if nacp is not None:
            return NACP_M[nacp] if nacp < len(NACP_M) else None
        nucp = self._nucp.raw(slices)
        old = self._version.raw(slices) in (None, 0)
        return NUCP_M[nucp] if nucp is not None and old and nucp < len(NUCP_M) else None


class SystemTracks:
    """CAT 062: where a surveillance system has its tracks."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._sensor = source.name
        self._standing = Standing(layout, exercise=source.exercise)
        self._position = Position(layout, Place(source.lat, source.lon), wgs84=("105",))
        self._velocity = Velocity(layout, "185")
        self._heights = Heights(Level(layout, "136").read, layout.field("130"))
        self._smooth, self._corrected = layout.field("135/CTB"), layout.field("135/QNH")
        self._climb = layout.field("220")
        self._ended = [layout.field("080/TSE")]
        self._ground = layout.field("080/SFC")
        self._address = layout.field("380/ADR")
        self._names = layout.field("245/CHR"), layout.field("380/ID")
        self._code, self._number = Code(layout, "060"), layout.field("040")
        self._sigmas = layout.field("500/APC/X"), layout.field("500/APC/Y")
        self._angles = layout.field("500/APW/LAT"), layout.field("500/APW/LON")

    def read(self, slices: Slices, at: Micros) -> Plot | Passed:
        """Return the plot of a track, or why there is none; raise `Malformed("out-of-range")`."""
        place, passed = self._position.read(slices), self._standing.of(slices)
        if passed is not None or place is None:
            return passed or Passed("no-position")
        if any_set(self._ended, slices):
            return Passed("track-ended")
        height, source = self._height(slices)
        speed, angle = self._velocity.read(slices)
        climb = scaled(self._climb, slices, FOOT_A_MINUTE_MPS, -MAX_CLIMB_MPS, MAX_CLIMB_MPS)
        named = (callsign(field, slices) for field in self._names)
        return Plot(
            at=at,
            sensor=self._sensor,
            icao24=address(self._address, slices),
            lat=place[0],
            lon=place[1],
            on_ground=bool(self._ground.raw(slices)),
            alt_m=height,
            alt_source=source,
            speed_mps=speed,
            track_deg=angle,
            climb_mps=climb,
            callsign=next((name for name in named if name), None),
            accuracy_m=self._accuracy(slices, place[0]),
            squawk=self._code.read(slices),
            number=self._number.raw(slices),
        )

    def _height(self, slices: Slices) -> Height:
        """Return the measured level, else the smoothed one if no weather is in it, else the geometric altitude."""
        height, source = self._heights.read(slices)
        smooth = scaled(self._smooth, slices, LEVEL_M, MIN_ALT_M, MAX_ALT_M)
        if source == "BAROMETRIC" or smooth is None or self._corrected.raw(slices):
            return height, source
        return smooth, "BAROMETRIC"

    def _accuracy(self, slices: Slices, lat: float) -> float | None:
        x, y = (field.value(slices) for field in self._sigmas)
        if x is None or y is None:
            north, east = (field.value(slices) for field in self._angles)
            if north is None or east is None:
                return None
            x, y = east * DEGREE_M * cos(radians(lat)), north * DEGREE_M
        return radius_95(x, y)


class LocalTargets:
    """CAT 020 and 010: placed in degrees, or on the plane of the system's own reference point."""

    def __init__(self, layout: Layout, source: Source) -> None:
        aerodrome = layout.category == 10
        self._sensor = source.name
        self._standing = Standing(layout, exercise=source.exercise)
        self._position = Position(layout, Place(source.lat, source.lon), wgs84=("041",), plane="042")
        self._velocity = Velocity(layout, "202")
        self._polar = layout.field("200/GSP"), layout.field("200/TRA")
        self._heights = Heights(Level(layout, "090").read, layout.field("105"))
        self._grounded = aerodrome
        self._ground = layout.field("020/GBS")
        self._foreign = layout.field("020/CF")
        self._address, self._callsign = layout.field("220"), layout.field("245/CHR")
        self._code, self._number = Code(layout, "070"), layout.field("161/TRN", "161/TRK")
        if aerodrome:
            self._code = Code(layout, "060")
        self._sigmas = layout.field("500/SDP/X", "500/DEVX"), layout.field("500/SDP/Y", "500/DEVY")

    def read(self, slices: Slices, at: Micros) -> Plot | Passed:
        """Return the plot of a report, or why there is none; raise `Malformed("out-of-range")`."""
        place, passed = self._position.read(slices), self._standing.of(slices)
        if passed is not None or place is None:
            return passed or Passed("no-position")
        height, source = self._heights.read(slices)
        speed, angle = self._motion(slices)
        return Plot(
            at=at,
            sensor=self._sensor,
            icao24=None if self._foreign.raw(slices) else address(self._address, slices),
            lat=place[0],
            lon=place[1],
            on_ground=(self._grounded and height is None) or bool(self._ground.raw(slices)),
            alt_m=height,
            alt_source=source,
            speed_mps=speed,
            track_deg=angle,
            callsign=callsign(self._callsign, slices),
            accuracy_m=radius_95(*(field.value(slices) for field in self._sigmas)),
            squawk=self._code.read(slices),
            number=self._number.raw(slices),
        )

    def _motion(self, slices: Slices) -> Motion:
        speed, angle = self._velocity.read(slices)
        if speed is not None:
            return speed, angle
        said, angle = (field.value(slices) for field in self._polar)
        return scaled(self._polar[0], slices, NM_M, 0, MAX_SPEED_MPS), angle if said else None
