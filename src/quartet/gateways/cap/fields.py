"""The fields of a CAP document: one element's text, as it may be signed, and cut to what is taken of it."""

import unicodedata
from typing import Final, TypeVar

from quartet.core.faults import Malformed
from quartet.gateways.cap.words import SPACE, plain
from quartet.gateways.cap.xml import SEPARATOR, Element

CUT: Final = " […]"
W = TypeVar("W", bound=str)


def word(parent: Element, name: str, known: tuple[W, ...]) -> W:
    """Return the text of an element that is one of the words CAP knows; raise `Malformed("bad-cap")`."""
    text = text_of(parent, name)
    found = next((one for one in known if one == text), None)
    if found is None:
        raise Malformed("bad-cap", f"{name}: {text[:40]!r} is none of {', '.join(known)}")
    return found


def required(parent: Element, name: str) -> str:
    """Return the text of an element that must be there and say something; raise `Malformed("bad-cap")`."""
    text = text_of(parent, name)
    if not text:
        raise Malformed("bad-cap", f"{name} is empty")
    return text


def text_of(parent: Element, name: str, missing: str | None = None) -> str:
    """Return the text of the one element of a name; raise where there is none and one must be, or more than one.

    CAP lets some stand more than once; of those the first is read.
    """
    found = parent.all(cap_name(name))
    if not found:
        if missing is None:
            raise Malformed("bad-cap", f"{name} is missing")
        return missing
    return own_text(found[0])


def own_text(element: Element) -> str:
    """Return the text of an element itself, in the form in which text is signed."""
    return unicodedata.normalize("NFC", plain("".join(element.text))).strip()


def cut(text: str, characters: int, size: int) -> str:
    """Return text of so many characters and bytes at most; what was cut says so."""
    if len(text) <= characters and len(text.encode()) <= size:
        return text
    kept = text[: characters - len(CUT)]
    while len(kept.encode()) > size - len(CUT.encode()):
        kept = kept[:-1]
    return unicodedata.normalize("NFC", kept + CUT)


def cap_name(name: str) -> str:
    """Return how an element of CAP is called with its namespace."""
    return f"{SPACE}{SEPARATOR}{name}"
