"""The bytes that are signed: JSON with one spelling for each value, and tagged hashes.

What is decoded is kept and passed on as it came; `encode` is only for what we say ourselves.
"""

import hashlib
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import msgspec

from quartet.core.faults import Malformed
from quartet.core.plain import Form, check_plain, form_of, is_nfc

_ENCODER: Final = msgspec.json.Encoder()
_ANY: Final = msgspec.json.Decoder(Any)
_BYTES: Final = msgspec.json.Decoder(bytes)
_NOT_JSON: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
_EIGHT: Final = (8).to_bytes(8, "big")
_PADDED: Final = ('"%s"', "", '"%s=="', '"%s="')
"""Base64 as msgspec reads it, by how many characters stand over after each four."""
_LAST: Final = ("", "", "AQgw", "AEIMQUYcgkosw048")
"""Which character may then be the last: the others have bits too many."""


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A frozen value that refuses fields it does not know; none can hold itself, so no collector need look for it."""


V = TypeVar("V")


def encode(value: object) -> bytes:
    """Return the one spelling of `value`; for what we say ourselves."""
    return _ENCODER.encode(value)


def decode(data: bytes, kind: type[V], limit: int) -> V:
    """Return the value that `data` spells, or raise `Malformed`; nothing else escapes.

    (1) size, (2) shape, (3) the sense of every plain value, (4) that this is its one spelling, raw bodies included.
    """
    if len(data) > limit:
        raise Malformed("too-large", f"{len(data)} bytes where {limit} may be")
    form = form_of(cast(Hashable, kind))
    try:
        value: V = form.decoder.decode(data)
        if not _seen_plain(value, data, form):
            _check_spelling(value, data)
    except _NOT_JSON as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    return value


def _seen_plain(value: object, data: bytes, form: Form) -> bool:
    """Return whether the last two checks are seen to hold at a glance: what is not may still pass them one by one.

    Where the type admits only plain values, `data` is plain if it is what `value` is spelled, its raw bodies are plain,
    and all of it, hence each text in it, is NFC (no character that JSON escapes combines with one after it).
    """
    return (
        form.plain
        and _ENCODER.encode(value) == data
        and (not form.raw or all(_body_is_plain(bytes(getattr(value, name))) for name in form.raw))
        and (data.isascii() or is_nfc(data.decode()))
    )


def _body_is_plain(body: bytes) -> bool:
    plain = _ANY.decode(body)
    try:
        check_plain(plain, depth=2)
    except Malformed:
        return False  # whole, it is refused for the first reason in it
    return _ENCODER.encode(plain) == body


def _check_spelling(value: object, data: bytes) -> None:
    plain = _ANY.decode(data)
    check_plain(plain)
    if _ENCODER.encode(value) != data or _ENCODER.encode(plain) != data:
        raise Malformed("not-canonical", "another spelling of the same value")


def b64(raw: bytes) -> str:
    """Return `raw` as base64url without padding."""
    return _ENCODER.encode(raw).strip(b'"=').decode("ascii").replace("+", "-").replace("/", "_")


def unb64(text: str, size: int | None = None) -> bytes:
    """Return the bytes that `text` spells; refuse padding, odd characters and trailing bits."""
    over = len(text) % 4
    if "+" in text or "/" in text or "=" in text or "\\" in text:
        raise Malformed("bad-base64", "a character of another spelling")
    if over and text[-1] not in _LAST[over]:
        raise Malformed("bad-base64", "bits or characters too many")
    try:
        raw = _BYTES.decode(_PADDED[over] % text.replace("-", "+").replace("_", "/"))
    except _NOT_JSON as error:
        raise Malformed("bad-base64", repr(text[:60])) from error
    if size is not None and len(raw) != size:
        raise Malformed("bad-length", f"{len(raw)} bytes where {size} must be")
    return raw


def digest(tag: str, *parts: bytes | int | str) -> bytes:
    """Return H(tag, parts): SHA-256 over each part behind its length, all as the page says.

    An integer counts as its 8 bytes, big endian; text as its UTF-8.
    """
    return hashlib.sha256(beginning(tag, *parts)).digest()


def beginning(tag: str, *parts: bytes | int | str) -> bytes:
    """Return what H(tag, parts) hashes: with more parts behind them, it begins so too."""
    out = [_tagged(tag)]
    for part in parts:
        raw = part if isinstance(part, bytes) else _raw(part)
        out.append(len(raw).to_bytes(8, "big"))
        out.append(raw)
    return b"".join(out)


def digest_after(begun: bytes, last: int) -> bytes:
    """Return H of what begins as `beginning` said and ends with one more integer: where many differ in that alone."""
    return hashlib.sha256(begun + _EIGHT + last.to_bytes(8, "big")).digest()


@lru_cache(maxsize=64)
def _tagged(tag: str) -> bytes:
    name = tag.encode("ascii")
    return len(name).to_bytes(8, "big") + name


def _raw(part: int | str) -> bytes:
    return part.to_bytes(8, "big") if isinstance(part, int) else part.encode()


def digest64(tag: str, *parts: bytes | int | str) -> str:
    """Return `digest` as base64url text."""
    return b64(digest(tag, *parts))
