"""Find the persons of a sentence in Arabic or Persian, where no capital tells a name: by titles and given names."""

from collections.abc import Iterator, Sequence
from typing import Final

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.named import named, word_of_name
from quartet.intake.sayings.person import NOT_IN_TITLE, TITLES, VERBS, Person, has, span_of, title_after
from quartet.intake.sayings.words import Line, Word

_LONGEST_OFFICE: Final = 8
"""Words of an office with its body before the comma behind which its holder is named."""
_MOST_RANKS: Final = 3


def uncased(line: Line) -> Iterator[Person]:
    """Yield the persons of a sentence in order of their titles or names."""
    words = line.words
    for at, word in enumerate(words):
        if word.kind is not Kind.WORD:
            continue
        title = next((tag for tag in TITLES if tag in word.tags), None)
        if title is not None:
            person = _after_title(line, at, title)
            if person is not None:
                yield person
        elif (
            Tag.GIVEN in word.tags
            and word_of_name(word, line.language)
            and not has(words[at - 1] if at else word, Tag.PLACE, Tag.BODY, Tag.LINK)
        ):
            person = _after_given(line, at)
            if person is not None:
                yield person


def _after_title(line: Line, at: int, title: Tag) -> Person | None:
    """Return who stands after a title: after its adjectives, or after ", " behind what it is the title of."""
    words = line.words
    start = at + words[at].tags[title]
    if _of_another(words, at, start, title, line.language):
        return None
    while start < len(words) and _goes_with_title(words, start, title, line.language):
        start += 1
    if _is_a_unit(words, at, start):
        return None
    comma = _comma(words, start)
    if comma is not None and title is not Tag.HONORIFIC:
        first = comma + 1
        while first < comma + _MOST_RANKS and first < len(words) and has(words[first], Tag.RANK, Tag.HONORIFIC):
            first += 1
        last = named(words, first, line.language)
        if last - first > 1 and (last == len(words) or words[last].breaks or has(words[last], Tag.SAY, Tag.DENY)):
            given = Tag.GIVEN in words[first].tags
            if given or title in (Tag.SOLE, Tag.SERVICE):
                return _person(words, first, last, at, last, title)
    end = named(words, start, line.language)
    if end - start < 1 and title is not Tag.HONORIFIC:
        start = _later_given(words, start, line.language)
        end = named(words, start, line.language)
    if end - start < 1 or start >= len(words):
        return None
    if title is Tag.RANK and Tag.UNNAMED in words[at].tags and end - start < 2 and Tag.GIVEN not in words[start].tags:
        return None  # "an officer on duty" has no name
    if end - start < 2 and title not in (Tag.RANK, Tag.HONORIFIC):
        return None
    if title in (Tag.RANK, Tag.HONORIFIC) or Tag.GIVEN in words[start].tags or _ends(words, end):
        if title in (Tag.PRIVATE, Tag.SERVICE, Tag.SOLE) and not _title_ends(words, at, start, title, line.language):
            return None
        after, _ = title_after(line, end)
        return _person(words, start, end, at, after, title)
    return None


def _is_a_unit(words: Sequence[Word], at: int, start: int) -> bool:
    """Return whether a word for a rank is one for a unit here: "the seventh brigade", "the command of the brigade"."""
    if Tag.RANK not in words[at].tags or start >= len(words):
        return False
    commanded = at > 0 and Tag.BODY in words[at - 1].tags and named(words, start, "ar") - start == 1
    return words[start].text in listed(Listed.ORDINALS) or (commanded and words[start].text.startswith("ال"))


def _of_another(words: Sequence[Word], at: int, start: int, title: Tag, language: Language) -> bool:
    """Return whether what follows is whose the title is, not who has it: "driver of" needs no word here."""
    if start >= len(words) or title in (Tag.RANK, Tag.HONORIFIC) or Tag.HONORIFIC in words[at].tags:
        return False
    titled = has(words[start], Tag.RANK, Tag.HONORIFIC) and Tag.QUALIFIER not in words[start].tags
    given = Tag.GIVEN in words[start].tags and word_of_name(words[start], language)
    if language == "ar":
        definite = any(word.text.startswith(("ال", "وال", "فال")) for word in words[at:start])
        return not definite and (titled or given)
    return titled or given


def _later_given(words: Sequence[Word], start: int, language: Language) -> int:
    """Return where a given name stands behind what a title is of: "the spokesman of the ministry Sami Taha"."""
    for at in range(start, min(len(words), start + 6)):
        titled = at > start and has(words[at], Tag.RANK, Tag.HONORIFIC) and Tag.GIVEN not in words[at].tags
        if titled or words[at].kind is not Kind.WORD or has(words[at], *NOT_IN_TITLE, *VERBS):
            return len(words)
        behind = at > start and not has(words[at - 1], Tag.BODY, Tag.PLACE)
        if behind and Tag.GIVEN in words[at].tags and word_of_name(words[at], language):
            return at
    return len(words)


def _ends(words: Sequence[Word], end: int) -> bool:
    return end == len(words) or words[end].breaks or has(words[end], *VERBS)


def _title_ends(words: Sequence[Word], at: int, start: int, title: Tag, language: str) -> bool:
    """Return whether a name may follow: without a capital to tell, only a known given name is sure."""
    if Tag.GIVEN in words[start].tags:
        return True
    definite = any(word.text.startswith("ال") for word in words[at : at + words[at].tags[title]])
    return language == "ar" and (definite or start > at + words[at].tags[title])


def _goes_with_title(words: Sequence[Word], at: int, title: Tag, language: str) -> bool:
    """Return whether a word is an adjective of a title; behind a rank or "Mr" one that is not known is a name."""
    word = words[at]
    if word.kind is not Kind.WORD or Tag.GIVEN in word.tags:
        return False
    if language == "ar" and title in (Tag.RANK, Tag.HONORIFIC) and not has(word, Tag.QUALIFIER, Tag.BODY, *TITLES):
        return False
    if language == "ar":
        return word.text.startswith("ال") and not has(word, Tag.RELATIVE, Tag.SKIP) and not _follows_given(words, at)
    return has(word, Tag.QUALIFIER, *TITLES)


def _follows_given(words: Sequence[Word], at: int) -> bool:
    return at > 0 and Tag.GIVEN in words[at - 1].tags


def _comma(words: Sequence[Word], start: int) -> int | None:
    for at in range(start, min(start + _LONGEST_OFFICE, len(words) - 2)):
        if words[at].raw in ",،":
            return at
        if words[at].kind is not Kind.WORD or has(words[at], *NOT_IN_TITLE, *VERBS):
            return None
    return None


def _after_given(line: Line, at: int) -> Person | None:
    """Return who starts with a given name that no title goes before, where a comma, a verb or a title follows."""
    words, end = line.words, named(line.words, at, line.language)
    if end - at < 2 or (at and has(words[at - 1], Tag.PLACE, Tag.BODY, Tag.GIVEN)):
        return None
    opens = at == 0 or words[at - 1].breaks or has(words[at - 1], Tag.SAY, Tag.BYLINE, Tag.AUX, Tag.AND, Tag.SAW)
    closes = end == len(words) or words[end].breaks or has(words[end], Tag.SAY, Tag.DENY, Tag.STOP, Tag.AUX)
    if not (opens or closes):
        return None
    after, title = title_after(line, end)
    return _person(words, at, end, at, after, title)


def _person(words: Sequence[Word], start: int, end: int, begin: int, after: int, title: Tag | None) -> Person:
    return Person(span_of(words, start, end), start, end, begin, after, title, lone=end - start < 2)
