"""Read the party that stands at a word: who or what it is, where its name is, and whether it is a source without a name.

A party ends where its words can go on no longer. Where that is not seen, or where more than one reading is left, the party
is unknown: then nobody says it.
"""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag, lexicon
from quartet.intake.sayings.people import Person, has
from quartet.intake.sayings.words import Line, Word
from quartet.intake.texts import Span

MAX_PARTY: Final = 16
"""Words of a party; what is longer is none."""
_MAX_QUOTED: Final = 8
_MAX_BARE: Final = 7
_BEYOND_DOCUMENT: Final = 14
_ENDINGS_FA: Final = ("تن", "دن")
_CLITIC: Final = frozenset("ببلو")
_ENDS: Final = (
    *(Tag.STOP, Tag.AUX, Tag.RELATIVE, Tag.AND, Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.HE_SAID, Tag.CITE, Tag.CITED_BY),
    *(Tag.SKIP, Tag.THAT, Tag.NOT, Tag.ANSWER, Tag.SAW),
)


class Sort(Enum):
    """What a party is."""

    PERSON = auto()
    OFFICE = auto()
    BODY = auto()
    AGENCY = auto()
    MEDIUM = auto()
    RECORD = auto()
    NAMED = auto()
    """A proper name of which the text does not say what it is."""
    OURS = auto()
    """The own people of who publishes."""
    OWN_AGENCY = auto()
    """The reporter of an agency, or the agency that is credited."""
    PRONOUN = auto()
    UNNAMED = auto()
    UNKNOWN = auto()


class Party(NamedTuple):
    """Who stands at words `start` to before `end`; `name` is the exact name, `body` for whom a person speaks."""

    sort: Sort
    start: int
    end: int
    name: Span
    body: Span | None = None
    title: Tag | None = None
    reporter: bool = False
    """Its own people are named as those who saw it."""


class Scene(NamedTuple):
    """What is known where a party is read: the line, its persons, and the names of who publishes and who is credited."""

    line: Line
    people: Sequence[Person]
    known: Sequence[tuple[tuple[str, ...], Sort]]


def party(scene: Scene, at: int) -> Party | None:
    """Return the party that starts at a word, or None where none starts."""
    words = scene.line.words
    if at >= len(words):
        return None
    known = _known(scene, at)
    if known is not None:
        return known
    if Tag.PRONOUN in words[at].tags:
        return Party(Sort.PRONOUN, at, at + words[at].tags[Tag.PRONOUN], _span(scene, at, at + 1))
    if Tag.OURS in words[at].tags:
        end = _extent(scene, at)
        return Party(Sort.OURS, at, max(end, at + words[at].tags[Tag.OURS]), _span(scene, at, at + 1))
    titled = _with_title(scene, at)
    if titled is not None:
        return titled
    end = _extent(scene, at)
    if end <= at or end - at > MAX_PARTY:
        return None
    if scene.line.language == "fa" and end < len(words) and words[end].text == "را" and end - at > 1:
        return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))
    return _read(scene, at, end)


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


def _span(scene: Scene, start: int, end: int) -> Span:
    words = scene.line.words
    first = words[start].start
    if scene.line.language == "ar" and Tag.BODY in words[start].tags:
        lone = words[start]
        first += len(lone.raw) > 4 and lone.raw[0] in "بلوف" and _needs_clitic(lone)  # noqa: PLR2004
    return Span(first, words[end - 1].end)


def _needs_clitic(word: Word) -> bool:
    return not any(entry.tag is Tag.BODY for entry in lexicon("ar").whole.get(word.text, ()))


def _known(scene: Scene, at: int) -> Party | None:
    """Return who publishes or is credited, where that name stands here, an article or a mark before it."""
    words = scene.line.words
    start = at
    while start < len(words) and start - at < 3 and (has(words[start], Tag.ARTICLE) or words[start].raw in "«\"'’“"):  # noqa: PLR2004
        start += 1
    for name, sort in scene.known:
        for first in {at, start}:
            end = _spelt(words, first, name)
            if end:
                while end < len(words) and words[end].closes:
                    end += 1
                return Party(sort, at, end, Span(words[first].start, words[end - 1].end))
    return None


def _spelt(words: Sequence[Word], at: int, name: tuple[str, ...]) -> int:
    """Return where a name that is spelt from here ends, or 0."""
    seen = 0
    while at < len(words) and seen < len(name):
        if words[at].kind in (Kind.WORD, Kind.NUMBER):
            if words[at].text != name[seen]:
                return 0
            seen += 1
        elif seen == 0:
            return 0
        at += 1
    return at if seen == len(name) else 0


