"""Find the persons whom a sentence names: by titles, by given names, by the shape of a name beside a word that asks for one.

A capital says much in Latin and Cyrillic and does not exist in Arabic script: there a name needs a title or a given name.
What only looks like a name (a place, a ship, a firm) is left out.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.words import Line, Word
from quartet.intake.texts import Span

MAX_NAME: Final = 4
"""Words of a name, without its particles."""
TITLES: Final = (Tag.RANK, Tag.SOLE, Tag.SERVICE, Tag.PRIVATE, Tag.HONORIFIC)
_NO_NAME: Final = (Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.PLACE, Tag.RECORD)
_LONGEST_TITLE: Final = 9
_SHORT_FORM: Final = 4
_OF_A_PLACE: Final = ("ого", "его", "ых", "их", "ой", "ей")
"""How the first word of a place ends in Russian behind "mayor of"."""
_SCRIPTLESS: Final = frozenset({"ar", "fa"})
_NOT_IN_TITLE: Final = (Tag.STOP, Tag.RELATIVE, Tag.AND, Tag.PREPOSITION)
_VERBS: Final = (Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.HE_SAID, Tag.AUX, Tag.SAW)


class Person(NamedTuple):
    """Somebody named: words `start` to before `end` are the name, `begin` to before `after` the title and apposition too."""

    place: Span
    start: int
    end: int
    begin: int
    after: int
    title: Tag | None
    lone: bool
    """One word only: it may stand for somebody who was named in full."""


def people(line: Line) -> tuple[Person, ...]:
    """Return the persons named in a sentence, in order; none overlap."""
    finder = _uncased if line.language in _SCRIPTLESS else _cased
    found, last = list[Person](), 0
    for one in finder(line):
        if one.start >= last:
            found.append(one)
            last = one.end
    return tuple(found)


def _span(words: Sequence[Word], start: int, end: int) -> Span:
    return Span(words[start].start, words[end - 1].end)


def has(word: Word, *tags: Tag) -> bool:
    """Return whether a word has one of the tags."""
    return any(tag in word.tags for tag in tags)


def _cased(line: Line) -> Iterator[Person]:
    words, at = line.words, 0
    while at < len(words):
        end = _run(words, at, loud=line.loud)
        if end == at:
            at += 1
            continue
        start = _past_titles(words, at, end)
        person = _judged(line, start, end) if start < end else None
        if person is not None:
            yield person
        at = end


def _run(words: Sequence[Word], at: int, *, loud: bool) -> int:
    """Return where a run of capital words that starts here ends; here, where none starts."""
    if not _capital(words[at], loud=loud):
        return at
    end, parts = at + 1, 1
    while end < len(words) and parts <= 2 * MAX_NAME:
        word = words[end]
        joined = word.raw in "-'’.‐‑" and word.gap == 0 and end + 1 < len(words)
        if joined and word.raw == "." and len(words[end - 1].text) == 1 and _capital(words[end + 1], loud=loud):
            end += 2
        elif joined and word.raw != "." and words[end + 1].gap == 0 and _capital(words[end + 1], loud=loud):
            end += 2
        elif _capital(word, loud=loud):
            end += 1
        elif Tag.PARTICLE in word.tags and end + 1 < len(words) and words[end + 1].capital and parts > 1:
            end += 2
        else:
            break
        parts += 1
    return end


def _capital(word: Word, *, loud: bool) -> bool:
    return word.kind is Kind.WORD and (word.capital or (loud and not has(word, Tag.STOP, Tag.LINK, *_VERBS)))


def _past_titles(words: Sequence[Word], at: int, end: int) -> int:
    """Return where the name starts in a run: after titles, an article and a word that only starts the sentence."""
    while at < end:
        sizes = [words[at].tags[tag] for tag in TITLES if tag in words[at].tags]
        first = at == 0 and has(words[at], Tag.ACCORDING, Tag.CITE, Tag.PREPOSITION, Tag.SAY, Tag.THIS)
        little = first or has(words[at], Tag.ARTICLE, Tag.STOP, Tag.AND, Tag.SKIP, Tag.LINK, Tag.BYLINE, Tag.RELATIVE, Tag.HEDGE)
        if sizes and not _is_name(words, at, end):
            at += max(sizes)
        elif little and words[at].tags.get(Tag.GIVEN) is None:
            at += 1
        elif words[at].raw in "'’.":
            at += 1
        else:
            break
    return min(at, end)


def _is_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Return whether a word that may be a title is a given name here."""
    return Tag.GIVEN in words[at].tags and end - at > 1 and not has(words[at], Tag.RANK)


