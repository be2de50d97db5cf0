"""What a value may be made of, wherever it stands, and which types leave nothing of that to look for.

Most of what is signed is of a type whose fields are text, bounded integers and lists of such: no float and no odd key
can stand in it. There the decoder has looked already, and only a raw body need be walked value by value.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
import msgspec.inspect as shape

from quartet.core.faults import Malformed
from quartet.core.ids import KEY_PATTERN

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 32

_KEY: Final = re.compile(KEY_PATTERN)


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
    if not is_nfc(text):
        raise Malformed("not-nfc", repr(text[:40]))


def is_nfc(text: str) -> bool:
    """Return whether a text is NFC; then each piece of it is too."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


class Form(NamedTuple):
    """How a type is decoded; `plain` if all that it admits is plain, but for the text of its fields and `raw`."""

    decoder: "msgspec.json.Decoder[Any]"
    plain: bool
    raw: tuple[str, ...]
    """Its fields that hold any value, undecoded."""


@lru_cache(maxsize=256)
def form_of(kind: Any) -> Form:
    """Return the form of a type, worked out once."""
    decoder, told = msgspec.json.Decoder(kind), shape.type_info(kind)
    if not isinstance(told, shape.StructType):
        return Form(decoder, plain=False, raw=())
    raw = tuple(field.name for field in told.fields if isinstance(field.type, shape.RawType))
    return Form(decoder, _named(told) and all(_all_plain(f.type, 2) for f in told.fields if f.name not in raw), raw)


def _all_plain(kind: shape.Type, depth: int) -> bool:
    """Return whether a type, `depth` levels down, admits only plain values; any that is not known here does not."""
    if depth > MAX_DEPTH:
        return False
    match kind:
        case shape.StrType() | shape.BoolType() | shape.NoneType():
            return True
        case shape.IntType(ge=int(low), le=int(high)):
            return low >= -MAX_INTEGER and high <= MAX_INTEGER
        case shape.LiteralType(values=words):
            return all(isinstance(w, str) or (w is not None and abs(w) <= MAX_INTEGER) for w in words)
        case shape.VarTupleType(item_type=item):
            return _all_plain(item, depth + 1)
        case shape.TupleType(item_types=kinds):
            return all(_all_plain(one, depth + 1) for one in kinds)
        case shape.UnionType(types=kinds):
            return all(_all_plain(one, depth) for one in kinds)
        case shape.StructType(fields=fields):
            return _named(kind) and all(_all_plain(field.type, depth + 1) for field in fields)
    return False


def _named(kind: shape.StructType) -> bool:
    """Return whether a struct is spelled as an object with the keys of its fields, all of which may stand there."""
    return not kind.array_like and kind.tag is None and all(_KEY.fullmatch(f.encode_name) for f in kind.fields)
