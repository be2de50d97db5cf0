"""Beast, the binary way of Mode S receivers: frames behind an escape byte, each with a counter and a signal level.

The counter runs at 12 MHz from when the receiver was switched on. It is no clock: it tells how far two frames are
apart, not when they were.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.core.ids import SECOND, Micros

ESCAPE: Final = 0x1A
SIZES: Final = {0x31: 2, 0x32: 7, 0x33: 14}
"""Bytes of a frame by its type: Mode A/C, short, long."""
COUNTER: Final = 6
HEAD: Final = COUNTER + 1
"""Counter and signal level."""
MAX_RAW: Final = 2 * (HEAD + 14)
"""Bytes of a frame at most, each of them an escape byte and therefore twice."""
RATE: Final = 12_000_000
MAX_STEP_S: Final = 3_600
"""Two frames further apart, or a counter that runs backwards: the receiver was switched on again."""
SYNTHETIC: Final = 0xFF00_4D4C_4154
"""The counter of frames that a server made of positions it reckoned: no receiver heard them."""


class BeastFrame(NamedTuple):
    """A frame in lower-case hex, and its counter."""

    counter: int
    frame: str


class Beast:
    """Cut a stream of bytes into frames, in bounded memory; what is none comes as None."""

    def __init__(self) -> None:
        self._rest = b""

    def cut(self, data: bytes) -> Iterator[BeastFrame | None]:
        """Yield each frame that is whole in `data`; those of Mode A/C and of other types are left out."""
        data = self._rest + data
        at = 0
        while True:
            begin = data.find(ESCAPE, at)
            if begin != at:
                yield from (None,) * (at < len(data))
                if begin < 0:
                    self._rest = b""
                    return
            size = SIZES.get(data[begin + 1]) if begin + 1 < len(data) else 0
            if size is None:
                at = _after(data, begin + 2)
                continue
            body, end = _unescaped(data, begin + 2, HEAD + size)
            if body is None and end < 0:
                self._rest = data[begin:]
                return
            at = end
            if body is None:
                yield None
            elif size > SIZES[0x31]:
                yield BeastFrame(int.from_bytes(body[:COUNTER], "big"), body[HEAD:].hex())


def _after(data: bytes, at: int) -> int:
    """Return where the next frame of a stream begins, at or after a place."""
    while True:
        begin = data.find(ESCAPE, at)
        if begin < 0:
            return len(data)
        if data[begin + 1 : begin + 2] != bytes((ESCAPE,)):
            return begin
        at = begin + 2


def _unescaped(data: bytes, at: int, size: int) -> tuple[bytes | None, int]:
    """Return so many bytes, and where they end: (None, -1) where more must come, (None, end) where a frame begins."""
    body = bytearray()
    while len(body) < size:
        if at >= len(data):
            return None, -1
        if data[at] == ESCAPE:
            if at + 1 >= len(data):
                return None, -1
            if data[at + 1] != ESCAPE:
                return None, at
            at += 1
        body.append(data[at])
        at += 1
    return bytes(body), at


class Spacing:
    """Makes moments of counters, from a first one on."""

    def __init__(self, begins: Micros) -> None:
        self._at = begins
        self._fraction = 0
        self._last: int | None = None

    def moment(self, counter: int) -> Micros:
        """Return when a frame was, if the first one was when the recording began."""
        step = 0 if self._last is None else counter - self._last
        if 0 <= step <= MAX_STEP_S * RATE:
            total = self._fraction + step * SECOND
            self._at, self._fraction = Micros(self._at + total // RATE), total % RATE
        self._last = counter
        return self._at
