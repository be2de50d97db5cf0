"""A filed flight plan, field by field as ICAO has them (Doc 4444, Appendix 3), under the marking of who holds it."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros, TimeField

MAX_POINTS: Final = 256
LONGEST: Final = 36 * 3_600
OVER: Final = 3_600 * SECOND
"""How long after it lands a flight is over."""
EARLIEST: Final = 7 * 86_400 * SECOND
"""How long before it begins a plan may be filed."""
EXEMPT: Final = frozenset({"FFR", "HOSP", "HUM", "MEDEVAC", "SAR"})
"""Reasons for special handling (STS/) that make a flight rescue, medical or humanitarian."""

_Text = Annotated[str, Meta(max_length=200)]
_Place = Annotated[str, Meta(pattern=r"^[A-Z]{4}\Z")]
_Unit = Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]


class RoutePoint(Value, frozen=True):
    """A point of the route, and where it is in 1e-7 degrees; None where its name is known to nobody here."""

    name: Annotated[str, Meta(min_length=1, max_length=32)]
    lat: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)] | None = None
    lon: _Unit | None = None


class FlightPlan(Value, frozen=True):
    """The form of a `flight-plan` item, version 1. Times are UTC, `speed_cms` through the air, `level_m` cruising.

    `points` are the route's, aerodromes included, in order; those without a place are named all the same. `code` is the
    assigned Mode 3/A code, `address` the aircraft's (CODE/), `special` what its handling is (STS/).
    """

    flight_id: Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,7}\Z")]
    rules: Literal["I", "V", "Y", "Z"]
    flight: Literal["S", "N", "G", "M", "X"] | None
    aircraft: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,3}\Z")]
    wake: Literal["J", "H", "M", "L"] | None
    origin: _Place
    off_block: TimeField
    lasts_s: Annotated[int, Meta(ge=60, le=LONGEST)]
    destination: _Place
    route: Annotated[str, Meta(max_length=4_000)]
    points: Annotated[tuple[RoutePoint, ...], Meta(max_length=MAX_POINTS)] = ()
    speed_cms: Annotated[int, Meta(ge=0, le=200_000)] | None = None
    level_m: Annotated[int, Meta(ge=0, le=40_000)] | None = None
    number: Annotated[int, Meta(ge=1, le=99)] = 1
    equipment: _Text = ""
    surveillance: _Text = ""
    alternates: Annotated[tuple[_Place, ...], Meta(max_length=2)] = ()
    code: Annotated[str, Meta(pattern=r"^[0-7]{4}\Z")] | None = None
    address: Annotated[str, Meta(pattern=r"^[0-9a-f]{6}\Z")] | None = None
    registration: Annotated[str, Meta(max_length=16)] | None = None
    special: Annotated[tuple[Annotated[str, Meta(max_length=12)], ...], Meta(max_length=8)] = ()
    taken_off: TimeField | None = None
    other: Annotated[str, Meta(max_length=4_000)] = ""

    @property
    def ends(self) -> Micros:
        """When it lands, by the plan; an hour later it counts as over."""
        return Micros((self.taken_off or self.off_block) + self.lasts_s * SECOND)

    @property
    def complete(self) -> bool:
        """Return whether every point of the route has a place."""
        return len(self.points) > 1 and all(point.lat is not None for point in self.points)

    @property
    def sort(self) -> Literal["CIVIL", "STATE", "EXEMPT"]:
        """What the flight is: exempt by its handling, a state's by its type or handling, else civil."""
        if EXEMPT & set(self.special):
            return "EXEMPT"
        return "STATE" if self.flight == "M" or "STATE" in self.special else "CIVIL"


def check_plan(plan: FlightPlan, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a flight that is over or a week away, and for half a place."""
    if plan.ends < at - OVER:
        raise Malformed("bad-form", "off_block: this flight is over")
    if not timed(plan, at):
        raise Malformed("bad-form", "off_block: a plan is filed for the seven days to come")
    if any((point.lat is None) != (point.lon is None) for point in plan.points):
        raise Malformed("bad-form", "points: latitude and longitude, or neither")


def timed(plan: FlightPlan, at: Micros) -> bool:
    """Return whether a plan that is filed at a time is of a flight that can be: not over, and not a week away."""
    return at - OVER <= plan.ends and plan.off_block <= at + EARLIEST
