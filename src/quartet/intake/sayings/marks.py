"""Find the marks of attribution in a sentence: each a verb or a phrase of saying with the party that it belongs to.

A denied verb ("did not say") is none. What follows "to" is who was told, and an agency that was told passed it on.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from quartet.intake.sayings.cited import quoted_before
from quartet.intake.sayings.clauses import first_in_clause
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.person import has, of_the_state
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.subjects import follows_verb, skip, subject, was_told
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

MAX_MARKS: Final = 16
"""Marks of one sentence; with more of them nobody can tell who says what, and none is read."""
_NEAR_NOT: Final = 3
_NEAR_THIS: Final = 4
_ORDER: Final = (
    *(
        Tag.THIS,
        Tag.HIS_WORDS,
        Tag.HE_SAID,
        Tag.UNSURE,
        Tag.DENY,
        Tag.CITED_BY,
        Tag.CITE,
        Tag.ACCORDING,
        Tag.THEY_SAY,
        Tag.ASK,
    ),
    *(Tag.ANSWER, Tag.SAY, Tag.SAW),
)
_PHRASES: Final = frozenset(_ORDER)


class Role(Enum):
    """What a mark does."""

    SAYS = auto()
    CITES = auto()
    """Who stands here knew it before the one who cites."""
    CITED_BY = auto()
    """Who stands here passed it on."""
    SEES = auto()
    HIS_WORDS = auto()
    SAME = auto()
    RUMOUR = auto()
    ASKED = auto()
    ANSWERS = auto()


class Mark(NamedTuple):
    """A mark: words `at` to before `end` are the verb or phrase, `first` to before `last` the mark with its party."""

    role: Role
    tag: Tag
    at: int
    end: int
    first: int
    last: int
    party: Party | None
    told: Party | None = None
    this: bool = False
    """It says who said the sentence before."""
    relative: bool = False
    """It begins with "which": whoever cites stands before it."""
    quoted: Party | None = None
    """Who stands right before ", quoted by", where no verb says that they say it."""


def marks(scene: Scene) -> tuple[Mark, ...]:
    """Return the marks of a sentence in order; none overlap in their verb or phrase."""
    found, done = list[Mark](), 0
    for at in range(len(scene.line.words)):
        if at < done:
            continue
        mark = _at(scene, at)
        if mark is not None:
            found.append(mark)
            done = mark.end
            origin = _origin(scene, mark)
            if origin is not None:
                found.append(origin)
                done = origin.end
            if len(found) > MAX_MARKS:
                return ()
    return tuple(found)


def _origin(scene: Scene, mark: Mark) -> Mark | None:
    """Return from whom a party passes something on, where the verb says that it does: in Arabic "X relayed from Y"."""
    words = scene.line.words
    if mark.party is None or Tag.RELAYS not in words[mark.at].tags or mark.party.start < mark.end:
        return None
    at = mark.party.end
    if at >= len(words) or Tag.FROM_WHOM not in words[at].tags:
        return None
    who = party(scene, at + 1)
    return Mark(Role.CITES, Tag.CITE, at, at + 1, at, at + 1 if who is None else who.end, who)


def _at(scene: Scene, at: int) -> Mark | None:
    words = scene.line.words
    tags = words[at].tags
    phrase = max(
        (tag for tag in _PHRASES if tag in tags), key=lambda tag: (tags[tag], -_ORDER.index(tag)), default=None
    )
    if phrase is None:
        return None
    match phrase:
        case Tag.SAY | Tag.DENY | Tag.UNSURE:
            return _verb(scene, at, phrase)
        case Tag.SAW:
            return _saw(scene, at)
        case Tag.HE_SAID:
            end = at + tags[phrase]
            who = Party(Sort.PRONOUN, at, end, _place(words, at, end))
            return Mark(Role.SAYS, Tag.SAY, at, end, at, end, who)
        case Tag.THEY_SAY if Tag.SAY in tags and (found := _verb(scene, at, Tag.SAY)) and found.party:
            return found
        case Tag.THEY_SAY:
            end = at + tags[phrase]
            return Mark(Role.RUMOUR, phrase, at, end, at, end, None)
        case Tag.HIS_WORDS:
            end = at + tags[phrase]
            return Mark(Role.HIS_WORDS, phrase, at, end, at, end, Party(Sort.PRONOUN, at, end, _place(words, at, end)))
        case Tag.THIS:
            return _said_before(scene, at)
        case Tag.ASK:
            return _preposed(scene, at, phrase, Role.ASKED)
        case Tag.ANSWER:
            return _verb(scene, at, phrase)
        case Tag.ACCORDING:
            preposed = _of_which(scene, at, _preposed(scene, at, phrase, Role.SAYS))
            return _of_what_was_said(scene, preposed)
        case Tag.CITE:
            relative = Tag.RELATIVE in tags or (at > 0 and Tag.RELATIVE in words[at - 1].tags)
            return _preposed(scene, at, phrase, Role.CITES)._replace(relative=relative)
        case _:
            return _preposed(scene, at, phrase, Role.CITED_BY)._replace(quoted=quoted_before(scene, at))


def _of_which(scene: Scene, at: int, mark: Mark) -> Mark:
    """Return a mark with the body before its comma, where it points there: "the union, according to which"."""
    words = scene.line.words
    if mark.party is not None or mark.end >= len(words) or words[mark.end].text not in listed(Listed.OF_WHICH):
        return mark
    who = quoted_before(scene, at)
    if who is None or who.sort is not Sort.BODY:
        return mark
    return mark._replace(party=who, first=who.start, last=mark.end + 1)


def _of_what_was_said(scene: Scene, mark: Mark) -> Mark:
    """Return a mark that leads to a clause with whoever says it there: "according to what the police said"."""
    words, start, language = scene.line.words, mark.end, scene.line.language
    if language != "en" or start >= len(words) or words[start].text not in listed(Listed.WHAT, language):
        return mark
    who = party(scene, start + 1)
    verb = start + 1 if who is None else who.end
    while verb < len(words) and has(words[verb], Tag.AUX) and not has(words[verb], Tag.SAY):
        verb += 1
    if who is None or verb >= len(words) or Tag.SAY not in words[verb].tags:
        return mark._replace(party=None, last=mark.end)
    end = verb + words[verb].tags[Tag.SAY]
    return mark._replace(end=end, last=end, party=who)


def _said_before(scene: Scene, at: int) -> Mark | None:
    """Return who is told right behind words that mean the sentence before: "this was reported by"."""
    tags = scene.line.words[at].tags
    named = _preposed(scene, at, Tag.THIS, Role.SAYS)
    told = named.party is not None and named.party.sort is not Sort.UNKNOWN and scene.line.language != "fa"
    if told and (named.end > at + 2 or Tag.SAY in tags):
        return named._replace(this=True)
    return _verb(scene, at, Tag.SAY) if Tag.SAY in tags else None


def _place(words: Sequence[Word], at: int, end: int) -> Span:
    return Span(words[at].start, words[end - 1].end)


def _preposed(scene: Scene, at: int, tag: Tag, role: Role) -> Mark:
    """Return a mark whose party follows: "according to", "citing"."""
    words = scene.line.words
    end = at + words[at].tags[tag]
    start = skip(scene, end, told=any(Tag.SAY in word.tags for word in words[max(at, end - 2) : end]))
    if (start < len(words) and Tag.SAME in words[start].tags) or _same_source(words, end):
        last = min(len(words), start + 3)
        return Mark(Role.SAME, tag, at, end, at, last, None)
    who = party(scene, start)
    if who is None and start + 1 < len(words) and has(words[start], Tag.PREPOSITION, Tag.ARTICLE):
        who = party(scene, start + 1)
    sees = role is Role.SAYS and who is not None and who.reporter
    return Mark(Role.SEES if sees else role, tag, at, end, at, who.end if who else end, who)


def _same_source(words: Sequence[Word], at: int) -> bool:
    return any(Tag.SAME in word.tags for word in words[at : at + 2])


def _saw(scene: Scene, at: int) -> Mark | None:
    """Return who saw, where it is the reporter of an agency or of who publishes: others who saw it said nothing."""
    mark = _verb(scene, at, Tag.SAW)
    if mark is None:
        return None
    if mark.party is None or mark.party.sort is Sort.UNKNOWN:
        mark = mark._replace(party=follows_verb(scene, mark.end))
    if mark.party is None:
        return None
    if mark.party.sort is Sort.OURS or mark.party.reporter:
        return mark._replace(role=Role.SEES)
    return None


def _verb(scene: Scene, at: int, tag: Tag) -> Mark | None:
    words = scene.line.words
    end = at + words[at].tags[tag]
    if tag is not Tag.UNSURE and _denied(words, at):
        return None
    if at and words[at].gap == 0 and words[at - 1].raw in "-‐‑":
        return None  # of a longer word, as in "lieu-dit"
    if at and Tag.RELATIVE in words[at - 1].tags and scene.line.language != "fa":
        return None
    if at and end - at == 1 and scene.line.language in ("en", "fr") and _noun_after(words[at - 1]):
        return None
    if scene.line.language == "en" and ((at > 1 and _owned(words, at)) or of_the_state(words, at)):
        return None
    if was_told(scene, at, end):
        return Mark(Role.RUMOUR, Tag.THEY_SAY, at, end, at, end, None)
    if tag is Tag.ANSWER and any(Tag.ASK in word.tags for word in words[:at]):
        return Mark(Role.ANSWERS, Tag.SAY, at, end, at, end, None)
    this = any(Tag.THIS in word.tags for word in words[max(0, at - _NEAR_THIS) : at + 1])
    who, told = subject(scene, at, end)
    if who is None and _left_out(scene, at, end):
        who = Party(Sort.PRONOUN, at, end, _place(words, at, end))
    if who is None and tag is Tag.SAY and not this and _has_subject(words, at):
        who = Party(Sort.UNKNOWN, at, end, _place(words, at, end))
    role = Role.ANSWERS if tag is Tag.ANSWER else Role.SAYS
    first = min(at, who.start) if who else at
    last = max(end, who.end, told.end if told else 0) if who else end
    return Mark(role, Tag.SAY if tag is Tag.ANSWER else tag, at, end, first, last, who, told, this)


def _left_out(scene: Scene, at: int, end: int) -> bool:
    """Return whether a verb says "he" by its form alone, as in Arabic, Persian and Russian: "Added that", "Said:"."""
    words = scene.line.words
    opens = at <= 2 and not any(word.breaks for word in words[:at])
    if (
        scene.line.language not in ("ar", "fa", "ru")
        or not opens
        or not first_in_clause(words, at)
        or end >= len(words)
    ):
        return False
    return words[end].raw == ":" or Tag.THAT in words[end].tags


def _has_subject(words: Sequence[Word], at: int) -> bool:
    """Return whether somebody who cannot be told says it: words stand before the verb, and no "and" that joins it."""
    if at == 0 or first_in_clause(words, at):
        return False
    return not has(words[at - 1], Tag.AND, Tag.SKIP, Tag.PRONOUN, Tag.AUX, Tag.THIS)


def _noun_after(word: Word) -> bool:
    """Return whether what follows a word is a noun, however it is spelt: "the report", "de note"."""
    clitic = has(word, Tag.SKIP, Tag.PRONOUN)
    return has(word, Tag.ARTICLE, Tag.LINK, Tag.INDEFINITE) and not clitic


def _owned(words: Sequence[Word], at: int) -> bool:
    """Return whether an apostrophe says that a word is somebody's, and a noun: "passengers' reports"."""
    plural = words[at - 1].raw in "'’" and words[at - 1].gap == 0 and words[at - 2].text.endswith("s")
    return plural or (words[at - 1].text == "s" and words[at - 2].raw in "'’" and not has(words[at - 3], Tag.PRONOUN))


def _denied(words: Sequence[Word], at: int) -> bool:
    """Return whether a verb is denied: "did not say", "n'a rien dit"."""
    for index in range(at - 1, max(-1, at - 1 - _NEAR_NOT), -1):
        if words[index].breaks:
            return False
        if Tag.NOT in words[index].tags and index + words[index].tags[Tag.NOT] <= at:
            return True
    return False
