"""See how far a name goes in Arabic or Persian, where no capital tells: a given name, what it is joined to, and more.

In Arabic "father of", "son of", "servant of" go with what follows, "of the faith" with what stands before; in Persian
some words only end a name. A third part is taken only where nothing else can stand there.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag, lexicon
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.person import NO_NAME, TITLES, VERBS, has
from quartet.intake.sayings.words import Word

MAX_PARTS: Final = 4
_SURE_PARTS: Final = 2
_LONGER_THAN_AND: Final = 3


def named(words: Sequence[Word], at: int, language: Language) -> int:
    """Return where a name that starts here ends; here, where none does."""
    end, parts = at, 0
    while parts < MAX_PARTS:
        size = _part(words, end, language)
        if not size or (parts >= _SURE_PARTS and not _of_the_name(words, at, end, size, language)):
            break
        end += size
        parts += 1
        if words[end - 1].raw.endswith("ً"):
            return end - 1
    return end


def word_of_name(word: Word, language: Language) -> bool:
    """Return whether a word may be of a name: given names, and words of which nothing else is known."""
    if word.kind is not Kind.WORD or _joined_by_and(word, language):
        return False
    if Tag.STOP in word.tags and not word.raw.endswith("ي"):
        return False
    if Tag.GIVEN in word.tags:
        return True
    return len(word.text) > 1 and not has(
        word, Tag.STOP, Tag.AND, Tag.PRONOUN, Tag.RELATIVE, Tag.SKIP, *NO_NAME, *VERBS, *TITLES, Tag.LINK
    )


def _joined_by_and(word: Word, language: Language) -> bool:
    """Return whether an Arabic word begins with "and": another stands there then, whom no name goes on to."""
    if language != "ar" or len(word.text) <= _LONGER_THAN_AND or not word.text.startswith("و"):
        return False
    return not any(entry.tag is Tag.GIVEN for entry in lexicon("ar").whole.get(word.text, ()))


def _part(words: Sequence[Word], at: int, language: Language) -> int:
    """Return how many words a part of a name takes here: none, where no name can stand."""
    if at >= len(words):
        return 0
    size = 1
    if language == "ar" and words[at].text in listed(Listed.LEADING) and _may_follow(words, at + 1):
        size = 2
    elif not word_of_name(words[at], language) and not (language == "fa" and Tag.PARTICLE in words[at].tags):
        return 0
    while at + size < len(words) and _ends_a_part(words[at + size], language):
        size += 1
    return size


def _may_follow(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].kind is Kind.WORD and not has(words[at], Tag.THAT, *VERBS)


def _ends_a_part(word: Word, language: Language) -> bool:
    if word.kind is not Kind.WORD:
        return False
    return word.text in listed(Listed.ENDING) if language == "ar" else Tag.PARTICLE in word.tags


def _of_the_name(words: Sequence[Word], first: int, at: int, size: int, language: Language) -> bool:
    """Return whether a third part is of the name for sure: a given name, "son of", or what nothing else can be."""
    word, after = words[at], words[at + size] if at + size < len(words) else None
    if Tag.GIVEN in word.tags or (language == "ar" and word.text in listed(Listed.LEADING)):
        return True
    apart = first > 0 and words[first - 1].raw in ",،" and after is not None and after.raw in ",،"
    if language == "fa":
        return not word.tags and apart
    bound = after is not None and has(after, Tag.THAT, Tag.RELATIVE)
    return not word.tags and word.text.startswith("ال") and (apart or bound)
