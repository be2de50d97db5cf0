"""Read what one process is told: one TOML file a member or hub, every key known, every misspelling named.

A path in it counts from the file's own folder. What the exchange agreed (tick, recall delay, members) is in the
charter and cannot be set here.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, inspect

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MEMBER_PATTERN, SECOND, MemberField, Micros
from quartet.core.passkey import ORIGIN_PATTERN
from quartet.node.assist.settings import Assist
from quartet.node.earlysource import CapDoor, Listen
from quartet.node.files import read_file
from quartet.node.folder import Folder
from quartet.node.identify.files import Identify
from quartet.node.room import FLOOR
from quartet.node.sensor import Sensor
from quartet.node.wrongvalue import wrong_value

MAX_SETTINGS: Final = 256 * 1024
DAY: Final = 86_400

Port = Annotated[int, Meta(ge=1, le=65_535)]
Name = Annotated[str, Meta(pattern=MEMBER_PATTERN)]
Text = Annotated[str, Meta(min_length=1, max_length=1024)]
Url = Annotated[str, Meta(pattern=r"^(tls|nats-leaf|nats)://[^\s]{1,255}$")]
Loopback = Annotated[str, Meta(pattern=r"^(127\.0\.0\.1|\[::1\]):[1-9][0-9]{0,4}$")]
DirectUrl = Annotated[
    str, Meta(pattern=r"^tls://(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):[1-9][0-9]{0,4}(?!\n)$")
]
RouteUrl = Annotated[str, Meta(pattern=r"^(nats-route|tls)://[^\s]{1,255}$")]


class HubAddress(Value, frozen=True):
    """Where this member reaches a hub of the charter, if not where the charter says."""

    name: Name
    url: Url


class DirectPeer(Value, frozen=True):
    """A member with whom this one has a direct link: we connect at `url`, or without one it connects here."""

    member: MemberField
    url: DirectUrl | None = None


class Wire(Value, frozen=True):
    """The member's own NATS server, the way to the hubs, and direct links to other members."""

    port: Port
    nats_server: Text | None = None
    hubs: tuple[HubAddress, ...] = ()
    direct_listen: Listen | None = None
    direct: tuple[DirectPeer, ...] = ()

    def __post_init__(self) -> None:
        """Raise `ValueError` for two links with one member, or one that is to connect where nobody listens."""
        named = [one.member for one in self.direct]
        twice = next((name for n, name in enumerate(named) if name in named[:n]), None)
        if twice is not None:
            raise ValueError(f"wire.direct has {twice} twice: one of the two members listens, the other has its url")
        waits = next((one.member for one in self.direct if one.url is None), None)
        if waits is not None and self.direct_listen is None:
            raise ValueError(f"wire.direct: {waits} has no url, so it connects here: say where with wire.direct_listen")


class Api(Value, frozen=True):
    """The local socket that the command line speaks to."""

    socket: Text = "api.sock"


class Console(Value, frozen=True):
    """The browsers' door: on this machine alone, unless a certificate is given or something before it has one."""

    port: Port
    listen: Text = "127.0.0.1"
    origin: Annotated[str, Meta(pattern=ORIGIN_PATTERN)] | None = None
    certificate: Text | None = None
    key: Text | None = None
    proxy: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f.:]{2,45}\Z")] | None = None
    idle_minutes: Annotated[int, Meta(ge=5, le=480)] = 30
    longest_hours: Annotated[int, Meta(ge=1, le=24)] = 12
    banner: Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*\Z")] = ""

    @property
    def address(self) -> str:
        """Where browsers find it; passkeys are bound to this."""
        return self.origin or f"http://localhost:{self.port}"


class Exercise(Value, frozen=True):
    """What only a drill sets."""

    trial: bool = False
    clock_offset_s: Annotated[int, Meta(ge=-36_500 * DAY, le=36_500 * DAY)] = 0
    session_s: Annotated[int, Meta(ge=5, le=DAY)] | None = None

    @property
    def clock_offset(self) -> Micros:
        """The offset of the clock in microseconds."""
        return Micros(self.clock_offset_s * SECOND)


