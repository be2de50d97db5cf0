"""Read a party in which no person is named: a body, an agency, an office, a record, or a source without a name."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.bodies import base, body_start
from quartet.intake.sayings.extents import ENDS, MAX_PARTY, extent, known_at, place_of, unnamed_words
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_MAX_BARE: Final = 7
_FEWEST_OF_A_NAME: Final = 2
_BEYOND_DOCUMENT: Final = 14
_SORTS: Final = ((Tag.AGENCY, Sort.AGENCY), (Tag.MEDIUM, Sort.MEDIUM), (Tag.BODY, Sort.BODY))
_SOMEBODY: Final = (Tag.UNNAMED, Tag.PRIVATE, Tag.RANK, Tag.SERVICE, Tag.SOLE)


def thing(scene: Scene, at: int, end: int) -> Party:
    """Return a party without a person in it."""
    words = scene.line.words
    first = at
    while first < end and has(words[first], Tag.ARTICLE, Tag.INDEFINITE):
        first += 1
    heads = range(first, base(scene, first, end))
    if Tag.MEMBERS in words[at].tags or Tag.MEMBERS in words[min(first, end - 1)].tags:
        index = next(i for i in range(at, end) if Tag.BODY in words[i].tags)
        return _named_body(scene, Sort.BODY, at, end, index)
    for index in heads:
        if Tag.REPORTER in words[index].tags:
            return _reporter(scene, at, index, end)
    for index in heads:
        if has(words[index], Tag.RECORD):
            return _record(scene, at, index, end)
        if has(words[index], Tag.DOCUMENT) and Tag.BODY not in words[index].tags:
            return document(scene, at, index, end)
        if scene.line.language != "en" and has(words[index], Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
            break
    office, titled = _office(scene, heads), _title_first(scene, heads)
    for index in reversed(heads) if scene.line.language == "en" else heads:
        word = words[index]
        sort = None if titled else next((sort for tag, sort in _SORTS if tag in word.tags), None)
        if sort is not None and not _led_by_known(scene, first, index):
            return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
        if sort is not None:
            return _of_sort(scene, sort, at, end, index)
    indefinite = has(words[at], Tag.INDEFINITE)
    if office is Tag.SERVICE and any(Tag.SPOKES in words[i].tags for i in heads):
        return _held(scene, office, at, end)
    if indefinite:
        sort = Sort.UNNAMED if any(has(words[i], *_SOMEBODY) for i in range(at, end)) else Sort.UNKNOWN
        return Party(sort, at, *unnamed_words(scene, at, end))
    if office is not None:
        return _held(scene, office, at, end)
    return _proper(scene, at, end)


def _led_by_known(scene: Scene, first: int, index: int) -> bool:
    """Return whether what stands before the word for a body goes with it: nothing in Arabic and Persian, where an
    unknown word there may be somebody's office; adjectives, names and numbers in Russian."""
    before = scene.line.words[first:index]
    if scene.line.language in ("ar", "fa"):
        return all(word.kind is not Kind.WORD or has(word, Tag.BODY, Tag.MEMBERS, Tag.QUALIFIER) for word in before)
    if scene.line.language == "ru":
        return all(
            word.kind is not Kind.WORD or word.text.endswith(starts(Listed.ADJECTIVES, "ru")) or _glued(word, scene)
            for word in before
        )
    return True


def _glued(word: Word, scene: Scene) -> bool:
    """Return whether a word goes with the one before it: one that opens a sentence has none."""
    return word.gap == 0 and word.start > scene.line.place.start


def _title_first(scene: Scene, heads: range) -> bool:
    """Return whether an office stands before the body that it is of: "head of the police" is not the police."""
    first = scene.line.words[heads.start] if len(heads) else None
    titled = first is not None and has(first, Tag.SERVICE, Tag.SOLE, Tag.RANK, Tag.PRIVATE, Tag.SPOKES)
    return titled and scene.line.language != "en" and first is not None and not has(first, Tag.BODY, Tag.MEDIUM)


def _office(scene: Scene, heads: range) -> Tag | None:
    words = scene.line.words
    for tag in (Tag.SERVICE, Tag.RANK, Tag.SOLE, Tag.PRIVATE):
        if any(tag in words[index].tags for index in heads):
            sole = any(
                Tag.SOLE in words[i].tags and words[i].tags[Tag.SOLE] >= words[i].tags.get(tag, 0) for i in heads
            )
            return Tag.SOLE if sole else tag
    return None


