"""Find the persons of a sentence in Latin or Cyrillic: a run of capitals beside a word that asks for a name.

A capital alone names nobody: places, ships and firms have one too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.person import NO_NAME, TITLES, VERBS, Person, has, span_of, title_after
from quartet.intake.sayings.words import Line, Word

MAX_NAME: Final = 4
"""Words of a name, without its particles."""
_IN_FULL: Final = 2
_LONGEST_TITLE: Final = 9
_SHORT_FORM: Final = 4


def cased(line: Line) -> Iterator[Person]:
    """Yield the persons of a sentence in order."""
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
        if (joined and word.raw == "." and len(words[end - 1].text) == 1 and _capital(words[end + 1], loud=loud)) or (
            joined and word.raw != "." and words[end + 1].gap == 0 and _capital(words[end + 1], loud=loud)
        ):
            end += 2
        elif _capital(word, loud=loud):
            end += 1
        elif word.text == "d" and end + 2 < len(words) and words[end + 1].raw in "'’" and words[end + 2].capital:
            end += 3
        elif Tag.PARTICLE in word.tags and end + 1 < len(words) and words[end + 1].capital and parts > 1:
            end += 2
        else:
            break
        parts += 1
    return end


def _capital(word: Word, *, loud: bool) -> bool:
    return word.kind is Kind.WORD and (word.capital or (loud and not has(word, Tag.STOP, Tag.LINK, *VERBS)))


def _past_titles(words: Sequence[Word], at: int, end: int) -> int:
    """Return where the name starts in a run: after titles, an article and a word that only starts the sentence."""
    while at < end:
        sizes = [words[at].tags[tag] for tag in TITLES if tag in words[at].tags]
        first = at == 0 and has(words[at], Tag.ACCORDING, Tag.CITE, Tag.PREPOSITION, Tag.SAY, Tag.THIS)
        little = first or has(
            words[at], Tag.ARTICLE, Tag.STOP, Tag.AND, Tag.SKIP, Tag.LINK, Tag.BYLINE, Tag.RELATIVE, Tag.HEDGE
        )
        if sizes and not _is_name(words, at, end):
            at += max(sizes)
        elif (little and words[at].tags.get(Tag.GIVEN) is None) or words[at].raw in "'’.":
            at += 1
        else:
            break
    return _past_inner_title(words, min(at, end), end)


def _past_inner_title(words: Sequence[Word], at: int, end: int) -> int:
    """Return where a name starts behind a title that is not the first of its capitals: "Interior Minister Ann Poe"."""
    if at >= end or Tag.GIVEN in words[at].tags:
        return at
    for inner in range(at + 1, end - 1):
        size = max((words[inner].tags.get(tag, 0) for tag in (Tag.RANK, Tag.SOLE, Tag.SERVICE)), default=0)
        if size and words[inner].gap and inner + size < end and Tag.GIVEN not in words[inner].tags:
            return inner + size
    return at


def _is_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Return whether a word that may be a title is a given name here."""
    return Tag.GIVEN in words[at].tags and end - at > 1 and not has(words[at], Tag.RANK)


def _judged(line: Line, start: int, end: int) -> Person | None:
    words = line.words
    start = _past_place(words, start, end)
    size = _parts(words, start, end)
    if start == end or _masthead(words, start, end):
        return None
    if start and words[start - 1].opens and end < len(words) and words[end].closes:
        return None
    begin, title = _title_before(line, start)
    if start and words[start - 1].raw == "," and end < len(words) and not words[end].breaks:
        begin, title = start, None
    after, later = title_after(line, end)
    named = title or later
    if title is None and line.language in ("en", "fr") and size > _IN_FULL and _given_later(words, start, end):
        return None
    if all(len(word.text) < 2 for word in words[start:end]):
        return None
    if size > MAX_NAME or (size < 2 and not _beside(words, start, title)):
        return None
    if any(has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM) and Tag.GIVEN not in word.tags for word in words[start:end]):
        return None
    start = _last_two(words, start, end, title)
    if (
        _cyrillic(words[start])
        and words[start].text.endswith(starts(Listed.GENITIVES, "ru"))
        and Tag.GIVEN not in words[start].tags
    ):
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
    return Person(span_of(words, start, end), start, end, min(begin, start), after, named, lone=size < 2)


def _past_place(words: Sequence[Word], start: int, end: int) -> int:
    """Return where the name starts behind a place: "writes from Tolm Ann Poe"; the end, where no given name tells."""
    led = start > 0 and words[start - 1].text in listed(Listed.WHERE) and words[start - 1].kind is Kind.WORD
    if not led or Tag.GIVEN in words[start].tags:
        return start
    later = (at for at in range(start + 1, end) if Tag.GIVEN in words[at].tags and words[at].gap > 0)
    return next(later, end)