def _extent(scene: Scene, at: int) -> int:
    """Return where the words that may be one party from here end."""
    words, end = scene.line.words, at
    while end < len(words) and end - at <= MAX_PARTY:
        closed = _quoted(words, end)
        if closed:
            return closed
        if _over(scene, at, end):
            break
        end += 1
    while end > at and (has(words[end - 1], Tag.LINK, Tag.ARTICLE) or words[end - 1].kind is Kind.SIGN):
        end -= 1
    return end


def _quoted(words: Sequence[Word], at: int) -> int:
    """Return where a short name in quotation marks that opens here ends, or 0."""
    if not words[at].opens:
        return 0
    for end in range(at + 1, min(len(words), at + _MAX_QUOTED)):
        if words[end].closes:
            return end + 1
    return 0


def _over(scene: Scene, at: int, end: int) -> bool:
    words, word = scene.line.words, scene.line.words[end]
    if word.kind is not Kind.WORD:
        return not _joins(words, end)
    if end > at and any(one.begin == end for one in scene.people) and not has(words[end - 1], Tag.LINK):
        return True
    if scene.line.language in ("ar", "fa") and end > at and has(word, Tag.RANK, Tag.HONORIFIC):
        return True
    if scene.line.language == "ar" and end > at and _after_definite(words, end):
        return True
    if word.gap == 0 and end > at and words[end - 1].raw in "-‐‑":
        return False
    if end == at:
        return has(word, Tag.SKIP, Tag.STOP, Tag.AUX, Tag.RELATIVE, Tag.ASK, Tag.THAT, Tag.NOT, Tag.AND) and not has(
            word, Tag.UNNAMED, Tag.INDEFINITE, Tag.BODY, Tag.MEMBERS, Tag.ARTICLE, Tag.PRONOUN
        )
    if has(word, Tag.LINK) and not has(word, Tag.SAY):
        return False
    linked = Tag.LINK in words[end - 1].tags
    if has(word, Tag.ARTICLE) and not linked and words[end - 1].raw not in "'’":
        return scene.line.language == "en" or not _after_link(words, end)
    if has(word, Tag.ARTICLE):
        return False
    if word.capital and not scene.line.loud and has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
        return False
    if has(word, *_ENDS) and not (has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.DOCUMENT) and linked):
        return not (word.capital and end + 1 < len(words) and words[end + 1].capital and not has(word, Tag.SAY))
    return ended_by_shape(scene.line.language, word)


def _after_definite(words: Sequence[Word], end: int) -> bool:
    """Return whether a name is complete in Arabic: a word with the article closes it, and what follows has none."""
    before, word = words[end - 1], words[end]
    closed = before.text.startswith(("ال", "لل", "بال", "وال", "فال")) and before.kind is Kind.WORD
    return closed and not word.text.startswith(("ال", "لل", "ل")) and not has(before, Tag.LINK)


def _after_link(words: Sequence[Word], end: int) -> bool:
    return has(words[end - 1], Tag.LINK) or (words[end - 1].raw in "'’" and has(words[end - 2], Tag.LINK))


def _joins(words: Sequence[Word], at: int) -> bool:
    """Return whether a sign joins two words of a name: a hyphen, an apostrophe, the stop of an initial, a number sign."""
    word = words[at]
    if at == 0 or at + 1 >= len(words):
        return False
    if word.raw in "-'’‐‑":
        return word.gap == 0 and (words[at + 1].gap == 0 or word.raw in "'’")
    if word.raw == ".":
        return len(words[at - 1].text) == 1 and words[at - 1].kind is Kind.WORD
    return word.raw == "№" or (word.kind is Kind.NUMBER and words[at - 1].raw == "№")


def ended_by_shape(language: str, word: Word) -> bool:
    """Return whether the ending of a word says that it is of no name: an adverb, an infinitive, a verb in the past."""
    match language:
        case "ar":
            return word.raw.endswith("ً") or word.raw.endswith("ًا") or word.raw.endswith("اً")
        case "fa":
            return len(word.text) > 4 and word.text.endswith(_ENDINGS_FA)  # noqa: PLR2004
        case "ru":
            return (
                not word.capital
                and len(word.text) > 5  # noqa: PLR2004
                and word.text.endswith(("али", "или", "ели", "яли", "лись", "лась", "лось", "лся", "ила", "ала"))
            )
        case _:
            return False


