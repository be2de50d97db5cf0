"""Who is named in a sentence, and the words that ask for a name: ranks, offices, trades, forms of address."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.words import Line, Word
from quartet.intake.texts import Span

TITLES: Final = (Tag.RANK, Tag.SOLE, Tag.SERVICE, Tag.PRIVATE, Tag.HONORIFIC)
NO_NAME: Final = (Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.PLACE, Tag.RECORD)
VERBS: Final = (Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.HE_SAID, Tag.AUX, Tag.SAW)
NOT_IN_TITLE: Final = (Tag.STOP, Tag.RELATIVE, Tag.AND, Tag.PREPOSITION)


class Person(NamedTuple):
    """Somebody named: words `start` to before `end` are the name, `begin` to before `after` all that goes with it."""

    place: Span
    start: int
    end: int
    begin: int
    after: int
    title: Tag | None
    lone: bool
    """One word only: it may stand for somebody who was named in full."""


def has(word: Word, *tags: Tag) -> bool:
    """Return whether a word has one of the tags."""
    return any(tag in word.tags for tag in tags)


def of_the_state(words: Sequence[Word], at: int) -> bool:
    """Return whether an English word is of the body behind it, though a verb is spelt so: "the state railway"."""
    behind = words[at + 1 : at + 2]
    return words[at].text in listed(Listed.BEFORE_A_BODY) and any(has(one, *NO_NAME) for one in behind)


def span_of(words: Sequence[Word], start: int, end: int) -> Span:
    """Return the place of some words."""
    return Span(words[start].start, words[end - 1].end)


def title_after(line: Line, end: int) -> tuple[int, Tag | None]:
    """Return where an apposition after a name ends and what it is: ", a haulier at the head of the queue"."""
    words = line.words
    if end + 1 >= len(words) or words[end].raw not in ",،(":
        return end, None
    at = end + 1
    if words[at].kind is Kind.NUMBER and at + 1 < len(words) and words[end].raw != "(":
        return _apposition(words, at), Tag.PRIVATE
    if Tag.AND in words[at].tags:
        return end, None  # another stands there
    if words[at].text in {"who", "whose"}:
        return end, Tag.PRIVATE
    while at < len(words) and at - end < 6 and words[at].kind is Kind.WORD:
        for tag in TITLES:
            if tag in words[at].tags and not words[at].capital:
                return _apposition(words, at), tag
        if not has(words[at], Tag.ARTICLE, Tag.QUALIFIER, Tag.PLACE, Tag.LINK, Tag.INDEFINITE) and at - end > 2:
            break
        at += 1
    return end, None


def _apposition(words: Sequence[Word], at: int) -> int:
    while at < len(words) and not words[at].breaks and not has(words[at], *VERBS):
        at += 1
    return at
