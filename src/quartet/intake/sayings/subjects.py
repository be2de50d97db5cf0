"""Find who says it for a verb of saying: who opens its clause, or who follows it where it comes first."""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.apart import further
from quartet.intake.sayings.clauses import begins, first_in_clause, part_start
from quartet.intake.sayings.extents import ended_by_shape, extent, is_told
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_MAX_GAP: Final = 8
_LEFT_ONLY: Final = frozenset({"fa"})
_DAMMA: Final = "\u064f"
_FIRST: Final = 3
"""Within so many signs of an Arabic verb its first vowel is written: with this one he was told."""


def subject(scene: Scene, at: int, end: int) -> tuple[Party | None, Party | None]:
    """Return who says it and who was told."""
    words, language = scene.line.words, scene.line.language
    first = first_in_clause(words, at) and not (language == "en" and words[end - 1].text in listed(Listed.TELLS))
    if language not in _LEFT_ONLY and (first or language == "ar"):
        follows = follows_verb(scene, end)
        if follows is not None and _led(scene, follows, end) and _left(scene, at) is not None:
            follows = None
        if follows is not None and (language != "ru" or _agrees(scene, follows, words[end - 1])):
            return follows, None
    left = _left(scene, at)
    if language == "ru" and left is not None and (_two(scene, left, end) or not _agrees(scene, left, words[at])):
        return left._replace(sort=Sort.UNKNOWN), None
    told = _told(scene, end) if left is not None else None
    return left, told


def was_told(scene: Scene, at: int, end: int) -> bool:
    """Return whether a verb says that who stands beside it was told, and not that he told: "was told by a source"."""
    words = scene.line.words
    if scene.line.language == "ar":
        return _DAMMA in words[at].raw[:_FIRST]
    if scene.line.language != "en" or words[end - 1].text not in listed(Listed.TOLD):
        return False
    before = at - 1
    while before > 0 and has(words[before], Tag.SKIP) and not has(words[before], Tag.AUX):
        before -= 1
    return before >= 0 and words[before].text in listed(Listed.BE)


def _oblique(scene: Scene, who: Party) -> bool:
    """Return whether a Russian body stands in a case in which nobody says anything: "полиции сообщили"."""
    words = scene.line.words
    named = [one for one in words if who.name.start <= one.start and one.end <= who.name.end]
    heads = [one for one in named if has(one, Tag.BODY, Tag.AGENCY)]
    within = who.start > 0 and words[who.start - 1].text in ("в", "во")
    if not heads or within or who.sort not in (Sort.BODY, Sort.AGENCY):
        return False
    head = heads[0].text
    return head.endswith(starts(Listed.NO_SUBJECT, "ru")) or (
        head.endswith("е") and not head.endswith(starts(Listed.NEUTER, "ru"))
    )


def _led(scene: Scene, who: Party, end: int) -> bool:
    """Return whether a preposition leads to who follows a verb: "said through the office" may have another subject."""
    words, language = scene.line.words, scene.line.language
    return language != "ar" and who.start > end and has(words[who.start - 1], Tag.PREPOSITION)


def _agrees(scene: Scene, who: Party, verb: Word) -> bool:
    """Return whether a Russian verb in the past agrees with a given name, which is of a man or of a woman."""
    if _oblique(scene, who):
        return False
    given = next((one.text for one in scene.line.words if one.start == who.name.start), "")
    if who.sort is not Sort.PERSON or len(given) < 2:
        return True
    if verb.text.endswith(("л", "лся")):
        return not given.endswith(("а", "я")) or given in listed(Listed.MEN)
    return (
        not verb.text.endswith(("ла", "лась"))
        or not given.endswith(starts(Listed.MEN_END, "ru"))
        or given in listed(Listed.WOMEN)
    )


def _two(scene: Scene, left: Party, end: int) -> bool:
    """Return whether a party before the verb may be who was told: another follows, or it is no nominative."""
    if left.sort is Sort.PERSON:
        given = left.name.start
        word = next((one for one in scene.line.words if one.start == given), None)
        if word is not None and word.text.endswith(starts(Listed.NOT_FIRST, "ru")):
            return True
    follows = follows_verb(scene, end)
    if follows is not None and follows.sort is Sort.UNNAMED and _counted(scene.line.words[follows.start]):
        return False
    return follows is not None and not scene.line.words[follows.start].text.endswith(starts(Listed.DATIVE_OF_ONE, "ru"))


def _counted(word: Word) -> bool:
    """Return whether a Russian party begins with a number: whom the verb counted, and nobody who says it."""
    return word.kind is Kind.NUMBER or word.text.startswith(starts(Listed.NUMERALS))


def follows_verb(scene: Scene, end: int) -> Party | None:
    """Return who follows a verb, where nothing but the end of the clause follows in turn."""
    words = scene.line.words
    start = skip(scene, end, told=True)
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


