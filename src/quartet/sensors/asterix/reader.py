"""The door for ASTERIX: bytes become blocks, blocks records, records plots and messages; every doubt is counted.

A block is cut by its length before anything in it is read, and counts whole or not at all. A source is on trial first:
what its first blocks give is held until they show that it speaks the edition that is pinned. One that does not is
quarantined, and nothing of it is shown.
"""

from collections.abc import Callable, Iterator
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.picture.plot import AnyPlot, ServiceMessage
from quartet.sensors.asterix.items import Passed
from quartet.sensors.asterix.layout import Field, Layout, Slices, layout
from quartet.sensors.asterix.placed import Broadcast, LocalTargets, SystemTracks
from quartet.sensors.asterix.radar import RadarTargets
from quartet.sensors.asterix.services import Services
from quartet.sensors.asterix.times import DAY, Times
from quartet.sensors.door import Heard, Source, Tallied, Tally

EDITIONS: Final = {10: "1.1", 20: "1.11", 21: "2.6", 34: "1.29", 48: "1.32", 62: "1.20", 63: "1.7", 65: "1.6"}
"""The edition of each category that is read where the settings name no other."""
HEADER: Final = 3
MAX_BLOCKS: Final = 256
"""Blocks in one datagram."""
MAX_RECORDS: Final = 512
"""Records in one block."""
TRIAL: Final = 30
"""So many records are held until a source is believed."""
WINDOW: Final = 100
MAX_REFUSED: Final = 0.1
"""A source of which more than this part is refused is quarantined: one that speaks its edition has hardly any."""

Read = Callable[[Slices, Micros], "AnyPlot | ServiceMessage | Passed"]


class Category:
    """How the records of one category are read, in the edition that is pinned."""

    def __init__(self, form: Layout, source: Source) -> None:
        self.layout = form
        self.sac, self.sic = form.field("010/SAC"), form.field("010/SIC")
        self.time = times_of(form)
        self.read: Read = reading(form, source)


def times_of(form: Layout) -> tuple[Field, ...]:
    """Return where a category has its time of day, the best first."""
    names = {21: ("071", "073", "030", "075", "077"), 48: ("140",), 62: ("070",), 20: ("140",), 10: ("140",)}
    return tuple(form.field(name) for name in names.get(form.category, ("030",)))


def reading(form: Layout, source: Source) -> Read:
    """Return what makes something of a category's records."""
    match form.category:
        case 48:
            return RadarTargets(form, source).read
        case 21:
            return Broadcast(form, source).read
        case 62:
            return SystemTracks(form, source).read
        case 20:
            return LocalTargets(form, source).read
        case 10:
            return _Aerodrome(form, source).read
        case _:
            return Services(form, source).read


class _Aerodrome:
    """CAT 010 says by a record's type which it is: a target report, or a message."""

    def __init__(self, form: Layout, source: Source) -> None:
        self._type = form.field("000")
        self._targets = LocalTargets(form, source)
        self._services = Services(form, source)

    def read(self, slices: Slices, at: Micros) -> AnyPlot | ServiceMessage | Passed:
        return self._targets.read(slices, at) if self._type.raw(slices) == 1 else self._services.read(slices, at)


