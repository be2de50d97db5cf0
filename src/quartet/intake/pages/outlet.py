"""Find who publishes a page: the name over it that its head, its foot or its markup bears out.

One sign is not enough, and two names of equal weight are none.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind, Token, tokens
from quartet.intake.pages.datelines import dateline
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.lines import Line
from quartet.intake.pages.naming import agency_like
from quartet.intake.pages.pieces import pieces, stripped
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind, Span

LONGEST: Final = 90
"""Characters up to which a piece of a line may be a name."""
_WORDS: Final = 12
"""Words that a name has at most."""
_LEAST: Final = 3.5
_NOTICE_BY: Final = 6
"""Within how many lines of the first a page says that it is a notice."""
_LOGO: Final = frozenset({"logo", "logotype", "logotipo", "شعار", "لوگو", "لوگوی", "логотип", "лого"})
_HOST_LETTERS: Final = 6
"""Letters of a machine's name from which on it bears out a name."""
_MAX_LOOKED_AT: Final = 400
"""How many lines from the beginning and from the end may name the outlet."""
_PARTS: Final = re.compile(r"\s[-–—|:•·»/]\s|[|•·»]|::")
_RIGHTS: Final = re.compile(r"[©Ⓒⓒ]|\([cC]\)|[Cc]opyright")
_PARTED: Final = re.compile(r"[|·•»]")
_MARKS: Final = " .,;:،؛*\u200e\u200f"
Name = tuple[str, ...]


class _Evidence(NamedTuple):
    head: dict[Name, float]
    """The pieces of what the head of the page calls it, and what each weighs: the last one is mostly the outlet."""
    site: Name
    foot: frozenset[Name]
    """What the lines under the text begin with, at their first word or after one or two."""
    begins: int
    """Before which line a name stands over the page: its title, or its first paragraph."""
    rights: frozenset[Name]
    """Who has the rights, by a copyright line."""
    logos: frozenset[Name]
    """What stands for its logo."""
    host: str
    speaks: Name
    """The body that the first line names, on a page that says that it is a notice; nothing elsewhere."""


def outlet(told: Told) -> Span | None:
    """Return where the outlet's name stands; None where nothing bears a name out."""
    seen = _evidence(told)
    weighed: dict[Name, tuple[float, Span]] = {}
    for number, line in _looked_at(told):
        for place in (*_places(told, line), *_named_by_the_head(told, line, seen)):
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
    if line.length <= LONGEST and _PARTED.search(text, line.start, line.end) is None:
        yield Span(*(stripped(text, line.start, line.end, _MARKS) or (line.start, line.end)))
    for start, end in pieces(text, line.start, min(line.end, line.start + 300)):
        place = stripped(text, start, end, _MARKS)
        if place is not None and place[1] - place[0] <= LONGEST and place != (line.start, line.end):
            yield Span(*place)
    holder = _holder(told, line)
    if holder is not None:
        yield holder


def _named_by_the_head(told: Told, line: Line, seen: _Evidence) -> Iterator[Span]:
    """Yield what a line begins with, where the head of the page names it."""
    words = spoken(said(told.source.text, line.start, min(line.end, line.start + 200)))
    for name in {*seen.head, seen.site, *seen.logos}:
        begins = tuple(token.text for token in words[: len(name)]) == name
        if begins and 0 < len(name) < len(words):
            yield Span(words[0].start, words[len(name) - 1].end)


def _holder(told: Told, line: Line) -> Span | None:
    """Return who has the rights: what stands behind the sign and the years, before what is said of the rights."""
    sign = _RIGHTS.search(told.source.text, line.start, min(line.end, line.start + 200))
    if sign is None:
        return None
    bar = _PARTED.search(told.source.text, sign.end(), line.end)
    words = said(told.source.text, sign.end(), line.end if bar is None else bar.start())
    if not _names_behind(words):
        return _before_sign(told, line, sign.start())
    while words and (words[0].kind is not Kind.WORD or phrases("rights").at(spoken(words), 0)):
        words = words[1:]
    ends = next((at for at, token in enumerate(words) if _ends(words, at)), len(words))
    place = None if not ends else stripped(told.source.text, words[0].start, words[ends - 1].end, _MARKS + "-–—")
    return Span(*place) if place is not None and place[1] - place[0] <= LONGEST else None


def _names_behind(words: list[Token]) -> bool:
    """Return whether anything but years and what is said of the rights stands behind the sign."""
    kept = [token for token in spoken(words) if token.kind is Kind.WORD]
    return bool(kept) and not phrases("rights").is_all(kept)


