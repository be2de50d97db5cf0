"""Tell by its own words that a line is no text: what pages say of themselves, toolbars, teasers' headings, captions."""

import re
from typing import Final

from quartet.intake.dates.spelling import Token
from quartet.intake.pages.lines import Line
from quartet.intake.pages.words import phrases

SHORT: Final = 160
"""Characters up to which a line may be a byline, a caption or a note of the page about itself."""
_NOTE: Final = 300
_NOTICE: Final = 900
"""Characters of a notice that speaks of the page itself."""
_STAMP: Final = 40
_BETWEEN: Final = re.compile(r"\d[:./-]\d|\d{4}")
_ITEM: Final = 4
_LINE: Final = 7
"""Tenths of a list's item, and of any other line, that are links where it is a list of links."""


def speaks_of_itself(line: Line, words: list[Token]) -> bool:
    """Return whether a line speaks of the page: of cookies, rights or subscriptions, and more than once."""
    own = phrases("furniture")
    hit = own.first(words)
    return hit is not None and line.length <= _NOTICE and own.first(words, hit.after) is not None


def is_furniture(text: str, line: Line, words: list[Token], in_text: bool) -> bool:
    """Return whether a line is furniture by its words and links; `in_text` says that it reads like one of the text."""
    most = _ITEM if line.box.tag == "li" and not line.tells else _LINE
    if line.linked * 10 > line.length * most and line.length <= _NOTE:
        return True
    if speaks_of_itself(line, words) or heads_a_list(text, line, words) or phrases("end_mark").is_all(words):
        return True
    if line.length > SHORT:
        return False
    said = text[line.start : line.end]
    return _is_toolbar(words) or _is_tags(said) or _is_of_rights(said, words) or _is_of_the_page(words, in_text)


def heads_a_list(text: str, line: Line, words: list[Token]) -> bool:
    """Return whether "read also" is all of a line, or stands before a link, a colon or a sign of its own."""
    length = phrases("read_more").at(words, 0)
    if not length:
        return False
    if length == len(words) or line.linked * 2 > line.length:
        return True
    return line.length <= SHORT and (line.linked > 0 or _after(text, words[length - 1]) in _COLONS)


_COLONS: Final = frozenset(":|»›>→-–")


def _after(text: str, token: Token) -> str:
    """Return the sign that follows a word, if one does."""
    return text[token.end : token.end + 2].strip()[:1]


def _is_toolbar(words: list[Token]) -> bool:
    """Return whether a line is made of what toolbars offer and nothing else."""
    at, offered = 0, phrases("share")
    while at < len(words):
        length = offered.at(words, at)
        if not length:
            return False
        at += length
    return True


def _is_tags(said: str) -> bool:
    return all(piece.startswith("#") for piece in said.split())


def _is_of_rights(said: str, words: list[Token]) -> bool:
    return said.startswith(("©", "(c)", "(C)")) or phrases("rights").at(words, 0) > 0


def _is_of_the_page(words: list[Token], in_text: bool) -> bool:
    """Return whether a short line speaks of the page itself; a sentence of the text must say so at once."""
    hit = phrases("furniture").first(words)
    return hit is not None and (hit.first == 0 or not in_text)


def is_a_stamp(said: str) -> bool:
    """Return whether a line is a day or a time and little else: numbers with signs between, and few letters."""
    letters = sum(letter.isalpha() for letter in said)
    return len(said) <= _STAMP and 2 * letters <= len(said) and _BETWEEN.search(said) is not None


def is_caption(text: str, line: Line, words: list[Token]) -> bool:
    """Return whether a line says itself that it is of a picture: it begins or ends as captions do."""
    if line.length > SHORT:
        return False
    for name in ("caption", "credit"):
        length = phrases(name).at(words, 0)
        if 0 < length < len(words) and _after(text, words[length - 1]) == ":":
            return True
    if line.picture or line.faint * 10 >= line.length * 9:
        return bool(phrases("caption").at(words, 0)) or _ends(words)
    return False


def _ends(words: list[Token]) -> bool:
    ends = phrases("caption_end")
    return any(ends.at(words, at) == len(words) - at for at in range(max(0, len(words) - 4), len(words)))
