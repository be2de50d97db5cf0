"""One NMEA line becomes a sentence: its time, and its place among the parts of a message.

Before the sentence may stand a tag block (`\\s:mast,c:1720248189*5A\\`), whose `c` is when it was received, in seconds
or milliseconds; or the time may follow it (`...*05,1720248189`), as some receivers write. Checksums must be right.
"""

import re
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

MAX_PARTS: Final = 9
MAX_TIME_S: Final = 4_102_444_800.0
"""1 January 2100: a later time is a slip of units."""
MILLIS_FROM: Final = 10_000_000_000
"""A whole number from here on counts milliseconds."""

_LINE: Final = re.compile(
    rb"(?:\\([^\\]{0,255})\\)?"
    rb"(!(?:AI|AB|BS|AN|AR|AS|AT|AX|SA)VD[MO],([1-9]),([1-9]),([0-9]?),([AB12]?),([0-W`-w]{1,120}),([0-5])\*([0-9A-Fa-f]{2}))"
    rb"(?:,(\d{1,10}(?:\.\d{1,9})?))?"
)
_TAG: Final = re.compile(rb"(.*)\*([0-9A-Fa-f]{2})")
_RECEIVED: Final = re.compile(rb"(?:^|,)c:(\d{1,16})(?:,|$)")


class Sentence(NamedTuple):
    """A sentence, its time if it has one, and which of how many parts of which message on which channel it is."""

    text: bytes
    at: Micros | None
    parts: int
    part: int
    group: tuple[bytes, bytes]


def parse_sentence(line: bytes) -> Sentence:
    """Return the sentence that a line spells, or raise `Malformed("bad-line" | "bad-checksum" | "bad-time")`."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise Malformed("bad-line", f"{line[:40]!r} is no sentence of AIS")
    text, parts, part = found[2], int(found[3]), int(found[4])
    if part > parts:
        raise Malformed("bad-line", f"part {part} of {parts}")
    _check(text[1:-3], found[9])
    return Sentence(text, _time(found[1], found[10]), parts, part, (found[5], found[6]))


def _time(tag: bytes | None, after: bytes | None) -> Micros | None:
    if tag is not None:
        spelt = _TAG.fullmatch(tag)
        if spelt is None:
            raise Malformed("bad-checksum", "a tag block without a checksum")
        _check(spelt[1], spelt[2])
        received = _RECEIVED.search(spelt[1])
        if received is not None:
            return _moment(float(received[1]))
    return None if after is None else _moment(float(after))


def _moment(number: float) -> Micros:
    seconds = number / 1_000 if number >= MILLIS_FROM else number
    if seconds > MAX_TIME_S:
        raise Malformed("bad-time", f"{seconds} s")
    return Micros(round(seconds * SECOND))


def _check(text: bytes, said: bytes) -> None:
    total = 0
    for one in text:
        total ^= one
    if total != int(said, 16):
        raise Malformed("bad-checksum", f"{said.decode()} where {total:02X} is right")