def _held(scene: Scene, office: Tag, at: int, end: int) -> Party:
    """Return whom an office without a name stands for: one who is alone in it, or the body that is spoken for."""
    words = scene.line.words
    if office is Tag.SOLE and scene.line.language in ("ar", "fa") and _name_may_follow(words, end):
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    if office is Tag.SOLE and scene.line.language in ("ar", "fa") and _goes_on(words, at, end):
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    if office is Tag.SOLE and scene.line.language == "ar" and not _closed(words, end):
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    if office is Tag.SOLE:
        return Party(Sort.OFFICE, at, end, place_of(scene, at, end), title=office)
    if office is Tag.SERVICE and any(Tag.SPOKES in word.tags for word in words[at:end]):
        index = next((i for i in range(at + 1, end) if Tag.BODY in words[i].tags), None)
        if index is not None:
            first = body_start(scene, index, at + 1)
            return Party(Sort.BODY, at, end, place_of(scene, first, end))
    if surnamed(scene, at, end):
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    if office is Tag.PRIVATE and scene.line.language in ("ar", "ru", "fa") and not words[at].text.startswith("ال"):
        return Party(Sort.UNNAMED, at, *unnamed_words(scene, at, end))
    return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))


def surnamed(scene: Scene, at: int, end: int) -> bool:
    """Return whether an Arabic given name opens, and a trade behind it may be a surname: "Selim the smith"."""
    words = scene.line.words[at:end]
    if scene.line.language != "ar" or len(words) < _FEWEST_OF_A_NAME:
        return False
    return Tag.GIVEN in words[0].tags and words[1].text.startswith("ال") and Tag.PRIVATE in words[1].tags


def _closed(words: Sequence[Word], end: int) -> bool:
    """Return whether nothing but words of time and address stands between an office and what it says."""
    at = end
    while at < len(words):
        word = words[at]
        if word.breaks or has(word, Tag.THAT, Tag.RELATIVE, Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.NOT):
            return True
        size = max((word.tags[tag] for tag in (Tag.SKIP, Tag.ADDRESSEE) if tag in word.tags), default=0)
        if not size:
            return has(word, Tag.STOP, Tag.AUX) and word.text not in listed(Listed.LEADS_ON)
        at += size
    return True


def _goes_on(words: Sequence[Word], at: int, end: int) -> bool:
    """Return whether an office may be followed by a name that is not known as one."""
    bare = (
        end < len(words) and words[end].kind is Kind.WORD and not has(words[end], *ENDS, Tag.PREPOSITION, Tag.ADDRESSEE)
    )
    placed = any(has(word, Tag.PLACE, Tag.BODY) for word in words[at:end]) or words[end - 1].text.startswith("ال")
    ended = any(one.text.startswith("ال") and not two.text.startswith("ال") for one, two in pairwise(words[at:end]))
    return ended or (end - at > 2 and not placed) or end - at > 3 or (bare and not words[end].raw.endswith("ً"))


def _name_may_follow(words: Sequence[Word], end: int) -> bool:
    """Return whether two or three words between commas follow an office: a name that is not known as one."""
    if end >= len(words) or words[end].raw not in ",،":
        return False
    part = end + 1
    while part < len(words) and words[part].kind is Kind.WORD and not has(words[part], *ENDS):
        part += 1
    closed = part == len(words) or words[part].breaks or has(words[part], *ENDS)
    return closed and 1 < part - end - 1 <= 3


def _of_sort(scene: Scene, sort: Sort, at: int, end: int, index: int) -> Party:
    words = scene.line.words
    if has(words[at], Tag.INDEFINITE) and not any(word.capital or word.opens for word in words[at + 1 : end]):
        return Party(Sort.UNNAMED, at, *unnamed_words(scene, at, end))
    bare = scene.line.language in ("ar", "fa") and end - at > _MAX_BARE and not words[end - 1].closes
    if bare:
        return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
    inner = next((one for i in range(at, end) if (one := known_at(scene, i)) is not None), None)
    if inner is not None and inner.sort is Sort.OWN_AGENCY and sort in (Sort.AGENCY, Sort.MEDIUM):
        return Party(Sort.OWN_AGENCY, at, end, place_of(scene, at, end), inner.name)
    return _named_body(scene, sort, at, end, index)


def _named_body(scene: Scene, sort: Sort, at: int, end: int, index: int) -> Party:
    """Return a body by its name: of "the charity Hands of the Sea" and of what is in quotes the name alone."""
    words = scene.line.words
    if Tag.GENERIC in words[index].tags and end - index > 1:
        after = index + 1
        if words[end - 1].closes:
            opening = max(i for i in range(at, end) if words[i].opens)
            if scene.line.language == "ru" and opening == after:
                return Party(sort, at, end, place_of(scene, opening, end))
            if opening + 1 < end - 1 and scene.line.language != "ru":
                return Party(sort, at, end, place_of(scene, opening + 1, end - 1))
        elif words[after].capital and not has(words[after], Tag.LINK):
            return Party(sort, at, end, place_of(scene, after, end))
    if words[at].tags.get(Tag.MEMBERS):
        at_name = index if scene.line.language not in ("en", "ru") else body_start(scene, index, at)
        return Party(sort, at, end, place_of(scene, at_name, end))
    return Party(sort, at, end, place_of(scene, at, end))


