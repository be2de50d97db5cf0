"""What a viewer of the map asks for: where she looks, how close, which tracks, how often, and whether now or then.

The bytes come from a browser: any bytes give a `Look` or `Malformed`.
"""

import math
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MemberField, TimeField

MAX_LOOK: Final = 4_096
"""Bytes of what is asked."""
MAX_SOURCES: Final = 64
MAX_ZOOM: Final = 24
MIN_HZ: Final = 0.1
MAX_HZ: Final = 4.0
PARTS: Final = 2
"""Into how many parts a side of a map tile is cut: a box is widened to their edges."""
SPEEDS: Final = (0, 1, 2, 5, 10, 30, 60)
"""How fast what is past may pass, in times of real time; at 0 it stands."""
WORLD: Final = (-180.0, -90.0, 180.0, 90.0)

_Lon = Annotated[float, Meta(ge=-180, le=180)]
_Lat = Annotated[float, Meta(ge=-90, le=90)]
_Metres = Annotated[float, Meta(ge=-10_000, le=100_000)]


Kind = Literal["unknown", "pending", "neutral", "own"]
"""What a track is said to be; there is no other word."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Sieve(Value, frozen=True):
    """Which tracks are wanted: from these members and of these kinds (none named: all), between these heights.

    A track whose height is not known is always let through: what may be in the band is shown.
    """

    sources: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_SOURCES)] = ()
    floor_m: _Metres | None = None
    ceiling_m: _Metres | None = None
    kinds: Annotated[tuple[Kind, ...], Meta(max_length=4)] = ()


class Back(Value, frozen=True):
    """From which moment on what is past is shown again, and how fast; it is the node that counts on from there."""

    at: TimeField
    speed: Literal[0, 1, 2, 5, 10, 30, 60] = 1


class Look(Value, frozen=True):
    """What is asked: `bbox` is west, south, east, north in degrees; west of more than east goes over 180 degrees.

    `past` asks for what was, in place of what is.
    """

    bbox: tuple[_Lon, _Lat, _Lon, _Lat]
    zoom: Annotated[float, Meta(ge=0, le=MAX_ZOOM)]
    max_hz: Annotated[float, Meta(ge=MIN_HZ, le=MAX_HZ)] = 1.0
    filter: Sieve = Sieve()
    past: Back | None = None


_DECODER: Final = msgspec.json.Decoder(Look)


def read_look(data: bytes) -> Look:
    """Return what is asked, or raise `Malformed`: (1) size, (2) shape and ranges, (3) south is not over north."""
    if len(data) > MAX_LOOK:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_LOOK} may be")
    try:
        look = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    _, south, _, north = look.bbox
    if south > north:
        raise Malformed("bad-look", f"south {south} is over north {north}")
    return look


def widened(look: Look) -> Look:
    """Return a look with its box widened to the edges of a grid: who look at nearly the same ask for the same."""
    cell = 360 / 2 ** math.floor(look.zoom) / PARTS
    west, south, east, north = look.bbox
    box = (_down(west, cell), _down(south, cell), _up(east, cell), _up(north, cell))
    wide = _span(box) >= WORLD[2] - WORLD[0] or _span(look.bbox) > _span(box)
    west, east = (WORLD[0], WORLD[2]) if wide else (max(WORLD[0], box[0]), min(WORLD[2], box[2]))
    sources = tuple(sorted(set(look.filter.sources)))
    kinds = tuple(sorted(set(look.filter.kinds)))
    sieve = msgspec.structs.replace(look.filter, sources=sources, kinds=kinds)
    bbox = (west, max(WORLD[1], box[1]), east, min(WORLD[3], box[3]))
    return msgspec.structs.replace(look, bbox=bbox, zoom=float(math.floor(look.zoom)), filter=sieve)


def _span(box: tuple[float, float, float, float]) -> float:
    """Return how many degrees of longitude a box is wide."""
    return box[2] - box[0] if box[0] <= box[2] else box[2] - box[0] + 360


def _down(value: float, cell: float) -> float:
    return math.floor(value / cell) * cell


def _up(value: float, cell: float) -> float:
    return math.ceil(value / cell) * cell
