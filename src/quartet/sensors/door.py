"""What every sensor's door does alike: cut lines by length first, count what it refuses, shut when that jumps.

A `Source` says what a sensor is, a `Reader` takes its bytes; each format has one of its own.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.picture.plot import AnyPlot, Counts, ServiceMessage
from quartet.picture.radar import Radar
from quartet.sensors.mending import mend

MAX_LINE: Final = 4_096
"""Bytes in a line without its end; a longer one is refused unread, up to its end."""
WINDOW: Final = 500
"""How many of the last frames the reject rate is taken over."""
MAX_REJECT_RATE: Final = 0.5
"""A source of which more than this part is refused, over a full window, is quarantined."""


Heard = AnyPlot | ServiceMessage
"""What comes of a sensor's bytes."""


class Source(Value, frozen=True):
    """What is known of a sensor before it speaks: where it stands (degrees, metres), and how it speaks.

    `sac` and `sic` are ASTERIX's name of it; None takes the first that is heard. `editions` are of categories, as
    `048 1.32`. `exercise` lets test and simulated targets through. A `live` source speaks of now; one that is not is a
    recording, whose times count from `begins` where it does not say the day.
    """

    name: str
    lat: float
    lon: float
    height_m: float = 0.0
    sac: int | None = None
    sic: int | None = None
    editions: tuple[str, ...] = ()
    exercise: bool = False
    live: bool = False
    begins: Micros = Micros(0)
    range_sigma_m: float = 60.0
    azimuth_sigma_deg: float = 0.08
    rotation_s: float | None = None

    @property
    def radar(self) -> Radar:
        """The sensor as the tracker knows a radar."""
        return Radar(
            name=self.name,
            lat=self.lat,
            lon=self.lon,
            height_m=self.height_m,
            period_s=self.rotation_s,
            sigma_range_m=self.range_sigma_m,
            sigma_azimuth_deg=self.azimuth_sigma_deg,
        )


class Reader(Protocol):
    """Takes a sensor's bytes; refuses by counting, and raises `Malformed("quarantined")` alone."""

    @property
    def counts(self) -> Counts:
        """What was taken, and refused by reason."""

    @property
    def quarantined(self) -> bool:
        """Whether nothing more is read of this source."""

    def read(self, data: bytes, received: Micros | None = None) -> Sequence[Heard]:
        """Return what the next bytes of a stream complete."""

    def datagram(self, data: bytes, received: Micros | None = None) -> Sequence[Heard]:
        """Return what a datagram holds, which is whole in itself."""

    def close(self) -> Sequence[Heard]:
        """Return what the end of the stream completes."""


class Tally:
    """Count what is taken and refused; bounded, and quarantined for good once the reject rate jumps.

    With a `trial`, the rate is judged from that many on: a source is believed only after it.
    """

    def __init__(self, window: int = WINDOW, rate: float = MAX_REJECT_RATE, trial: int = 0) -> None:
        self._taken = 0
        self._refused: Counter[str] = Counter()
        self._against: Counter[str] = Counter()
        self._window = window
        self._rate = rate
        self._trial = trial
        self._recent: deque[bool] = deque(maxlen=window)
        self._bad = 0
        self.quarantined = False

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        mostly = max(sorted(self._against), key=self._against.__getitem__, default=None)
        return Counts(self._taken, dict(self._refused), mostly)

    @property
    def rate(self) -> str:
        """The recent reject rate, in words."""
        return f"{self._bad} of the last {len(self._recent)} refused"

    @property
    def on_trial(self) -> bool:
        """Whether too few came yet to judge the source by."""
        return len(self._recent) < self._trial

    def take(self) -> None:
        """Count one that was taken."""
        self._taken += 1
        self._note(bad=False)

    def refuse(self, reason: str) -> None:
        """Count one that was refused, by its reason word."""
        self._refused[reason] += 1
        self._against[reason] += 1
        self._note(bad=True)

    def pass_by(self, reason: str) -> None:
        """Count one that is not for us, or says nothing of a place: it speaks neither for nor against the source."""
        self._refused[reason] += 1

    def settle(self) -> None:
        """Judge a source that ended by what came of it."""
        if self.on_trial and self._bad > self._rate * len(self._recent):
            self.quarantined = True

    def shut(self, reason: str) -> None:
        """Count one that was refused, after which nothing of the source can be read."""
        self.refuse(reason)
        self.quarantined = True

    def _note(self, *, bad: bool) -> None:
        if len(self._recent) == self._window:
            self._bad -= self._recent[0]
        self._recent.append(bad)
        self._bad += bad
        judged = max(len(self._recent), self._trial) if self._trial else self._window
        if (self._trial or len(self._recent) == self._window) and self._bad > self._rate * judged:
            self.quarantined = True


class Tallied:
    """What every reader of ours says of what it counted, and that it refuses to read on once it is quarantined."""

    def __init__(self, name: str, tally: Tally) -> None:
        """Count for the source of this name."""
        self._source_name = name
        self._tally = tally

    @property
    def counts(self) -> Counts:
        """How many were taken, and how many were refused or passed by, by reason."""
        return self._tally.counts

    @property
    def quarantined(self) -> bool:
        """Whether the source is not believed; nothing more is read of it."""
        return self._tally.quarantined

    def check(self) -> None:
        """Raise `Malformed("quarantined")`, with what was refused and what to do, of a source that is not believed."""
        if self._tally.quarantined:
            found = self.counts
            counts = ", ".join(f"{count} {reason}" for reason, count in sorted(found.refused.items()))
            said = f"{self._source_name}: {self._tally.rate} ({counts}); {mend(found.mostly)}"
            raise Malformed("quarantined", said)


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
