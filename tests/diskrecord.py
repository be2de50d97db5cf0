"""Record what a process does to the files of a folder: each write, truncation, name and sync, in its order.

What Python does to files is heard here, at `os` and `io`; what SQLite does, at its VFS (`vfsrecord`).
"""

import io
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One thing that happened; `path` is the file's, the folder's or the new name's."""

    what: str
    path: str = ""
    file: int = 0
    """The file's number: it keeps it under another name."""
    at: int = 0
    """Where in the file, or its new length."""
    data: bytes = b""
    old: str = ""
    said: Any = None
    """What somebody was told."""


class Recorder:
    """Holds the events of one folder; what lies there at the beginning is on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = str(root.resolve())
        self.events: list[Event] = []
        self.lock = threading.RLock()
        self._numbers: dict[str, int] = {}
        self._last = 0
        self._content: dict[int, bytes] = {}
        for path in sorted(Path(self.root).rglob("*")):
            if path.is_dir():
                self.note("mkdir", path=str(path))
            else:
                self.synced(str(path))
        for path in (Path(self.root), *Path(self.root).rglob("*")):
            if path.is_dir():
                self.note("sync-folder", path=str(path))
        self.begun = len(self.events)
        """How many events say what lay there at the beginning."""

    def say(self, said: Any) -> None:
        """Note that somebody was told something: from here on it must stay."""
        self.note("said", said=said)

    def note(self, what: str, **more: Any) -> None:
        """Note an event."""
        with self.lock:
            self.events.append(Event(what, **more))

    def within(self, path: str) -> bool:
        """Return whether a path lies in the folder."""
        return path == self.root or path.startswith(self.root + os.sep)

    def number(self, path: str) -> int:
        """Return the number of the file at a path; a name that is new is noted."""
        with self.lock:
            if path not in self._numbers:
                self._last += 1
                self._numbers[path] = self._last
                self.note("link", path=path, file=self._last)
            return self._numbers[path]

    def unlinked(self, path: str) -> None:
        """Note that a name is gone."""
        with self.lock:
            self._numbers.pop(path, None)
            self.note("unlink", path=path)

    def renamed(self, old: str, new: str) -> None:
        """Note that a file took another name."""
        with self.lock:
            number = self.written(old)
            del self._numbers[old]
            self._numbers[new] = number
            self.note("rename", path=new, old=old, file=number)

    def written(self, path: str) -> int:
        """Note what Python wrote to a file since it was last looked at: all of it is written anew."""
        with self.lock:
            number, data = self.number(path), Path(path).read_bytes()
            if self._content.get(number) != data:
                self._content[number] = data
                self.note("whole", path=path, file=number, data=data)
            return number

    def synced(self, path: str) -> None:
        """Note that Python synced a file, or a folder."""
        with self.lock:
            if os.path.isdir(path):  # noqa: PTH112 - as the rest here
                self.note("sync-folder", path=path)
            else:
                self.note("sync", path=path, file=self.written(path))


@contextmanager
def hearing_python(recorder: Recorder) -> Iterator[None]:
    """Hear what Python does to names and syncs; the real function does it."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "rename", "unlink", "remove", "mkdir")}
    opened = io.open

    def path_of(name: Any) -> str:
        return "" if isinstance(name, int) else os.path.abspath(os.fsdecode(name))  # noqa: PTH100

    def os_open(name: Any, flags: int, *rest: Any, **more: Any) -> int:
        handle: int = real["open"](name, flags, *rest, **more)
        if flags & os.O_CREAT and recorder.within(path_of(name)):
            recorder.number(path_of(name))
        return handle

    def io_open(name: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        file = opened(name, mode, *rest, **more)
        if set(mode) & set("wax") and not isinstance(name, int) and recorder.within(path_of(name)):
            recorder.number(path_of(name))
        return file

    def fsync(handle: int) -> None:
        real["fsync"](handle)
        path = os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115
        if recorder.within(path) and (os.path.exists(path) or stat.S_ISDIR(os.fstat(handle).st_mode)):  # noqa: PTH110
            recorder.synced(path)

    def renaming(call: str) -> Callable[..., None]:
        def rename(old: Any, new: Any, **more: Any) -> None:
            if recorder.within(path_of(old)):
                recorder.renamed(path_of(old), path_of(new))
            real[call](old, new, **more)

        return rename

    def unlink(name: Any, **more: Any) -> None:
        real["unlink"](name, **more)
        if recorder.within(path_of(name)):
            recorder.unlinked(path_of(name))

    def mkdir(name: Any, *rest: Any, **more: Any) -> None:
        real["mkdir"](name, *rest, **more)
        if recorder.within(path_of(name)):
            recorder.note("mkdir", path=path_of(name))

    ours = {"open": os_open, "fsync": fsync, "unlink": unlink, "remove": unlink, "mkdir": mkdir}
    ours |= {"replace": renaming("replace"), "rename": renaming("rename")}
    try:
        for name, function in ours.items():
            setattr(os, name, function)
        io.open = io_open  # type: ignore[assignment]
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)
        io.open = opened
