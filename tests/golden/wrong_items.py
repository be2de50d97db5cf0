"""Each way in which a statement or a control can be wrong."""

from collections.abc import Iterator
from typing import Any

import msgspec
from four import (
    DUTY,
    EAST,
    NORTH,
    WEST,
    control_of,
    key,
    recall,
    report,
    right_control,
    right_statement,
    seed,
    signed,
    source,
    statement,
)
from wrong import Case, malformed, plain, right, spelt, untrusted

from quartet.core.encoding import b64, encode, unb64
from quartet.core.keys import SecretKey
from quartet.core.marking import Marking
from quartet.core.statement import Statement, item_id

TITLE = b'"title":"Drone parts seen near Dam 3"'
OTHER = b64(seed("other"))


def items() -> Iterator[Case]:
    """Yield the golden files of statements and controls."""
    yield right("statement", right_statement())
    yield from _misspelt()
    yield from _senseless()
    yield from _unbelieved()
    yield right("fact", signed(recall(), officer=DUTY))
    yield from _facts()
    yield right("control", right_control())
    yield from _controls()


def _raw(raw: bytes, member: str = NORTH, use: str = "item", alg: str = "Ed25519") -> bytes:
    """Return any bytes signed as a statement."""
    signer = key(member, use)
    signature = {"key_id": signer.id, "alg": alg, "sig": b64(signer.sign("statement", raw))}
    return msgspec.json.encode({"statement": b64(raw), "signatures": [signature], "assertion": None})


def _said(**changes: Any) -> bytes:
    return _raw(spelt(report(), **changes))


def _body(body: bytes) -> bytes:
    return _raw(encode(report()).replace(TITLE, body))


def _misspelt() -> Iterator[Case]:
    raw = encode(report())
    yield malformed("statement", "too-large", _said(body={c: c * 120_000 for c in "abc"}), "too-large")
    yield malformed("statement", "unknown-field", _said(also=1), "bad-shape")
    yield malformed("statement", "field-missing", _raw(raw.replace(b'"clock":"SURE",', b"")), "bad-shape")
    yield malformed("statement", "unknown-version", _said(v=2), "bad-shape")
    yield malformed("statement", "newline-in-member", _said(member="north\n"), "bad-shape")
    yield malformed("statement", "bit-too-many-in-nonce", _said(nonce="A" * 42 + "B"), "bad-shape")
    yield malformed("statement", "white-space", _raw(raw.replace(b",", b", ", 1)), "not-canonical")
    yield malformed("statement", "white-space-in-body", _body(TITLE.replace(b":", b": ")), "not-canonical")
    yield malformed("statement", "key-twice", _body(TITLE + b"," + TITLE), "not-canonical")
    yield malformed("statement", "other-order", _raw(_reversed(raw)), "not-canonical")
    yield malformed("statement", "null-in-marking", _said(marking={"tlp": "AMBER", "rel": None}), "bad-shape")
    yield malformed("statement", "float", _body(b'"title":1.5'), "float")
    yield malformed("statement", "integer-range", _body(b'"title":9007199254740992'), "integer-range")
    yield malformed("statement", "bad-key", _body(b'"Title":1'), "bad-key")
    yield malformed("statement", "too-deep", _body(b'"title":' + b"[" * 32 + b"]" * 32), "too-deep")
    yield malformed("statement", "not-nfc", _body('"title":"Cafe\u0301"'.encode()), "not-nfc")
    yield malformed("statement", "text-too-long", _said(body={"a": "a" * (128 * 1024 + 1)}), "text-too-long")
    padded = msgspec.json.decode(right_statement())
    padded["statement"] += "="
    yield malformed("statement", "padded", msgspec.json.encode(padded), "bad-base64")


def _reversed(raw: bytes) -> bytes:
    fields = msgspec.json.decode(raw)
    return msgspec.json.encode(dict(reversed(fields.items())))


def _senseless() -> Iterator[Case]:
    west_first = {"tlp": "AMBER", "rel": ["south", "east"]}
    yield malformed("statement", "rel-not-sorted", _said(marking=west_first), "unsorted")
    yield malformed("statement", "empty-caveats", _said(marking={"tlp": "AMBER", "caveats": []}), "empty-field")
    both = [{"item": OTHER, "control": OTHER}]
    yield malformed("statement", "cites-two-things", _said(cites=both), "bad-citation")
    red = statement(marking=Marking(tlp="RED", rel=(EAST,), persons=("duty",)))
    yield malformed("statement", "person-of-no-member", signed(red), "bad-person")
    twice = msgspec.json.decode(right_statement())
    twice["signatures"] *= 2
    yield malformed("statement", "signed-twice", msgspec.json.encode(twice), "unsorted")


