"""What the items here say, folded and in memory alone, so that a word is found without opening every item.

Whoever looks for words asks here which items may have them, and asks the gate of each; nothing here knows a viewer.
Until the book is whole, and where it has no room, items are looked through one by one: slower, and nothing is missed.
"""

import asyncio
import re
from typing import Any, Final

import msgspec

from quartet.core.faults import Fault
from quartet.core.fold import Term, fold, has, term
from quartet.core.ids import ItemId
from quartet.core.statement import FACT_KINDS, Statement, decode_signed, decode_statement
from quartet.core.verify import Verified
from quartet.node.asking import Query
from quartet.node.holdings import Holdings
from quartet.node.statusviews import Indexed
from quartet.store import ItemRow, Words

SLICE: Final = 100
"""Rows that are looked at in a run: a few milliseconds, some tens where they must be decrypted."""
SHARDS_A_SLICE: Final = 8
READ_A_TURN: Final = 24
"""Items that are read in between two turns of whatever else there is to do."""
REST_S: Final = 0.004
TAKEN_UP_AFTER_S: Final = 0.05
"""How long news may wait to be taken up with others; who looks for words takes them up first."""
MAX_WAITING: Final = 64
MAX_WAITING_BYTES: Final = 128 * 1024
"""News that wait, and what they say; one more takes all of them up, and so does a long one by itself."""
SCRUBBED_AFTER_S: Final = 0.2
"""How long after a purge its words may still lie in memory; they are found no more at once."""
_END: Final = 2**62
_ID: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""32 bytes in base64: of the last letter two bits are nought."""

Place = tuple[list[ItemRow], int | None]
"""Rows that may be meant, and where to go on; None after the last."""


class Wordbook:
    """Keeps what items say from the moment they are stored until they are destroyed."""

    def __init__(self, holdings: Holdings, words: Words | None = None) -> None:
        self._reader = holdings.store.reader
        self._words = Words() if words is None else words
        self._span = self._words.span
        self._began = self._reader.last_admission()
        self._whole = self._began == 0
        self._gone = asyncio.Event()
        self._waiting: dict[ItemId, Statement] = {}
        self._bytes = 0
        self._came = asyncio.Event()
        holdings.on_news.append(self._news)
        holdings.on_purged.append(self._purged)

    @property
    def words(self) -> Words:
        """What every item says that was stored until now, so far as it was read in."""
        self._take_up()
        return self._words

    @property
    def state(self) -> Indexed:
        """How much of what is kept here the book knows."""
        words = self.words
        return Indexed(items=words.count, whole=self._whole, size=words.size)

    def told(self, said: Statement, ref: str, admission: int) -> str:
        """Return what an item says, as `told` does, from here if it is kept: to fold a long text takes long."""
        kept = self.words.text(admission)
        return told(said, ref) if kept is None else kept

    async def run(self) -> None:
        """Read in what was here at the start, take up what comes, and write again what a purge left words on.

        Until cancelled.
        """
        await asyncio.gather(self.read_in(), self._scrub(), self._keep_up())

    async def _keep_up(self) -> None:
        """News that come together are taken up together: for each by itself it costs several times as much."""
        while True:
            await self._came.wait()
            await asyncio.sleep(TAKEN_UP_AFTER_S)
            self._take_up()

    async def _scrub(self) -> None:
        """What is purged together is written again together, so that nothing waits for each by itself."""
        while True:
            await self._gone.wait()
            await asyncio.sleep(SCRUBBED_AFTER_S)
            self._gone.clear()
            while self._words.scrub():  # noqa: ASYNC110 - it works, and rests between
                await asyncio.sleep(REST_S)

    async def read_in(self) -> None:
        """Read in what was here, newest first, between the turns of everything else."""
        for shard in range(self._began // self._span, -1, -1):
            if shard < self._words.floor:
                return
            after, end = shard * self._span - 1, (shard + 1) * self._span
            while rows := [row for row in self._reader.items(after, READ_A_TURN) if row.admission < end]:
                self._words.put([(row.admission, text) for row in rows if (text := self._text(row)) is not None])
                after = rows[-1].admission
                await asyncio.sleep(REST_S)
            self._words.whole(shard)
        self._whole = self._words.floor == 0

    def slice(self, query: Query, terms: tuple[Term, ...], after: int, narrowed: dict[str, str | None]) -> Place:
        """Return some of the items after an admission (or, newest first, before it; 0: the end) that may have terms."""
        at = after or _END if query.newest else after
        if not terms:
            return self._scan(query, at, narrowed, None)
        last = self._reader.last_admission()
        at = min(at, last + 1) if query.newest else at
        for _ in range(SHARDS_A_SLICE):
            shard = (at - 1 if query.newest else at + 1) // self._span
            if shard < 0 or shard > last // self._span:
                return [], None
            known = self.words.find(shard, terms)
            if known is None:
                return self._scan(query, at, narrowed, shard)
            rows, beyond = self._known(query, known, at, shard)
            if rows or beyond is None:
                return rows, beyond
            at = beyond
        return [], at

    def _known(self, query: Query, known: list[int], at: int, shard: int) -> Place:
        left = [n for n in known if (n < at if query.newest else n > at)]
        some = (left[::-1] if query.newest else left)[:SLICE]
        found = self._reader.at_admissions(some)
        rows = [found[n] for n in some if n in found]
        return rows, some[-1] if len(some) < len(left) else _beyond(query, shard, self._span)

    def _scan(self, query: Query, at: int, narrowed: dict[str, str | None], shard: int | None) -> Place:
        rows = self._reader.items(at, SLICE, **narrowed, newest=query.newest)
        inside = [row for row in rows if shard is None or row.admission // self._span == shard]
        if len(inside) == len(rows) and rows:
            return rows, rows[-1].admission
        return inside, None if not rows else _beyond(query, shard or 0, self._span)

    def _news(self, verified: Verified) -> None:
        if verified.statement.kind in FACT_KINDS:
            return
        self._waiting[verified.id] = verified.statement
        self._bytes += len(verified.statement.body)
        self._came.set()
        if len(self._waiting) > MAX_WAITING or self._bytes > MAX_WAITING_BYTES:
            self._take_up()

    def _take_up(self) -> None:
        """Take up all news that wait, as far as they were not purged meanwhile."""
        if not self._waiting:
            return
        news, self._waiting, self._bytes = self._waiting, {}, 0
        self._came.clear()
        rows = [row for row in self._reader.rows(news).values() if row.state != "PURGED"]
        self._words.put([(row.admission, told(news[row.id], row.ref)) for row in rows])
        for shard in {row.admission // self._span for row in rows}:
            if shard > self._began // self._span:
                self._words.whole(shard)

    def _purged(self, item: ItemId) -> None:
        self._waiting.pop(item, None)
        row = self._reader.row(item)
        if row is not None:
            self._words.drop(row.admission)
            self._gone.set()

    def _text(self, row: ItemRow) -> str | None:
        """Return what an item says; None for a fact, and for what is purged or cannot be opened."""
        if row.kind in FACT_KINDS or row.state == "PURGED":
            return None
        try:
            stored = self._reader.item(row.id)
            return None if stored is None else told(decode_statement(decode_signed(stored.signed).data), row.ref)
        except Fault:
            return None


def _beyond(query: Query, shard: int, span: int) -> int | None:
    """Return the place after the last of a shard, in the order that is asked for; None before the first of all."""
    return (shard * span or None) if query.newest else (shard + 1) * span - 1


def told(said: Statement, ref: str) -> str:
    """Return what an item says, folded, a line for each of its texts; the last is its reference, as on the phone."""
    return "\n".join(map(fold, [*strings(msgspec.json.decode(said.body)), ref]))


def sought(query: Query) -> tuple[Term, ...]:
    """Return the terms that a query looks for."""
    terms = map(term, [*query.words, *(() if query.text is None else (query.text,))])
    return tuple(one for one in terms if one.text)


def says(folded: str, terms: tuple[Term, ...]) -> bool:
    """Return whether an item, as it is `told`, says each of some terms; its reference is one as a whole."""
    text, _, name = folded.rpartition("\n")
    return all(has(text, one) or one.text == name for one in terms)


def strings(value: Any) -> list[str]:
    """Return every text in a value of JSON, in its order; the ids of other items are none: nobody wrote them."""
    if isinstance(value, str):
        return [] if _ID.fullmatch(value) else [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in strings(one)]
