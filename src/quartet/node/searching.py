"""Search: what a viewer may see and asked for, the best first, counted, with words to go on with.

All of it comes from items that passed the gate for her. How good a hit is follows from the line and the item alone:
no average over what lies here, which would tell of the rest. And it answers at one of few times, whatever it found.
"""

import asyncio
import re
from collections import Counter
from typing import Final

import msgspec
from msgspec import structs

from quartet.core.fold import Term, begins, fold
from quartet.core.ids import Micros
from quartet.core.release import Viewer, named_alone
from quartet.core.statement import Statement
from quartet.core.verify import Verified
from quartet.node.asking import Query
from quartet.node.beat import Beat
from quartet.node.drafting import title_of
from quartet.node.holdings import Holdings
from quartet.node.listing import Listing
from quartet.node.portions import portions
from quartet.node.searchviews import Search
from quartet.node.views import MAX_PAGE, Row
from quartet.node.wordbook import Wordbook, sought, strings

MAX_HITS: Final = MAX_PAGE
"""Hits that are ranked and counted, the newest; `more` says that there are others."""
MAX_SUGGESTED: Final = 5
SUGGESTED_FROM: Final = 128 * 1024
"""Bytes of the best hits that are read for words to go on with."""

_WORD: Final = re.compile(r"\w(?:[\w\u0300-\u036f\u0640\u064b-\u065f\u0670\u200c'’-]*\w)?")
_MAX_WORD: Final = 40


class Searching:
    """Searches for viewers."""

    def __init__(self, holdings: Holdings, listing: Listing, book: Wordbook) -> None:
        self._holdings = holdings
        self._book = book
        self._listing = listing

    async def search(self, viewer: Viewer, query: Query) -> Search:
        """Return what a viewer may see of what a query asks for, at most `limit` hits of all that are counted.

        Asked of the gate again when it answers: what she may see no more by then is neither shown nor counted.
        """
        beat = Beat()
        asked = structs.replace(query, newest=True, threads=False, after="", limit=MAX_HITS)
        rows, more, wanted = await self._listing.found(viewer, asked)
        terms = sought(query)
        ranked = await self._ranked(rows, terms)
        await beat.wait()
        now = self._holdings.clock.now()
        stands = self._listing.standing(wanted, viewer, now)
        left = [(row, item) for row, item in ranked if stands(row.id)]
        told = [item for _, item in left if not self._is_signed_for(item, now)]
        return Search(
            hits=tuple(row for row, _ in left[: query.limit]),
            count=len(left),
            more=more is not None,
            kinds=_counted([row.kind for row, _ in left]),
            authors=_counted([row.author for row, _ in left]),
            suggestions=suggested([item.statement for item in _first(told)], terms),
        )

    def _is_signed_for(self, item: Verified, now: Micros) -> bool:
        """Return whether a person signs that she saw it before she reads more of it than its line in a list."""
        return item.statement.member != self._holdings.me and named_alone(item, self._holdings.facts, now)

    async def _ranked(self, rows: list[tuple[int, Row]], terms: tuple[Term, ...]) -> list[tuple[Row, Verified]]:
        """Return rows with what their items say, the best first; they come and stay in the order of time."""
        found: list[tuple[float, Row, Verified]] = []
        held = ((at, row, item) for at, row in rows if (item := self._holdings.verified(row.id)) is not None)
        for some in portions(held, lambda one: len(one[2].signed)):
            for at, row, item in some:
                folded = self._book.told(item.statement, row.ref, at)
                found.append((score(fold(title_of(item.statement)), folded, terms), row, item))
            await asyncio.sleep(0)
        return [(row, item) for _, row, item in sorted(found, key=lambda one: -one[0])]


def _first(items: list[Verified]) -> list[Verified]:
    """Return of items in order the first that are read for their words: one at least, and no more than is soon read."""
    return next(portions(items, lambda one: len(one.signed), SUGGESTED_FROM), [])


def score(title: str, folded: str, terms: tuple[Term, ...]) -> float:
    """Return how well an item answers a query: by its title and by what it says, whatever else lies here.

    A whole word counts more than the beginning of one, that more than its inside; the title counts twice; and how often
    a term is said counts ever less.
    """
    text, _, _ = folded.rpartition("\n")
    return sum(2 * _place(title, one) + _place(text, one) + _often(text, one) for one in terms)


def _place(text: str, sought_for: Term) -> int:
    asked = re.escape(sought_for.text)
    if sought_for.text in text and re.search(rf"(?<!\w){asked}(?!\w)", text):
        return 3
    if any(begins(text, spelling) for spelling in sought_for.spellings):
        return 2
    return int(sought_for.text in text)


def _often(text: str, sought_for: Term) -> float:
    count = max(text.count(spelling) for spelling in sought_for.spellings)
    return count / (count + 1)


def suggested(said: list[Statement], terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Return the words of some items that begin with the last term, said by most items first, as these spell them."""
    if not terms:
        return ()
    counted: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for one in said:
        for folded, word in _words(one, terms[-1].text).items():
            counted[folded] += 1
            spelt.setdefault(folded, Counter())[word] += 1
    best = sorted(counted, key=lambda folded: (-counted[folded], folded))[:MAX_SUGGESTED]
    return tuple(min(spelt[folded], key=lambda word: (-spelt[folded][word], word)) for folded in best)


def _words(said: Statement, start: str) -> dict[str, str]:
    """Return the words of an item that go on from a start: each folded, with how it is spelt there first."""
    found: dict[str, str] = {}
    for text in strings(msgspec.json.decode(said.body)):
        for word in dict.fromkeys(_WORD.findall(text)):
            folded = fold(word) if len(word) <= _MAX_WORD else ""
            if folded.startswith(start) and folded != start:
                found.setdefault(folded, word)
    return found


def _counted(names: list[str]) -> dict[str, int]:
    """Return how often each name stands there, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
