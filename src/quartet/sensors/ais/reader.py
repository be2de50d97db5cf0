"""The door for AIS: lines become sentences, sentences messages (through pyais), messages plots of vessels.

Classes A and B, long-range reports and rescue aircraft are movers; base stations, buoys and what else speaks AIS are
passed by. Whatever the library throws ends here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyais

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.core.units import KNOT_MPS
from quartet.picture.plot import Plot
from quartet.sensors.ais.sentence import Sentence, parse_sentence
from quartet.sensors.door import Lines, Source, Tallied, Tally

MAX_KNOTS: Final = 102.2
"""The fastest a vessel can say; a step more says that it does not know."""
MAX_AIRCRAFT_KNOTS: Final = 1_022.0
MAX_AIRCRAFT_M: Final = 4_094.0
ACCURATE_M: Final = 10.0
"""What a vessel means that calls its position accurate (ITU-R M.1371-5: better than 10 m)."""
MAX_MMSI: Final = 999_999_999
MAX_NAMES: Final = 20_000
"""Vessels whose callsign is remembered; the one that was heard first is forgotten for the next."""
MAX_OPEN: Final = 64
"""Messages of several parts that may be open at once."""
PARTS_WITHIN: Final = 30 * SECOND
LIVE_WITHIN: Final = 60 * SECOND
"""How far the time that a line bears may be from when it was received."""
VESSELS: Final = {1, 2, 3, 18, 19, 27}
AIRCRAFT: Final = 9
NAMES: Final = {5, 24}
NO_COURSE: Final = 360.0

Message = Mapping[str, Any]


class Ais(Tallied):
    """One receiver: feed it bytes, take plots."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.name, Tally())
        self._source = source
        self._lines = Lines()
        self._open: dict[tuple[bytes, bytes], list[Sentence]] = {}
        self._names: dict[str, str] = {}

    def read(self, data: bytes, received: Micros | None = None) -> list[Plot]:
        """Return the plots that `data` completes; raise `Malformed("quarantined")` if the source already was."""
        self.check()
        return list(self._plots(self._lines.cut(data), received))

    def datagram(self, data: bytes, received: Micros | None = None) -> list[Plot]:
        """Return the plots of a datagram, whose last line needs no end."""
        self.check()
        lines = Lines()
        return [*self._plots(lines.cut(data), received), *self._plots(lines.end(), received)]

    def close(self) -> list[Plot]:
        """Return what the last line gives; raise `Malformed("no-lines")` if there never was one of AIS."""
        self.check()
        last = list(self._plots(self._lines.end(), None))
        if self._tally.counts.taken == 0:
            raise Malformed("no-lines", "not one sentence of AIS in it")
        return last

    def _plots(self, lines: Iterable[bytes | None], received: Micros | None) -> Iterator[Plot]:
        for line in lines:
            if self._tally.quarantined:
                return
            if line is None:
                self._tally.refuse("line-too-long")
            elif line.startswith((b"!", b"\\")):
                yield from self._line(line, received)
            else:
                self._tally.pass_by("other-line")

    def _line(self, line: bytes, received: Micros | None) -> Iterator[Plot]:
        try:
            sentence = parse_sentence(line)
            at = self._moment(sentence, received)
            parts = self._whole(sentence._replace(at=at))
            plot = None if parts is None else self._plot(_decoded(parts), self._first(parts))
        except Malformed as error:
            self._tally.refuse(error.reason)
            return
        self._tally.take()
        if plot is not None:
            yield plot

    def _moment(self, sentence: Sentence, received: Micros | None) -> Micros | None:
        if received is None or (sentence.at is not None and not self._source.live):
            return sentence.at
        if sentence.at is None:
            return received
        if abs(sentence.at - received) > LIVE_WITHIN:
            raise Malformed("time-apart", f"a line bears a time {(sentence.at - received) // SECOND} s off")
        return sentence.at

    def _first(self, parts: list[Sentence]) -> Micros | None:
        return next((one.at for one in parts if one.at is not None), None)

    def _whole(self, sentence: Sentence) -> list[Sentence] | None:
        """Return the sentences of the message that this one completes, in order."""
        if sentence.parts == 1:
            return [sentence]
        begun = [] if sentence.part == 1 else self._open.pop(sentence.group, [])
        if len(begun) + 1 != sentence.part or (begun and begun[0].parts != sentence.parts) or _late(begun, sentence):
            raise Malformed("bad-part", f"part {sentence.part} of {sentence.parts} without those before it")
        begun = [*begun, sentence]
        if sentence.part == sentence.parts:
            return begun
        if len(self._open) >= MAX_OPEN:
            del self._open[next(iter(self._open))]
        self._open[sentence.group] = begun
        return None

    def _plot(self, message: Message, at: Micros | None) -> Plot | None:
        kind, mmsi = message.get("msg_type"), message.get("mmsi")
        if not isinstance(mmsi, int) or not 0 < mmsi <= MAX_MMSI:
            raise Malformed("bad-frame", f"{mmsi!r} is no MMSI")
        who = f"{mmsi:09d}"
        if kind in NAMES:
            self._name(who, message.get("callsign"))
            return None
        if kind not in VESSELS and kind != AIRCRAFT:
            self._tally.pass_by("not-a-vessel")
            return None
        lat, lon = _number(message, "lat", 91), _number(message, "lon", 181)
        if lat is None or lon is None:
            self._tally.pass_by("no-position")
            return None
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise Malformed("out-of-range", f"a place at {lat:g}, {lon:g}")
        if at is None:
            raise Malformed("no-time", "neither the line nor its receiver says when it was")
        return self._report(message, at, who, (lat, lon), flies=kind == AIRCRAFT)

    def _report(self, message: Message, at: Micros, who: str, place: tuple[float, float], *, flies: bool) -> Plot:
        limit = MAX_AIRCRAFT_KNOTS if flies else MAX_KNOTS
        speed, course = _number(message, "speed", limit + 1), _number(message, "course", NO_COURSE)
        height = _number(message, "alt", MAX_AIRCRAFT_M + 1) if flies else None
        return Plot(
            at=at,
            sensor=self._source.name,
            icao24=None,
            lat=place[0],
            lon=place[1],
            on_ground=not flies,
            alt_m=height if height is not None and height <= MAX_AIRCRAFT_M else None,
            alt_source="GNSS" if height is not None and height <= MAX_AIRCRAFT_M else None,
            speed_mps=speed * KNOT_MPS if speed is not None and 0 <= speed <= limit else None,
            track_deg=course if course is not None and 0 <= course < NO_COURSE else None,
            callsign=self._names.get(who),
            accuracy_m=ACCURATE_M if message.get("accuracy") else None,
            mmsi=who,
        )

    def _name(self, who: str, callsign: object) -> None:
        if not isinstance(callsign, str) or not callsign.strip(" @"):
            return
        self._names.pop(who, None)
        if len(self._names) >= MAX_NAMES:
            del self._names[next(iter(self._names))]
        self._names[who] = callsign.strip(" @")[:7]


def _late(begun: list[Sentence], sentence: Sentence) -> bool:
    first = begun[0].at if begun else None
    return first is not None and sentence.at is not None and abs(sentence.at - first) > PARTS_WITHIN


def _decoded(parts: list[Sentence]) -> Message:
    try:
        return pyais.decode(*(one.text for one in parts)).asdict()
    except Exception as error:
        raise Malformed("bad-frame", repr(error)[:120]) from error


def _number(message: Message, name: str, unknown: float) -> float | None:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value == unknown:
        return None
    return float(value)