def _read(scene: Scene, at: int, end: int) -> Party:
    words = scene.line.words
    inside = words[at:end]
    person = next((one for one in scene.people if at <= one.start < end), None)
    paper = _paper(scene, at, end)
    if paper is not None:
        return paper
    if _close(scene, at, end, person) or _unnamed(scene, at, end, person):
        return Party(Sort.UNNAMED, at, *_unnamed_end(scene, at, end))
    if person is not None:
        stranger = _before_title(words, at, person) or _owns(words, person, end)
        return Party(Sort.UNKNOWN, at, end, _span(scene, at, end)) if stranger else _person(scene, at, end, person)
    return _thing(scene, at, end)


def _close(scene: Scene, at: int, end: int, person: Person | None) -> bool:
    """Return whether the party is only somebody close to another; a body stays itself whose neighbour or member it is."""
    near = any(has(word, Tag.CLOSE) for word in scene.line.words[at:end])
    return near and (person is not None or _chief(scene, at, end) is None)


def _paper(scene: Scene, at: int, end: int) -> Party | None:
    """Return whose statement or message stands here, though nobody may have written it by name."""
    words = scene.line.words
    head = next((i for i in range(at, end) if not has(words[i], Tag.ARTICLE, Tag.INDEFINITE)), end)
    if head < end and Tag.DOCUMENT in words[head].tags:
        found = _document(scene, at, head, end)
        return found if found.sort in (Sort.BODY, Sort.AGENCY, Sort.MEDIUM) else None
    return None


def _to_whom(words: Sequence[Word], at: int, last: int) -> bool:
    """Return whether a preposition only leads to whom it was told: no word of closeness goes before it."""
    near = any(Tag.CLOSE in word.tags or Tag.RELATIVE in word.tags for word in words[at : last + 1])
    return Tag.PREPOSITION in words[last].tags and not near


def _before_title(words: Sequence[Word], at: int, person: Person) -> bool:
    """Return whether more than an article stands before a title and name: "the brother of General Poe"."""
    return any(not has(word, Tag.ARTICLE, Tag.SKIP) and word.kind is Kind.WORD for word in words[at : min(person.begin, person.start)])


def _owns(words: Sequence[Word], person: Person, end: int) -> bool:
    """Return whether the person owns what stands here: "General Poe's driver"."""
    return person.end + 1 < end and words[person.end].raw in "'’" and words[person.end + 1].text == "s"


def _unnamed(scene: Scene, at: int, end: int, person: Person | None) -> bool:
    words = scene.line.words
    if Tag.MEMBERS in words[at].tags and any(Tag.BODY in word.tags for word in words[at:end]):
        return False
    if _chief(scene, at, end) is not None:
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
    heads = range(at, _base(scene, at, end))
    tagged = [i for i in heads if has(words[i], Tag.UNNAMED, *kinds) and not (i == at and Tag.INDEFINITE in words[i].tags)]
    if not tagged:
        return None
    chief = tagged[-1] if scene.line.language == "en" else tagged[0]
    return chief if has(words[chief], *kinds) and Tag.UNNAMED not in words[chief].tags else None


def _side_by_side(words: Sequence[Word], index: int, person: Person | None) -> bool:
    """Return whether nothing but adjectives stands between a word for somebody and a name: "the witness Ann Poe"."""
    assert person is not None
    between = words[index + 1 : person.start]
    return not any(has(word, Tag.LINK, Tag.PREPOSITION, Tag.CLOSE, Tag.BODY, Tag.STOP) for word in between)


def _unnamed_end(scene: Scene, at: int, end: int) -> tuple[int, Span]:
    """Return where the words for a source without a name end: what describes it goes with them, up to a comma or a verb."""
    words, last = scene.line.words, end
    while last < len(words) and last - at < 2 * MAX_PARTY and not words[last].breaks:
        if has(words[last], Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.THAT) and not has(words[last], Tag.RELATIVE):
            break
        if any(one.begin == last + 1 for one in scene.people) and _to_whom(words, at, last):
            break
        if has(words[last], Tag.AND, Tag.ADDRESSEE) or (scene.line.language == "ar" and Tag.RELATIVE in words[last].tags):
            break
        last += 1
    first = at
    while first < end - 1 and has(words[first], Tag.SKIP) and Tag.UNNAMED not in words[first].tags:
        first += 1
    if scene.line.language == "ar":
        first = next((i for i in range(at, end) if has(words[i], Tag.UNNAMED, Tag.PRIVATE)), first)
    return end, Span(words[first].start, words[max(end, last) - 1].end)


