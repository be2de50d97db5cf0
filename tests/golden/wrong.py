"""How a right structure is spoilt: one thing wrong, everything else - signatures too - as it should be."""

from typing import Any, NamedTuple

import msgspec

from quartet.core.encoding import b64, encode
from quartet.core.keys import SecretKey, Tag


class Case(NamedTuple):
    """One golden file: the door it is shown at, what it is called, its bytes, and the fault (none: it is right)."""

    kind: str
    name: str
    data: bytes
    fault: str | None
    reason: str | None


def malformed(kind: str, name: str, data: bytes, reason: str) -> Case:
    """Return a file whose sender must mend it."""
    return Case(kind, name, data, "Malformed", reason)


def untrusted(kind: str, name: str, data: bytes, reason: str) -> Case:
    """Return a file that an officer must look at."""
    return Case(kind, name, data, "Untrusted", reason)


def right(kind: str, data: bytes) -> Case:
    """Return a file that passes."""
    return Case(kind, "right", data, None, None)


def plain(value: object) -> dict[str, Any]:
    """Return a structure as a plain object, in the order of its fields."""
    fields: dict[str, Any] = msgspec.json.decode(encode(value))
    return fields


def spelt(value: object, **changes: Any) -> bytes:
    """Return a structure's bytes with some fields changed to anything."""
    return msgspec.json.encode({**plain(value), **changes})


def travelling(tag: Tag, raw: bytes, *keys: SecretKey) -> bytes:
    """Return any bytes with signatures, as charter, acts and manifests travel."""
    signatures = sorted(({"key_id": k.id, "sig": b64(k.sign(tag, raw))} for k in keys), key=lambda s: s["key_id"])
    return msgspec.json.encode({"data": b64(raw), "signatures": signatures})


def flipped(data: bytes, at: int) -> bytes:
    """Return the bytes with one bit turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
