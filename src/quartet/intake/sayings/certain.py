"""Say whether a speaker is surely bound: then he is filled in. Everything else is offered, and an officer decides.

A name is filled in where three kinds of evidence meet, none of which guesses. (1) The frame is closed: a verb or a
phrase of saying, and the name, and nothing else, at the one end of a sentence, with a sign or "that" on its far side;
no other saying, no other person, body or source in the sentence, no doubt, no hearsay. (2) The name is whole by more
than that frame: every word of it is a known one, it stands in quotation marks of its own, or it stands elsewhere in the
text too. (3) The event stands in the same sentence, alone, on the other side of the frame.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.behalf import for_another
from quartet.intake.sayings.doubts import sure
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.marks import Mark, Role, marks
from quartet.intake.sayings.person import TITLES, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

_BODIES: Final = frozenset({Sort.BODY, Sort.AGENCY, Sort.MEDIUM, Sort.OFFICE, Sort.NAMED})
_FRAMES: Final = frozenset({Tag.SAY, Tag.DENY, Tag.ACCORDING})
_SOMEBODY: Final = (
    *(Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.REPORTER, Tag.OURS, Tag.RECORD, Tag.DOCUMENT, Tag.SPOKES),
    *(Tag.RANK, Tag.SOLE, Tag.SERVICE, Tag.HONORIFIC, Tag.CLOSE),
)
"""Whoever these are in the rest of a sentence may be who says it, or who knew it first. Workers and people who are hurt
are not: a source without a name has a saying of its own."""
_NOT_THERE: Final = (Tag.SKIP, Tag.PLACE)
"""A day that is called as "one of" is, and the port in the name of a town."""
_SAYING: Final = (
    *(Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.ASK, Tag.ANSWER, Tag.ACCORDING, Tag.HIS_WORDS, Tag.HE_SAID, Tag.THEY_SAY),
    *(Tag.CITE, Tag.CITED_BY, Tag.SOURCED, Tag.RELAYS, Tag.SAME, Tag.ANONYMITY, Tag.HEARSAY, Tag.HEARD, Tag.HEDGE),
)
_IN_NO_NAME: Final = (
    *(Tag.SKIP, Tag.STOP, Tag.PRONOUN, Tag.AND, Tag.THAT, Tag.RELATIVE, Tag.NOT, Tag.ADDRESSEE, Tag.INDEFINITE),
    *(Tag.UNNAMED, Tag.CLOSE, Tag.AUX, Tag.DOCUMENT, Tag.REPORTER, Tag.BESIDE, Tag.FROM_WHOM, *_SAYING),
)
_KNOWN: Final = (Tag.BODY, Tag.AGENCY, Tag.SOLE, Tag.QUALIFIER)
_JOINS: Final = (Tag.LINK, Tag.ARTICLE)


class Frame(NamedTuple):
    """A saying and its name side by side: words `start` to before `end`; `leads` where the sentence begins with it."""

    start: int
    end: int
    leads: bool


class Bond(NamedTuple):
    """How one who says it is bound: by a closed frame, and by a name that is known to be whole."""

    party: Party
    place: Span
    """The place of the frame."""
    leads: bool
    whole: bool
    alone: bool
    """It may be the one who knew it first as well: a body, or who is one alone in an office."""


def bond(scene: Scene, page: Sequence[Scene]) -> Bond | None:
    """Return how the one who says what a sentence tells is bound, or None where the frame is not closed."""
    found = marks(scene)
    if len(found) != 1:
        return None
    mark = sure(scene, found[0], found)
    who = mark.party
    if _may_be_told(scene, mark):
        return None
    if who is None or mark.role is not Role.SAYS or mark.tag not in _FRAMES or mark.told or mark.this or mark.relative:
        return None
    frame = _frame(scene, mark, who)
    words = scene.line.words
    if frame is None or _hedged(words, frame) or not _only_one(scene, frame, who):
        return None
    at = Span(words[frame.start].start, words[frame.end - 1].end)
    return Bond(who, at, frame.leads, _whole(scene, who, page), _alone(scene, who))


def _frame(scene: Scene, mark: Mark, who: Party) -> Frame | None:
    """Return the frame of a mark with its party, where nothing else stands within or beside it."""
    words = scene.line.words
    name = [word for word in words[who.start : who.end] if word.kind is not Kind.SIGN]
    if who.sort is Sort.PERSON and not _bare_person(scene, who):
        return None
    if who.sort not in (_BODIES | {Sort.PERSON}) or any(_no_name(word) for word in name):
        return None
    verb = mark.at
    while verb > 0 and has(words[verb - 1], Tag.AUX) and not words[verb - 1].breaks and verb > who.end:
        verb -= 1
    if who.end == verb:
        frame = Frame(_article(words, who.start), mark.end, leads=_opens(words, _article(words, who.start)))
        far = frame.start == 0 or words[frame.start - 1].breaks
    elif who.start >= mark.end and _beside(scene, mark, who):
        start = _auxiliary(words, mark.at)
        frame = Frame(start, who.end, leads=_opens(words, start))
        far = _closes(words, who.end) and (mark.tag is Tag.ACCORDING or start == 0 or words[start - 1].breaks)
    else:
        return None
    trails = all(word.kind not in (Kind.WORD, Kind.NUMBER) for word in words[frame.end :])
    return frame if far and frame.leads != trails else None


def _no_name(word: Word) -> bool:
    """Return whether a word of a name may be none of it: a number, a time, another preposition than "of"."""
    small = Tag.ARTICLE in word.tags or Tag.LINK in word.tags
    led = has(word, Tag.PREPOSITION, Tag.BINDS, Tag.FROM) and Tag.LINK not in word.tags
    return word.kind is Kind.NUMBER or (not small and (led or has(word, *_IN_NO_NAME)))


def _bare_person(scene: Scene, who: Party) -> bool:
    """Return whether a party is a name with nothing but a title before it, and nothing behind."""
    words = scene.line.words
    before = [word for word in words[who.start : who.end] if word.end <= who.name.start]
    behind = [word for word in words[who.start : who.end] if word.start >= who.name.end]
    return not behind and all(has(word, Tag.ARTICLE, *TITLES) for word in before) and not for_another(scene, who)


def _article(words: Sequence[Word], at: int) -> int:
    while at > 0 and (has(words[at - 1], Tag.ARTICLE) or words[at - 1].raw in "'’«“\"") and not _ends(words, at - 1):
        at -= 1
    return at


def _ends(words: Sequence[Word], at: int) -> bool:
    return words[at].breaks and not words[at].opens


def _auxiliary(words: Sequence[Word], at: int) -> int:
    while at > 0 and has(words[at - 1], Tag.AUX, Tag.PRONOUN) and not words[at - 1].breaks:
        at -= 1
    return at


def _beside(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether nothing but an article stands between a verb and a name; in Russian also "in"."""
    between = scene.line.words[mark.end : who.start]
    if any(word.breaks and not word.opens for word in between):
        return False
    within = scene.line.language == "ru" and len(between) == 1 and has(between[0], Tag.PREPOSITION)
    return within or all(has(word, Tag.ARTICLE, Tag.LINK) or word.raw in "'’" or word.opens for word in between)


