"""A name taken apart for comparison: its words, what kind each is, and the letters of all of them together.

Only so many letters and words are looked at; where there are more, the form says that it was cut.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from quartet.core.fold import fold
from quartet.intake.names.sounds import soft, table
from quartet.intake.names.spelt import Script, scripts_of, spelt, tables

MAX_LETTERS: Final = 96
"""Letters and signs of a name that are compared; what follows is not looked at, and said to be cut."""
MAX_KEPT: Final = 2 * MAX_LETTERS
"""Letters of a name in an alias, and of what is read of a name at all: marks and joiners do not count as letters."""
MAX_WORDS: Final = 12
_MORE: Final = "\0"
"""Ends the key of a name that goes on: no whole name has that key."""
_LEAST: Final = 3
"""How many letters must be left when an article is taken off a word."""


class Run(NamedTuple):
    """Letters in a row, as numbers, made ready to be aligned."""

    letters: tuple[int, ...]
    together: tuple[int, ...]
    """Which letter each is together with the one before it; -1 where it is none."""
    full: float
    """What would be lost without it, in scripts that write their vowels."""
    loose: float
    """The same in those that do not."""


class Word(NamedTuple):
    """One word of a name."""

    run: Run
    particle: bool
    kind: str
    """What kind of place or body it says, if it does: such words are translated."""
    initial: bool


class Form(NamedTuple):
    """A name as it is compared."""

    key: str
    """The fold of the name: two of one key are spelt alike."""
    words: tuple[Word, ...]
    whole: Run
    core: Run
    """The letters without the words that are translated, where others are left."""
    kinds: frozenset[str]
    loose: bool
    """Whether its script leaves vowels out."""
    mixed: bool
    """Whether its letters are of more than one script."""
    cut: bool


class _Listed(NamedTuple):
    particles: frozenset[str]
    kinds: Mapping[str, str]
    onto: tuple[str, ...]


@lru_cache(maxsize=1)
def _listed() -> _Listed:
    said = table("words")
    particles = frozenset(fold(word) for line in said["particles"].values() for word in line.split())
    kinds = {fold(word): kind for kind, line in said["kinds"].items() for word in line.split()}
    onto = sorted(said["onto"]["arabic"].split(), key=lambda one: (-len(one), one))
    return _Listed(particles, kinds, tuple(onto))


def form(name: str) -> Form:
    """Return a name taken apart; any text gives a form."""
    looked_at = name[:MAX_KEPT]
    plain = _shown(looked_at)
    parts = plain[:MAX_LETTERS].split()
    words = [word for part in parts[:MAX_WORDS] if (word := _word(part)).run.letters]
    essential = [word for word in words if not word.kind] or words
    return Form(
        key=fold(looked_at) + _MORE * (len(name) > MAX_KEPT),
        words=tuple(words),
        whole=_joined(words),
        core=_joined(essential),
        kinds=frozenset(word.kind for word in words) - {""},
        loose=any(_script(part) == "arabic" for part in parts),
        mixed=len(scripts_of(plain)) > 1,
        cut=len(name) > len(looked_at) or len(plain) > MAX_LETTERS or len(parts) > MAX_WORDS,
    )


def _shown(name: str) -> str:
    """Return a name in small letters: no marks, no signs but what is heard, words apart by one space."""
    whole = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(map(_sign, unicodedata.normalize("NFC", whole))).split())


@lru_cache(maxsize=8192)
def _sign(char: str) -> str:
    kind = unicodedata.category(char)
    if char.isalpha() or char.isdecimal():
        return char
    if char in "'’‘ʼʻʿʾ`´":
        return "'"
    if kind in {"Mn", "Me", "Lm"} or char == "ـ":
        return ""
    return "" if kind in {"Cf", "Cc"} and char not in "\u200c\n\t" and not char.isspace() else " "


def _script(part: str) -> Script:
    return spelt(part)[0]


@lru_cache(maxsize=16_384)
def _word(part: str) -> Word:
    script, letters = spelt(part)
    key = fold(part)
    particle = key in _listed().particles
    kind = _listed().kinds.get(key) or _listed().kinds.get(_without_article(key), "")
    letters = _soft(letters, len(letters)) if particle else letters
    if script == "arabic" and not particle:
        letters = _soft(letters, len(key) - len(_without_article(key)))
    return Word(run_of(letters), particle, kind, sum(map(str.isalpha, part)) == 1)


def _without_article(key: str) -> str:
    for onto in _listed().onto:
        if key.startswith(onto) and len(key) - len(onto) >= _LEAST:
            return key[len(onto) :]
    return key


def _soft(letters: tuple[int, ...], count: int) -> tuple[int, ...]:
    known = tables().sounds
    return (*(known.numbers[soft(known.letters[one])] for one in letters[:count]), *letters[count:])


def run_of(letters: tuple[int, ...]) -> Run:
    """Return letters made ready to be aligned."""
    known = tables().sounds
    together = [known.together.get(pair, -1) for pair in pairwise(letters)]
    full, loose = (sum(scale.missing[one] for one in letters) for scale in (known.full, known.loose))
    return Run(letters, (-1, *together)[: len(letters)], full, loose)


def _joined(words: list[Word]) -> Run:
    return run_of(tuple(letter for word in words for letter in word.run.letters))
