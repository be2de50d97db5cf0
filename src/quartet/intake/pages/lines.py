"""What a page is read into before its blocks are told apart: its text, its lines, and the boxes that they stand in."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

MAX_TEXT: Final = 400_000
"""Characters of text that are read; a longer text is cut there, and says so."""
MAX_LINES: Final = 20_000
"""Lines that are told apart; the text is cut where the next one would begin."""


class Role(IntEnum):
    """What the markup says of a box, by its tag or by the words of its class."""

    NONE = 0
    FURNITURE = 1
    CAPTION = 2
    BYLINE = 3
    OUTLET = 4


@dataclass(slots=True, eq=False)
class Box:
    """An element of a page that begins a line of its own, and what stands in it and in all that it holds."""

    parent: "Box | None"
    tag: str
    words: frozenset[str] = frozenset()
    role: Role = Role.NONE
    depth: int = 0
    letters: int = 0
    """Characters of its lines."""
    told: int = 0
    """Characters of its lines that read like paragraphs."""
    told_before: int = 0
    """Those among them that stand before a line that is looked at."""
    children: int = 0
    hidden: bool = False

    def within(self, other: "Box") -> bool:
        """Return whether it is the other box or stands in it."""
        box: Box | None = self
        while box is not None and box.depth > other.depth:
            box = box.parent
        return box is other


@dataclass(slots=True, eq=False)
class Line:
    """A run of text that nothing parts: its place, the box it stands in, and how much of it is what."""

    box: Box
    start: int
    end: int
    linked: int = 0
    faint: int = 0
    bold: int = 0
    dated: bool = False
    """Whether the markup calls a part of it a time."""
    outlet: bool = False
    home: bool = False
    """Whether it is a link to the first page."""
    breaks: int = 0
    """How many line breaks, and no box, part it from the line before."""
    picture: bool = False
    """Whether a picture stands between it and the line before."""
    tells: bool = False
    """Whether it reads like a paragraph and does not speak of the page itself."""

    @property
    def length(self) -> int:
        """Its characters."""
        return self.end - self.start


@dataclass(slots=True, eq=False)
class Source:
    """A page as its markup shows it."""

    root: Box
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    named: str = ""
    """What its head calls it."""
    site: str = ""
    """What its head calls its outlet."""
    logos: list[str] = field(default_factory=list)
    """What stands for the pictures that lead to the first page, or that its markup calls a logo."""
    host: str = ""
    """The name of the machine that it says it comes from."""
    language: str = ""
    pictures: list[tuple[Box, int]] = field(default_factory=list)
    """Each picture's box, and how many lines begin before it."""
    cut_at: int | None = None
    plain: bool = False
    """Whether it has no markup at all."""


class Writer:
    """Writes the text, with every run of white space as one space, and its lines."""

    def __init__(self, root: Box) -> None:
        self.source = Source(root)
        self._parts: list[str] = []
        self._at = 0
        self._space = False
        self._line: Line | None = None
        self._breaks = 0
        self._picture = False

    @property
    def full(self) -> bool:
        """Whether no more is read."""
        return self.source.cut_at is not None

    def space(self) -> None:
        """Part two words."""
        self._space = True

    def part(self) -> None:
        """End the line: another box begins or ends."""
        self._end()
        self._breaks = 0

    def break_line(self) -> None:
        """End the line within its box."""
        self._end()
        self._breaks += 1

    def picture(self, box: Box) -> None:
        """Note that a picture stands here."""
        self._picture = True
        if len(self.source.pictures) < MAX_LINES:
            self.source.pictures.append((box, len(self.source.lines) + (self._line is not None)))

    def write(self, words: str, box: Box) -> Line | None:
        """Write some characters, and return the line that they stand in, if they are more than white space."""
        if self.full:
            return None
        clean = " ".join(words.split())
        if not clean:
            self._space = self._space or bool(words)
            return None
        if self._at + 2 > MAX_TEXT or (self._line is None and len(self.source.lines) >= MAX_LINES):
            self.source.cut_at = self._at
            return None
        self._gap(words)
        clean = self._bounded(clean)
        line = self._line or self._begin(box)
        self._parts.append(clean)
        self._at += len(clean)
        line.end = self._at
        return line

    def _gap(self, words: str) -> None:
        if self._at and (self._space or words[:1].isspace()):
            self._parts.append(" ")
            self._at += 1
        self._space = words[-1:].isspace()

    def _bounded(self, clean: str) -> str:
        room = MAX_TEXT - self._at
        if len(clean) > room:
            clean = clean[:room].rstrip()
            self.source.cut_at = self._at + len(clean)
        return clean

    def _begin(self, box: Box) -> Line:
        self._line = Line(box, self._at, self._at, breaks=self._breaks, picture=self._picture)
        self.source.lines.append(self._line)
        self._breaks, self._picture = 0, False
        return self._line

    def _end(self) -> None:
        self._line, self._space = None, True

    def cut(self) -> None:
        """Read no more: there is more of the page than is read."""
        self.source.cut_at = self._at

    def done(self) -> Source:
        """Return what was read."""
        self.source.text = "".join(self._parts)
        return self.source
