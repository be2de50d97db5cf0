"""Know whether a database is the one that this node left, or one that was put back.

Each start draws a word that lies in the database and in a file outside it, which no backup holds. A database with
another word, or a new one where there was one before, is of yesterday: the node recovers before it signs anything.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable
from quartet.core.ids import Micros
from quartet.core.restored import NONCE_SIZE
from quartet.node.course import PLACE, begin, course_of, is_recovering
from quartet.node.files import read_file, write_file
from quartet.store import Store

HELD: Final = "instance"
NEXT: Final = "instance-next"
_SIZE: Final = 16
_MAX: Final = 256


def recovering_notes(at: Micros) -> dict[str, str]:
    """Return what a database that was put back must say: its node's next start recovers."""
    return {PLACE: course_of(os.urandom(NONCE_SIZE), at)}


def go_on(store: Store, path: Path, at: Micros) -> None:
    """Before a node starts: have it recover if its database is not the one that it left; then draw the next word.

    The word is first noted in the database, then written to `path`, then taken as the one: a crash between leaves a
    pair that fits. A full disk keeps the old one.
    """
    with suppress(FileNotFoundError):
        store.path.with_name("backup.part").unlink()  # a backup was cut off
    if not _same(store, path) and not is_recovering(store):
        store.submit(lambda tx: begin(tx, os.urandom(NONCE_SIZE), at)).result()
    word = os.urandom(_SIZE).hex()
    with suppress(Unavailable):
        store.submit(lambda tx: tx.set_meta(NEXT, word)).result()
        write_file(path, word.encode())
        store.submit(lambda tx: tx.set_meta(HELD, word)).result()


def _same(store: Store, path: Path) -> bool:
    held, following = store.reader.meta(HELD), store.reader.meta(NEXT)
    if not path.exists():
        return held is None  # the first start with this, or of all; the power may have gone before the file was there
    return read_file(path, _MAX).decode("ascii", "replace") in {held, following}