class Asterix(Tallied):
    """One source: feed it a stream's bytes, or datagrams; take plots and messages."""

    def __init__(self, source: Source) -> None:
        """Load the editions that are pinned, which takes a second; raise `Malformed("unknown-edition")`."""
        super().__init__(source.name, Tally(WINDOW, MAX_REFUSED, TRIAL))
        self._source = source
        self._categories = {n: Category(layout(n, edition), source) for n, edition in pinned(source.editions).items()}
        self._times = Times(live=source.live, begins=Micros(max(source.begins, DAY)))
        self._station: tuple[int | None, int | None] = (source.sac, source.sic)
        self._held: list[Heard] = []
        self._rest = b""
        self._blocks = 0

    def read(self, data: bytes, received: Micros | None = None) -> list[Heard]:
        """Return what the next bytes of a stream complete; raise `Malformed("quarantined")`."""
        self.check()
        data = self._rest + data
        at = 0
        while len(data) - at >= HEADER and not self._tally.quarantined:
            size = int.from_bytes(data[at + 1 : at + HEADER], "big")
            if size < HEADER:
                self._tally.shut("bad-block")  # where the next block begins, nobody knows
            elif len(data) - at < size:
                break
            else:
                self._block(data[at : at + size], received)
                at += size
        self._rest = data[at:]
        return self._out()

    def datagram(self, data: bytes, received: Micros | None = None) -> list[Heard]:
        """Return what a datagram holds; what is left over after its last whole block is refused."""
        self.check()
        at = 0
        for _ in range(MAX_BLOCKS):
            if at == len(data) or self._tally.quarantined:
                return self._out()
            size = int.from_bytes(data[at + 1 : at + HEADER], "big")
            if not HEADER <= size <= len(data) - at:
                break
            self._block(data[at : at + size], received)
            at += size
        if at < len(data) and not self._tally.quarantined:
            self._tally.refuse("bad-block")
        return self._out()

    def close(self) -> list[Heard]:
        """Return what was held, if the source is believed by what came of it.

        Raise `Malformed("quarantined")`, or `Malformed("no-blocks")` where a stream never had a block that is read, and
        does not end with one.
        """
        self.check()
        if self._rest and not self._blocks:
            raise Malformed("no-blocks", "this is neither pcap nor ASTERIX")
        if self._rest:
            self._tally.pass_by("cut-off")
        self._tally.settle()
        self.check()
        held, self._held = self._held, []
        return held

    def check(self) -> None:
        """As of any reader; what was held of a source that is not believed is let go."""
        if self._tally.quarantined:
            self._held.clear()
        super().check()

    def _out(self) -> list[Heard]:
        if self._tally.quarantined:
            self._held.clear()
        if self._tally.quarantined or self._tally.on_trial:
            return []
        held, self._held = self._held, []
        return held

    def _block(self, block: bytes, received: Micros | None) -> None:
        category = self._categories.get(block[0])
        if category is None:
            self._tally.pass_by("other-category")
            return
        self._blocks += 1
        if len(block) == HEADER:  # it says nothing, also nothing of which edition its source speaks
            self._tally.pass_by("empty-block")
            return
        try:
            records = list(_records(category.layout, block))
        except Malformed as error:
            self._tally.refuse(error.reason)
            return
        for slices in records:
            self._record(category, slices, received)

    def _record(self, category: Category, slices: Slices, received: Micros | None) -> None:
        try:
            if not self._ours(category, slices):
                self._tally.pass_by("foreign-source")
                return
            heard = category.read(slices, self._moment(category, slices, received))
        except Malformed as error:
            self._tally.refuse(error.reason)
            return
        self._tally.take()
        self._station = category.sac.raw(slices), category.sic.raw(slices)
        if isinstance(heard, Passed):
            self._tally.pass_by(heard.reason)
        else:
            self._held.append(heard)

    def _ours(self, category: Category, slices: Slices) -> bool:
        """Return whether a record is of the station that this source is; the first one heard is it, if none is set."""
        sac, sic = category.sac.raw(slices), category.sic.raw(slices)
        if sac is None or sic is None:
            raise Malformed("bad-record", "it does not say whose it is")
        return (self._station[0] in (None, sac)) and (self._station[1] in (None, sic))

    def _moment(self, category: Category, slices: Slices, received: Micros | None) -> Micros:
        for field in category.time:
            seconds = field.value(slices)
            if seconds is not None:
                return self._times.moment(seconds, received)
        raise Malformed("no-time", "it does not say when")


def _records(form: Layout, block: bytes) -> Iterator[Slices]:
    """Yield the records of a block, which end where it ends; raise `Malformed`."""
    at = HEADER
    for _ in range(MAX_RECORDS):
        slices, at = form.record(block, at)
        yield slices
        if at == len(block):
            return
    raise Malformed("bad-block", f"more than {MAX_RECORDS} records in a block")


def pinned(editions: tuple[str, ...]) -> dict[int, str]:
    """Return the edition of each category: as named (`048 1.32`), else the usual; raise `Malformed`."""
    found = dict(EDITIONS)
    for words in editions:
        category, _, edition = words.partition(" ")
        if not category.isdigit() or int(category) not in EDITIONS:
            known = ", ".join(f"{number:03}" for number in sorted(EDITIONS))
            raise Malformed("unknown-edition", f"{words!r} is no edition of one of {known}: write it as 048 1.32")
        found[int(category)] = edition
    return found
