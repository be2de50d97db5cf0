"""The control: an item's marking, signed apart from its text, so that it can go with what is made of it.

To whoever holds the item it is bound to it; to others it proves that its controller marked *some* item so.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, structs

from quartet.core.encoding import Value, b64, decode, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ControlId, CountField, ItemId, MemberField, MemberId
from quartet.core.keys import SecretKey
from quartet.core.marking import Marking, check_marking
from quartet.core.statement import MAX_CONTROL, Contained, Hash, Statement


class Control(Value, frozen=True):
    """A marking with its controller. In its marking each person is a hash."""

    v: Literal[1]
    exchange: Hash
    epoch: CountField
    issued: CountField
    serial: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{21}[AQgw](?!\n)$")]
    controller: MemberField
    marking: Marking
    bind: Hash


def control_id(data: bytes) -> ControlId:
    """Return the id of the control with these bytes."""
    return ControlId(digest64("quartet/control-id/v1", data))


def person_hash(serial: str, member: str, name: str) -> str:
    """Return how a control names a person: of no use to whoever does not know the name."""
    return digest64("quartet/person/v1", unb64(serial, 16), member, name)


def decode_control(data: bytes) -> Control:
    """Return the control with these bytes, or raise `Malformed`."""
    control = decode(data, Control, MAX_CONTROL)
    check_marking(control.marking)
    return control


def make_control(statement: Statement, item: ItemId, serial: bytes, issued: int) -> bytes:
    """Return the bytes of the control of `statement`; `serial` is 16 random bytes."""
    text = b64(serial)
    return encode(
        Control(
            v=1,
            exchange=statement.exchange,
            epoch=statement.epoch,
            issued=issued,
            serial=text,
            controller=statement.member,
            marking=hide_persons(statement.marking, text),
            bind=_bind(statement.nonce, item, text),
        )
    )


def sign_control(data: bytes, key: SecretKey) -> Contained:
    """Return the control with its controller's signature, as it goes beside or inside statements."""
    return Contained(control=b64(data), key_id=key.id, sig=b64(key.sign("control", data)))


def check_bound(control: Control, statement: Statement, item: ItemId) -> None:
    """Raise `Untrusted` unless `control` is that of `statement`, whole: author, epoch, marking, bind."""
    if control.controller != statement.member:
        raise Untrusted("control-not-authors", f"{control.controller} is not {statement.member}")
    if (control.exchange, control.epoch) != (statement.exchange, statement.epoch):
        raise Untrusted("control-other-epoch", str(control.epoch))
    if control.marking != hide_persons(statement.marking, control.serial):
        raise Untrusted("control-other-marking")
    if not bound_to(control, item, statement.nonce):
        raise Untrusted("control-not-bound")


def bound_to(control: Control, item: ItemId, nonce: str) -> bool:
    """Return whether a control is that of an item, as whoever knows the item's nonce can tell without its text."""
    return control.bind == _bind(nonce, item, control.serial)


def hide_persons(marking: Marking, serial: str) -> Marking:
    """Return the marking with each `member/name` as its hash, sorted."""
    if isinstance(marking.persons, UnsetType):
        return marking
    return structs.replace(marking, persons=tuple(sorted(_hashed(p, serial) for p in marking.persons)))


def _hashed(person: str, serial: str) -> str:
    member, slash, name = person.partition("/")
    if not slash or not member or not name:
        raise Malformed("bad-person", f"{person[:60]!r} is not member/name")
    return person_hash(serial, MemberId(member), name)


def _bind(nonce: str, item: ItemId, serial: str) -> str:
    return digest64("quartet/control/v1", unb64(nonce, 32), unb64(serial, 16), unb64(item, 32))


__all__ = [
    "UNSET",
    "Control",
    "bound_to",
    "check_bound",
    "control_id",
    "decode_control",
    "make_control",
    "sign_control",
]
