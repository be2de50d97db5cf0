"""What was sent, what the nodes say that they hold, and what their stores keep: on disk, for it may be very much."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, Final

from quartet.core.statement import Precedence

SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE send (title TEXT PRIMARY KEY, author TEXT, precedence TEXT, id TEXT, at REAL) WITHOUT ROWID;
CREATE TABLE addressed (title TEXT, member TEXT, PRIMARY KEY (title, member)) WITHOUT ROWID;
CREATE TABLE shown (member TEXT, id TEXT, title TEXT);
CREATE TABLE kept (member TEXT, id TEXT, author TEXT, place INTEGER, at REAL);
"""
INDEXES: Final = """
CREATE INDEX send_by_id ON send (id);
CREATE INDEX send_by_time ON send (at);
CREATE INDEX shown_by_title ON shown (member, title);
CREATE INDEX shown_by_id ON shown (id);
CREATE INDEX kept_by_id ON kept (member, id);
"""
KEEPS: Final = """
INSERT INTO kept SELECT ?, id, author, admission, received / 1e6 FROM there.item WHERE kind = 'report'
"""
CLAIMED: Final = ") "
"""Ends what is put before the title of an item whose precedence its officer may only claim."""


@dataclass(frozen=True)
class Sent:
    """A send that the node acknowledged: from then on it may not be lost."""

    id: str
    author: str
    to: frozenset[str]
    precedence: Precedence
    at: float


class Book:
    """Every title that was tried, every send that was acknowledged; later, what each member shows and keeps."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(f"file:{path}", uri=True, check_same_thread=False, isolation_level=None)
        self._base.executescript(SCHEMA)
        self._turn = threading.Lock()
        self.tried = 0
        self.acknowledged = 0
        self.flashes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def begin(self, author: str, to: frozenset[str], precedence: Precedence) -> str:
        """Note that one is about to be sent, and return its title: none is used twice."""
        with self._turn:
            self.tried += 1
            title = f"{author} {self.tried}"
            self._base.execute("INSERT INTO send VALUES (?, ?, ?, NULL, NULL)", (title, author, precedence))
            self._base.executemany("INSERT INTO addressed VALUES (?, ?)", [(title, member) for member in to])
        return title

    def acknowledge(self, title: str, sent: Sent) -> None:
        with self._turn:
            self.acknowledged += 1
            self.flashes[sent.author] += sent.precedence == "FLASH"
            self._base.execute("UPDATE send SET id = ?, at = ? WHERE title = ?", (sent.id, sent.at, title))

    def refuse(self, reason: str) -> None:
        with self._turn:
            self.refused[reason] += 1

    def show(self, member: str, rows: Iterable[tuple[str, str]]) -> None:
        """Note the (id, title) of items that a member's node shows."""
        with self._turn:
            found = [(member, item, title.rpartition(CLAIMED)[2]) for item, title in rows]
            self._base.executemany("INSERT INTO shown VALUES (?, ?, ?)", found)

    def keep(self, member: str, database: Path) -> None:
        """Note what the store of a stopped member keeps."""
        self._base.execute("ATTACH DATABASE ? AS there", (f"file:{database}?mode=ro",))
        self._base.execute(KEEPS, (member,))
        self._base.execute("DETACH DATABASE there")

    def close_accounts(self) -> None:
        """Make what is noted quick to ask for; call it when all is noted."""
        self._base.executescript(INDEXES)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._turn:
            return self._base.execute(question, values).fetchall()


def now() -> float:
    """Return the seconds of the clock that the nodes go by too."""
    return time()
