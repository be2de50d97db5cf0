"""How times, places and text are spelt in CAP 1.2, both ways; what cannot be spelt so is `Malformed`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.area import DEGREE, Circle, Point

SPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
DECIMALS: Final = 7
DESCRIBED: Final = "\n\n\u2014 "
"""What stands between what to do and what is happening, where an authority said both, and nowhere else in its words."""

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z", re.ASCII)
_NUMBER: Final = re.compile(r"[-+]?\d{1,7}(?:\.\d{1,15})?\Z", re.ASCII)
_BEFORE_A_DASH: Final = re.compile("(?<!\n)\n{2,}(?=\u2014)")  # from the first of a run alone, or its square is paid
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def time_text(at: Micros) -> str:
    """Return a time as CAP writes UTC: to the second, with `-00:00`."""
    return (_BEGINNING + timedelta(seconds=at // 1_000_000)).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def read_time(text: str) -> Micros:
    """Return a time; raise `Malformed("bad-cap")` for one without a zone, or that there is not."""
    if not _TIME.match(text):
        raise Malformed("bad-cap", f"{text[:40]!r} is no time of CAP: 2026-03-01T04:05:06-00:00")
    try:
        at = (datetime.fromisoformat(text) - _BEGINNING) // timedelta(microseconds=1)
    except (ValueError, OverflowError) as error:
        raise Malformed("bad-cap", f"{text[:40]!r} is no time") from error
    if not 0 <= at < 2**53:
        raise Malformed("bad-cap", f"{text[:40]!r} is before 1970 or after 2255")
    return Micros(at)


def polygon_text(polygon: tuple[Point, ...]) -> str:
    """Return a polygon as CAP writes it: `lat,lon` pairs, the last the first."""
    return " ".join(f"{degrees(lat)},{degrees(lon)}" for lat, lon in polygon)


def read_polygon(text: str) -> tuple[Point, ...]:
    """Return a polygon, to a centimetre; whether it is closed and valid, and not too long, is for others to check."""
    pairs = text.split()
    if len(pairs) < 4:
        raise Malformed("bad-cap", f"a polygon of {len(pairs)} points where 4 must be")
    return tuple(_point(pair) for pair in pairs)


def circle_text(circle: Circle) -> str:
    """Return a circle as CAP writes it: `lat,lon` and kilometres."""
    return f"{degrees(circle.lat)},{degrees(circle.lon)} {_decimal(circle.radius_m, 3)}"


def read_circle(text: str) -> tuple[int, int, int]:
    """Return a circle's centre and its radius in whole metres, never less than it was; CAP lets one be a point."""
    centre, _, radius = text.strip().partition(" ")
    lat, lon = _point(centre)
    microns = _fixed(radius.strip(), 9)
    if microns < 0:
        raise Malformed("bad-cap", f"a circle of {radius.strip()[:20]} km")
    return lat, lon, -(-microns // 10**6)


def degrees(value: int) -> str:
    """Return whole 1e-7 degrees as a decimal number, without rounding and without an exponent."""
    return _decimal(value, DECIMALS)


def plain(text: str) -> str:
    """Return text without what no XML document can hold."""
    return _NO_XML.sub("\ufffd", text)


def one_part(text: str) -> str:
    """Return one of an authority's two texts without what stands between them: a list of dashes loses empty lines."""
    return _BEFORE_A_DASH.sub("\n", text)


def _point(pair: str) -> Point:
    lat, comma, lon = pair.partition(",")
    point = _fixed(lat, DECIMALS), _fixed(lon, DECIMALS)
    if not comma or abs(point[0]) > 90 * DEGREE or abs(point[1]) > 180 * DEGREE:
        raise Malformed("bad-cap", f"{pair[:40]!r} is no place")
    return point


def _fixed(text: str, decimals: int) -> int:
    """Return a decimal number in units of its last decimal, rounded to that."""
    if not _NUMBER.match(text):
        raise Malformed("bad-cap", f"{text[:40]!r} is no number")
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("+-").partition(".")
    digits = f"{part:0<{decimals + 1}}"[: decimals + 1]
    return sign * ((int(whole + digits) + 5) // 10)


def _decimal(value: int, decimals: int) -> str:
    whole, part = divmod(abs(value), 10**decimals)
    text = f"{whole}.{part:0{decimals}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and text != "0" else text