def _given_later(words: Sequence[Word], start: int, end: int) -> bool:
    """Return whether a given name stands behind a capital that is none: that may be a title which is not known."""
    given = Tag.GIVEN in words[start].tags
    return not given and any(Tag.GIVEN in word.tags and word.gap > 0 for word in words[start + 1 : end - 1])


def _masthead(words: Sequence[Word], start: int, end: int) -> bool:
    """Return whether a run is the name of a paper or a channel: "Tolm News", "Le Courrier"."""
    last = next(word for word in reversed(words[start:end]) if word.kind is Kind.WORD)
    return Tag.MASTHEAD in last.tags and end - start > 1


def _of_a_body(words: Sequence[Word], start: int) -> bool:
    """Return whether the word before says that the name is of a body, a paper or a place."""
    return start > 0 and words[start - 1].kind is Kind.WORD and has(words[start - 1], *NO_NAME, Tag.GENERIC, Tag.LINK)


def _beside(words: Sequence[Word], start: int, title: Tag | None) -> bool:
    """Return whether a title stands right before one word, which is a surname then."""
    holders = () if _cyrillic(words[start]) else (Tag.SERVICE, Tag.SOLE)
    return title in (Tag.RANK, Tag.HONORIFIC, *holders) and _titled(words, start - 1)


def _parts(words: Sequence[Word], start: int, end: int) -> int:
    return sum(word.kind is Kind.WORD and word.gap > 0 for word in words[start + 1 : end]) + 1


def _last_two(words: Sequence[Word], start: int, end: int, title: Tag | None) -> int:
    """Return where the name starts behind a title that goes on into the run: "Minister for Ferries Dora Penn"."""
    oblique = title is not None and _cyrillic(words[start]) and not has(words[start], Tag.GIVEN)
    if title is None or start == 0 or not (oblique or has(words[start - 1], Tag.LINK, Tag.BODY, Tag.QUALIFIER)):
        loose = start > 0 and title is not None and not _titled(words, start - 1)
        if not loose:
            return start
    parts = [at for at in range(start, end) if at == start or (words[at].gap > 0 and words[at].kind is Kind.WORD)]
    keep = 3 if len(parts) > 3 and words[parts[-2]].text.endswith(("вич", "вича", "вна", "вны")) else 2
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
        elif (
            (word.raw == "." and at and words[at - 1].tags)
            or has(word, Tag.BODY, Tag.LINK, Tag.QUALIFIER, Tag.ARTICLE, Tag.PLACE)
            or word.raw in "-'’»«"
        ):
            pass
        elif word.kind is not Kind.WORD or has(word, Tag.AND, Tag.RELATIVE, Tag.PREPOSITION, *VERBS):
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
        if has(
            words[first - 1],
            Tag.LINK,
            Tag.STOP,
            Tag.AND,
            Tag.RELATIVE,
            Tag.PREPOSITION,
            Tag.ADDRESSEE,
            *VERBS,
            Tag.THAT,
        ):
            break
        first -= 1
        if Tag.ARTICLE in words[first].tags:
            return first
    while at and (
        has(words[at - 1], Tag.ARTICLE, Tag.QUALIFIER, Tag.OFFICIAL)
        or (words[at - 1].raw in "'’" and words[at].gap == 0)
    ):
        at -= 1
    return at


def _asked_for(line: Line, start: int, end: int, size: int) -> bool:
    """Return whether a name in full stands where a person is asked for: a given name, a verb of saying, a byline."""
    words = line.words
    if Tag.GIVEN in words[start].tags or (size == 2 and not line.telling and not line.loud):
        return True
    first = start == 0 and (size > _IN_FULL or bool(words[start].tags))
    if line.loud or words[start].breaks or first:
        return False  # the first word of a sentence has a capital, whatever it is
    before = next((word for word in reversed(words[max(0, start - 2) : start]) if not word.breaks), None)
    if start and words[start - 1].kind is Kind.WORD and before is not None and has(before, Tag.BYLINE) and start < 6:
        return True
    after = words[end] if end < len(words) else None
    said = any(
        at + words[at].tags[tag] == start
        for at in range(max(0, start - 6), start)
        for tag in (Tag.SAY, Tag.DENY)
        if tag in words[at].tags
    )
    return said or (after is not None and has(after, Tag.SAY, Tag.DENY, Tag.HE_SAID, Tag.UNSURE) and not after.capital)