def _before_sign(told: Told, line: Line, sign: int) -> Span | None:
    """Return who has the rights where the name stands before the sign."""
    cut = list(pieces(told.source.text, line.start, sign))
    place = stripped(told.source.text, *cut[-1], _MARKS) if cut else None
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
    last = max((number for number, line in enumerate(told.lines) if line.tells and _is_body(told, number)), default=0)
    foot = [line for line in told.lines[last + 1 :][-_MAX_LOOKED_AT:] if line.length <= 300]
    rights = {name_of(place.of(told.source.text)) for line in foot if (place := _holder(told, line)) is not None}
    return _Evidence(
        _head(told.source.named, _headline(told)),
        name_of(told.source.site),
        frozenset(begun for line in foot for begun in _begun(name_of(told.words(line)))),
        _begins(told),
        frozenset(rights),
        frozenset(named for logo in told.source.logos for named in _logo(logo)),
        told.source.host,
        _speaks(told),
    )


def _logo(called: str) -> Iterator[Name]:
    """Yield what a logo may be of: its words, and those without the word for a logo before or behind them."""
    name = name_of(called)
    yield name
    for word in _LOGO:
        yield from (rest for rest in (name[1:], name[:-1]) if word in (name[:1] + name[-1:]) and word not in rest)


def _speaks(told: Told) -> Name:
    """Return the body that opens a page which is its own notice, or the agency that opens one with its dateline."""
    first = next((number for number, words in enumerate(told.spoken) if words), None)
    if first is None:
        return ()
    words = told.spoken[first]
    notice = any(phrases("release").is_all(line) for line in told.spoken[first + 1 : first + _NOTICE_BY])
    body = any(phrases("body").at(words, at) for at in range(len(words)))
    if len(words) > 1 and len(words) <= _WORDS and ((body and notice) or _wires(told, words)):
        return tuple(token.text for token in words)
    return ()


def _wires(told: Told, words: list[Token]) -> bool:
    """Return whether an agency opens the page, and its dateline names it or a part of its name."""
    first = dateline(told) if agency_like(words) else None
    name = () if first is None else name_of(first.place.of(told.source.text))
    return bool(name) and set(name) <= {token.text for token in words}


def _head(named: str, headline: Name) -> dict[Name, float]:
    """Return what each piece of a page's title weighs: the last one is mostly the outlet, the first where it is known.

    Known it is where the last piece is the headline; a middle one may be a section.
    """
    cut = [name for piece in _PARTS.split(named) if (name := name_of(piece))]
    if not cut:
        return {}
    first = 3.0 if len(cut) == 1 or headline == cut[-1] else 0.0
    return {cut[0]: first, **dict.fromkeys(cut[1:-1], 1.0), cut[-1]: 3.0 if len(cut) > 1 else first}


def _begins(told: Told) -> int:
    if told.title is not None:
        return told.title
    return next((number for number, line in enumerate(told.lines) if line.tells), 0)


def _is_body(told: Told, number: int) -> bool:
    return told.kinds[number] is BlockKind.BODY


def _weight(told: Told, number: int, line: Line, name: Name, seen: _Evidence) -> float:
    """Return how much bears out that a name is the outlet's: 0 unless two things do, and one of them is of weight."""
    heads = line.box.tag in ("h1", "h2", "h3")
    menu = line.linked * 2 > line.length and not line.home and not line.outlet and not heads
    if not name or len(name) > _WORDS or _is_no_name(told, name) or (menu and name != seen.site):
        return 0.0
    over = number < seen.begins
    site = 4.0 * (name == seen.site)
    head = max(site, seen.head.get(name, 0.0) * (name != _headline(told)))
    called, home = 3.0 * line.outlet, 1.5 * (line.home and over)
    rights = 2.0 * (name in seen.rights)
    foot = (2.5 if len(name) > 1 else 1.0) * (over and name in seen.foot)
    under = 1.0 * (not over and not line.linked and name in seen.foot and head >= 3)
    first = 1.0 * (number == 0)
    masthead = 1.0 * (over and heads)
    logo = 2.0 * (name in seen.logos)
    machine = 1.0 * (len(seen.host) >= _HOST_LETTERS and "".join(name) == seen.host)
    own = 3.5 * (number == 0 and name == seen.speaks)
    signs = (head, called, home, rights, foot, under, first, masthead, logo, machine)
    two = sum(one > 0 for one in signs) > 1 or own > 0
    borne_out = home > 0 or foot > 0 or rights > 0 or first > 0
    sure = (
        head > 1 or own > 0 or (over and called > 0 and borne_out) or (rights > 0 and over) or (foot > 0 and first > 0)
    )
    sure = sure or (logo > 0 and (rights > 0 or foot > 0 or under > 0 or over))
    weight = sum(signs) + own + 0.25 * (over and line.bold > 0) - 0.5 * (not over)
    return weight * (two and sure)


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
