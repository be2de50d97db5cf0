"""Say whether a person stands alone in a frame, and is named in full.

Alone: nothing but titles before the name, and nothing behind it but what says who that is. In full: two words or more
that begin with a capital behind a title or with a known given name; a surname alone may be anybody's.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag, lexicon
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.parts import adjective, definite, name_of
from quartet.intake.sayings.person import TITLES, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

IN_FULL: Final = 2
"""Words of a name, at least."""
_NEAR_TITLE: Final = 4
_ANOTHER: Final = (
    *(Tag.AND, Tag.RELATIVE, Tag.CLOSE, Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.CITE, Tag.CITED_BY, Tag.THAT, Tag.NOT),
    *(Tag.BESIDE, Tag.ADDRESSEE, Tag.HEARSAY, Tag.HEDGE, Tag.AUX),
)
"""What stands in no title and no apposition: another is named there, or a clause begins."""


def with_title(scene: Scene, who: Party) -> Party:
    """Return a person with the title that a comma parts from the name: "the mayor, Ann Poe"."""
    one = next((one for one in scene.people if one.place == who.name), None)
    return who if one is None or who.sort is not Sort.PERSON else who._replace(start=min(who.start, one.begin))


def lone_person(scene: Scene, who: Party) -> bool:
    """Return whether a party is a name with a title before it, and what describes it between commas: nobody besides."""
    words = scene.line.words[who.start : who.end]
    before = [word for word in words if word.end <= who.name.start]
    behind = [word for word in words if word.start >= who.name.end]
    return _titles(scene.line.language, before) and (not behind or _describes(behind))


def _titles(language: Language, before: Sequence[Word]) -> bool:
    """Return whether words are titles, or begin with one and name nobody: with a comma, or in words that are known."""
    before = [word for word in before if Tag.ARTICLE not in word.tags and word.raw not in "'’"]
    titles, at = 0, 0
    while at < len(before) and (size := max((before[at].tags.get(tag, 0) for tag in TITLES), default=0)):
        titles, at = titles + 1, at + size
    rest = before[at:]
    if not rest or not titles:
        return not rest
    if rest[-1].raw in ",،":
        return not any(word.breaks for word in rest[:-1]) and not any(has(word, *_ANOTHER) for word in rest)
    return titles == 1 and all(_of_a_title(language, rest, at) for at in range(len(rest)))


def _of_a_title(language: Language, rest: Sequence[Word], at: int) -> bool:
    """Return whether a word between a title and a name is of the title: a body, and what goes with it."""
    word = rest[at]
    if has(word, *TITLES, *_ANOTHER):
        return False
    if language in ("ar", "fa"):
        known = Tag.BODY in word.tags or (language == "ar" and not has(word, Tag.SKIP, Tag.STOP))
        return known and definite(word)
    goes = word.text in listed(Listed.OF_A_BODY, language) or adjective(rest, at)
    return goes or (not word.capital and has(word, Tag.BODY, Tag.LINK, Tag.QUALIFIER))


def _describes(behind: Sequence[Word]) -> bool:
    """Return whether what follows a name says who somebody is: ", head of the brigade", "of the brigade"."""
    if any(word.breaks for word in behind[1:]) or any(has(word, *_ANOTHER) for word in behind):
        return False
    if behind[0].raw not in ",،":
        return has(behind[0], Tag.LINK, Tag.FROM)
    led = len(behind) > 1 and has(behind[1], Tag.LINK, Tag.FROM)
    return led or any(has(word, *TITLES) for word in behind[1 : 1 + _NEAR_TITLE])


def full_person(scene: Scene, who: Party) -> bool:
    """Return whether a person's name stands in full, in capitals, behind a title or beginning with a given name."""
    words = [word for word in name_of(scene, who) if word.kind is Kind.WORD]
    if scene.line.loud or len(words) < IN_FULL:
        return False
    if scene.line.language in ("ar", "fa"):
        return _given_and_more(scene, who, words)
    if not all(word.capital or Tag.PARTICLE in word.tags for word in words):
        return False
    before = [word for word in scene.line.words[who.start : who.end] if word.end <= who.name.start]
    titled = any(has(word, *TITLES) for word in before) and _titles(scene.line.language, before)
    if scene.line.language == "ru" and _may_be_oblique(words[0]):
        return False
    return titled or Tag.GIVEN in words[0].tags


def _given_and_more(scene: Scene, who: Party, name: Sequence[Word]) -> bool:
    """Return whether a name without capitals begins with a given one and is closed; in Persian by a sign alone.

    An Arabic title has its article, or it is of somebody: "the lawyer", and not "the lawyer of".
    """
    if Tag.GIVEN not in name[0].tags or any(has(word, Tag.STOP, Tag.SKIP, Tag.BODY, *_ANOTHER) for word in name):
        return False
    words = scene.line.words
    after = next((word for word in words if word.start >= who.name.end), None)
    before = [word for word in words[who.start : who.end] if word.end <= who.name.start]
    if scene.line.language == "fa":
        return after is None or after.breaks
    return not before or definite(before[-1]) or before[-1].raw in ",،"


def _may_be_oblique(word: Word) -> bool:
    """Return whether a Russian given name may stand in another case than who says it does: "Ивана" is of Ivan."""
    bare, words = word.text.removesuffix("а").removesuffix("я"), lexicon("ru")
    mans = bare != word.text and any(one in words.whole or one in words.stems for one in (bare, f"{bare}и", f"{bare}ь"))
    return mans or word.raw.casefold().endswith(starts(Listed.OBLIQUE, "ru"))
