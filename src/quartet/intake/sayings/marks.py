"""Find the marks of attribution in a sentence: each a verb or a phrase of saying with the party that it belongs to.

A verb takes who stands at the start of its clause, or who follows it where it comes first. Denied saying ("did not say") is
none. What follows "to" is who was told, and an agency that was told passed it on.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.parties import Party, Scene, Sort, ended_by_shape, party
from quartet.intake.sayings.people import has
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

MAX_MARKS: Final = 16
"""Marks of one sentence; with more of them nobody can tell who says what, and none is read."""
_MAX_GAP: Final = 8
_MAX_BACK: Final = 4
"""How many parts of a clause a verb looks back over: "a man, who asked not to be named, said"."""
_NEAR_NOT: Final = 3
_LEFT_ONLY: Final = frozenset({"fa"})
_VERBS: Final = (Tag.DENY, Tag.UNSURE, Tag.SAY)


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
            named = _preposed(scene, at, phrase, Role.SAYS)
            return named._replace(this=True) if named.party is not None and (named.end > at + 2 or Tag.SAY in tags) else _verb(scene, at, Tag.SAY) if Tag.SAY in tags else None
        case Tag.ASK:
            return _preposed(scene, at, phrase, Role.ASKED)
        case Tag.ANSWER:
            return _verb(scene, at, phrase)
        case Tag.ACCORDING:
            return _preposed(scene, at, phrase, Role.SAYS)
        case Tag.CITE:
            return _preposed(scene, at, phrase, Role.CITES)
        case _:
            return _preposed(scene, at, phrase, Role.CITED_BY)


_ORDER: Final = (
    *(Tag.THIS, Tag.HIS_WORDS, Tag.HE_SAID, Tag.UNSURE, Tag.DENY, Tag.CITED_BY, Tag.CITE, Tag.ACCORDING, Tag.THEY_SAY, Tag.ASK),
    *(Tag.ANSWER, Tag.SAY, Tag.SAW),
)
_PHRASES: Final = frozenset(_ORDER)


def _place(words: Sequence[Word], at: int, end: int) -> Span:
    return Span(words[at].start, words[end - 1].end)


def _preposed(scene: Scene, at: int, tag: Tag, role: Role) -> Mark:
    """Return a mark whose party follows: "according to", "citing"."""
    words = scene.line.words
    end = at + words[at].tags[tag]
    start = _skip(scene, end)
    if start < len(words) and Tag.SAME in words[start].tags or _same(words, end):
        last = min(len(words), start + 3)
        return Mark(Role.SAME, tag, at, end, at, last, None)
    who = party(scene, start)
    if who is None and start + 1 < len(words) and has(words[start], Tag.PREPOSITION, Tag.ARTICLE):
        who = party(scene, start + 1)
    sees = role is Role.SAYS and who is not None and who.reporter
    return Mark(Role.SEES if sees else role, tag, at, end, at, who.end if who else end, who)


def _same(words: Sequence[Word], at: int) -> bool:
    return any(Tag.SAME in word.tags for word in words[at : at + 2])


def _skip(scene: Scene, at: int) -> int:
    """Return where a party may start after words of time, manner or address."""
    words, start = scene.line.words, at
    while start < len(words) and start - at < _MAX_GAP:
        word = words[start]
        size = max((word.tags[tag] for tag in (Tag.SKIP, Tag.ADDRESSEE) if tag in word.tags), default=0)
        if not size or has(word, Tag.ARTICLE, Tag.PRONOUN) and size == 1:
            break
        start += size
    return start


def _saw(scene: Scene, at: int) -> Mark | None:
    """Return who saw, where it is the reporter of an agency or of who publishes: others who saw something said nothing."""
    mark = _verb(scene, at, Tag.SAW)
    if mark is None:
        return None
    if mark.party is None or mark.party.sort is Sort.UNKNOWN:
        mark = mark._replace(party=_follows(scene, mark.end))
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
    if at and Tag.RELATIVE in words[at - 1].tags and scene.line.language != "fa":
        return None
    if at and end - at == 1 and scene.line.language in ("en", "fr") and _noun_after(words[at - 1]):
        return None
    if tag is Tag.ANSWER and any(Tag.ASK in word.tags for word in words[:at]):
        return Mark(Role.ANSWERS, Tag.SAY, at, end, at, end, None)
    this = any(Tag.THIS in word.tags for word in words[max(0, at - _MAX_BACK) : at + 1])
    who, told = _subject(scene, at, end)
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
    if scene.line.language not in ("ar", "fa", "ru") or not _first_in_clause(words, at) or end >= len(words):
        return False
    return words[end].raw == ":" or Tag.THAT in words[end].tags


def _has_subject(words: Sequence[Word], at: int) -> bool:
    """Return whether somebody who cannot be told says it: words stand before the verb, and no "and" that joins it."""
    if at == 0 or _first_in_clause(words, at):
        return False
    return not has(words[at - 1], Tag.AND, Tag.SKIP, Tag.PRONOUN, Tag.AUX, Tag.THIS)


def _noun_after(word: Word) -> bool:
    """Return whether what follows a word is a noun, however it is spelt: "the report", "de note"."""
    clitic = has(word, Tag.SKIP, Tag.PRONOUN)
    return has(word, Tag.ARTICLE, Tag.LINK, Tag.INDEFINITE) and not clitic


def _denied(words: Sequence[Word], at: int) -> bool:
    """Return whether a verb is denied: "did not say", "n'a rien dit"."""
    for index in range(at - 1, max(-1, at - 1 - _NEAR_NOT), -1):
        if words[index].breaks:
            return False
        if Tag.NOT in words[index].tags and index + words[index].tags[Tag.NOT] <= at:
            return True
    return False


def _subject(scene: Scene, at: int, end: int) -> tuple[Party | None, Party | None]:
    """Return who says it and who was told."""
    words, language = scene.line.words, scene.line.language
    first = _first_in_clause(words, at)
    if language not in _LEFT_ONLY and (first or language == "ar"):
        follows = _follows(scene, end)
        if follows is not None and (language != "ru" or _agrees(scene, follows, words[end - 1])):
            return follows, None
    left = _left(scene, at)
    if language == "ru" and left is not None and (_two(scene, left, end) or not _agrees(scene, left, words[at])):
        return left._replace(sort=Sort.UNKNOWN), None
    told = _told(scene, end) if left is not None else None
    if left is None and not first and _clause_has_words(words, at):
        return None, None
    return left, told


def _agrees(scene: Scene, who: Party, verb: Word) -> bool:
    """Return whether a Russian verb in the past agrees with a given name: "said" of a man is not said by a woman's name."""
    given = next((one.text for one in scene.line.words if one.start == who.name.start), "")
    if who.sort is not Sort.PERSON or len(given) < 2:  # noqa: PLR2004
        return True
    if verb.text.endswith(("л", "лся")):
        return not given.endswith(("а", "я")) or given in _MEN
    return not verb.text.endswith(("ла", "лась")) or not given.endswith(_MANS) or given in _WOMEN