def _reporter(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the agency or outlet whose reporter stands here; a reporter of nobody is not named."""
    words = scene.line.words
    for start in range(index + 1, end):
        if has(words[start], Tag.LINK, Tag.ARTICLE) or words[start].raw in "'’":
            continue
        known = known_at(scene, start)
        if known is not None:
            return known._replace(start=at, end=max(end, known.end), reporter=True)
        sort = Sort.MEDIUM if any(Tag.MEDIUM in word.tags for word in words[start:end]) else Sort.AGENCY
        name = Party(sort, at, end, place_of(scene, start, end), reporter=True)
        return (
            name
            if words[start].capital or words[start].opens or has(words[start], Tag.AGENCY)
            else name._replace(sort=Sort.UNKNOWN)
        )
    return Party(Sort.UNNAMED, at, end, place_of(scene, at, end))


def _record(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the body that keeps a record where it has a name of its own, else the record."""
    words = scene.line.words
    owner = next((i for i in range(index + 1, end) if Tag.BODY in words[i].tags), None)
    if owner is not None:
        first = body_start(scene, owner, index + 1)
        if end - first > 1 and Tag.GENERIC not in words[owner].tags:
            return Party(Sort.BODY, at, end, place_of(scene, first, end))
    return Party(Sort.RECORD, at, end, place_of(scene, at, end))


def document(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the body whose statement, count or message stands here, "that it made" between them or not."""
    words = scene.line.words
    for start in range(index + 1, min(len(words), index + _BEYOND_DOCUMENT)):
        if words[start].breaks and not words[start].opens:
            break
        if {words[start].raw.casefold(), words[start].text} & listed(Listed.TOWARDS) and not has(
            words[start], Tag.SKIP, Tag.ADDRESSEE
        ):
            break
        if has(words[start], Tag.UNNAMED, Tag.CLOSE):
            return Party(Sort.UNNAMED, at, *unnamed_words(scene, start, max(end, start + 1)))
        if any(index < one.start < start for one in scene.people):
            break
        if has(words[start], Tag.SOLE, Tag.SERVICE, Tag.RANK) and Tag.BODY not in words[start].tags:
            break
        if Tag.OURS in words[start].tags:
            return Party(
                Sort.OURS, at, max(end, start + words[start].tags[Tag.OURS]), place_of(scene, start, start + 1)
            )
        if has(words[start], Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
            first = body_start(scene, start, index + 1)
            owner = _owner_at(scene, _with_article(words, first, index + 1))
            carried = owner is not None and owner.sort is not Sort.BODY and not _at_once(words, index, owner.start)
            if owner is not None and owner.sort in (Sort.BODY, Sort.AGENCY, Sort.MEDIUM) and not carried:
                return owner._replace(start=at)
            break
    return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))


def _at_once(words: Sequence[Word], index: int, start: int) -> bool:
    """Return whether a document is whose name stands right behind it: what is read out on the radio is another's."""
    return all(
        word.kind is not Kind.WORD or has(word, Tag.LINK, Tag.ARTICLE, Tag.FROM) for word in words[index + 1 : start]
    )


def _owner_at(scene: Scene, at: int) -> Party | None:
    """Return the body that stands at a word, or who publishes or is credited."""
    end = extent(scene, at)
    return known_at(scene, at) or (thing(scene, at, end) if at < end <= at + MAX_PARTY else None)


def _with_article(words: Sequence[Word], first: int, least: int) -> int:
    while first > least and (has(words[first - 1], Tag.ARTICLE) or words[first - 1].raw in "'’"):
        first -= 1
    return first


def _proper(scene: Scene, at: int, end: int) -> Party:
    """Return a proper name of which the text does not say what it is, or an unknown party."""
    words = scene.line.words
    quoted = words[at].opens and words[end - 1].closes
    capital = words[at].capital and not scene.line.loud and end - at <= 3 and at > 0
    given = any(Tag.GIVEN in word.tags for word in words[at + 1 : end])
    if quoted or (capital and not given and all(word.capital or word.kind is not Kind.WORD for word in words[at:end])):
        return Party(Sort.NAMED, at, end, place_of(scene, at, end))
    return Party(Sort.UNKNOWN, at, end, place_of(scene, at, end))
