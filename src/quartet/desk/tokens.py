"""The words of a text in one spelling, each with its place: whatever the case, the marks and the digits of its script.

The spelling serves comparison only; the text itself is never changed.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

ENDINGS_FROM: Final = 5
"""Letters from which on a word may be found without its last letter: names decline."""
_ONE: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ٱ": "ا", "ە": "ه", "ı": "i", "ł": "l"})
"""Letters that are written one for another."""
_DROPPED: Final = frozenset({"Mn", "Me", "Cf"})
_TATWEEL: Final = "ـ"
_PROCLITICS: Final = ("وال", "بال", "فال", "کال", "لل", "ال", "و", "ف", "ب", "ل", "ک")


class Token(NamedTuple):
    """A word: its spelling for comparison, where it stands, and what its letters look like there.

    `places` says of each letter of the spelling where in the text it is.
    """

    folded: str
    start: int
    end: int
    places: tuple[int, ...]
    capital: bool
    cased: bool
    digits: bool


def fold_letter(letter: str) -> str:
    """Return a letter in the one spelling: nothing for a mark, a joiner or a stretch."""
    if letter.isascii():
        return letter.lower()
    found = []
    for piece in unicodedata.normalize("NFKD", letter.casefold()):
        if unicodedata.category(piece) in _DROPPED or piece == _TATWEEL:
            continue
        number = unicodedata.decimal(piece, None)
        found.append(piece.casefold() if number is None else str(number))
    return "".join(found).translate(_ONE)


def folded(text: str) -> tuple[str, list[int]]:
    """Return a text with its digits and letters in one spelling of the same case, and the place of each; last its end.

    Case stays: a pattern may ask for capitals.
    """
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        plain = letter if letter.isascii() else _digits(letter)
        letters.extend(plain)
        places.extend([at] * len(plain))
    return "".join(letters), [*places, len(text)]


def _digits(letter: str) -> str:
    if unicodedata.category(letter) in _DROPPED:
        return ""
    number = unicodedata.decimal(letter, None)
    return letter if number is None else str(number)


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of a text: runs of letters and digits, over the marks and joiners between them."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    begin, spelling, places = -1, list[str](), list[int]()
    for at, letter in enumerate(text):
        if letter.isalnum():
            begin = at if begin < 0 else begin
            plain = fold_letter(letter)
            spelling.extend(plain)
            places.extend([at] * len(plain))
        elif begin >= 0 and not _joins(letter):
            if spelling:
                yield _token(text, begin, at, spelling, places)
            begin, spelling, places = -1, [], []
    if spelling:
        yield _token(text, begin, len(text), spelling, places)


def _joins(letter: str) -> bool:
    return not letter.isascii() and (unicodedata.category(letter) in _DROPPED or letter == _TATWEEL)


def _token(text: str, start: int, end: int, spelling: list[str], places: list[int]) -> Token:
    shown = text[start:end]
    return Token(
        folded="".join(spelling),
        start=start,
        end=end,
        places=tuple(places),
        capital=any(letter.isupper() or letter.istitle() for letter in shown),
        cased=any(letter.lower() != letter.upper() for letter in shown),
        digits=any(letter.isdigit() for letter in spelling),
    )


def keys_of(word: str, *, endings: int) -> Iterator[str]:
    """Yield what a word may be found by: itself, without what is written before it in Arabic, without its last letters.

    Two words have one key in common when they are alike up to `endings` letters of the one and as many of the other.
    """
    for bare in _bare(word):
        yield bare
        for less in range(1, endings + 1):
            if len(bare) - less >= ENDINGS_FROM - 1:
                yield bare[:-less]


def _bare(word: str) -> Iterator[str]:
    yield word
    for before in _PROCLITICS:
        rest = word.removeprefix(before)
        if rest != word and len(rest) >= 3:  # of fewer letters nearly all words are made
            yield rest
            return


def spaced(text: str) -> tuple[str, list[int]]:
    """Return the words of a text in the one spelling, one space apart, and where in the text each letter of that is."""
    letters: list[str] = []
    places: list[int] = []
    for token in tokens(text):
        if letters:
            letters.append(" ")
            places.append(token.start - 1)
        letters.extend(token.folded)
        places.extend(token.places)
    return "".join(letters), places
