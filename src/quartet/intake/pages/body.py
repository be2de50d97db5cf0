"""Find where on a page its text stands: the box that holds nearly all of what reads like paragraphs.

What the words of a class say of a box is forgotten where the box turns out to hold the text: page builders name boxes for many
reasons.
"""

from collections.abc import Iterable
from typing import Final

from quartet.intake.pages.lines import Box, Line, Role, Source

PARAGRAPH: Final = 80
"""Characters from which a line reads like a paragraph, whatever it ends with."""
SENTENCE: Final = 40
"""Characters from which a line that ends as a sentence does reads like one."""
_STOPS: Final = (".", "!", "?", "…", "؟", "۔", "»", "”", '"', ":")
_NEARLY_ALL: Final = 0.8
_MOST: Final = 0.5
_NAMED: Final = frozenset({"article", "main"})


def reads_like_a_paragraph(line: Line, text: str) -> bool:
    """Return whether a line is long enough for one, or ends as a sentence, and is no list of links."""
    if line.linked * 2 > line.length:
        return False
    return line.length >= PARAGRAPH or (line.length >= SENTENCE and text[: line.end].endswith(_STOPS, line.start))


def role_of_box(box: Box) -> Role:
    """Return what the nearest box around, or itself, is said to be; furniture around it wins."""
    found, here = Role.NONE, box
    while here is not None:
        if here.role is Role.FURNITURE:
            return Role.FURNITURE
        found = found or here.role
        if here.parent is None:
            break
        here = here.parent
    return found


def weigh(source: Source) -> None:
    """Count what each box holds, and take its role from a box that holds most of the page's paragraphs."""
    told = 0
    for line in source.lines:
        reads = reads_like_a_paragraph(line, source.text)
        told += line.length * reads
        for box in around(line.box):
            box.letters += line.length
            box.told += line.length * reads
    for box in {box for line in source.lines for box in around(line.box)}:
        if box.role is not Role.NONE and not box.hidden and box.told > _MOST * told:
            box.role = Role.NONE


def around(box: Box) -> Iterable[Box]:
    """Yield a box and every box around it, outermost last."""
    here: Box | None = box
    while here is not None:
        yield here
        here = here.parent


def main_box(source: Source) -> Box:
    """Return the box that holds the text of a page: its root where nothing in it stands out."""
    told: dict[Box, int] = {}
    inner: dict[Box, set[Box]] = {}
    for line in source.lines:
        if reads_like_a_paragraph(line, source.text) and role_of_box(line.box) not in (Role.FURNITURE, Role.CAPTION):
            before: Box | None = None
            for box in around(line.box):
                told[box] = told.get(box, 0) + line.length
                if before is not None:
                    inner.setdefault(box, set()).add(before)
                before = box
    here = source.root
    while children := inner.get(here):
        best = max(children, key=lambda box: (told[box], -box.depth))
        if not _goes_into(best, children - {best}, told, told[here]):
            return here
        here = best
    return here if here.parent is None or here.letters > here.told or here.tag not in _SINGLE else here.parent


_SINGLE: Final = frozenset({"p", "li", "pre", "blockquote", "dd", "td"})


def _goes_into(best: Box, others: set[Box], told: dict[Box, int], whole: int) -> bool:
    """Return whether the text stands in one of a box's boxes: in nearly all of it, or in one message of many."""
    if best.tag == "p":
        return False
    if told[best] >= _NEARLY_ALL * whole:
        return True
    alike = all(other.tag == best.tag and other.words == best.words for other in others)
    return alike and bool(best.words or best.tag == "article") and told[best] >= _MOST * whole and len(others) > 0
