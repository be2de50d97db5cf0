"""Read XML of strangers: no document type, no entity, and nothing deeper, longer or more than the limits say.

What a parser does with an entity cannot go wrong where no document may declare one.
"""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from quartet.core.faults import Malformed

MAX_CAP: Final = 96 * 1024
"""In base64 it is as long as a text may be: the original is kept beside what is made of it."""
MAX_DEPTH: Final = 16
MAX_ELEMENTS: Final = 4_096
SEPARATOR: Final = " "


@dataclass(slots=True)
class Element:
    """An element: its namespace and name with a space between, its own text, and those inside it."""

    name: str
    text: list[str] = field(default_factory=list)
    inside: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        """Return those inside that have a name, in order."""
        return [one for one in self.inside if one.name == name]


def read_xml(data: bytes) -> Element:
    """Return the root of a document, or raise `Malformed("too-large")` or `("bad-xml")`; nothing else escapes."""
    if len(data) > MAX_CAP:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_CAP} may be")
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    parser.StartElementHandler = reading.begins
    parser.EndElementHandler = reading.ends
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(data, True)
    except Malformed:
        raise
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
        TypeError,
    ) as error:  # an encoding that is none, or is many bytes
        raise Malformed("bad-xml", f"{type(error).__name__}: {error}"[:200]) from error
    if reading.root is None:
        raise Malformed("bad-xml", "there is no element")
    return reading.root


class _Reading:
    """The document as far as it was read."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def begins(self, name: str, _: object) -> None:
        """Open an element."""
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise Malformed("bad-xml", f"more than {MAX_ELEMENTS} elements, or deeper than {MAX_DEPTH}")
        made = Element(name)
        if self._open:
            self._open[-1].inside.append(made)
        else:
            self.root = made
        self._open.append(made)

    def ends(self, _: str) -> None:
        """Close an element."""
        self._open.pop()

    def text(self, data: str) -> None:
        """Take text of the element that is open."""
        self._open[-1].text.append(data)


def _refused(*_: object) -> None:
    raise Malformed("bad-xml", "a document type or an entity is declared: none is needed, and none is read")