_MEN: Final = frozenset(("никита", "илья", "данила", "фома", "лука", "савва", "кузьма", "гаврила", "мустафа", "муса", "иса"))
_WOMEN: Final = frozenset(("любовь", "гюльнар", "гузель", "айгуль", "рахиль", "нинель", "джейн", "мерьем", "мариам"))
_MANS: Final = tuple("бвгджзклмнпрстфхцчшщй")


def _two(scene: Scene, left: Party, end: int) -> bool:
    """Return whether a party of free word order may be who was told: another follows, or the name is in no nominative."""
    if left.sort is Sort.PERSON:
        given = left.name.start
        word = next((one for one in scene.line.words if one.start == given), None)
        if word is not None and word.text.endswith(_OBLIQUE):
            return True
    follows = _follows(scene, end)
    if follows is None or scene.line.words[follows.start].text.endswith(_DATIVE):
        return False
    return True


_OBLIQUE: Final = ("у", "ю", "ом", "е")
_DATIVE: Final = ("у", "ю")


def _first_in_clause(words: Sequence[Word], at: int) -> bool:
    """Return whether a verb opens its part of the sentence, small words before it apart."""
    index = at - 1
    while index >= 0 and not words[index].breaks:
        sign = words[index].kind is not Kind.WORD
        if not sign and not has(words[index], Tag.SKIP, Tag.THIS, Tag.AND, Tag.RELATIVE, Tag.PREPOSITION, Tag.THAT):
            return has(words[index - 1], Tag.THIS) if index else False
        index -= 1
    return True


