"""The bytes of a live frame on its way to a map: a header, the tracks column by column, what is gone, new names.

Little-endian and aligned, so that a browser reads the columns where they lie; `docs/reference/track-socket.md` says
each field. Any bytes give a `LiveFrame` or `Malformed`, and each frame has one spelling.
"""

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, MemberId, Micros

MAGIC: Final = b"QTRK"
VERSION: Final = 1
KEYFRAME: Final = 1
DELTA: Final = 2
CUT: Final = 1
"""A flag of the header: there were more tracks than go into a frame."""

PAST: Final = 2
"""A flag of the header: this was, and is not now."""

MAX_SHOWN: Final = 20_000
"""Tracks in one frame."""
MAX_NAME: Final = 128
"""Bytes of a track's own id, and of its members' names."""
NO_ANGLE: Final = 0xFFFF
NO_SPEED: Final = 0xFFFF
NO_ALTITUDE: Final = -0x8000
MAX_AGE: Final = 0xFFFF
AGE_UNIT: Final = SECOND // 100
"""A track's age counts hundredths of a second."""

_HEADER: Final = struct.Struct("<4sBBHIIIIIIq")
_COLUMNS: Final = "IiiHHhHBB"
"""The types of the columns of `Row`, widest first, so that each is aligned."""
_ROW_SIZE: Final = struct.calcsize("<" + _COLUMNS)
_SWAPPED: Final = sys.byteorder == "big"


class Row(NamedTuple):
    """One track: place in 1e-7 degrees, course in 0.01 degree, speed in 0.1 m/s, altitude in 25 ft, age in 0.01 s."""

    id: int
    lon: int
    lat: int
    course: int
    speed: int
    altitude: int
    age: int
    kind: int
    flags: int


class Name(NamedTuple):
    """What a number in a frame stands for: the track's own id, and the members whose tracks are in it, the best
    first."""

    id: int
    track: str
    sources: tuple[MemberId, ...]

    @property
    def source(self) -> MemberId:
        """The member whose track placed it best."""
        return self.sources[0]


class LiveFrame(NamedTuple):
    """A frame: a keyframe has every track, a delta what is other than in the frame `base`, and what is gone since."""

    seq: int
    base: int | None
    epoch: Micros
    rows: tuple[Row, ...]
    removed: tuple[int, ...] = ()
    names: tuple[Name, ...] = ()
    cut: bool = False
    past: bool = False


def write_live(frame: LiveFrame) -> bytes:
    """Return the one spelling of a frame."""
    kind = KEYFRAME if frame.base is None else DELTA
    names = b"".join(_name(one) for one in frame.names)
    counts = len(frame.rows), len(frame.removed), len(frame.names)
    flags = (CUT if frame.cut else 0) | (PAST if frame.past else 0)
    head = _HEADER.pack(*(MAGIC, VERSION, kind, flags), *counts, frame.seq, frame.base or 0, len(names), frame.epoch)
    columns = zip(*frame.rows, strict=True) if frame.rows else (() for _ in _COLUMNS)
    body = b"".join(_packed(code, column) for code, column in zip(_COLUMNS, columns, strict=True))
    return b"".join((head, body, bytes(-len(body) % 4), _packed("I", frame.removed), names))


def read_live(data: bytes) -> LiveFrame:
    """Return the frame that these bytes spell: (1) header, (2) its counts, (3) the size they give, (4) the names."""
    if len(data) < _HEADER.size:
        raise Malformed("bad-live-frame", f"{len(data)} bytes where the header alone has {_HEADER.size}")
    magic, version, kind, flags, count, gone, named, seq, base, names_size, epoch = _HEADER.unpack_from(data)
    if (magic, version) != (MAGIC, VERSION) or kind not in (KEYFRAME, DELTA) or flags & ~(CUT | PAST):
        raise Malformed("bad-live-frame", f"header {data[:8].hex()}")
    if max(count, gone, named) > MAX_SHOWN or named > count or epoch < 0 or (kind == KEYFRAME and (base or gone)):
        raise Malformed("bad-live-frame", f"{count} tracks, {gone} gone, {named} names, from {base}")
    size = count * _ROW_SIZE
    padding = -size % 4
    at = _HEADER.size + size
    if len(data) != at + padding + 4 * gone + names_size or any(data[at : at + padding]):
        raise Malformed(
            "bad-live-frame", f"{len(data)} bytes do not hold {count} tracks, {gone} gone, {names_size} of names"
        )
    columns = []
    offset = _HEADER.size
    for code in _COLUMNS:
        columns.append(_unpacked(code, data, offset, count))
        offset += count * struct.calcsize("<" + code)
    rows = tuple(Row(*row) for row in zip(*columns, strict=True))
    removed = tuple(_unpacked("I", data, at + padding, gone))
    names = tuple(_names(data[len(data) - names_size :], named))
    on = bool(flags & CUT), bool(flags & PAST)
    return LiveFrame(seq, None if kind == KEYFRAME else base, Micros(epoch), rows, removed, names, *on)


def _packed(code: str, column: Iterable[int]) -> bytes:
    made = array(code, column)
    if _SWAPPED:
        made.byteswap()
    return made.tobytes()


def _unpacked(code: str, data: bytes, offset: int, count: int) -> Sequence[int]:
    return struct.unpack_from(f"<{count}{code}", data, offset)


def _name(name: Name) -> bytes:
    track, source = name.track.encode(), " ".join(name.sources).encode()
    return b"".join((name.id.to_bytes(4, "little"), bytes((len(track),)), track, bytes((len(source),)), source))


def _names(data: bytes, count: int) -> Iterable[Name]:
    at = 0
    for _ in range(count):
        number, at = int.from_bytes(data[at : at + 4], "little"), at + 4
        track, at = _text(data, at)
        source, at = _text(data, at)
        yield Name(number, track, tuple(MemberId(one) for one in source.split(" ")))
    if at != len(data):
        raise Malformed("bad-live-frame", f"{len(data) - at} bytes after the names")


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text behind its length, and where it ends."""
    end = at + 1 + (data[at] if at < len(data) else 0)
    if at >= len(data) or end > len(data) or end - at - 1 > MAX_NAME:
        raise Malformed("bad-live-frame", "a name has no end")
    try:
        return data[at + 1 : end].decode(), end
    except UnicodeDecodeError as error:
        raise Malformed("bad-live-frame", "a name is no text") from error
