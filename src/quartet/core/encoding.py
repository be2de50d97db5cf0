"""The bytes that are signed: JSON with one spelling for each value, and tagged hashes.

What is decoded is kept and passed on as it came; `encode` is only for what we say ourselves.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import msgspec

from quartet.core.faults import Malformed
from quartet.core.ids import KEY_PATTERN

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 32

_KEY: Final = re.compile(KEY_PATTERN)
_ENCODER: Final = msgspec.json.Encoder()


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen value that refuses fields it does not know."""


V = TypeVar("V")


def encode(value: object) -> bytes:
    """Return the one spelling of `value`; for what we say ourselves."""
    return _ENCODER.encode(value)


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind)


def decode(data: bytes, kind: type[V], limit: int) -> V:
    """Return the value that `data` spells, or raise `Malformed`; nothing else escapes.

    (1) size, (2) shape, (3) the sense of every plain value, (4) that this is its one spelling, raw bodies included.
    """
    if len(data) > limit:
        raise Malformed("too-large", f"{len(data)} bytes where {limit} may be")
    try:
        value: V = _decoder(cast(Hashable, kind)).decode(data)
        plain = _decoder(Any).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    check_plain(plain)
    if _ENCODER.encode(value) != data or _ENCODER.encode(plain) != data:
        raise Malformed("not-canonical", "another spelling of the same value")
    return value


def check_plain(value: object, depth: int = 1) -> None:
    """Refuse floats, large integers, text that is not NFC, odd keys and depth over 32."""
    if depth > MAX_DEPTH:
        raise Malformed("too-deep", f"more than {MAX_DEPTH} levels")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise Malformed("integer-range", str(value)[:40])
    elif isinstance(value, float):
        raise Malformed("float", repr(value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not _KEY.fullmatch(key):
                raise Malformed("bad-key", repr(key)[:80])
            check_plain(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            check_plain(inner, depth + 1)


def _check_text(text: str) -> None:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise Malformed("not-nfc", repr(text[:40]))


def b64(raw: bytes) -> str:
    """Return `raw` as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64(text: str, size: int | None = None) -> bytes:
    """Return the bytes that `text` spells; refuse padding, odd characters and trailing bits."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("bad-base64", repr(text[:60])) from error
    if b64(raw) != text:
        raise Malformed("bad-base64", "another spelling of the same bytes")
    if size is not None and len(raw) != size:
        raise Malformed("bad-length", f"{len(raw)} bytes where {size} must be")
    return raw


def digest(tag: str, *parts: bytes | int | str) -> bytes:
    """Return H(tag, parts): SHA-256 over each part behind its length, all as the page says.

    An integer counts as its 8 bytes, big endian; text as its UTF-8.
    """
    name = tag.encode("ascii")
    out = [len(name).to_bytes(8, "big"), name]
    for part in parts:
        raw = _raw(part)
        out.append(len(raw).to_bytes(8, "big"))
        out.append(raw)
    return hashlib.sha256(b"".join(out)).digest()


def _raw(part: bytes | int | str) -> bytes:
    if isinstance(part, int):
        return part.to_bytes(8, "big")
    return part.encode() if isinstance(part, str) else part


def digest64(tag: str, *parts: bytes | int | str) -> str:
    """Return `digest` as base64url text."""
    return b64(digest(tag, *parts))
