"""Read the party that stands at a word: who or what it is, where its name is, and whether it has a name at all.

Where more than one reading is left, the party is unknown: then nobody says it.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.bodies import base, body_of, body_within
from quartet.intake.sayings.extents import MAX_PARTY, extent, known_at, place_of, unnamed_words
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.person import Person, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.things import document, surnamed, thing
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

_LONGEST_COMPOUND: Final = 2
"""Words before a trade in English that only say of what: "quarry owner"."""
_LONGEST_OFFICE: Final = 8
"""Words of an office with its body before a rank and a name."""


def party(scene: Scene, at: int) -> Party | None:
    """Return the party that starts at a word, or None where none starts."""
    words = scene.line.words
    if at >= len(words):
        return None
    known = known_at(scene, at)
    if known is not None:
        return known
    if words[at].text in listed(Listed.OF) and scene.line.language in ("en", "fr"):
        return None
    if Tag.PRONOUN in words[at].tags:
        return Party(Sort.PRONOUN, at, at + words[at].tags[Tag.PRONOUN], place_of(scene, at, at + 1))
    if Tag.OURS in words[at].tags:
        end = extent(scene, at)
        return Party(Sort.OURS, at, max(end, at + words[at].tags[Tag.OURS]), place_of(scene, at, at + 1))
    titled = _with_title(scene, at)
    if titled is not None:
        return titled
    spoken = _spokesman(scene, at)
    if spoken is not None:
        return spoken
    end = extent(scene, at)
    if end <= at or end - at > MAX_PARTY:
        return None
    if scene.line.language == "fa" and end < len(words) and words[end].text == "را" and end - at > 1:
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    who = _read(scene, at, end)
    theirs = words[at].text in listed(Listed.POSSESSIVES) and scene.line.language in ("en", "fr", "ru")
    return who._replace(sort=Sort.UNKNOWN) if theirs and who.sort is not Sort.UNNAMED else who


def _with_title(scene: Scene, at: int) -> Party | None:
    """Return the person whose title or name starts here, an article before it: "the mayor of Tolm, Ann Poe"."""
    words, first = scene.line.words, at
    while first < len(words) and (has(words[first], Tag.ARTICLE) or words[first].raw in "'’"):
        first += 1
    person = next((one for one in scene.people if at <= one.begin <= first <= one.start), None)
    if person is None or any(has(word, Tag.CLOSE) for word in words[at : person.start]):
        return None
    if _owns(words, person, len(words)) or Tag.INDEFINITE in words[at].tags:
        return None
    return _person(scene, at, person.end, person)


def _spokesman(scene: Scene, at: int) -> Party | None:
    """Return who has a rank and a name behind the office of who speaks for a body, nothing else between them."""
    words, first = scene.line.words, at
    while first < len(words) and has(words[first], Tag.ARTICLE):
        first += 1
    if first >= len(words) or Tag.SPOKES not in words[first].tags:
        return None
    person = next((one for one in scene.people if first < one.start <= first + _LONGEST_OFFICE), None)
    parted = (Tag.SAY, Tag.DENY, Tag.RELATIVE, Tag.AND, Tag.STOP)
    if person is None or any(word.breaks or has(word, *parted) for word in words[first : person.start]):
        return None
    body = body_within(scene, first + 1, person.start, person) if person.title is Tag.RANK else None
    if body is None:
        return None
    rank = next((at for at in range(first + 1, person.start) if Tag.RANK in words[at].tags), person.start)
    body = Span(body.start, min(body.end, words[rank - 1].end))
    return Party(Sort.PERSON, at, person.end, person.place, body, Tag.SERVICE)


def _read(scene: Scene, at: int, end: int) -> Party:
    words = scene.line.words
    person = next((one for one in scene.people if at <= one.start < end), None)
    paper = _paper(scene, at, end)
    if paper is not None:
        return paper
    if _close(scene, at, end, person) or _unnamed(scene, at, end, person):
        return Party(Sort.UNNAMED, at, *unnamed_words(scene, at, end))
    if person is not None:
        stranger = _before_title(words, at, person, scene.line.language) or _owns(words, person, end)
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end)) if stranger else _person(scene, at, end, person)
    return thing(scene, at, end)


def _close(scene: Scene, at: int, end: int, person: Person | None) -> bool:
    """Return whether the party is only somebody close to another; a body stays itself whose neighbour it is."""
    near = any(has(word, Tag.CLOSE) for word in scene.line.words[at:end])
    return near and (person is not None or _chief(scene, at, end) is None)


def _paper(scene: Scene, at: int, end: int) -> Party | None:
    """Return whose statement or message stands here, though nobody may have written it by name."""
    words = scene.line.words
    head = next((i for i in range(at, end) if not has(words[i], Tag.ARTICLE, Tag.INDEFINITE)), end)
    if head < end and Tag.DOCUMENT in words[head].tags:
        found = document(scene, at, head, end)
        return found if found.sort in (Sort.BODY, Sort.AGENCY, Sort.MEDIUM, Sort.OURS) else None
    return None


def _before_title(words: Sequence[Word], at: int, person: Person, language: str) -> bool:
    """Return whether more than an article stands before a title and name: "the brother of General Poe"."""
    before = words[at : min(person.begin, person.start)]
    if language == "en" and 0 < len(before) <= _LONGEST_COMPOUND and not any(word.tags for word in before):
        return any(word.kind is not Kind.WORD for word in before)
    return any(not has(word, Tag.ARTICLE, Tag.SKIP) and word.kind is Kind.WORD for word in before)


def _owns(words: Sequence[Word], person: Person, end: int) -> bool:
    """Return whether the person owns what stands here: "General Poe's driver"."""
    return person.end + 1 < end and words[person.end].raw in "'’" and words[person.end + 1].text == "s"


def _unnamed(scene: Scene, at: int, end: int, person: Person | None) -> bool:
    words = scene.line.words
    if Tag.MEMBERS in words[at].tags and any(Tag.BODY in word.tags for word in words[at:end]):
        return False
    if _chief(scene, at, end) is not None:
        return False
    if surnamed(scene, at, end):
        return False
    for index in range(at, end):
        if Tag.UNNAMED in words[index].tags:
            titled = person is not None and person.begin <= index < person.start
            if not titled or not _side_by_side(words, index, person):
                return True
    return False


def _chief(scene: Scene, at: int, end: int) -> int | None:
    """Return the word for a body that is the chief one, whoever its members are: "the hauliers' union"."""
    words = scene.line.words
    kinds = (Tag.BODY, Tag.AGENCY, Tag.MEDIUM)
    heads = range(at, base(scene, at, end))
    tagged = [
        i for i in heads if has(words[i], Tag.UNNAMED, *kinds) and not (i == at and Tag.INDEFINITE in words[i].tags)
    ]
    if not tagged:
        return None
    chief = tagged[-1] if scene.line.language == "en" else tagged[0]
    return chief if has(words[chief], *kinds) and Tag.UNNAMED not in words[chief].tags else None


def _side_by_side(words: Sequence[Word], index: int, person: Person | None) -> bool:
    """Return whether nothing but adjectives stands between a word for somebody and a name: "the witness Ann Poe"."""
    assert person is not None
    between = words[index + 1 : person.start]
    return not any(has(word, Tag.LINK, Tag.PREPOSITION, Tag.CLOSE, Tag.BODY, Tag.STOP) for word in between)


def _person(scene: Scene, at: int, end: int, person: Person) -> Party:
    body = body_of(scene, person)
    behind = 0 if body is None else next((i for i, word in enumerate(scene.line.words) if word.end >= body.end), 0) + 1
    return Party(Sort.PERSON, at, max(end, person.end, person.after, behind), person.place, body, person.title)
