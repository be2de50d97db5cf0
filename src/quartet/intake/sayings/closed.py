"""See whether what stands behind a name ends it for sure: unless it does, the name may go on, and nobody is given it.

Not a list of doubts but of what ends a name: a sign, a verb, "that", who was told, a time, an occasion ("in a
statement"). Whatever else follows may be of it, a preposition that leads to a place above all: "the police in Tolm".
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.marks import Mark
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_OF_WORDS: Final = frozenset({Sort.BODY, Sort.AGENCY, Sort.MEDIUM, Sort.RECORD, Sort.OFFICE, Sort.NAMED})
_NO_VERBS: Final = frozenset({Tag.ACCORDING, Tag.CITE, Tag.CITED_BY})
_ENDS: Final = (
    *(Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.SAW, Tag.ANSWER, Tag.AUX, Tag.HE_SAID, Tag.NOT),
    *(Tag.THAT, Tag.RELATIVE, Tag.THIS, Tag.PRONOUN, Tag.AND, Tag.SKIP, Tag.ADDRESSEE),
    *(Tag.CITE, Tag.CITED_BY, Tag.ACCORDING, Tag.SOURCED),
)
_BINDS: Final = (Tag.BINDS, Tag.PREPOSITION, Tag.LINK, Tag.FROM, Tag.BESIDE)
_OCCASION: Final = (
    *(Tag.OCCASION, Tag.DOCUMENT, Tag.ADDRESSEE, Tag.SKIP, Tag.INDEFINITE, Tag.THIS, Tag.PRONOUN),
    *(Tag.MEDIUM, Tag.AGENCY, Tag.RANK, Tag.HONORIFIC),
)
_RANKS: Final = (Tag.RANK, Tag.HONORIFIC)
_GOVERNED_AR: Final = {
    "الی": ("اشار", "شیر", "لفت", "نبه", "تطرق"),
    "علی": ("شدد", "اکد", "رد", "علق"),
    "من": ("حذر", "شک"),
}
"""Arabic prepositions with the verbs that take what they lead to."""
_DEFINITE_AR: Final = ("ال", "بال", "وال", "لل")
_MOST_BARE: Final = 2
_SMALL: Final = (Tag.SKIP, Tag.AUX, Tag.PRONOUN, Tag.NOT)
"""What stands between a name and its verb and is of neither: "en" in French, which is a preposition elsewhere."""
_SOURCES: Final = (Tag.CITE, Tag.CITED_BY, Tag.ACCORDING)
_LONGER_THAN_ITS: Final = 4


def open_ended(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether a body, outlet or office may go on behind where it was read to end."""
    if who.sort not in _OF_WORDS:
        return False
    if _too_long(scene, mark, who):
        return True
    between = scene.line.words[who.end : mark.at]
    adjacent = who.end <= mark.at and all(has(word, *_SMALL) and Tag.BINDS not in word.tags for word in between[:-1])
    if adjacent and (not between or has(between[-1], *_SMALL)):
        return False
    if ended(scene, who.end, verb=mark.tag not in _NO_VERBS):
        return False
    return not (mark.tag not in _NO_VERBS and _object(scene, mark, who))


