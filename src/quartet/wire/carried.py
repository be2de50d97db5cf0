"""A file that takes sealed parcels across an air gap: what a hub sees of them, and nothing more.

Who has the file reads the exchange, from whom it is and for whom, how many records of which size; each parcel stays
sealed and counts by its own signature, its number and its hash. A record `m` says whom to seal for, as it does before
trust on a hub. Read and write here have no rule beyond that: what is in a record is judged where it is opened.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final, Literal, cast

import msgspec
from msgspec import Meta, structs

from quartet.core.faults import Malformed
from quartet.core.ids import MemberField, MemberId
from quartet.core.packing import read_packed, write_packed
from quartet.wire.carrier import MAX_DATA

MAGIC: Final = b"quartet carry 1\n"
"""How each such file begins; the digit is the version."""
MAX_CARRIED: Final = 256 * 1024 * 1024
"""Bytes of one file."""
MAX_RECORDS: Final = 8_192
MAX_BAD: Final = 64
"""After so many records in a row that cannot be taken the rest of a file is left."""
MAX_HEAD: Final = 256
LENGTH: Final = 4
RECORD: Final = 1 + LENGTH
"""What stands before each record's bytes: its kind, and how many they are."""

CarriedKind = Literal["m", "p"]
"""m: a manifest and epoch keys; p: a sealed parcel. As on a hub; frames of the picture are of the moment, and stay."""
_KINDS: Final = frozenset({b"m", b"p"})


class Record(msgspec.Struct, frozen=True):
    """One thing that a file carries."""

    kind: CarriedKind
    data: bytes


class Head(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Of which exchange a file is, from whom and for whom, and how many records follow."""

    exchange: Annotated[bytes, Meta(min_length=32, max_length=32)]
    frm: MemberField
    to: MemberField
    count: Annotated[int, Meta(ge=1, le=MAX_RECORDS)]


class Carried(msgspec.Struct, frozen=True):
    """A file: its head, and its records in their order."""

    head: Head
    records: tuple[Record, ...]


def write_carried(exchange: bytes, frm: str, to: str, records: Sequence[Record]) -> bytes:
    """Return the one spelling of a file; raise `Malformed` for more than one may hold."""
    if not 1 <= len(records) <= MAX_RECORDS:
        raise Malformed("bad-length", f"{len(records)} records where 1 to {MAX_RECORDS} may be")
    head = write_packed(Head(exchange, MemberId(frm), MemberId(to), len(records)))
    pieces = [MAGIC, len(head).to_bytes(LENGTH, "big"), head]
    for record in records:
        pieces += [record.kind.encode(), _size_of(record).to_bytes(LENGTH, "big"), record.data]
    data = b"".join(pieces)
    if len(data) > MAX_CARRIED:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_CARRIED} may be")
    return data


def _size_of(record: Record) -> int:
    if not 1 <= len(record.data) <= MAX_DATA:
        raise Malformed("too-large", f"a record of {len(record.data)} bytes where 1 to {MAX_DATA} may be")
    return len(record.data)


def read_carried(data: bytes) -> Carried:
    """Return what a file holds, or raise `Malformed`; nothing else escapes.

    (1) size, (2) how it begins, (3) its head, (4) as many records as that says, each of a kind and a size that may be,
    (5) nothing behind them.
    """
    if len(data) > MAX_CARRIED:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_CARRIED} may be")
    if not data.startswith(MAGIC):
        raise Malformed("not-carried", "no file that `quartet carry out` of this version wrote")
    at = len(MAGIC)
    size = _length(data, at, MAX_HEAD)
    at += LENGTH
    head = read_packed(_cut(data, at, size), Head, MAX_HEAD)
    at += size
    records = []
    for _ in range(head.count):
        record = _record(data, at)
        records.append(record)
        at += RECORD + len(record.data)
    if at != len(data):
        raise Malformed("bad-length", f"{len(data) - at} bytes behind the last record")
    return Carried(head, tuple(records))


def _record(data: bytes, at: int) -> Record:
    kind = _cut(data, at, 1)
    if kind not in _KINDS:
        raise Malformed("bad-shape", f"a record of kind {kind!r}")
    size = _length(data, at + 1, MAX_DATA)
    if size == 0:
        raise Malformed("bad-length", "an empty record")
    return Record(cast(CarriedKind, kind.decode()), _cut(data, at + RECORD, size))


def _length(data: bytes, at: int, most: int) -> int:
    size = int.from_bytes(_cut(data, at, LENGTH), "big")
    if size > most:
        raise Malformed("bad-length", f"{size} bytes where {most} may be")
    return size


def _cut(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) != size:
        raise Malformed("cut-short", f"it ends after {len(data)} bytes: copy it again")
    return found


def portions(carried: Carried, most: int) -> Iterator[bytes]:
    """Yield a file as several of at most `most` bytes, in order: what one request may hold."""
    head, waiting, room = carried.head, list[Record](), most - MAX_HEAD
    for record in carried.records:
        size = RECORD + len(record.data)
        if waiting and size > room:
            yield _again(head, waiting)
            waiting, room = [], most - MAX_HEAD
        waiting.append(record)
        room -= size
    yield _again(head, waiting)


def _again(head: Head, records: Iterable[Record]) -> bytes:
    held = tuple(records)
    counted = structs.replace(head, count=len(held))
    return write_carried(counted.exchange, counted.frm, counted.to, held)
