"""Copy a database while its node writes it, and put a copy in a database's place: item keys go a way of their own.

The copy opens no item: each key lies in a list beside it, of which only the newest is kept. What was purged since has
no key there, so that the oldest copy brings back nothing that was destroyed. Epoch keys are in neither.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.store.audit import open_still
from quartet.store.database import BUSY_MS, fault
from quartet.store.items import place_of
from quartet.store.migrations import migrate
from quartet.store.purge import GOES, PURGE
from quartet.store.sealing import DESTROYED, Sealer

NOT_COPIED: Final = ("instance", "instance-next")
"""What names this very database; a copy is another."""
_LIVING: Final = "SELECT admission, id, c FROM item WHERE state <> 'PURGED'"
_DRAFTS: Final = "SELECT n, id FROM draft"

LOST: Final = "purged-before-restore"
"""Lists the items that were destroyed after the backup: what was said of that comes back from others, if at all."""
Stub = Callable[[str, str, str], bytes]
"""Makes what stays of an item from its id, commitment and author."""
Keys = dict[int, bytes]
"""The wrapped key of each item and draft, by its number."""


class PutBack(NamedTuple):
    """What lies in a database that was put back: items, those whose keys are gone since, and ticks of its log."""

    items: int
    purged: int
    ticks: int


def copy_out(source: Path, copy: Path) -> Keys:
    """Copy a database, in use or not, to a new file without any key; return the keys of items and drafts.

    Raise `Unavailable("recovering")` for one that came back itself and does not have all back.
    """
    copy.unlink(missing_ok=True)
    try:
        with open_still(source) as opened:
            os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            made = _open(copy)
            try:
                opened.backup(made)
                return _take_keys(made, source)
            finally:
                made.close()
                opened.close()
    except OSError as error:
        raise Unavailable("cannot-write", f"{copy}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise fault(error, copy) from error


def note_backups(path: Path, every: int) -> None:
    """Note in a database, in use or not, how often it is backed up, in microseconds: what purges say rests on it."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        sql = (
            "INSERT INTO meta (key, value) VALUES ('backup-every', ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        )
        connection.execute(sql, (str(every),))
    except sqlite3.Error as error:
        raise fault(error, path) from error
    finally:
        connection.close()


def put_back(copy: Path, keys: Keys, master: bytes, notes: dict[str, str], stub: Stub) -> PutBack:
    """Make a copy a database again: with its keys, with a `stub` of what has none any more, and with `notes` in it.

    Raise `Malformed("keys-older")` where the keys are of an older backup, `Untrusted("other-course")` where they are
    of another database, or of one that went another way since.
    """
    connection = _open(copy)
    try:
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        gone = _give_keys(connection, keys, Sealer(master))
        lost = [item for number in gone if (item := _lose(connection, number, stub)) is not None]
        if lost:
            connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (LOST, json.dumps(lost)))
        connection.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", notes.items())
        connection.execute("COMMIT")
        items = connection.execute(f"SELECT count(*) FROM ({_LIVING})").fetchone()[0]
        ticks = connection.execute("SELECT count(*) FROM tick").fetchone()[0]
    except sqlite3.Error as error:
        raise fault(error, copy) from error
    finally:
        connection.close()
    return PutBack(items=items, purged=len(lost), ticks=ticks)


def _open(path: Path) -> sqlite3.Connection:
    """Return a connection that leaves no journal: what it overwrites is nowhere else."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = MEMORY", "secure_delete = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _take_keys(made: sqlite3.Connection, source: Path) -> Keys:
    made.execute("PRAGMA journal_mode = MEMORY")  # the copy came with the mode of the original
    if made.execute("SELECT 1 FROM meta WHERE key = 'recovering'").fetchone() is not None:
        raise Unavailable("recovering", f"{source} came back from a backup: back it up once it has all back")
    keys: Keys = dict(made.execute("SELECT n, wrapped FROM item_key"))
    made.execute("BEGIN IMMEDIATE")
    made.execute("UPDATE item_key SET wrapped = zeroblob(length(wrapped))")
    made.execute("UPDATE epoch_secret SET wrapped = zeroblob(length(wrapped)), gone = 1")
    made.executemany("DELETE FROM meta WHERE key = ?", [(name,) for name in NOT_COPIED])
    made.execute("COMMIT")
    return keys


def _give_keys(connection: sqlite3.Connection, keys: Keys, sealer: Sealer) -> list[int]:
    """Put each key in its place, once it was seen to be the one; return the items and drafts that have none."""
    living = {number: place_of(item, c) for number, item, c in connection.execute(_LIVING)}
    living |= {number: f"draft {name}" for number, name in connection.execute(_DRAFTS)}
    newest = max(keys, default=0)
    gone = []
    for number, place in living.items():
        if number > newest:
            raise Malformed("keys-older", f"the keys end at {newest}, the backup has {number}: give the newest list")
        wrapped = keys.get(number, DESTROYED)
        if wrapped == DESTROYED:
            gone.append(number)
            continue
        try:
            sealer.unwrap(wrapped, place)
        except Untrusted as error:
            raise Untrusted(
                "other-course", "the keys are not of this backup: another database, or way since"
            ) from error
        connection.execute("UPDATE item_key SET wrapped = ? WHERE n = ?", (wrapped, number))
    return gone


def _lose(connection: sqlite3.Connection, number: int, stub: Stub) -> str | None:
    """Destroy an item that was destroyed since, as a purge does, or a draft; return the item's id."""
    for column in ("draft", "item"):
        connection.execute(f"DELETE FROM draft_quote WHERE {column} = ?", (number,))
    found = connection.execute("SELECT id, c, author FROM item WHERE admission = ?", (number,)).fetchone()
    if found is None:
        connection.execute("DELETE FROM draft WHERE n = ?", (number,))
        return None
    connection.execute(PURGE, (stub(*found), 0, number))
    for sql in GOES:
        connection.execute(sql, (number,))
    connection.execute("DELETE FROM recall WHERE item_id = ?", (found[0],))
    return str(found[0])
