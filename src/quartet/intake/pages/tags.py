"""Cut HTML into tags and characters, as browsers do; each character is looked at a fixed number of times.

What is open at the end of the text is no tag. Nothing is kept of an attribute that nobody asks for.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final, NamedTuple

MAX_TAGS: Final = 1_000_000
"""Tags that are read; the text is cut where the next one begins."""
KEPT: Final = frozenset(
    {
        *("id", "class", "itemprop", "role", "lang", "xml:lang", "href", "style", "size", "hidden", "property", "name"),
        *("content", "alt", "rel"),
    }
)
"""The attributes that are told of; the first of a name counts."""
_LONGEST: Final = 400
"""Characters of an attribute that are kept."""
_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE: Final = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*)?)?")
_CLOSE: Final = re.compile(r"[\s/]*>")
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
"""Elements in which nothing is a tag but their own end."""
_NOTHING: Final[Mapping[str, str]] = {}


class Tag(NamedTuple):
    """A tag that opens, or closes, with the attributes that are kept."""

    name: str
    opens: bool
    given: Mapping[str, str] = _NOTHING


class Cut(NamedTuple):
    """The end of what is read, where there is more."""


def tags(text: str) -> Iterator[Tag | str | Cut]:
    """Yield the tags of a page and the characters between them, in order."""
    at, read = 0, 0
    while at < len(text):
        found = text.find("<", at)
        if found != at:
            end = found if found >= 0 else len(text)
            yield unescape(text[at:end])
            at = end
            continue
        end, tag = _tag(text, at)
        if end == at:
            yield "<"
            at += 1
            continue
        if tag is not None:
            read += 1
            if read > MAX_TAGS:
                yield Cut()
                return
            yield tag
            if tag.opens and tag.name in _RAW:
                closing = _RAW[tag.name].search(text, end)
                until = closing.start() if closing is not None else len(text)
                yield unescape(text[end:until]) if tag.name in ("textarea", "title") else text[end:until]
                end = until
        at = end


def _tag(text: str, at: int) -> tuple[int, Tag | None]:
    """Return where what an angle bracket begins ends, and the tag that it is; `at` where it is a mere character."""
    following = text[at + 1 : at + 2]
    if following.isascii() and following.isalpha():
        return _opening(text, at)
    if following == "/" and text[at + 2 : at + 3].isalpha():
        name = _NAME.match(text, at + 2)
        return _after(text, ">", at + 2), Tag(name.group()[:40].lower(), False) if name is not None else None
    if text.startswith("<!--", at):
        short = text.startswith((">", "->"), at + 4)
        return (_after(text, ">", at + 4) if short else _after(text, "-->", at + 4)), None
    return (_after(text, ">", at + 1), None) if following in ("!", "?", "/") and following else (at, None)


def _after(text: str, sign: str, start: int) -> int:
    found = text.find(sign, start)
    return found + len(sign) if found >= 0 else len(text)


def _opening(text: str, at: int) -> tuple[int, Tag | None]:
    name = _NAME.match(text, at + 1)
    end = at + 1 if name is None else name.end()
    given: dict[str, str] = {}
    while (close := _CLOSE.match(text, end)) is None:
        attribute = _ATTRIBUTE.match(text, end)
        if attribute is None:
            return len(text), None
        called = attribute.group(1)
        if len(called) <= 10 and (called := called.lower()) in KEPT and called not in given:
            given[called] = unescape((attribute.group(2) or "")[: _LONGEST + 2].strip("\"'"))
        end = attribute.end()
    return close.end(), Tag(name.group()[:40].lower() if name is not None else "", True, given)
