"""Read a CAP 1.2 alert as what it claims; what does not fit is `Malformed`, and nothing else escapes.

Labels, scopes and addresses that it names are claims: who may have it is said by the door's settings alone. Words that
are too long are cut and say so, and an outline that crosses itself is left out: the original is kept beside it.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeVar, get_args

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.action import HOUR
from quartet.desk.area import MAX_AREAS, Area, Circle, Point, flaw
from quartet.desk.warning import (
    LANGUAGES,
    MAX_WINDOW,
    MAX_WORDS,
    Category,
    Certainty,
    Info,
    Response,
    Severity,
    Source,
    Urgency,
)
from quartet.gateways.cap.words import SPACE, plain, read_circle, read_polygon, read_time
from quartet.gateways.cap.xml import SEPARATOR, Element, read_xml
from quartet.node.desk.came import Came, Content, Reference

MAX_INFO: Final = 32
MAX_ID: Final = 200
MAX_REFERENCES: Final = 1_024
MAX_NOTE: Final = 300
HOLDS: Final = 24 * HOUR
"""How long an alert holds that does not say until when."""
CUT: Final = " […]"

MessageType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
Scope = Literal["Public", "Restricted", "Private"]
W = TypeVar("W", bound=str)


class Read(Value, frozen=True):
    """An alert as it was read: what it says of itself, and the warning that it is, if it is one."""

    identifier: str
    sender: str
    sent: Micros
    status: Status
    type: MessageType
    references: tuple[Reference, ...]
    came: Came | None

    @property
    def reference(self) -> str:
        """Return how CAP refers to it, but for the time."""
        return f"{self.sender},{self.identifier}"


def read_cap(data: bytes, door: str, now: Micros) -> Read:
    """Return what the bytes of a CAP alert say, or raise `Malformed`; nothing else escapes."""
    root = read_xml(data)
    if root.name != _name("alert"):
        raise Malformed("bad-cap", f"{root.name[:80]!r} is no alert of CAP 1.2")
    identifier, sender = _id(root, "identifier"), _id(root, "sender")
    sent = read_time(_text(root, "sent"))
    kind = _word(root, "msgType", get_args(MessageType))
    status = _word(root, "status", get_args(Status))
    _word(root, "scope", get_args(Scope))
    references = tuple(_references(_text(root, "references", "")))
    came = None
    if kind in ("Alert", "Update", "Cancel") and status in ("Actual", "Exercise", "Test"):
        source = Source(door, sender, identifier, sent, hashlib.sha256(data).hexdigest())
        came = Came(
            word={"Alert": "ALERT", "Update": "UPDATE", "Cancel": "CANCEL"}[kind],  # type: ignore[arg-type]  # the three
            said=_content(root, sent, now),
            source=source,
            follows=references,
            note=_cut(_text(root, "note", ""), MAX_NOTE, 4 * MAX_NOTE),
            exercise=status != "Actual",
            original=data,
        )
        if came.said is None and came.word == "ALERT":
            raise Malformed("bad-cap", "an alert without an info block warns of nothing")
    return Read(identifier, sender, sent, status, kind, references, came)


def _content(root: Element, sent: Micros, now: Micros) -> Content | None:
    """Return what an alert says; None for one without info blocks, as an Update and a Cancel may be."""
    blocks = root.all(_name("info"))
    if len(blocks) > MAX_INFO:
        raise Malformed("bad-cap", f"{len(blocks)} info blocks where {MAX_INFO} may be")
    if not blocks:
        return None
    first = blocks[0]
    begins = min(_times(blocks, "onset", "effective"), default=sent)
    until = max(_times(blocks, "expires"), default=Micros(sent + HOLDS))
    return Content(
        category=_word(first, "category", get_args(Category)),
        urgency=_word(first, "urgency", get_args(Urgency)),
        severity=_word(first, "severity", get_args(Severity)),
        certainty=_word(first, "certainty", get_args(Certainty)),
        responses=tuple(_responses(first)),
        begins=Micros(min(begins, until - 1)),
        until=Micros(min(until, now + MAX_WINDOW)),
        areas=tuple(_areas(blocks)) or (Area("(the area is not said)"),),
        info=tuple(_infos(blocks)),
    )


def _infos(blocks: list[Element]) -> Iterator[Info]:
    """Yield the words of each language once, ours first, each within its share of what a FLASH may say."""
    by_language: dict[str, Element] = {}
    for block in blocks:
        language = _text(block, "language", "en-US").partition("-")[0].lower()
        if not (2 <= len(language) <= 3 and language.isascii() and language.isalpha()):
            raise Malformed("bad-cap", f"{language[:20]!r} is no language")
        by_language.setdefault(language, block)
    kept = sorted(by_language, key=lambda one: (one not in LANGUAGES, list(by_language).index(one)))[:5]
    share = MAX_WORDS // len(kept)
    for language in kept:
        block = by_language[language]
        hazard = _cut(_required(block, "event"), 80, 160)
        headline = _cut(_text(block, "headline", "") or hazard, 160, 240)
        left = share - len(hazard.encode()) - len(headline.encode())
        protect = _text(block, "instruction", "") or _text(block, "description", "") or headline
        yield Info(language, hazard, headline, _cut(protect, 2048, left))


def _areas(blocks: list[Element]) -> Iterator[Area]:
    """Yield the areas of all blocks, each once; languages name one outline differently, and the first name is kept."""
    seen: set[tuple[object, ...]] = set()
    for element in (area for block in blocks for area in block.all(_name("area"))):
        polygons = tuple(read_polygon(_own(one)) for one in element.all(_name("polygon"))[:MAX_AREAS])
        circles = [read_circle(_own(one)) for one in element.all(_name("circle"))[:MAX_AREAS]]
        valid = tuple(one for one in polygons if flaw(one) is None)
        round_ = tuple(one if isinstance(one, Circle) else _point_circle(one) for one in circles)
        name = _cut(_text(element, "areaDesc", "") or "(no name)", 120, 10_000)
        said = name if len(valid) == len(polygons) else f"{name} (an outline was not valid)"
        key = (valid, round_) if valid or round_ else (name,)
        if key not in seen:
            seen.add(key)
            if len(seen) <= MAX_AREAS:
                yield Area(said, valid, round_)


def _point_circle(point: Point) -> Circle:
    return Circle(point[0], point[1], 1)


def _responses(block: Element) -> Iterator[Response]:
    words = [_own(one) for one in block.all(_name("responseType"))]
    known: tuple[Response, ...] = get_args(Response)
    for word in list(dict.fromkeys(words))[:4]:
        if word not in known:
            raise Malformed("bad-cap", f"{word[:40]!r} is no responseType")
        yield next(one for one in known if one == word)


def _references(text: str) -> Iterator[Reference]:
    """Yield what an alert refers to."""
    triples = text.split()
    if len(triples) > MAX_REFERENCES:
        raise Malformed("bad-cap", f"{len(triples)} references where {MAX_REFERENCES} may be")
    for triple in triples:
        parts = triple.split(",")
        if len(parts) != 3 or not all(parts):
            raise Malformed("bad-cap", f"{triple[:80]!r} is no reference: sender,identifier,sent")
        yield parts[0], parts[1], read_time(parts[2])


def _times(blocks: Iterable[Element], *names: str) -> list[Micros]:
    found = []
    for block in blocks:
        text = next((text for name in names if (text := _text(block, name, ""))), "")
        if text:
            found.append(read_time(text))
    return found


def _word(parent: Element, name: str, known: tuple[W, ...]) -> W:
    text = _text(parent, name)
    found = next((one for one in known if one == text), None)
    if found is None:
        raise Malformed("bad-cap", f"{name}: {text[:40]!r} is none of {', '.join(known)}")
    return found


def _id(root: Element, name: str) -> str:
    text = _required(root, name)
    if len(text) > MAX_ID or any(char in " ,<&" or char.isspace() for char in text):
        raise Malformed("bad-cap", f"{name}: {text[:40]!r} is too long, or has a space, a comma, < or &")
    return text


def _required(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if not text:
        raise Malformed("bad-cap", f"{name} is empty")
    return text


def _text(parent: Element, name: str, missing: str | None = None) -> str:
    """Return the text of the one element of a name; raise where there is none and one must be, or more than one.

    CAP lets some stand more than once; of those the first is read.
    """
    found = parent.all(_name(name))
    if not found:
        if missing is None:
            raise Malformed("bad-cap", f"{name} is missing")
        return missing
    return _own(found[0])


def _own(element: Element) -> str:
    return unicodedata.normalize("NFC", plain("".join(element.text))).strip()


def _cut(text: str, characters: int, size: int) -> str:
    """Return text of so many characters and bytes at most; what was cut says so."""
    if len(text) <= characters and len(text.encode()) <= size:
        return text
    kept = text[: characters - len(CUT)]
    while len(kept.encode()) > size - len(CUT.encode()):
        kept = kept[:-1]
    return unicodedata.normalize("NFC", kept + CUT)


def _name(name: str) -> str:
    return f"{SPACE}{SEPARATOR}{name}"
