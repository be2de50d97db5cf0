"""A parcel: a signed header and its content, padded; what goes into the seal and comes out of it.

What is said in an item - its statement, its control, its attachments - is packed only from what the gate released. HPKE
has no sender, so the header is signed; its number and the hash of the header before it make a dropped parcel visible.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, decode, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import CountField, MemberField
from quartet.core.keys import SIGNATURE_SIZE, PublicKey, SecretKey
from quartet.core.packing import MAX_PLAINTEXT, pad, read_packed, unpad, write_packed
from quartet.core.release import Released
from quartet.core.statement import Hash

MAX_PARCEL: Final = MAX_PLAINTEXT
MAX_HEADER: Final = 12 * 1024
MAX_CONTENT: Final = MAX_PARCEL - MAX_HEADER - 1024
MAX_CONTENTS: Final = 10_000
WRAPPING: Final = 512
"""What is kept free of a plaintext beside header, signature and contents: for what grows while they are collected."""
MAX_VOIDS: Final = 64
MAX_NOTE_TEXT: Final = 4096
MAX_PART: Final = 256 * 1024
MAX_ATTACHMENT: Final = 2 * 1024**3
MAX_PARTS: Final = MAX_ATTACHMENT // MAX_PART
MAX_PART_PATH: Final = 13 * 32
"""A tree of 8,192 parts is 13 deep."""

OpenTag = Literal[
    "receipts",
    "path",
    "checkpoint",
    "cosignature",
    "manifest",
    "epoch-key",
    "officers",
    "act",
    "proof-part",
    "on-record",
    "restored",
    "returned",
    "frame",
    "piece",
]
"""What needs no gate by itself: receipts to the author, material of log, keys and charter, and how far a restore is.

`on-record` names an item: whoever packs it asks the gate for that item first. A `frame` was made for its recipient; a
`piece` is of contents that were packed under these rules.
"""
ContentTag = Literal["signed", "control", "attachment-part"] | OpenTag

_Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]
_Raw = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Content(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One thing that a parcel carries; made by the functions of this module only."""

    tag: ContentTag
    data: bytes


