"""A parcel: a signed header and its content, padded; what goes into the seal and comes out of it.

A `signed` content is made only of what the gate released. HPKE has no sender, so the header is signed; its number and
the hash of the header before it make a dropped parcel visible.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, decode, digest64, encode
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import CountField, MemberField
from quartet.core.keys import SIGNATURE_SIZE, PublicKey, SecretKey
from quartet.core.release import Released
from quartet.core.statement import Hash

MAX_PARCEL: Final = 512 * 1024
MIN_PARCEL: Final = 1024
MAX_CONTENT: Final = MAX_PARCEL - 16 * 1024
MAX_CONTENTS: Final = 10_000
MAX_HEADER: Final = 12 * 1024
MAX_VOIDS: Final = 64

ContentTag = Literal[
    "signed",
    "control",
    "receipts",
    "path",
    "checkpoint",
    "cosignature",
    "manifest",
    "epoch-key",
    "officers",
    "act",
    "proof-part",
    "attachment-part",
]


class Content(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One thing that a parcel carries."""

    tag: ContentTag
    data: bytes


class Header(Value, frozen=True):
    """Who sends which parcel to whom, after which, and what it received."""

    v: Literal[1]
    exchange: Hash
    epoch: CountField
    frm: MemberField = msgspec.field(name="from")
    to: MemberField = msgspec.field()
    incarnations: tuple[CountField, CountField] = msgspec.field()
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)] = msgspec.field()
    previous: Hash | None = msgspec.field()
    received: tuple[CountField, Hash] | None = msgspec.field()
    voids: Annotated[tuple[tuple[CountField, CountField], ...], Meta(max_length=MAX_VOIDS)] = msgspec.field()
    content_hash: Hash = msgspec.field()
    checkpoint: Annotated[str, Meta(max_length=4096)] | None = msgspec.field()


class Parcel(msgspec.Struct, frozen=True):
    """A parcel ready for its seal: its padded plaintext, and the hash by which the next one names it."""

    plaintext: bytes
    header_hash: str


class Opened(msgspec.Struct, frozen=True):
    """A parcel whose header was checked."""

    header: Header
    header_hash: str
    contents: tuple[Content, ...]


def released_contents(released: Released) -> list[Content]:
    """Return an item as a parcel carries it: the only way to make a `signed` content."""
    contents = [Content("signed", released.item.signed)]
    if released.item.own is not None:
        contents.append(Content("control", encode(released.item.own.sealed)))
    return contents


def header_hash(header: bytes) -> str:
    """Return the hash of a header's bytes, by which the next parcel names it."""
    return digest64("quartet/header/v1", header)


def pack_contents(contents: Sequence[Content]) -> bytes:
    """Return the content's bytes, over which the header's `content_hash` is."""
    return msgspec.msgpack.encode(contents)


def content_hash(content: bytes) -> str:
    """Return the hash of a content's bytes."""
    return digest64("quartet/content/v1", content)


def pack(header: Header, content: bytes, key: SecretKey) -> Parcel:
    """Return a parcel, signed with the link key and padded to the next of 1, 2, 4, ... 512 KiB."""
    raw = encode(header)
    inner = msgspec.msgpack.encode([raw, key.sign("parcel", raw), content])
    size = MIN_PARCEL
    while size < len(inner) + 4:
        size *= 2
    if size > MAX_PARCEL or len(raw) > MAX_HEADER:
        raise Malformed("too-large", f"a parcel of {len(inner)} bytes where {MAX_PARCEL} may be")
    plaintext = len(inner).to_bytes(4, "big") + inner
    return Parcel(plaintext=plaintext.ljust(size, b"\x00"), header_hash=header_hash(raw))


def unpack(plaintext: bytes, frm: str, to: str, exchange: str, key: PublicKey) -> Opened:
    """Return a parcel once everything about it was checked.

    (1) size and padding, (2) shape, (3) header's signature by the sender's link key, (4) exchange, sender and addressee,
    (5) the content is the one that the header names, (6) its shape.
    """
    raw, sig, content = _split(plaintext)
    header = decode(raw, Header, MAX_HEADER)
    key.verify("parcel", raw, sig)
    if header.exchange != exchange:
        raise Untrusted("other-exchange", header.exchange[:8])
    if (header.frm, header.to) != (frm, to):
        raise Untrusted("other-addressee", f"{header.frm} to {header.to}")
    if any(a > b for a, b in header.voids):
        raise Malformed("bad-voids", "a range that ends before it begins")
    if content_hash(content) != header.content_hash:
        raise Untrusted("other-content")
    return Opened(header=header, header_hash=header_hash(raw), contents=_contents(content))


def _split(plaintext: bytes) -> tuple[bytes, bytes, bytes]:
    size = len(plaintext)
    if not MIN_PARCEL <= size <= MAX_PARCEL or size & (size - 1):
        raise Malformed("bad-padding", f"{size} bytes")
    length = int.from_bytes(plaintext[:4], "big")
    if length > size - 4 or (size > MIN_PARCEL and length + 4 <= size // 2) or any(plaintext[4 + length :]):
        raise Malformed("bad-padding", f"{length} of {size} bytes")
    inner = plaintext[4 : 4 + length]
    header, sig, content = _msgpack(inner, tuple[bytes, bytes, bytes])
    if len(sig) != SIGNATURE_SIZE:
        raise Malformed("bad-shape", f"a signature of {len(sig)} bytes")
    return header, sig, content


def _contents(content: bytes) -> tuple[Content, ...]:
    contents: tuple[Content, ...] = _msgpack(content, tuple[Content, ...])
    if len(contents) > MAX_CONTENTS:
        raise Malformed("too-many-contents", f"{len(contents)} where {MAX_CONTENTS} may be")
    return contents


def _msgpack(data: bytes, kind: Any) -> Any:
    try:
        value = msgspec.msgpack.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    if msgspec.msgpack.encode(value) != data:
        raise Malformed("not-canonical", "another spelling of the same parcel")
    return value
