"""Find items by what they say: an index of trigrams that lives in memory alone, and is made anew at each start.

On the disk every word of an item lies under the item's own key; an index there would outlive that key. Here a purge
takes an item out and its shard is written again, so that no word of it is left on the shard's pages.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from quartet.core.fold import Term

SHARD: Final = 2_048
"""How many admissions a shard spans: it is written again when some of them were purged."""
MAX_INDEX_BYTES: Final = 1 << 30
"""What all shards may take; the oldest makes room, the last as well, and its items are looked through one by one."""
_GRAM: Final = 3
_MAX_GRAMS: Final = 12

_MAKE: Final = (
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "CREATE TABLE kept (n INTEGER PRIMARY KEY, folded TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE found USING fts5(folded, content='kept', content_rowid='n',"
    " tokenize='trigram case_sensitive 1', detail='none', columnsize=0)",
)
_PUT: Final = "INSERT INTO kept (n, folded) VALUES (?, ?) ON CONFLICT DO NOTHING"
_INDEX: Final = "INSERT INTO found (rowid, folded) VALUES (?, ?)"
_UNINDEX: Final = "INSERT INTO found (found, rowid, folded) VALUES ('delete', ?, ?)"
_WRITE_AGAIN: Final = "INSERT INTO found (found) VALUES ('optimize')"


class _Shard:
    """The items of one span of admissions."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for sql in _MAKE:
            self._db.execute(sql)
        self.whole = False
        """Whether every item of the span is in it."""
        self.dirty = False
        """Whether something was dropped of which words still lie on its pages."""
        self.count = 0
        self.size = self._measured()
        """In bytes, as it was after the last change."""

    def _measured(self) -> int:
        pages, size = (int(self._db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        return pages * size

    def put(self, texts: Iterable[tuple[int, str]]) -> None:
        self._db.execute("BEGIN")
        for number, folded in texts:
            if self._db.execute(_PUT, (number, folded)).rowcount > 0:
                self._db.execute(_INDEX, (number, folded))
                self.count += 1
        self._db.execute("COMMIT")
        self.size = self._measured()

    def drop(self, number: int) -> bool:
        folded = self.text(number)
        if folded is None:
            return False
        self._db.execute("BEGIN")
        self._db.execute(_UNINDEX, (number, folded))
        self._db.execute("DELETE FROM kept WHERE n = ?", (number,))
        self._db.execute("COMMIT")
        self.count -= 1
        self.dirty = True
        return True

    def text(self, number: int) -> str | None:
        row = self._db.execute("SELECT folded FROM kept WHERE n = ?", (number,)).fetchone()
        return None if row is None else str(row[0])

    def scrub(self) -> None:
        self._db.execute(_WRITE_AGAIN)
        self.size = self._measured()
        self.dirty = False

    def find(self, terms: Sequence[Term]) -> list[int]:
        grams = " AND ".join(filter(None, map(_grams_of, terms)))
        named = "n IN (SELECT rowid FROM found WHERE found MATCH ?) AND " if grams else ""
        says = " AND ".join("(" + " OR ".join("instr(folded, ?)" for _ in t.spellings) + ")" for t in terms)
        values = [*([grams] if grams else []), *(spelling for t in terms for spelling in t.spellings)]
        return [row[0] for row in self._db.execute(f"SELECT n FROM kept WHERE {named}{says} ORDER BY n", values)]

    def image(self) -> bytes:
        return self._db.serialize()

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._db.close()

    def __del__(self) -> None:
        self.close()


class Words:
    """What the items of a node say, by admission. For one thread at a time."""

    def __init__(self, most: int = MAX_INDEX_BYTES, span: int = SHARD) -> None:
        """Keep at most so many bytes; a shard spans so many admissions."""
        self._most = most
        self.span = span
        self._shards: dict[int, _Shard] = {}
        self._floor = 0

    @property
    def count(self) -> int:
        """How many items it knows."""
        return sum(shard.count for shard in self._shards.values())

    @property
    def size(self) -> int:
        """How much memory its pages take."""
        return sum(shard.size for shard in self._shards.values())

    @property
    def floor(self) -> int:
        """The first shard for which there was room."""
        return self._floor

    def put(self, texts: Iterable[tuple[int, str]]) -> None:
        """Take up what items say, folded, each with its admission; one that is known stays as it is."""
        by_shard: dict[int, list[tuple[int, str]]] = {}
        for number, folded in texts:
            by_shard.setdefault(number // self.span, []).append((number, folded))
        for shard, found in by_shard.items():
            if shard >= self._floor:
                self._shard(shard).put(found)
        self._make_room()

    def whole(self, shard: int) -> None:
        """Note that every item of a shard is in it, and that each that comes will be."""
        if shard >= self._floor:
            self._shard(shard).whole = True

    def drop(self, number: int) -> bool:
        """Forget an item, whose words lie on the pages until `scrub`; return whether it was known."""
        shard = self._shards.get(number // self.span)
        return shard is not None and shard.drop(number)

    def scrub(self) -> bool:
        """Write one shard again of which something was dropped; return whether there was one."""
        shard = next((one for one in self._shards.values() if one.dirty), None)
        if shard is None:
            return False
        shard.scrub()
        return True

    def find(self, shard: int, terms: Sequence[Term]) -> list[int] | None:
        """Return the admissions in a shard of what has some spelling of each term; None if not all of it is known.

        A stem is found inside of words too; whoever asks looks again where it stands.
        """
        known = self._shards.get(shard)
        return known.find(terms) if known is not None and known.whole and terms else None

    def text(self, number: int) -> str | None:
        """Return what an item says, folded, as it was put; None if it is not known."""
        shard = self._shards.get(number // self.span)
        return None if shard is None else shard.text(number)

    def images(self) -> Iterator[bytes]:
        """Yield the pages of each shard: what somebody would see who could read this memory."""
        return (shard.image() for shard in self._shards.values())

    def close(self) -> None:
        """Forget everything."""
        while self._shards:
            self._shards.popitem()[1].close()

    def _shard(self, number: int) -> _Shard:
        if number not in self._shards:
            self._shards[number] = _Shard()
        return self._shards[number]

    def _make_room(self) -> None:
        while self._shards and self.size > self._most:
            oldest = min(self._shards)
            self._shards.pop(oldest).close()
            self._floor = oldest + 1


def _grams_of(term: Term) -> str:
    """Return what an index of trigrams is asked for a term; nothing where a spelling is too short for it."""
    spellings = [_grams(spelling) for spelling in term.spellings]
    return "(" + " OR ".join(spellings) + ")" if all(spellings) else ""


def _grams(text: str) -> str:
    """Return the trigrams that together cover a text, or its beginning; each once."""
    if len(text) < _GRAM:
        return ""
    starts = [*range(0, len(text) - _GRAM, _GRAM), len(text) - _GRAM][:_MAX_GRAMS]
    grams = dict.fromkeys(text[at : at + _GRAM].replace('"', '""') for at in starts)
    return "(" + " AND ".join(f'"{gram}"' for gram in grams) + ")"
