"""What items of several categories have alike: codes, addresses, names, heights, flags; and the ranges of values."""

from collections.abc import Iterable
from math import atan2, degrees, hypot, sqrt
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.units import LEVEL_M
from quartet.picture.plane import Offset, Place, place_of
from quartet.sensors.asterix.layout import Field, Layout, Slices

MIN_ALT_M: Final = -1_000.0
MAX_ALT_M: Final = 45_000.0
MAX_SPEED_MPS: Final = 1_500.0
MAX_CLIMB_MPS: Final = 250.0
MAX_OFFSET_M: Final = 1_000_000.0
"""How far from a sensor a place may be that it measured on its own plane."""
SIGMAS_95: Final = 2.4477
"""Radius that holds 95 % of a circular normal distribution, in standard deviations."""

_LETTERS: Final = {**{n: chr(64 + n) for n in range(1, 27)}, 32: " ", **{n: chr(n) for n in range(48, 58)}}


class Passed(NamedTuple):
    """A record that is sound and gives no plot: why, as a word for the counts."""

    reason: str


def within(value: float, low: float, high: float, what: str) -> float:
    """Return a value that is in its range, or raise `Malformed("out-of-range")`."""
    if not low <= value <= high:
        raise Malformed("out-of-range", f"{what} of {value:g} where {low:g} to {high:g} may be")
    return value


def scaled(field: Field, slices: Slices, unit: float, low: float, high: float) -> float | None:
    """Return a field in SI units, None where it is not there; raise `Malformed("out-of-range")`."""
    value = field.value(slices)
    return None if value is None else within(value * unit, low, high, field.item)


class Code:
    """Mode 3/A: a code that is not validated, or garbled, is none."""

    def __init__(self, layout: Layout, item: str) -> None:
        self._code = layout.field(f"{item}/MODE3A")
        self._doubts = layout.field(f"{item}/V"), layout.field(f"{item}/G")

    def read(self, slices: Slices) -> str | None:
        """Return four octal digits."""
        code = self._code.raw(slices)
        return None if code is None or any(one.raw(slices) for one in self._doubts) else f"{code:04o}"


class Level:
    """A flight level, in metres of pressure altitude; one that is not validated, or garbled, is none."""

    def __init__(self, layout: Layout, *items: str) -> None:
        self._level = layout.field(*(f"{item}/FL" for item in items), *items)
        item = self._level.item
        self._doubts = layout.field(f"{item}/V"), layout.field(f"{item}/G")

    def read(self, slices: Slices) -> float | None:
        """Return the height; raise `Malformed("out-of-range")` for one at which nothing flies."""
        if any(one.raw(slices) for one in self._doubts):
            return None
        return scaled(self._level, slices, LEVEL_M, MIN_ALT_M, MAX_ALT_M)


def address(field: Field, slices: Slices) -> str | None:
    """Return a 24-bit address in hex; all zeros or all ones are nobody's."""
    raw = field.raw(slices)
    return None if raw is None or raw in (0, 0xFFFFFF) else f"{raw:06x}"


def callsign(field: Field, slices: Slices) -> str | None:
    """Return eight characters of six bits each; None where one is no letter, digit or space, or all are spaces."""
    raw = field.raw(slices)
    if raw is None:
        return None
    letters = [_LETTERS.get(raw >> shift & 63) for shift in range(42, -1, -6)]
    return None if None in letters else "".join(one or "" for one in letters).strip() or None


def any_set(fields: Iterable[Field], slices: Slices) -> bool:
    """Return whether one of these flags is set."""
    return any(field.raw(slices) for field in fields)


class Standing:
    """Whether a record is of a real mover: not simulated, not a test, not a fixed transponder, not a ghost."""

    def __init__(self, layout: Layout, *, exercise: bool) -> None:
        drills = () if exercise else ("020/SIM", "020/TST", "040/SIM", "040/TST", "080/SIM")
        self._tests = [layout.field(name) for name in drills]
        self._fixed = [layout.field("020/RAB"), layout.field("040/RAB")]
        self._ghosts = [layout.field("170/GHO")]

    def of(self, slices: Slices) -> Passed | None:
        """Return why no plot comes of a record, or None."""
        if any_set(self._tests, slices):
            return Passed("test-target")
        if any_set(self._fixed, slices):
            return Passed("field-monitor")
        return Passed("ghost") if any_set(self._ghosts, slices) else None


class Position:
    """Where a target is: in degrees, or in metres on the plane of the sensor, whose own place then counts."""

    def __init__(self, layout: Layout, origin: Place, *, wgs84: tuple[str, ...], plane: str = "") -> None:
        self._degrees = [(layout.field(f"{item}/LAT"), layout.field(f"{item}/LON")) for item in wgs84]
        self._plane = layout.field(f"{plane}/X"), layout.field(f"{plane}/Y")
        self._origin = origin

    def read(self, slices: Slices) -> tuple[float, float] | None:
        """Return latitude and longitude, from the first of its items that is there; None where none is."""
        for lat, lon in self._degrees:
            north, east = lat.value(slices), lon.value(slices)
            if north is not None and east is not None:
                return within(north, -90, 90, "latitude"), within(east, -180, 180, "longitude")
        x, y = (axis.value(slices) for axis in self._plane)
        if x is None or y is None:
            return None
        within(max(abs(x), abs(y)), 0, MAX_OFFSET_M, "distance")
        place = place_of(self._origin, Offset(x, y, 0.0))
        return place.lat, place.lon


class Velocity:
    """Speed over ground and track angle, from metres a second east and north."""

    def __init__(self, layout: Layout, item: str) -> None:
        self._axes = layout.field(f"{item}/VX"), layout.field(f"{item}/VY")

    def read(self, slices: Slices) -> tuple[float | None, float | None]:
        """Return metres a second and degrees; None twice where it is not said, no angle for what stands."""
        east, north = (axis.value(slices) for axis in self._axes)
        if east is None or north is None:
            return None, None
        speed = within(hypot(east, north), 0, MAX_SPEED_MPS, "speed")
        return speed, degrees(atan2(east, north)) % 360 if speed else None


def radius_95(x: float | None, y: float | None) -> float | None:
    """Return the radius in metres that holds 95 %, from standard deviations east and north; zeros say nothing."""
    if x is None or y is None or not (x or y):
        return None
    return SIGMAS_95 * hypot(x, y) / sqrt(2)
