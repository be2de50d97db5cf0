"""Tell what each line of a page is: a title, a part of its text, a byline, a source line, a caption or furniture.

In this order: what the markup says, what the words of the line say, then where it stands to the page's text.
"""

from typing import Final

from quartet.intake.dates.spelling import Token
from quartet.intake.pages.body import main_box, reads_like_a_paragraph, role_of_box, weigh
from quartet.intake.pages.lines import Box, Line, Role, Source
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind

SHORT: Final = 160
"""Characters up to which a line may be a byline, a caption or a note of the page about itself."""
_NOTE: Final = 300
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Told:
    """The lines of a page, what each is, and where its title and its text stand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines
        self.spoken = [spoken(said(source.text, line.start, line.end)) for line in source.lines]
        weigh(source, [_speaks_of_itself(line, words) for line, words in zip(self.lines, self.spoken, strict=True)])
        self.main: Box = main_box(source)
        self.title = _title(self)
        self.kinds: list[BlockKind] = []

    def words(self, line: Line) -> str:
        """Return what stands in a line."""
        return self.source.text[line.start : line.end]


def tell(source: Source) -> Told:
    """Return the lines of a page and their kinds."""
    told = Told(source)
    told.kinds = [_first(told, number) for number in range(len(told.lines))]
    _drop_lists(told)
    _drop_comments(told)
    _captions(told)
    _place(told)
    return told


def _speaks_of_itself(line: Line, words: list[Token]) -> bool:
    """Return whether a line speaks of the page: of cookies, rights or subscriptions, twice where it is long."""
    own = phrases("furniture")
    hit = own.first(words)
    return hit is not None and line.length <= _NOTICE and own.first(words, hit.after) is not None


_NOTICE: Final = 900
"""Characters of a notice that speaks of the page itself."""


def _title(told: Told) -> int | None:
    """Return which line is the headline: a heading outside the masthead, best the one that the head of the page names."""
    named = " ".join(told.source.named.casefold().split())
    first = next((number for number, line in enumerate(told.lines) if line.tells and line.box.within(told.main)), 0)
    heads = {number: _fits(told, number, named, first) for number, line in enumerate(told.lines) if _may_head(line)}
    best = max(heads, key=lambda number: (heads[number], -number), default=None)
    return best if best is not None and heads[best] >= _LEAST_FIT else None


def _may_head(line: Line) -> bool:
    heading = line.box.tag in ("h1", "h2", "h3")
    return heading and not line.outlet and not line.home and role_of_box(line.box) is not Role.FURNITURE


_LEAST_FIT: Final = 4
_NEAR: Final = 8
"""How many lines a headline stands before the text at most, to be near it."""


def _fits(told: Told, number: int, named: str, first: int) -> int:
    line = told.lines[number]
    words = told.words(line).casefold()
    fits = 4 * (len(words) > 8 and words in named) + 3 * (len(words) > 8 and named.startswith(words))
    near = 2 * (first - _NEAR <= number <= first)
    known = any(phrases(one).at(told.spoken[number], 0) for one in ("read_more", "comments", "kicker"))
    return fits + near + (4 if line.box.tag == "h1" else 2 * (number <= first and line.box.tag == "h2")) - 6 * known


def _first(told: Told, number: int) -> BlockKind:
    """Return what a line is by its markup and its own words."""
    line, words = told.lines[number], told.spoken[number]
    role = role_of_box(line.box)
    if number == told.title:
        return BlockKind.TITLE
    if role is Role.FURNITURE or line.outlet:
        return BlockKind.FURNITURE
    if role is Role.CAPTION:
        return BlockKind.CAPTION
    if not words or _is_furniture(told, line, words):
        return BlockKind.FURNITURE
    if _is_caption(line, words):
        return BlockKind.CAPTION
    if (line.dated or role is Role.BYLINE) and line.length <= SHORT and not _tells(told, line):
        return BlockKind.BYLINE
    return BlockKind.BODY


def _tells(told: Told, line: Line) -> bool:
    return reads_like_a_paragraph(line, told.source.text) and line.length > PARAGRAPH_IN_BYLINE


PARAGRAPH_IN_BYLINE: Final = 100


def _is_furniture(told: Told, line: Line, words: list[Token]) -> bool:
    most = 4 if line.box.tag == "li" and not line.tells else 7
    if line.linked * 10 > line.length * most and line.length <= _NOTE:
        return True
    if _speaks_of_itself(line, words):
        return True
    if phrases("read_more").at(words, 0) and _heads_a_list(told, line, words):
        return True
    if line.length <= SHORT and (_is_toolbar(words) or _is_tags(told.words(line))):
        return True
    return line.length <= SHORT and _is_of_the_page(told, line, words)


def _is_of_the_page(told: Told, line: Line, words: list[Token]) -> bool:
    """Return whether a short line speaks of the page itself; a sentence of the text must say so at once, or twice."""
    own = phrases("furniture")
    hit = own.first(words)
    if hit is None or not (line.box.within(told.main) and reads_like_a_paragraph(line, told.source.text)):
        return hit is not None
    return hit.first == 0 or own.first(words, hit.after) is not None


def _heads_a_list(told: Told, line: Line, words: list[Token]) -> bool:
    """Return whether "read also" is all of a line, or stands before a link, a colon or a break of its own."""
    length = phrases("read_more").at(words, 0)
    if length == len(words) or line.linked * 2 > line.length:
        return True
    after = told.source.text[words[length - 1].end : words[length - 1].end + 3].lstrip()
    return line.length <= SHORT and (after[:1] in (":", "|", "»", "›", ">", "→", "-", "–") or line.linked > 0)


def _is_toolbar(words: list[Token]) -> bool:
    """Return whether a line is made of what toolbars offer and nothing else."""
    at, offered = 0, phrases("share")
    while at < len(words):
        length = offered.at(words, at)
        if not length:
            return False
        at += length
    return True


def _is_tags(words: str) -> bool:
    pieces = words.split()
    return len(pieces) > 0 and all(piece.startswith("#") for piece in pieces)


def _is_caption(line: Line, words: list[Token]) -> bool:
    """Return whether a line says itself that it is of a picture: it begins or ends as captions do."""
    if line.length > SHORT:
        return False
    if line.picture or line.faint * 10 >= line.length * 9:
        return bool(phrases("caption").at(words, 0)) or _ends(words)
    return False


def _ends(words: list[Token]) -> bool:
    ends = phrases("caption_end")
    return any(ends.at(words, at) == len(words) - at for at in range(max(0, len(words) - 4), len(words)))


def _drop_lists(told: Told) -> None:
    """Take for furniture what a heading "read also" stands over: the links and short lines of its box."""
    heading: Line | None = None
    for number, line in enumerate(told.lines):
        words = told.spoken[number]
        if (
            told.kinds[number] is BlockKind.FURNITURE
            and phrases("read_more").at(words, 0)
            and not line.linked * 2 > line.length
        ):
            heading = line if phrases("read_more").at(words, 0) == len(words) else None
        elif heading is not None and told.kinds[number] is not BlockKind.TITLE:
            if _under(heading, line):
                told.kinds[number] = BlockKind.FURNITURE
            elif reads_like_a_paragraph(line, told.source.text):
                heading = None


def _under(heading: Line, line: Line) -> bool:
    """Return whether a line stands under a heading: in the box that the heading opens, and not as a paragraph of it."""
    box = (
        heading.box
        if heading.box.parent is None or heading.box.tag not in _HEADINGS | {"p", "div", "b"}
        else heading.box.parent
    )
    return line.box.within(box) and (line.length <= SHORT and (line.linked > 0 or line.box.tag in ("li", *_HEADINGS)))


def _drop_comments(told: Told) -> None:
    """Take for furniture what stands under a heading of comments, to the end of the box that holds it."""
    under: Box | None = None
    for number, line in enumerate(told.lines):
        if under is not None and line.box.within(under) and number != told.title:
            told.kinds[number] = BlockKind.FURNITURE
        elif (
            line.length <= SHORT
            and (line.bold or line.box.tag in _HEADINGS)
            and phrases("comments").is_all(told.spoken[number])
        ):
            told.kinds[number] = BlockKind.FURNITURE
            parent = line.box.parent
            under = parent if parent is not None and not told.main.within(parent) else None


def _captions(told: Told) -> None:
    """Take for a caption the short text that shares a box with a picture and with nothing else."""
    for box, before in told.source.pictures:
        line = _beside(told, box, before)
        if line is not None and told.kinds[line] is BlockKind.BODY:
            told.kinds[line] = BlockKind.CAPTION


def _beside(told: Told, box: Box, before: int) -> int | None:
    """Return the line that belongs to a picture, if one does."""
    here: Box | None = box
    while here is not None and here.letters == 0:
        here = here.parent
    for number in (before, before - 1):
        if here is None or not 0 <= number < len(told.lines):
            continue
        line = told.lines[number]
        if line.length > SHORT or not line.box.within(here):
            continue
        alone = here.letters <= line.length + 60 and here is not told.main and here.parent is not None
        if alone and (line.box.tag != "p" or line.length < 120 or line.faint):
            return number
        if number == before and line.picture and line.faint * 10 >= line.length * 9:
            return number
    return None


def _place(told: Told) -> None:
    """Tell by where they stand the lines that nothing else tells: beside the text they are furniture."""
    scope = _scope(told)
    first = next((number for number, line in enumerate(told.lines) if _is_text(told, number, scope)), None)
    if told.title is None and first is not None:
        _title_before(told, first, scope)
    for number, line in enumerate(told.lines):
        if told.kinds[number] is BlockKind.BODY:
            told.kinds[number] = _placed(told, number, line, scope, first)


def _scope(told: Told) -> Box:
    """Return the box that holds both the title and the text; the text's own where that is the whole page."""
    if told.title is None:
        return told.main
    for box in _up(told.main):
        if told.lines[told.title].box.within(box):
            return box if box.parent is not None and box.tag not in ("body", "html") else told.main
    return told.main


