"""What a member's folder says of airspaces, of aircraft and of points: read once, when its node begins."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Final, NamedTuple, TypeVar

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.node.files import read_file
from quartet.node.folder import Folder
from quartet.node.identify.registered import MAX_FILE as MAX_REGISTRY
from quartet.node.identify.registered import Registered, read_registry
from quartet.picture.identify.airspace import Airspace
from quartet.picture.identify.geojson import MAX_FILE, read_airspaces

_Path = Annotated[str, Meta(min_length=1, max_length=1024)]
_Name = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]
T = TypeVar("T")
NOBODY: Final[Mapping[str, Registered]] = MappingProxyType({})


class Identify(Value, frozen=True):
    """What identification goes by: `airspaces` is a GeoJSON file, `watch` those of it that are this member's (none
    named: all), `registry` a file of aircraft, `points` one of the points that routes name."""

    airspaces: _Path | None = None
    watch: Annotated[tuple[_Name, ...], Meta(max_length=256)] = ()
    registry: _Path | None = None
    points: _Path | None = None


class Known(NamedTuple):
    """What was read."""

    spaces: tuple[Airspace, ...]
    watched: tuple[str, ...]
    registered: Mapping[str, Registered]


def read_known(folder: Folder, settings: Identify) -> Known:
    """Return what the files say; raise `Malformed` with the file's name, and `("unknown-airspace")` for one to be
    watched that is not in it."""
    spaces: tuple[Airspace, ...] = ()
    registered = NOBODY
    if settings.airspaces is not None:
        spaces = _read(folder, settings.airspaces, MAX_FILE, read_airspaces)
    if settings.registry is not None:
        registered = _read(folder, settings.registry, MAX_REGISTRY, read_registry)
    missing = sorted(set(settings.watch) - {space.name for space in spaces})
    if missing:
        raise Malformed("unknown-airspace", f"{', '.join(missing)}: not in {settings.airspaces or 'any file'}")
    return Known(spaces, settings.watch, registered)


def _read(folder: Folder, name: str, limit: int, reader: Callable[[bytes], T]) -> T:
    try:
        return reader(read_file(folder.path(name), limit))
    except Malformed as error:
        raise Malformed(error.reason, f"{name}: {error.detail}") from error
