"""A name without what leads it and says little: articles, "of", "in", in five languages; and the one spelling of it.

With and without its article it is one source: whoever compares names for that asks here.
"""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES
from quartet.intake.dates.spelling import Kind, tokens

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


def spelt(text: str) -> tuple[str, ...]:
    """Return the words of a text in the one spelling in which they are compared, without an Arabic article."""
    return tuple(_without(token.text) for token in tokens(text) if token.kind in (Kind.WORD, Kind.NUMBER))


@lru_cache(maxsize=4096)
def led(name: str) -> str:
    """Return a name as an officer's word on it is looked up: in one spelling, without articles and the like."""
    return " ".join(word for word in spelt(name[:MAX_NAME]) if not any_fits(small(), word))


def unled(name: str) -> str:
    """Return a name as written, from its first word on that is no article or the like; one of such words alone whole.

    With and without its article it is one source, and would have two blinded names.
    """
    words = [token for token in tokens(name[:MAX_NAME]) if token.kind in (Kind.WORD, Kind.NUMBER)]
    first = next((n for n, token in enumerate(words) if not any_fits(small(), _without(token.text))), 0)
    return name[words[first].start :] if first else name


def alike_led(name: str) -> str:
    """Return a name by which two are told to be one source: in one spelling, from its first word on that says more."""
    return " ".join(spelt(unled(name)))


@lru_cache(maxsize=1)
def small() -> tuple[Pattern, ...]:
    """Return the words that lead a name and say little of it, all languages together; raise `Malformed`."""
    found = files("quartet.intake").joinpath("lexicons", "names", "small.toml")
    lists = tomllib.loads(found.read_text(encoding="utf-8"))
    return patterns(lists[language] for language in LANGUAGES)


def any_fits(patterns: Iterable[Pattern], word: str) -> bool:
    """Return whether a word is meant by one of some patterns."""
    return any(one.fits(word) for one in patterns)


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """Return the single words of some lines."""
    return tuple(dict.fromkeys(chain.from_iterable(phrase_of(line) for line in lines)))


def phrase_of(line: str) -> tuple[Pattern, ...]:
    """Return a line as patterns, one a word; raise `Malformed("bad-lexicon")`."""
    found = tuple(chain.from_iterable(_part(part) for part in line.split()))
    if not found or any(one.open and len(one.text) < _LEAST - 1 for one in found):
        raise Malformed("bad-lexicon", f"{line!r} is no phrase")
    return found


def _part(part: str) -> list[Pattern]:
    """Return the words of one part between spaces: a star is of the last."""
    words = spelt(part.removesuffix("*"))
    return [Pattern(text, part.endswith("*") and n == len(words)) for n, text in enumerate(words, start=1)]


def _without(word: str) -> str:
    for cling in _CLINGS:
        if word.startswith(cling) and len(word) - len(cling) >= _LEAST:
            return word[len(cling) :]
    return word