def _opens(words: Sequence[Word], at: int) -> bool:
    return all(word.kind not in (Kind.WORD, Kind.NUMBER) for word in words[:at])


def _closes(words: Sequence[Word], at: int) -> bool:
    """Return whether a name ends for sure where a word stands: at a sign, "that", or the end."""
    if at >= len(words):
        return True
    word = words[at]
    sign = word.kind not in (Kind.WORD, Kind.NUMBER) and word.raw not in "-‐‑'’(" and not word.opens
    return sign or (Tag.THAT in word.tags and not has(word, Tag.BODY, Tag.PLACE, Tag.GIVEN))


def _may_be_told(scene: Scene, mark: Mark) -> bool:
    """Return whether an Arabic verb without its vowels may as well say that who stands behind it was told."""
    return scene.line.language == "ar" and scene.line.words[mark.at].text.removeprefix("و") in listed(
        Listed.MAY_BE_TOLD
    )


def _hedged(words: Sequence[Word], frame: Frame) -> bool:
    """Return whether it is only told that somebody said it: in French by the form of the verb, "aurait indiqué"."""
    return any(has(word, Tag.HEDGE, Tag.HEARSAY) for word in words[frame.start : frame.end])


def _only_one(scene: Scene, frame: Frame, who: Party) -> bool:
    """Return whether the rest of a sentence names nobody else who may have said it, and says of nothing else so."""
    words = scene.line.words
    rest = [*words[: frame.start], *words[frame.end :]]
    if any(word.raw in "?؟;؛:" for word in rest):
        return False
    others = [one for one in scene.people if one.place != who.name]
    somebody = any(has(word, *_SOMEBODY) and not has(word, *_NOT_THERE) for word in rest)
    return not (others or somebody or any(has(word, *_SAYING) for word in rest))


