"""Find where on a page its text stands: the box that holds nearly all of what reads like paragraphs.

What the words of a class say of a box is forgotten where the box turns out to hold the text: page builders name boxes
for many reasons.
"""

from collections.abc import Iterator
from typing import Final

from quartet.intake.pages.lines import Box, Line, Role, Source
from quartet.intake.pages.roles import is_surely_furniture

PARAGRAPH: Final = 80
"""Characters from which a line reads like a paragraph, whatever it ends with."""
SENTENCE: Final = 40
"""Characters from which a line that ends as a sentence does reads like one."""
_STOPS: Final = (".", "!", "?", "…", "؟", "۔", "»", "”", '"', ":")
_NEARLY_ALL: Final = 0.8
_MOST: Final = 0.5
_SCATTERED: Final = 0.3
"""The share of a box's text up to which what stands beside it is something else."""


def reads_like_a_paragraph(line: Line, text: str) -> bool:
    """Return whether a line is long enough for one, or ends as a sentence, and is no list of links."""
    if line.linked * 2 > line.length:
        return False
    return line.length >= PARAGRAPH or (line.length >= SENTENCE and text[: line.end].endswith(_STOPS, line.start))


def role_of_box(box: Box) -> Role:
    """Return what the nearest box around, or itself, is said to be; furniture around it wins."""
    found = Role.NONE
    for here in around(box):
        if here.role is Role.FURNITURE:
            return Role.FURNITURE
        found = found or here.role
    return found


def around(box: Box) -> Iterator[Box]:
    """Yield a box and every box around it, outermost last."""
    here: Box | None = box
    while here is not None:
        yield here
        here = here.parent


def weigh(source: Source, own: list[bool]) -> None:
    """Count what each box holds, and take its role from a box that holds too much for it.

    `own` says of each line whether it speaks of the page itself: it then tells nothing, however long it is.
    """
    whole = 0
    for line, of_itself in zip(source.lines, own, strict=True):
        line.tells = reads_like_a_paragraph(line, source.text) and not of_itself
        whole += line.length * line.tells
        for box in around(line.box):
            box.letters += line.length
            box.told += line.length * line.tells
    for box in {box for line in source.lines for box in around(line.box)}:
        most = _NEARLY_ALL if is_surely_furniture(box.tag, box.words) else _MOST
        if not box.hidden and (box.told > most * whole or box.letters > _AT_MOST.get(box.role, box.letters)):
            box.role = Role.NONE
    _drop_teasers(source)
    for line in source.lines:
        roles = {box.role for box in around(line.box)}
        line.outlet = line.outlet or Role.OUTLET in roles
        line.dated = line.dated or Role.BYLINE in roles


_TEASERS: Final = 3
"""How many boxes alike, each a linked headline and a few words, are a list of other pages."""
_TEASER: Final = 600
_HEADLINE: Final = 15


def _drop_teasers(source: Source) -> None:
    """Take for furniture the boxes of one kind side by side that each begin with a linked headline."""
    alike: dict[tuple[Box | None, str, frozenset[str]], list[Box]] = {}
    headed: set[Box] = set()
    for line in source.lines:
        is_link = line.linked * 10 >= line.length * 9 and line.length >= _HEADLINE
        for box in around(line.box):
            if is_link and box.told_before == 0 and box.told <= _TEASER:
                headed.add(box)
            box.told_before += line.length * line.tells
    for box in headed:
        if box.told and box.tag not in _SINGLE | {"tr", "td"}:
            alike.setdefault((box.parent, box.tag, box.words), []).append(box)
    for boxes in alike.values():
        if len(boxes) >= _TEASERS:
            for box in boxes:
                box.role = Role.FURNITURE


_AT_MOST: Final = {Role.OUTLET: 200, Role.BYLINE: 500, Role.CAPTION: 900}
"""Characters that a box of a role holds at most."""


def main_box(source: Source) -> Box:
    """Return the box that holds the text of a page: its root where nothing in it stands out.

    From the outermost inwards, as long as one box holds nearly all of what the last one tells, or most of it where the
    rest is scattered: teasers, other messages, notes. Where the text is cut into several boxes they stay together.
    """
    told: dict[Box, int] = {}
    inner: dict[Box, set[Box]] = {}
    for line in source.lines:
        if line.tells and role_of_box(line.box) not in (Role.FURNITURE, Role.CAPTION):
            before: Box | None = None
            for box in around(line.box):
                told[box] = told.get(box, 0) + line.length
                if before is not None:
                    inner.setdefault(box, set()).add(before)
                before = box
    here = source.root
    while (best := _heaviest(inner.get(here, set()), told)) is not None:
        if not _goes_into(best, inner[here] - {best}, told, told[here]):
            break
        here = best
    return here


def _heaviest(boxes: set[Box], told: dict[Box, int]) -> Box | None:
    """Return the box that tells most; a paragraph of its own is no box to go into."""
    return max((box for box in boxes if box.tag not in _SINGLE | _LISTS), key=lambda box: told[box], default=None)


_LISTS: Final = frozenset({"ul", "ol", "dl"})
_SINGLE: Final = frozenset({"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})


def _goes_into(best: Box, others: set[Box], told: dict[Box, int], whole: int) -> bool:
    if told[best] >= _NEARLY_ALL * whole:
        return True
    beside = whole - told[best] - sum(told[other] for other in others if other.tag not in _SINGLE)
    most = max((told[other] for other in others if other.tag not in _SINGLE), default=0)
    return told[best] >= _MOST * whole and max(beside, most) <= _SCATTERED * told[best]
