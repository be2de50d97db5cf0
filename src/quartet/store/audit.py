"""Everything that is kept, row by row, for `verify`: each row checked for its shape, nothing written.

A row that is not of its shape, or a page that SQLite cannot read, raises `Untrusted("damaged")` and names the table;
the rows before it were given. Use one snapshot for all of it (`Store.snapshot`, `read_only`).
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable, Untrusted
from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.store.database import fault, open_reader
from quartet.store.kept import Kept, KeptReads
from quartet.store.migrations import check_version
from quartet.store.records import TickRow


class KeptItem(Kept, frozen=True):
    """An item's columns, beside which its contents lie sealed; `open` is false where they were purged."""

    admission: int
    id: ItemId
    c: Commitment
    ref: str
    author: MemberId
    kind: str
    kind_v: int
    at: Micros
    precedence: str
    tlp: str
    epoch: int
    received: Micros
    mine: int
    state: str
    open: int


class KeptBatch(Kept, frozen=True):
    """A batch of receipts: of ours to `member` where it is `mine`, else of his."""

    n: int
    member: MemberId
    c: Commitment
    mine: int
    data: bytes


class KeptManifest(Kept, frozen=True):
    """A manifest."""

    kind: str
    member: MemberId
    version: int
    data: bytes


class KeptAct(Kept, frozen=True):
    """An act of the charter."""

    n: int
    data: bytes


class KeptEpochKey(Kept, frozen=True):
    """The public statement of one of our epoch keys."""

    key_id: str
    published: bytes


class KeptLeaf(Kept, frozen=True):
    """A leaf of a log."""

    index: int
    root: bytes


class KeptCheckpoint(Kept, frozen=True):
    """A checkpoint of a log."""

    size: int
    note: str


class KeptCosignature(Kept, frozen=True):
    """A witness's line under a checkpoint; `at` in seconds."""

    witness: MemberId
    size: int
    at: int
    line: str
    alg: str


class KeptPath(Kept, frozen=True):
    """The path of a commitment into a log."""

    c: Commitment
    leaf_index: int
    data: bytes


class _KeptTick(Kept, frozen=True):
    number: int
    leaf_index: int
    root: bytes
    secret: bytes
    tick_path: bytes


_ITEMS: Final = (
    "SELECT admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, received, mine, state,"
    " sealed IS NOT NULL FROM item ORDER BY admission"
)
_OF_LOG: Final = " WHERE log = (SELECT n FROM log WHERE name = ?) ORDER BY "


class AuditReads(KeptReads):
    """Reads everything, row by row."""

    def integrity(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file; nothing if it is whole."""
        try:
            return [row[0] for row in self._all("PRAGMA integrity_check(20)") if row[0] != "ok"]
        except Untrusted as error:
            return [error.detail]

    def every_item(self) -> Iterator[KeptItem]:
        """Yield the columns of every item, purged ones too."""
        return self._each("item", _ITEMS, KeptItem)

    def every_batch(self) -> Iterator[KeptBatch]:
        """Yield every batch of receipts, made here or received."""
        return self._each("receipt_batch", "SELECT n, member, c, mine, data FROM receipt_batch ORDER BY n", KeptBatch)

    def every_act(self) -> Iterator[KeptAct]:
        """Yield every act."""
        return self._each("act", "SELECT n, data FROM act ORDER BY n", KeptAct)

    def every_manifest(self) -> Iterator[KeptManifest]:
        """Yield every manifest, the oldest versions first."""
        sql = "SELECT kind, member, version, data FROM manifest ORDER BY version, kind, member"
        return self._each("manifest", sql, KeptManifest)

    def every_epoch_key(self) -> Iterator[KeptEpochKey]:
        """Yield the public statement of every epoch key of ours."""
        return self._each("epoch_secret", "SELECT key_id, published FROM epoch_secret ORDER BY n", KeptEpochKey)

    def every_tick(self) -> Iterator[TickRow]:
        """Yield every tick of our own log."""
        sql = "SELECT number, leaf_index, root, secret, tick_path FROM tick ORDER BY leaf_index"
        for kept in self._each("tick", sql, _KeptTick):
            yield TickRow(kept.number, kept.leaf_index, kept.root, kept.secret, kept.tick_path)

    def every_leaf(self, log: str) -> Iterator[KeptLeaf]:
        """Yield every leaf that we hold of a log."""
        return self._each("leaf", "SELECT idx, root FROM leaf" + _OF_LOG + "idx", KeptLeaf, log)

    def every_checkpoint(self, log: str) -> Iterator[KeptCheckpoint]:
        """Yield every checkpoint that we hold of a log."""
        return self._each("checkpoint", "SELECT size, note FROM checkpoint" + _OF_LOG + "size", KeptCheckpoint, log)

    def every_cosignature(self, log: str) -> Iterator[KeptCosignature]:
        """Yield every cosignature that we hold of a log, by size."""
        sql = "SELECT witness, size, at, line, alg FROM cosignature" + _OF_LOG + "size, witness"
        return self._each("cosignature", sql, KeptCosignature, log)

    def every_path(self, log: str) -> Iterator[KeptPath]:
        """Yield every path into a log."""
        return self._each("path", "SELECT c, leaf_index, data FROM path" + _OF_LOG + "leaf_index, c", KeptPath, log)


@contextmanager
def snapshot(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """See the database as it is now until the end, whatever is written meanwhile."""
    try:
        connection.execute("BEGIN")
        yield connection
    except sqlite3.Error as error:
        raise fault(error, path) from error
    finally:
        connection.close()


@contextmanager
def open_still(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database file without its node, in use or not, and write nothing beside it.

    (1) In use, or left by a crash: its own shared memory is there, read along. (2) At rest: read as it lies. (3) A copy
    that has a write-ahead log but no shared memory: SQLite would have to write; read a copy of the copy.
    """
    if not path.exists():
        raise Unavailable("no-database", f"{path} is not there: start the node once, it makes it")
    log, shared = path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
    if shared.exists():
        yield _checked(open_reader(path), path)
    elif not log.exists() or log.stat().st_size == 0:
        yield _checked(open_reader(path, still=True), path)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            shutil.copyfile(log, copy.with_name(log.name))
            yield _checked(open_reader(copy), path)


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        check_version(connection)
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    except Unavailable:
        connection.close()
        raise
    return connection
