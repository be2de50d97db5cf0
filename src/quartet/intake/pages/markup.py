"""Read HTML into its visible text and its lines; nothing is run, nothing is fetched, no entity is expanded.

The parser hands over one tag after the other and builds no tree, so that neither depth nor number of tags costs more than
their length.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from lxml import etree

from quartet.intake.pages.lines import Box, Line, Role, Source, Writer
from quartet.intake.pages.plain import goes_on
from quartet.intake.pages.roles import role_of

MAX_DEPTH: Final = 150
"""How deep boxes are told apart; what stands deeper stands in the last of them."""
MAX_BOXES: Final = 200_000
_UNSEEN: Final = frozenset({"head", "script", "style", "noscript", "template", "svg", "textarea"})
_INLINE: Final = frozenset({*("a", "abbr", "b", "em", "font", "i", "q", "small", "span", "strong", "sub", "sup", "u")})
"""Tags that do not even part two words."""
_FLOWING: Final = frozenset(
    {
        *("time", "cite", "mark", "label", "code", "var", "kbd", "s", "del", "ins", "data", "bdi", "bdo", "dfn", "wbr"),
        *("img", "input", "picture", "source", "samp", "strike", "tt", "big", "acronym", "ruby", "rb", "rt", "rp"),
        *(
            "amp-img",
            "path",
            "meta",
            "link",
            "noscript",
            "script",
            "style",
            "template",
            "svg",
            "textarea",
            "map",
            "area",
        ),
    }
)
"""Tags that part two words and no line."""
_VOID: Final = frozenset(
    {
        *("area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "isindex", "link", "meta"),
        *("param", "source", "track", "wbr"),
    }
)
_PICTURES: Final = frozenset({"img", "picture", "video", "amp-img", "figure", "embed", "object", "iframe"})
_BOLD: Final = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "big", "th", "dt"})
_FAINT: Final = frozenset({"small", "em", "i", "cite", "figcaption"})
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_MAX_WORDS: Final = 24
_NO_SHOW: Final = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)


class _Frame(NamedTuple):
    tag: str
    box: Box
    linked: bool
    faint: bool
    bold: bool
    dated: bool
    outlet: bool
    home: bool
    unseen: bool
    kept: bool = False
    """Whether its lines are as they were typed."""


def markup(text: str) -> Source:
    """Return what a page of HTML shows; any text gives a source."""
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, no_network=True, huge_tree=True, encoding="utf-8", remove_pis=True)
    try:
        etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:  # nothing but what a page never shows: no tag, no letter
        pass
    return reader.close()


class _Reader:
    """Takes the tags and the characters as the parser finds them."""

    def __init__(self) -> None:
        root = Box(None, "html")
        self._writer = Writer(root)
        self._stack = [_Frame("html", root, False, False, False, False, False, False, False)]
        self._boxes = 1
        self._lost = 0
        """How many tags are open beyond those that are told apart."""
        self._in_title = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """A tag opens."""
        if self._writer.full:
            return
        tag = tag if len(tag) < 40 else "div"
        self._head(tag, given)
        self._apart(tag, opens=True)
        if tag in _VOID:
            if tag in _PICTURES and not self._stack[-1].unseen:
                self._writer.picture(self._stack[-1].box)
            return
        if len(self._stack) >= MAX_DEPTH or self._boxes >= MAX_BOXES:
            self._lost += 1
            return
        self._stack.append(self._frame(tag, given))

    def end(self, tag: str) -> None:
        """A tag closes."""
        if self._writer.full or tag in _VOID:
            return
        if self._lost:
            self._lost -= 1
        elif len(self._stack) > 1:
            self._stack.pop()
        self._in_title = False
        self._apart(tag, opens=False)

    def data(self, words: str) -> None:
        """Some characters follow."""
        frame = self._stack[-1]
        if frame.unseen or self._writer.full:
            if self._in_title and len(self._writer.source.named) < 500:
                self._writer.source.named += words[:500]
            return
        for piece in self._typed(words) if frame.kept and "\n" in words else (words,):
            line = self._writer.write(piece, frame.box)
            if line is not None:
                _note(line, frame, len(piece))

    def _typed(self, words: str) -> Iterator[str]:
        """Yield the lines of a text that stands as it was typed, and end each one that was not only wrapped."""
        before = ""
        for line in words.split("\n"):
            if not line.strip():
                self._writer.part()
            elif before and not goes_on(before, line.strip()):
                self._writer.break_line()
            self._writer.space()
            yield line
            before = line.strip()

    def comment(self, words: str) -> None:
        """A comment shows nothing."""

    def close(self) -> Source:
        """The page ends."""
        return self._writer.done()

    def _head(self, tag: str, given: Mapping[str, str]) -> None:
        source = self._writer.source
        if tag == "title" and not source.named and self._stack[-1].unseen:
            self._in_title = True
        elif tag == "html":
            source.language = (given.get("lang") or given.get("xml:lang") or "")[:16]
        elif tag == "meta" and (given.get("property") or given.get("name") or "").lower() in _SITE:
            source.site = (given.get("content") or "")[:200].strip()

    def _apart(self, tag: str, opens: bool) -> None:
        if tag in _INLINE:
            return
        self._writer.space()
        if tag == "br":
            if opens:
                self._writer.break_line()
        elif tag not in _FLOWING:
            self._writer.part()

    def _frame(self, tag: str, given: Mapping[str, str]) -> _Frame:
        above = self._stack[-1]
        words = _words(given)
        role = role_of(tag, words, given.get("role", ""))
        box = above.box if tag in _INLINE or tag in _FLOWING else self._box(tag, words, role, given)
        if tag in _PICTURES and not above.unseen:
            self._writer.picture(box)
        flows = box is above.box
        return _Frame(
            tag,
            box,
            linked=above.linked or tag in ("a", "button", "option"),
            faint=above.faint or tag in _FAINT or _size(given, 0) in (1, 2) or role is Role.CAPTION,
            bold=above.bold or tag in _BOLD or _size(given, 0) >= 4,
            dated=above.dated or tag == "time" or (flows and role is Role.BYLINE),
            outlet=above.outlet or (flows and role is Role.OUTLET),
            home=above.home or (tag == "a" and given.get("href", "") in _FIRST_PAGE),
            unseen=above.unseen or tag in _UNSEEN,
            kept=above.kept or tag in ("pre", "listing", "xmp", "plaintext"),
        )

    def _box(self, tag: str, words: frozenset[str], role: Role, given: Mapping[str, str]) -> Box:
        above = self._stack[-1].box
        self._boxes += 1
        above.children += 1
        hidden = above.hidden or "hidden" in given or _NO_SHOW.search(given.get("style", "")[:400]) is not None
        return Box(above, tag, words, Role.FURNITURE if hidden else role, above.depth + 1, hidden=hidden)


_SITE: Final = frozenset({"og:site_name", "application-name"})
_FIRST_PAGE: Final = frozenset({"/", "./", "index.html", "index.htm", "/index.html", "/index.php"})


def _note(line: Line, frame: _Frame, length: int) -> None:
    line.linked += length * frame.linked
    line.faint += length * frame.faint
    line.bold += length * frame.bold
    line.dated = line.dated or frame.dated
    line.outlet = line.outlet or frame.outlet
    line.home = line.home or frame.home


def _words(given: Mapping[str, str]) -> frozenset[str]:
    """Return the words of what a tag is called, in small letters."""
    called = " ".join(given[name][:200] for name in ("id", "class", "itemprop") if name in given)
    return frozenset(word.lower() for word in _WORD.findall(called)[:_MAX_WORDS])


def _size(given: Mapping[str, str], otherwise: int) -> int:
    size = given.get("size", "")[:2]
    return int(size) if size.isascii() and size.isdigit() else otherwise
