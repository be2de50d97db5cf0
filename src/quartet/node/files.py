"""Write a file whole or not at all, and read none that others could have read or written."""

import errno
import os
import pwd
import ssl
import stat
import tempfile
from pathlib import Path
from typing import Final

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.store import folders
from quartet.store.folders import sync_folder

PRIVATE: Final = 0o600
MAX_FILE: Final = 4 * 1024 * 1024
_DENIED: Final = frozenset({errno.EACCES, errno.EPERM})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def refused(error: OSError, path: Path, otherwise: str) -> Unavailable:
    """Return what the system refused as a fault that says what to do; `otherwise` is the reason of all other errors."""
    if error.errno in _DENIED:
        return Unavailable("no-permission", f"{path}: {error.strerror}; do this as {_owner(path)}, whose it is")
    if error.errno in _FULL:
        return Unavailable("disk-full", f"{path}: {error.strerror}; free space on its disk and do it again")
    return Unavailable(otherwise, f"{path}: {error.strerror}")


def _owner(path: Path) -> str:
    """Return who owns a file, or the nearest folder above it that we may see."""
    for place in (path, *path.absolute().parents):
        try:
            number = place.stat().st_uid
        except OSError:
            continue
        try:
            return f"user {pwd.getpwuid(number).pw_name}"
        except KeyError:
            return f"user {number}"
    return "its owner"


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
        sync_folder(path.parent)
    except OSError as error:
        raise refused(error, path, "cannot-write") from error


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """Return the bytes at `path`; raise `Unavailable("no-file" | "no-permission")` or `Malformed("too-large")`."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise refused(error, path, "no-file") from error
    if len(data) > limit:
        raise Malformed("too-large", f"{path}: more than {limit} bytes")
    return data


def read_private(path: Path, limit: int = MAX_FILE) -> bytes:
    """As `read_file`, but raise `Untrusted("key-file-open")` where others may read or write the file."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise refused(error, path, "no-file") from error
    if mode & 0o077:
        raise Untrusted("key-file-open", f"others may read {path} (mode {mode:04o}): chmod 600 {path}")
    return read_file(path, limit)


def read_authority(path: Path) -> ssl.SSLContext:
    """Return what believes the certificates of the authorities in a file, and no others.

    Raise `Unavailable("cannot-read" | "no-permission")`.
    """
    try:
        return ssl.create_default_context(cafile=str(path))
    except OSError as error:  # an SSLError is one
        raise refused(error, path, "cannot-read") from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, for good; one that is there stays as it is."""
    try:
        folders.make_folder(path)
    except OSError as error:
        raise refused(error, path, "cannot-write") from error
