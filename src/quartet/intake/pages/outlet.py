"""Find who publishes a page: the name over it that its head, its foot or its markup bears out.

One sign is not enough, and two names of equal weight are none.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind, Token, tokens
from quartet.intake.pages.body import role_of_box
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.lines import Line, Role
from quartet.intake.pages.pieces import pieces, stripped
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind, Span

LONGEST: Final = 90
"""Characters up to which a piece of a line may be a name."""
_WORDS: Final = 12
"""Words that a name has at most."""
_LEAST: Final = 3
_MAX_LOOKED_AT: Final = 400
"""How many lines from the beginning and from the end may name the outlet."""
_PARTS: Final = re.compile(r"\s[-–—|:•·»/]\s|[|•·»]|::")
_RIGHTS: Final = re.compile(r"[©Ⓒⓒ]|\([cC]\)|[Cc]opyright")
_MARKS: Final = " .,;:،؛*\u200e\u200f"
Name = tuple[str, ...]


class _Evidence(NamedTuple):
    head: frozenset[Name]
    """The pieces of what the head of the page calls it."""
    site: Name
    foot: frozenset[Name]
    """What the lines under the text begin with, at their first word or after one or two."""
    rights: frozenset[Name]
    """Who has the rights, by a copyright line."""


def outlet(told: Told) -> Span | None:
    """Return where the outlet's name stands; None where nothing bears a name out."""
    seen = _evidence(told)
    weighed: dict[Name, tuple[float, Span]] = {}
    for number, line in _looked_at(told):
        for place in _places(told, line):
            name = name_of(place.of(told.source.text))
            weight = _weight(told, number, line, name, seen)
            if weight > weighed.get(name, (0.0, place))[0]:
                weighed[name] = (weight, place)
    best = sorted(weighed.values(), key=lambda one: (-one[0], one[1].start))
    if not best or best[0][0] < _LEAST or (len(best) > 1 and best[1][0] == best[0][0]):
        return None
    return best[0][1]


def name_of(words: str) -> Name:
    """Return the words of a name in one spelling."""
    return tuple(token.text for token in tokens(words[:200]) if token.kind in (Kind.WORD, Kind.NUMBER))


def _looked_at(told: Told) -> Iterator[tuple[int, Line]]:
    last = len(told.lines) - _MAX_LOOKED_AT
    for number, line in enumerate(told.lines):
        if (number < _MAX_LOOKED_AT or number >= last) and told.kinds[number] not in (BlockKind.BODY, BlockKind.TITLE):
            yield number, line


def _places(told: Told, line: Line) -> Iterator[Span]:
    """Yield what in a line may be a name: the line, its pieces, and who has the rights."""
    text = told.source.text
    if line.length <= LONGEST:
        yield Span(*(stripped(text, line.start, line.end, _MARKS) or (line.start, line.end)))
    for start, end in pieces(text, line.start, min(line.end, line.start + 300)):
        place = stripped(text, start, end, _MARKS)
        if place is not None and place[1] - place[0] <= LONGEST and place != (line.start, line.end):
            yield Span(*place)
    holder = _holder(told, line)
    if holder is not None:
        yield holder


def _holder(told: Told, line: Line) -> Span | None:
    """Return who has the rights: what stands behind the sign and the years, before what is said of the rights."""
    sign = _RIGHTS.search(told.source.text, line.start, min(line.end, line.start + 200))
    if sign is None:
        return None
    words = said(told.source.text, sign.end(), line.end)
    while words and (words[0].kind is not Kind.WORD or phrases("rights").at(spoken(words), 0)):
        words = words[1:]
    ends = next((at for at, token in enumerate(words) if _ends(words, at)), len(words))
    place = None if not ends else stripped(told.source.text, words[0].start, words[ends - 1].end, _MARKS + "-–—")
    return Span(*place) if place is not None and place[1] - place[0] <= LONGEST else None


def _ends(words: list[Token], at: int) -> bool:
    token = words[at]
    if token.kind is Kind.NUMBER and len(token.text) == 4:
        return True
    if (token.kind is Kind.SIGN and token.text in ".,|") or (token.text == "-" and token.gap):
        return True
    return token.kind is Kind.WORD and any(
        phrases(name).at(spoken(words[at:]), 0) for name in ("rights", "name_ends", "by")
    )


def _evidence(told: Told) -> _Evidence:
    named = told.source.named
    head = {name_of(piece) for piece in (named, *_PARTS.split(named))}
    last = max((number for number, kind in enumerate(told.kinds) if kind is BlockKind.BODY), default=0)
    foot = [line for line in told.lines[last + 1 :][-_MAX_LOOKED_AT:] if line.length <= 300]
    rights = {name_of(place.of(told.source.text)) for line in foot if (place := _holder(told, line)) is not None}
    return _Evidence(
        frozenset(head - {()}),
        name_of(told.source.site),
        frozenset(begun for line in foot for begun in _begun(name_of(told.words(line)))),
        frozenset(rights),
    )


def _weight(told: Told, number: int, line: Line, name: Name, seen: _Evidence) -> float:
    """Return how much bears out that a name is the outlet's."""
    if not name or len(name) > _WORDS or _is_no_name(told, name):
        return 0.0
    over = told.title is None or number < told.title
    weight = 4.0 * (name == seen.site)
    weight += 3.0 * (name in seen.head and name != _headline(told))
    weight += 3.0 * line.outlet + 2.0 * (line.home and over)
    weight += 2.0 * (name in seen.rights)
    weight += 1.5 * (over and name in seen.foot)
    weight += 1.0 * (over and line.box.tag in ("h1", "h2", "h3") and role_of_box(line.box) is Role.FURNITURE)
    return weight + 0.5 * (number == 0) + 0.25 * (over and line.bold > 0)


def _headline(told: Told) -> Name:
    return () if told.title is None else name_of(told.words(told.lines[told.title]))


def _begun(line: Name) -> Iterator[Name]:
    for at in range(3):
        for end in range(at + 1, min(len(line), at + _WORDS) + 1):
            yield line[at:end]


def _is_no_name(told: Told, name: Name) -> bool:
    words = spoken(said(" ".join(name), 0, 400))
    lists = ("share", "read_more", "comments", "rights", "furniture", "kicker", "updated")
    if any(phrases(one).is_all(words) for one in lists):
        return True
    return all(word.isdigit() for word in name) or name == _headline(told)