def _clause_has_words(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].kind is Kind.WORD


def _follows(scene: Scene, end: int) -> Party | None:
    """Return who follows a verb, where nothing but the end of the clause follows in turn."""
    words = scene.line.words
    start = _skip(scene, end)
    who = _named_at(scene, start)
    if who is None:
        return None
    after = words[who.end] if who.end < len(words) else None
    if after is None or scene.line.language == "ar":
        return who
    if Tag.AUX in after.tags and who.sort is not Sort.UNNAMED:
        return None
    return who if after.breaks or after.kind is not Kind.WORD or _closes(after) else None


def _closes(word: Word) -> bool:
    return has(word, Tag.STOP, Tag.RELATIVE, Tag.AND, Tag.SKIP, Tag.PREPOSITION, Tag.CITE, Tag.THAT, Tag.LINK, Tag.NOT)


def _named_at(scene: Scene, start: int) -> Party | None:
    """Return the party at a word, or after a preposition at it: "said in the road office"."""
    words = scene.line.words
    if start >= len(words):
        return None
    if Tag.THAT in words[start].tags:
        return None
    who = party(scene, start)
    if who is None and has(words[start], Tag.PREPOSITION):
        who = party(scene, start + 1)
        if who is not None and who.sort is not Sort.BODY:
            return None
    return who if who is not None and who.sort is not Sort.UNKNOWN else None


def _told(scene: Scene, end: int) -> Party | None:
    """Return the agency or outlet that was told; who else was told passed nothing on."""
    words = scene.line.words
    start = end
    while start < len(words) and start - end < 2 and has(words[start], Tag.PREPOSITION, Tag.ARTICLE):  # noqa: PLR2004
        start += 1
    if start >= len(words) or has(words[start], Tag.ADDRESSEE, Tag.THAT):
        return None
    who = party(scene, start)
    if who is not None and who.sort in (Sort.AGENCY, Sort.OWN_AGENCY) and not who.reporter:
        return who
    return None


def _left(scene: Scene, at: int) -> Party | None:
    """Return who stands at the start of a verb's clause, or of the part before where what stands between describes them."""
    words = scene.line.words
    start = _part_start(words, at)
    for begin in _begins(words, start, at):
        who = party(scene, begin)
        if who is not None and who.end <= at and _gap(scene, who, at):
            behind = begin > 0 and Tag.PREPOSITION in words[begin - 1].tags and who.sort is not Sort.BODY
            unsure = who.sort is Sort.UNKNOWN and (who.end < at or who.end - who.start < 2)  # noqa: PLR2004
            return None if unsure or behind or _joined(scene, begin) else who
    if any(not has(word, Tag.SKIP, Tag.RELATIVE, Tag.AND, Tag.PRONOUN, Tag.PREPOSITION) for word in words[start:at][:1]):
        return None
    return _further(scene, start)


def _joined(scene: Scene, start: int) -> bool:
    """Return whether "and" joins a party to another before it: then neither alone says it."""
    words = scene.line.words
    if start < 2 or Tag.AND not in words[start - 1].tags:  # noqa: PLR2004
        return False
    other = party(scene, _part_start(words, start - 1))
    return other is not None and other.end == start - 1


