"""Fold a text to what is looked for in it: case, marks, joins, digits and spellings of one letter make no difference.

The same fold is used where words are kept for finding and where a question is read; what is stored is never changed.
Each letter is folded by itself, so a text takes time in proportion to its length, whatever it is made of.
"""

import re
import unicodedata
from typing import Final

from quartet.core.encoding import Value

MAX_GROWTH: Final = 18
"""Into how many letters one letter may fold: an Arabic ligature holds a whole blessing."""
MIN_STEM: Final = 3
"""How many letters must be left when a letter is taken for a proclitic; the article may leave one fewer."""
_MAX_LEARNED: Final = 8_192

_SAME: Final = {
    **dict.fromkeys("يىېۍے", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةەہھۃ", "ه"),
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **{"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ð": "d", "þ": "th"},
    **{"æ": "ae", "œ": "oe", "ŋ": "n", "ĸ": "k", "ґ": "г"},
    **dict.fromkeys("‘’‚‛ʹʻʼʽʾʿˈ`´′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **{"−": "-", "،": ",", "٬": ",", "٫": ".", "؛": ";", "؟": "?", "۔": "."},
}
_DROPPED: Final = frozenset("\u0640\u115f\u1160\u3164\uffa0")
"""Tatweel, which only stretches, and the letters that nobody sees."""
_GONE: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})


class _Letters(dict[int, str]):
    """What each letter folds to, found when it is first met; only so many are remembered."""

    def __missing__(self, code: int) -> str:
        folded = _letter(chr(code))
        if len(self) < _MAX_LEARNED:
            self[code] = folded
        return folded


def _letter(letter: str) -> str:
    """Return what one letter folds to: folded again it stays."""
    while True:
        folded = "".join(_once(one) for one in unicodedata.normalize("NFKD", letter.casefold()))
        if folded == letter:
            return folded
        letter = folded


def _once(letter: str) -> str:
    if letter.isspace():
        return " "
    kind = unicodedata.category(letter)
    if kind in _GONE or letter in _DROPPED:
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    return "-" if kind == "Pd" else _SAME.get(letter, letter)


_LETTERS: Final = _Letters()


def fold(text: str) -> str:
    """Return a text as it is looked for: never more than `MAX_GROWTH` times as long, and the same when folded again."""
    return " ".join(text.translate(_LETTERS).split())


class Term(Value, frozen=True):
    """One word or phrase that is looked for, folded; any one of its stems at the start of a word will do as well."""

    text: str
    stems: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """What a text that has the term has at least one of."""
        return (self.text, *self.stems)


def term(text: str) -> Term:
    """Return what to look for when somebody asks for a text: Arabic words also without what is written onto them."""
    folded = fold(text)
    return Term(text=folded, stems=() if " " in folded else stems(folded))


_ARABIC: Final = re.compile(r"[\u0621-\u06d3]+")
_CHAIN: Final = re.compile(r"[وف]?(?:[بکل]?(?:ال)|لل|[بکل])?")
_WRITTEN_ON: Final = r"(?<!\w)(?:[وف]?(?:[بکل]?ال|لل|[بکل])?)"


def stems(word: str) -> tuple[str, ...]:
    """Return what a folded Arabic word may be without its proclitics, shortest last; () for any other word."""
    if _ARABIC.fullmatch(word) is None:
        return ()
    whole = _CHAIN.match(word)
    ends = range(1, 1 + (0 if whole is None else whole.end()))
    return tuple(word[end:] for end in ends if _leaves(word[:end], len(word) - end))


def _leaves(taken: str, left: int) -> bool:
    """Return whether letters are proclitics for themselves, and leave enough of a word."""
    least = MIN_STEM - 1 if taken.endswith(("ال", "لل")) else MIN_STEM
    return left >= least and _CHAIN.fullmatch(taken) is not None


def has(folded: str, sought: Term) -> bool:
    """Return whether a folded text has a term: anywhere as it stands, or one of its stems where a word begins."""
    return sought.text in folded or any(begins(folded, stem) for stem in sought.stems)


def begins(folded: str, stem: str) -> bool:
    """Return whether a word of a folded text begins with a stem, behind proclitics or none."""
    return stem in folded and re.search(_WRITTEN_ON + re.escape(stem), folded) is not None
