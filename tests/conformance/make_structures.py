"""Make the vectors of the structures from the exchange of the golden files, all of fixed seeds.

PYTHONPATH=src:tests/golden python tests/conformance/make_structures.py
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from four import (
    DUTY,
    EAST,
    FOUR,
    NORTH,
    charter,
    founded,
    key,
    recall,
    report,
    right_act,
    right_control,
    right_epoch_key,
    right_manifest,
    right_officers,
    right_statement,
    ring,
    roots,
    signed,
    state,
    statement,
)
from wrong_carriage import frame, header, lone, right_batch, right_frame, right_parcel
from wrong_records import right_record, statement_record

from quartet.core.charter import decode_act, found, sign_charter
from quartet.core.control import control_id, decode_control, make_control, person_hash
from quartet.core.cover import COVERS
from quartet.core.encoding import b64, decode, digest, encode
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, MemberId
from quartet.core.keys import XWING, key_id, preauth
from quartet.core.manifest import manifest_commitment
from quartet.core.marking import Marking
from quartet.core.packing import pad, unpad
from quartet.core.parcel import open_content
from quartet.core.piece import cut, whole_of
from quartet.core.proof.since import read_dates
from quartet.core.receipt import batch_commitment
from quartet.core.signed import decode_signed_bytes
from quartet.core.statement import ROOT, Statement, decode_signed, item_id
from quartet.core.verify import Verified, verify_statement

HERE = Path(__file__).parent
Vectors = dict[str, Any]
HALVES = ((0, 300), (300, 540))

SPELLINGS = {
    "an object": '{"a":1,"b":[true,false,null,""]}',
    "the largest integer": '{"a":9007199254740991}',
    "the smallest integer": '{"a":-9007199254740991}',
    "text beyond ASCII, composed": '{"a":"Caf\u00e9"}',
    "a line break in text": '{"a":"\\n"}',
    "a control character": '{"a":"\\u001f"}',
    "a line separator as it is": '{"a":"\u2028"}',
    "depth 32": '{"a":' + "[" * 31 + "]" * 31 + "}",
    "white space": '{"a": 1}',
    "white space at the end": '{"a":1} ',
    "a key twice": '{"a":1,"a":1}',
    "an escape that is not needed": '{"a":"\\u0041"}',
    "an escaped slash": '{"a":"\\/"}',
    "a control character in capitals": '{"a":"\\u001F"}',
    "a line break by its number": '{"a":"\\u000a"}',
    "minus zero": '{"a":-0}',
    "a float": '{"a":1.0}',
    "an exponent": '{"a":1e2}',
    "an integer too large": '{"a":9007199254740992}',
    "an integer too small": '{"a":-9007199254740992}',
    "text that is not composed": '{"a":"Cafe\u0301"}',
    "a key with a capital": '{"A":1}',
    "a key with a hyphen": '{"a-b":1}',
    "a key that begins with a digit": '{"1a":1}',
    "an empty key": '{"":1}',
    "depth 33": '{"a":' + "[" * 32 + "]" * 32 + "}",
    "a byte order mark": '\ufeff{"a":1}',
    "a lone surrogate": '{"a":"\\ud800"}',
    "nothing": "",
}


def hashes() -> Vectors:
    """Return vectors of H."""
    parts: list[tuple[str, list[bytes | int]]] = [
        ("quartet/id/v1", []),
        ("quartet/id/v1", [b""]),
        ("quartet/id/v1", [b"abc"]),
        ("quartet/commit/v1", [bytes(32), bytes(range(32))]),
        ("quartet/tick-slot/v1", [bytes(range(32)), 1_800_000_000, 0]),
        ("quartet/seal/v1", [b"north", b"east"]),
    ]
    return {
        "about": "H(tag, parts): a part is hex, or an integer, which counts as its 8 bytes big endian.",
        "cases": [
            {
                "tag": tag,
                "parts": [p if isinstance(p, int) else p.hex() for p in some],
                "hash": digest(tag, *some).hex(),
            }
            for tag, some in parts
        ],
    }


def _part(part: bytes | int) -> int | str:
    return part if isinstance(part, int) else part.hex()


def spellings() -> Vectors:
    """Return what JSON is the one spelling of its value, and why other JSON is refused."""
    cases = []
    for name, text in SPELLINGS.items():
        try:
            decode(text.encode("utf-8", "surrogatepass"), dict[str, Any], 1000)
            reason = None
        except Malformed as error:
            reason = error.reason
        cases.append({"name": name, "json": text.encode().hex(), "refused": reason})
    return {"about": "JSON as UTF-8 in hex; `refused` is null for the one spelling of a value.", "cases": cases}


def signatures() -> Vectors:
    """Return vectors of key ids, the pre-authentication encoding and signatures."""
    signer = key(NORTH, "item")
    cases = [
        {
            "tag": tag,
            "payload": payload.hex(),
            "preauth": preauth(tag, payload).hex(),
            "sig": signer.sign(tag, payload).hex(),
        }
        for tag in ("statement", "control", "assertion", "receipts", "epoch-key", "act", "parcel", "frame")
        for payload in (b"", b'{"v":1}')
    ]
    ids = [
        {"alg": "Ed25519", "public": signer.public.raw.hex(), "key_id": signer.id},
        {"alg": XWING, "public": (b"x" * 1216).hex(), "key_id": key_id(XWING, b"x" * 1216)},
    ]
    return {
        "about": "Ed25519 with the key of this seed over the DSSE v1 encoding; key ids are base64url.",
        "seed": signer.seed.hex(),
        "public": signer.public.raw.hex(),
        "key_ids": ids,
        "cases": cases,
    }


def _statement_case(name: str, data: bytes, control: bytes | None) -> Vectors:
    seen: Verified = verify_statement(data, control, ring())
    envelope = decode_signed(data)
    return {
        "name": name,
        "signed": data.hex(),
        "control": None if control is None else control.hex(),
        "statement": envelope.data.hex(),
        "id": seen.id,
        "c": seen.c,
        "controls": [c.id for c in seen.controls],
    }


def statements() -> Vectors:
    """Return statements with their ids, commitments and controls."""
    said = statement()
    return {
        "about": "Signed statements of north and all that follows from them; item keys are those of manifests.json.",
        "cases": [
            _statement_case("a report that contains another's", right_statement(), right_control()),
            _statement_case("a recall, asserted by an officer", signed(recall(), officer=DUTY), None),
            _statement_case("a cancellation, asserted by root", signed(cancellation(), officer="root"), None),
            _statement_case("a report asserted though it need not be", signed(report(), officer=DUTY), right_control()),
        ],
        "not_its_id": {"statement": encode(said).hex() + "20", "id": item_id(encode(said) + b" ")},
    }


def cancellation() -> Statement:
    """Return what north's root key says: that the recall is as if it had not been."""
    said = recall()
    body = encode({"recall": item_id(encode(said)), "controls": json.loads(bytes(said.body))["controls"]})
    return msgspec.structs.replace(said, officer=ROOT, kind="cancel-recall", body=msgspec.Raw(body))