def _judged(line: Line, start: int, end: int) -> Person | None:
    words = line.words
    size = _parts(words, start, end)
    if start and words[start - 1].opens and end < len(words) and words[end].closes:
        return None
    begin, title = _title_before(line, start)
    after, later = _title_after(line, end)
    named = title or later
    if all(len(word.text) < 2 for word in words[start:end]):  # noqa: PLR2004
        return None
    if size > MAX_NAME or (size < 2 and not _beside(words, start, title)):
        return None
    if any(has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM) and Tag.GIVEN not in word.tags for word in words[start:end]):
        return None
    start = _last_two(words, start, end, title)
    if _cyrillic(words[start]) and words[start].text.endswith(_OF_A_PLACE) and Tag.GIVEN not in words[start].tags:
        return None
    if named is None and (_of_a_body(words, start) or not _asked_for(line, start, end, size)):
        return None
    if named is None or title is None:
        ends = (words[start],) if named is not None else words[start:end]
        if any(Tag.PLACE in word.tags and Tag.GIVEN not in word.tags for word in ends):
            return None
        if named is None and any(Tag.UNNAMED in word.tags for word in words[start:end]):
            return None
        if start and has(words[start - 1], Tag.ARTICLE, Tag.PLACE) and named is None:
            return None
    return Person(_span(words, start, end), start, end, min(begin, start), after, named, lone=size < 2)


def _of_a_body(words: Sequence[Word], start: int) -> bool:
    """Return whether the word before says that the name is of a body, a paper or a place."""
    return start > 0 and words[start - 1].kind is Kind.WORD and has(words[start - 1], *_NO_NAME, Tag.GENERIC, Tag.LINK)


def _beside(words: Sequence[Word], start: int, title: Tag | None) -> bool:
    """Return whether a title stands right before one word, which is a surname then."""
    holders = () if _cyrillic(words[start]) else (Tag.SERVICE, Tag.SOLE)
    return title in (Tag.RANK, Tag.HONORIFIC, *holders) and _titled(words, start - 1)


def _parts(words: Sequence[Word], start: int, end: int) -> int:
    return sum(word.kind is Kind.WORD and word.gap > 0 for word in words[start + 1 : end]) + 1


def _last_two(words: Sequence[Word], start: int, end: int, title: Tag | None) -> int:
    """Return where the name starts where the title goes on into the run: of "Minister for Ferries Dora Penn" the last two."""
    oblique = title is not None and _cyrillic(words[start]) and not has(words[start], Tag.GIVEN)
    if title is None or start == 0 or not (oblique or has(words[start - 1], Tag.LINK, Tag.BODY, Tag.QUALIFIER)):
        loose = start > 0 and title is not None and not _titled(words, start - 1)
        if not loose:
            return start
    parts = [at for at in range(start, end) if at == start or (words[at].gap > 0 and words[at].kind is Kind.WORD)]
    keep = 3 if len(parts) > 3 and words[parts[-2]].text.endswith(("вич", "вича", "вна", "вны")) else 2  # noqa: PLR2004
    return parts[-keep] if len(parts) > keep else start


def _cyrillic(word: Word) -> bool:
    return "а" <= word.text[:1] <= "я"


def _titled(words: Sequence[Word], last: int) -> bool:
    """Return whether a title ends with this word."""
    return any(
        at + words[at].tags.get(tag, 0) - 1 == last for at in range(max(0, last - 2), last + 1) for tag in TITLES
    ) or (words[last].raw in ".,")