def _unbelieved() -> Iterator[Case]:
    yield untrusted("statement", "other-exchange", _said(exchange=OTHER), "other-exchange")
    yield untrusted("statement", "later-epoch", _said(epoch=2), "later-epoch")
    yield untrusted("statement", "unknown-member", _said(member="centre"), "unknown-member")
    yield untrusted("statement", "unknown-key", signed(report(), use="link"), "unknown-key")
    yield untrusted("statement", "key-revoked", signed(report(), use="old item"), "key-revoked")
    yield untrusted("statement", "other-algorithm", _raw(encode(report()), alg="ML-DSA-44"), "signature-missing")
    yield untrusted("statement", "unknown-algorithm", _two_algorithms(), "unknown-algorithm")
    yield untrusted("statement", "altered", _altered(), "bad-signature")
    yield untrusted("statement", "signed-as-a-control", _other_tag(), "bad-signature")
    fact = signed(recall(), officer=DUTY)
    yield untrusted("statement", "control-of-a-fact", fact, "control-of-a-fact")
    position = statement(hat="CHAIR", kind="position")
    yield untrusted("statement", "position-of-the-chair", signed(position, officer=DUTY), "chair-may-not")
    convened = statement(hat="CHAIR", kind="procedure")
    yield untrusted("statement", "chair-without-its-key", signed(convened, officer=DUTY), "chair-key-missing")
    stranger = statement(WEST, hat="CHAIR", kind="procedure")
    yield untrusted("statement", "chair-of-no-turn", signed(stranger, officer=DUTY), "not-in-rota")
    asserted = _asserted(report(), key(NORTH, "root"))
    yield untrusted("statement", "unknown-officer", msgspec.json.encode(asserted), "unknown-officer")
    asserted["assertion"]["client_data"] = "AAAA"
    yield untrusted("statement", "passkey", msgspec.json.encode(asserted), "assertion-unknown")
    control = control_of(source())
    yield untrusted("statement", "one-control-twice", signed(statement(contains=(control, control))), "control-twice")
    forged = msgspec.structs.replace(control, sig=b64(bytes(64)))
    yield untrusted("statement", "contains-a-forged-control", signed(statement(contains=(forged,))), "bad-signature")
    later = msgspec.structs.replace(source(), epoch=2)
    with_later = statement(contains=(control_of(later),))
    yield untrusted("statement", "contains-a-later-control", signed(with_later), "control-later-epoch")


def _two_algorithms() -> bytes:
    fields = msgspec.json.decode(right_statement())
    more = {"key_id": b64(bytes(32)), "alg": "ML-DSA-44", "sig": "AAAA"}
    return msgspec.json.encode({**fields, "signatures": [more, *fields["signatures"]]})


def _altered() -> bytes:
    fields = msgspec.json.decode(right_statement())
    fields["statement"] = b64(encode(report()).replace(b"Dam 3", b"Dam 4"))
    return msgspec.json.encode(fields)


def _other_tag() -> bytes:
    fields = msgspec.json.decode(right_statement())
    fields["signatures"][0]["sig"] = b64(key(NORTH, "item").sign("control", encode(report())))
    return msgspec.json.encode(fields)


def _asserted(said: Statement, officer: SecretKey) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.json.decode(signed(said))
    sig = officer.sign("assertion", item_id(encode(said)).encode())
    fields["assertion"] = {"key_id": officer.id, "authenticator_data": None, "client_data": None, "sig": b64(sig)}
    return fields


def _facts() -> Iterator[Case]:
    yield untrusted("fact", "assertion-missing", signed(recall()), "assertion-missing")
    forged = msgspec.json.encode(_asserted(recall(), key(NORTH, "duty")))
    yield untrusted("fact", "assertion-of-something-else", forged, "bad-signature")
    as_chair = signed(recall(hat="CHAIR"), officer=DUTY)
    yield untrusted("fact", "said-by-the-chair", as_chair, "chair-may-not")
    yield malformed("fact", "of-a-later-version", signed(recall(kind_v=2), officer=DUTY), "not-a-fact")
    because = msgspec.json.encode({"controls": [OTHER], "reason": "REGRET", "in_incident": False})
    unknown = signed(msgspec.structs.replace(recall(), body=msgspec.Raw(because)), officer=DUTY)
    yield malformed("fact", "unknown-reason", unknown, "bad-body")
    yield untrusted("fact", "no-fact", signed(statement()), "control-missing")


def _controls() -> Iterator[Case]:
    own = control_of(report())
    fields = msgspec.json.decode(unb64(own.control))
    yield malformed("control", "unknown-field", msgspec.json.encode({**plain(own), "also": 1}), "bad-shape")
    yield malformed("control", "white-space", right_control().replace(b",", b", ", 1), "not-canonical")
    yield malformed("control", "rel-not-sorted", _control({**fields, "marking": _unsorted()}), "unsorted")
    padded = msgspec.structs.replace(own, control=own.control + "=")
    yield malformed("control", "padded", encode(padded), "bad-base64")
    yield untrusted("control", "other-exchange", _control({**fields, "exchange": OTHER}), "control-other-exchange")
    yield untrusted("control", "later-epoch", _control({**fields, "epoch": 2}), "control-later-epoch")
    yield untrusted("control", "earlier-epoch", _control({**fields, "epoch": 0}), "control-other-epoch")
    wider = {**fields, "marking": {"tlp": "AMBER", "rel": ["east", "south", "west"]}}
    yield untrusted("control", "wider", _control(wider), "control-other-marking")
    yield untrusted("control", "of-another-item", _control({**fields, "bind": OTHER}), "control-not-bound")
    yield untrusted("control", "of-another-author", encode(control_of(source())), "control-not-authors")
    yield untrusted("control", "signed-by-another", _control(fields, WEST), "unknown-key")
    yield untrusted("control", "key-revoked", encode(control_of(report(), "old item")), "key-revoked")
    forged = msgspec.structs.replace(own, sig=b64(bytes(64)))
    yield untrusted("control", "forged", encode(forged), "bad-signature")


def _control(fields: dict[str, Any], member: str = NORTH) -> bytes:
    raw, signer = msgspec.json.encode(fields), key(member, "item")
    return msgspec.json.encode({"control": b64(raw), "key_id": signer.id, "sig": b64(signer.sign("control", raw))})


def _unsorted() -> dict[str, Any]:
    return {"tlp": "AMBER", "rel": ["south", "east"]}
