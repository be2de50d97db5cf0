"""Each way in which a batch of receipts, a parcel or a frame can be wrong."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from four import EAST, NOON, NORTH, SOUTH, control_of, key, report, right_control, seed, state, verified
from wrong import Case, flipped, malformed, right, spelt, untrusted

from quartet.core.encoding import b64, digest64, encode, unb64
from quartet.core.frame import Frame, FrameHeader, Group, Track, make_frames, pack_frame
from quartet.core.keys import SecretKey
from quartet.core.packing import pad, unpad
from quartet.core.parcel import Content, Header, content_hash, open_content, pack, pack_contents, released_contents
from quartet.core.proof.merkle import leaf_hash, root_of
from quartet.core.receipt import LoneReceipt, Receipt, ReceiptHead, lone_receipt, make_batch
from quartet.core.release import Released

OTHER = b64(seed("other"))


def carriage() -> Iterator[Case]:
    """Yield the golden files of receipts, parcels and frames."""
    yield right("receipts", right_batch())
    yield from _receipts()
    yield right("lone-receipt", encode(lone()))
    yield from _lone_receipts()
    yield right("parcel", right_parcel())
    yield from _parcels()
    yield right("frame", right_frame())
    yield from _frames()


def receipt(n: int = 0, **changes: Any) -> Receipt:
    """Return east's receipt for one of north's items."""
    made = Receipt(
        v=1,
        exchange=state().exchange,
        recipient=EAST,
        incarnation=1,
        author=NORTH,
        id=verified().id if n == 0 else b64(seed("item", n)),
        c=verified().c if n == 0 else b64(seed("commitment", n)),
        state="VERIFIED",
        parcel_seq=7,
    )
    return msgspec.structs.replace(made, **changes)


def right_batch() -> bytes:
    """Return three receipts of east's as they travel."""
    return make_batch([receipt(n) for n in range(3)], key(EAST, "item"))


def lone() -> LoneReceipt:
    """Return the first of them, shown alone."""
    made = lone_receipt(right_batch(), verified().id)
    assert made is not None
    return made


def _batch(receipts: Sequence[bytes], signer: SecretKey | None = None, **head: Any) -> bytes:
    """Return any bytes as a batch whose head is right but for what is changed."""
    root = b64(root_of([leaf_hash(r) for r in receipts]))
    made = ReceiptHead(v=1, exchange=state().exchange, recipient=EAST, size=len(receipts), root=root)
    raw, signer = spelt(made, **head), signer or key(EAST, "item")
    return msgspec.msgpack.encode([raw, unb64(signer.id), signer.sign("receipts", raw), list(receipts)])


def _receipts() -> Iterator[Case]:
    raw = [encode(receipt(n)) for n in range(3)]
    wire = msgspec.msgpack.decode(right_batch())
    yield malformed("receipts", "not-msgpack", b"\xc1", "bad-shape")
    yield malformed("receipts", "none", msgspec.msgpack.encode([*wire[:3], []]), "bad-shape")
    yield malformed("receipts", "unknown-state", _batch([spelt(receipt(), state="READ")]), "bad-shape")
    yield malformed("receipts", "longer-spelling", b"\xdc\x00\x04" + right_batch()[1:], "not-canonical")
    yield malformed("receipts", "white-space", _batch([raw[0] + b" "]), "not-canonical")
    yield malformed("receipts", "too-large", right_batch() + bytes(512 * 1024), "too-large")
    yield untrusted("receipts", "other-exchange", _batch(raw, exchange=OTHER), "other-exchange")
    yield untrusted("receipts", "unknown-member", _batch(raw, recipient="centre"), "unknown-member")
    yield untrusted("receipts", "unknown-key", _batch(raw, key(NORTH, "item")), "unknown-key")
    yield untrusted("receipts", "key-revoked", _batch(raw, key(EAST, "old item")), "key-revoked")
    forged = msgspec.msgpack.encode([*wire[:2], bytes(64), wire[3]])
    yield untrusted("receipts", "forged", forged, "bad-signature")
    one_less = msgspec.msgpack.encode([*wire[:3], wire[3][:2]])
    yield untrusted("receipts", "one-less", one_less, "receipts-other-root")
    for_south = _batch([encode(receipt(recipient=SOUTH))])
    yield untrusted("receipts", "of-another", for_south, "receipt-not-signers")


