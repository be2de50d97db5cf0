"""Which settings of a running node an administrator may change in a browser, and the change: checked, whole, told.

Safe is what cannot lock her out, move evidence, or name a file: how full the disk may get, how long sessions last, what
the first line says. All else is shown and changed by hand, by whoever has the machine. Two who change at once do not
overwrite each other: each says which state of the file she saw.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import inspect

from quartet.core.encoding import Value, b64
from quartet.core.faults import Malformed, Unavailable
from quartet.core.release import Viewer
from quartet.node.files import read_file, write_file
from quartet.node.folder import Folder
from quartet.node.journal import Line
from quartet.node.settings import MAX_SETTINGS, MemberSettings, parse_settings, read_toml
from quartet.node.settingsfile import Plain, with_value

WhyNot = Literal["identity", "files", "door", "wire", "evidence", "sensors"]
"""Why a setting is changed by hand alone."""

ADJUSTABLE: Final = frozenset({"disk_floor_mb", "console.idle_minutes", "console.longest_hours", "console.banner"})
"""What may be changed in a browser; each takes effect at once."""
BY_HAND: Final[Mapping[str, WhyNot]] = {
    "member": "identity",
    "store": "files",
    "replay_days": "evidence",
    "api": "files",
    "wire": "wire",
    "metrics": "door",
    "console": "door",
    "sensors": "sensors",
    "exercise": "evidence",
}
"""Of all else, by its first word, why not: what it would touch if it were wrong."""


class SettingView(Value, frozen=True):
    """One setting: what the file says, what the node runs with, and whether it may be changed here, or why not.

    `kind` says what it holds; `least` and `most` bound a number, `most` the letters of a text.
    """

    key: str
    value: Any
    running: Any
    adjustable: bool
    kind: Literal["number", "text", "other"]
    least: int | None = None
    most: int | None = None
    why: WhyNot | None = None


class SettingsView(Value, frozen=True):
    """Every setting, and the tag of the file that says so: a change names it."""

    tag: str
    settings: tuple[SettingView, ...]


class Change(Value, frozen=True):
    """A new value of one setting."""

    key: str
    value: Plain


class Adjusting:
    """Shows and changes the settings of one running member; `apply` lets what was changed take effect."""

    def __init__(
        self,
        folder: Folder,
        running: MemberSettings,
        apply: Callable[[MemberSettings], None],
        told: Callable[[Line], None],
    ) -> None:
        self._file = folder.settings
        self._running = running
        self._apply = apply
        self._told = told
        self._lock = asyncio.Lock()

    def show(self) -> SettingsView:
        """Return every setting as the file has it, beside what the node runs with."""
        data = read_file(self._file, MAX_SETTINGS)
        return SettingsView(_tag(data), tuple(_views(parse_settings(read_toml(data), MemberSettings), self._running)))

    async def change(self, viewer: Viewer, change: Change, seen: str) -> SettingsView:
        """Set one value, if the file is still what the officer saw.

        (1) it may be changed here, else `Malformed("not-adjustable")`; (2) nobody changed the file since, else
        `Unavailable("settings-changed")`; (3) the whole file makes sense with it, else `Malformed("bad-setting")`;
        (4) it is written in one step; (5) it takes effect and the log tells who did it.
        """
        if change.key not in ADJUSTABLE:
            raise Malformed("not-adjustable", f"{change.key}: it is changed by hand, in {self._file.name}")
        async with self._lock:
            data = read_file(self._file, MAX_SETTINGS)
            if _tag(data) != seen:
                raise Unavailable("settings-changed", "somebody changed them since: look again, then decide")
            made = with_value(data.decode(), change.key, change.value).encode()
            settings = parse_settings(read_toml(made), MemberSettings)
            await asyncio.to_thread(write_file, self._file, made)
            self._take(viewer, change, settings)
        return self.show()

    def _take(self, viewer: Viewer, change: Change, settings: MemberSettings) -> None:
        self._running = _with(self._running, change.key, _at(settings, change.key))
        self._apply(self._running)
        value = change.value if not isinstance(change.value, str) else f"{len(change.value)} letters"
        self._told(Line("setting", about={"key": change.key, "to": value, "by": viewer.name}))


def _tag(data: bytes) -> str:
    return b64(hashlib.sha256(data).digest()[:18])


def _views(said: MemberSettings, running: MemberSettings) -> Iterator[SettingView]:
    for key, kind in _fields(inspect.type_info(MemberSettings), ""):
        may = key in ADJUSTABLE
        word, least, most = _bounds(kind)
        why = None if may else BY_HAND.get(key.partition(".")[0], "identity")
        yield SettingView(key, _plain(_at(said, key)), _plain(_at(running, key)), may, word, least, most, why)


def _fields(kind: inspect.Type, at: str) -> Iterator[tuple[str, inspect.Type]]:
    """Yield every setting that holds a value, by its path; lists are one setting each."""
    if isinstance(kind, inspect.UnionType):
        inner = [one for one in kind.types if isinstance(one, inspect.StructType)]
        kind = inner[0] if inner else kind
    if not isinstance(kind, inspect.StructType):
        yield at, kind
        return
    for field in kind.fields:
        yield from _fields(field.type, f"{at}.{field.encode_name}" if at else field.encode_name)


def _bounds(kind: inspect.Type) -> tuple[Literal["number", "text", "other"], int | None, int | None]:
    if isinstance(kind, inspect.IntType):
        return "number", kind.ge, kind.le
    if isinstance(kind, inspect.StrType):
        return "text", None, kind.max_length
    return "other", None, None


def _at(settings: Any, key: str) -> Any:
    for name in key.split("."):
        settings = None if settings is None else getattr(settings, name)
    return settings


def _with(settings: Any, key: str, value: Any) -> Any:
    name, _, rest = key.partition(".")
    inner = _with(getattr(settings, name), rest, value) if rest else value
    return msgspec.structs.replace(settings, **{name: inner})


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
