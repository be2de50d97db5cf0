"""Two implementations, one verdict: whatever is shown to both, both say the same, in the same word."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import four
import pytest
from altered import altered
from second import Answer, asked, found, spelt

from quartet.core import charter as charters
from quartet.core.encoding import b64, encode, unb64
from quartet.core.keyring import Keyring
from quartet.core.keys import SecretKey, Tag
from quartet.core.manifest import verify_officer_manifest, verify_wire_manifest
from quartet.core.signed import KeySignature, SignedBytes
from quartet.core.statement import Assertion, Contained, Signature, Signed, assert_item, item_id
from quartet.core.verify import verify_statement

ACT = four.right_act()
CHARTER = charters.sign_charter(four.charter(), four.roots())
WIRES = [four.right_manifest(m) for m in four.FOUR]
OFFICERS = [four.right_officers(m) for m in four.FOUR]
RING: dict[str, Any] = {
    "charter": spelt(CHARTER),
    "acts": [spelt(ACT)],
    "manifests": [spelt(m) for m in WIRES],
    "officers": [spelt(o) for o in OFFICERS],
}
NORTHS = four.key("north", "item")


def signed_bytes(tag: Tag, data: bytes, *keys: SecretKey) -> bytes:
    """Return any bytes signed as a charter or a manifest is, whatever they say."""
    made = sorted((KeySignature(key_id=k.id, sig=b64(k.sign(tag, data))) for k in keys), key=lambda s: s.key_id)
    return encode(SignedBytes(data=b64(data), signatures=tuple(made)))


class Door(NamedTuple):
    """One structure: what is right, how any bytes in its place are signed, and how both verifiers are asked."""

    right: Any
    sign: Callable[[bytes], bytes]
    question: Callable[[bytes], dict[str, Any]]
    ours: Callable[[bytes], Any]


def said(travelling: bytes) -> Any:
    """Return the JSON within signed bytes."""
    return json.loads(unb64(json.loads(travelling)["data"]))


def _statement(data: bytes) -> bytes:
    signature = Signature(key_id=NORTHS.id, alg="Ed25519", sig=b64(NORTHS.sign("statement", data)))
    assertion: Assertion = assert_item(item_id(data), four.key("north", "duty"))
    return encode(Signed(statement=b64(data), signatures=(signature,), assertion=assertion))


def _verified(signed: bytes, control: bytes | None, ring: Keyring) -> dict[str, Any]:
    seen = verify_statement(signed, control, ring)
    return {"id": seen.id, "c": seen.c, "controls": [c.id for c in seen.controls]}


def _fact(data: bytes) -> dict[str, Any]:
    return {"door": "statement", **RING, "signed": spelt(data), "control": None}


def _control(data: bytes) -> bytes:
    return encode(Contained(control=b64(data), key_id=NORTHS.id, sig=b64(NORTHS.sign("control", data))))


RECALL = json.loads(encode(four.recall()))
REPORT = json.loads(unb64(json.loads(four.right_statement())["statement"]))
DOORS = {
    "charter": Door(
        said(CHARTER),
        lambda data: signed_bytes("charter", data, *four.roots()),
        lambda data: {"door": "charter", "charter": spelt(data)},
        lambda data: charters.found(data).exchange,
    ),
    "act": Door(
        said(ACT),
        lambda data: signed_bytes("act", data, *four.roots()),
        lambda data: {"door": "act", "charter": spelt(CHARTER), "data": spelt(data)},
        lambda data: four.founded().apply(data).head,
    ),
    "manifest": Door(
        said(WIRES[1]),
        lambda data: signed_bytes("manifest", data, four.key("north", "root")),
        lambda data: {"door": "manifest", **RING, "data": spelt(data)},
        lambda data: verify_wire_manifest(data, four.state()).member,
    ),
    "officers": Door(
        said(OFFICERS[1]),
        lambda data: signed_bytes("officers", data, four.key("north", "root")),
        lambda data: {"door": "officers", **RING, "data": spelt(data)},
        lambda data: verify_officer_manifest(data, four.state()).member,
    ),
    "recall": Door(RECALL, _statement, _fact, lambda data: _verified(data, None, four.ring())),
    "report": Door(REPORT, _statement, _fact, lambda data: _verified(data, None, four.ring())),
    "control": Door(
        json.loads(unb64(json.loads(four.right_control())["control"])),
        _control,
        lambda data: {"door": "statement", **RING, "signed": spelt(four.right_statement()), "control": spelt(data)},
        lambda data: _verified(four.right_statement(), data, four.ring()),
    ),
}


@pytest.mark.parametrize("name", DOORS)
def test_a_structure_with_one_place_changed_and_signed_anew_is_judged_alike(name: str) -> None:
    door = DOORS[name]
    shown = [door.sign(text.encode("utf-8", "surrogatepass")) for text in altered(door.right)]

    theirs = asked([door.question(data) for data in shown])

    ours = [found(lambda data=data: door.ours(data)) for data in shown]  # type: ignore[misc]
    assert differing(shown, ours, theirs) == []
    assert len({answer.reason for answer in ours}) > 3


def differing(shown: list[bytes], ours: list[Answer], theirs: list[Answer]) -> list[tuple[str, Answer, Answer]]:
    """Return where the two do not say the same, and of what."""
    rows = zip(shown, ours, theirs, strict=True)
    return [(_inside(data), one, other) for data, one, other in rows if one != other]


def _inside(data: bytes) -> str:
    outer = json.loads(data)
    inner = next((outer[name] for name in ("data", "statement", "control") if name in outer), "")
    return unb64(inner).decode(errors="replace")[:3000]
