"""What every sensor's door does alike: cut lines by length first, count what it refuses, shut when that jumps."""

from collections import Counter, deque
from collections.abc import Iterator
from typing import Final

from quartet.picture.plot import Counts

MAX_LINE: Final = 4_096
"""Bytes in a line without its end; a longer one is refused unread, up to its end."""
WINDOW: Final = 500
"""How many of the last frames the reject rate is taken over."""
MAX_REJECT_RATE: Final = 0.5
"""A source of which more than this part is refused, over a full window, is quarantined."""


class Tally:
    """Count what is taken and refused; bounded, and quarantined for good once the reject rate jumps."""

    def __init__(self) -> None:
        self._taken = 0
        self._refused: Counter[str] = Counter()
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._bad = 0
        self.quarantined = False

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        return Counts(self._taken, dict(self._refused))

    @property
    def rate(self) -> str:
        """The recent reject rate, in words."""
        return f"{self._bad} of the last {len(self._recent)} refused"

    def take(self) -> None:
        """Count one that was taken."""
        self._taken += 1
        self._note(bad=False)

    def refuse(self, reason: str) -> None:
        """Count one that was refused, by its reason word."""
        self._refused[reason] += 1
        self._note(bad=True)

    def _note(self, *, bad: bool) -> None:
        if len(self._recent) == WINDOW:
            self._bad -= self._recent[0]
        self._recent.append(bad)
        self._bad += bad
        if len(self._recent) == WINDOW and self._bad > MAX_REJECT_RATE * WINDOW:
            self.quarantined = True


class Lines:
    """Cut a stream of bytes into lines, in bounded memory; a line that is too long comes as None."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def cut(self, data: bytes) -> Iterator[bytes | None]:
        """Yield each line that ends in `data`."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            yield from self._line(line)
        if len(self._rest) > MAX_LINE:
            self._skipping, self._rest = True, b""

    def end(self) -> Iterator[bytes | None]:
        """Yield the last line, if it had no end."""
        rest, self._rest = self._rest, b""
        if rest or self._skipping:
            yield from self._line(rest)

    def _line(self, line: bytes) -> Iterator[bytes | None]:
        too_long, self._skipping = self._skipping or len(line) > MAX_LINE, False
        if too_long:
            yield None
        elif line.strip():
            yield line.strip()
