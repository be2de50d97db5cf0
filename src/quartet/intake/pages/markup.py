"""Read HTML into its visible text and its lines; nothing is run, nothing is fetched, no entity of its own is expanded.

One tag comes after the other and no tree is built, so that depth and number of tags cost no more than their length.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from quartet.intake.pages.hosts import host, publisher
from quartet.intake.pages.lines import Box, Line, Role, Source, Writer
from quartet.intake.pages.plain import goes_on
from quartet.intake.pages.roles import role_of
from quartet.intake.pages.tags import Cut, tags

MAX_OPEN: Final = 1_000
"""How many tags are told apart that are open; of the others it is counted how many there are."""
MAX_DEPTH: Final = 150
"""How deep boxes are told apart; what stands deeper stands in the last of them."""
MAX_BOXES: Final = 200_000
_UNSEEN: Final = frozenset({"head", "script", "style", "noscript", "template", "svg", "textarea"})
_INLINE: Final = frozenset({*("a", "abbr", "b", "em", "font", "i", "q", "small", "span", "strong", "sub", "sup", "u")})
"""Tags that do not even part two words."""
_PARTING: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col", "colgroup", "dd"),
        *(
            "details",
            "dialog",
            "dir",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "frameset",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "listing"),
        *("main", "marquee", "menu", "nav", "noframes", "object", "ol", "optgroup", "option", "p", "plaintext", "pre"),
        *(
            "search",
            "section",
            "select",
            "summary",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "title",
            "tr",
            "ul",
        ),
        *("video", "audio", "xmp", "frame"),
    }
)
"""Tags that part two lines, as those with a hyphen do, which pages make up; all the others part two words at most."""
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
_LOOK_BACK: Final = 40
"""How many open tags back a tag is looked for that another one ends."""
_IN_HEAD: Final = frozenset({"head", "title", "meta", "link", "base", "script", "style", "noscript", "template"})
_KEEPS_P: Final = frozenset({"button", "table", "td", "th", "caption", "object", "marquee", "html", "body"})
_LISTS: Final = frozenset({"ul", "ol", "menu", "dl", "table"})
_TABLE: Final = frozenset({"table"})
_CELLS: Final = (("td", _TABLE), ("th", _TABLE))
_ROWS: Final = (*_CELLS, ("tr", _TABLE))
_ENDS: Final = {
    "li": (("li", _LISTS),),
    "dt": (("dt", _LISTS), ("dd", _LISTS)),
    "dd": (("dt", _LISTS), ("dd", _LISTS)),
    "td": _CELLS,
    "th": _CELLS,
    "tr": _ROWS,
    **dict.fromkeys(("tbody", "thead", "tfoot"), (*_ROWS, ("tbody", _TABLE), ("thead", _TABLE), ("tfoot", _TABLE))),
    "option": (("option", frozenset({"select"})),),
    "body": (("head", frozenset[str]()),),
}
"""Which tags a tag ends that opens, unless one that keeps them open stands between."""
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
    for piece in tags(text):
        if isinstance(piece, str):
            reader.data(piece)
        elif isinstance(piece, Cut):
            reader.cut()
        elif piece.opens:
            reader.start(piece.name, piece.given)
        else:
            reader.end(piece.name)
        if reader.full:
            break
    return reader.close()


class _Reader:
    """Takes the tags and the characters one after the other."""

    def __init__(self) -> None:
        root = Box(None, "html")
        self._writer = Writer(root)
        self._stack = [_Frame("", root, False, False, False, False, False, False, False)]
        self._open = Counter[str]()
        self._lost = Counter[str]()
        """Tags that are open beyond those that are told apart."""
        self._boxes = 1

    @property
    def full(self) -> bool:
        """Whether no more is read."""
        return self._writer.full

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """A tag opens, and with it end those that cannot go on."""
        self._head(tag, given)
        self._imply(tag)
        self._apart(tag, opens=True)
        if tag in _VOID:
            if tag in _PICTURES and not self._stack[-1].unseen:
                self._writer.picture(self._stack[-1].box)
                self._logo(tag, given)
        elif len(self._stack) >= MAX_OPEN:
            self._lost[tag] += 1
        else:
            self._open[tag] += 1
            self._stack.append(self._frame(tag, given))

    def end(self, tag: str) -> None:
        """A tag closes, and with it those that it holds; one that none opened only parts two words."""
        self._apart(tag, opens=False)
        if self._lost[tag]:
            self._lost[tag] -= 1
        elif self._open[tag] and tag in _INLINE:
            self._end_inline(tag)
        elif self._open[tag]:
            while self._pop() != tag:
                pass

    def _end_inline(self, tag: str) -> None:
        """End the nearest of a kind of tag that a box does not part from here."""
        for at in range(len(self._stack) - 1, 0, -1):
            frame = self._stack[at]
            if frame.tag == tag:
                while len(self._stack) > at:
                    self._pop()
                return
            if not _flows(frame.tag):
                return

    def _pop(self) -> str:
        frame = self._stack.pop()
        self._open[frame.tag] -= 1
        return frame.tag

    def _imply(self, tag: str) -> None:
        """End what a tag ends that opens: the head, a paragraph, the item or the cell before it."""
        if self._open["head"] and tag not in _IN_HEAD:
            self.end("head")
        if self._open["p"] and not _flows(tag):
            self._end_within("p", _KEEPS_P)
        for ended, within in _ENDS.get(tag, ()):
            if self._open[ended]:
                self._end_within(ended, within)

    def _end_within(self, tag: str, within: frozenset[str]) -> None:
        """End the nearest of a kind of tag, if none of those that keep it open stands nearer."""
        for frame in reversed(self._stack[-_LOOK_BACK:]):
            if frame.tag == tag:
                self.end(tag)
                return
            if frame.tag in within:
                return

    def data(self, words: str) -> None:
        """Some characters follow."""
        frame = self._stack[-1]
        if frame.unseen:
            if frame.tag == "title" and len(self._writer.source.named) < 500:
                self._writer.source.named += words[:500]
            elif frame.tag == "script" and not self._writer.source.site:
                self._writer.source.site = publisher(words)
            return
        for piece in self._typed(words) if frame.kept and "\n" in words else (words,):
            line = self._writer.write(piece, frame.box)
            if line is not None:
                _note(line, frame, len(piece))

    def cut(self) -> None:
        """There is more than is read."""
        self._writer.cut()

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

    def close(self) -> Source:
        """The page ends."""
        return self._writer.done()

    def _head(self, tag: str, given: Mapping[str, str]) -> None:
        source = self._writer.source
        if tag == "html":
            source.language = (given.get("lang") or given.get("xml:lang") or "")[:16]
        elif tag == "meta" and (given.get("property") or given.get("name") or "").lower() in _SITE:
            source.site = (given.get("content") or "")[:200].strip()
        elif tag == "meta" and (given.get("property") or "").lower() == "og:url":
            source.host = source.host or host(given.get("content", ""))
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            source.host = source.host or host(given.get("href", ""))

    def _logo(self, tag: str, given: Mapping[str, str]) -> None:
        """Keep what stands for a picture that is the outlet's: it leads to the first page, or a class says so."""
        frame, logos = self._stack[-1], self._writer.source.logos
        own = (
            frame.home
            or frame.outlet
            or frame.box.role is Role.OUTLET
            or role_of(tag, _words(given), "") is Role.OUTLET
        )
        called = given.get("alt", "")[:_LONGEST_ALT].strip()
        if called and len(logos) < _MAX_LOGOS and (own or not self._writer.source.lines):
            logos.append(called)

    def _apart(self, tag: str, opens: bool) -> None:
        if tag in _INLINE:
            return
        self._writer.space()
        if tag == "br":
            if opens:
                self._writer.break_line()
        elif not _flows(tag):
            self._writer.part()

    def _frame(self, tag: str, given: Mapping[str, str]) -> _Frame:
        above = self._stack[-1]
        words = _words(given)
        role = role_of(tag, words, given.get("role", ""))
        flows = _flows(tag) or above.box.depth >= MAX_DEPTH or self._boxes >= MAX_BOXES
        box = above.box if flows else self._box(tag, words, role, given)
        if tag in _PICTURES and not above.unseen:
            self._writer.picture(box)
        return _Frame(
            tag,
            box,
            linked=above.linked or tag in ("a", "button", "option"),
            faint=above.faint or tag in _FAINT or _size(given, 0) in (1, 2) or role is Role.CAPTION,
            bold=above.bold or tag in _BOLD or _size(given, 0) >= 4,
            dated=above.dated or tag == "time" or (flows and role is Role.BYLINE),
            outlet=above.outlet or (flows and role is Role.OUTLET),
            home=above.home or (tag == "a" and given.get("href", "") in _FIRST_PAGE),
            unseen=above.unseen or tag in _UNSEEN or (tag == "title" and self._open["head"] > 0),
            kept=above.kept or tag in ("pre", "listing", "xmp", "plaintext"),
        )

    def _box(self, tag: str, words: frozenset[str], role: Role, given: Mapping[str, str]) -> Box:
        above = self._stack[-1].box
        self._boxes += 1
        above.children += 1
        hidden = above.hidden or "hidden" in given or _NO_SHOW.search(given.get("style", "")[:400]) is not None
        return Box(above, tag, words, Role.FURNITURE if hidden else role, above.depth + 1, hidden=hidden)


_MAX_LOGOS: Final = 8
_LONGEST_ALT: Final = 120
_SITE: Final = frozenset({"og:site_name", "application-name"})
_FIRST_PAGE: Final = frozenset({"/", "./", "index.html", "index.htm", "/index.html", "/index.php"})


def _flows(tag: str) -> bool:
    return tag not in _PARTING and ("-" not in tag or tag in _PICTURES)


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
