"""The vectors of the structures, against a second implementation of a page's length: hashlib, json and Ed25519 alone.

It shares no code with what it checks: it is what another implementer would write from the reference page.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import make_structures
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from quartet.core.charter import CharterState, found
from quartet.core.encoding import decode
from quartet.core.faults import Malformed
from quartet.core.frame import verify_frame
from quartet.core.ids import MemberId
from quartet.core.keyring import Keyring
from quartet.core.keys import PublicKey
from quartet.core.manifest import keyring, verify_epoch_key, verify_officer_manifest, verify_wire_manifest
from quartet.core.parcel import unpack
from quartet.core.receipt import open_batch, read_lone_receipt, verify_lone_receipt
from quartet.core.verify import verify_statement

HERE = Path(__file__).parent


def vectors(name: str) -> dict[str, Any]:
    """Return a file of vectors."""
    read: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text())
    return read


def cases(name: str) -> list[dict[str, Any]]:
    """Return its cases."""
    read: list[dict[str, Any]] = vectors(name)["cases"]
    return read


def h(tag: str, *parts: bytes | int) -> bytes:
    """Return H(tag, parts)."""
    whole = b""
    for part in (tag.encode(), *parts):
        raw = part.to_bytes(8, "big") if isinstance(part, int) else part
        whole += len(raw).to_bytes(8, "big") + raw
    return hashlib.sha256(whole).digest()


def text(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(value: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def check(public: bytes, tag: str, payload: bytes, sig: bytes) -> None:
    """Raise unless a key signed a payload as a tag."""
    kind = f"application/vnd.quartet.{tag}"
    message = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    Ed25519PublicKey.from_public_bytes(public).verify(sig, message)


def item_keys(member: str) -> dict[str, bytes]:
    """Return a member's item keys by their ids, from its wire manifest."""
    wire = next(c for c in cases("manifests") if (c["member"], c["kind"]) == (member, "wire"))
    keys = [raw(k["key"]) for k in json.loads(bytes.fromhex(wire["signed"]))["item_keys"]]
    return {text(h("quartet/key/v1", b"Ed25519", k)): k for k in keys}


def believed() -> tuple[CharterState, Keyring]:
    """Return charter and keyring as this implementation reads them from the vectors."""
    (one,) = cases("charter")
    state = found(bytes.fromhex(one["charter"])).apply(bytes.fromhex(one["act"]))
    by_kind = {k: [bytes.fromhex(c["travelling"]) for c in cases("manifests") if c["kind"] == k] for k in KINDS}
    wires = [verify_wire_manifest(m, state) for m in by_kind["wire"]]
    ring = keyring(state, wires, [verify_officer_manifest(m, state) for m in by_kind["officers"]])
    for key in by_kind["epoch-key"]:
        verify_epoch_key(key, ring)
    return state, ring


KINDS = ("wire", "officers", "epoch-key")


@pytest.mark.parametrize("case", cases("hash"), ids=lambda c: f"{c['tag']} {len(c['parts'])}")
def test_a_tagged_hash(case: dict[str, Any]) -> None:
    parts = [p if isinstance(p, int) else bytes.fromhex(p) for p in case["parts"]]

    assert h(case["tag"], *parts).hex() == case["hash"]


@pytest.mark.parametrize("case", cases("spelling"), ids=lambda c: c["name"])
def test_json_has_one_spelling(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["json"])

    if case["refused"] is None:
        assert json.dumps(json.loads(data), ensure_ascii=False, separators=(",", ":")).encode() == data
        decode(data, dict[str, Any], 1000)
        return
    with pytest.raises(Malformed) as caught:
        decode(data, dict[str, Any], 1000)
    assert caught.value.reason == case["refused"]


@pytest.mark.parametrize("case", cases("signature"), ids=lambda c: f"{c['tag']} {len(c['payload'])}")
def test_a_signature_is_over_the_dsse_encoding(case: dict[str, Any]) -> None:
    payload, public = bytes.fromhex(case["payload"]), bytes.fromhex(vectors("signature")["public"])
    kind = f"application/vnd.quartet.{case['tag']}"

    assert bytes.fromhex(case["preauth"]) == f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    check(public, case["tag"], payload, bytes.fromhex(case["sig"]))


