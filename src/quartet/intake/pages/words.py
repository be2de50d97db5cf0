"""The words that pages of each language use for their own parts, as data, and where a line has them.

Words are compared in one spelling (`dates.spelling`), token by token, so that a place is one of the line as it stands.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind, Token, tokens

LANGUAGES: Final = ("en", "fr", "ar", "fa", "ru")
LISTS: Final = (
    *("read_more", "share", "furniture", "comments", "caption", "caption_end", "credit", "by", "published", "updated"),
    *(
        "source",
        "text_by",
        "source_with",
        "supplied",
        "for_text",
        "generic",
        "agency_first",
        "agency_last",
        "article",
        "staff",
        "name_ends",
        "rights",
        "stamp",
        "author",
    ),
    *("rank", "kicker", "end_mark", "other_matter", "and", "release", "body", "known_agency"),
)
"""What each language's list holds is said in `lexicons/pages/en.toml`."""
_MAX_TOKENS: Final = 400

Phrase = tuple[str, ...]


class Hit(NamedTuple):
    """Where a phrase stands: from token `first` to before `after`."""

    first: int
    after: int


class Phrases:
    """A list of phrases, found in a line's tokens in one pass."""

    def __init__(self, phrases: frozenset[Phrase]) -> None:
        self._by_first: dict[str, tuple[Phrase, ...]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            self._by_first[phrase[0]] = (*self._by_first.get(phrase[0], ()), phrase)

    def at(self, line: list[Token], place: int) -> int:
        """Return how many tokens the longest phrase has that stands at a token; 0 where none does."""
        if place >= len(line):
            return 0
        for phrase in self._by_first.get(line[place].text, ()):
            found = line[place : place + len(phrase)]
            if len(found) == len(phrase) and all(token.text == word for token, word in zip(found, phrase, strict=True)):
                return len(phrase)
        return 0

    def first(self, line: list[Token], start: int = 0) -> Hit | None:
        """Return the first place of any of the phrases from a token on."""
        for place in range(start, len(line)):
            if length := self.at(line, place):
                return Hit(place, place + length)
        return None

    def is_all(self, line: list[Token]) -> bool:
        """Return whether a line is one of the phrases and nothing else but signs."""
        said = [token for token in line if token.kind in (Kind.WORD, Kind.NUMBER)]
        return bool(said) and self.at(said, 0) == len(said)


class LexiconError(ValueError):
    """A list of words is not what it should be; whoever wrote the file mends it."""


@cache
def phrases(name: str) -> Phrases:
    """Return the phrases of one list in all five languages; pages mix them."""
    return Phrases(frozenset(phrase for language in LANGUAGES for phrase in _lexicon(language)[name]))


@cache
def _lexicon(language: str) -> dict[str, frozenset[Phrase]]:
    place = resources.files("quartet.intake") / "lexicons" / "pages" / f"{language}.toml"
    return checked(tomllib.loads(place.read_text(encoding="utf-8")), language)


def checked(given: dict[str, object], language: str) -> dict[str, frozenset[Phrase]]:
    """Return the lists of a language, or raise `LexiconError`: each list is there, and each phrase says something."""
    if set(given) != set(LISTS):
        raise LexiconError(f"{language}: {sorted(set(given) ^ set(LISTS))}")
    made = {}
    for name, listed in given.items():
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise LexiconError(f"{language}: {name} is no list of words")
        made[name] = frozenset(phrase_of(one) for one in listed)
        if () in made[name] or len(set(listed)) != len(listed):
            raise LexiconError(f"{language}: {name} has a phrase of nothing, or one twice")
    return made


def phrase_of(words: str) -> Phrase:
    """Return the tokens of a phrase that are compared: words and numbers."""
    return tuple(token.text for token in tokens(words) if token.kind in (Kind.WORD, Kind.NUMBER))


def said(text: str, start: int, end: int) -> list[Token]:
    """Return the words, numbers and signs of a place, with places in the whole text; only so many."""
    found: list[Token] = []
    for token in tokens(text[start : min(end, start + _MAX_TOKENS * 12)]):
        if len(found) == _MAX_TOKENS:
            break
        found.append(token._replace(start=token.start + start, end=token.end + start))
    return found


def spoken(line: list[Token]) -> list[Token]:
    """Return the tokens of a line that are words or numbers."""
    return [token for token in line if token.kind in (Kind.WORD, Kind.NUMBER)]