def _title_before(line: Line, start: int) -> tuple[int, Tag | None]:
    """Return where a title before a name starts and what it is: "the mayor of Tolm, " too."""
    words, at, commas = line.words, start - 1, 0
    while at >= 0 and start - at <= _LONGEST_TITLE:
        word = words[at]
        tag = max((tag for tag in _titles(word)), key=lambda one: word.tags[one], default=None)
        if tag is not None and at + word.tags[tag] <= start and not (tag is Tag.PRIVATE and commas > 1):
            at, tag = _longer(words, at, start, tag)
            return _first_of_title(words, at), tag
        if word.raw == ",":
            commas += 1
        elif word.raw == "." and at and words[at - 1].tags:
            pass
        elif has(word, Tag.BODY, Tag.LINK, Tag.QUALIFIER, Tag.ARTICLE, Tag.PLACE) or word.raw in "-'’»«":
            pass
        elif word.kind is not Kind.WORD or has(word, Tag.AND, Tag.RELATIVE, Tag.PREPOSITION, *_VERBS):
            return start, None
        if commas > 1 or (commas == 1 and word.raw == "," and at != start - 1):
            return start, None
        at -= 1
    return start, None


def _longer(words: Sequence[Word], at: int, start: int, tag: Tag) -> tuple[int, Tag]:
    """Return the longer title that a word ends: "press-secretary" for "secretary"."""
    for first in range(max(0, at - 3), at):
        for one in TITLES:
            if at < first + words[first].tags.get(one, 0) <= start:
                return first, one
    return at, tag


def _titles(word: Word) -> Iterator[Tag]:
    """Yield the titles that a word may be; a short form of one has a capital."""
    short = len(word.text) <= _SHORT_FORM and word.raw.islower()
    yield from (tag for tag in TITLES if tag in word.tags and not (short and tag in (Tag.RANK, Tag.HONORIFIC)))


def _first_of_title(words: Sequence[Word], at: int) -> int:
    """Return where the words for a title start: adjectives and an article before it, "the parish clerk" as a whole."""
    first = at
    while first and words[first - 1].kind is Kind.WORD and words[first].gap and at - first < _LONGEST_TITLE:
        if has(words[first - 1], Tag.LINK, Tag.STOP, Tag.AND, Tag.RELATIVE, Tag.PREPOSITION, Tag.ADDRESSEE, *_VERBS, Tag.THAT):
            break
        first -= 1
        if Tag.ARTICLE in words[first].tags:
            return first
    while at and (has(words[at - 1], Tag.ARTICLE, Tag.QUALIFIER, Tag.OFFICIAL) or (words[at - 1].raw in "'’" and words[at].gap == 0)):
        at -= 1
    return at


def _title_after(line: Line, end: int) -> tuple[int, Tag | None]:
    """Return where an apposition after a name ends and what it is: ", a haulier at the head of the queue"."""
    words = line.words
    if end + 1 >= len(words) or words[end].raw not in ",،(":
        return end, None
    at = end + 1
    if words[at].kind is Kind.NUMBER and at + 1 < len(words) and words[end].raw != "(":
        return _apposition(words, at), Tag.PRIVATE
    if words[at].text in {"who", "whose"}:
        return end, Tag.PRIVATE
    while at < len(words) and at - end < 6 and words[at].kind is Kind.WORD:  # noqa: PLR2004
        for tag in TITLES:
            if tag in words[at].tags and not words[at].capital:
                return _apposition(words, at), tag
        if not has(words[at], Tag.ARTICLE, Tag.QUALIFIER, Tag.PLACE, Tag.LINK, Tag.INDEFINITE) and at - end > 2:  # noqa: PLR2004
            break
        at += 1
    return end, None


def _apposition(words: Sequence[Word], at: int) -> int:
    while at < len(words) and not words[at].breaks and not has(words[at], *_VERBS):
        at += 1
    return at