def skip(scene: Scene, at: int, *, told: bool = False) -> int:
    """Return where a party may start after words of time, manner or address; `told` where a verb stands before."""
    words, start = scene.line.words, at
    while start < len(words) and start - at < _MAX_GAP:
        word = words[start]
        if told and scene.line.language == "ru" and (closed := _dative_in_quotes(words, start)):
            start = closed
            continue
        if start > at and words[start].opens and words[start - 1].text in listed(Listed.PAPERS):
            start = next(
                (i + 1 for i in range(start, min(len(words), start + _MAX_GAP)) if words[i].closes), len(words)
            )
            continue
        if told and scene.line.language == "ar" and is_told(word):
            start = max(start + 1, extent(scene, start + (word.text == "ل")))
            continue
        size = max((word.tags[tag] for tag in (Tag.SKIP, Tag.ADDRESSEE) if tag in word.tags), default=0)
        if not size or (has(word, Tag.ARTICLE, Tag.PRONOUN) and size == 1):
            break
        start += size
    return start


def _dative_in_quotes(words: Sequence[Word], at: int) -> int:
    """Return where a name in quotation marks ends that is who was told in Russian, or 0."""
    if not words[at].opens:
        return 0
    end = next((i for i in range(at + 1, min(len(words), at + _MAX_GAP)) if words[i].closes), 0)
    return end + 1 if end and words[end - 1].text.endswith(starts(Listed.DATIVE_OF_ONE, "ru")) else 0


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
        told = scene.line.language == "fr" and words[start].text in listed(Listed.TO)
        if who is not None and (who.sort is not Sort.BODY or told):
            return None
    return who if who is not None and who.sort is not Sort.UNKNOWN else None


def _told(scene: Scene, end: int) -> Party | None:
    """Return the agency or outlet that was told; who else was told passed nothing on."""
    words = scene.line.words
    start = end
    while start < len(words) and start - end <= 2 and _before_whom(words[start]):
        start += 1
    if start >= len(words) or has(words[start], Tag.ADDRESSEE, Tag.THAT):
        return None
    who = party(scene, start)
    if who is not None and who.sort in (Sort.AGENCY, Sort.OWN_AGENCY) and not who.reporter:
        return who
    return None


def _before_whom(word: Word) -> bool:
    return has(word, Tag.PREPOSITION, Tag.ARTICLE) or word.raw in "'’"


def _left(scene: Scene, at: int) -> Party | None:
    """Return who opens a verb's clause, or the part before it where what stands between only describes them."""
    words = scene.line.words
    start = part_start(words, at)
    for begin in begins(words, start, at):
        who = party(scene, begin)
        if who is not None and who.end <= at and _gap(scene, who, at):
            in_office = scene.line.language == "ru" and who.sort is Sort.BODY
            behind = begin > 0 and Tag.PREPOSITION in words[begin - 1].tags and not in_office
            behind = behind or _of_the_noun_before(scene, who, begin)
            unsure = who.sort is Sort.UNKNOWN and (who.end < at or who.end - who.start < 2)
            return None if unsure or behind or _joined(scene, begin) else who
    if any(
        not has(word, Tag.SKIP, Tag.RELATIVE, Tag.AND, Tag.PRONOUN, Tag.PREPOSITION) for word in words[start:at][:1]
    ):
        return None
    return further(scene, start)


def _of_the_noun_before(scene: Scene, who: Party, begin: int) -> bool:
    """Return whether a name in quotation marks is of the noun before it in Russian, which may be who was told."""
    words = scene.line.words
    led = scene.line.language == "ru" and who.sort is Sort.NAMED and begin > 0 and words[begin].opens
    return led and words[begin - 1].kind is Kind.WORD


def _joined(scene: Scene, start: int) -> bool:
    """Return whether "and" joins a party to another before it: then neither alone says it."""
    words = scene.line.words
    if start < 2 or Tag.AND not in words[start - 1].tags:
        return False
    if any(one.end == start - 1 for one in scene.people):
        return True
    other = party(scene, part_start(words, start - 1))
    return other is not None and other.end == start - 1


def _gap(scene: Scene, who: Party, at: int) -> bool:
    """Return whether nothing that could say it stands between a party and its verb: adverbs, a place, a time."""
    words = scene.line.words
    between = words[who.end : at]
    if len(between) > 2 * _MAX_GAP or any(word.breaks for word in between):
        return who.sort is Sort.UNNAMED and _described(between)
    led = bool(between) and Tag.PREPOSITION in between[0].tags
    beside = [one for one in scene.people if one.end == at and one.begin >= who.end]
    if who.sort is not Sort.UNNAMED and any(Tag.PREPOSITION not in words[one.begin - 1].tags for one in beside):
        return False
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
    return (
        shaped
        or word.kind is not Kind.WORD
        or has(word, Tag.SKIP, Tag.PREPOSITION, Tag.STOP, Tag.PRONOUN, Tag.THIS, Tag.ADDRESSEE)
    )
