"""Cut a sentence into the parts in which a verb looks for who says it."""

from collections.abc import Iterator, Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.person import has
from quartet.intake.sayings.words import Word

_MAX_NAME_QUOTED: Final = 8
_SAYING: Final = (Tag.DENY, Tag.UNSURE, Tag.SAY)
_OPENERS: Final = (Tag.SKIP, Tag.PREPOSITION, Tag.THIS, Tag.AND, Tag.NOT, Tag.STOP)


def first_in_clause(words: Sequence[Word], at: int) -> bool:
    """Return whether a verb opens its part of the sentence, small words before it apart."""
    index = at - 1
    while index >= 0 and not words[index].breaks:
        sign = words[index].kind is not Kind.WORD
        if not sign and not has(words[index], Tag.SKIP, Tag.THIS, Tag.AND, Tag.RELATIVE, Tag.PREPOSITION, Tag.THAT):
            return has(words[index - 1], Tag.THIS) if index else False
        index -= 1
    return True


def part_start(words: Sequence[Word], at: int, *, through: bool = False) -> int:
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
    for index in range(close - 1, max(0, close - _MAX_NAME_QUOTED), -1):
        if words[index].opens:
            return index if words[index - 1].kind is Kind.WORD and not has(words[index - 1], *_SAYING) else 0
        if words[index].breaks:
            return 0
    return 0


def _lone_dash(words: Sequence[Word], at: int) -> bool:
    return words[at].text == "-" and words[at].gap > 0


def begins(words: Sequence[Word], start: int, at: int) -> Iterator[int]:
    """Yield where a party may start in a clause: at its start, or behind words of time and place that open it."""
    yield start
    index, opened = start, False
    while index < at and (opened or words[index].kind is Kind.NUMBER or has(words[index], *_OPENERS)):
        opened = True
        if Tag.RELATIVE in words[index].tags and not has(words[index], Tag.SKIP, Tag.THIS):
            return
        small = max((words[index].tags.get(tag, 0) for tag in (Tag.SKIP, Tag.THIS, Tag.ADDRESSEE, Tag.AND)), default=0)
        locative = index == start and Tag.PREPOSITION in words[index].tags
        number = words[index].kind is Kind.NUMBER or (index > start and words[index].gap == 0)
        index += small or 1
        if index < at and words[index].gap and (small or locative or number or Tag.ARTICLE in words[index].tags):
            yield index


def openings(words: Sequence[Word], begin: int, comma: int) -> Iterator[int]:
    """Yield the start of a part of a clause, small words at its head passed over."""
    yield begin
    while begin < comma and has(words[begin], Tag.SKIP, Tag.AND, Tag.THAT):
        begin += 1
        yield begin
