"""A file that is sealed in pieces: what stands first names who can open it, and each piece is bound to its place.

A piece that is missing, doubled, moved or of another file opens nowhere, and neither does a file that ends early.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from quartet.core.encoding import Value, decode, encode
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.store.folders import sync_folder
from quartet.store.sealing import Sealer, open_sealed, seal

PIECE: Final = 256 * 1024
MAX_HEAD: Final = 4 * 1024 * 1024
_LENGTH: Final = 4
_OVER: Final = 28
"""What sealing adds to a piece: a nonce, a tag."""


class Head(Value, frozen=True):
    """What a sealed file says in the clear: what it is, whose, of when; `vault` holds the key, under the passphrase."""

    quartet: str
    v: int
    id: str
    member: MemberId
    at: Micros
    vault: str


def write_sealed(path: Path, head: Head, master: bytes, source: Iterable[bytes]) -> int:
    """Put a sealed file at `path`, whole or not at all, and return its size in bytes; one that is there goes."""
    key = Sealer(master).derived(f"backup {head.id}")
    first = encode(head) + b"\n"
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(first)
                for place, piece in _placed(first, source):
                    sealed = seal(key, piece, place)
                    file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        reason = "disk-full" if error.errno in (28, 122) else "cannot-write"
        raise Unavailable(reason, f"{path}: {error.strerror}") from error
    return size


def read_head(path: Path) -> Head:
    """Return what a sealed file says in the clear, nothing believed; `Malformed("no-backup")` for another file."""
    try:
        with path.open("rb") as file:
            return decode(_first(file).rstrip(b"\n"), Head, MAX_HEAD)
    except OSError as error:
        raise Malformed("no-file", f"{path}: {error.strerror}") from error
    except Malformed as error:
        raise Malformed("no-backup", f"{path} is none of Quartet's: {error.detail}") from error


def read_sealed(path: Path, master: bytes, take: Callable[[Iterator[bytes]], None]) -> None:
    """Hand what a sealed file holds to `take`, piece by piece; raise `Untrusted("backup-damaged")` where one is wrong.

    The last piece may be the wrong one: who takes keeps nothing before this has returned.
    """
    head = read_head(path)
    key = Sealer(master).derived(f"backup {head.id}")
    with path.open("rb") as file:
        first = _first(file)
        take(_opened(file, key, hashlib.sha256(first).hexdigest(), path))


def _first(file: BinaryIO) -> bytes:
    line = file.readline(MAX_HEAD)
    if not line.endswith(b"\n"):
        raise Malformed("no-backup", "its first line does not end")
    return line


def _placed(first: bytes, source: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield each piece with its place; the last one, which may be empty, says that it is."""
    digest, n = hashlib.sha256(first).hexdigest(), 0
    for piece in _pieces(source):
        yield f"{digest} {n} more", piece
        n += 1
    yield f"{digest} {n} last", b""


def _pieces(source: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for data in source:
        held += data
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _opened(file: BinaryIO, key: bytes, digest: str, path: Path) -> Iterator[bytes]:
    n, last = 0, False
    while not last:
        length = int.from_bytes(file.read(_LENGTH), "big")
        sealed = file.read(length) if _OVER <= length <= PIECE + _OVER else b""
        last = length == _OVER
        try:
            piece = open_sealed(key, sealed, f"{digest} {n} {'last' if last else 'more'}")
        except Untrusted as error:
            raise Untrusted("backup-damaged", f"{path}: piece {n} is not the one that was written") from error
        n += 1
        if piece:
            yield piece
    if file.read(1):
        raise Untrusted("backup-damaged", f"{path}: something follows its end")