def _object(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether a verb takes what stands behind a name: by its preposition, or where the name lacks no word.

    In Persian "the ministry of" one word is whole, and so is what ends with "town" and one word; in Arabic a name that
    begins with the article takes no genitive.
    """
    words, word = scene.line.words, scene.line.words[who.end]
    verb = words[mark.at : mark.end]
    if scene.line.language == "ar":
        governed = _GOVERNED_AR.get(word.text, ())
        if any(stem in one.text for stem in governed for one in verb):
            return True
        if (
            word.text.startswith("ب")
            and Tag.GIVEN not in word.tags
            and any(one.text.endswith(starts(Listed.WITH)) for one in verb)
        ):
            return True
        bare = word.kind is Kind.WORD and not word.text.startswith(starts(Listed.CLINGS, "ar"))
        return bare and not word.tags and words[who.start].text.startswith(_DEFINITE_AR)
    if scene.line.language != "fa":
        return False
    if any(one.text in listed(Listed.NEWS) for one in verb):
        return word.text == "از" and sum(one.text == "از" for one in words[who.end : mark.at]) == 1
    placed = who.end - who.start > _MOST_BARE and Tag.PLACE in words[who.end - 2].tags
    whole = placed or (who.end - who.start == _MOST_BARE and words[who.start].text in listed(Listed.HEADS))
    return whole and Tag.STOP in word.tags and Tag.BINDS not in word.tags


def _too_long(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether the last words of a name may be no part of it: a preposition, or whom or what the verb takes."""
    words = scene.line.words[who.start : who.end]
    words = words[: next((at for at, word in enumerate(words) if word.opens), len(words))]
    if not words:
        return False
    if has(words[-1], Tag.BINDS) and not words[-1].capital:
        return True
    if scene.line.language != "ru":
        return False
    denied = mark.tag is Tag.DENY and who.end == mark.at
    if denied and len(words) > 1 and not (words[-1].tags or words[-1].capital or words[-1].kind is not Kind.WORD):
        return True
    return any(_object_ru(before, word) for before, word in pairwise(words))


def _object_ru(before: Word, word: Word) -> bool:
    """Return whether a Russian word is no genitive of the name before it: whom it was told, or what the verb takes."""
    if word.kind is not Kind.WORD or before.kind is not Kind.WORD or word.capital or has(before, *_BINDS):
        return False
    named = before.capital and not before.raw.isupper() and not before.text.endswith(starts(Listed.ADJECTIVES, "ru"))
    first = has(before, Tag.BODY)
    return word.text.endswith(starts(Listed.DATIVES, "ru")) or (named and not first and not word.tags)


def ended(scene: Scene, at: int, *, verb: bool) -> bool:
    """Return whether the words before `at` end there; `verb` where a verb of saying governs "about"."""
    words, language = scene.line.words, scene.line.language
    if at >= len(words) or words[at - 1].closes:
        return True
    word = words[at]
    if language in ("ar", "fa") and any(one.begin == at and one.title in _RANKS for one in scene.people):
        return True
    if word.kind is not Kind.WORD:
        return word.kind is not Kind.NUMBER and not (word.raw in "-‐‑'’" and word.gap == 0)
    phrase = any(word.tags.get(tag, 0) > 1 for tag in _ENDS)
    if phrase or has(word, *_SOURCES) or (has(word, *_ENDS) and Tag.BINDS not in word.tags):
        return True
    if has(word, *_BINDS):
        return _occasion(words, at + word.tags.get(Tag.PREPOSITION, 1), language)
    if language == "ar":
        return _ended_in_arabic(word, verb=verb)
    if language == "fa":
        return word.text in listed(Listed.DEMONSTRATIVES)
    if Tag.ARTICLE in word.tags:
        return at + 1 >= len(words) or not words[at + 1].capital
    return Tag.STOP in word.tags and not word.capital


def _ended_in_arabic(word: Word, *, verb: bool) -> bool:
    """Return whether a known word ends a name: none that may be a place's or somebody's, and "about" behind a verb."""
    if Tag.FROM_WHOM in word.tags:
        return verb
    its = not word.tags and len(word.text) > _LONGER_THAN_ITS and word.text.endswith(starts(Listed.ITS, "ar"))
    return its or (Tag.STOP in word.tags and not has(word, Tag.PLACE, Tag.GIVEN, Tag.BODY))


def _occasion(words: Sequence[Word], at: int, language: Language) -> bool:
    """Return whether a preposition leads to what no name holds: a time, a statement, who was told, "a", "its"."""
    if at >= len(words):
        return False
    word = words[at]
    if Tag.ARTICLE in word.tags:
        return at + 1 < len(words) and has(words[at + 1], *_OCCASION)
    own = word.text in listed(Listed.POSSESSIVES) or (
        language == "ru" and word.text.startswith(starts(Listed.ITS, "ru"))
    )
    if word.kind is Kind.NUMBER or own or has(word, *_OCCASION):
        return True
    its = starts(Listed.ITS, language) if language in ("ar", "fa") else ()
    return len(word.text) > _LONGER_THAN_ITS and word.text.endswith(its)