@pytest.mark.parametrize("case", vectors("signature")["key_ids"], ids=lambda c: c["alg"])
def test_a_key_id_is_over_algorithm_and_key(case: dict[str, Any]) -> None:
    assert text(h("quartet/key/v1", case["alg"].encode(), bytes.fromhex(case["public"]))) == case["key_id"]


@pytest.mark.parametrize("case", cases("charter"), ids=["charter"])
def test_a_charter_and_its_act(case: dict[str, Any]) -> None:
    signed, act = bytes.fromhex(case["charter_signed"]), bytes.fromhex(case["act_signed"])
    roots = {
        text(h("quartet/key/v1", b"Ed25519", raw(m["root_key"]))): raw(m["root_key"])
        for m in json.loads(signed)["members"]
    }

    for tag, travelling, payload in (("charter", case["charter"], signed), ("act", case["act"], act)):
        outer = json.loads(bytes.fromhex(travelling))
        assert raw(outer["data"]) == payload
        assert [s["key_id"] for s in outer["signatures"]] == sorted(roots)
        for sig in outer["signatures"]:
            check(roots[sig["key_id"]], tag, payload, raw(sig["sig"]))
    assert text(h("quartet/exchange/v1", signed)) == case["exchange"] == case["predecessor"]
    assert text(h("quartet/act/v1", act)) == case["head"]
    state, _ = believed()
    assert (state.exchange, state.head, state.epoch) == (case["exchange"], case["head"], case["epoch"])
    assert list(state.terms.purposes) == case["purposes"]


@pytest.mark.parametrize("case", vectors("charter")["covers"], ids=lambda c: str(c["cover"]))
def test_a_charter_with_cover(case: dict[str, Any]) -> None:
    travelling = bytes.fromhex(case["charter"])
    signed = raw(json.loads(travelling)["data"])

    assert json.loads(signed)["cover"] == case["cover"]
    assert text(h("quartet/exchange/v1", signed)) == case["exchange"] == found(travelling).exchange


@pytest.mark.parametrize("case", cases("manifests"), ids=lambda c: f"{c['member']} {c['kind']}")
def test_a_manifest_or_epoch_key(case: dict[str, Any]) -> None:
    tag = {"wire": "manifest", "officers": "officers", "epoch-key": "epoch-key"}[case["kind"]]
    travelling, signed = bytes.fromhex(case["travelling"]), bytes.fromhex(case["signed"])
    (charter,) = cases("charter")
    members = json.loads(bytes.fromhex(charter["charter_signed"]))["members"]
    root = next(raw(m["root_key"]) for m in members if m["id"] == case["member"])
    (sig,) = json.loads(travelling)["signatures"]

    key = item_keys(case["member"])[sig["key_id"]] if tag == "epoch-key" else root
    check(key, tag, signed, raw(sig["sig"]))
    assert text(h("quartet/manifest/v1", travelling)) == case["commitment"]
    if tag == "epoch-key":
        epoch = json.loads(signed)
        assert text(h("quartet/key/v1", b"X-Wing", raw(epoch["public"]))) == epoch["key_id"]


@pytest.mark.parametrize("case", cases("statement"), ids=lambda c: c["name"])
def test_a_statement_its_id_and_its_commitment(case: dict[str, Any]) -> None:
    data, envelope = bytes.fromhex(case["statement"]), json.loads(bytes.fromhex(case["signed"]))
    said = json.loads(data)
    item = h("quartet/id/v1", data)
    sigs = [raw(s["sig"]) for s in envelope["signatures"]]
    if said["kind"] in ("alert", "recall", "cancel-recall", "grant", "position", "acknowledgement"):
        sigs.append(raw(envelope["assertion"]["sig"]))

    for s in envelope["signatures"]:
        check(item_keys(said["member"])[s["key_id"]], "statement", data, raw(s["sig"]))
    assert text(item) == case["id"]
    assert text(h("quartet/commit/v1", item, h("quartet/sigs/v1", *sigs))) == case["c"]
    own = [] if case["control"] is None else [json.loads(bytes.fromhex(case["control"]))]
    ids = [text(h("quartet/control-id/v1", raw(c["control"]))) for c in (*own, *said["contains"])]
    assert ids == case["controls"]
    control = None if case["control"] is None else bytes.fromhex(case["control"])
    seen = verify_statement(bytes.fromhex(case["signed"]), control, believed()[1])
    assert (seen.id, seen.c) == (case["id"], case["c"])


