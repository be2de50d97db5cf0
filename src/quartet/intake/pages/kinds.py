"""Tell what each line of a page is: a title, a part of its text, a byline, a source line, a caption or furniture.

In this order: what the markup says, what the words of the line say, then where it stands to the page's text.
"""

from typing import Final

from quartet.intake.pages.body import around, main_box, reads_like_a_paragraph, role_of_box, weigh
from quartet.intake.pages.headline import HEADINGS, headline, stands_as_one
from quartet.intake.pages.lines import Box, Line, Role, Source
from quartet.intake.pages.notes import SHORT, heads_a_list, is_a_stamp, is_caption, is_furniture, speaks_of_itself
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind

_BYLINE: Final = 100
"""Characters from which a sentence in a box for bylines is a part of the text all the same."""
_CAPTION: Final = 120
"""Characters from which a paragraph beside a picture is a part of the text all the same."""
_NEAR: Final = 40
"""How many lines may stand between the title and the text."""


class Told:
    """The lines of a page, what each is, and where its title and its text stand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines
        self.spoken = [spoken(said(source.text, line.start, line.end)) for line in source.lines]
        weigh(source, [speaks_of_itself(line, words) for line, words in zip(self.lines, self.spoken, strict=True)])
        self.main: Box = main_box(source)
        self.title = headline(source, self.spoken, self.main)
        self.kinds: list[BlockKind] = []

    def words(self, line: Line) -> str:
        """Return what stands in a line."""
        return self.source.text[line.start : line.end]

    def reads(self, line: Line) -> bool:
        """Return whether a line reads like a paragraph."""
        return reads_like_a_paragraph(line, self.source.text)


def tell(source: Source) -> Told:
    """Return the lines of a page and their kinds."""
    told = Told(source)
    told.kinds = [_by_itself(told, number) for number in range(len(told.lines))]
    _drop_lists(told)
    _drop_comments(told)
    _find_captions(told)
    _place(told)
    return told


def _by_itself(told: Told, number: int) -> BlockKind:
    """Return what a line is by its markup and its own words."""
    line, words, text = told.lines[number], told.spoken[number], told.source.text
    role = role_of_box(line.box)
    if number == told.title:
        return BlockKind.TITLE
    if role is Role.FURNITURE or line.outlet:
        return BlockKind.FURNITURE
    if role is Role.CAPTION:
        return BlockKind.CAPTION
    in_text = line.box.within(told.main) and told.reads(line)
    if words and not line.linked and is_caption(text, line, words):
        return BlockKind.CAPTION
    if not words or is_furniture(text, line, words, in_text):
        return BlockKind.FURNITURE
    dated = (line.dated or role is Role.BYLINE) and line.length <= SHORT
    if (is_a_stamp(told.words(line)) and line.box.tag != "td") or (
        dated and not (told.reads(line) and line.length > _BYLINE)
    ):
        return BlockKind.BYLINE
    return BlockKind.BODY


def _drop_lists(told: Told) -> None:
    """Take for furniture what a heading "read also" stands over: the links and short lines of its box."""
    heading: Line | None = None
    for number, line in enumerate(told.lines):
        words = told.spoken[number]
        if told.kinds[number] is BlockKind.FURNITURE and heads_a_list(told.source.text, line, words):
            heading = line if phrases("read_more").is_all(words) else None
        elif heading is not None and told.kinds[number] is not BlockKind.TITLE:
            if _is_under(heading, line):
                told.kinds[number] = BlockKind.FURNITURE
            else:
                heading = None


def _is_under(heading: Line, line: Line) -> bool:
    """Return whether a line stands under a heading, in the box that holds it, and not as a paragraph."""
    box, above = heading.box, heading.box.parent
    if above is not None and box.tag in HEADINGS | {"p", "div"}:
        box = above
    is_item = heading.box.tag in HEADINGS and line.box.tag == "li"
    return line.box.within(box) and line.length <= SHORT and (line.linked > 0 or is_item)


def _drop_comments(told: Told) -> None:
    """Take for furniture what stands under a heading of comments, to the end of the box that holds it."""
    under: Box | None = None
    for number, line in enumerate(told.lines):
        if under is not None and line.box.within(under) and number != told.title:
            told.kinds[number] = BlockKind.FURNITURE
        elif _heads_comments(told, number):
            told.kinds[number] = BlockKind.FURNITURE
            parent = line.box.parent
            under = parent if parent is not None and not told.main.within(parent) else None


def _heads_comments(told: Told, number: int) -> bool:
    line = told.lines[number]
    stands_out = line.length <= SHORT and (line.bold > 0 or line.box.tag in HEADINGS)
    return stands_out and phrases("comments").is_all(told.spoken[number])


def _find_captions(told: Told) -> None:
    """Take for a caption the short text that shares a box with a picture and with nothing else."""
    for box, before in told.source.pictures:
        number = _beside(told, box, before)
        over = told.title is not None and number is not None and number < told.title
        if number is not None and not over and told.kinds[number] is BlockKind.BODY:
            told.kinds[number] = BlockKind.CAPTION


def _beside(told: Told, picture: Box, before: int) -> int | None:
    """Return the line that belongs to a picture, if one does."""
    here = next((box for box in around(picture) if box.letters), None)
    for number in (before, before - 1):
        if here is None or not 0 <= number < len(told.lines):
            continue
        line = told.lines[number]
        if line.length > SHORT or not line.box.within(here):
            continue
        alone = here.letters <= line.length + 60 and here is not told.main and here.parent is not None
        if alone and (line.box.tag != "p" or line.length < _CAPTION or line.faint):
            return number
        if number == before and line.picture and line.faint * 10 >= line.length * 9:
            return number
    return None


def _place(told: Told) -> None:
    """Tell by where they stand the lines that nothing else tells: beside the text they are furniture."""
    scope = _scope(told)
    first = next((number for number, line in enumerate(told.lines) if _is_text(told, number, scope)), None)
    if told.title is None and first is not None:
        _find_title(told, first, scope)
    for number, line in enumerate(told.lines):
        if told.kinds[number] is BlockKind.BODY:
            told.kinds[number] = _placed(told, number, line, scope, first)


def _scope(told: Told) -> Box:
    """Return the box that holds both the title and the text; the text's own where that is the whole page."""
    if told.title is None:
        return told.main
    for box in around(told.main):
        if told.lines[told.title].box.within(box):
            return told.main if box.parent is None or box.tag in ("body", "html") else box
    return told.main