def _part_start(words: Sequence[Word], at: int, *, through: bool = False) -> int:
    """Return where the part of a clause starts in which a word stands; `through` goes on before "that"."""
    index = at
    while index > 0:
        name = _name_opens(words, index - 1)
        if name:
            index = name
            continue
        if not through and Tag.THAT in words[index - 1].tags and Tag.STOP not in words[index - 1].tags:
            break
        if words[index - 1].breaks or words[index - 1].raw in "–—" or _lone_dash(words, index - 1):
            break
        if Tag.AND in words[index - 1].tags and words[index - 1].kind is Kind.WORD:
            break
        index -= 1
    return index


def _name_opens(words: Sequence[Word], close: int) -> int:
    """Return where a short name in quotation marks opens that closes here and goes with the word before it, or 0."""
    if not words[close].closes or close + 1 >= len(words) or words[close + 1].breaks:
        return 0
    for index in range(close - 1, max(0, close - _MAX_GAP), -1):
        if words[index].opens:
            return index if words[index - 1].kind is Kind.WORD and not has(words[index - 1], *_VERBS) else 0
        if words[index].breaks:
            return 0
    return 0


def _lone_dash(words: Sequence[Word], at: int) -> bool:
    return words[at].text == "-" and words[at].gap > 0


def _begins(words: Sequence[Word], start: int, at: int) -> Iterator[int]:
    """Yield where a party may start in a clause: at its start, or behind words of time and place that open it."""
    yield start
    index, opened = start, False
    while index < at and (opened or words[index].kind is Kind.NUMBER or has(words[index], *_OPENERS)):
        opened = True
        if Tag.RELATIVE in words[index].tags and not has(words[index], Tag.SKIP, Tag.THIS):
            return
        small = max((words[index].tags.get(tag, 0) for tag in (Tag.SKIP, Tag.THIS, Tag.ADDRESSEE, Tag.AND)), default=0)
        locative = index == start and Tag.PREPOSITION in words[index].tags
        number = words[index].kind is Kind.NUMBER
        index += small or 1
        if index < at and words[index].gap and (small or locative or number or Tag.ARTICLE in words[index].tags):
            yield index


_OPENERS: Final = (Tag.SKIP, Tag.PREPOSITION, Tag.THIS, Tag.AND, Tag.NOT, Tag.STOP)


def _gap(scene: Scene, who: Party, at: int) -> bool:
    """Return whether nothing that could say it stands between a party and its verb: adverbs, a place, a time."""
    words = scene.line.words
    between = words[who.end : at]
    if len(between) > 2 * _MAX_GAP or any(word.breaks for word in between):
        return who.sort is Sort.UNNAMED and _described(between)
    led = bool(between) and Tag.PREPOSITION in between[0].tags
    if not led and any(one.start >= who.end and one.end <= at for one in scene.people):
        return who.sort is Sort.UNNAMED
    if any(has(word, Tag.AUX) for word in between) and who.sort is not Sort.UNNAMED:
        return False
    if between and Tag.RELATIVE in between[0].tags:
        return who.sort is Sort.UNNAMED or len(between) <= _MAX_GAP
    return len(between) <= _MAX_GAP and (not between or _little(between[0], scene.line.language))


def _described(between: Sequence[Word]) -> bool:
    return bool(between) and has(between[0], Tag.RELATIVE) and len(between) <= 4 * _MAX_GAP


def _little(word: Word, language: str) -> bool:
    shaped = language == "fa" and ended_by_shape(language, word)
    return shaped or word.kind is not Kind.WORD or has(
        word, Tag.SKIP, Tag.PREPOSITION, Tag.STOP, Tag.PRONOUN, Tag.THIS, Tag.ADDRESSEE
    )


