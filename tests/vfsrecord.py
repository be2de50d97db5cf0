"""Hear what SQLite does to its files, at its VFS, and record it beside what Python does.

The functions with which a file writes, truncates and syncs are put in between, in the very library that the store runs
on: without a compiler, without another build of it, and with the settings that the store gives it.
"""

import ctypes
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from diskrecord import Recorder, hearing_python

_P, _INT, _I64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN: Final = ctypes.CFUNCTYPE(_INT, _P, _P, _P, _INT, _P)
_DELETE: Final = ctypes.CFUNCTYPE(_INT, _P, _P, _INT)
_CLOSE: Final = ctypes.CFUNCTYPE(_INT, _P)
_WRITE: Final = ctypes.CFUNCTYPE(_INT, _P, _P, _INT, _I64)
_TRUNCATE: Final = ctypes.CFUNCTYPE(_INT, _P, _I64)
_SYNC: Final = ctypes.CFUNCTYPE(_INT, _P, _INT)
_FOLDER: Final = ctypes.CFUNCTYPE(_INT, _P, _P)
_NAMED: Final = ctypes.CFUNCTYPE(_P, _P, ctypes.c_char_p)
_NAME: Final = ctypes.CFUNCTYPE(_INT, _P, ctypes.c_char_p, _P)
_WRITES: Final = 0x2
"""SQLITE_OPEN_READWRITE."""
_METHODS: Final = 19
"""Words of sqlite3_io_methods of version 3: its version, then what a file can do."""
_AT_CLOSE, _AT_WRITE, _AT_TRUNCATE, _AT_SYNC = 1, 3, 4, 5
_ALIVE: Final[list[Any]] = []
"""What SQLite may call for as long as the process lives."""


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("version", _INT),
        ("size", _INT),
        ("longest", _INT),
        ("following", _P),
        ("name", ctypes.c_char_p),
        ("data", _P),
        ("open", _P),
        ("delete", _P),
        ("others", _P * 10),
        ("time64", _P),
        ("set_call", _P),
        ("get_call", _P),
        ("next_call", _P),
    )


def library() -> ctypes.CDLL | None:
    """Return the SQLite that the sqlite3 module runs on, where its functions can be reached; None elsewhere."""
    maps = Path("/proc/self/maps")
    loaded = set(re.findall(r"\s(/\S*sqlite3\S*\.so\S*)$", maps.read_text(), re.MULTILINE)) if maps.exists() else set()
    for path in sorted(loaded):
        found = ctypes.CDLL(path)
        if not hasattr(found, "sqlite3_vfs_register"):
            continue
        found.sqlite3_libversion.restype = ctypes.c_char_p
        found.sqlite3_vfs_find.restype = _P
        found.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
        found.sqlite3_vfs_register.argtypes = [_P, _INT]
        found.sqlite3_vfs_unregister.argtypes = [_P]
        if found.sqlite3_libversion().decode() == sqlite3.sqlite_version and _is_heard(found):
            return found
    return None


def _is_heard(found: ctypes.CDLL) -> bool:
    """Return whether the sqlite3 module asks this very copy for its files."""
    asked = []
    real = _Vfs.from_address(found.sqlite3_vfs_find(None))
    if real.version < 3 or real.name != b"unix":
        return False
    own = _copied(real, b"heard")
    opened = _OPEN(real.open)

    def xopen(vfs: int, name: int, file: int, flags: int, out: int) -> int:
        asked.append(name)
        return int(opened(vfs, name, file, flags, out))

    hook = _OPEN(xopen)
    own.open = ctypes.cast(hook, _P)
    _ALIVE.extend((own, hook))
    found.sqlite3_vfs_register(ctypes.byref(own), 1)
    try:
        sqlite3.connect("/dev/null").close()
    finally:
        found.sqlite3_vfs_unregister(ctypes.byref(own))
    return bool(asked)


def _copied(real: _Vfs, name: bytes) -> _Vfs:
    own = _Vfs()
    ctypes.memmove(ctypes.byref(own), ctypes.byref(real), ctypes.sizeof(_Vfs))
    own.following, own.name = None, name
    return own


@contextmanager
def recorded(root: Path, sqlite: ctypes.CDLL) -> Iterator[Recorder]:
    """Record what is done in a folder; a database of it that is opened meanwhile is closed meanwhile too."""
    recorder = Recorder(root)
    with hearing_python(recorder), _sqlite(recorder, sqlite):
        yield recorder


