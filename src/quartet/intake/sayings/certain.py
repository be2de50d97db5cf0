"""Say whether a speaker is surely bound: then he is filled in. Everything else is offered, and an officer decides.

A name is filled in where three kinds of evidence meet, none of which guesses. (1) The frame is closed: a verb or a
phrase of saying, and the name, and nothing else, at the one end of a sentence, with a sign or "that" on its far side;
no other saying, no other person or source in the sentence, no doubt, no hearsay. (2) The name is whole by more than
that frame: every word of it is a known one, it stands in quotation marks of its own, it stands elsewhere in the text
too, or all that the frame closes in is spelt as only a name is (`whole.py`). (3) The event stands in the same sentence,
alone, on the other side of the frame.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.doubts import sure
from quartet.intake.sayings.full import lone_person, with_title
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.marks import Mark, Role, marks
from quartet.intake.sayings.parts import HYPHENS, WITHIN, owner, to_a_town
from quartet.intake.sayings.person import has, of_the_state
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.whole import whole
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
_ELSE: Final = tuple(tag for tag in _SOMEBODY if tag is not Tag.BODY)
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
_PLAIN: Final = frozenset({Sort.BODY, Sort.PERSON})
"""Whose words are their own, though other bodies are named: an agency or a paper may pass on those of one."""
_TAIL: Final = (Tag.PREPOSITION, Tag.BINDS, Tag.ARTICLE, Tag.INDEFINITE)


class Frame(NamedTuple):
    """A saying and its name side by side: words `start` to before `end`; `leads` where the sentence begins with it."""

    start: int
    end: int
    leads: bool
    tailed: bool = False
    """When or how it was said follows the name or the verb."""


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
    if _may_be_told(scene, mark) or mark.party is None:
        return None
    who = with_title(scene, mark.party)
    if mark.role is not Role.SAYS or mark.tag not in _FRAMES or mark.told or mark.this or mark.relative:
        return None
    frame = _frame(scene, mark, who)
    words = scene.line.words
    if frame is None or _hedged(words, frame) or not _only_one(scene, frame, who):
        return None
    at = Span(words[frame.start].start, words[frame.end - 1].end)
    return Bond(who, at, frame.leads, whole(scene, who, page, tailed=frame.tailed), _alone(scene, who))


def _frame(scene: Scene, mark: Mark, who: Party) -> Frame | None:
    """Return the frame of a mark with its party, where nothing else stands within or beside it."""
    words = scene.line.words
    name = [word for word in words[who.start : who.end] if word.kind is not Kind.SIGN or word.raw in WITHIN]
    if who.sort is Sort.PERSON and not lone_person(scene, who):
        return None
    if who.sort not in (_BODIES | {Sort.PERSON}) or (who.sort is not Sort.PERSON and not _may_be_name(scene, name)):
        return None
    frame = _name_first(words, mark, who) if who.end <= mark.at else _verb_first(scene, mark, who)
    return frame if frame is not None and _one_end(words, frame) else None


def _name_first(words: Sequence[Word], mark: Mark, who: Party) -> Frame | None:
    """Return the frame of a name with its verb behind it, between them when it was said and what describes a person."""
    at = who.end
    at += who.sort is Sort.PERSON and at < mark.at and words[at].raw in ",،"
    while at < mark.at and has(words[at], Tag.AUX, Tag.SKIP) and not words[at].breaks:
        at += words[at].tags.get(Tag.SKIP, 1)
    start, end = _article(words, who.start), _tail(words, mark.end)
    start -= start == 1 and words[0].text in listed(Listed.IN, "ru")
    far = start == 0 or words[start - 1].breaks
    parted = any(has(word, Tag.SKIP) for word in words[who.end : mark.at])
    if _may_be_noun(words, mark):
        return None
    return Frame(start, end, _opens(words, start), tailed=parted) if at == mark.at and far else None


def _may_be_noun(words: Sequence[Word], mark: Mark) -> bool:
    """Return whether an English verb may be a noun behind a name: "the Orm brigade report of a fire"."""
    word, after = words[mark.end - 1], words[mark.end : mark.end + 1]
    return word.text in listed(Listed.NOUNS) or any(one.text in listed(Listed.OF, "en") for one in after)


def _verb_first(scene: Scene, mark: Mark, who: Party) -> Frame | None:
    """Return the frame of a verb or a phrase with the name behind it, where that is closed."""
    words = scene.line.words
    if who.start < mark.end or not _beside(scene, mark, who):
        return None
    start, end = _auxiliary(words, mark.at), _tail(words, who.end)
    timed = scene.line.language == "ar" and mark.tag is not Tag.ACCORDING and end > who.end
    far = mark.tag is Tag.ACCORDING or start == 0 or words[start - 1].breaks
    closed = far and (timed or _closes(words, end))
    return Frame(start, end, _opens(words, start), tailed=end > who.end) if closed else None


def _one_end(words: Sequence[Word], frame: Frame) -> bool:
    """Return whether a frame is at one end of a sentence; behind the last one only ", which" may go on of its name."""
    rest = words[frame.end :]
    ends = all(word.kind not in (Kind.WORD, Kind.NUMBER) for word in rest)
    if frame.leads:
        return not ends
    return ends or (rest[0].raw in ",،" and Tag.RELATIVE in rest[1].tags)


def _tail(words: Sequence[Word], at: int) -> int:
    """Return where words end that say when or how it was said, and nothing else: "on Tuesday", "in a statement"."""
    while at < len(words):
        small = at
        while small < len(words) and has(words[small], *_TAIL) and not words[small].breaks:
            small += 1
        led = at < small < len(words) and has(words[at], Tag.PREPOSITION, Tag.BINDS)
        occasion = led and has(words[small], Tag.OCCASION, Tag.DOCUMENT)
        told = max((words[at].tags.get(tag, 0) for tag in (Tag.SKIP, Tag.ADDRESSEE)), default=0)
        size = small + 1 - at if occasion else told
        if not size:
            break
        at += size
    return at


def _may_be_name(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether all words may be of a name: no number, no time, no preposition but "of" and one to a town."""
    of_it = (to_a_town(scene, name, at) or owner(name, at) or of_the_state(name, at) for at in range(len(name)))
    joined = (at > 0 and name[at - 1].raw in HYPHENS and name[at].gap == 0 for at in range(len(name)))
    return not any(_no_name(word) and not its and not more for word, its, more in zip(name, of_it, joined, strict=True))


