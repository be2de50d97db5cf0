"""See whether a name is bound to its verb: no other stands between them, and the clause itself says that it was said.

"A lawyer for Ann Poe said" is not Ann Poe; "asked about what Ann Poe had said" says nothing; who passes on the words of
a person whom the sentence names may have them from that person.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.marks import Mark, Role
from quartet.intake.sayings.person import TITLES, VERBS, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_APOSTROPHES: Final = "'’"
_DEFINITE_AR: Final = ("ال", "وال", "لل")
_NEAR_WHAT: Final = 12
_NEAR_COMMENT: Final = 6
_NEAR_AND: Final = 4
_PASSES_ON: Final = frozenset({Sort.AGENCY, Sort.MEDIUM, Sort.NAMED})
_CHAINED: Final = frozenset({Role.CITES, Role.CITED_BY})


def unbound(scene: Scene, mark: Mark, who: Party, found: Sequence[Mark]) -> bool:
    """Return whether something says that a party may not be who says it by a mark, though they stand side by side."""
    return (
        _of_a_name(scene, who)
        or _within_what(scene, mark)
        or _about_others_words(scene, mark, found)
        or _only_comments(scene, mark)
        or _source_behind(scene, mark, who, found)
        or _agreed_by_another(scene, mark)
        or _passes_words_on(scene, mark)
        or _carries_a_person(scene, mark, who, found)
    )


def _of_a_name(scene: Scene, who: Party) -> bool:
    """Return whether a party is somebody of the person whom it names: "a lawyer for Ann Poe"."""
    if who.sort is not Sort.PERSON:
        return False
    words = scene.line.words
    name = next((at for at, word in enumerate(words) if word.end > who.name.start), who.start)
    if name <= who.start:
        return False
    if scene.line.language == "ar":
        return _of_a_title(words, who.start, name)
    before = name - 1 - (words[name - 1].raw in _APOSTROPHES)
    return before > who.start and words[before].text in listed(Listed.OWNED_BY) and not words[before].capital


def _of_a_title(words: Sequence[Word], start: int, name: int) -> bool:
    """Return whether an Arabic title with the article is what a word before it is of: "the clerk of the minister"."""
    if name - 2 < start:
        return False
    head, title = words[name - 2], words[name - 1]
    titled = title.text.startswith(_DEFINITE_AR) and has(title, *TITLES)
    bare = head.kind is Kind.WORD and not head.text.startswith(_DEFINITE_AR)
    return titled and bare and not has(head, *VERBS, Tag.PREPOSITION, Tag.AND, Tag.THAT)


def _within_what(scene: Scene, mark: Mark) -> bool:
    """Return whether a verb stands in a clause that only names what was said: "asked about what the mayor had said"."""
    if mark.tag is Tag.ACCORDING or mark.role in _CHAINED or mark.this:
        return False
    words = scene.line.words
    for at in range(mark.first, max(-1, mark.first - _NEAR_WHAT), -1):
        if at < len(words) and at < mark.at and words[at].breaks:
            return False
        if at <= mark.at and _opens_what(scene, at):
            before = words[at - 1] if at else None
            return before is not None and not (
                before.text in listed(Listed.IS) or has(before, Tag.ACCORDING, Tag.THIS, Tag.SAY)
            )
    return False


def _opens_what(scene: Scene, at: int) -> bool:
    words, language = scene.line.words, scene.line.language
    if words[at].text not in listed(Listed.WHAT, language):
        return False
    after = next((word for word in words[at + 1 : at + 3] if word.kind is Kind.WORD), None)
    return after is not None and (not listed(Listed.WHICH, language) or after.text in listed(Listed.WHICH, language))


def _about_others_words(scene: Scene, mark: Mark, found: Sequence[Mark]) -> bool:
    """Return whether who does not confirm it speaks of what somebody else said."""
    if mark.tag is not Tag.UNSURE:
        return False
    says = any(one.role is Role.SAYS and one.at > mark.at and _is_somebody(one.party) for one in found)
    what = any(_opens_what(scene, at) for at in range(mark.end, len(scene.line.words)))
    return says or what or any(one.begin >= mark.last for one in scene.people)


def _is_somebody(who: Party | None) -> bool:
    return who is not None and who.sort not in (Sort.PRONOUN, Sort.UNKNOWN)


def _only_comments(scene: Scene, mark: Mark) -> bool:
    """Return whether a verb only judges what is told elsewhere: "said that what happened was a disaster"."""
    words, at = scene.line.words, mark.last
    while (
        at < len(words) and at - mark.last < _NEAR_COMMENT and not words[at].breaks and Tag.THAT not in words[at].tags
    ):
        at += 1
    return mark.role is Role.SAYS and at + 1 < len(words) and Tag.THAT in words[at].tags and _opens_what(scene, at + 1)


def _agreed_by_another(scene: Scene, mark: Mark) -> bool:
    """Return whether a comma and "and" lead to another right behind the verb: "police said, and the mayor agreed"."""
    words, at = scene.line.words, mark.last
    if mark.role is not Role.SAYS or at + 1 >= len(words) or words[at].raw not in ",،":
        return False
    return Tag.AND in words[at + 1].tags and any(at < one.begin <= at + _NEAR_AND for one in scene.people)


def _passes_words_on(scene: Scene, mark: Mark) -> bool:
    """Return whether a Russian verb takes the words of somebody else: "passed on the mayor's message"."""
    words = scene.line.words
    if (
        scene.line.language != "ru"
        or mark.end >= len(words)
        or not words[mark.at].text.startswith(starts(Listed.PASSES_ON))
    ):
        return False
    return any(word.text.startswith(starts(Listed.HIS_SPEECH)) for word in words[mark.end : mark.end + 2])


def others_named(scene: Scene) -> bool:
    """Return whether a sentence may name somebody besides its persons; where no capital tells, it always may."""
    if scene.line.language in ("ar", "fa") or scene.line.loud:
        return True
    words = scene.line.words
    own = {at for one in scene.people for at in range(one.begin, max(one.end, one.after))}
    return any(word.capital and at not in own for at, word in enumerate(words) if at)


def _source_behind(scene: Scene, mark: Mark, who: Party, found: Sequence[Mark]) -> bool:
    """Return whether an agency that is cited tells in turn of a source without a name."""
    further = any(one.role in _CHAINED and one.at >= mark.end for one in found)
    if mark.role not in _CHAINED or who.sort not in _PASSES_ON or further:
        return False
    return any(
        has(word, Tag.UNNAMED, Tag.SOURCED) and Tag.SKIP not in word.tags for word in scene.line.words[mark.last :]
    )


def _carries_a_person(scene: Scene, mark: Mark, who: Party, found: Sequence[Mark]) -> bool:
    """Return whether an outlet or agency may only carry the words of a person whom the sentence names."""
    if who.sort not in _PASSES_ON or who.reporter or mark.role is not Role.SAYS:
        return False
    if any(one.role in _CHAINED for one in found):
        return False
    return any(one.end <= mark.first or one.begin >= mark.last for one in scene.people)
