"""A sentence as words, and what a lexicon sees in it; each word is looked at a bounded number of times."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import LONGEST, Kind, tokens
from quartet.intake.events.lexicon import GAP, Lexicon, Node
from quartet.intake.texts import Span

_CLITICS: Final = ("و", "ف")
_JOINED: Final = ("ال", "بال", "کال", "لل", "ب", "ل", "ک")
_ACCUSATIVE: Final = "ا"
_MIN_LEFT: Final = 2
_JOINS: Final = frozenset("-'")
"""Signs between two words of one phrase."""


class Word(NamedTuple):
    """A word or a number of a text, in one spelling, with its place in the whole text.

    `before` is what stands between it and the word before, without spaces; `number` is -1 where it is none.
    """

    text: str
    start: int
    end: int
    before: str
    capital: bool
    number: int
    forms: tuple[str, ...]


class Hit(NamedTuple):
    """A phrase that was found: a section and a name of the lexicon, and the words from `start` to before `end`."""

    label: str
    value: str
    start: int
    end: int
    own: tuple[int, ...] = ()
    """Which words are the phrase's own: those between stand in a gap of it."""


class Reading:
    """The words of one sentence and what was found in it."""

    def __init__(self, text: str, span: Span, lexicon: Lexicon) -> None:
        self.text = text
        self.span = span
        self.lexicon = lexicon
        self.words = list(_words(text, span, clitics=lexicon.clitics))
        self._hits: dict[str, list[Hit]] = {}
        for at in range(len(self.words)):
            for hit in _at(self.words, at, lexicon):
                self._hits.setdefault(hit.label, []).append(hit)
        self._starts = {label: [hit.start for hit in hits] for label, hits in self._hits.items()}
        self._word_starts = [word.start for word in self.words]
        self.loud = _loud(self.words)

    def hits(self, label: str, value: str | None = None, within: tuple[int, int] | None = None) -> list[Hit]:
        """Return what was found of a section, in order of its first words, among the words from and to."""
        found = self._hits.get(label, [])
        if within is not None:
            starts = self._starts.get(label, [])
            found = found[bisect_left(starts, within[0]) : bisect_left(starts, within[1])]
        return [hit for hit in found if value is None or hit.value == value]

    def has(self, label: str, value: str, within: tuple[int, int] | None = None) -> bool:
        """Return whether something of a section was found."""
        return bool(self.hits(label, value, within))

    @cached_property
    def harmless(self) -> frozenset[int]:
        """The words of phrases that negate nothing of what happened: they count nobody, or the data call them so."""
        phrases = [*self.hits("amount", "least"), *self.hits("amount", "most"), *self.hits("mark", "harmless")]
        none = {at for hit in self.hits("zero") for at in range(hit.start, hit.end)}
        return frozenset(none.union(at for hit in phrases for at in hit.own))

    def place(self, start: int, end: int) -> Span:
        """Return where words stand in the text."""
        return Span(self.words[start].start, self.words[end - 1].end)

    def word_at(self, place: int) -> int:
        """Return the number of the first word that begins at or after a place in the text."""
        return bisect_left(self._word_starts, place)


def _words(text: str, span: Span, *, clitics: bool) -> Iterator[Word]:
    piece = text[span.start : span.end]
    before: list[str] = []
    for token in tokens(piece):
        if token.kind in (Kind.WORD, Kind.NUMBER):
            number = int(token.text) if token.kind is Kind.NUMBER and len(token.text) <= 9 else -1
            first = piece[token.start]
            forms = tuple(_forms(token.text)) if clitics and token.kind is Kind.WORD else (token.text,)
            begin, end = span.start + token.start, span.start + token.end
            yield Word(token.text, begin, end, "".join(before), first.isupper(), number, forms)
            before = []
        elif len(before) < LONGEST:
            before.append(piece[token.start] if token.kind is Kind.OTHER else token.text)


def _forms(word: str) -> Iterator[str]:
    """Yield a word of Arabic as it stands, and without what may be written before it or the alif of the accusative."""
    bare = word[1:] if word[0] in _CLITICS and len(word) > _MIN_LEFT else ""
    wholes = (word, bare) if bare else (word,)
    cut = [whole[len(joined) :] for whole in wholes for joined in _JOINED if whole.startswith(joined)]
    for form in (*wholes, *(form for form in cut if len(form) >= _MIN_LEFT)):
        yield form
        if form.endswith(_ACCUSATIVE) and len(form) > _MIN_LEFT + 1:
            yield form[: -len(_ACCUSATIVE)]


def _loud(words: list[Word]) -> bool:
    """Return whether capitals mean nothing here, as in a signal: nearly every word has one."""
    lettered = [word for word in words if word.number < 0 and len(word.text) > 1]
    return len(lettered) > 3 and sum(word.capital for word in lettered) * 10 > 9 * len(lettered)


def _at(words: list[Word], at: int, lexicon: Lexicon) -> Iterator[Hit]:
    """Yield the longest phrase of each section and name that begins at a word."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for node in lexicon.phrases.after(words[at].forms):
        for key, own in _on(words, (at,), node):
            if own[-1] > found.get(key, (-1,))[-1]:
                found[key] = own
    yield from (Hit(label, value, at, own[-1] + 1, own) for (label, value), own in found.items())


def _on(words: list[Word], own: tuple[int, ...], node: Node) -> Iterator[tuple[tuple[str, str], tuple[int, ...]]]:
    """Yield what is said by the phrases that go on from a node, with their words; no phrase has more than a few."""
    for said in node.says:
        yield said, own
    first = own[-1] + 1
    for place in range(first, min(len(words), first + GAP + 1)):
        if not _joined(words[place]):
            return
        forms = words[place].forms
        if place == first:
            for after in node.steps.after(forms):
                yield from _on(words, (*own, place), after)
        if not node.wide.words and not node.wide.stems:
            return
        for after in node.wide.after(forms):
            yield from _on(words, (*own, place), after)


def _joined(word: Word) -> bool:
    return not word.before or all(sign in _JOINS for sign in word.before)
