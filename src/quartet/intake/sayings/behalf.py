"""Doubt for whom a person speaks: then who says it is known, and who knew it first is not.

A body whose name may go on, an office beside a name whose body was not read, one that its holder has left, and a body
that only a relative clause speaks of: the person may still speak for it, or for nobody.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.closed import ended
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, phrases
from quartet.intake.sayings.person import TITLES, has
from quartet.intake.sayings.scene import Party, Scene
from quartet.intake.sayings.words import Word

_OF_A_BODY: Final = frozenset({Tag.RANK, Tag.SERVICE, Tag.SOLE})
_OFFICES: Final = (Tag.SERVICE, Tag.SPOKES, Tag.RANK)
_LONGEST_OFFICE: Final = 12
_FIRST: Final = 2


def for_another(scene: Scene, who: Party) -> bool:
    """Return whether a person may speak for a body that was not read whole."""
    words = scene.line.words
    texts = [word.text for word in words]
    behalf = any(
        tuple(texts[at : at + len(one)]) == one for one in phrases(Listed.ON_BEHALF) for at in range(len(texts))
    )
    if behalf and who.body is None:
        return True
    start = next(i for i, word in enumerate(words) if word.end > who.name.start)
    end = next((i for i in range(start, len(words)) if words[i].start >= who.name.end), len(words))
    if who.body is not None:
        return _open(scene, who) or _left(scene, who, start, end)
    title, behind = _described(scene, who, start, end)
    if any(word.text in listed(Listed.DEPUTIES) for word in title):
        return True
    if _serves(behind, alone=who.title is Tag.SOLE):
        return True
    if who.title in _OF_A_BODY:
        return False
    unread = who.title is None and _trade_of_a_body(words, end)
    return unread or _office_beside(words, start, end) or _related(words, end)


def _serves(behind: Sequence[Word], *, alone: bool) -> bool:
    """Return whether what describes a person behind the name has a body there: "a warden with the flood watch".

    Of a body in which one is alone in office that is only so where a word leads to it: "warden from the inspection".
    """
    if alone and any(Tag.INDEFINITE in word.tags for word in behind[:_FIRST]):
        return True
    at = next((i for i, word in enumerate(behind) if Tag.BODY in word.tags), None)
    if at is None or (not alone and any(Tag.SOLE in word.tags for word in behind[: at + 1])):
        return False
    led = any(
        has(word, Tag.INDEFINITE) or (Tag.FROM in word.tags and Tag.LINK not in word.tags) for word in behind[:at]
    )
    return led or not alone


def _open(scene: Scene, who: Party) -> bool:
    """Return whether the body may go on behind where it was read to end, or begin before it with a number."""
    words, body = scene.line.words, who.body
    assert body is not None
    first = next(i for i, word in enumerate(words) if word.end > body.start)
    if first and words[first - 1].kind is Kind.NUMBER:
        return True
    at = next((i for i, word in enumerate(words) if word.start >= body.end), len(words))
    inside = at < len(words) and words[at].start < who.name.end
    named = inside and (words[at].start >= who.name.start or has(words[at], *TITLES) or words[at].capital)
    return not (named or ended(scene, at, verb=False))


def _left(scene: Scene, who: Party, start: int, end: int) -> bool:
    """Return whether the title or the apposition of a name says that it is a former one."""
    title, behind = _described(scene, who, start, end)
    return any(word.text in listed(Listed.FORMER) for word in (*title, *behind))


def _described(scene: Scene, who: Party, start: int, end: int) -> tuple[Sequence[Word], Sequence[Word]]:
    """Return the words of the title before a name, a word before it included, and those of what describes it behind."""
    words, one = scene.line.words, next((one for one in scene.people if one.place == who.name), None)
    begin, after = (start, end) if one is None else (one.begin, one.after)
    return words[max(0, begin - 1) : start], words[end : max(after, end)]


def _trade_of_a_body(words: Sequence[Word], end: int) -> bool:
    """Return whether a part behind a name may say, in words that are not known, what the person does for a body."""
    if end + 1 >= len(words) or words[end].raw not in ",،" or has(words[end + 1], Tag.AND, Tag.ARTICLE, Tag.BODY):
        return False
    part = _until_break(words[end + 1 :])
    return any(Tag.BODY in word.tags for word in part) and not any(has(word, Tag.AUX, Tag.SOLE) for word in part)


def _related(words: Sequence[Word], end: int) -> bool:
    """Return whether what follows a name says of a body what the person does there: ", who runs the mill"."""
    at = end + (end < len(words) and words[end].raw in ",،")
    if at >= len(words) or Tag.RELATIVE not in words[at].tags or (Tag.THAT in words[at].tags and at == end):
        return False
    return any(Tag.BODY in word.tags for word in _until_break(words[at:]))


def _office_beside(words: Sequence[Word], start: int, end: int) -> bool:
    """Return whether a comma parts a name from an office whose body was not read: that may have known it first."""
    part = list[Word]()
    if end < len(words) and words[end].raw in ",،(":
        part += _until_break(words[end + 1 :])
    if start > 1 and words[start - 1].raw in ",،":
        part += _until_break(words[start - 2 :: -1])
    return any(has(word, *_OFFICES) and not has(word, Tag.SOLE, Tag.PRIVATE) for word in part)


def _until_break(words: Sequence[Word]) -> list[Word]:
    """Return the first words up to a sign at which a part of a clause ends."""
    cut = next((i for i, word in enumerate(words) if word.breaks or has(word, Tag.SAY, Tag.DENY)), len(words))
    return list(words[: min(cut, _LONGEST_OFFICE)])
