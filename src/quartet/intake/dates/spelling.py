"""The words, numbers and signs of a text in one spelling, each with its place in the text as it came.

Marks, joiners, bidi controls and other characters that show nothing are passed over wherever they stand. One pass, each
character once: no text takes longer than its length.
"""

import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 32
"""Letters or digits of one token that are kept: no word of a date has more."""
_ONE: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ٱ": "ا", "ە": "ه", "ı": "i", "ـ": ""})
_SIGNS: Final = {
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys("’‘ʼ′＇`", "'"),
    **dict.fromkeys("／⁄∕؍", "/"),
    "،": ",",
    "，": ",",
    "：": ":",
    "．": ".",
    "（": "(",
    "）": ")",
    **{sign: sign for sign in "-'/,:.()+"},
}


class Kind(IntEnum):
    """What a token, or a character, is."""

    NOTHING = 0
    MARK = 1
    SPACE = 2
    LINE = 3
    NUMBER = 4
    WORD = 5
    SIGN = 6
    OTHER = 7


class Token(NamedTuple):
    """A word, a number or a sign; `gap` is 0 where it touches the one before, 1 after space, 2 after an empty line."""

    kind: Kind
    text: str
    start: int
    end: int
    gap: int


@lru_cache(maxsize=8192)
def seen(letter: str) -> tuple[Kind, str]:
    """Return what a character is, and its spelling for comparison."""
    if letter in _SIGNS:
        return Kind.SIGN, _SIGNS[letter]
    number = unicodedata.decimal(letter, None)
    if number is not None:
        return Kind.NUMBER, str(number)
    if letter.isspace():
        return (Kind.LINE if letter in "\n\x0b\x0c\x85\u2028\u2029" else Kind.SPACE), ""
    category = unicodedata.category(letter)
    if category in {"Mn", "Me"}:
        return Kind.MARK, ""
    if category in {"Cf", "Cc"} or letter == "ـ":
        return Kind.NOTHING, ""
    return (Kind.WORD, _spelt(letter)) if letter.isalpha() else (Kind.OTHER, "")


def _spelt(letter: str) -> str:
    pieces = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(piece for piece in pieces if not unicodedata.combining(piece)).casefold().translate(_ONE)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order."""
    kind, begin, end, letters, gap, lines = Kind.OTHER, -1, 0, list[str](), 0, 0
    known = _SEEN
    for at, letter in enumerate(text):
        what, spelt = known[letter]
        if what is kind and begin >= 0 and (what is _WORD or what is _NUMBER):
            end = at + 1
            if len(letters) <= LONGEST:
                letters.append(spelt)
            continue
        if what is _NOTHING:
            continue
        if what is _MARK:
            end = at + 1 if begin >= 0 and end == at else end
            continue
        if begin >= 0:
            yield Token(kind, "".join(letters), begin, end, gap)
            begin, gap, lines = -1, 0, 0
        if what is _SPACE or what is _LINE:
            lines += what is _LINE
            gap = 2 if lines > 1 else 1
            continue
        kind, begin, end, letters = what, at, at + 1, [spelt]
    if begin >= 0:
        yield Token(kind, "".join(letters), begin, end, gap)


class _Seen(dict[str, tuple[Kind, str]]):
    """What characters are, as they come: looked up once for each that a text holds, and never more than so many."""

    def __missing__(self, letter: str) -> tuple[Kind, str]:
        if len(self) >= _MOST_SEEN:
            self.clear()
        self[letter] = found = seen(letter)
        return found


_MOST_SEEN: Final = 8_192
_SEEN: Final = _Seen()
_WORD, _NUMBER, _SPACE, _LINE = Kind.WORD, Kind.NUMBER, Kind.SPACE, Kind.LINE
_NOTHING, _MARK = Kind.NOTHING, Kind.MARK
