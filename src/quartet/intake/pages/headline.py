"""Find a page's headline: a heading that the head of the page names, or what stands bold before the text."""

from typing import Final

from quartet.intake.dates.spelling import Token
from quartet.intake.pages.body import role_of_box
from quartet.intake.pages.lines import Box, Line, Role, Source
from quartet.intake.pages.words import phrases

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEAST_FIT: Final = 4
_NEAR: Final = 8
"""How many lines a headline stands before the text at most, to be near it."""
_LONGEST: Final = 250
_NAMED: Final = 8
"""Characters from which a line that the head of the page has too is no chance."""


def headline(source: Source, spoken: list[list[Token]], main: Box) -> int | None:
    """Return which line is the headline by its tag: outside the masthead, best one that the head of the page names."""
    named = " ".join(source.named.casefold().split())
    first = next((number for number, line in enumerate(source.lines) if line.tells and line.box.within(main)), 0)
    heads = {
        number: _fit(source, number, spoken[number], named) + _nearness(line, number, first)
        for number, line in enumerate(source.lines)
        if _may_head(line)
    }
    best = max(heads, key=lambda number: (heads[number], -number), default=None)
    return best if best is not None and heads[best] >= _LEAST_FIT else None


def _may_head(line: Line) -> bool:
    heading = line.box.tag in ("h1", "h2", "h3")
    return heading and not line.outlet and not line.home and role_of_box(line.box) is not Role.FURNITURE


def _fit(source: Source, number: int, spoken: list[Token], named: str) -> int:
    line = source.lines[number]
    words = source.text[line.start : line.end].casefold()
    known = any(phrases(one).at(spoken, 0) for one in ("read_more", "comments", "kicker"))
    if known or len(words) <= _NAMED:
        return -6 * known
    return 4 * (words in named) + 3 * named.startswith(words)


def _nearness(line: Line, number: int, first: int) -> int:
    near = 2 * (first - _NEAR <= number <= first)
    return near + (4 if line.box.tag == "h1" else 2 * (number <= first and line.box.tag == "h2"))


def stands_as_one(source: Source, number: int, spoken: list[Token]) -> bool:
    """Return whether a line before the text stands as a headline without a tag for one."""
    line = source.lines[number]
    words = source.text[line.start : line.end]
    if line.length > _LONGEST or phrases("kicker").is_all(spoken):
        return False
    if source.plain:
        return _is_plain(words, spoken)
    named = " ".join(source.named.casefold().split())
    bold = line.bold * 10 >= line.length * 9 or line.box.tag in HEADINGS
    return bold or (line.length > 2 * _NAMED and named.startswith(words.casefold()))


def _is_plain(words: str, spoken: list[Token]) -> bool:
    """Return whether a line of plain text is a headline: some words, no label, no number, no name behind "by"."""
    by = phrases("by").at(spoken, 0) or phrases("published").at(spoken, 0)
    return len(words.split()) >= 3 and ":" not in words and not by and not any(letter.isdigit() for letter in words)
