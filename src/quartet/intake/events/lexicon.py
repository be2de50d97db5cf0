"""The words of a language that tell of events, as phrases that are looked for; read once from package data.

A phrase is written as a reader would write it. `a|b` stands for either word, `_` keeps words of one choice together
(`was|has_been`), `*` at the end of a word is any ending, and `~` up to `GAP` words between. Where a language writes
small words onto others, they may stand before.
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import chain, pairwise, product
from math import prod
from typing import Any, Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.dates.spelling import Kind, tokens
from quartet.intake.events.values import EventType, What

GAP: Final = 6
MIN_PREFIX: Final = 2
"""The least letters before a `*` in the first word of a phrase."""
MAX_PIECES: Final = 8
MAX_FORMS: Final = 4096
"""How many phrases one line may stand for."""
_SECTIONS: Final = {
    "told": frozenset(EventType),
    "named": frozenset(EventType),
    "weak": frozenset(EventType),
    "undone": frozenset(EventType),
    "thing": None,
    "verb": None,
    "mark": None,
    "noun": frozenset({*What, "person", "house", "unit"}),
    "dual": frozenset({*What, "person", "house"}),
    "one": frozenset({"person"}),
    "harm": frozenset(What),
    "zero": frozenset(What),
    "amount": None,
    "number": None,
    "place": None,
}
"""The sections of a file, and what may stand in them: None where the rules name it."""


class Piece(NamedTuple):
    """One word of a phrase: its letters, whether any ending may follow, and whether words may stand before it."""

    text: str
    open: bool
    gap: bool


class Phrase(NamedTuple):
    """What is looked for, and what it says: a section and a name in it."""

    pieces: tuple[Piece, ...]
    label: str
    value: str


class Pair(NamedTuple):
    """A thing and a verb that tell of an event together."""

    type: EventType
    thing: str
    verb: str


class Node:
    """What may follow the words of phrases that begin alike, and what is said where one ends."""

    __slots__ = ("says", "steps", "wide")

    def __init__(self) -> None:
        self.says: list[tuple[str, str]] = []
        self.steps = _NOWHERE
        self.wide = _NOWHERE
        """What may follow behind a gap."""

    def onward(self, *, gap: bool) -> "Steps":
        """Return the steps behind this word, to be added to; most words are the last of their phrase and have none."""
        if gap:
            self.wide = Steps() if self.wide is _NOWHERE else self.wide
            return self.wide
        self.steps = Steps() if self.steps is _NOWHERE else self.steps
        return self.steps


class Steps:
    """The next words: by all of their letters, and by how they begin."""

    __slots__ = ("stems", "words")

    def __init__(self) -> None:
        self.words: dict[str, Node] = {}
        self.stems: dict[str, Node] = {}

    def after(self, forms: tuple[str, ...]) -> Iterator[Node]:
        """Yield where a word leads, in any of its forms."""
        for form in forms:
            if form in self.words:
                yield self.words[form]
            if self.stems:
                yield from self._by_stem(form)

    def _by_stem(self, form: str) -> Iterator[Node]:
        for length in range(1, len(form) + 1):
            if form[:length] in self.stems:
                yield self.stems[form[:length]]


_NOWHERE: Final = Steps()


class Lexicon(NamedTuple):
    """The phrases of a language as a tree of their words, and the pairs by thing and verb."""

    phrases: Steps
    pairs: dict[tuple[str, str], EventType]
    clitics: bool
    things: frozenset[str]
    verbs: frozenset[str]


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: Language) -> Lexicon:
    """Return the phrases of a language."""
    return read({**_table(language), **_table("pairs")}, clitics=language == "ar")


def _table(name: str) -> dict[str, Any]:
    source = files("quartet.intake") / "lexicons" / "events" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def read(table: dict[str, Any], *, clitics: bool = False) -> Lexicon:
    """Return what a lexicon says, or raise `Malformed`: a section, a name or a phrase that no rule knows is a fault."""
    tree, names = Steps(), dict[str, set[str]]()
    for phrase in _phrases(table):
        _plant(tree, phrase)
        names.setdefault(phrase.label, set()).add(phrase.value)
    return Lexicon(
        phrases=tree,
        pairs={(one.thing, one.verb): one.type for one in _pairs(table.get("pair", []))},
        clitics=clitics,
        things=frozenset(names.get("thing", ())),
        verbs=frozenset(names.get("verb", ())),
    )


def _plant(tree: Steps, phrase: Phrase) -> None:
    pieces = iter(phrase.pieces)
    node = _next(tree, next(pieces))
    for piece in pieces:
        node = _next(node.onward(gap=piece.gap), piece)
    if (said := (phrase.label, phrase.value)) not in node.says:
        node.says.append(said)


def _next(steps: Steps, piece: Piece) -> Node:
    """Return where a word leads, to be added to."""
    ways = steps.stems if piece.open else steps.words
    found = ways.get(piece.text)
    if found is None:
        found = ways[piece.text] = Node()
    return found


def _pairs(table: list[dict[str, str]]) -> Iterator[Pair]:
    for one in table:
        if set(one) != {"type", "things", "verbs"} or one["type"] not in set(EventType):
            raise Malformed("bad-lexicon", f"a pair: {one}")
        for thing, verb in product(one["things"].split(), one["verbs"].split()):
            yield Pair(EventType(one["type"]), thing, verb)


def _phrases(table: dict[str, Any]) -> Iterator[Phrase]:
    for section, names in table.items():
        if section == "pair":
            continue
        if section not in _SECTIONS:
            raise Malformed("bad-lexicon", f"no section {section!r}")
        known = _SECTIONS[section]
        for name, lines in names.items():
            if known is not None and name not in known:
                raise Malformed("bad-lexicon", f"no {name!r} in {section!r}")
            yield from (Phrase(pieces, section, name) for line in lines for pieces in _forms(line))


def _forms(line: str) -> Iterator[tuple[Piece, ...]]:
    """Yield the phrases that a line stands for."""
    words = [(word, before == "~") for before, word in pairwise(["", *line.split()]) if word != "~"]
    choices = [[_spelt(choice, gap) for choice in word.split("|")] for word, gap in words]
    if prod(len(choice) for choice in choices) > MAX_FORMS:
        raise Malformed("bad-lexicon", f"too many phrases: {line!r}")
    if line.split()[-1:] == ["~"]:
        raise Malformed("bad-lexicon", f"nothing behind the gap: {line!r}")
    for chosen in product(*choices):
        pieces = tuple(chain.from_iterable(chosen))
        if not 0 < len(pieces) <= MAX_PIECES or pieces[0].gap or (pieces[0].open and len(pieces[0].text) < MIN_PREFIX):
            raise Malformed("bad-lexicon", f"not a phrase: {line!r}")
        yield pieces


@lru_cache(maxsize=16_384)
def _spelt(word: str, gap: bool) -> tuple[Piece, ...]:
    """Return a word of a phrase as pieces, behind a gap or not: several where signs or `_` part it."""
    spelt = [token.text for token in tokens(word) if token.kind in (Kind.WORD, Kind.NUMBER)]
    return tuple(
        Piece(text, word.endswith("*") and number == len(spelt), gap and number == 1)
        for number, text in enumerate(spelt, 1)
    )