def _lone_receipts() -> Iterator[Case]:
    made = lone()
    yield malformed("lone-receipt", "unknown-field", spelt(made, also=1), "bad-shape")
    yield untrusted("lone-receipt", "other-place", spelt(made, index=1), "receipts-other-root")
    yield untrusted("lone-receipt", "outside", spelt(made, index=3), "bad-path")
    yield untrusted("lone-receipt", "forged", spelt(made, sig=b64(bytes(64))), "bad-signature")
    other = encode(receipt(state="REFUSED"))
    yield untrusted("lone-receipt", "other-receipt", spelt(made, receipt=b64(other)), "receipts-other-root")


def contents() -> list[Content]:
    """Return what north's parcel to east carries: its report and a path."""
    return [*released_contents(Released(item=verified(), to=EAST)), open_content("path", b"\x01\x02")]


def header(**changes: Any) -> Header:
    """Return the header of north's eighth parcel to east."""
    made = Header(
        v=1,
        exchange=state().exchange,
        epoch=state().epoch,
        frm=NORTH,
        to=EAST,
        incarnations=(1, 1),
        seq=8,
        previous=OTHER,
        received=(5, OTHER),
        voids=((3, 4),),
        content_hash=content_hash(pack_contents(contents())),
        checkpoint=None,
    )
    return msgspec.structs.replace(made, **changes)


def right_parcel() -> bytes:
    """Return north's eighth parcel to east, padded."""
    return pack(header(), pack_contents(contents()), key(NORTH, "link")).plaintext


def _parcel(content: object = None, use: str = "link", **changes: Any) -> bytes:
    body = pack_contents(contents()) if content is None else msgspec.msgpack.encode(content)
    raw = spelt(header(content_hash=content_hash(body)), **changes)
    return pad(msgspec.msgpack.encode([raw, key(NORTH, use).sign("parcel", raw), body]))


def _parcels() -> Iterator[Case]:
    good, inner = right_parcel(), unpad(right_parcel())
    yield malformed("parcel", "no-known-size", good[:-1], "padding-size")
    yield malformed("parcel", "too-large", bytes(1024 * 1024), "padding-size")
    yield malformed("parcel", "longer-than-it-is", b"\xff" + good[1:], "padding-length")
    yield malformed("parcel", "padded-twice", good + bytes(len(good)), "padding-length")
    yield malformed("parcel", "padding-not-zero", good[:-1] + b"\x01", "padding-not-zero")
    yield malformed("parcel", "not-msgpack", pad(b"\xc1"), "bad-shape")
    yield malformed("parcel", "longer-spelling", pad(b"\xdc\x00\x03" + inner[1:]), "not-canonical")
    yield malformed("parcel", "unknown-field", _parcel(also=1), "bad-shape")
    yield malformed("parcel", "unknown-tag", _parcel([["letter", b""]]), "bad-shape")
    yield malformed("parcel", "control-alone", _parcel([["control", right_control()]]), "control-alone")
    yield malformed("parcel", "too-many-contents", _parcel([["path", b""]] * 10_001), "too-many-contents")
    yield malformed("parcel", "header-too-large", _parcel(checkpoint="a" * 4000, voids=[[1, 1]] * 2000), "too-large")
    yield malformed("parcel", "void-of-the-future", _parcel(voids=[[8, 9]]), "bad-voids")
    yield malformed("parcel", "first-with-one-before", _parcel(seq=1, voids=[]), "bad-previous")
    yield untrusted("parcel", "other-exchange", _parcel(exchange=OTHER), "other-exchange")
    yield untrusted("parcel", "for-another", _parcel(to="south"), "other-addressee")
    yield untrusted("parcel", "from-another", _parcel(**{"from": "south"}), "other-addressee")
    yield untrusted("parcel", "signed-by-the-item-key", _parcel(use="item"), "bad-signature")
    yield untrusted("parcel", "other-content", _parcel(content_hash=OTHER), "other-content")


