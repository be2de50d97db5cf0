"""What the languages say around places, and how they bend their names: tables that come with the package."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from quartet.core.fold import stems
from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind, tokens

LEAST: Final = 4
"""Letters that a word must have to be taken without what is written onto it, or without the ending of its case."""


class Around(NamedTuple):
    """Words of one language by which a name is known for a place's, or for something else's."""

    before: frozenset[str]
    """In, to, from: what follows may be a place."""
    kinds: frozenset[str]
    """City, village, province: what follows is one."""
    not_after: frozenset[str]
    """Street, square, named after: what follows is not the place."""
    not_before: frozenset[str]
    """Street, square, university: what stands before is not the place."""
    parts: frozenset[str]
    """Mount, new, upper: a part of longer names, and no place by itself."""
    within: frozenset[str]
    """What may stand between a place and the country that it is in."""
    common: frozenset[str]
    """Names of places that are words of the language too: never a place without one of the words above."""


def spelt(text: str) -> tuple[str, ...]:
    """Return the words of a name in the one spelling in which names are compared."""
    return tuple(token.text for token in tokens(text) if token.kind in (Kind.WORD, Kind.NUMBER))


def _table(name: str) -> dict[str, Any]:
    found = files("quartet.intake").joinpath("lexicons", "places", f"{name}.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def around(language: Language) -> Around:
    """Return the words of a language around places."""
    said = _table(language)
    return Around(
        *(_words(said[key]) for key in ("before", "kinds", "not_after", "not_before", "parts", "within", "common"))
    )


def _words(line: str) -> frozenset[str]:
    return frozenset(word for one in line.split() for word in spelt(one))


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Return what countries are called beside their names in CLDR, by ISO code."""
    return {code: tuple(one.strip() for one in line.split("|")) for code, line in _table("countries")["names"].items()}


@lru_cache(maxsize=1)
def _cases() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return endings with their cases as names are spelt here, where й is и: two that are then one have all cases."""
    found: dict[str, list[str]] = {}
    for ending, line in _table("ru")["cases"].items():
        cases = ["".join(spelt(case)) for case in line.split()]
        found.setdefault("".join(spelt(ending)), []).extend(cases)
    return tuple((ending, tuple(cases)) for ending, cases in sorted(found.items(), key=lambda one: (-len(one[0]), one)))


def bent(word: str) -> frozenset[str]:
    """Return the forms of a Russian name in its cases, as its ending says; all that grammar allows, itself left out."""
    for ending, cases in _cases():
        if len(word) >= LEAST and word.endswith(ending):
            stem = word.removesuffix(ending)
            return frozenset(stem + case for case in cases) - {word}
    return frozenset()


@lru_cache(maxsize=16_384)
def unwritten(word: str) -> tuple[str, ...]:
    """Return what an Arabic word may be without a preposition written onto it, and with the article behind للـ."""
    found = [stem for stem in stems(word) if len(stem) >= LEAST and _led(word.removesuffix(stem))]
    hidden = ["ال" + stem for stem in found if word.removesuffix(stem).endswith("لل")]
    return (*found, *hidden)


def _led(taken: str) -> bool:
    return "ب" in taken or taken.lstrip("وف").startswith("ل")