@contextmanager
def _sqlite(recorder: Recorder, sqlite: ctypes.CDLL) -> Iterator[None]:
    real = _Vfs.from_address(sqlite.sqlite3_vfs_find(None))
    own = _copied(real, b"recorded")
    files = _Files(recorder)
    opening, deleting = _OPEN(files.opening(_OPEN(real.open))), _DELETE(files.deleting(_DELETE(real.delete)))
    own.open, own.delete = ctypes.cast(opening, _P), ctypes.cast(deleting, _P)
    before = _NAMED(real.get_call)(ctypes.addressof(real), b"openDirectory")
    folder = _FOLDER(files.folder(_FOLDER(before)))
    _ALIVE.extend((own, files, opening, deleting, folder))
    _NAME(real.set_call)(ctypes.addressof(real), b"openDirectory", ctypes.cast(folder, _P))
    sqlite.sqlite3_vfs_register(ctypes.byref(own), 1)
    try:
        yield
    finally:
        sqlite.sqlite3_vfs_unregister(ctypes.byref(own))
        _NAME(real.set_call)(ctypes.addressof(real), b"openDirectory", before)


class _Files:
    """Stands between SQLite and its files."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._open: dict[int, tuple[str, int]] = {}
        self._tables: dict[int, Any] = {}
        self._syncing = threading.local()

    def opening(self, real: Any) -> Callable[..., int]:
        def xopen(vfs: int, name: int, file: int, flags: int, out: int) -> int:
            path = ctypes.string_at(name).decode() if name else ""
            result: int = real(vfs, name, file, flags, out)
            if result == 0 and flags & _WRITES and self._recorder.within(path):
                self._open[file] = path, self._recorder.number(path)
                self._between(file)
            return result

        return xopen

    def deleting(self, real: Any) -> Callable[..., int]:
        def xdelete(vfs: int, name: int, sync: int) -> int:
            path = ctypes.string_at(name).decode()
            was = Path(path).exists()
            if was and self._recorder.within(path):
                self._recorder.unlinked(path)
            return int(real(vfs, name, sync))

        return xdelete

    def folder(self, real: Any) -> Callable[..., int]:
        def opened(name: int, handle: int) -> int:
            path = os.path.dirname(ctypes.string_at(name).decode())  # noqa: PTH120 - a string as SQLite has it
            file = getattr(self._syncing, "file", None)
            if file is not None:  # the file was synced, its name is next
                self._synced(file)
            if self._recorder.within(path):
                self._recorder.note("sync-folder", path=path)
            return int(real(name, handle))

        return opened

    def _synced(self, file: int) -> None:
        path, number = self._open[file]
        self._recorder.note("sync", path=path, file=number)
        self._syncing.file = None

    def _between(self, file: int) -> None:
        """Give an open file a table of functions of which four are ours."""
        place = ctypes.cast(file, ctypes.POINTER(_P))
        real = place[0]
        if real not in self._tables:
            self._tables[real] = self._table(real or 0)
        place[0] = ctypes.addressof(self._tables[real])

    def _table(self, real: int) -> Any:
        table = (_P * _METHODS)()
        ctypes.memmove(table, real, ctypes.sizeof(table))
        close, write = _CLOSE(table[_AT_CLOSE] or 0), _WRITE(table[_AT_WRITE] or 0)
        cut, sync = _TRUNCATE(table[_AT_TRUNCATE] or 0), _SYNC(table[_AT_SYNC] or 0)

        def xclose(file: int) -> int:
            self._open.pop(file, None)
            return int(close(file))

        def xwrite(file: int, data: int, size: int, at: int) -> int:
            path, number = self._open[file]
            self._recorder.note("write", path=path, file=number, at=at, data=ctypes.string_at(data, size))
            return int(write(file, data, size, at))

        def xtruncate(file: int, size: int) -> int:
            path, number = self._open[file]
            self._recorder.note("truncate", path=path, file=number, at=size)
            return int(cut(file, size))

        def xsync(file: int, flags: int) -> int:
            self._syncing.file = file
            result = int(sync(file, flags))
            if self._syncing.file is not None:
                self._synced(file)
            return result

        hooks = _CLOSE(xclose), _WRITE(xwrite), _TRUNCATE(xtruncate), _SYNC(xsync)
        for place, hook in zip((_AT_CLOSE, _AT_WRITE, _AT_TRUNCATE, _AT_SYNC), hooks, strict=True):
            table[place] = ctypes.cast(hook, _P).value
        _ALIVE.append(hooks)
        return table
