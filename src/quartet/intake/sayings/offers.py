"""Fill in who says it only where that is surely bound; offer every other reading, for an officer to take or to leave.

Who knew it first is never filled in: sources are counted by it, and a sentence does not say that nobody knew before.

What is offered stands in no report before somebody took it. Beside a source without a name nobody is offered: whoever
is named there has said nothing.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec.structs import replace

from quartet.core.encoding import Value
from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.certain import Bond, bond
from quartet.intake.sayings.clauses import part_start
from quartet.intake.sayings.closed import open_ended
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.marks import Mark, marks
from quartet.intake.sayings.person import TITLES, has, of_the_state
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.subjects import was_told
from quartet.intake.sayings.told import known_of
from quartet.intake.sayings.values import Confidence, Rule, Saying
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Page, Span

MAX_OFFERS: Final = 4
"""As many as one key goes through before an officer would rather type."""
_BOUND: Final = frozenset({Rule.VERB, Rule.ACCORDING})
_OFFERED: Final = frozenset({Sort.PERSON, Sort.OFFICE, Sort.BODY, Sort.AGENCY, Sort.MEDIUM, Sort.RECORD, Sort.NAMED})
_TELLING: Final = (Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.HE_SAID, Tag.ANSWER)
"""No name holds a verb of these: where one seems to, two clauses were taken for one."""
_LEADING: Final = (Tag.ACCORDING, Tag.CITE, Tag.CITED_BY, Tag.THEY_SAY)
"""No name begins with these."""
_OF_NAMES: Final = (Tag.BODY, Tag.AGENCY, Tag.GIVEN, Tag.QUALIFIER, *TITLES)
"""What is one of these is no verb in a name, though it is spelt as one: "le juge" in French."""
_FURTHEST: Final = 7
"""Words by which a name may be longer than it was read."""
_BEHIND: Final = (
    *(Tag.THAT, Tag.RELATIVE, Tag.SKIP, Tag.PRONOUN, Tag.SAY, Tag.DENY, Tag.CITE, Tag.CITED_BY, Tag.NOT, Tag.ADDRESSEE),
)
"""Behind these no name goes on."""
_PHRASES: Final = frozenset({Tag.ACCORDING, Tag.CITE, Tag.CITED_BY})
_SMALL: Final = (Tag.ARTICLE, Tag.LINK)
_NAMES: Final = (Tag.BODY, Tag.AGENCY, Tag.GIVEN, Tag.QUALIFIER)
_NOBODY: Final = (
    Tag.UNNAMED,
    Tag.CLOSE,
    Tag.INDEFINITE,
    Tag.PRONOUN,
    Tag.SKIP,
    Tag.AUX,
    Tag.SAY,
    Tag.THAT,
    Tag.DOCUMENT,
    Tag.ASK,
)
_LONGEST: Final = 9
"""Words of a name that was not read."""
_SPEAKS_FOR: Final = frozenset({Tag.RANK, Tag.SERVICE})


class Doubt(StrEnum):
    """Why an offer is not filled in."""

    NAME = "name"
    """It is bound, but nothing beside says that the name is whole."""
    BINDING = "binding"
    """The rules read it so, in a sentence in which others could have said it."""
    PAGE = "page"
    """The page as a whole says so, not the sentence."""
    ROOT = "root"
    """Its speaker is surely bound; that nobody knew it before is for an officer to say."""
    READING = "reading"
    """It stands beside a verb of saying, and the rules doubt that it belongs there."""


class Offer(Value, frozen=True):
    """One reading of who says it, who knew it first and who passed it on; None where the reading leaves it open."""

    doubt: Doubt
    speaker: Span | None = None
    root: Span | None = None
    relays: tuple[Span, ...] = ()


class Weighed(NamedTuple):
    """What is filled in, and what is offered beside it, the likeliest first."""

    saying: Saying
    offered: tuple[Offer, ...]


def weighed(page: Page, saying: Saying, event: Span, cue: Span, others: Sequence[Span]) -> Weighed:
    """Return a saying with nothing in it but what is surely bound to an event, and the rest as offers: its root always.

    `cue` are the words that tell the event, `others` those that tell other events: a sentence of two binds nobody.
    """
    if page.language is None:
        return Weighed(_bare(saying), _read(saying, Doubt.PAGE))
    scenes = known_of(page, page.language).scenes
    bound = _bound(scenes, saying, cue, others)
    sure = bound is not None and bound.whole
    filled = replace(_bare(saying), speaker=saying.speaker, relays=saying.relays) if sure else _bare(saying)
    if bound is not None and sure and bound.alone and saying.root == saying.speaker:
        return Weighed(filled, (Offer(Doubt.ROOT, saying.speaker, saying.root),))
    if saying.unnamed is not None:
        return Weighed(filled, ())
    near = [scene for scene in scenes if _meets(scene.line.place, event) or _meets(scene.line.place, saying.span)]
    read = [one for one in _read(saying, _doubt(saying, bound)) if _only_names(scenes, one)]
    tells = (cue, *others)
    beside = [one for one in _beside(near, tells) if _only_names(near, one)]
    return Weighed(filled, _distinct([one for one in (*read, *beside) if not _nothing(one, filled)]))


def _bare(saying: Saying) -> Saying:
    return replace(saying, speaker=None, root=None, relays=())


def _bound(scenes: Sequence[Scene], saying: Saying, cue: Span, others: Sequence[Span]) -> Bond | None:
    """Return how who says it is bound to an event: in its sentence, which begins or ends with the frame."""
    if saying.speaker is None or saying.rule not in _BOUND or saying.confidence is not Confidence.STATED:
        return None
    scene = next((one for one in scenes if one.line.place.holds(cue)), None)
    if scene is None or not scene.line.place.holds(saying.speaker):
        return None
    if any(_meets(scene.line.place, other) for other in others):
        return None
    found = bond(scene, scenes)
    if found is None or found.party.name != saying.speaker:
        return None
    apart = cue.end > found.place.end if found.leads else cue.start < found.place.start
    return found if apart else None


def _doubt(saying: Saying, bound: Bond | None) -> Doubt:
    if bound is not None and (bound.alone or saying.root is None):
        return Doubt.NAME
    return Doubt.PAGE if saying.confidence is Confidence.INFERRED else Doubt.BINDING


def _read(saying: Saying, doubt: Doubt) -> tuple[Offer, ...]:
    told = saying.speaker or saying.root or saying.relays
    return (Offer(doubt, saying.speaker, saying.root, saying.relays),) if told else ()


def _only_names(scenes: Sequence[Scene], one: Offer) -> bool:
    """Return whether nobody whom an offer names holds a verb of saying or denying, as in "police denied"."""
    places = [place for place in (one.speaker, one.root, *one.relays) if place is not None]
    return all(_may_be_name(scene, place) for scene in scenes for place in places if _meets(scene.line.place, place))


def _may_be_name(scene: Scene, place: Span) -> bool:
    words = [word for word in scene.line.words if place.start <= word.start and word.end <= place.end]
    words = [word for word in words if Tag.ARTICLE not in word.tags and word.kind is Kind.WORD]
    if words and (has(words[0], *_LEADING) or _a_clause(scene, words)):
        return False
    return not any(_is_verb(word, first=at == 0) and not of_the_state(words, at) for at, word in enumerate(words))


def _a_clause(scene: Scene, words: Sequence[Word]) -> bool:
    """Return whether what seems a name opens a clause of its own: "according to what the police said"."""
    return words[0].text in listed(Listed.WHAT, scene.line.language) and not words[0].capital


def _is_verb(word: Word, *, first: bool) -> bool:
    """Return whether a word of a name tells that somebody says or denies it; "State Police" begins with none."""
    if not has(word, *_TELLING) or (has(word, Tag.SAY) and has(word, *_OF_NAMES)):
        return False
    return has(word, Tag.DENY, Tag.UNSURE) or not (first and word.capital)


def _beside(scenes: Sequence[Scene], tells: Sequence[Span]) -> Iterator[Offer]:
    """Yield whoever stands beside a verb or a phrase of saying, as read, and as far as the name may go.

    What was not read as a name is none where it runs into the words that tell an event: `tells` are those.
    """
    for scene in scenes:
        for mark in marks(scene):
            if mark.tag is Tag.THEY_SAY and was_told(scene, mark.at, mark.end):
                continue
            if mark.party is None or mark.party.sort is Sort.UNKNOWN:
                yield from (one for one in _unread(scene, mark) if not _tells(one, tells))
            for who in (mark.party, mark.quoted):
                if who is None or who.sort not in _OFFERED:
                    continue
                read, longer = Offer(Doubt.READING, who.name, _knew(who)), _longer(scene, mark, who)
                if longer is None or _tells(longer, tells):
                    yield read
                    continue
                yield from (longer, read) if open_ended(scene, mark, who) else (read, longer)


def _tells(one: Offer, tells: Sequence[Span]) -> bool:
    return one.speaker is not None and any(_meets(one.speaker, cue) for cue in tells)


def _unread(scene: Scene, mark: Mark) -> Iterator[Offer]:
    """Yield what stands between a verb and the start of its clause, or the sign behind it: nobody was read there."""
    words, at = scene.line.words, mark.at
    if mark.tag not in _PHRASES:
        while at and has(words[at - 1], Tag.AUX, Tag.PRONOUN, Tag.NOT, Tag.SKIP):
            at -= 1
        start = next((i + 1 for i in range(at - 1, -1, -1) if words[i].breaks or Tag.THAT in words[i].tags), 0)
        starts = dict.fromkeys((start, part_start(words, at)))
        yield from [one for first in starts for one in _words_of(scene, first, at)][:1]
    end = mark.end
    while end < len(words) and end - mark.end <= _LONGEST and not words[end].breaks and not has(words[end], *_BEHIND):
        end += 1
    yield from _words_of(scene, mark.end, end)


def _words_of(scene: Scene, start: int, end: int) -> Iterator[Offer]:
    """Yield some words as a name, where they may be one: of somebody, and of nobody who is only described."""
    words = scene.line.words
    while start < end and (has(words[start], *_SMALL) or words[start].raw in "'’"):
        start += 1
    inside = words[start:end]
    if inside and scene.line.language == "ru" and inside[0].text.endswith(starts(Listed.TOLD_ENDS, "ru")):
        return
    named = bool(inside) and (inside[0].capital or has(inside[0], *_NAMES))
    if named and len(inside) <= _LONGEST and not any(has(word, *_NOBODY) for word in inside):
        name = Span(words[start].start, words[end - 1].end)
        yield Offer(Doubt.READING, name, name)


def _longer(scene: Scene, mark: Mark, who: Party) -> Offer | None:
    """Return a body as all that stands from its first word to its verb, or to the sign or the verb behind it."""
    words = scene.line.words
    if who.sort is Sort.PERSON or (mark.party is not who):
        return None
    last = mark.at if who.end <= mark.at else min(len(words), who.end + _FURTHEST)
    end = who.end
    while end < last and not words[end].breaks and not has(words[end], *_BEHIND) and words[end].kind is not Kind.NUMBER:
        end += 1
    while end > who.end and has(words[end - 1], Tag.AUX, Tag.PREPOSITION, Tag.ARTICLE, Tag.LINK):
        end -= 1
    if end == who.end or end - who.end > _FURTHEST:
        return None
    name = Span(who.name.start, words[end - 1].end)
    return Offer(Doubt.READING, name, name)


def _knew(who: Party) -> Span | None:
    """Return who knew it first, where a party says it."""
    if who.sort in (Sort.MEDIUM, Sort.NAMED):
        return None
    if who.sort is not Sort.PERSON:
        return who.name
    return who.body or (None if who.title in _SPEAKS_FOR else who.name)


def _distinct(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    found = dict[tuple[Span | None, Span | None], Offer]()
    for one in offers:
        found.setdefault((one.speaker, one.root), one)
    return tuple(found.values())[:MAX_OFFERS]


def _nothing(one: Offer, filled: Saying) -> bool:
    """Return whether an offer names nobody but whom the saying names already: she would take it for another."""
    return one.speaker == filled.speaker and one.root is None and set(one.relays) <= set(filled.relays)


def _meets(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