def _person(scene: Scene, at: int, end: int, person: Person) -> Party:
    body = _body_of(scene, person)
    behind = 0 if body is None else next((i for i, word in enumerate(scene.line.words) if word.end >= body.end), 0) + 1
    return Party(Sort.PERSON, at, max(end, person.end, person.after, behind), person.place, body, person.title)


def _body_of(scene: Scene, person: Person) -> Span | None:
    """Return the body that stands in a person's title or apposition: "colonel of the Tolm fire brigade", ", of the brigade"."""
    words = scene.line.words
    inside = _body_within(scene, person.begin, person.start, person)
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
    elif at >= len(words) or not has(words[at], Tag.FROM):
        return None
    if at < len(words) and has(words[at], Tag.FROM, Tag.ARTICLE, Tag.SERVICE, Tag.RANK):
        return _body_within(scene, at, min(len(words), at + MAX_PARTY), person)
    return None


def _owner(scene: Scene, person: Person) -> Span | None:
    """Return the body whose officer this is: "the coastguard's spokesman, Ann Poe"."""
    words, last = scene.line.words, person.begin - 1
    if last < 2 or words[last].text != "s" or words[last - 1].raw not in "'’":  # noqa: PLR2004
        return None
    first = last - 1
    while first and words[first - 1].kind is Kind.WORD and not has(words[first - 1], Tag.ARTICLE, Tag.AND, Tag.STOP, Tag.THAT):
        first -= 1
    bodied = person.title in (Tag.RANK, Tag.SERVICE) and any(Tag.BODY in word.tags for word in words[first : last - 1])
    return _span(scene, first, last - 1) if bodied else None


def _body_within(scene: Scene, start: int, stop: int, person: Person) -> Span | None:
    words = scene.line.words
    for index in range(start, stop):
        if words[index].raw in ",،" or has(words[index], Tag.SAY, Tag.RELATIVE):
            return None
        if Tag.BODY in words[index].tags and not (Tag.SOLE in words[start].tags and index < person.start):
            first = _body_start(scene, index, start)
            end = min(_extent(scene, first), person.start if index < person.start else len(words))
            if index < person.start and scene.line.language == "en":
                end = max(i for i in range(index, person.start) if Tag.BODY in words[i].tags) + 1
            while end > first and not (words[end - 1].kind is Kind.WORD and not has(words[end - 1], *_TITLE_WORDS)):
                end -= 1
            return _span(scene, first, end) if end > index else None
    return None


_TITLE_WORDS: Final = (Tag.LINK, Tag.ARTICLE)


def _body_start(scene: Scene, index: int, least: int) -> int:
    """Return where the name of a body starts whose chief word stands at `index`: adjectives and names before it in English."""
    words, first = scene.line.words, index
    if scene.line.language not in ("en", "ru"):
        return index
    while first > least and words[first - 1].kind is Kind.WORD:
        before = words[first - 1]
        if has(before, Tag.LINK, Tag.PREPOSITION, Tag.ARTICLE, Tag.STOP, Tag.RANK, Tag.SERVICE, Tag.SOLE):
            break
        first -= 1
    return first