def tracks() -> tuple[Track, ...]:
    """Return two tracks, one of which says little."""
    full = Track(b"4ca7b4", 515_000_000, -1_200_000, 9_144, 23_150, 9_050, (900, -20, 850), (b"north/mode-s",), 400)
    return full, Track(b"t2", -330_000_000, 1_799_999_999, None, None, None, None, (), 0)


def frame() -> Frame:
    """Return north's frame of noon."""
    group = Group((right_control(),), tracks())
    rest: dict[str, Any] = {"incarnation": 1, "seq": 12, "at": NOON, "seed": seed("frame")}
    made = make_frames([group], exchange=state().exchange, member=NORTH, key=key(NORTH, "item"), **rest)
    return made[0]


def right_frame() -> bytes:
    """Return north's frame as east gets it."""
    item = msgspec.structs.replace(verified(), contained=())
    return pack_frame(frame(), EAST, [Released(item=item, to=EAST)])


def _frame(segment: object = None, use: str = "item", place: int | None = None, **changes: Any) -> bytes:
    made = frame()
    at, right_segment = next(iter(made.segments.items()))
    data = right_segment if segment is None else msgspec.msgpack.encode(segment)
    read = msgspec.json.decode(made.header, type=FrameHeader)
    hashes = [digest64("quartet/segment/v1", data) if i == at else h for i, h in enumerate(read.segments)]
    raw = spelt(read, **{"segments": hashes, **changes})
    signer = key(NORTH, use)
    shown = [[at if place is None else place, data]]
    return pad(msgspec.msgpack.encode([raw, unb64(signer.id), signer.sign("frame", raw), shown]))


def _frames() -> Iterator[Case]:
    salt, controls, columns = msgspec.msgpack.decode(next(iter(frame().segments.values())))
    at = next(iter(frame().segments))
    wire = msgspec.msgpack.decode(unpad(right_frame()))
    yield malformed("frame", "padding-not-zero", right_frame()[:-1] + b"\x01", "padding-not-zero")
    yield malformed("frame", "unknown-field", _frame(also=1), "bad-shape")
    far = [columns[0], [900_000_001, 0], *columns[2:]]
    yield malformed("frame", "beyond-the-pole", _frame([salt, controls, far]), "bad-shape")
    one_short = [*columns[:8], columns[8][:1]]
    yield malformed("frame", "columns-of-two-lengths", _frame([salt, controls, one_short]), "bad-columns")
    yield malformed("frame", "one-control-twice", _frame([salt, controls * 2, columns]), "unsorted")
    twice = pad(msgspec.msgpack.encode([*wire[:3], wire[3] * 2]))
    yield malformed("frame", "segment-twice", twice, "unsorted")
    yield untrusted("frame", "other-exchange", _frame(exchange=OTHER), "other-exchange")
    yield untrusted("frame", "of-another", _frame(member="south"), "frame-not-senders")
    yield untrusted("frame", "signed-by-the-link-key", _frame(use="link"), "unknown-key")
    yield untrusted("frame", "key-revoked", _frame(use="old item"), "key-revoked")
    forged = pad(msgspec.msgpack.encode([flipped(wire[0], wire[0].index(b'"seq":12') + 7), *wire[1:]]))
    yield untrusted("frame", "other-number", forged, "bad-signature")
    yield untrusted("frame", "other-place", _frame(place=(at + 1) % 16), "segment-other-hash")
    again = encode(control_of(report(), "old item"))
    yield untrusted("frame", "control-of-a-revoked-key", _frame([salt, [again], columns]), "key-revoked")
    spare = sorted([controls[0], encode(control_of(report(), "spare item"))])
    yield untrusted("frame", "one-control-signed-by-two-keys", _frame([salt, spare, columns]), "control-twice")
