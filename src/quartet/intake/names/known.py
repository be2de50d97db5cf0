"""Many names made ready to be asked: looked up by the consonants that all scripts agree on."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log
from typing import Final, NamedTuple

from quartet.intake.names.forms import Form, form
from quartet.intake.names.spelt import tables

SHORT_LIST: Final = 150
"""How many names are compared letter by letter: all, if there are no more; otherwise those that share the most."""
_OPTIONAL: Final = "V"
"""A consonant that a script may write as a vowel: names are looked up with it and without."""


class Known(NamedTuple):
    """Names made ready, each once, in order."""

    names: tuple[str, ...]
    forms: tuple[Form, ...]
    numbers: Mapping[str, tuple[int, ...]]
    """Which names have one fold."""
    places: Mapping[str, tuple[int, ...]]
    """Which names have a gram of consonants."""
    weights: tuple[float, ...]


def known(names: Iterable[str]) -> Known:
    """Make names ready to be asked, in time that grows with their number."""
    ordered = tuple(sorted(set(names)))
    forms = tuple(map(form, ordered))
    numbers, places = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    grams = [_grams(one) for one in forms]
    for number, one in enumerate(forms):
        numbers[one.key].append(number)
        for gram in grams[number]:
            places[gram].append(number)
    kept = {gram: tuple(found) for gram, found in places.items()}
    weights = tuple(sum(_rare(len(kept[gram]), len(ordered)) for gram in sorted(found)) for found in grams)
    return Known(ordered, forms, {key: tuple(found) for key, found in numbers.items()}, kept, weights)


def _rare(found: int, of: int) -> float:
    return log(1 + of / found)


def near(asked: Form, among: Known) -> tuple[int, ...]:
    """Return the names that may sound like one: those that share the most of its rare consonants, in order."""
    if len(among.names) <= SHORT_LIST:
        return tuple(range(len(among.names)))
    shared = defaultdict[int, float](float)
    own = 0.0
    for gram in sorted(_grams(asked)):
        found = among.places.get(gram, ())
        weight = _rare(len(found) or 1, len(among.names))
        own += weight
        for number in found:
            shared[number] += weight
    best = heapq.nsmallest(SHORT_LIST, ((-both / (own + among.weights[n] - both + 1e-9), n) for n, both in shared.items()))
    return tuple(sorted({number for _, number in best} | set(among.numbers.get(asked.key, ()))))


def _grams(one: Form) -> frozenset[str]:
    """Return pairs of consonants, beside each other and one apart, and the first of each word."""
    kinds = tables().sounds.kinds
    words = ["".join(kinds[letter] for letter in word.letters) for word in one.words if not word.kind]
    words = words or ["".join(kinds[letter] for letter in word.letters) for word in one.words]
    forms = {tuple(words), tuple(word.replace(_OPTIONAL, "") for word in words), tuple(word.replace(_OPTIONAL, "F") for word in words)}
    return frozenset(gram for spelt in forms for gram in _of(spelt))


def _of(words: tuple[str, ...]) -> list[str]:
    whole = "".join(words)
    begins = ["^" + word[:2] for word in words] + ["^" + word[:1] for word in words]
    return begins + [a + b for a, b in zip(whole, whole[1:], strict=False)] + [f"{a}.{b}" for a, b in zip(whole, whole[2:], strict=False)]