def _thing(scene: Scene, at: int, end: int) -> Party:
    """Return a party without a person in it."""
    words = scene.line.words
    first = at
    while first < end and has(words[first], Tag.ARTICLE, Tag.INDEFINITE):
        first += 1
    heads = range(first, _base(scene, first, end))
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
            return _document(scene, at, index, end)
        if scene.line.language != "en" and has(words[index], Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
            break
    office, titled = _office(scene, heads), _title_first(scene, heads)
    for index in reversed(heads) if scene.line.language == "en" else heads:
        word = words[index]
        sort = None if titled else next((sort for tag, sort in _SORTS if tag in word.tags), None)
        if sort is not None:
            return _of_sort(scene, sort, at, end, index)
    indefinite = has(words[at], Tag.INDEFINITE)
    if office is Tag.SERVICE and any(Tag.SPOKES in words[i].tags for i in heads):
        return _held(scene, office, at, end)
    if indefinite:
        sort = Sort.UNNAMED if any(has(words[i], *_SOMEBODY) for i in range(at, end)) else Sort.UNKNOWN
        return Party(sort, at, *_unnamed_end(scene, at, end))
    if office is not None:
        return _held(scene, office, at, end)
    return _proper(scene, at, end)


_SORTS: Final = ((Tag.AGENCY, Sort.AGENCY), (Tag.MEDIUM, Sort.MEDIUM), (Tag.BODY, Sort.BODY))


def _title_first(scene: Scene, heads: range) -> bool:
    """Return whether an office stands before the body that it is of: "head of the police" is not the police."""
    first = scene.line.words[heads.start] if len(heads) else None
    titled = first is not None and has(first, Tag.SERVICE, Tag.SOLE, Tag.RANK, Tag.PRIVATE, Tag.SPOKES)
    return titled and scene.line.language != "en" and first is not None and not has(first, Tag.BODY, Tag.MEDIUM)


def _base(scene: Scene, first: int, end: int) -> int:
    """Return where the words end among which the chief one is: in English before "of", elsewhere soon after the start."""
    words = scene.line.words
    if scene.line.language == "en":
        return next((i for i in range(first + 1, end) if Tag.LINK in words[i].tags), end)
    limit = next((i for i in range(first + 1, end) if Tag.LINK in words[i].tags), end)
    return min(end, limit, first + (3 if scene.line.language == "ru" else 2))


def _office(scene: Scene, heads: range) -> Tag | None:
    words = scene.line.words
    for tag in (Tag.SERVICE, Tag.RANK, Tag.SOLE, Tag.PRIVATE):
        if any(tag in words[index].tags for index in heads):
            sole = any(Tag.SOLE in words[i].tags and words[i].tags[Tag.SOLE] >= words[i].tags.get(tag, 0) for i in heads)
            return Tag.SOLE if sole else tag
    return None


def _held(scene: Scene, office: Tag, at: int, end: int) -> Party:
    """Return whom an office without a name stands for: one who is alone in it, or the body that is spoken for."""
    words = scene.line.words
    if office is Tag.SOLE and scene.line.language in ("ar", "fa") and _name_may_follow(words, end):
        return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))
    if office is Tag.SOLE and scene.line.language in ("ar", "fa") and _goes_on(words, at, end):
        return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))
    if office is Tag.SOLE:
        return Party(Sort.OFFICE, at, end, _span(scene, at, end), title=office)
    if office is Tag.SERVICE and any(Tag.SPOKES in word.tags for word in words[at:end]):
        index = next((i for i in range(at + 1, end) if Tag.BODY in words[i].tags), None)
        if index is not None:
            first = _body_start(scene, index, at + 1)
            return Party(Sort.BODY, at, end, _span(scene, first, end))
    if office is Tag.PRIVATE and scene.line.language in ("ar", "ru", "fa") and not words[at].text.startswith("ال"):
        return Party(Sort.UNNAMED, at, *_unnamed_end(scene, at, end))
    return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))


def _goes_on(words: Sequence[Word], at: int, end: int) -> bool:
    """Return whether an office may be followed by a name that is not known as one."""
    bare = end < len(words) and words[end].kind is Kind.WORD and not has(words[end], *_ENDS, Tag.PREPOSITION, Tag.ADDRESSEE)
    placed = any(has(word, Tag.PLACE, Tag.BODY) for word in words[at:end]) or words[end - 1].text.startswith("ال")
    ended = any(one.text.startswith("ال") and not two.text.startswith("ال") for one, two in pairwise(words[at:end]))
    return ended or (end - at > 2 and not placed) or end - at > 3 or (bare and not words[end].raw.endswith("ً"))  # noqa: PLR2004


def _name_may_follow(words: Sequence[Word], end: int) -> bool:
    """Return whether two or three words between commas follow an office: a name that is not known as one."""
    if end >= len(words) or words[end].raw not in ",،":
        return False
    part = end + 1
    while part < len(words) and words[part].kind is Kind.WORD and not has(words[part], *_ENDS):
        part += 1
    closed = part == len(words) or words[part].breaks or has(words[part], *_ENDS)
    return closed and 1 < part - end - 1 <= 3  # noqa: PLR2004


_SOMEBODY: Final = (Tag.UNNAMED, Tag.PRIVATE, Tag.RANK, Tag.SERVICE, Tag.SOLE)


