"""Write a file whole or not at all, and read none that others could have read or written."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from quartet.core.faults import Malformed, Unavailable, Untrusted

PRIVATE: Final = 0o600
FOLDER: Final = 0o700
MAX_FILE: Final = 4 * 1024 * 1024


def write_file(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Put `data` at `path` in one step that a crash cannot halve: old bytes or new, never a part."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise Unavailable("cannot-write", f"{path}: {error.strerror}") from error


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """Return the bytes at `path`; raise `Unavailable("no-file")` or `Malformed("too-large")`."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Unavailable("no-file", f"{path}: {error.strerror}") from error
    if len(data) > limit:
        raise Malformed("too-large", f"{path}: more than {limit} bytes")
    return data


def read_private(path: Path, limit: int = MAX_FILE) -> bytes:
    """As `read_file`, but raise `Untrusted("key-file-open")` where others may read or write the file."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise Unavailable("no-file", f"{path}: {error.strerror}") from error
    if mode & 0o077:
        raise Untrusted("key-file-open", f"others may read {path} (mode {mode:04o}): chmod 600 {path}")
    return read_file(path, limit)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter; one that is there stays as it is."""
    try:
        path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("cannot-write", f"{path}: {error.strerror}") from error


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
