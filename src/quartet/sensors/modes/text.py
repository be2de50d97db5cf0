"""One line of text becomes one raw frame and its time. These spellings are read:

`{"timestamp": 1720248189.525094, "frame": "8f39..."}`  JSON; whatever else it holds is not looked at
`@1720248189.525094*8f39...;`                           AVR with the time in seconds
`1720248189.525094,8f39...`                             CSV, further columns ignored
`*8f39...;`                                             AVR without a time
`@0123456789AB8f39...;`                                 AVR with a counter, which is no time

The time is the receiver's, in seconds since 1970 UTC. A line without one counts from when it was received.
"""

import re
from typing import Final, NamedTuple

import msgspec

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

MAX_TIME_S: Final = 4_102_444_800.0
"""1 January 2100: a later time is a slip of units."""

_FRAME: Final = re.compile(r"(?:[0-9a-f]{14}|[0-9a-f]{28})", re.ASCII)
_TIME: Final = rb"(\d{1,10}(?:\.\d{1,9})?)"
_AVR: Final = re.compile(rb"@" + _TIME + rb"\s*\*([0-9A-Fa-f]{1,64});")
_BARE: Final = re.compile(rb"(?:\*|@([0-9A-Fa-f]{12}))([0-9A-Fa-f]{1,64});")
_CSV: Final = re.compile(rb'"?' + _TIME + rb'"?\s*,\s*"?([0-9A-Fa-f]{1,64})"?\s*(?:,.*)?')


class RawFrame(NamedTuple):
    """A frame as the receiver had it, in lower-case hex (56 or 112 bits), and when."""

    at: Micros
    frame: str


class _JsonLine(msgspec.Struct):
    timestamp: float
    frame: str


_DECODER: Final = msgspec.json.Decoder(_JsonLine)


class CountedFrame(NamedTuple):
    """A frame without a time, in lower-case hex; with a 12 MHz counter, or None."""

    counter: int | None
    frame: str


def parse_timeless(line: bytes) -> CountedFrame | None:
    """Return the frame of a line that bears no time; None for any other line. Raise `Malformed("bad-frame")`."""
    found = _BARE.fullmatch(line)
    if found is None:
        return None
    return CountedFrame(None if found[1] is None else int(found[1], 16), checked(found[2].decode("ascii").lower()))


def checked(frame: str) -> str:
    """Return a frame of 14 or 28 hex digits, or raise `Malformed("bad-frame")`."""
    if not _FRAME.fullmatch(frame):
        raise Malformed("bad-frame", f"{frame[:40]!r} is not 14 or 28 hex digits")
    return frame


def parse_line(line: bytes) -> RawFrame:
    """Return the frame that `line` spells, or raise `Malformed("bad-line" | "bad-time" | "bad-frame")`."""
    seconds, frame = _json(line) if line.startswith(b"{") else _plain(line)
    if not 0 <= seconds <= MAX_TIME_S:
        raise Malformed("bad-time", f"{seconds!r} s")
    return RawFrame(Micros(round(seconds * SECOND)), checked(frame))


def _json(line: bytes) -> tuple[float, str]:
    try:
        read = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("bad-line", str(error)[:120]) from error
    return read.timestamp, read.frame.lower()


def _plain(line: bytes) -> tuple[float, str]:
    found = _AVR.fullmatch(line) or _CSV.fullmatch(line)
    if found is None:
        raise Malformed("bad-line", f"{line[:40]!r} is no frame with a time")
    return float(found[1]), found[2].decode("ascii").lower()