@pytest.mark.parametrize("case", cases("control"), ids=["RED"])
def test_a_control_its_id_its_bind_and_its_persons(case: dict[str, Any]) -> None:
    said, control = (json.loads(bytes.fromhex(case[name])) for name in ("statement", "control"))
    serial = bytes.fromhex(case["serial"])
    persons = {p: text(h("quartet/person/v1", serial, *(w.encode() for w in p.split("/")))) for p in case["persons"]}

    bind = h("quartet/control/v1", raw(said["nonce"]), serial, h("quartet/id/v1", bytes.fromhex(case["statement"])))
    assert control["bind"] == case["bind"] == text(bind)
    assert persons == case["persons"]
    assert control["marking"] == {**said["marking"], "persons": sorted(persons.values())}
    assert (control["serial"], control["issued"]) == (text(serial), case["issued"])
    assert (control["controller"], control["epoch"]) == (said["member"], said["epoch"])
    assert text(h("quartet/control-id/v1", bytes.fromhex(case["control"]))) == case["control_id"]


@pytest.mark.parametrize("case", cases("receipts"), ids=["three"])
def test_a_batch_of_receipts(case: dict[str, Any]) -> None:
    head, key_id, sig, leaves = msgspec.msgpack.decode(bytes.fromhex(case["batch"]))
    said = json.loads(head)
    one, two, three = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves)
    root = hashlib.sha256(b"\x01" + hashlib.sha256(b"\x01" + one + two).digest() + three).digest()

    check(item_keys(said["recipient"])[text(key_id)], "receipts", head, sig)
    assert (said["size"], said["root"]) == (3, text(root))
    assert text(h("quartet/commit/v1", root, h("quartet/sigs/v1", sig))) == case["commitment"]
    alone = json.loads(bytes.fromhex(case["alone"]))
    assert (raw(alone["receipt"]), alone["index"]) == (leaves[0], 0)
    assert [raw(p) for p in alone["path"]] == [two, three]
    assert open_batch(bytes.fromhex(case["batch"]), believed()[1]).commitment == case["commitment"]
    verify_lone_receipt(read_lone_receipt(bytes.fromhex(case["alone"])), believed()[1])


def log_key(member: str) -> bytes:
    """Return a member's Ed25519 log key, from its wire manifest."""
    wire = next(c for c in cases("manifests") if (c["member"], c["kind"]) == (member, "wire"))
    keys = json.loads(bytes.fromhex(wire["signed"]))["log_keys"]
    return next(raw(k["key"]) for k in keys if k["alg"] == "Ed25519")


def way_up(node: bytes, place: int, size: int, hashes: list[bytes]) -> bytes:
    """Return the root to which RFC 6962 hashes lead from a leaf's hash."""
    last = size - 1
    for sibling in hashes:
        while not place & 1 and place == last:
            place, last = place >> 1, last >> 1
        left = bool(place & 1)
        node = hashlib.sha256(b"\x01" + (sibling + node if left else node + sibling)).digest()
        place, last = place >> 1, last >> 1
    return node


def split(hashes: bytes) -> list[bytes]:
    """Return hashes that were joined."""
    return [hashes[i : i + 32] for i in range(0, len(hashes), 32)]


