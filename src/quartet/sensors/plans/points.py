"""A member's file of points: `name,latitude,longitude` in degrees, a line each.

Any bytes give points or `Malformed`.
"""

import csv
import io
import re
from math import isfinite
from typing import Final

from quartet.core.faults import Malformed
from quartet.sensors.plans.route import Points

MAX_FILE: Final = 32 * 1024 * 1024
MAX_POINTS: Final = 500_000
_NAME: Final = re.compile(r"[A-Z0-9]{2,8}\Z")


def read_points(data: bytes) -> Points:
    """Return the points in a file, by name; of one name the first."""
    if len(data) > MAX_FILE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_FILE} may be")
    found: dict[str, tuple[float, float]] = {}
    try:
        for n, row in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True), start=1):
            if not row or (n == 1 and row[0].strip().lower() == "name"):
                continue
            name, place = _point(n, row)
            found.setdefault(name, place)
            if len(found) > MAX_POINTS:
                raise Malformed("too-many-points", f"more than {MAX_POINTS}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    return found


def _point(n: int, row: list[str]) -> tuple[str, tuple[float, float]]:
    try:
        name, lat, lon = row[0].strip().upper(), float(row[1]), float(row[2])
    except (IndexError, ValueError) as error:
        raise Malformed("bad-line", f"line {n}: write name,latitude,longitude") from error
    if not _NAME.match(name) or not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise Malformed("bad-line", f"line {n}: a name of letters and digits, and a place in degrees")
    return name, (lat, lon)