def _further(scene: Scene, start: int) -> Party | None:
    """Return who opens an earlier part of the clause and is closed by a comma, what describes them between."""
    words, index = scene.line.words, start
    for _ in range(_MAX_BACK):
        index -= index > 0 and Tag.AND in words[index - 1].tags
        if index < 2 or words[index - 1].raw not in ",،":  # noqa: PLR2004
            return None
        comma = index - 1
        begin = _part_start(words, comma, through=True)
        if _only_describes(words, begin, comma):
            index = begin
            continue
        owner = _described_by(scene, begin, comma)
        if owner is not None:
            return owner
        for first in (_part_start(words, comma), begin):
            who = next(_parties(scene, first, comma), None)
            if who is not None and (led := _title_of_part(scene, who, begin)) is not None:
                if led.sort is Sort.UNKNOWN:
                    break
                return led
            if who is not None:
                if who.sort is Sort.OFFICE and _named_before(words, begin):
                    break
                inner = any(has(word, Tag.SAY, Tag.DENY) for word in words[who.end : comma])
                ended = who.end >= comma or (not inner and _describes(words[who.end]))
                return who if ended and who.sort is not Sort.PRONOUN else None
        index = _before_title(scene, begin)
    return None


def _before_title(scene: Scene, begin: int) -> int:
    """Return where the part before starts that ends with the title of a name in this one; here, where none does."""
    one = next((one for one in scene.people if begin <= one.start and one.begin < begin), None)
    return begin if one is None else _part_start(scene.line.words, one.begin, through=True)


def _title_of_part(scene: Scene, who: Party, begin: int) -> Party | None:
    """Return who opens the part before, where that holds a name's title and more: "a man close to the mayor, Ann Poe, said".

    None where the title is all of it, or the name has no title there; an unknown party where what opens it cites another.
    """
    words = scene.line.words
    one = next((one for one in scene.people if one.place == who.name), None)
    if who.sort is not Sort.PERSON or one is None or one.begin >= begin:
        return None
    start = _part_start(words, begin - 1)
    between = words[start : one.begin]
    owner = words[one.begin - 1].text == "s" and words[one.begin - 2].raw in "'’"
    if not owner and all(has(word, Tag.ARTICLE, Tag.SKIP, Tag.AND, Tag.THAT) or word.kind is not Kind.WORD for word in between):
        return None
    opens = party(scene, start)
    if owner and (opens is None or opens.sort is not Sort.UNNAMED):
        return None
    unnamed = opens is not None and opens.sort is Sort.UNNAMED
    return opens if unnamed else who._replace(sort=Sort.UNKNOWN)


def _named_before(words: Sequence[Word], begin: int) -> bool:
    """Return whether a short part before an office may be the name of who holds it: "Poe, the mayor, said"."""
    if begin < 2 or words[begin - 1].raw not in ",،":  # noqa: PLR2004
        return False
    start = _part_start(words, begin - 1)
    small = any(has(word, Tag.PREPOSITION, Tag.SKIP, Tag.ARTICLE, *_VERBS) for word in words[start : begin - 1])
    return 0 < begin - 1 - start <= _MAX_BACK and not small


def _only_describes(words: Sequence[Word], begin: int, comma: int) -> bool:
    """Return whether a part says no more than an age, whom somebody is close to, or "she" again."""
    if words[begin].kind is Kind.NUMBER or has(words[begin], Tag.CLOSE, Tag.CITE):
        return True
    return all(has(word, Tag.SKIP, Tag.PRONOUN) for word in words[begin:comma])


def _parties(scene: Scene, begin: int, comma: int) -> Iterator[Party]:
    for first in _openings(scene.line.words, begin, comma):
        who = party(scene, first)
        if who is not None and who.sort is not Sort.UNKNOWN:
            yield who


def _described_by(scene: Scene, begin: int, comma: int) -> Party | None:
    """Return the person whom a part between commas only describes: "Ann Poe, a farmer, said"."""
    for one in scene.people:
        if one.end < begin < one.after <= comma:
            before = scene.line.words[one.begin - 1] if one.begin else None
            if before is not None and has(before, Tag.PREPOSITION):
                return None
            return party(scene, one.begin)
    return None


def _openings(words: Sequence[Word], begin: int, comma: int) -> Iterator[int]:
    """Yield the start of a part of a clause, small words at its head passed over."""
    yield begin
    while begin < comma and has(words[begin], Tag.SKIP, Tag.AND, Tag.THAT):
        begin += 1
        yield begin


def _describes(word: Word) -> bool:
    return has(word, Tag.RELATIVE, Tag.LINK, Tag.PREPOSITION)