def _up(box: Box) -> list[Box]:
    found = []
    here: Box | None = box
    while here is not None:
        found.append(here)
        here = here.parent
    return found


def _is_text(told: Told, number: int, scope: Box) -> bool:
    line = told.lines[number]
    in_place = line.box.within(scope) or _between(told, number)
    return told.kinds[number] is BlockKind.BODY and in_place and reads_like_a_paragraph(line, told.source.text)


def _between(told: Told, number: int) -> bool:
    """Return whether a line stands between the title and the text."""
    if told.title is None or number < told.title:
        return False
    return any(line.box.within(told.main) for line in told.lines[number : number + 40])


def _title_before(told: Told, first: int, scope: Box) -> None:
    """Find the headline of a page without one: what stands bold, or is named by the head, before the text."""
    named = " ".join(told.source.named.casefold().split())
    for number in range(first - 1, max(-1, first - 8), -1):
        line = told.lines[number]
        kicks = phrases("kicker").is_all(told.spoken[number])
        if kicks or told.kinds[number] is not BlockKind.BODY or line.length > 250 or not line.box.within(scope):
            continue
        words = told.words(line).casefold()
        if (
            line.bold * 10 >= line.length * 9
            or line.box.tag in _HEADINGS
            or (len(words) > 15 and named.startswith(words))
        ):
            told.title = number
            told.kinds[number] = BlockKind.TITLE
            return


def _placed(told: Told, number: int, line: Line, scope: Box, first: int | None) -> BlockKind:
    if first is None:
        return BlockKind.BODY if line.box.within(scope) else BlockKind.FURNITURE
    if not line.box.within(told.main) and not _between(told, number) and not _beside_text(told, line, scope):
        return BlockKind.FURNITURE
    if number < first and line.length <= SHORT:
        near = told.title is None or number >= told.title - 3
        return BlockKind.BYLINE if near else BlockKind.FURNITURE
    return BlockKind.BODY


def _beside_text(told: Told, line: Line, scope: Box) -> bool:
    """Return whether a line stands right beside the text's box, as one of its paragraphs: a correction, a last word."""
    around_it = told.main.parent
    if around_it is None or not around_it.within(scope) or line.linked:
        return False
    return line.box is around_it or line.box.parent is around_it