class AttachmentPart(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One part of a file that goes with an item: all but the last are 256 KiB; `core.attachment` has the tree.

    `attachment` is the tree's root, `path` the hashes that tie the part to it. Without data and path it is the
    recipient's request for that part.
    """

    item: _Raw
    attachment: _Raw
    number: Annotated[int, Meta(ge=0, lt=MAX_PARTS)]
    data: Annotated[bytes, Meta(max_length=MAX_PART)]
    path: Annotated[bytes, Meta(max_length=MAX_PART_PATH)]


class Header(Value, frozen=True, kw_only=True):
    """Who sends which parcel to whom, after which, and what it received."""

    v: Literal[1]
    exchange: Hash
    epoch: CountField
    frm: MemberField = msgspec.field(name="from")
    to: MemberField
    incarnations: tuple[CountField, CountField]
    seq: _Seq
    previous: Hash | None
    received: tuple[_Seq, Hash] | None
    voids: Annotated[tuple[tuple[_Seq, _Seq], ...], Meta(max_length=MAX_VOIDS)]
    content_hash: Hash
    checkpoint: Annotated[str, Meta(max_length=MAX_NOTE_TEXT)] | None


class Parcel(msgspec.Struct, frozen=True):
    """A parcel ready for its seal: its padded plaintext, and the hash by which the next one names it."""

    plaintext: bytes
    header_hash: str


class Opened(msgspec.Struct, frozen=True):
    """A parcel that was checked."""

    header: Header
    header_hash: str
    contents: tuple[Content, ...]


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    header: bytes
    sig: Annotated[bytes, Meta(min_length=SIGNATURE_SIZE, max_length=SIGNATURE_SIZE)]
    content: bytes


def released_contents(released: Released) -> list[Content]:
    """Return an item as a parcel carries it: the only way to make a `signed` content."""
    contents = [Content("signed", released.item.signed)]
    if released.item.own is not None:
        contents.append(Content("control", encode(released.item.own.sealed)))
    return contents


def released_part(released: Released, attachment: str, number: int, data: bytes, path: bytes = b"") -> Content:
    """Return a part of a released item's file: the only way to make an `attachment-part` with bytes of it."""
    part = AttachmentPart(unb64(released.item.id, 32), unb64(attachment, 32), number, data, path)
    return Content("attachment-part", write_packed(part))


def asked_part(item: str, attachment: str, number: int) -> Content:
    """Return the request for a part of a file that goes with an item, to the item's author."""
    part = AttachmentPart(unb64(item, 32), unb64(attachment, 32), number, b"", b"")
    return Content("attachment-part", write_packed(part))


def open_content(tag: OpenTag, data: bytes) -> Content:
    """Return what needs no gate."""
    return Content(tag, data)


def read_part(data: bytes) -> AttachmentPart:
    """Return the part of a file that a content holds, or raise `Malformed`."""
    return read_packed(data, AttachmentPart, MAX_PART + 1024)


def header_hash(header: bytes) -> str:
    """Return the hash of a header's bytes, by which the next parcel names it."""
    return digest64("quartet/header/v1", header)


def pack_contents(contents: Sequence[Content]) -> bytes:
    """Return the content's bytes, over which the header's `content_hash` is."""
    return write_packed(contents)


def content_hash(content: bytes) -> str:
    """Return the hash of a content's bytes."""
    return digest64("quartet/content/v1", content)


def pack(header: Header, content: bytes, key: SecretKey, fixed: int | None = None) -> Parcel:
    """Return a parcel, signed with the link key, padded to the next of 1, 2, 4, ... 512 KiB or to a `fixed` size."""
    raw = encode(header)
    decode_header(raw)
    if content_hash(content) != header.content_hash:
        raise Malformed("other-content", "the header names another content")
    return Parcel(pad(write_packed(_Wire(raw, key.sign("parcel", raw), content)), fixed), header_hash(raw))


def filler(fixed: int) -> bytes:
    """Return the plaintext that goes where there is nothing to say: none could be told from it by its size."""
    return pad(b"", fixed)


def is_filler(plaintext: bytes) -> bool:
    """Return whether a plaintext says nothing, so that nobody need sign or number it."""
    return not plaintext.strip(b"\0")


def room_in(fixed: int, header: Header) -> int:
    """Return how many bytes of contents a plaintext of a fixed size has beside a header; hashes are of one length."""
    return fixed - len(encode(header)) - SIGNATURE_SIZE - WRAPPING


def unpack(plaintext: bytes, frm: str, to: str, exchange: str, key: PublicKey) -> Opened:
    """Return a parcel once everything about it was checked.

    (1) padding, (2) shape, (3) the header's signature by the sender's link key, (4) exchange, sender and addressee,
    (5) the content is the one that the header names, (6) its shape.
    """
    wire = read_packed(unpad(plaintext), _Wire, MAX_PARCEL)
    header = decode_header(wire.header)
    key.verify("parcel", wire.header, wire.sig)
    if header.exchange != exchange:
        raise Untrusted("other-exchange", header.exchange[:8])
    if (header.frm, header.to) != (frm, to):
        raise Untrusted("other-addressee", f"{header.frm} to {header.to}, carried as {frm} to {to}")
    if content_hash(wire.content) != header.content_hash:
        raise Untrusted("other-content", f"parcel {header.seq}")
    return Opened(header=header, header_hash=header_hash(wire.header), contents=read_contents(wire.content))


def decode_header(data: bytes) -> Header:
    """Return the header with these bytes, or raise `Malformed`."""
    header = decode(data, Header, MAX_HEADER)
    for first, last in header.voids:
        if not first <= last < header.seq:
            raise Malformed("bad-voids", f"{first} to {last} in parcel {header.seq}")
    if header.seq == 1 and header.previous is not None:
        raise Malformed("bad-previous", "the first parcel follows none")
    return header


def read_contents(content: bytes) -> tuple[Content, ...]:
    """Return what a parcel carries, or raise `Malformed`; a control lies behind its statement and nowhere else."""
    contents = read_packed(content, tuple[Content, ...], MAX_PARCEL)
    if len(contents) > MAX_CONTENTS:
        raise Malformed("too-many-contents", f"{len(contents)} where {MAX_CONTENTS} may be")
    before = ""
    for one in contents:
        if one.tag == "control" and before != "signed":
            raise Malformed("control-alone", "a control that is not behind its statement")
        before = one.tag
    return contents
