"""Find the names of known places in a text: each with its place in it, and every place that it may be.

Nothing is chosen where a name has several meanings: not the largest, not the nearest. One pass over the text, in time
that grows with its length: what is looked ahead is bounded by the longest name.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind as Sort
from quartet.intake.dates.spelling import Token, tokens
from quartet.intake.places.country import WELL_KNOWN, Found, Hit, told
from quartet.intake.places.telling import Words, is_place
from quartet.intake.places.values import Book, Kind, Place
from quartet.intake.places.words import around, bent, spelt, unwritten
from quartet.intake.texts import Span

MAX_WORDS: Final = 10
"""Words of a name that is found; longer names of places are not looked for."""
MAX_TEXT: Final = 2_000_000
"""Letters of a text that are looked at; `cut` says whether there are more."""
_DRAWN: Final = {"au": "le", "du": "le", "aux": "les", "des": "les"}
"""French prepositions with the article of a name in them."""
_RUN: Final = 4_096
"""Words after which a run ends, whatever follows."""
_JOINING: Final = frozenset("-'.")
"""Signs within names."""


class _Node(NamedTuple):
    children: dict[str, "_Node"]
    numbers: list[int]


class Gazetteer(NamedTuple):
    """A book of places made ready to be looked for in texts."""

    book: Book
    names: _Node
    bases: Mapping[str, tuple[str, ...]]
    """Which words of names a Russian word may be a case of."""

    def find(self, text: str, language: Language) -> tuple[Found, ...]:
        """Return the names of places in a text in order, the longest at each place; no two overlap."""
        hits = [
            Hit(one.span, tuple(self.book.places[number] for number in one.numbers))
            for run in _runs(text[:MAX_TEXT])
            for one in self._in_run(text, run, language)
        ]
        return told(text, hits, around(language))

    def called(self, name: str) -> tuple[Place, ...]:
        """Return every place of a name, spelt so but for case, marks and joiners."""
        node: _Node | None = self.names
        for word in spelt(name)[: MAX_WORDS + 1]:
            node = node.children.get(word) if node is not None else None
        return () if node is None else tuple(self.book.places[number] for number in node.numbers)

    def _in_run(self, text: str, run: list[Token], language: Language) -> Iterator["_Match"]:
        at, plain = 0, language not in ("ar", "ru")
        while at < len(run):
            passed = plain and run[at].text not in self.names.children and run[at].text not in _DRAWN
            match = None if passed else self._longest(text, run, at, language)
            if match is None:
                at += 1
            else:
                yield match
                at += match.length

    def _longest(self, text: str, run: list[Token], at: int, language: Language) -> "_Match | None":
        states, best = [(self.names, 0)], None
        for count, token in enumerate(run[at : at + MAX_WORDS], start=1):
            forms = self._forms(token.text, language, first=count == 1)
            states = [
                (node.children[form], bends + cost)
                for node, bends in states
                for form, cost in forms
                if form in node.children
            ]
            if not states:
                break
            ends = [(bends, node) for node, bends in states if node.numbers]
            if not ends:
                continue
            least = min(bends for bends, _ in ends)
            numbers = sorted({number for bends, node in ends if bends == least for number in node.numbers})
            onto = least > 0 and language == "ar"
            if is_place(self._may_be(text, run, at, count, numbers, onto=onto), language):
                begins = run[at + (least > 0 and language == "fr")].start  # what is drawn into an article is no name
                best = _Match(Span(begins, run[at + count - 1].end), tuple(numbers), count)
        return best

    def _may_be(self, text: str, run: list[Token], at: int, count: int, numbers: list[int], *, onto: bool) -> Words:
        places = [self.book.places[number] for number in numbers]
        country = any(place.kind is Kind.COUNTRY for place in places)
        large = country or any(place.population >= WELL_KNOWN for place in places)
        bases = self.bases.get(run[at].text, ())
        return Words(text, run, at, count, bases, onto=onto, country=country, large=large)

    def _forms(self, word: str, language: Language, *, first: bool) -> list[tuple[str, int]]:
        if language == "ar" and first:
            return [(word, 0), *((form, 1) for form in unwritten(word))]
        if language == "fr" and first and word in _DRAWN:
            return [(word, 0), (_DRAWN[word], 1)]
        if language == "ru":
            return [(word, 0), *((base, 1) for base in self.bases.get(word, ()))]
        return [(word, 0)]


class _Match(NamedTuple):
    span: Span
    numbers: tuple[int, ...]
    length: int


def cut(text: str) -> bool:
    """Return whether a text is longer than is looked at: what stands behind `MAX_TEXT` is not found."""
    return len(text) > MAX_TEXT


def gazetteer(book: Book) -> Gazetteer:
    """Make a book of places ready to be looked for, in time that grows with its names."""
    root = _Node({}, [])
    cyrillic: set[str] = set()
    for number, place in enumerate(book.places):
        for words in {spelt(name.text) for name in place.names}:
            if 0 < len(words) <= MAX_WORDS:
                _put(root, words, number)
                cyrillic.update(word for word in words if "а" <= word[0] <= "я")
    bases: dict[str, list[str]] = {}
    for word in sorted(cyrillic):
        for form in bent(word):
            bases.setdefault(form, []).append(word)
    return Gazetteer(book, root, {form: tuple(words) for form, words in bases.items()})


def _put(root: _Node, words: Iterable[str], number: int) -> None:
    node = root
    for word in words:
        node = node.children.setdefault(word, _Node({}, []))
    node.numbers.append(number)


def _runs(text: str) -> Iterator[list[Token]]:
    """Yield the words between which no sign stands that no name holds."""
    run: list[Token] = []
    for token in tokens(text):
        if token.kind in (Sort.WORD, Sort.NUMBER) and token.gap < 2 and len(run) < _RUN:
            run.append(token)
        elif token.kind is Sort.SIGN and token.text in _JOINING and not (token.text == "." and _ends(run)):
            continue
        else:
            yield run
            run = [token] if token.kind in (Sort.WORD, Sort.NUMBER) else []
    yield run


def _ends(run: list[Token]) -> bool:
    """Return whether a full stop ends a sentence: a word of more than three letters stands before it."""
    return not run or len(run[-1].text) > 3
