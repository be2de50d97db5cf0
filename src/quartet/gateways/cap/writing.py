"""Write a warning as a CAP 1.2 alert, and the Ack or Error with which what came in is answered.

`scope` is Public only for what the whole world may have; anything else carries whom it is for, and its marking as
codes. Nothing is said of sources, of officers or of desks: CAP's `source`, `contact` and `incidents` are never written.
"""

from collections.abc import Iterable
from typing import Final, Literal
from xml.etree import ElementTree as ET

from msgspec import UnsetType

from quartet.core.encoding import Value
from quartet.core.ids import Micros
from quartet.desk.area import Area
from quartet.desk.warning import Alert, Early, Info, WarningForm
from quartet.gateways.cap.chain import Named
from quartet.gateways.cap.words import DESCRIBED, SPACE, circle_text, plain, polygon_text, time_text
from quartet.node.desk.outgoing import Ended, Outgoing

TYPES: Final = {"ALERT": "Alert", "UPDATE": "Update", "CANCEL": "Cancel"}
PRIVATE: Final = frozenset({"RED", "AMBER+STRICT", "AMBER"})
"""Labels of what is for the addresses named; what is wider and not for the world is Restricted to them."""
EXERCISE: Final = "EXERCISE"
MAX_NOTE: Final = 300
AT_ONCE: Final = "Sent at once because a life depends on it: no second officer had read it when it left."
RELAYED: Final = "Received from another system and passed on as it came: no officer of ours has checked it."


class Sender(Value, frozen=True):
    """Who writes at a door: the domain that makes a member's name unique, and how it is called."""

    domain: str
    name: str

    def of(self, member: str) -> str:
        """Return CAP's `sender` for a member: without space, comma or angle bracket, which it may not have."""
        return f"{member}@{self.domain}"

    def reference(self, identifier: str, member: str, sent: Micros) -> str:
        """Return how CAP refers to what a member said."""
        return f"{self.of(member)},{identifier},{time_text(sent)}"


def alert_xml(told: Outgoing, sender: Sender, addresses: Iterable[str]) -> bytes:
    """Return a warning as a CAP alert that the schema of OASIS admits; `addresses` is whom a door serves."""
    form = told.form
    alert = _head(told, told.id, TYPES[form.word], sender, addresses)
    if told.follows:
        _put(alert, "references", " ".join(sender.reference(*one) for one in told.follows))
    for info in form.info:
        _info(alert, form, info, sender)
    return _written(alert)


def cancel_xml(ended: Ended, name: str, ends: Iterable[Named], sender: Sender, addresses: Iterable[str]) -> bytes:
    """Return the Cancel of a warning that was taken back: to whom it was, and nothing of what it said.

    `ends` are the messages that it ends: the warning, and what said since that it holds again.
    """
    alert = _head(ended, name, "Cancel", sender, addresses)
    _put(alert, "references", " ".join(sender.reference(*one) for one in ends))
    return _written(alert)


def answer_xml(
    word: Literal["Ack", "Error"], identifier: str, sender: str, sent: Micros, about: str, note: str, address: str
) -> bytes:
    """Return the answer to what came in: an Ack of it, or an Error with the reason word; `about` are its references."""
    alert = ET.Element("alert", xmlns=SPACE)
    fields = {"identifier": identifier, "sender": sender, "sent": time_text(sent), "status": "System", "msgType": word}
    for name, text in fields.items():
        _put(alert, name, text)
    _put(alert, "scope", "Private")
    _put(alert, "addresses", _address(address) or "unknown")
    _put(alert, "note", note[:MAX_NOTE])
    if about:
        _put(alert, "references", about)
    return _written(alert)


def _head(told: Outgoing | Ended, identifier: str, kind: str, sender: Sender, addresses: Iterable[str]) -> ET.Element:
    """Return an alert as it begins, up to what it refers to."""
    drill = EXERCISE in told.marking.caveat_words
    notes = ["EXERCISE EXERCISE EXERCISE"] if drill else []
    if isinstance(told, Outgoing):
        notes += _unread(told.form)
    alert = ET.Element("alert", xmlns=SPACE)
    _put(alert, "identifier", identifier)
    _put(alert, "sender", sender.of(told.author))
    _put(alert, "sent", time_text(told.at))
    _put(alert, "status", "Exercise" if drill else "Actual")
    _put(alert, "msgType", kind)
    for name, text in _scope(told, addresses):
        _put(alert, name, text)
    if notes:
        _put(alert, "note", " ".join(notes))
    return alert


def _unread(form: WarningForm) -> list[str]:
    """Return what a reader must know of a warning that no second officer read before it left; nothing of one that was.

    Not the reason, nor from whom it came: whom they name nobody here can judge.
    """
    if isinstance(form, Early):
        return [RELAYED]
    return [AT_ONCE] if isinstance(form, Alert) and form.release == "OVERRIDE" else []


def _scope(told: Outgoing | Ended, addresses: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield what says whom an alert is for, in the schema's order."""
    marking = told.marking
    if told.public:
        yield "scope", "Public"
        yield "code", f"TLP:{marking.tlp}"
        return
    private = marking.tlp in PRIVATE
    yield "scope", "Private" if private else "Restricted"
    if not private:
        yield "restriction", f"TLP:{marking.tlp}, for the addresses named"
    yield "addresses", " ".join(map(_address, addresses))
    yield "code", f"TLP:{marking.tlp}"
    yield "code", f"REL:{','.join(marking.named)}"
    yield "code", f"ONWARD:{marking.onward_word}"
    for caveat in marking.caveat_words:
        yield "code", f"CAVEAT:{caveat}"
    for purpose in () if isinstance(marking.purposes, UnsetType) else marking.purposes:
        yield "code", f"PURPOSE:{purpose}"


def _info(alert: ET.Element, form: WarningForm, info: Info, sender: Sender) -> None:
    """Write what is said in one language; each says the same of where, when and how bad."""
    block = ET.SubElement(alert, "info")
    _put(block, "language", info.language)
    _put(block, "category", form.category)
    _put(block, "event", info.hazard)
    for response in form.responses:
        _put(block, "responseType", response)
    _put(block, "urgency", form.urgency)
    _put(block, "severity", form.severity)
    _put(block, "certainty", form.certainty)
    _put(block, "onset", time_text(form.begins))
    _put(block, "expires", time_text(form.until))
    _put(block, "senderName", sender.name)
    _put(block, "headline", info.headline)
    protect, _, description = info.protect.partition(DESCRIBED) if isinstance(form, Early) else (info.protect, "", "")
    if description:
        _put(block, "description", description)
    _put(block, "instruction", protect)
    for area in form.areas:
        _area(block, area)


def _area(block: ET.Element, area: Area) -> None:
    written = ET.SubElement(block, "area")
    _put(written, "areaDesc", area.name)
    for polygon in area.polygons:
        _put(written, "polygon", polygon_text(polygon))
    for circle in area.circles:
        _put(written, "circle", circle_text(circle))


def _address(text: str) -> str:
    """Return an address as CAP lists it: one with a space stands in quotes."""
    clean = plain(text).replace('"', "'")
    return f'"{clean}"' if any(char.isspace() for char in clean) else clean


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = plain(text)


def _written(alert: ET.Element) -> bytes:
    return b"<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(alert, encoding="unicode").encode()
