"""A recording on its way to the node: read as its format says, paced by its own times, said as happening now."""

import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG
from typing import Final

import msgspec
from rich.progress import Progress, TaskID

from quartet.cli.client import Client
from quartet.cli.nothing import no_plots, none_to_port
from quartet.console.shapes import Taken
from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.node.plots import MAX_PLOTS, Plots
from quartet.node.views import FeedDraft, Published
from quartet.picture.plot import AnyPlot, Plot, RadarPlot, ServiceMessage
from quartet.sensors.door import Heard, Reader, Source
from quartet.sensors.formats import open_reader
from quartet.sensors.order import WORD, Order
from quartet.sensors.pcap import BAD, Datagram, Lost, Pcap, is_pcap

BLOCK: Final = 64 * 1024
FLUSH_SECONDS: Final = 0.5


class Fed(Value, frozen=True):
    """What a replay sent, and what its reader refused or passed by, by reason.

    `ends_early` is whether the file ends in the middle of something; `lost` is where it is damaged within, and how much
    of it was therefore not read: the first places, while `refused` counts all. `backwards` is the number in a capture
    of the first packet whose time ran backwards. `hurried` is whether a radar's plots were sent at another pace than
    their own, so that no speed is known of them.
    """

    id: ItemId
    ref: str
    frames: int
    sightings: int
    refused: dict[str, int]
    ends_early: bool = False
    hurried: bool = False
    lost: tuple[Lost, ...] = ()
    backwards: int | None = None


class Replay:
    """One recording on its way to the node, paced by its own times."""

    def __init__(self, path: Path, format_: str, source: Source, pace: float | None, port: int | None = None) -> None:
        """Read nothing yet; `pace` is how many recorded seconds pass in one, None for no pause at all.

        Of a capture only what went to `port` is read, if one is given.
        """
        try:
            known = path.stat()
        except OSError as error:
            raise _unreadable(path, error) from error
        self.size = known.st_size
        if S_ISREG(known.st_mode) and not self.size:
            raise Malformed("empty-file", f"{path}: the file is empty; name a recording of {format_}")
        self._path = path
        self._pace = pace
        self._port = port
        begins = Micros(known.st_mtime_ns // 1000)
        self._format = format_
        self._reader: Reader = open_reader(format_, msgspec.structs.replace(source, begins=begins))
        self._radar = source.radar
        self._capture: Pcap | None = None
        self._order = Order()
        self._ports: Counter[int] = Counter()
        self._began: tuple[datetime, int] | None = None
        self._hurried = False

    def run(self, client: Client, draft: FeedDraft, bar: Progress, task: TaskID) -> Fed:
        """Begin the feed at the first plot, send all that follow, and tell what was sent."""
        published: Published | None = None
        sent = 0
        for batch in self._batches(bar, task):
            published = published or client.post("/feeds", draft, Published)
            with _stopped(published.ref, sent):
                sent += client.post(f"/feeds/{published.id}/plots", self._body(batch), Taken).taken
        if published is None:
            raise self._nothing()
        counts = self._reader.counts
        refused = dict(counts.refused)
        if self._order.backwards:
            refused[WORD] = refused.get(WORD, 0) + self._order.backwards
        if self._capture is not None and self._capture.skipped[BAD]:
            refused[BAD] = refused.get(BAD, 0) + self._capture.skipped[BAD]
        return Fed(
            published.id,
            published.ref,
            counts.taken,
            sent,
            refused,
            self._ends_early,
            self._hurried,
            () if self._capture is None else tuple(self._capture.lost),
            None if self._order.first is None else self._order.first[0],
        )

    @property
    def _ends_early(self) -> bool:
        return "cut-off" in self._reader.counts.refused or (self._capture is not None and self._capture.cut)

    def _nothing(self) -> Malformed:
        if self._capture is not None and (self._port not in self._ports if self._port else not self._ports):
            return none_to_port(self._path, self._port, self._ports)
        return no_plots(self._path, self._reader.counts.refused)

    def _batches(self, bar: Progress, task: TaskID) -> Iterator[list[AnyPlot]]:
        batch: list[AnyPlot] = []
        flushed = time.monotonic()
        for plot in self._plots(bar, task):
            at = self._at(plot)
            wait = 0.0 if self._pace is None else (at - datetime.now(UTC)).total_seconds()
            due = wait > 0 and time.monotonic() - flushed >= FLUSH_SECONDS
            if batch and (len(batch) >= MAX_PLOTS or wait > FLUSH_SECONDS or due):
                yield batch
                batch, flushed = [], time.monotonic()
            if wait > 0:
                time.sleep(wait)
            batch.append(msgspec.structs.replace(plot, at=Micros(round(at.timestamp() * SECOND))))
        if batch:
            yield batch

    def _plots(self, bar: Progress, task: TaskID) -> Iterator[AnyPlot]:
        try:
            with self._path.open("rb") as source:
                pieces = iter(lambda: source.read(BLOCK), b"")
                for one in self._heard(pieces, bar, task):
                    if not isinstance(one, ServiceMessage):
                        yield one
        except OSError as error:
            raise _unreadable(self._path, error) from error
        except Malformed as fault:
            hint = "" if fault.reason in {"quarantined", WORD} else f"; name a recording of {self._format}"
            raise Malformed(fault.reason, f"{self._path}: {fault.detail}{hint}") from fault

    def _heard(self, pieces: Iterable[bytes], bar: Progress, task: TaskID) -> Iterator[Heard]:
        for number, piece in enumerate(pieces):
            if number == 0 and is_pcap(piece):
                self._capture = Pcap()
            if self._capture is None:
                yield from self._reader.read(piece)
            else:
                yield from self._captured(self._capture.read(piece))
            bar.advance(task, len(piece))
        if self._capture is not None:
            yield from self._captured(self._capture.close())
            for one in self._order.end():
                yield from self._reader.datagram(one.data, one.at)
        yield from self._reader.close()

    def _captured(self, found: Iterable[Datagram]) -> Iterator[Heard]:
        """Yield what the packets to our port say, in the order of their times."""
        for each in found:
            self._ports[each.port] += 1
            if self._port in (None, each.port):
                for one in self._order.take(each):
                    yield from self._reader.datagram(one.data, one.at)

    def _body(self, batch: list[AnyPlot]) -> Plots:
        radar = tuple(one for one in batch if isinstance(one, RadarPlot))
        self._hurried = self._hurried or bool(radar and self._pace != 1.0)
        return Plots(
            plots=tuple(one for one in batch if isinstance(one, Plot)),
            radar=radar,
            stands=(self._radar,) if radar else (),
        )

    def _at(self, plot: AnyPlot) -> datetime:
        now = datetime.now(UTC)
        if self._pace is None:
            return now
        if self._began is None:
            self._began = (now, plot.at)
        began, first = self._began
        return began + timedelta(seconds=(plot.at - first) / SECOND / self._pace)


@contextmanager
def _stopped(ref: str, sent: int) -> Generator[None, None, None]:
    """Have a replay that the node ends say what it had taken: a track that is live needs no sighting twice."""
    try:
        yield
    except Unavailable as fault:
        took = f"the feed {ref} has {sent} sightings; to go on, feed the recording anew"
        raise Unavailable(fault.reason, f"{fault.detail}; {took}") from fault


def _unreadable(path: Path, error: OSError) -> Malformed:
    return Malformed("no-file", f"{path}: {error.strerror}; name a recording that you can read")
