"""A part of the air, the ground or the water with a border: an outline or a circle, a floor, a ceiling, and its times.

Places are in units of 1e-7 degrees, as all that is signed. An outline is the corners of one polygon in their order, the
last joined to the first; a single corner with a radius is a circle. A side is straight on the plane that touches the
Earth in the volume's middle, so that a volume is small enough for that plane (`MAX_SPAN`), and no pole is in it.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros, TimeField
from quartet.core.outline import crosses_itself
from quartet.core.units import NM_M

UNITS: Final = 10_000_000
"""Units in a degree."""
TURN: Final = 360 * UNITS
MAX_CORNERS: Final = 128
MAX_WINDOWS: Final = 64
MAX_VOLUMES: Final = 32
"""Volumes of one site."""
MAX_SPAN: Final = 5 * UNITS
"""Between the outermost corners, in latitude and in longitude."""
MAX_RADIUS_M: Final = 250_000
MAX_SPACING_M: Final = 50_000
MAX_UP_M: Final = 10_000
SPACING_M: Final = round(NM_M)
"""One nautical mile: how far whoever nears a volume must keep from it."""
SPACING_UP_M: Final = 92
"""Three hundred feet."""

Latitude = Annotated[int, Meta(ge=-85 * UNITS, le=85 * UNITS)]
Longitude = Annotated[int, Meta(ge=-180 * UNITS, le=180 * UNITS)]
Corner = tuple[Latitude, Longitude]
Height = Annotated[int, Meta(ge=-1_000, le=100_000)]
"""Metres above mean sea level."""
VolumeName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class Window(Value, frozen=True):
    """From when until when."""

    begins: TimeField
    ends: TimeField


class Volume(Value, frozen=True):
    """A volume of a site; without a floor from the ground up, without a ceiling without end.

    One with a floor stands on nothing: a vessel, whose height is that of the water, passes below it.
    It is active in its `windows`, without any always; one that is `on_notice` only while somebody's notice says so.
    `near_aerodrome` is that traffic passes close by as a matter of course: it is warned later then.
    """

    name: VolumeName
    outline: Annotated[tuple[Corner, ...], Meta(min_length=1, max_length=MAX_CORNERS)]
    radius_m: Annotated[int, Meta(ge=0, le=MAX_RADIUS_M)] = 0
    floor_m: Height | None = None
    ceiling_m: Height | None = None
    spacing_m: Annotated[int, Meta(ge=0, le=MAX_SPACING_M)] = SPACING_M
    spacing_up_m: Annotated[int, Meta(ge=0, le=MAX_UP_M)] = SPACING_UP_M
    near_aerodrome: bool = False
    on_notice: bool = False
    windows: Annotated[tuple[Window, ...], Meta(max_length=MAX_WINDOWS)] = ()


def check_volume(volume: Volume) -> None:
    """Raise `Malformed("bad-volume")` for one that is upside down, crosses itself, or is too wide for one plane."""
    corners = unrolled(volume.outline)
    if len(corners) == 1 and not volume.radius_m:
        raise _bad(volume, "a circle has a radius")
    if len(corners) > 1 and (len(corners) < 3 or volume.radius_m):
        raise _bad(volume, "an outline has three corners at least, and no radius")
    for axis in (0, 1):
        if max(one[axis] for one in corners) - min(one[axis] for one in corners) > MAX_SPAN:
            raise _bad(volume, f"it is wider than {MAX_SPAN // UNITS} degrees")
    if volume.floor_m is not None and volume.ceiling_m is not None and volume.ceiling_m <= volume.floor_m:
        raise _bad(volume, "its ceiling is not above its floor")
    if any(one.ends <= one.begins for one in volume.windows):
        raise _bad(volume, "a window ends before it begins")
    if len(set(corners)) < len(corners) or crosses_itself(corners):
        raise _bad(volume, "its outline touches or crosses itself")


def check_volumes(volumes: Iterable[Volume]) -> None:
    """Raise `Malformed("bad-volume")` for one that makes no sense, or for two of one name."""
    names: set[str] = set()
    for volume in volumes:
        check_volume(volume)
        if volume.name in names:
            raise _bad(volume, "another volume has the same name")
        names.add(volume.name)


def in_window(volume: Volume, now: Micros) -> bool:
    """Return whether a volume's own times make it active; one that is on notice they do not."""
    if volume.on_notice:
        return False
    return not volume.windows or any(one.begins <= now < one.ends for one in volume.windows)


def unrolled(outline: tuple[Corner, ...]) -> tuple[tuple[int, int], ...]:
    """Return the corners with longitudes that follow the first without a jump at 180 degrees."""
    first = outline[0][1]
    return tuple((lat, first + (lon - first + TURN // 2) % TURN - TURN // 2) for lat, lon in outline)


def middle(volume: Volume) -> tuple[float, float]:
    """Return the latitude and longitude, degrees, in the middle of a volume's outermost corners."""
    corners = unrolled(volume.outline)
    lat, lon = ((max(one[n] for one in corners) + min(one[n] for one in corners)) / 2 / UNITS for n in (0, 1))
    return lat, (lon + 180.0) % 360.0 - 180.0


def _bad(volume: Volume, why: str) -> Malformed:
    return Malformed("bad-volume", f"{volume.name}: {why}")


__all__ = [
    "MAX_VOLUMES",
    "UNITS",
    "Volume",
    "Window",
    "check_volume",
    "check_volumes",
    "in_window",
    "middle",
    "unrolled",
]
