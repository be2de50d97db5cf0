"""Bytes of a Mode S receiver become plots, as they come: in any pieces, in bounded memory.

Text and Beast are told apart by the escape byte, which no text has. A plot keeps the receiver's time, if it has one;
who replays a recording paces and rebases it. A line or frame that is refused is counted by its reason and changes
nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture.plot import Plot
from quartet.sensors.door import Lines, Source, Tallied, Tally
from quartet.sensors.modes.aircraft import Aircraft, Reference
from quartet.sensors.modes.beast import ESCAPE, SYNTHETIC, Beast, BeastFrame, Spacing
from quartet.sensors.modes.frames import decode_frame, extended_squitter
from quartet.sensors.modes.text import RawFrame, checked, parse_line, parse_timeless
from quartet.sensors.order import WORD, Time, Times

MAX_AIRCRAFT: Final = 20_000
"""Aircraft remembered at once; the one that was heard first is forgotten for the next."""
EPOCH: Final = Micros(0)
LIVE_WITHIN: Final = 60 * SECOND
"""How far the time that a line bears may be from when it was received."""
HEADERS: Final = (b"timestamp", b'"timestamp"', b"time,", b"#")
"""How a first line begins that names columns, and any comment."""


class ModeS(Tallied):
    """One receiver: feed it bytes, take plots."""

    def __init__(self, sensor: str, reference: Reference, begins: Micros = EPOCH, *, live: bool = False) -> None:
        super().__init__(sensor, Tally())
        self._sensor = sensor
        self._reference = reference
        self._live = live
        self._spacing = Spacing(begins)
        self._lines = Lines()
        self._beast: Beast | None = None
        self._aircraft: dict[str, Aircraft] = {}
        self._times = Times()

    def read(self, data: bytes, received: Micros | None = None) -> list[Plot]:
        """Return the plots that `data` completes; raise `Malformed("quarantined")` if the source already was."""
        self.check()
        if self._beast is None and ESCAPE in data:
            self._beast = Beast()
        if self._beast is not None:
            return list(self._binary(self._beast.cut(data), received))
        return list(self._plots(self._lines.cut(data), received))

    def datagram(self, data: bytes, received: Micros | None = None) -> list[Plot]:
        """Return the plots of a datagram, whose last line needs no end."""
        return self.read(data if ESCAPE in data or data.endswith(b"\n") else data + b"\n", received)

    def close(self) -> list[Plot]:
        """Return what the last line gives; raise `Malformed("no-frames")` if there never was a frame."""
        self.check()
        last = list(self._plots(self._lines.end(), None))
        if self._tally.counts.taken == 0:
            raise Malformed("no-frames", "not one Mode S frame with a time in it")
        return last

    def _plots(self, lines: Iterable[bytes | None], received: Micros | None) -> Iterator[Plot]:
        for line in lines:
            if self._tally.quarantined:
                return
            if line is None:
                self._tally.refuse("line-too-long")
            elif not line.lower().startswith(HEADERS):
                yield from self._taken(partial(self._spelt, line, received))

    def _binary(self, frames: Iterable[BeastFrame | None], received: Micros | None) -> Iterator[Plot]:
        for frame in frames:
            if self._tally.quarantined:
                return
            if frame is None:
                self._tally.refuse("bad-frame")
            elif frame.counter == SYNTHETIC:
                self._tally.pass_by("synthetic")
            else:
                yield from self._taken(partial(self._unpacked, frame, received))

    def _taken(self, spelt: Callable[[], RawFrame]) -> Iterator[Plot]:
        try:
            plot = self._frame(spelt())
        except Malformed as error:
            self._tally.refuse(error.reason)
            return
        self._tally.take()
        if plot is not None:
            yield plot

    def _spelt(self, line: bytes, received: Micros | None) -> RawFrame:
        """Return the frame of a line and its time: its own, else when it was received, else by its counter."""
        bare = parse_timeless(line)
        if bare is not None:
            return RawFrame(self._counted(bare.counter, received), bare.frame)
        raw = parse_line(line)
        if self._live and received is not None and abs(raw.at - received) > LIVE_WITHIN:
            raise Malformed("time-apart", f"a line bears a time {(raw.at - received) // SECOND} s off")
        if not self._live:
            self._check_order(raw.at)
        return raw

    def _check_order(self, at: Micros) -> None:
        """Raise `Malformed("time-backwards")` for a line of a recording that is earlier than those before it."""
        if self._times.judge(at) is Time.BACKWARDS:
            behind = (self._times.newest - at) // SECOND
            raise Malformed(WORD, f"a line is of {behind} s before another above it")

    def _unpacked(self, frame: BeastFrame, received: Micros | None) -> RawFrame:
        return RawFrame(self._counted(frame.counter, received), checked(frame.frame))

    def _counted(self, counter: int | None, received: Micros | None) -> Micros:
        if received is not None:
            return received
        if counter is None:
            raise Malformed("no-time", "neither the line nor its receiver says when it was")
        return self._spacing.moment(counter)

    def _frame(self, raw: RawFrame) -> Plot | None:
        """Return the plot if `raw` completes one; replies to interrogations name their aircraft unchecked: passed."""
        if not extended_squitter(raw.frame):
            return None
        message = decode_frame(raw.frame)
        return self._known(str(message["icao24"])).hear(raw, message)

    def _known(self, icao24: str) -> Aircraft:
        aircraft = self._aircraft.get(icao24)
        if aircraft is None:
            if len(self._aircraft) >= MAX_AIRCRAFT:
                del self._aircraft[next(iter(self._aircraft))]
            aircraft = self._aircraft[icao24] = Aircraft(icao24, self._sensor, self._reference)
        return aircraft


def read_plots(pieces: Iterable[bytes], sensor: str, reference: Reference) -> Iterator[Plot]:
    """Yield the plots of a whole source, piece by piece; raise `Malformed("quarantined" | "no-frames")`."""
    reader = ModeS(sensor, reference)
    for piece in pieces:
        yield from reader.read(piece)
    yield from reader.close()


def reader_of(source: Source) -> ModeS:
    """Return the reader of a source."""
    return ModeS(source.name, (source.lat, source.lon), source.begins, live=source.live)
