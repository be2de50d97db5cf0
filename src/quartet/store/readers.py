"""The connections that read, one for each thread, and their end.

A connection that is closed while another thread reads by it takes the whole process with it: Python looks into memory
that SQLite has let go. So each counts who is in it, and the last who leaves closes it.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from quartet.store.database import open_reader

CLOSE_WITHIN: Final = 1.0
"""How many seconds the end waits for those who still read; what they ask for is broken off."""


class _Shared:
    """A thread's connection, and how many of its reads have begun and not ended."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.uses = 0


class Readers:
    """Gives each thread its own connection to a database file, and closes all of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()
        self._open: list[_Shared] = []
        self._closed = False
        self._idle = threading.Condition(threading.Lock())

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection, which stays open at least as long; raise SQLite's error once all is closed."""
        mine = self._begin()
        try:
            yield mine.connection
        finally:
            self._end(mine)

    def close(self, within: float = CLOSE_WITHIN) -> None:
        """Close every connection; break off what is read, and leave to who does not end in time to close its own."""
        with self._idle:
            self._closed = True
            for one in self._open:
                one.connection.interrupt() if one.uses else one.connection.close()
            self._idle.wait_for(lambda: not any(one.uses for one in self._open), within)
            self._open.clear()

    def _begin(self) -> _Shared:
        mine: _Shared | None = getattr(self._threads, "mine", None)
        opened = mine or _Shared(open_reader(self._path))
        with self._idle:
            if self._closed:
                if mine is None:
                    opened.connection.close()
                raise sqlite3.ProgrammingError("the store is closed")
            if mine is None:
                self._threads.mine = opened
                self._open.append(opened)
            opened.uses += 1
        return opened

    def _end(self, mine: _Shared) -> None:
        with self._idle:
            mine.uses -= 1
            if self._closed and not mine.uses:
                mine.connection.close()
                self._idle.notify_all()
