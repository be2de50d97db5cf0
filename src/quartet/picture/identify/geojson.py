"""Airspaces out of GeoJSON (RFC 7946): any bytes give airspaces or `Malformed`.

Names, limits and hours are read as members of the exchange write them (`name`, `floor_m`, `ceiling_m`, `floor`,
`ceiling` as "FL195", "4500 FT", "GND", "UNL"; `schedule`, see `hours`), and as EUROCONTROL's FIR files do (IDENT, NAME,
LOWERLIMIT with LOWERUNIT, ...).
"""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from quartet.core.faults import Malformed
from quartet.core.units import FOOT_M
from quartet.picture.identify.airspace import Airspace, Ring
from quartet.picture.identify.hours import read_hours

MAX_FILE: Final = 16 * 1024 * 1024
MAX_AIRSPACES: Final = 1_000
MAX_CORNERS: Final = 200_000
"""In one file."""
MAX_NAME: Final = 64
UNLIMITED_FL: Final = 999
"""A flight level that stands for no limit."""

_Corner = Annotated[list[float], Meta(min_length=2, max_length=4)]
_Plan = Annotated[list[Annotated[list[_Corner], Meta(min_length=4)]], Meta(min_length=1)]
_LIMIT: Final = re.compile(r"\s*(?:(FL)\s*(\d{1,3})|(\d{1,6}(?:\.\d+)?)\s*(FT|M))(?:\s*(?:AMSL|MSL|STD|ALT))?\s*\Z")
_WORDS: Final = {"GND": -1e9, "SFC": -1e9, "MSL": 0.0, "UNL": 1e9, "UNLTD": 1e9}


class _Polygon(msgspec.Struct, tag="Polygon"):
    coordinates: _Plan


class _MultiPolygon(msgspec.Struct, tag="MultiPolygon"):
    coordinates: Annotated[list[_Plan], Meta(min_length=1)]


class _Feature(msgspec.Struct, tag="Feature"):
    geometry: _Polygon | _MultiPolygon
    properties: dict[str, Any] | None = None
    id: str | int | None = None


class _Collection(msgspec.Struct, tag="FeatureCollection"):
    features: Annotated[list[_Feature], Meta(min_length=1, max_length=MAX_AIRSPACES)]


_DECODER: Final = msgspec.json.Decoder(_Collection | _Feature)


def read_airspaces(data: bytes) -> tuple[Airspace, ...]:
    """Return the airspaces in a file, or raise `Malformed`: (1) size, (2) shape, (3) corners and limits, (4) names."""
    if len(data) > MAX_FILE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_FILE} may be")
    try:
        given = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    features = given.features if isinstance(given, _Collection) else [given]
    if sum(len(ring) for one in features for ring in _rings(one)) > MAX_CORNERS:
        raise Malformed("too-many-corners", f"more than {MAX_CORNERS} corners")
    found = tuple(_airspace(one, n) for n, one in enumerate(features))
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise Malformed("name-twice", f"two airspaces are called {name}")
    return found


def limit_m(text: str) -> float:
    """Return the height of a limit like "FL195", "4500 FT" or "GND"; raise `Malformed("bad-limit")`."""
    word = text.strip().upper()
    if word in _WORDS:
        return _WORDS[word]
    found = _LIMIT.match(word)
    if found is None:
        raise Malformed("bad-limit", f"{text[:40]!r}: write FL195, 4500 FT, 1200 M, GND or UNL")
    level, number, feet, unit = found.groups()
    if level:
        return 1e9 if int(number) == UNLIMITED_FL else int(number) * 100 * FOOT_M
    return float(feet) * (FOOT_M if unit == "FT" else 1.0)


def _rings(feature: _Feature) -> list[list[_Corner]]:
    shape = feature.geometry
    plans = [shape.coordinates] if isinstance(shape, _Polygon) else shape.coordinates
    return [ring for plan in plans for ring in plan]


def _airspace(feature: _Feature, n: int) -> Airspace:
    about = feature.properties or {}
    name = _text(about, ("name", "IDENT", "ident"), feature.id if isinstance(feature.id, str) else f"airspace-{n + 1}")
    rings = _unturned([_ring(ring, name) for ring in _rings(feature)])
    floor, ceiling = _limit(about, "floor", "LOWER", -1e9), _limit(about, "ceiling", "UPPER", 1e9)
    if floor >= ceiling:
        raise Malformed("bad-limit", f"{name}: its floor is not below its ceiling")
    title = _text(about, ("title", "NAME"), name)
    hours = read_hours(about.get("schedule"), name)
    return Airspace(name, title, rings, floor, ceiling, oceanic=about.get("oceanic") is True, hours=hours)


def _ring(corners: list[_Corner], name: str) -> Ring:
    ring = tuple((corner[0], corner[1]) for corner in corners)
    if any(not (isfinite(lon) and isfinite(lat) and abs(lon) <= 360 and abs(lat) <= 90) for lon, lat in ring):
        raise Malformed("bad-corner", f"{name}: a corner lies outside the world")
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def _unturned(rings: list[Ring]) -> list[Ring]:
    """Return rings that lie on both sides of the date line as one that goes over it."""
    lons = [lon for ring in rings for lon, _ in ring]
    if max(lons) - min(lons) <= 180:
        return rings
    return [tuple((lon + 360 if lon < 0 else lon, lat) for lon, lat in ring) for ring in rings]


def _limit(about: Mapping[str, Any], ours: str, theirs: str, none: float) -> float:
    metres, text = about.get(f"{ours}_m"), about.get(ours)
    if isinstance(metres, int | float) and isfinite(metres):
        return float(metres)
    if isinstance(text, str):
        return limit_m(text)
    value, unit = about.get(f"{theirs}LIMIT"), about.get(f"{theirs}UNIT")
    if value is None:
        return none
    value = str(value)[:12]
    if not value.isdecimal():
        return limit_m(value)
    if theirs == "LOWER" and int(value) == 0:
        return none
    return limit_m(f"FL{value}" if unit == "FL" else f"{value} {unit}")


def _text(about: Mapping[str, Any], keys: tuple[str, ...], none: str) -> str:
    for key in keys:
        found = about.get(key)
        if isinstance(found, str) and found.strip() and found.isprintable():
            return found.strip()[:MAX_NAME]
    return none
