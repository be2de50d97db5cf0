"""What of a name says which one it is: without articles, kinds of place, and what a body does, in five languages.

Read once from package data, all languages together, for two names are compared whatever language each is of.
"""

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES
from quartet.intake.events import EventType
from quartet.intake.names.forms import MAX_WORDS, form
from quartet.intake.names.led import MAX_NAME, Pattern, any_fits, patterns, phrase_of, small, spelt
from quartet.intake.names.sounds import OPTIONAL
from quartet.intake.names.spelt import tables


class Listed(NamedTuple):
    """The lists of all languages."""

    place: tuple[Pattern, ...]
    roles: tuple[tuple[str, tuple[Pattern, ...]], ...]
    """What a body does, with the words that say so; the longest first."""
    near: frozenset[frozenset[EventType]]


class Bare(NamedTuple):
    """A name without what says little: what the body does, which kinds of thing it is, and the words that are left."""

    roles: frozenset[str]
    kinds: frozenset[str]
    rest: tuple[str, ...]


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
        (role, phrase_of(phrase)) for one in said for role, line in one["roles"].items() for phrase in line.split("|")
    ]
    return Listed(
        place=patterns(one["place"] for one in said),
        roles=tuple(sorted(roles, key=lambda one: (-len(one[1]), one))),
        near=frozenset(_pair(one) for one in _table("near")["near"]),
    )


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
    rest = tuple(word for word in words if not (_says_little(word) or any_fits(listed().place, word)))
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
    return any(one.particle or one.kind for one in known) or any_fits(small(), word)


def _table(name: str) -> dict[str, Any]:
    found = files("quartet.intake").joinpath("lexicons", "alike", f"{name}.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))


def _pair(line: str) -> frozenset[EventType]:
    try:
        one, other = map(EventType, line.split())
    except ValueError as error:
        raise Malformed("bad-lexicon", f"alike: {line!r} are no two types") from error
    return frozenset((one, other))
