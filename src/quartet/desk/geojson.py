"""Volumes from GeoJSON (RFC 7946): whatever bytes come, they give volumes or `Malformed`.

A polygon's own properties say its name, floor, ceiling and times; a point with `radius_m` is a circle. GeoJSON has no
heights of its own, so that they are named with their unit: `floor_m`, `floor_ft`, `ceiling_m`, `ceiling_ft`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Final
from unicodedata import normalize

import msgspec

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.core.units import FOOT_M
from quartet.core.volume import (
    MAX_CORNERS,
    MAX_VOLUMES,
    MAX_WINDOWS,
    SPACING_M,
    SPACING_UP_M,
    UNITS,
    Volume,
    Window,
    check_volumes,
)

MAX_GEOJSON: Final = 256 * 1024
MAX_NAME: Final = 60
"""Letters of a name that are kept; several polygons of one feature are numbered behind them."""

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

Ring = list[tuple[int, int]]


def volumes_of(data: bytes) -> tuple[Volume, ...]:
    """Return the volumes that GeoJSON describes; raise `Malformed("bad-geojson")`, `("too-large")`, `("bad-volume")`.

    (1) size, (2) shape, (3) each feature's geometry and properties, (4) the sense of each volume.
    """
    if len(data) > MAX_GEOJSON:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_GEOJSON} may be")
    try:
        given = msgspec.json.decode(data)
        volumes = tuple(volume for feature in _features(given) for volume in _volumes(feature))
        if not 0 < len(volumes) <= MAX_VOLUMES:
            raise _bad(f"{len(volumes)} volumes where 1 to {MAX_VOLUMES} may be")
        volumes = tuple(msgspec.convert(msgspec.to_builtins(one), Volume) for one in volumes)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _bad(str(error)[:200]) from error
    check_volumes(volumes)
    return volumes


def _features(given: Any) -> Iterator[dict[str, Any]]:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "FeatureCollection" and isinstance(given.get("features"), list):
        for one in given["features"]:
            if not isinstance(one, dict) or one.get("type") != "Feature":
                raise _bad("a feature of the collection is none")
            yield one
    elif kind == "Feature":
        yield given
    elif kind in ("Polygon", "MultiPolygon", "Point"):
        yield {"geometry": given, "properties": {}}
    else:
        raise _bad("neither a feature, nor a collection of them, nor a polygon")


def _volumes(feature: dict[str, Any]) -> Iterator[Volume]:
    geometry, about = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(geometry, dict) or not isinstance(about, dict):
        raise _bad("a feature has no geometry, or properties that are none")
    name = about.get("name")
    name = normalize("NFC", " ".join(name.split())[:MAX_NAME]) if isinstance(name, str) and name.strip() else "volume"
    outlines = list(_outlines(geometry, about))
    for n, (outline, radius) in enumerate(outlines, 1):
        yield Volume(
            name=name if len(outlines) == 1 else f"{name} {n}",
            outline=tuple(outline),
            radius_m=radius,
            floor_m=_height(about, "floor"),
            ceiling_m=_height(about, "ceiling"),
            spacing_m=_spacing(about, "spacing_m", SPACING_M),
            spacing_up_m=_spacing(about, "spacing_up_m", SPACING_UP_M),
            near_aerodrome=about.get("near_aerodrome") is True,
            on_notice=about.get("on_notice") is True,
            windows=tuple(_window(one) for one in _listed(about.get("windows") or [], MAX_WINDOWS)),
        )


def _outlines(geometry: dict[str, Any], about: dict[str, Any]) -> Iterator[tuple[Ring, int]]:
    found = geometry.get("coordinates")
    match geometry.get("type"):
        case "Point":
            yield [_corner(found)], round(_number(about.get("radius_m"), "radius_m"))
        case "Polygon":
            yield _outline(found), 0
        case "MultiPolygon":
            for one in _listed(found, MAX_VOLUMES):
                yield _outline(one), 0
        case other:
            raise _bad(f"a geometry of type {str(other)[:40]}: polygons, and points with a radius_m")


def _outline(rings: Any) -> Ring:
    """Return the corners of a polygon's one ring, which GeoJSON closes by its first corner again."""
    listed = _listed(rings, 2)
    if len(listed) != 1:
        raise _bad("a polygon with a hole, or without an outline: say it as several")
    corners = [_corner(one) for one in _listed(listed[0], MAX_CORNERS + 1)]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def _corner(pair: Any) -> tuple[int, int]:
    if not isinstance(pair, list) or len(pair) not in (2, 3):
        raise _bad("a position is longitude and latitude")
    lon, lat = (_number(one, "a position") for one in pair[:2])
    if not -180 <= lon <= 180 or not -90 <= lat <= 90:
        raise _bad(f"a position beyond the Earth: {lon}, {lat}")
    return round(lat * UNITS), round(lon * UNITS)


def _height(about: dict[str, Any], of: str) -> int | None:
    metres, feet = about.get(f"{of}_m"), about.get(f"{of}_ft")
    if metres is None and feet is None:
        return None
    return round(_number(feet, f"{of}_ft") * FOOT_M if metres is None else _number(metres, f"{of}_m"))


def _spacing(about: dict[str, Any], name: str, usual: int) -> int:
    return usual if about.get(name) is None else round(_number(about[name], name))


def _window(given: Any) -> Window:
    """Return a time from and until which a volume is active: two times with their zone, as `2026-03-01T12:00Z`."""
    if not isinstance(given, list) or len(given) != 2:
        raise _bad('windows: each is two times: ["2026-03-01T08:00Z", "2026-03-01T12:00Z"]')
    return Window(*(_micros(one) for one in given))


def _micros(given: Any) -> Micros:
    try:
        return Micros((datetime.fromisoformat(given) - _BEGINNING) // timedelta(microseconds=1))
    except (TypeError, ValueError) as error:
        raise _bad(f"windows: {str(given)[:40]} is no time with its zone: write 2026-03-01T12:00Z") from error


def _number(value: Any, of: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9 or not isfinite(value):
        raise _bad(f"{of} is no number that may be")
    return float(value)


def _listed(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _bad(f"a list of {most} at most is none, or longer")
    return value


def _bad(why: str) -> Malformed:
    return Malformed("bad-geojson", why)
