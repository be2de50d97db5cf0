"""MessagePack with one spelling for each value, and the padding that hides how long a plaintext is.

A plaintext is four bytes of length, what it holds, and zeros up to 1, 2, 4, ... or 512 KiB: the smallest that holds it,
or the one size that all have where a charter asks for cover.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import msgspec

from quartet.core.cover import COVER_SIZES
from quartet.core.faults import Malformed

MIN_PLAINTEXT: Final = 1024
MAX_PLAINTEXT: Final = 512 * 1024
LENGTH_SIZE: Final = 4

_ENCODER: Final = msgspec.msgpack.Encoder()
V = TypeVar("V")


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> "msgspec.msgpack.Decoder[Any]":
    return msgspec.msgpack.Decoder(kind)


def write_packed(value: object) -> bytes:
    """Return the one MessagePack spelling of `value`."""
    return _ENCODER.encode(value)


def read_packed(data: bytes, kind: type[V], limit: int) -> V:
    """Return the value that `data` spells, or raise `Malformed`: (1) size, (2) shape, (3) its one spelling."""
    if len(data) > limit:
        raise Malformed("too-large", f"{len(data)} bytes where {limit} may be")
    try:
        value: V = _decoder(cast(Hashable, kind)).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    if _ENCODER.encode(value) != data:
        raise Malformed("not-canonical", "another spelling of the same value")
    return value


def pad(inner: bytes, fixed: int | None = None) -> bytes:
    """Return the smallest plaintext that holds `inner`, or the one of a `fixed` size; or raise `Malformed`."""
    size = fixed or MIN_PLAINTEXT
    while size < len(inner) + LENGTH_SIZE and fixed is None:
        size *= 2
    if size > MAX_PLAINTEXT or size < len(inner) + LENGTH_SIZE:
        raise Malformed("too-large", f"{len(inner)} bytes where {(fixed or MAX_PLAINTEXT) - LENGTH_SIZE} may be")
    return b"".join((len(inner).to_bytes(LENGTH_SIZE, "big"), inner, bytes(size - LENGTH_SIZE - len(inner))))


def unpad(plaintext: bytes) -> bytes:
    """Return what a plaintext holds, or raise `Malformed`: (1) a padded size, (2) length, (3) zeros after it.

    The size is the smallest that is enough, or one that a cover gives to all.
    """
    size = len(plaintext)
    if not MIN_PLAINTEXT <= size <= MAX_PLAINTEXT or size & (size - 1):
        raise Malformed("padding-size", f"{size} bytes are none of 1, 2, 4, ... 512 KiB")
    length = int.from_bytes(plaintext[:LENGTH_SIZE], "big")
    end = LENGTH_SIZE + length
    if end > size or (size > MIN_PLAINTEXT and size not in COVER_SIZES and end <= size // 2):
        raise Malformed("padding-length", f"{length} bytes in {size}")
    if plaintext.count(0, end) != size - end:
        raise Malformed("padding-not-zero", "what follows is not zeros")
    return plaintext[LENGTH_SIZE:end]