def _asked_for(line: Line, start: int, end: int, size: int) -> bool:
    """Return whether a name in full stands where a person is asked for: a given name, a verb of saying, a byline."""
    words = line.words
    if Tag.GIVEN in words[start].tags or (size == 2 and not line.telling and not line.loud):  # noqa: PLR2004
        return True
    if line.loud or words[start].breaks:
        return False
    before = next((word for word in reversed(words[max(0, start - 2) : start]) if not word.breaks), None)
    if start and words[start - 1].kind is Kind.WORD and before is not None and has(before, Tag.BYLINE) and start < 6:  # noqa: PLR2004
        return True
    after = words[end] if end < len(words) else None
    said = any(
        at + words[at].tags[tag] == start
        for at in range(max(0, start - 6), start)
        for tag in (Tag.SAY, Tag.DENY)
        if tag in words[at].tags
    )
    return said or (after is not None and has(after, Tag.SAY, Tag.DENY, Tag.HE_SAID, Tag.UNSURE) and not after.capital)


def _uncased(line: Line) -> Iterator[Person]:
    words = line.words
    for at, word in enumerate(words):
        if word.kind is not Kind.WORD:
            continue
        title = next((tag for tag in TITLES if tag in word.tags), None)
        if title is not None:
            person = _after_title(line, at, title)
            if person is not None:
                yield person
        elif Tag.GIVEN in word.tags and _word_of_name(word) and not has(words[at - 1] if at else word, Tag.PLACE, Tag.BODY, Tag.LINK):
            person = _after_given(line, at)
            if person is not None:
                yield person


def _word_of_name(word: Word) -> bool:
    if Tag.STOP in word.tags and not word.raw.endswith("ي"):
        return False
    return (
        word.kind is Kind.WORD
        and len(word.text) > 1
        and not has(word, Tag.STOP, Tag.AND, Tag.PRONOUN, Tag.RELATIVE, Tag.SKIP, *_NO_NAME, *_VERBS, *TITLES, Tag.LINK)
        or (word.kind is Kind.WORD and Tag.GIVEN in word.tags)
    )


def _named(words: Sequence[Word], at: int) -> int:
    """Return where a name that starts here ends: a given name and one or two words, particles joined."""
    end, parts = at, 0
    while end < len(words) and parts < 2 and (_word_of_name(words[end]) or Tag.PARTICLE in words[end].tags):  # noqa: PLR2004
        parts += Tag.PARTICLE not in words[end].tags or parts == 0
        end += 1
        if words[end - 1].raw.endswith("ً"):
            return end - 1
    return end


def _after_title(line: Line, at: int, title: Tag) -> Person | None:
    """Return who stands after a title: after its adjectives, or after ", " behind what it is the title of."""
    words = line.words
    start = at + words[at].tags[title]
    if _of_another(words, at, start, title, line.language):
        return None
    while start < len(words) and _goes_with_title(words, start, line.language):
        start += 1
    comma = _comma(words, start)
    if comma is not None and title is not Tag.HONORIFIC:
        named = _named(words, comma + 1)
        if named - comma == 3 and (named == len(words) or words[named].breaks or has(words[named], *_VERBS, Tag.STOP)):  # noqa: PLR2004
            given = Tag.GIVEN in words[comma + 1].tags
            if given or title in (Tag.SOLE, Tag.SERVICE):
                return _person(words, comma + 1, named, at, named, title)
    end = _named(words, start)
    if end - start < 1 and title is not Tag.HONORIFIC:
        start = _later_given(words, start)
        end = _named(words, start)
    if end - start < 1 or start >= len(words):
        return None
    if end - start < 2 and title not in (Tag.RANK, Tag.HONORIFIC):  # noqa: PLR2004
        return None
    if title in (Tag.RANK, Tag.HONORIFIC) or Tag.GIVEN in words[start].tags or _ends(words, end):
        if title in (Tag.PRIVATE, Tag.SERVICE, Tag.SOLE) and not _title_ends(words, at, start, title, line.language):
            return None
        after, _ = _title_after(line, end)
        return _person(words, start, end, at, after, title)
    return None


def _of_another(words: Sequence[Word], at: int, start: int, title: Tag, language: str) -> bool:
    """Return whether what follows is not who has the title but whose it is: "the driver of" needs no word in these tongues."""
    if start >= len(words) or title in (Tag.RANK, Tag.HONORIFIC) or Tag.HONORIFIC in words[at].tags:
        return False
    titled = has(words[start], Tag.RANK, Tag.HONORIFIC) and Tag.QUALIFIER not in words[start].tags
    named = Tag.GIVEN in words[start].tags and _word_of_name(words[start])
    if language == "ar":
        definite = any(word.text.startswith(("ال", "وال", "فال")) for word in words[at:start])
        return not definite and (titled or named)
    return titled or named


