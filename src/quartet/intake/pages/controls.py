"""Find the characters that show nothing or move what is shown, so that an officer sees that they are there.

A joiner within an Arabic word, or one that ties a picture together, is how the word is written and no control.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from quartet.intake.texts import Control

MAX_CONTROLS: Final = 1_000
"""How many are named; the last one says that there are more."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd")
_JOINERS: Final = "\u200c\u200d"
_NAMES: Final = {0x00: "NULL", 0x08: "BACKSPACE", 0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE"}
_FIRST: Final = 0x7F
"""Every character from the space up to here shows something."""


def controls(text: str) -> tuple[Control, ...]:
    """Return the controls of a text in order, no more than `MAX_CONTROLS`."""
    found: list[Control] = []
    for at in _places(text):
        if len(found) == MAX_CONTROLS - 1:
            return (*found, Control(at=at, name="AND MORE"))
        found.append(Control(at=at, name=_name(text[at])))
    return tuple(found)


def _places(text: str) -> Iterator[int]:
    shown = {letter for letter in set(text) if not _hides(letter)}
    if len(shown) == len(set(text)):
        return
    for at, letter in enumerate(text):
        if letter not in shown and not (letter in _JOINERS and _joins(text, at)):
            yield at


def _hides(letter: str) -> bool:
    code = ord(letter)
    if 0x20 <= code < _FIRST:
        return False
    return unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cs", "Cn"} or letter in _BLANK or code in _TAGS


_TAGS: Final = range(0xE0000, 0xE1000)


def _joins(text: str, at: int) -> bool:
    """Return whether a joiner stands in a word of a script that joins, or between two pictures."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return _may_join(before) and (_may_join(after) or (text[at] == "\u200c" and not after.isalnum()))


def _may_join(letter: str) -> bool:
    if not letter:
        return False
    category = unicodedata.category(letter)
    return (0x0600 <= ord(letter) <= 0x08FF and category in {"Lo", "Lm", "Mn"}) or category == "So"


def _name(letter: str) -> str:
    code = ord(letter)
    return unicodedata.name(letter, "") or _NAMES.get(code) or f"CONTROL U+{code:04X}"