class MemberSettings(Value, frozen=True):
    """What one member's node is told."""

    member: MemberField
    wire: Wire
    store: Text = "store/quartet.db"
    disk_floor_mb: Annotated[int, Meta(ge=1, le=1_000_000)] = FLOOR // 2**20
    replay_days: Annotated[int, Meta(ge=1, le=31)] = 1
    api: Api = Api()
    console: Console | None = None
    metrics: Loopback | None = None
    sensors: tuple[Sensor, ...] = ()
    identify: Identify = Identify()
    cap: tuple[CapDoor, ...] = ()
    assist: Assist = Assist()
    exercise: Exercise = Exercise()

    def __post_init__(self) -> None:
        """Raise `ValueError` for two sensors of one name: what one is would hide how the other is; or a link to us."""
        if any(one.member == self.member for one in self.wire.direct):
            raise ValueError(f"wire.direct: {self.member} is this member itself")
        names = [sensor.name for sensor in self.sensors]
        twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
        if twice is not None:
            raise ValueError(f"two sensors are called {twice}: give each a name of its own")


class HubListener(Value, frozen=True):
    """Where a hub listens: for members, for its own keeper on loopback, and for other hubs if there are any."""

    port: Port
    admin_port: Port
    host: Text = "127.0.0.1"
    route_port: Port | None = None
    routes: tuple[RouteUrl, ...] = ()
    nats_server: Text | None = None


class HubExercise(Value, frozen=True):
    """What only a drill tells a hub."""

    trial: bool = False


class HubSettings(Value, frozen=True):
    """What one hub is told; who may connect is in the charter."""

    hub: Name
    wire: HubListener
    acts: Text = "acts"
    exercise: HubExercise = HubExercise()


S = TypeVar("S", MemberSettings, HubSettings)


def load_settings(folder: Folder) -> MemberSettings | HubSettings:
    """Return what the folder's settings say: a hub's if they name a `hub`, else a member's."""
    raw = _toml(folder.settings)
    try:
        return parse_settings(raw, HubSettings) if "hub" in raw else parse_settings(raw, MemberSettings)
    except Malformed as error:
        raise Malformed(error.reason, f"{folder.settings}: {error.detail}") from error


def load_member(folder: Folder) -> MemberSettings:
    """Return a member's settings; raise `Malformed("not-a-member")` for another folder."""
    settings = load_settings(folder)
    if not isinstance(settings, MemberSettings):
        raise Malformed("not-a-member", f"{folder.root} is a hub's folder: name a member's with --dir")
    return settings


def load_hub(folder: Folder) -> HubSettings:
    """Return a hub's settings; raise `Malformed("not-a-hub")` for another folder."""
    settings = load_settings(folder)
    if not isinstance(settings, HubSettings):
        raise Malformed("not-a-hub", f"{folder.root} is a member's folder")
    return settings


def parse_settings(raw: Mapping[str, Any], kind: type[S]) -> S:
    """Return the settings that `raw` spells.

    Raise `Malformed("unknown-setting")`, which names the nearest known key, or `Malformed("bad-setting")`.
    """
    known = known_settings(kind)
    for path in _paths(raw):
        if path not in known:
            raise Malformed("unknown-setting", _unknown(path, known))
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise Malformed("bad-setting", wrong_value(raw, str(error))) from error


@cache
def known_settings(kind: type[S]) -> tuple[str, ...]:
    """Return every key of `kind` as a dotted path; `[]` marks a list of tables: `wire.hubs[].url`."""
    return tuple(_known(inspect.type_info(kind), ""))


def read_toml(data: bytes) -> dict[str, Any]:
    """Return what the bytes of a settings file spell; raise `Malformed("bad-settings")`."""
    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("bad-settings", str(error)) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return read_toml(read_file(path, MAX_SETTINGS))
    except Malformed as error:
        raise Malformed(error.reason, f"{path}: {error.detail}") from error


def _known(kind: inspect.Type, at: str) -> Iterator[str]:
    if isinstance(kind, inspect.VarTupleType):
        yield from _known(kind.item_type, f"{at}[]")
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _known(one, at)
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            path = f"{at}.{field.encode_name}" if at else field.encode_name
            yield path
            yield from _known(field.type, path)


def _paths(raw: object, at: str = "") -> Iterator[str]:
    if isinstance(raw, Mapping):
        for key, inner in raw.items():
            path = f"{at}.{key}" if at else str(key)
            yield path
            yield from _paths(inner, path)
    elif isinstance(raw, list):
        for inner in raw:
            if isinstance(inner, Mapping):
                yield from _paths(inner, f"{at}[]")


def _unknown(path: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(path, known, n=1, cutoff=0.5)
    return f"{path} is no setting" + (f"; did you mean {near[0]}?" if near else "")
