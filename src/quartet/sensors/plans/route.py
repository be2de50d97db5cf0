"""The route of field 15: its points in order, each with its place where that is said or known, none guessed.

A point is a name (BERSU), a place (4630N00745E, 46N008E), or a bearing and distance from a name (WIL180025). Airways,
DCT, changes of speed, level or rules (NAME/N0420F290, VFR, IFR, C/...) are no points, nor are SIDs and STARs.
"""

import re
from collections.abc import Mapping
from math import asin, atan2, cos, degrees, radians, sin
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.units import NM_M
from quartet.desk.flightplan import MAX_POINTS, RoutePoint
from quartet.picture.geodesy import EARTH_RADIUS_M
from quartet.sensors.plans.fields import Start, level_m, speed_cms

Points = Mapping[str, tuple[float, float]]
"""Latitude and longitude of named points, degrees."""

_START: Final = re.compile(r"([NKM]\d{3,4})(F\d{3}|A\d{3}|S\d{4}|M\d{4}|VFR)\Z")
_CHANGE: Final = re.compile(r"/(?:[NKM]\d{3,4}(?:F\d{3}|A\d{3}|S\d{4}|M\d{4}|VFR|PLUS)+)\Z")
_PLACE: Final = re.compile(r"(\d{2})(\d{2})?([NS])(\d{3})(\d{2})?([EW])\Z")
_BEARING: Final = re.compile(r"([A-Z]{2,5})(\d{3})(\d{3})\Z")
_NAME: Final = re.compile(r"[A-Z]{2,5}\Z")
_AERODROME: Final = re.compile(r"[A-Z]{4}\Z")
_NO_POINT: Final = frozenset({"DCT", "VFR", "IFR", "OAT", "GAT", "IFPSTOP", "IFPSTART", "SID", "STAR", "T"})


def split_15(text: str) -> tuple[Start, str]:
    """Return speed and level as field 15 begins, and the route after them."""
    first, _, route = " ".join(text.split()).partition(" ")
    found = _START.match(first)
    if found is None:
        raise Malformed("bad-field", f"15: {first[:40]!r}: write N0450F330 DCT BERSU ...")
    return Start(speed_cms(found[1]), level_m(found[2])), route


def points_of(origin: str, route: str, destination: str, known: Points) -> tuple[RoutePoint, ...]:
    """Return the points of a route, from aerodrome to aerodrome."""
    words = [origin, *route.split(), destination]
    made = [point for n, word in enumerate(words) if (point := _point(word, known, n in (0, len(words) - 1)))]
    if len(made) > MAX_POINTS:
        raise Malformed("too-many-points", f"{len(made)} points where {MAX_POINTS} may be")
    return tuple(made)


def _point(word: str, known: Points, aerodrome: bool) -> RoutePoint | None:
    name = _CHANGE.sub("", word)
    if not aerodrome and (name in _NO_POINT or name.startswith(("C/", "STAY"))):
        return None
    place = _PLACE.match(name)
    if place is not None:
        return _named(name, _told(place))
    bearing = _BEARING.match(name)
    if bearing is not None and bearing[1] in known:
        return _named(name, _away(known[bearing[1]], int(bearing[2]), int(bearing[3]) * NM_M))
    if (_AERODROME if aerodrome else _NAME).match(name) or bearing is not None:
        return _named(name, known.get(name))
    return None


def _named(name: str, place: tuple[float, float] | None) -> RoutePoint:
    if place is None:
        return RoutePoint(name)
    return RoutePoint(name, round(place[0] * 1e7), round(place[1] * 1e7))


def _told(found: re.Match[str]) -> tuple[float, float]:
    lat = int(found[1]) + int(found[2] or 0) / 60
    lon = int(found[4]) + int(found[5] or 0) / 60
    if lat > 90 or lon > 180 or int(found[2] or 0) > 59 or int(found[5] or 0) > 59:
        raise Malformed("bad-field", f"15: {found[0]} is no place")
    return lat if found[3] == "N" else -lat, lon if found[6] == "E" else -lon


def _away(place: tuple[float, float], bearing: int, far_m: float) -> tuple[float, float]:
    """Return a place so far away. The bearing is magnetic and counts as true: it errs by the declination."""
    lat, lon, turn, arc = radians(place[0]), radians(place[1]), radians(bearing), far_m / EARTH_RADIUS_M
    there = asin(sin(lat) * cos(arc) + cos(lat) * sin(arc) * cos(turn))
    east = lon + atan2(sin(turn) * sin(arc) * cos(lat), cos(arc) - sin(lat) * sin(there))
    return degrees(there), (degrees(east) + 180) % 360 - 180