def _later_given(words: Sequence[Word], start: int) -> int:
    """Return where a given name stands behind what a title is of: "the spokesman of the ministry Sami Taha"."""
    for at in range(start, min(len(words), start + 6)):
        titled = at > start and has(words[at], Tag.RANK, Tag.HONORIFIC) and Tag.GIVEN not in words[at].tags
        if titled or words[at].kind is not Kind.WORD or has(words[at], *_NOT_IN_TITLE, *_VERBS):
            return len(words)
        behind = at > start and not has(words[at - 1], Tag.BODY, Tag.PLACE)
        if behind and Tag.GIVEN in words[at].tags and _word_of_name(words[at]):
            return at
    return len(words)


def _ends(words: Sequence[Word], end: int) -> bool:
    return end == len(words) or words[end].breaks or has(words[end], *_VERBS)


def _title_ends(words: Sequence[Word], at: int, start: int, title: Tag, language: str) -> bool:
    """Return whether a name may follow: without a capital to tell, only a known given name is sure."""
    if Tag.GIVEN in words[start].tags:
        return True
    definite = words[at].text.startswith("ال")
    return language == "ar" and (definite or start > at + words[at].tags[title])


def _goes_with_title(words: Sequence[Word], at: int, language: str) -> bool:
    word = words[at]
    if word.kind is not Kind.WORD or Tag.GIVEN in word.tags:
        return False
    if language == "ar":
        return word.text.startswith("ال") and not has(word, Tag.RELATIVE, Tag.SKIP) and not _follows_given(words, at)
    return has(word, Tag.QUALIFIER, *TITLES)


def _follows_given(words: Sequence[Word], at: int) -> bool:
    return at > 0 and Tag.GIVEN in words[at - 1].tags


def _comma(words: Sequence[Word], start: int) -> int | None:
    for at in range(start, min(start + 4, len(words) - 2)):
        if words[at].raw in ",،":
            return at
        if words[at].kind is not Kind.WORD or has(words[at], *_NOT_IN_TITLE, *_VERBS):
            return None
    return None


def _after_given(line: Line, at: int) -> Person | None:
    """Return who starts with a given name that no title goes before, where a comma, a verb or a title follows."""
    words, end = line.words, _named(line.words, at)
    if end - at < 2 or (at and has(words[at - 1], Tag.PLACE, Tag.BODY, Tag.GIVEN)):  # noqa: PLR2004
        return None
    opens = at == 0 or words[at - 1].breaks or has(words[at - 1], Tag.SAY, Tag.BYLINE, Tag.AUX, Tag.AND, Tag.SAW)
    closes = end == len(words) or words[end].breaks or has(words[end], Tag.SAY, Tag.DENY, Tag.STOP, Tag.AUX)
    if not (opens or closes):
        return None
    after, title = _title_after(line, end)
    return _person(words, at, end, at, after, title)


def _person(words: Sequence[Word], start: int, end: int, begin: int, after: int, title: Tag | None) -> Person:
    return Person(_span(words, start, end), start, end, begin, after, title, lone=end - start < 2)  # noqa: PLR2004


def distinct(found: Sequence[tuple[str, Person]]) -> tuple[Span, ...]:
    """Return one place for each person: a surname alone and a name that is inflected stand for who was named before."""
    kept = list[tuple[tuple[str, ...], Span]]()
    for name, person in found:
        parts = tuple(part[: max(4, len(part) - 2)] for part in name.split())
        if not any(_same(parts, other) for other, _ in kept):
            kept.append((parts, person.place))
    return tuple(place for _, place in kept)


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not (_alike(one[-1], other[-1])):
        return False
    return len(one) == 1 or len(other) == 1 or all(_alike(a, b) for a, b in zip(one, other, strict=False))


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
