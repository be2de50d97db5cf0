"""Open SQLite as the store needs it, and name what it refuses by whoever must act."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.store.folders import make_folder

BUSY_MS: Final = 5_000
SCRUB_MS: Final = 20
"""How long truncating a write-ahead log waits for readers: it is tried again."""
CACHE_KIB: Final = 32 * 1024
READ_CACHE_KIB: Final = 16 * 1024

_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def open_writer(path: Path, *, durable: bool = True) -> sqlite3.Connection:
    """Return the connection that writes; the file is made with mode 0600 if it is not there."""
    try:
        make_folder(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
        connection.execute("PRAGMA journal_mode = WAL")
        for pragma in (
            f"synchronous = {'FULL' if durable else 'NORMAL'}",
            "secure_delete = ON",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_MS}",
            f"cache_size = -{CACHE_KIB}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except OSError as error:
        raise Unavailable("cannot-write", f"{path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise fault(error, path) from error
    return connection


def open_reader(path: Path, *, still: bool = False) -> sqlite3.Connection:
    """Return a connection that only reads; `still` for a file that nobody writes: then nothing is made beside it."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute(f"PRAGMA cache_size = -{READ_CACHE_KIB}")
    except sqlite3.Error as error:
        raise fault(error, path) from error
    return connection


def truncate_log(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the file and truncate it; return whether readers and the disk let it."""
    try:
        connection.execute(f"PRAGMA busy_timeout = {SCRUB_MS}")
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 if there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def stops_all(error: BaseException) -> bool:
    """Return whether the error is of the disk or the file and not of one job."""
    return isinstance(error, sqlite3.Error) and code(error) in _FULL | _BUSY | _BROKEN | {sqlite3.SQLITE_READONLY}


def fault(error: sqlite3.Error, path: Path) -> Fault:
    """Return `error` as one of the three faults."""
    number = code(error)
    if number in _FULL:
        return Unavailable("disk-full", f"{path}: {error}; free space on its disk, nothing acknowledged was lost")
    if number in _BUSY:
        return Unavailable("store-busy", f"{path} is in use by another process")
    if number in _BROKEN or "decode" in str(error):
        return Untrusted("damaged", f"{path}: {error}; restore it from a backup")
    return Unavailable("cannot-write", f"{path}: {error}")
