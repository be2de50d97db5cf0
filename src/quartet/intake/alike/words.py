"""What of a name says which one it is: without articles, kinds of place, and what a body does, in five languages.

Read once from package data, all languages together, for two names are compared whatever language each is of.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES
from quartet.intake.dates.spelling import Kind, tokens
from quartet.intake.events import EventType
from quartet.intake.names.forms import MAX_WORDS, form
from quartet.intake.names.sounds import OPTIONAL
from quartet.intake.names.spelt import tables

MAX_NAME: Final = 256
"""Letters of a name that are looked at."""
_CLINGS: Final = ("وال", "بال", "فال", "كال", "لل", "ال")
"""What Arabic writes onto a word, in the spelling of `tokens`."""
_LEAST: Final = 3


class Pattern(NamedTuple):
    """One word of a list: its letters, and whether any ending may follow."""

    text: str
    open: bool

    def fits(self, word: str) -> bool:
        """Return whether a word is meant."""
        return word.startswith(self.text) if self.open else word == self.text


class Listed(NamedTuple):
    """The lists of all languages."""

    small: tuple[Pattern, ...]
    place: tuple[Pattern, ...]
    roles: tuple[tuple[str, tuple[Pattern, ...]], ...]
    """What a body does, with the words that say so; the longest first."""
    near: frozenset[frozenset[EventType]]


class Bare(NamedTuple):
    """A name without what says little: what the body does, which kinds of thing it is, and the words that are left."""

    roles: frozenset[str]
    kinds: frozenset[str]
    rest: tuple[str, ...]


def spelt(text: str) -> tuple[str, ...]:
    """Return the words of a text in the one spelling in which they are compared, without an Arabic article."""
    return tuple(_without(token.text) for token in tokens(text) if token.kind in (Kind.WORD, Kind.NUMBER))


@lru_cache(maxsize=16_384)
def consonants(word: str) -> tuple[str, ...]:
    """Return for each consonant of a word the kinds that it may be, as all scripts agree on them."""
    kinds = tables().sounds.kinds
    found = (kinds[letter] for letter in form(word).whole.letters)
    return tuple(kind for kind in found if kind and kind != OPTIONAL)


def near(one: EventType, other: EventType) -> bool:
    """Return whether two types are often told of one event."""
    return frozenset((one, other)) in listed().near


@lru_cache(maxsize=1)
def listed() -> Listed:
    """Return the lists, checked; raise `Malformed("bad-lexicon")`."""
    said = [_table(language) for language in LANGUAGES]
    roles = [
        (role, _phrase(phrase)) for one in said for role, line in one["roles"].items() for phrase in line.split("|")
    ]
    return Listed(
        small=_patterns(one["small"] for one in said),
        place=_patterns(one["place"] for one in said),
        roles=tuple(sorted(roles, key=lambda one: (-len(one[1]), one))),
        near=frozenset(_pair(one) for one in _table("near")["near"]),
    )


@lru_cache(maxsize=4096)
def led(name: str) -> str:
    """Return a name as an officer's word on it is looked up: in one spelling, without articles and the like."""
    return " ".join(word for word in spelt(name[:MAX_NAME]) if not _any(listed().small, word))


def unled(name: str) -> str:
    """Return a name as written, from its first word on that is no article or the like; one of such words alone whole.

    With and without its article it is one source, and would have two blinded names.
    """
    words = [token for token in tokens(name[:MAX_NAME]) if token.kind in (Kind.WORD, Kind.NUMBER)]
    first = next((n for n, token in enumerate(words) if not _any(listed().small, _without(token.text))), 0)
    return name[words[first].start :] if first else name


@lru_cache(maxsize=4096)
def body(name: str) -> Bare:
    """Return a body's or a person's name taken apart."""
    words = spelt(name[:MAX_NAME])[:MAX_WORDS]
    roles, left = _roles(words)
    kinds = frozenset(chain.from_iterable(form(word).kinds for word in left))
    rest = tuple(word for word in left if not _says_little(word))
    return Bare(roles, kinds, rest if rest or roles else words)


@lru_cache(maxsize=4096)
def place(name: str) -> Bare:
    """Return a place's name taken apart; nothing is left of words that only say what kind of place it is."""
    words = spelt(name[:MAX_NAME])[:MAX_WORDS]
    kinds = frozenset(chain.from_iterable(form(word).kinds for word in words))
    rest = tuple(word for word in words if not (_says_little(word) or _any(listed().place, word)))
    return Bare(frozenset(), kinds, rest)


def _roles(words: tuple[str, ...]) -> tuple[frozenset[str], list[str]]:
    """Return what a body does, and the words that say nothing of it."""
    found, left, at = set[str](), list[str](), 0
    while at < len(words):
        role, length = next(_at(words, at), ("", 1))
        if role:
            found.add(role)
        else:
            left.append(words[at])
        at += length
    return frozenset(found), left


def _at(words: Sequence[str], at: int) -> Iterator[tuple[str, int]]:
    for role, phrase in listed().roles:
        here = words[at : at + len(phrase)]
        if len(here) == len(phrase) and all(one.fits(word) for one, word in zip(phrase, here, strict=True)):
            yield role, len(phrase)


@lru_cache(maxsize=8192)
def _says_little(word: str) -> bool:
    known = form(word).words
    return any(one.particle or one.kind for one in known) or _any(listed().small, word)


def _any(patterns: Iterable[Pattern], word: str) -> bool:
    return any(one.fits(word) for one in patterns)


def _without(word: str) -> str:
    for cling in _CLINGS:
        if word.startswith(cling) and len(word) - len(cling) >= _LEAST:
            return word[len(cling) :]
    return word


def _table(name: str) -> dict[str, Any]:
    found = files("quartet.intake").joinpath("lexicons", "alike", f"{name}.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))


def _patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(_phrase(line) for line in lines)))


def _phrase(line: str) -> tuple[Pattern, ...]:
    found = tuple(chain.from_iterable(_part(part) for part in line.split()))
    if not found or any(one.open and len(one.text) < _LEAST - 1 for one in found):
        raise Malformed("bad-lexicon", f"alike: {line!r} is no phrase")
    return found


def _part(part: str) -> list[Pattern]:
    """Return the words of one part between spaces: a star is of the last."""
    words = spelt(part.removesuffix("*"))
    return [Pattern(text, part.endswith("*") and n == len(words)) for n, text in enumerate(words, start=1)]


def _pair(line: str) -> frozenset[EventType]:
    try:
        one, other = map(EventType, line.split())
    except ValueError as error:
        raise Malformed("bad-lexicon", f"alike: {line!r} are no two types") from error
    return frozenset((one, other))
