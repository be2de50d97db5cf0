"""Back up a member's folder while its node runs, and make a folder from a backup.

A backup is one file: the database without any key, and the files of the folder, sealed under the store key, which lies
in the vault that stands first in it, under the passphrase. The keys of items go into a file of their own beside it,
which each backup overwrites: an older backup opens nothing that was purged since.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import msgspec

from quartet.core.encoding import b64, encode, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.node.continuity import recovering_notes
from quartet.node.files import PRIVATE, make_folder, write_file
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.settings import MemberSettings, load_member, parse_settings, read_toml
from quartet.node.stub import SALT_SIZE, make_stub
from quartet.node.vault import BESIDE, MAX_VAULT, Vault, read_passphrase
from quartet.store import copying, sealedfile
from quartet.store.copying import PutBack
from quartet.store.folders import sync_file, sync_folder
from quartet.store.sealedfile import PIECE, Head

BACKUP: Final = "backup"
ITEM_KEYS: Final = "item-keys"
COPY: Final = "backup.part"
"""The copy of a database while it is made; it lies beside the database and goes at once."""
MAX_SMALL: Final = 64 * 1024**2
"""The largest file of a folder, the database aside, that goes into a backup."""
DATABASE: Final = "/database"
"""Stands for the database: no file of a folder is called so."""
_MAKE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
MAX_ENTRY: Final = 8 * 1024
_LEFT_OUT: Final = frozenset({"run", "offline", "node.pid", "ready", "instance"})
"""Of a folder: what is made at each start, what lies in a safe, and which database this is."""


class Written(NamedTuple):
    """A backup that was made."""

    file: Path
    size: int
    keys: Path
    at: Micros


class Restored(NamedTuple):
    """What a folder was made from: whose backup of when, and what lies in its database."""

    member: MemberId
    at: Micros
    held: PutBack


def back_up(folder: MemberFolder, to: Path, passphrase: Path | None, at: Micros, every: Micros) -> Written:
    """Write a backup of a folder into `to`, made if it is not there; the node may run."""
    settings = load_member(folder)
    store = folder.path(settings.store)
    keys = Keyset.of(Vault.open(folder.vault, read_passphrase(folder.vault, passphrase)))
    make_folder(to)
    with _alone(store):
        copying.note_backups(store, every)
        copy = store.with_name(COPY)
        try:
            wrapped = copying.copy_out(store, copy)
            head = _head(folder, settings.member, at)
            listed = to / f"{settings.member}.{ITEM_KEYS}"
            # the keys first: a backup whose keys are not there yet could lose what it holds
            packed = msgspec.msgpack.encode(sorted(wrapped.items()))
            sealedfile.write_sealed(listed, head(ITEM_KEYS), keys.store, [packed])
            file = to / f"{settings.member}-{at // 1_000_000}.{BACKUP}"
            size = sealedfile.write_sealed(file, head(BACKUP), keys.store, _packed(folder, store, copy))
        finally:
            copy.unlink(missing_ok=True)
    return Written(file, size, listed, at)


def restore(file: Path, keys: Path | None, folder: MemberFolder, passphrase: Path | None, now: Micros) -> Restored:
    """Make a folder from a backup and the newest list of item keys; its node recovers when it starts.

    Raise `Malformed("folder-in-use")` for a folder that has a database or settings: nothing is written over.
    """
    head = sealedfile.read_head(file)
    listed = keys or file.with_name(f"{head.member}.{ITEM_KEYS}")
    if head.quartet != BACKUP:
        raise Malformed("no-backup", f"{file} is a list of {head.quartet}: name a file that ends with .{BACKUP}")
    if folder.settings.exists():
        raise Malformed("folder-in-use", f"{folder.root} is a member's folder: move it away first")
    make_folder(folder.root)
    master = _master(folder, head, passphrase)
    wrapped = _keys(listed, head, master)
    unpacked = _Unpacked(folder)
    sealedfile.read_sealed(file, master, unpacked.take)
    held = copying.put_back(unpacked.database, wrapped, master, recovering_notes(now), _stub)
    unpacked.finish()
    return Restored(head.member, head.at, held)


def _stub(item: str, c: str, author: str) -> bytes:
    """Return what stays of an item that was destroyed since: who could see it is not known, so nobody may ask."""
    return encode(make_stub(item, c, MemberId(author), None, (), os.urandom(SALT_SIZE)))


def _head(folder: MemberFolder, member: MemberId, at: Micros) -> Callable[[str], Head]:
    vault = b64(folder.vault.read_bytes())
    return lambda what: Head(quartet=what, v=1, id=os.urandom(16).hex(), member=member, at=at, vault=vault)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Be the only one that copies this database."""
    handle = os.open(store.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unavailable("backup-running", f"{store} is being backed up") from error
    finally:
        os.close(handle)


def _master(folder: MemberFolder, head: Head, passphrase: Path | None) -> bytes:
    """Put back the vault and return the store key in it."""
    try:
        vault = unb64(head.vault)
    except Malformed as error:
        raise Malformed("no-backup", f"its vault is none: {error.detail}") from error
    if len(vault) > MAX_VAULT:
        raise Malformed("no-backup", "its vault is too large")
    secret = read_passphrase(folder.vault, passphrase)
    write_file(folder.vault, vault)
    return Keyset.of(Vault.open(folder.vault, secret)).store


def _keys(path: Path, head: Head, master: bytes) -> copying.Keys:
    """Return the wrapped keys that a list holds; it is of the same member, and not older than the backup."""
    found = sealedfile.read_head(path)
    if found.quartet != ITEM_KEYS or found.member != head.member:
        raise Malformed("no-backup", f"{path} is not the list of item keys of {head.member}")
    if found.at < head.at:
        raise Malformed("keys-older", f"{path} is of before the backup: give the newest list")
    held = bytearray()

    def take(pieces: Iterator[bytes]) -> None:
        for piece in pieces:
            held.extend(piece)

    sealedfile.read_sealed(path, master, take)
    try:
        return dict(msgspec.msgpack.decode(held, type=list[tuple[int, bytes]]))
    except msgspec.DecodeError as error:
        raise Untrusted("backup-damaged", f"{path}: {error}") from error


# -- what lies in a backup: each file's name and size, and its bytes


def _files(folder: MemberFolder, store: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder that go into its backup: no database, no passphrase, nothing that only runs."""
    for path in sorted(folder.root.rglob("*")):
        name = path.relative_to(folder.root)
        if name.parts[0] in _LEFT_OUT or path.is_relative_to(store.parent) or path.suffix == BESIDE:
            continue
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield name.as_posix(), path


def _packed(folder: MemberFolder, store: Path, copy: Path) -> Iterator[bytes]:
    """Yield a folder piece by piece: its files, and last the copy of its database."""
    for name, path in [*_files(folder, store), (DATABASE, copy)]:
        with path.open("rb") as source:
            left = os.fstat(source.fileno()).st_size
            entry = msgspec.msgpack.encode((name, left))
            yield len(entry).to_bytes(4, "big") + entry
            while left:
                data = source.read(min(left, PIECE))
                if not data:
                    raise Unavailable("file-changed", f"{path} became shorter while it was read: do it again")
                left -= len(data)
                yield data


class _Stream:
    """Reads so many bytes at a time from pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def some(self, most: int) -> bytes:
        """Return at least one byte and at most `most`; nothing at the end."""
        if not self._held:
            self._held = next(self._pieces, b"")
        data, self._held = self._held[:most], self._held[most:]
        return data

    def parts(self, size: int) -> Iterator[bytes]:
        """Yield so many bytes in all, or raise `Untrusted("backup-damaged")`."""
        while size:
            data = self.some(min(size, PIECE))
            if not data:
                raise Untrusted("backup-damaged", "it ends within a file")
            size -= len(data)
            yield data

    def entry(self) -> tuple[str, int] | None:
        """Return the name and size of the next file; None at the end."""
        first = self.some(1)
        if not first:
            return None
        length = int.from_bytes(first + b"".join(self.parts(3)), "big")
        if length > MAX_ENTRY:
            raise Untrusted("backup-damaged", f"a name of {length} bytes")
        try:
            name, size = msgspec.msgpack.decode(b"".join(self.parts(length)), type=tuple[str, int])
        except msgspec.DecodeError as error:
            raise Untrusted("backup-damaged", str(error)) from error
        return name, size


class _Unpacked:
    """Puts the files of a backup into a folder; the settings last, by which it is a member's folder."""

    def __init__(self, folder: MemberFolder) -> None:
        self.folder = folder
        self.database = folder.root / f".{COPY}"
        self._settings = b""

    def take(self, pieces: Iterator[bytes]) -> None:
        """Write every file; nothing outside the folder, whatever its name says."""
        stream = _Stream(pieces)
        while (entry := stream.entry()) is not None:
            name, size = entry
            if name == DATABASE:
                with os.fdopen(os.open(self.database, _MAKE, PRIVATE), "wb") as file:
                    file.writelines(stream.parts(size))
                    os.fsync(file.fileno())
            elif size > MAX_SMALL:
                raise Untrusted("backup-damaged", f"{name[:80]} of {size} bytes")
            else:
                self._small(name, b"".join(stream.parts(size)))

    def _small(self, name: str, data: bytes) -> None:
        path = self.folder.root / name
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise Untrusted("backup-damaged", f"{name[:80]} lies outside the folder")
        if path == self.folder.settings:
            self._settings = data
            return
        make_folder(path.parent)
        write_file(path, data)

    def finish(self) -> None:
        """Put the database in its place, once nothing is missing in it, and make the folder a member's."""
        store = self.folder.path(parse_settings(read_toml(self._settings), MemberSettings).store)
        if store.exists():
            raise Malformed("folder-in-use", f"{store} is there: move it away first")
        make_folder(store.parent)
        shutil.move(self.database, store)
        sync_file(store)  # on another disk it is another file
        for folder in (store.parent, self.folder.root):
            sync_folder(folder)  # the database is there for good before the settings say that this is a member's folder
        write_file(self.folder.settings, self._settings)