def controls() -> Vectors:
    """Return a control of a RED item: its bytes, its id, what binds it, how it names persons."""
    said = statement(marking=Marking(tlp="RED", rel=(EAST,), persons=("east/duty", "east/second")))
    item = item_id(encode(said))
    made = make_control(said, item, bytes(range(16)), 1_800_000_000)
    control = decode_control(made)
    return {
        "about": "The control of a statement, its serial being 16 given bytes and `issued` a given tick.",
        "cases": [
            {
                "statement": encode(said).hex(),
                "item": item,
                "serial": bytes(range(16)).hex(),
                "issued": 1_800_000_000,
                "control": made.hex(),
                "control_id": control_id(made),
                "bind": control.bind,
                "persons": {p: person_hash(control.serial, *p.split("/")) for p in ("east/duty", "east/second")},
            }
        ],
    }


def receipts() -> Vectors:
    """Return a batch of receipts, and one of them shown alone."""
    head, key_id_, sig, raw = msgspec.msgpack.decode(right_batch())
    return {
        "about": "A batch as it travels (MessagePack), its parts, and one receipt with its path (JSON).",
        "cases": [
            {
                "batch": right_batch().hex(),
                "head": head.hex(),
                "key_id": b64(key_id_),
                "sig": sig.hex(),
                "receipts": [r.hex() for r in raw],
                "commitment": batch_commitment(right_batch()),
                "alone": encode(lone()).hex(),
            }
        ],
    }


def records() -> Vectors:
    """Return what is told of times: a receipt that is on record, and a statement."""
    return {
        "about": "What is told of a time as it travels (MessagePack), whose log it is in, the commitment that is on "
        "record there (a receipt's: that of its batch), and when each witness cosigned, in seconds. The item is the "
        "report of statement.json. Log keys are in manifests.json.",
        "cases": [
            _record("a receipt", right_record(), EAST, batch_commitment(right_batch())),
            _record("the statement itself", statement_record(), NORTH, verify_report().c),
        ],
    }


def verify_report() -> Verified:
    """Return north's report, as its holders believe it."""
    return verify_statement(right_statement(), right_control(), ring())