def _no_name(word: Word) -> bool:
    small = Tag.ARTICLE in word.tags or Tag.LINK in word.tags
    led = has(word, Tag.PREPOSITION, Tag.BINDS, Tag.FROM) and Tag.LINK not in word.tags
    return word.kind is Kind.NUMBER or (word.kind is Kind.WORD and not small and (led or has(word, *_IN_NO_NAME)))


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
    return within or all(
        has(word, Tag.ARTICLE, Tag.LINK, Tag.SKIP) or word.raw in "'’" or word.opens for word in between
    )


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
    plain = who.sort in _PLAIN
    somebody = any(has(word, *(_ELSE if plain else _SOMEBODY)) and not has(word, *_NOT_THERE) for word in rest)
    return not (others or somebody or any(has(word, *_SAYING) for word in rest))


def _alone(scene: Scene, who: Party) -> bool:
    """Return whether who says it knew it first too: a body does; of persons, who is one alone in an office."""
    if who.sort is not Sort.PERSON:
        return who.sort in (Sort.BODY, Sort.OFFICE, Sort.AGENCY)
    titled = [word for word in scene.line.words[who.start : who.end] if word.end <= who.name.start]
    return who.body is None and who.title is Tag.SOLE and any(Tag.SOLE in word.tags for word in titled)