@pytest.mark.parametrize("case", cases("on_record"), ids=lambda c: c["name"])
def test_what_is_told_of_a_time(case: dict[str, Any]) -> None:
    item, alone, proof = msgspec.msgpack.decode(bytes.fromhex(case["travelling"]))
    slot, slot_path, tick, leaf_index, marks = msgspec.msgpack.decode(proof)

    assert (text(item), alone.hex(), proof.hex()) == (case["item"], case["receipt"], case["proof"])
    leaf = hashlib.sha256(b"\x00" + raw(case["commitment"])).digest()
    in_tick = way_up(leaf, slot, 1 << 16, split(slot_path))
    dates = {}
    for tick_path, note in marks:
        body, _, lines = note.rpartition("\n\n")
        origin, size, root, first_tick = body.split("\n")
        reached = way_up(hashlib.sha256(b"\x00" + in_tick).digest(), leaf_index, int(size), split(tick_path))
        assert base64.b64encode(reached).decode() == root
        assert f"first-tick {tick - leaf_index}" == first_tick
        assert origin.split("/")[2] == case["member"]
        signature, *witnesses = [line.split(" ")[1:] for line in lines.splitlines()]
        sig = base64.b64decode(signature[1])[4:]
        Ed25519PublicKey.from_public_bytes(log_key(case["member"])).verify(sig, f"{body}\n".encode())
        for name, blob in witnesses:
            time, sig = base64.b64decode(blob)[4:12], base64.b64decode(blob)[12:]
            dates[name] = int.from_bytes(time, "big")
            said = f"cosignature/v1\ntime {dates[name]}\n{body}\n".encode()
            Ed25519PublicKey.from_public_bytes(log_key(name.split("/")[2])).verify(sig, said)
    assert dates == case["cosigned"]
    assert len(dates) == 3


@pytest.mark.parametrize("case", cases("parcel"), ids=["parcel"])
def test_a_parcel(case: dict[str, Any]) -> None:
    plaintext = bytes.fromhex(case["plaintext"])
    length = int.from_bytes(plaintext[:4], "big")
    header, sig, content = msgspec.msgpack.decode(plaintext[4 : 4 + length])

    assert plaintext[4 + length :] == bytes(len(plaintext) - 4 - length)
    assert (header.hex(), sig.hex(), content.hex()) == (case["header"], case["sig"], case["content"])
    check(bytes.fromhex(vectors("parcel")["link_key"]), "parcel", header, sig)
    assert json.loads(header)["content_hash"] == case["content_hash"] == text(h("quartet/content/v1", content))
    assert text(h("quartet/header/v1", header)) == case["header_hash"]
    key = PublicKey(bytes.fromhex(vectors("parcel")["link_key"]))
    opened = unpack(plaintext, case["from"], case["to"], case["exchange"], key)
    assert opened.header_hash == case["header_hash"]


@pytest.mark.parametrize("case", vectors("parcel")["padding"], ids=lambda c: str(c["inner"]))
def test_a_plaintext_is_padded(case: dict[str, Any]) -> None:
    sizes = [1024 << n for n in range(10)]

    assert case["plaintext"] == min(size for size in sizes if size >= case["inner"] + 4)


@pytest.mark.parametrize("case", vectors("parcel")["covers"], ids=lambda c: f"{c['cover']} {c['inner']}")
def test_a_plaintext_under_cover_has_one_size(case: dict[str, Any]) -> None:
    assert case["plaintext"] == {"narrow": 16, "medium": 64, "wide": 512}[case["cover"]] * 1024
    assert case["inner"] + 4 <= case["plaintext"]


def test_pieces_make_a_whole() -> None:
    case = vectors("parcel")["pieces"]
    pieces = [msgspec.msgpack.decode(bytes.fromhex(piece)) for piece in case["pieces"]]
    whole = bytes.fromhex(case["contents"])

    assert h("quartet/piece/v1", whole).hex() == case["whole"]
    assert {(name.hex(), size) for name, size, _, _ in pieces} == {(case["whole"], len(whole))}
    assert [at for _, _, at, _ in pieces] == [0, len(pieces[0][3])]
    assert b"".join(data for *_, data in pieces) == whole


@pytest.mark.parametrize("case", cases("frame"), ids=["frame"])
def test_a_frame(case: dict[str, Any]) -> None:
    plaintext = bytes.fromhex(case["plaintext"])
    length = int.from_bytes(plaintext[:4], "big")
    header, key_id, sig, shown = msgspec.msgpack.decode(plaintext[4 : 4 + length])
    ((place, segment),) = shown

    check(item_keys(case["member"])[text(key_id)], "frame", header, sig)
    assert (place, segment.hex()) == (case["place"], case["segment"])
    assert json.loads(header)["segments"][place] == case["segment_hash"] == text(h("quartet/segment/v1", segment))
    assert text(h("quartet/frame/v1", header)) == case["commitment"]
    assert verify_frame(plaintext, MemberId(case["member"]), believed()[1]).commitment == case["commitment"]


def test_the_script_makes_the_same_vectors_again() -> None:
    for name, vector in make_structures.vectors():
        assert vector == vectors(name), name