def _record(name: str, data: bytes, member: str, c: str) -> dict[str, Any]:
    item, alone, proof = msgspec.msgpack.decode(data)
    dates = {witness: date // SECOND for witness, date in read_dates(proof).items()}
    shown = {"item": b64(item), "receipt": alone.hex(), "proof": proof.hex()}
    return {"name": name, "travelling": data.hex(), **shown, "member": member, "commitment": c, "cosigned": dates}


def manifests() -> Vectors:
    """Return the manifests and epoch keys of all four members."""
    cases = [
        {
            "member": member,
            "kind": kind,
            "travelling": data.hex(),
            "signed": decode_signed_bytes(data).raw.hex(),
            "commitment": manifest_commitment(data),
        }
        for member in FOUR
        for kind, data in (
            ("wire", right_manifest(member)),
            ("officers", right_officers(member)),
            ("epoch-key", right_epoch_key(member)),
        )
    ]
    return {
        "about": "As they travel; accepted under the charter of charter.json with its act.",
        "cases": cases,
    }


def charters() -> Vectors:
    """Return a charter, an act, and what they make."""
    act = decode_signed_bytes(right_act()).raw
    return {
        "about": "A charter and the first act as they travel. The act's predecessor is the exchange id.",
        "cases": [
            {
                "charter": founded().founding.hex(),
                "charter_signed": decode_signed_bytes(founded().founding).raw.hex(),
                "exchange": founded().exchange,
                "act": right_act().hex(),
                "act_signed": act.hex(),
                "predecessor": decode_act(act).predecessor,
                "head": state().head,
                "epoch": state().epoch,
                "purposes": list(state().terms.purposes),
            }
        ],
        "covers": [_covered(cover) for cover in COVERS],
    }


def _covered(cover: str) -> dict[str, Any]:
    """Return the same charter with cover, and the exchange that it founds."""
    made = sign_charter(charter(cover=cover), roots())
    return {"cover": cover, "charter": made.hex(), "exchange": found(made).exchange}


def _pieces() -> dict[str, Any]:
    """Return contents that go in two pieces, the name of their whole, and the pieces."""
    whole = whole_of([open_content("act", bytes(range(256)) * 2), open_content("path", b"way")])
    return {
        "contents": whole.raw.hex(),
        "whole": whole.id.hex(),
        "pieces": [cut(whole, *at).data.hex() for at in HALVES],
    }


def parcels() -> Vectors:
    """Return a parcel's plaintext and its parts, and paddings."""
    raw, sig, content = msgspec.msgpack.decode(unpad(right_parcel()))
    lengths = (0, 1, 1020, 1021, 2044, 2045, 100_000, 524_284)
    return {
        "about": "A plaintext before the seal, signed with north's link key, and its parts.",
        "link_key": key(NORTH, "link").public.raw.hex(),
        "cases": [
            {
                "plaintext": right_parcel().hex(),
                "header": raw.hex(),
                "sig": sig.hex(),
                "content": content.hex(),
                "content_hash": header().content_hash,
                "header_hash": b64(digest("quartet/header/v1", raw)),
                "from": NORTH,
                "to": EAST,
                "exchange": state().exchange,
            }
        ],
        "padding": [{"inner": n, "plaintext": len(pad(bytes(n)))} for n in lengths],
        "covers": [
            {"cover": cover, "inner": n, "plaintext": len(pad(bytes(n), size))}
            for cover, size in COVERS.items()
            for n in (0, 1, size - 4)
        ],
        "pieces": _pieces(),
    }


def frames() -> Vectors:
    """Return a frame as one recipient gets it, and its parts."""
    made = frame()
    (segment,) = made.segments.values()
    return {
        "about": "A plaintext before the seal: one segment of sixteen, two tracks; north's item key.",
        "cases": [
            {
                "plaintext": right_frame().hex(),
                "header": made.header.hex(),
                "sig": made.sig.hex(),
                "place": next(iter(made.segments)),
                "segment": segment.hex(),
                "segment_hash": b64(digest("quartet/segment/v1", segment)),
                "commitment": made.commitment,
                "member": MemberId(NORTH),
            }
        ],
    }


def vectors() -> Iterator[tuple[str, Vectors]]:
    """Yield each file's name and its vectors."""
    yield "hash", hashes()
    yield "spelling", spellings()
    yield "signature", signatures()
    yield "statement", statements()
    yield "control", controls()
    yield "receipts", receipts()
    yield "on_record", records()
    yield "manifests", manifests()
    yield "charter", charters()
    yield "parcel", parcels()
    yield "frame", frames()


def write(folder: Path) -> None:
    """Write the vectors."""
    for name, made in vectors():
        (folder / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    write(HERE)
