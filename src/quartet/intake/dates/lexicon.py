"""The items of a text that a date can be made of, in runs: between two runs stands a word that no date has.

A date never reaches from one run into another, so that what it means does not depend on the text around it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind, Token, tokens
from quartet.intake.dates.values import Language
from quartet.intake.dates.words import COMMON, TABLES

MAX_RUN: Final = 4096
"""Items after which a run is ended, whatever follows."""
_CLITICS: Final = ("و", "ف", "ب", "ل", "ک")
"""What Arabic writes before a word without a space."""
Senses = Mapping[str, int | str]
NO_SENSES: Final[Senses] = {}


class Item(NamedTuple):
    """A token or a phrase with all that it may mean; `number` is -1 where it is none, `digits` how many it has."""

    kind: Kind
    text: str
    start: int
    end: int
    gap: int
    senses: Senses
    number: int = -1
    digits: int = 0
    capital: bool = False


class Lexicon(NamedTuple):
    """The phrases of a language, the longest by their first word, and every word in any of them."""

    phrases: Mapping[tuple[str, ...], Senses]
    longest: Mapping[str, int]
    words: frozenset[str]
    clitics: bool


@lru_cache(maxsize=8)
def lexicon(language: Language) -> Lexicon:
    """Return the phrases of a language."""
    phrases: dict[tuple[str, ...], dict[str, int | str]] = {}
    for table in (COMMON, TABLES[language]):
        for kind, values in table.items():
            for value, spelt in values.items():
                for phrase in spelt.split("|"):
                    phrases.setdefault(tuple(token.text for token in tokens(phrase)), {})[kind] = value
    longest: dict[str, int] = {}
    for key in phrases:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Lexicon(phrases, longest, frozenset(word for key in phrases for word in key), language == "ar")


def runs(text: str, language: Language) -> Iterator[list[Item]]:
    """Yield the runs of items in a text."""
    known = lexicon(language)
    run: list[Token] = []
    for token in tokens(text):
        live = _live(token, known, run)
        if run and (live is None or token.gap > 1 or len(run) >= MAX_RUN):
            yield list(_items(text, run, known))
            run = []
        if live is not None:
            run.append(live)
    if run:
        yield list(_items(text, run, known))


def _live(token: Token, known: Lexicon, run: list[Token]) -> Token | None:
    if token.kind is Kind.OTHER:
        return None
    if token.kind is not Kind.WORD or token.text in known.words:
        return token
    if run and _may_end_a_group(token, run):
        return token
    return _bare(token, known) if known.clitics else None


def _bare(token: Token, known: Lexicon) -> Token | None:
    """Return a word of Arabic without what is written before it; `li-` swallows the first letter of the article."""
    rest = token.text[1:]
    if token.text.startswith("لل") and "ال" + token.text[2:] in known.words:
        return token._replace(text="ال" + token.text[2:])
    return (
        token._replace(text=rest, start=token.start + 1) if token.text[0] in _CLITICS and rest in known.words else None
    )


def _may_end_a_group(token: Token, run: list[Token]) -> bool:
    """Whether the letters may belong to a date-time group: a zone, a month, or both."""
    return len(token.text) <= 5 and token.text.isascii() and any(map(_six, run[-2:]))


def _six(token: Token) -> bool:
    return token.kind is Kind.NUMBER and len(token.text) == 6


def _items(text: str, run: list[Token], known: Lexicon) -> Iterator[Item]:
    at = 0
    while at < len(run):
        token = run[at]
        if token.kind is Kind.NUMBER:
            number = int(token.text) if len(token.text) <= 8 else -1
            yield Item(*token, NO_SENSES, number, len(token.text))
            at += 1
            continue
        count, senses = _phrase(run, at, known)
        end = run[at + count - 1].end
        yield Item(token.kind, token.text, token.start, end, token.gap, senses, capital=text[token.start].isupper())
        at += count


def _phrase(run: list[Token], at: int, known: Lexicon) -> tuple[int, Senses]:
    for count in range(known.longest.get(run[at].text, 0), 0, -1):
        senses = known.phrases.get(tuple(token.text for token in run[at : at + count]))
        if senses is not None and at + count <= len(run):
            return count, senses
    return 1, NO_SENSES
