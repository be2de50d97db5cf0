"""Bytes of a Mode S receiver become plots, as they come: in any pieces, in bounded memory.

A plot keeps the receiver's time; who replays a recording paces and rebases it. A line or frame that is refused is
counted by its reason and changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from quartet.core.faults import Malformed
from quartet.picture.plot import Counts, Plot
from quartet.sensors.door import MAX_REJECT_RATE, Lines, Tally
from quartet.sensors.modes.aircraft import Aircraft, Reference
from quartet.sensors.modes.frames import decode_frame, extended_squitter
from quartet.sensors.modes.text import RawFrame, parse_line

MAX_AIRCRAFT: Final = 20_000
"""Aircraft remembered at once; the one that was heard first is forgotten for the next."""
HEADERS: Final = (b"timestamp", b'"timestamp"', b"time,", b"#")
"""How a first line begins that names columns, and any comment."""


class ModeS:
    """One receiver: feed it bytes, take plots."""

    def __init__(self, sensor: str, reference: Reference) -> None:
        self._sensor = sensor
        self._reference = reference
        self._lines = Lines()
        self._tally = Tally()
        self._aircraft: dict[str, Aircraft] = {}

    @property
    def counts(self) -> Counts:
        """How many frames were taken, and refused by reason."""
        return self._tally.counts

    @property
    def quarantined(self) -> bool:
        """Whether the reject rate jumped; nothing more is read from this source."""
        return self._tally.quarantined

    def read(self, data: bytes) -> list[Plot]:
        """Return the plots that `data` completes; raise `Malformed("quarantined")` if the source already was."""
        if self._tally.quarantined:
            raise self._quarantine()
        return list(self._plots(self._lines.cut(data)))

    def close(self) -> list[Plot]:
        """Return what the last line gives; raise `Malformed("no-frames")` if there never was a frame."""
        if self._tally.quarantined:
            raise self._quarantine()
        last = list(self._plots(self._lines.end()))
        if self._tally.counts.taken == 0:
            raise Malformed("no-frames", "not one Mode S frame with a time in it")
        return last

    def _quarantine(self) -> Malformed:
        return Malformed("quarantined", f"{self._sensor}: {self._tally.rate}, more than {MAX_REJECT_RATE:.0%}")

    def _plots(self, lines: Iterable[bytes | None]) -> Iterator[Plot]:
        for line in lines:
            if self._tally.quarantined:
                return
            if line is None:
                self._tally.refuse("line-too-long")
            elif not line.lower().startswith(HEADERS):
                yield from self._line(line)

    def _line(self, line: bytes) -> Iterator[Plot]:
        try:
            plot = self._frame(parse_line(line))
        except Malformed as error:
            self._tally.refuse(error.reason)
            return
        self._tally.take()
        if plot is not None:
            yield plot

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
