"""How alike the letters of two scripts sound, as numbers: 0 the same, 1 wholly different.

A letter may stand for several sounds, the likeliest first; two letters are as far apart as the nearest of their sounds.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

RANKS: Final = (0.0, 0.1, 0.18, 0.25)
"""What it costs that a letter stands for its second, its third, or a later of its sounds."""
SOFT: Final = 0.25
"""How much of a sound counts where it is often written and not heard, or left out."""
LOOSE: Final = 0.45
"""How much vowels count where one of the names is in Arabic letters, which leave most of them out."""
OPTIONAL: Final = "V"
"""The kind of what a script may write as a vowel: names are looked up with it and without."""
_VOWELS: Final = frozenset("aeiou")


class Letter(NamedTuple):
    """What one letter, or several together, may sound like: the likeliest first."""

    sounds: tuple[str, ...]
    soft: bool = False


class Scale(NamedTuple):
    """What it costs to read one letter as another (`apart[a][b]`), or to miss one (`missing[a]`)."""

    apart: list[list[float]]
    missing: list[float]


class Sounds(NamedTuple):
    """All letters by number, and what they cost in scripts that write their vowels, and in those that do not."""

    letters: tuple[Letter, ...]
    numbers: Mapping[Letter, int]
    full: Scale
    loose: Scale
    together: Mapping[tuple[int, int], int]
    """Which letter two letters are together, if any."""
    kinds: tuple[str, ...]
    """The rough kinds of each letter, one sign each; empty for those by which no name is looked up."""
    hard: tuple[int, ...]
    """Each letter as one that counts whole."""


def table(name: str) -> dict[str, Any]:
    """Return one of the tables of names that come with the package."""
    found = files("quartet.intake").joinpath("lexicons", "names", f"{name}.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))


def letter(spelt: str) -> Letter:
    """Return what a line of a table says of a letter."""
    return Letter(tuple(spelt.removeprefix("~").split()), spelt.startswith("~"))


def soft(one: Letter) -> Letter:
    """Return a letter that counts for little."""
    return Letter(one.sounds, True)


class _Hearing(NamedTuple):
    missing: Mapping[str, float]
    apart: Mapping[tuple[str, str], float]

    def between(self, one: str, other: str) -> float:
        return 0.0 if one == other else self.apart.get((one, other), 1.0)

    def letters(self, one: Letter, other: Letter) -> float:
        return min(
            self.between(a, b) + RANKS[min(i, 3)] + RANKS[min(j, 3)]
            for i, a in enumerate(one.sounds)
            for j, b in enumerate(other.sounds)
        )

    def lost(self, one: Letter) -> float:
        return self.missing.get(one.sounds[0], 1.0) * (SOFT if one.soft else 1.0)


def sounds(spelt: Iterable[Letter]) -> Sounds:
    """Return the letters that are given, hard and soft, and those that they are together, with what they cost."""
    said = table("sounds")
    joined = {tuple(pair.split()): whole for pair, whole in said["together"].items()}
    one_each = [Letter((whole,)) for whole in joined.values()]
    every = tuple(dict.fromkeys(form for one in (*spelt, *one_each) for form in (Letter(one.sounds), soft(one))))
    numbers = {one: number for number, one in enumerate(every)}
    apart = {tuple(pair.split()): cost for pair, cost in said["apart"].items()}
    hearing = _Hearing(said["missing"], {pair: cost for (a, b), cost in apart.items() for pair in ((a, b), (b, a))})
    return Sounds(
        letters=every,
        numbers=numbers,
        full=_scale(every, hearing, 1.0),
        loose=_scale(every, hearing, LOOSE),
        together=_together(numbers, joined),
        kinds=_kinds(every, said["kinds"]),
        hard=tuple(numbers[Letter(one.sounds)] for one in every),
    )


def _scale(every: tuple[Letter, ...], hearing: _Hearing, vowels: float) -> Scale:
    weights = [vowels if one.sounds[0] in _VOWELS else 1.0 for one in every]
    apart = [
        [
            min(1.0, hearing.letters(a, b)) * min(wa, wb) * (SOFT if a.soft and b.soft else 1.0)
            for b, wb in zip(every, weights, strict=True)
        ]
        for a, wa in zip(every, weights, strict=True)
    ]
    return Scale(apart, [hearing.lost(one) * weight for one, weight in zip(every, weights, strict=True)])


def _together(numbers: Mapping[Letter, int], joined: Mapping[tuple[str, ...], str]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for a, first in numbers.items():
        for b, second in numbers.items():
            whole = joined.get((a.sounds[0], b.sounds[0]))
            if whole is not None:
                found[first, second] = numbers[Letter((whole,), a.soft and b.soft)]
    return found


def _kinds(every: tuple[Letter, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    kind_of = {sound: kind for kind, spelt in said.items() for sound in spelt.split()}
    return tuple("" if one.soft else _kinds_of(one, kind_of) for one in every)


def _kinds_of(one: Letter, kind_of: Mapping[str, str]) -> str:
    first, *others = (kind_of.get(sound, sound if sound.isdigit() else "") for sound in one.sounds[:2])
    return first if first in ("", OPTIONAL) else "".join(dict.fromkeys([first, *(o for o in others if o != OPTIONAL)]))


@lru_cache(maxsize=1)
def digits() -> tuple[Letter, ...]:
    """Return the digits: each sounds like itself alone."""
    return tuple(Letter((digit,)) for digit in "0123456789")
