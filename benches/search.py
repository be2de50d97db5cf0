"""Search in many texts of five scripts: our index, beside plain FTS5 and tantivy, over the same texts and questions.

The gate is not in it: it is asked of each hit, by every one of them alike (`decisions`).
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol

from benches.table import Table, number, percentile
from quartet.core.fold import fold, has, term
from quartet.store import SHARD, Words

SEED: Final = 5
PAGE: Final = 100
WORDS_EACH: Final = 4_000
QUESTIONS: Final = 400
PURGED: Final = 20
BATCH: Final = 1_000
SCRIPTS: Final = {
    "latin": "abcdefghilmnoprstuvéèçàôłøß",
    "english": "abcdefghijklmnoprstuvwy",
    "cyrillic": "абвгдеёжзийклмнопрстуюя",
    "arabic": "ابتثجحخدرزسشصطعفقكلمنهويةأإىُ",
    "persian": "ابپتجچخدرزسشعفقکگلمنهوی\u200c",
}
Text = tuple[int, str]


class Engine(Protocol):
    """What is measured: it takes texts, finds the newest that have a word, and forgets."""

    def put(self, texts: Sequence[Text]) -> None: ...

    def find(self, word: str) -> int: ...

    def drop(self, number: int) -> None: ...

    @property
    def size(self) -> int: ...


class Folded:
    """Our own: trigrams over the fold, in shards."""

    def __init__(self, items: int) -> None:
        self._words, self._items = Words(most=1 << 40), items
        self._texts: dict[int, str] = {}

    def put(self, texts: Sequence[Text]) -> None:
        folded = [(n, fold(text)) for n, text in texts]
        self._texts.update(folded)
        self._words.put(folded)
        for shard in {n // SHARD for n, _ in texts}:
            self._words.whole(shard)

    def find(self, word: str) -> int:
        found, one = 0, term(word)
        for shard in range(self._items // SHARD, -1, -1):
            found += sum(has(self._texts[n], one) for n in self._words.find(shard, [one]) or ())
            if found >= PAGE:
                return PAGE
        return found

    def drop(self, number: int) -> None:
        self._words.drop(number)
        while self._words.scrub():
            pass
        self._texts.pop(number)

    @property
    def size(self) -> int:
        return self._words.size


class Plain:
    """FTS5 as it comes, in memory: words as written, marks of Latin letters aside."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute("CREATE VIRTUAL TABLE found USING fts5(text, tokenize='unicode61')")

    def put(self, texts: Sequence[Text]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO found (rowid, text) VALUES (?, ?)", texts)
        self._db.execute("COMMIT")

    def find(self, word: str) -> int:
        quoted = '"' + word.replace('"', '""') + '"'
        sql = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT ?"
        return len(self._db.execute(sql, (quoted, PAGE)).fetchall())

    def drop(self, number: int) -> None:
        """Delete, and write the whole index again: else its words stay on the pages."""
        self._db.execute("DELETE FROM found WHERE rowid = ?", (number,))
        self._db.execute("INSERT INTO found (found) VALUES ('optimize')")

    @property
    def size(self) -> int:
        pages, size = (self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages) * int(size)


class Tantivy:
    """The engine in Rust, with its own words, in memory."""

    def __init__(self) -> None:
        import tantivy

        self._tantivy: Any = tantivy
        schema = tantivy.SchemaBuilder().add_integer_field("n", indexed=True, stored=True).add_text_field("text")
        self._index: Any = tantivy.Index(schema.build())
        self._writer: Any = self._index.writer(heap_size=128 << 20, num_threads=1)
        self._left: list[Text] = []

    def put(self, texts: Sequence[Text]) -> None:
        for n, text in texts:
            self._writer.add_document(self._tantivy.Document(n=n, text=[text]))

    def commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def find(self, word: str) -> int:
        asked, _ = self._index.parse_query_lenient('"' + word.replace('"', " ") + '"', ["text"])
        return len(self._index.searcher().search(asked, PAGE).hits)

    def drop(self, number: int) -> None:
        """Delete, as far as it goes: the words stay in their segment until that is merged."""
        self._writer.delete_documents("n", number)
        self.commit()

    @property
    def size(self) -> int:
        return 0


def texts(items: int) -> Iterator[Text]:
    """Yield so many texts of 30 words in five scripts, the same each time; few words are frequent, most are rare."""
    dice = random.Random(SEED)
    spoken = [[_word(dice, letters) for _ in range(WORDS_EACH)] for letters in SCRIPTS.values()]
    for n in range(1, items + 1):
        words = spoken[n % len(spoken)]
        yield n, " ".join(words[int(WORDS_EACH * dice.random() ** 3)] for _ in range(30))


def questions(items: int) -> list[str]:
    """Return words that stand in some of the texts."""
    dice = random.Random(SEED + 1)
    wanted = set(dice.sample(range(1, items + 1), min(items, QUESTIONS)))
    return [dice.choice(text.split()) for n, text in texts(items) if n in wanted]


def measure(items: int) -> Table:
    """Return what searching so many texts takes."""
    asked = questions(items)
    rows = [_row("Quartet: fold, trigrams", Folded(items), items, asked)]
    rows.append(_row("FTS5, unicode61", Plain(), items, asked))
    try:
        beside = Tantivy()
    except ImportError:
        beside = None
    if beside is not None:
        rows.append(_row("tantivy", beside, items, asked, beside.commit))
    head = ("search", "texts", "texts a second in", "MB", "p50 ms", "p99 ms", "purge of one, ms", "questions answered")
    said = (
        f"{items:,} texts of 30 words in French, English, Russian, Arabic and Persian letters, drawn with a seed; a"
        f" question is a word of a text, the answer up to {PAGE} of the newest that have it. All lie in memory. A purge"
        " leaves no word on a page; tantivy's only hides the text until its segment is merged."
    )
    return Table("Search", head, rows, said)


def _word(dice: random.Random, letters: str) -> str:
    return "".join(dice.choice(letters) for _ in range(dice.randint(3, 9)))


def _row(
    name: str, engine: Engine, items: int, asked: list[str], done: Callable[[], None] = lambda: None
) -> tuple[str, ...]:
    began, batch = 0.0, []
    for one in texts(items):
        batch.append(one)
        if len(batch) == BATCH or one[0] == items:
            start = time.perf_counter()
            engine.put(batch)
            began += time.perf_counter() - start
            batch = []
    start = time.perf_counter()
    done()
    took = began + time.perf_counter() - start
    waits, found = zip(*(_timed(engine, word) for word in asked), strict=True)
    purges = [_dropped(engine, n) for n in range(1, items, max(1, items // PURGED))]
    size = f"{engine.size / 1e6:.0f}" if engine.size else "-"
    times = (number(percentile(waits, 0.5)), number(percentile(waits, 0.99)), number(max(purges)))
    return name, f"{items:,}", number(items / took), size, *times, f"{sum(n > 0 for n in found)} of {len(found)}"


def _timed(engine: Engine, word: str) -> tuple[float, int]:
    start = time.perf_counter()
    found = engine.find(word)
    return (time.perf_counter() - start) * 1e3, found


def _dropped(engine: Engine, number: int) -> float:
    start = time.perf_counter()
    engine.drop(number)
    return (time.perf_counter() - start) * 1e3
