"""The law of a spelling in so many words, value by value: what the quick way must agree with, to the reason."""

import base64
import binascii
import re
import unicodedata
from typing import Any

import msgspec

from quartet.core.ids import KEY_PATTERN

KEY = re.compile(KEY_PATTERN)


class Refused(Exception):  # noqa: N818 - a decision, not a fault
    """Why, in a word."""


def plain_decode(data: bytes, kind: Any, limit: int) -> Any:
    """Return the value that `data` spells: decoded twice, looked at whole, and spelled again twice."""
    if len(data) > limit:
        raise Refused("too-large")
    try:
        value = msgspec.json.decode(data, type=kind)
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("bad-shape") from error
    look(plain, 1)
    if msgspec.json.encode(value) != data or msgspec.json.encode(plain) != data:
        raise Refused("not-canonical")
    return value


def look(value: Any, depth: int) -> None:
    """Refuse what no plain value may hold, the first of it."""
    if depth > 32:
        raise Refused("too-deep")
    match value:
        case str():
            if not unicodedata.is_normalized("NFC", value):
                raise Refused("not-nfc")
        case bool() | None:
            pass
        case int():
            if abs(value) > 2**53 - 1:
                raise Refused("integer-range")
        case float():
            raise Refused("float")
        case list():
            for inner in value:
                look(inner, depth + 1)
        case dict():
            for key, inner in value.items():
                if not KEY.fullmatch(key):
                    raise Refused("bad-key")
                look(inner, depth + 1)


def plain_unb64(text: str) -> bytes:
    """Return the bytes that `text` spells: the one text that they would be spelled."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("bad-base64") from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != text:
        raise Refused("bad-base64")
    return raw
