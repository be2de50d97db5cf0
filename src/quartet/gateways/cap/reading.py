"""Read a CAP 1.2 alert as what it claims; what does not fit is `Malformed`, and nothing else escapes.

Labels, scopes and addresses that it names are claims: who may have it is said by the door's settings alone. Words that
are too long are cut and say so, and what no area here can hold is drawn wider: the original is kept beside it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.action import HOUR
from quartet.desk.area import Area
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
from quartet.gateways.cap.areas import read_areas
from quartet.gateways.cap.fields import cap_name, cut, own_text, required, text_of, word
from quartet.gateways.cap.words import DESCRIBED, one_part, read_time
from quartet.gateways.cap.xml import Element, read_xml
from quartet.node.desk.came import Announced, Came, Reference

MAX_INFO: Final = 32
MAX_ID: Final = 200
MAX_REFERENCES: Final = 1_024
MAX_NOTE: Final = 300
HOLDS: Final = 24 * HOUR
"""How long an alert holds that does not say until when."""

MessageType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
Scope = Literal["Public", "Restricted", "Private"]


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
    if root.name != cap_name("alert"):
        raise Malformed("bad-cap", f"{root.name[:80]!r} is no alert of CAP 1.2")
    identifier, sender = _id(root, "identifier"), _id(root, "sender")
    sent = read_time(text_of(root, "sent"))
    kind = word(root, "msgType", get_args(MessageType))
    status = word(root, "status", get_args(Status))
    word(root, "scope", get_args(Scope))
    references = tuple(_references(text_of(root, "references", "")))
    came = None
    if kind in ("Alert", "Update", "Cancel") and status in ("Actual", "Exercise", "Test"):
        source = Source(door, sender, identifier, sent, hashlib.sha256(data).hexdigest())
        came = Came(
            word={"Alert": "ALERT", "Update": "UPDATE", "Cancel": "CANCEL"}[kind],  # type: ignore[arg-type]  # the three
            said=_content(root, sent, now),
            source=source,
            follows=references,
            note=cut(text_of(root, "note", ""), MAX_NOTE, 4 * MAX_NOTE),
            exercise=status != "Actual",
            original=data,
        )
        if came.said is None and came.word == "ALERT":
            raise Malformed("bad-cap", "an alert without an info block warns of nothing")
    return Read(identifier, sender, sent, status, kind, references, came)


def _content(root: Element, sent: Micros, now: Micros) -> Announced | None:
    """Return what an alert says; None for one without info blocks, as an Update and a Cancel may be."""
    blocks = root.all(cap_name("info"))
    if len(blocks) > MAX_INFO:
        raise Malformed("bad-cap", f"{len(blocks)} info blocks where {MAX_INFO} may be")
    if not blocks:
        return None
    first = blocks[0]
    begins = min(_times(blocks, "onset", "effective"), default=sent)
    until = max(_times(blocks, "expires"), default=Micros(sent + HOLDS))
    return Announced(
        category=word(first, "category", get_args(Category)),
        urgency=word(first, "urgency", get_args(Urgency)),
        severity=word(first, "severity", get_args(Severity)),
        certainty=word(first, "certainty", get_args(Certainty)),
        responses=tuple(_responses(first)),
        begins=Micros(min(begins, until - 1)),
        until=Micros(min(until, now + MAX_WINDOW)),
        areas=read_areas(blocks) or (Area("(the area is not said)"),),
        info=tuple(_infos(blocks)),
    )


def _infos(blocks: list[Element]) -> Iterator[Info]:
    """Yield the words of each language once, ours first, each within its share of what a FLASH may say."""
    by_language: dict[str, Element] = {}
    for block in blocks:
        language = text_of(block, "language", "en-US").partition("-")[0].lower()
        if not (2 <= len(language) <= 3 and language.isascii() and language.isalpha()):
            raise Malformed("bad-cap", f"{language[:20]!r} is no language")
        by_language.setdefault(language, block)
    kept = sorted(by_language, key=lambda one: (one not in LANGUAGES, list(by_language).index(one)))[:5]
    share = MAX_WORDS // len(kept)
    for language in kept:
        block = by_language[language]
        hazard = cut(required(block, "event"), 80, 160)
        headline = cut(text_of(block, "headline", "") or hazard, 160, 240)
        left = share - len(hazard.encode()) - len(headline.encode())
        words = [one_part(text) for name in ("instruction", "description") if (text := text_of(block, name, ""))]
        yield Info(language, hazard, headline, cut(DESCRIBED.join(words) or headline, 2048, left))


def _responses(block: Element) -> Iterator[Response]:
    words = [own_text(one) for one in block.all(cap_name("responseType"))]
    known: tuple[Response, ...] = get_args(Response)
    for said in list(dict.fromkeys(words))[:4]:
        if said not in known:
            raise Malformed("bad-cap", f"{said[:40]!r} is no responseType")
        yield next(one for one in known if one == said)


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
        text = next((text for name in names if (text := text_of(block, name, ""))), "")
        if text:
            found.append(read_time(text))
    return found


def _id(root: Element, name: str) -> str:
    text = required(root, name)
    if len(text) > MAX_ID or any(char in " ,<&" or char.isspace() for char in text):
        raise Malformed("bad-cap", f"{name}: {text[:40]!r} is too long, or has a space, a comma, < or &")
    return text