def _alone(scene: Scene, who: Party) -> bool:
    """Return whether who says it knew it first too: a body does; of persons, who is one alone in an office."""
    if who.sort is not Sort.PERSON:
        return who.sort in (Sort.BODY, Sort.OFFICE, Sort.AGENCY)
    titled = [word for word in scene.line.words[who.start : who.end] if word.end <= who.name.start]
    return who.body is None and who.title is Tag.SOLE and any(Tag.SOLE in word.tags for word in titled)


# -- the name


def _whole(scene: Scene, who: Party, page: Sequence[Scene]) -> bool:
    """Return whether more than its frame says that a name is whole."""
    name = _name(scene, who)
    if not name or (who.sort is not Sort.PERSON and _goes_with_more(scene, who, name)):
        return False
    elsewhere = _occurrences(tuple(word.text for word in name), page)
    if who.sort is Sort.PERSON:
        return len(elsewhere) > 1
    return len(elsewhere) > 1 or _quoted(scene, name) or (_known(name) and not _longer(name, page, len(elsewhere)))


def _name(scene: Scene, who: Party) -> list[Word]:
    """Return the words of a name without its article."""
    words = [word for word in scene.line.words if who.name.start <= word.start and word.end <= who.name.end]
    while words and (has(words[0], Tag.ARTICLE) or words[0].raw in "'’"):
        words = words[1:]
    return words


def _goes_with_more(scene: Scene, who: Party, name: Sequence[Word]) -> bool:
    """Return whether words beside a name go with it, as in "the company Fenlight": they may be of the name or not."""
    beside = [word for word in scene.line.words[who.start : who.end] if word not in name]
    return any(word.kind is Kind.WORD and not has(word, *_JOINS) for word in beside)


def _occurrences(name: tuple[str, ...], page: Sequence[Scene]) -> list[tuple[int, int]]:
    """Return where a name stands in a text, spelt alike."""
    found = list[tuple[int, int]]()
    for number, scene in enumerate(page):
        words = scene.line.words
        starts = [at for at, word in enumerate(words) if word.text == name[0]]
        found += [(number, at) for at in starts if tuple(word.text for word in words[at : at + len(name)]) == name]
    return found


def _quoted(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether a name stands in quotation marks of its own, whole."""
    if name[0].opens and name[-1].closes:
        return not any(word.opens or word.closes for word in name[1:-1])
    around = [word for word in scene.line.words if word.end <= name[0].start][-1:]
    after = next((word for word in scene.line.words if word.start >= name[-1].end), None)
    return bool(around) and around[0].opens and after is not None and after.closes


def _known(name: Sequence[Word]) -> bool:
    """Return whether the lexicon knows every word of a name: one that only says what it does, in full."""
    at, body = 0, False
    while at < len(name):
        size = max((name[at].tags[tag] for tag in _KNOWN if tag in name[at].tags), default=0)
        body = body or has(name[at], Tag.BODY, Tag.AGENCY, Tag.SOLE)
        if not size and not has(name[at], *_JOINS):
            return False
        at += size or 1
    return body and not any(Tag.GENERIC in word.tags for word in name)


def _longer(name: Sequence[Word], page: Sequence[Scene], times: int) -> bool:
    """Return whether a word of a name stands elsewhere, by itself: the full name may have been told before."""
    heads = {word.text for word in name if has(word, Tag.BODY, Tag.AGENCY, Tag.SOLE)}
    return sum(word.text in heads for scene in page for word in scene.line.words) > times * len(heads)
