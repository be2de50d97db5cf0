"""Many names made ready to be asked: looked up by the consonants that all scripts agree on."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from math import log, prod
from typing import Final, NamedTuple

from quartet.intake.names.forms import Form, form
from quartet.intake.names.sounds import OPTIONAL
from quartet.intake.names.spelt import tables

SHORT_LIST: Final = 150
"""How many names are compared letter by letter: all, if there are no more; otherwise those that share the most."""
_MAX_SPELT: Final = 8
"""In how many ways the consonants of one gram are spelt."""


class Known(NamedTuple):
    """Names made ready, each once, in order."""

    names: tuple[str, ...]
    forms: tuple[Form, ...]
    numbers: Mapping[str, tuple[int, ...]]
    """Which names have one fold."""
    places: Mapping[str, tuple[int, ...]]
    """Which names have a gram of consonants."""
    weights: tuple[float, ...]
    lengths: tuple[int, ...]
    """How many letters each has."""


def known(names: Iterable[str]) -> Known:
    """Make names ready to be asked, in time that grows with their number."""
    ordered = tuple(sorted(set(names)))
    forms = tuple(map(form, ordered))
    numbers, places = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    grams = [_grams(one) for one in forms]
    for number, one in enumerate(forms):
        numbers[one.key].append(number)
        for gram in grams[number].every:
            places[gram].append(number)
    kept = {gram: tuple(found) for gram, found in places.items()}
    weights = tuple(sum(_rare(len(kept[gram]), len(ordered)) for gram in found.main) for found in grams)
    lengths = tuple(len(one.whole.letters) for one in forms)
    return Known(ordered, forms, {key: tuple(found) for key, found in numbers.items()}, kept, weights, lengths)


def _rare(found: int, of: int) -> float:
    return log(1 + of / (found or 1))


def near(asked: Form, among: Known) -> tuple[int, ...]:
    """Return the names that may sound like one: those that share the most of its rare consonants, in order."""
    of = len(among.names)
    if of <= SHORT_LIST:
        return tuple(range(of))
    shared = [0.0] * of
    grams = _grams(asked)
    for gram in grams.every:
        found = among.places.get(gram, ())
        weight = _rare(len(found), of)
        for number in found:
            shared[number] += weight
    own = sum(_rare(len(among.places.get(gram, ())), of) for gram in grams.main)
    size = len(asked.whole.letters)
    ranked = (
        (-both / max(own, weight), abs(size - length), n)
        for n, (both, weight, length) in enumerate(zip(shared, among.weights, among.lengths, strict=True))
        if both
    )
    best = heapq.nsmallest(SHORT_LIST, ranked)
    return tuple(sorted({one[-1] for one in best} | set(among.numbers.get(asked.key, ()))))


class _Grams(NamedTuple):
    every: tuple[str, ...]
    main: tuple[str, ...]
    """Those of the likeliest sounds alone: by their weight two names of different length are compared."""


def _grams(one: Form) -> _Grams:
    """Return pairs of consonants, beside each other and one apart, the first of each word, and all of them together."""
    hard = tables().sounds.hard
    essential = [word for word in one.words if not (word.particle or word.kind)] or list(one.words)
    main = tuple(_skeleton(word.run.letters) for word in essential)
    whole = tuple(_skeleton(tuple(hard[letter] for letter in word.run.letters)) for word in one.words)
    forms = {tuple(_with(word, optional) for word in words) for words in (main, whole) for optional in ("", "F")}
    likeliest = tuple(tuple(kinds[:1] for kinds in _with(word, "")) for word in main)
    return _Grams(tuple(sorted({gram for words in forms for gram in _of(words)})), tuple(sorted(_of(likeliest))))


def _skeleton(letters: tuple[int, ...]) -> tuple[str, ...]:
    """Return for each consonant of a word the kinds that it may be; "_" first where it begins with another letter."""
    known = tables().sounds
    found: list[str] = []
    for at, letter in enumerate(letters):
        together = known.together.get((letters[at - 1], letter)) if at else None
        if together is not None and known.kinds[together] and found:
            found[-1] = known.kinds[together]
        else:
            found.append(known.kinds[letter])
    begins = ("_",) if found and found[0] in ("", OPTIONAL) else ()
    return begins + tuple(kinds for kinds in found if kinds)


def _with(word: tuple[str, ...], optional: str) -> tuple[str, ...]:
    return tuple(kinds if kinds != OPTIONAL else optional for kinds in word if kinds != OPTIONAL or optional)


def _of(words: tuple[tuple[str, ...], ...]) -> set[str]:
    bare = [[kinds for kinds in word if kinds != "_"] for word in words]
    every = [kinds for word in bare for kinds in word]
    begins = ("^" + gram for word in words for size in (1, 2) for gram in _spelt(word[:size]))
    pairs = (gram for pair in pairwise(every) for gram in _spelt(pair))
    apart = (f"{gram[0]}.{gram[1]}" for pair in zip(every, every[2:], strict=False) for gram in _spelt(pair))
    wholes = ("=" + gram for gram in _spelt(every))
    return {*begins, *pairs, *apart, *wholes, *("-" + gram for word in bare for gram in _spelt(word))}


def _spelt(kinds: Sequence[str]) -> list[str]:
    """Return what consonants may be together; where there are too many, only the likeliest."""
    ways = prod(map(len, kinds))
    if ways == 1 or ways > _MAX_SPELT:
        return ["".join(one[:1] for one in kinds)]
    return ["".join(one) for one in product(*kinds)]
