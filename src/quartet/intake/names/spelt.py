"""The letters of one word of a name, by the tables of its script.

Letters of one script in a word of another are read as what they look like. Letters of scripts without a table are
romanised by anyascii first. Any text gives a list, in time that grows with its length.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from anyascii import anyascii

from quartet.intake.names.sounds import Letter, Sounds, digits, letter, soft, sounds, table

Script = Literal["latin", "arabic", "cyrillic", "other"]
_TABLES: Final[tuple[Script, ...]] = ("latin", "arabic", "cyrillic")
_NAMED: Final = {"LATIN": "latin", "ARABIC": "arabic", "CYRILLIC": "cyrillic", "GREEK": "greek"}
_LONGEST: Final = 5
"""Letters of the longest key of a table."""


class _Rule(NamedTuple):
    before: str
    """Letters of which one must follow; none: any may."""
    first: bool
    last: bool
    letters: tuple[int, ...]


class _Ending(NamedTuple):
    after: tuple[str, ...]
    endings: tuple[str, ...]


class Tables(NamedTuple):
    """What letters sound like in each script, and all that was read with it."""

    sounds: Sounds
    rules: Mapping[Script, Mapping[str, tuple[_Rule, ...]]]
    endings: tuple[_Ending, ...]
    lookalikes: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables, read once."""
    read = {script: table(script) for script in _TABLES}
    spelt = [_letters(line) for one in read.values() for line in one["letters"].values()]
    known = sounds([*digits(), *(one for line in spelt for one in line)])
    rules = {script: _rules(one["letters"], known) for script, one in read.items()}
    endings = tuple(
        _Ending(tuple(one["after"]), tuple(sorted(set(one["endings"]), key=lambda end: (-len(end), end))))
        for one in read["cyrillic"]["endings"]
    )
    return Tables(known, rules, endings, _lookalikes(table("lookalikes")))


def _letters(line: str) -> list[Letter]:
    return [letter(one) for one in line.split("+")]


def _rules(said: Mapping[str, str], known: Sounds) -> dict[str, tuple[_Rule, ...]]:
    found: dict[str, list[_Rule]] = {}
    for key, line in said.items():
        spelt, _, before = key.partition("|")
        rule = _Rule(
            before, spelt.startswith("^"), spelt.endswith("$"), tuple(known.numbers[one] for one in _letters(line))
        )
        found.setdefault(spelt.strip("^$"), []).append(rule)
    return {spelt: tuple(sorted(rules, key=_narrowest)) for spelt, rules in found.items()}


def _narrowest(rule: _Rule) -> tuple[bool, bool, bool]:
    return not rule.first, not rule.last, not rule.before


def _lookalikes(said: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    to_latin = {script: dict(pairs) for script, pairs in said.items()}
    return {
        "latin": {k: v for pairs in to_latin.values() for k, v in pairs.items()},
        "cyrillic": {v: k for k, v in to_latin["cyrillic"].items()},
    }


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Return the script of a letter, and "" for what is no letter."""
    if not char.isalpha() or unicodedata.category(char) == "Lm":
        return ""
    return _NAMED.get(unicodedata.name(char, "").partition(" ")[0], "other")


def scripts_of(word: str) -> frozenset[str]:
    """Return the scripts of the letters of a word."""
    return frozenset(map(script_of, word)) - {""}


def spelt(word: str) -> tuple[Script, tuple[int, ...]]:
    """Return the script of a word, which is in small letters, and the numbers of its letters in it."""
    script, plain = _plain(word)
    if script == "other":
        plain, script = anyascii(word).casefold(), "latin"
        return "other", tuple(_read(plain, tables().rules["latin"]))
    found = _read(plain, tables().rules[script], doubled=script != "arabic")
    return script, _softened(plain, found) if script == "cyrillic" else tuple(found)


def _plain(word: str) -> tuple[Script, str]:
    """Return which script most letters of a word are of, and the word with the others as what they look like."""
    counts = [(sum(script_of(char) == script for char in word), script) for script in _TABLES]
    most, script = max(counts, key=lambda one: one[0])
    if most == 0:
        return ("other" if scripts_of(word) else "latin"), word
    alike = tables().lookalikes.get(script, {})
    if scripts_of(word) == {script}:
        return script, word
    return script, "".join(char if script_of(char) == script else alike.get(char, char) for char in word)


def _read(word: str, rules: Mapping[str, tuple[_Rule, ...]], *, doubled: bool = True) -> list[int]:
    """Return the letters of a word; a letter written twice is one, where the script so writes a long one."""
    found: list[int] = []
    at = 0
    while at < len(word):
        taken, numbers = _longest(word, at, rules)
        again = doubled and at > 0 and taken == 1 and word[at] == word[at - 1] and list(numbers) == found[-1:]
        found.extend(() if again else numbers)
        at += taken
    return found


def _longest(word: str, at: int, rules: Mapping[str, tuple[_Rule, ...]]) -> tuple[int, Sequence[int]]:
    for size in range(min(_LONGEST, len(word) - at), 0, -1):
        for rule in rules.get(word[at : at + size], ()):
            if _holds(rule, word, at, at + size):
                return size, rule.letters
    return 1, _bare(word[at], rules)


def _holds(rule: _Rule, word: str, start: int, end: int) -> bool:
    if (rule.first and start > 0) or (rule.last and end < len(word)):
        return False
    return not rule.before or (end < len(word) and word[end] in rule.before)


@lru_cache(maxsize=4096)
def _stripped(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKD", char)[0]
    return plain if plain != char else anyascii(char)[:1].casefold()


def _bare(char: str, rules: Mapping[str, tuple[_Rule, ...]]) -> tuple[int, ...]:
    """Return what a letter is that stands in no table: without its marks, or romanised, or nothing."""
    plain = _stripped(char)
    if plain.isdecimal():
        return (tables().sounds.numbers[Letter((plain,))],)
    for one in (rules, tables().rules["latin"]):
        rule = next((rule for rule in one.get(plain, ()) if not (rule.first or rule.last or rule.before)), None)
        if rule is not None:
            return rule.letters
    return ()


def _softened(word: str, found: list[int]) -> tuple[int, ...]:
    """Return the letters of a Russian word with the ending of its case, if it may have one, counting for little."""
    ending = next((end for one in tables().endings for end in one.endings if _ends(word, one, end)), "")
    kept = len(found) - len(ending)
    known = tables().sounds
    return (*found[:kept], *(known.numbers[soft(known.letters[number])] for number in found[kept:]))


def _ends(word: str, rule: _Ending, ending: str) -> bool:
    stem = word.removesuffix(ending)
    return stem != word and len(stem) >= 3 and stem.endswith(rule.after)
