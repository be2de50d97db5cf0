"""Find the body for which a person speaks, and the word of a party that says what it is."""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.extents import MAX_PARTY, extent, place_of
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.person import TITLES, Person, has
from quartet.intake.sayings.scene import Scene
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

_SPELT: Final = (Kind.WORD, Kind.NUMBER)
_TITLE_WORDS: Final = (Tag.LINK, Tag.ARTICLE)


def body_of(scene: Scene, person: Person) -> Span | None:
    """Return the body in a person's title or apposition: "colonel of the Tolm brigade", ", of the brigade".

    Of a body that is only called "the plant" there, the name that the sentence gives it elsewhere.
    """
    found = _body_of(scene, person)
    return None if found is None else _fuller(scene, found)


def _fuller(scene: Scene, found: Span) -> Span:
    """Return a longer name of the same body in the sentence, where one word is all that it is called by."""
    words = scene.line.words
    at = next((i for i, word in enumerate(words) if word.end > found.start), len(words))
    if at == len(words) or words[at].end < found.end:
        return found
    root, others = _bare(words[at], scene.line.language), set[Span]()
    for i, word in enumerate(words):
        end = extent(scene, i) if i != at and Tag.BODY in word.tags else i
        if end > i + 1 and _bare(word, scene.line.language) == root:
            quoted = Tag.GENERIC in word.tags and scene.line.language == "ru" and words[i + 1].opens
            others.add(place_of(scene, i + quoted, end))
    return others.pop() if len(others) == 1 else found


def _bare(word: Word, language: str) -> str:
    """Return a word without its article or its case."""
    if language == "ar":
        particle = next((one for one in ("بال", "وال", "لل", "ال") if word.text.startswith(one)), "")
        return word.text.removeprefix(particle)
    return word.text[: max(4, len(word.text) - 2)] if language == "ru" else word.text


def _body_of(scene: Scene, person: Person) -> Span | None:
    words = scene.line.words
    inside = body_within(scene, person.begin, person.start, person)
    if person.title is Tag.SOLE:
        return None
    if inside is not None and person.title in (Tag.RANK, Tag.SERVICE):
        return inside
    owner = _owner(scene, person)
    if owner is not None:
        return owner
    at = person.end
    if at < len(words) and words[at].raw in ",،":
        at += 1
    elif at >= len(words) or not (has(words[at], Tag.FROM) or _speaks_for(scene, at)):
        return None
    if at < len(words) and _alone_in_office(words, at):
        return None
    if at < len(words) and _is_itself(words, at):
        return None
    if at < len(words) and has(words[at], Tag.FROM, Tag.ARTICLE, Tag.SERVICE, Tag.RANK, Tag.SPOKES):
        return body_within(scene, at, min(len(words), at + MAX_PARTY), person)
    return None


def _alone_in_office(words: Sequence[Word], at: int) -> bool:
    """Return whether an apposition is the office of one who is alone in it: ", head doctor of the clinic"."""
    at += Tag.ARTICLE in words[at].tags and at + 1 < len(words)
    sole = words[at].tags.get(Tag.SOLE, 0)
    return sole > 0 and sole >= max(words[at].tags.get(tag, 0) for tag in (Tag.SERVICE, Tag.RANK, Tag.SPOKES))


def _is_itself(words: Sequence[Word], at: int) -> bool:
    """Return whether an apposition says what the one named is, and no office: "Pelk Marine, the tug company"."""
    if Tag.ARTICLE not in words[at].tags or Tag.FROM in words[at].tags:
        return False
    for word in words[at + 1 : at + MAX_PARTY]:
        if word.breaks or has(word, Tag.SAY, Tag.FROM, *TITLES):
            return False
        if Tag.BODY in word.tags:
            return True
    return False


def _speaks_for(scene: Scene, at: int) -> bool:
    """Return whether a name is followed at once by the office of who speaks for a body, as in Arabic."""
    return scene.line.language == "ar" and Tag.SPOKES in scene.line.words[at].tags


def _owner(scene: Scene, person: Person) -> Span | None:
    """Return the body whose officer this is: "the coastguard's spokesman, Ann Poe"."""
    words, last = scene.line.words, person.begin - 1
    if last < 2 or words[last].text != "s" or words[last - 1].raw not in "'’":
        return None
    first = last - 1
    while (
        first
        and words[first - 1].kind is Kind.WORD
        and not has(words[first - 1], Tag.ARTICLE, Tag.AND, Tag.STOP, Tag.THAT)
    ):
        first -= 1
    bodied = person.title in (Tag.RANK, Tag.SERVICE) and any(Tag.BODY in word.tags for word in words[first : last - 1])
    return place_of(scene, first, last - 1) if bodied else None


def body_within(scene: Scene, start: int, stop: int, person: Person) -> Span | None:
    """Return the body that is named among some words beside a person, up to a comma or a verb of saying."""
    words = scene.line.words
    office = words[start].tags.get(Tag.SPOKES, 1) if start < stop and scene.line.language in ("ar", "fa") else 1
    for index in range(start if office == 1 else start + office, stop):
        if words[index].raw in ",،" or has(words[index], Tag.SAY, Tag.RELATIVE):
            return None
        if (
            Tag.BODY in words[index].tags
            and not _of_a_place(words, index)
            and not (Tag.SOLE in words[start].tags and index < person.start)
        ):
            first = body_start(scene, index, start)
            end = min(extent(scene, first), person.start if index < person.start else len(words))
            if index < person.start and scene.line.language == "en":
                end = max(i for i in range(index, person.start) if Tag.BODY in words[i].tags) + 1
            while end > first and (words[end - 1].kind not in _SPELT or has(words[end - 1], *_TITLE_WORDS)):
                end -= 1
            return place_of(scene, first, end) if end > index else None
    return None


def _of_a_place(words: Sequence[Word], index: int) -> bool:
    """Return whether a word for a body is only the first part of a place: "Port-Sand"."""
    after = words[index + 1] if index + 2 < len(words) else None
    return (
        words[index].capital
        and after is not None
        and after.raw in "-‐‑"
        and after.gap == 0
        and words[index + 2].capital
    )


def body_start(scene: Scene, index: int, least: int) -> int:
    """Return where the name of a body starts whose chief word stands at `index`: adjectives before it in English."""
    words, first = scene.line.words, index
    if scene.line.language not in ("en", "ru"):
        return index
    while first > least and (words[first - 1].kind is Kind.WORD or _apostrophe(words, first - 1)):
        before = words[first - 1]
        if has(before, Tag.LINK, Tag.PREPOSITION, Tag.ARTICLE, Tag.STOP, Tag.RANK, Tag.SERVICE, Tag.SOLE):
            break
        first -= 1
    return first


def _apostrophe(words: Sequence[Word], at: int) -> bool:
    """Return whether an apostrophe stands within a name: "St Ann's hospital"."""
    return words[at].raw in "'’" and words[at].gap == 0 and at + 1 < len(words) and words[at + 1].text == "s"


def base(scene: Scene, first: int, end: int) -> int:
    """Return where the words end among which is the chief one: in English before "of", elsewhere near the start."""
    words = scene.line.words
    if scene.line.language == "en":
        return next((i for i in range(first + 1, end) if Tag.LINK in words[i].tags), end)
    limit = next((i for i in range(first + 1, end) if Tag.LINK in words[i].tags), end)
    return min(end, limit, first + (3 if scene.line.language == "ru" else 2))