def _of_sort(scene: Scene, sort: Sort, at: int, end: int, index: int) -> Party:
    words = scene.line.words
    if has(words[at], Tag.INDEFINITE) and not any(word.capital or word.opens for word in words[at + 1 : end]):
        return Party(Sort.UNNAMED, at, *_unnamed_end(scene, at, end))
    bare = scene.line.language in ("ar", "fa") and end - at > _MAX_BARE and not words[end - 1].closes
    if bare:
        return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))
    inner = next((one for i in range(at, end) if (one := _known(scene, i)) is not None), None)
    if inner is not None and inner.sort is Sort.OWN_AGENCY and sort in (Sort.AGENCY, Sort.MEDIUM):
        return Party(Sort.OWN_AGENCY, at, end, _span(scene, at, end), inner.name)
    return _named_body(scene, sort, at, end, index)


def _named_body(scene: Scene, sort: Sort, at: int, end: int, index: int) -> Party:
    """Return a body by its name: of "the charity Hands of the Sea" and of an organisation in quotation marks the name alone."""
    words = scene.line.words
    if Tag.GENERIC in words[index].tags and end - index > 1:
        after = index + 1
        if words[end - 1].closes:
            opening = max(i for i in range(at, end) if words[i].opens)
            if opening + 1 < end - 1 and scene.line.language != "ru":
                return Party(sort, at, end, _span(scene, opening + 1, end - 1))
        elif words[after].capital and not has(words[after], Tag.LINK):
            return Party(sort, at, end, _span(scene, after, end))
    if words[at].tags.get(Tag.MEMBERS):
        at_name = index if scene.line.language not in ("en", "ru") else _body_start(scene, index, at)
        return Party(sort, at, end, _span(scene, at_name, end))
    return Party(sort, at, end, _span(scene, at, end))


def _reporter(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the agency or outlet whose reporter stands here; a reporter of nobody is not named."""
    words = scene.line.words
    for start in range(index + 1, end):
        if has(words[start], Tag.LINK, Tag.ARTICLE) or words[start].raw in "'’":
            continue
        known = _known(scene, start)
        if known is not None:
            return known._replace(start=at, end=max(end, known.end), reporter=True)
        sort = Sort.MEDIUM if any(Tag.MEDIUM in word.tags for word in words[start:end]) else Sort.AGENCY
        name = Party(sort, at, end, _span(scene, start, end), reporter=True)
        return name if words[start].capital or words[start].opens or has(words[start], Tag.AGENCY) else name._replace(
            sort=Sort.UNKNOWN
        )
    return Party(Sort.UNNAMED, at, end, _span(scene, at, end))


def _record(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the body that keeps a record where it has a name of its own, else the record."""
    words = scene.line.words
    owner = next((i for i in range(index + 1, end) if Tag.BODY in words[i].tags), None)
    if owner is not None:
        first = _body_start(scene, owner, index + 1)
        if end - first > 1 and Tag.GENERIC not in words[owner].tags:
            return Party(Sort.BODY, at, end, _span(scene, first, end))
    return Party(Sort.RECORD, at, end, _span(scene, at, end))


def _document(scene: Scene, at: int, index: int, end: int) -> Party:
    """Return the body whose statement, count or message stands here, "that it made" between them or not."""
    words = scene.line.words
    for start in range(index + 1, min(len(words), index + _BEYOND_DOCUMENT)):
        if words[start].breaks and not words[start].opens:
            break
        if has(words[start], Tag.UNNAMED, Tag.CLOSE):
            return Party(Sort.UNNAMED, at, *_unnamed_end(scene, start, max(end, start + 1)))
        if any(index < one.start < start for one in scene.people):
            break
        if has(words[start], Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
            first = _body_start(scene, start, index + 1)
            owner = party(scene, _with_article(words, first, index + 1))
            if owner is not None and owner.sort in (Sort.BODY, Sort.AGENCY, Sort.MEDIUM):
                return owner._replace(start=at)
            break
    return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))


def _with_article(words: Sequence[Word], first: int, least: int) -> int:
    while first > least and (has(words[first - 1], Tag.ARTICLE) or words[first - 1].raw in "'’"):
        first -= 1
    return first


def _proper(scene: Scene, at: int, end: int) -> Party:
    """Return a proper name of which the text does not say what it is, or an unknown party."""
    words = scene.line.words
    quoted = words[at].opens and words[end - 1].closes
    capital = words[at].capital and not scene.line.loud and end - at <= 3 and at > 0  # noqa: PLR2004
    if quoted or (capital and all(word.capital or word.kind is not Kind.WORD for word in words[at:end])):
        return Party(Sort.NAMED, at, end, _span(scene, at, end))
    return Party(Sort.UNKNOWN, at, end, _span(scene, at, end))