def _is_text(told: Told, number: int, scope: Box) -> bool:
    line = told.lines[number]
    in_place = line.box.within(scope) or _is_between(told, number)
    return told.kinds[number] is BlockKind.BODY and in_place and told.reads(line)


def _is_between(told: Told, number: int) -> bool:
    """Return whether a line stands between the title and the text."""
    if told.title is None or number < told.title:
        return False
    return any(line.box.within(told.main) for line in told.lines[number : number + _NEAR])


def _find_title(told: Told, first: int, scope: Box) -> None:
    """Find the headline of a page whose tags name none: the last line before the text that stands as one."""
    for number in range(first - 1, max(-1, first - 8), -1):
        line = told.lines[number]
        free = told.kinds[number] is BlockKind.BODY and line.box.within(scope)
        if free and stands_as_one(told.source, number, told.spoken[number]):
            told.title = number
            told.kinds[number] = BlockKind.TITLE
            return


def _placed(told: Told, number: int, line: Line, scope: Box, first: int | None) -> BlockKind:
    if first is None:
        return BlockKind.BODY if line.box.within(scope) else BlockKind.FURNITURE
    if not line.box.within(told.main) and not _is_between(told, number) and not _is_beside(told, line, scope):
        return BlockKind.FURNITURE
    if number >= first or line.length > SHORT or _is_a_short_sentence(told, number):
        return BlockKind.BODY
    if told.title is not None and number > told.title and line.box.tag in HEADINGS:
        return BlockKind.TITLE
    return BlockKind.BYLINE if told.title is None or number >= told.title - 3 else BlockKind.FURNITURE


def _is_a_short_sentence(told: Told, number: int) -> bool:
    """Return whether a short line right over the text is its first sentence and no byline."""
    words = told.words(told.lines[number])
    after_title = told.title is not None and number > told.title
    says_who = any(phrases(name).at(told.spoken[number], 0) for name in ("by", "published", "updated"))
    ends = words.endswith((".", "!", "?", "؟")) and len(words.split()) > 2
    return after_title and ends and not says_who and not any(letter.isdigit() for letter in words)


def _is_beside(told: Told, line: Line, scope: Box) -> bool:
    """Return whether a line stands right beside the text's box, as one of its paragraphs: a correction, a last word."""
    around_it = told.main.parent
    if around_it is None or not around_it.within(scope) or line.linked:
        return False
    return line.box is around_it or line.box.parent is around_it
