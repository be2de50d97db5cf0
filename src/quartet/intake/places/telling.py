"""Whether words that are spelt as a place are one: what a careful reader asks before taking a word for a name.

Where a script has capitals, a capital tells, unless a sentence begins there or all is in capitals, and unless the word
is a part of a longer name. Where it has none, something before the word must say that a place follows. A word that is a
word of the language too is a place only where it is called one; a day or a month is none. What does not pass is left
out: a blank.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.dates.lexicon import lexicon
from quartet.intake.dates.spelling import Token
from quartet.intake.places.words import Around, around

SHORT: Final = 3
"""Letters of a word that is a name only where something before it says so."""
_ELIDED: Final = ("'", "’")
_DAYS: Final = frozenset({"month", "hmonth", "jmonth", "weekday"})
UNCASED: Final = frozenset({"ar", "fa"})


class Words(NamedTuple):
    """Words of a run that may be a name: which, and what is known of it."""

    text: str
    run: list[Token]
    at: int
    length: int
    bases: tuple[str, ...]
    """What the first word may be a case of."""
    onto: bool
    """Whether a preposition is written onto the first word."""
    country: bool
    large: bool
    """Whether it is a name of a country, or of a city that all know."""

    def token(self, offset: int) -> Token | None:
        """Return the word so far from the first, if there is one."""
        at = self.at + offset
        return self.run[at] if 0 <= at < len(self.run) else None


def is_place(words: Words, language: Language) -> bool:
    """Return whether the words are the name of a place here."""
    said = around(language)
    before, after = words.token(-1), words.token(words.length)
    if _named_after(words, said):
        return False
    if after is not None and after.text in said.not_before:
        return False
    called = before is not None and before.text in said.kinds
    led = called or words.onto or (before is not None and before.text in said.before)
    if language not in UNCASED and not _capital(words):
        return False
    if words.length > 1:
        return True
    if called:
        return words.run[words.at].text not in _never(language)
    return _alone(words, language, led=led)


def _named_after(words: Words, said: Around) -> bool:
    """Return whether a street or a square has the name, "of" and the like between them or nothing."""
    before, further = words.token(-1), words.token(-2)
    if before is None or before.text in said.not_after:
        return before is not None
    return further is not None and further.text in said.not_after and len(before.text) <= SHORT


def _alone(words: Words, language: Language, *, led: bool) -> bool:
    """Return whether one word is a name, which nothing calls a city or a village."""
    own = {words.run[words.at].text, *words.bases}
    if not _never(language).isdisjoint(own):
        return False
    if not around(language).common.isdisjoint(own):
        return led and language not in UNCASED
    if len(words.run[words.at].text) <= SHORT and not (led and words.large):
        return False
    if language in UNCASED:
        return led or words.country
    if not led and not words.large and (_begins(words) or _shouted(words)):
        return False
    return not _part(words, led=led)


@lru_cache(maxsize=8)
def _never(language: Language) -> frozenset[str]:
    """Return the words that are no name of a place by themselves."""
    said, dates = around(language), lexicon(language)
    days = (words for words, senses in dates.phrases.items() if not _DAYS.isdisjoint(senses))
    return said.parts | said.kinds | said.before | said.not_after | {word for words in days for word in words}


def _capital(words: Words) -> bool:
    return any(words.text[token.start].isupper() for token in words.run[words.at : words.at + words.length])


def _begins(words: Words) -> bool:
    """Return whether a sentence may begin with the word: what stands before it is neither a word nor a comma."""
    before = words.text[max(0, words.run[words.at].start - 4) : words.run[words.at].start].rstrip()
    return not (before and (before[-1].isalnum() or before[-1] in ",(-'’"))


def _shouted(words: Words) -> bool:
    token = words.run[words.at]
    return len(token.text) > 1 and words.text[token.start : token.end].isupper()


def _part(words: Words, *, led: bool) -> bool:
    """Return whether the word is a part of a longer name: one with a capital stands right before or after it."""
    before, after = words.token(-1), words.token(words.length)
    start = words.run[words.at].start
    elided = words.text[max(0, start - 1) : start] in _ELIDED
    capital = before is not None and words.text[before.start].isupper() and not elided
    first = words.at <= 1  # a word that begins a sentence has its capital from that
    joined = words.run[words.at].gap == 0
    named_after = after is not None and words.text[after.start].isupper() and not _shouted(words)
    return (capital and (joined or not (led or first))) or named_after
