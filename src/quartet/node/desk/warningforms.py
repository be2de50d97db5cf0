"""Between a warning as officers write it, in degrees, and as it is signed, in whole 1e-7 degrees."""

import math
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.area import DEGREE, Area, Circle
from quartet.desk.warning import Alert, Desk
from quartet.node.desk.warningviews import AreaView, RoundView, WarningDraft
from quartet.node.views import Moment, micros

LAST: Final = 2**53


def alert_of(told: WarningDraft) -> Alert:
    """Return the form of a warning, but for what it follows; raise `Malformed` for what none can say."""
    return Alert(
        word=told.word,
        category=told.category,
        urgency=told.urgency,
        severity=told.severity,
        certainty=told.certainty,
        begins=time_of("begins", told.begins),
        until=time_of("until", told.until),
        areas=tuple(area_of(one) for one in told.areas),
        info=told.info,
        desks=tuple(Desk(one.member, one.name) for one in told.desks),
        responses=told.responses,
        release="OVERRIDE" if told.override else "CHECKED",
        why=told.why,
    )


def area_of(told: AreaView) -> Area:
    """Return an area as it is signed; raise `Malformed("bad-area")` where it would not be one."""
    if not 0 < len(told.name) <= 160:
        raise Malformed("bad-area", "name: an area has a name, of 160 characters at most")
    return Area(
        name=told.name,
        polygons=tuple(tuple((whole(lat), whole(lon)) for lat, lon in polygon) for polygon in told.polygons),
        circles=tuple(Circle(whole(one.lat), whole(one.lon), one.radius_m) for one in told.circles),
    )


def view_of(area: Area) -> AreaView:
    """Return an area in degrees."""
    return AreaView(
        name=area.name,
        polygons=tuple(tuple((lat / DEGREE, lon / DEGREE) for lat, lon in polygon) for polygon in area.polygons),
        circles=tuple(RoundView(one.lat / DEGREE, one.lon / DEGREE, one.radius_m) for one in area.circles),
    )


def whole(degrees: float) -> int:
    """Return degrees in 1e-7 of one."""
    if not math.isfinite(degrees):
        raise Malformed("bad-area", "a place is a number of degrees")
    return round(degrees * DEGREE)


def time_of(name: str, at: Moment) -> Micros:
    """Return a time as an item says it; raise `Malformed("bad-form")` for one that none can say."""
    found = micros(at)
    if not 0 <= found < LAST:
        raise Malformed("bad-form", f"{name}: a time before 1970 or after 2255")
    return found
