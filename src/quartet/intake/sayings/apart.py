"""Find who says it behind a comma: who opens an earlier part of the clause, if what stands between describes them."""

from collections.abc import Iterator, Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.clauses import openings, part_start
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, starts
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_MAX_BACK: Final = 4
"""How many parts of a clause a verb looks back over: "a man, who asked not to be named, said"."""


def further(scene: Scene, start: int) -> Party | None:
    """Return who opens an earlier part of the clause and is closed by a comma, what describes them between."""
    words, index = scene.line.words, start
    for _ in range(_MAX_BACK):
        index -= index > 0 and Tag.AND in words[index - 1].tags
        if index < 2 or words[index - 1].raw not in ",،":
            return None
        comma = index - 1
        begin = part_start(words, comma, through=True)
        if _only_describes(words, begin, comma):
            index = begin
            continue
        owner = _described_by(scene, begin, comma)
        if owner is not None:
            return owner
        for first in (part_start(words, comma), begin):
            who = next(_parties(scene, first, comma), None)
            if who is not None and (led := _title_of_part(scene, who, begin)) is not None:
                if led.sort is Sort.UNKNOWN:
                    break
                return led
            if who is not None:
                if _by_office(scene, who) and _named_before(words, begin):
                    break
                inner = any(has(word, Tag.SAY, Tag.DENY) for word in words[who.end : comma])
                ended = who.end >= comma or (not inner and _describes(words[who.end]))
                return who if ended and who.sort is not Sort.PRONOUN else None
        if not _may_be_skipped(scene, begin, comma):
            return None
        index = _before_title(scene, begin)
    return None


def _before_title(scene: Scene, begin: int) -> int:
    """Return where the part before starts that ends with the title of a name in this one; here, where none does."""
    one = next((one for one in scene.people if begin <= one.start and one.begin < begin), None)
    return begin if one is None else part_start(scene.line.words, one.begin, through=True)


def _title_of_part(scene: Scene, who: Party, begin: int) -> Party | None:
    """Return who opens the part before, where that holds a name's title and more: "a man close to the mayor, Ann Poe".

    None where the title is all of it or the name has none there; an unknown party where what opens it cites another.
    """
    words = scene.line.words
    one = next((one for one in scene.people if one.place == who.name), None)
    if who.sort is not Sort.PERSON or one is None or one.begin >= begin:
        return None
    start = part_start(words, begin - 1)
    between = words[start : one.begin]
    owner = words[one.begin - 1].text == "s" and words[one.begin - 2].raw in "'’"
    if not owner and all(
        has(word, Tag.ARTICLE, Tag.SKIP, Tag.AND, Tag.THAT) or word.kind is not Kind.WORD for word in between
    ):
        return None
    opens = party(scene, start)
    if owner and (opens is None or opens.sort is not Sort.UNNAMED):
        return None
    unnamed = opens is not None and opens.sort is Sort.UNNAMED
    return opens if unnamed else who._replace(sort=Sort.UNKNOWN)


def _by_office(scene: Scene, who: Party) -> bool:
    """Return whether a party is told by an office: one who holds it, or the body whose spokesman stands there."""
    words = scene.line.words[who.start : who.end]
    led = any(has(word, Tag.SPOKES, Tag.SERVICE, Tag.RANK) for word in words[:2])
    return who.sort is Sort.OFFICE or (who.sort is Sort.BODY and led)


def _named_before(words: Sequence[Word], begin: int) -> bool:
    """Return whether a short part before an office may be the name of who holds it: "Poe, the mayor, said"."""
    if begin < 2 or words[begin - 1].raw not in ",،":
        return False
    start = part_start(words, begin - 1)
    small = any(
        has(word, Tag.PREPOSITION, Tag.SKIP, Tag.ARTICLE, Tag.SAY, Tag.DENY, Tag.UNSURE)
        for word in words[start : begin - 1]
    )
    return 0 < begin - 1 - start <= _MAX_BACK and not small


def _may_be_skipped(scene: Scene, begin: int, comma: int) -> bool:
    """Return whether a part may only describe who opens the one before: "who was there", "asked about it"."""
    word, words = scene.line.words[begin], scene.line.words
    titled = any(begin <= one.start < comma for one in scene.people)
    small = has(word, Tag.RELATIVE, Tag.PREPOSITION, Tag.FROM, Tag.LINK, Tag.NOT, Tag.STOP, Tag.SKIP, Tag.AND)
    anonymous = any(Tag.ANONYMITY in one.tags for one in words[begin:comma])
    return titled or small or anonymous or word.raw.casefold().endswith(starts(Listed.PARTICIPLES, scene.line.language))


def _only_describes(words: Sequence[Word], begin: int, comma: int) -> bool:
    """Return whether a part says no more than an age, whom somebody is close to, or "she" again."""
    if words[begin].kind is Kind.NUMBER or has(words[begin], Tag.CLOSE, Tag.CITE):
        return True
    return all(has(word, Tag.SKIP, Tag.PRONOUN) for word in words[begin:comma])


def _parties(scene: Scene, begin: int, comma: int) -> Iterator[Party]:
    for first in openings(scene.line.words, begin, comma):
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


def _describes(word: Word) -> bool:
    return has(word, Tag.RELATIVE, Tag.LINK, Tag.PREPOSITION)
