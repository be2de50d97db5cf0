"""What our radars see, under each marking by itself: plots wait for the tick, and are tracked in a thread.

The tracker's loops are compiled when the first radar speaks, which takes some seconds once on a machine; plots wait for
it meanwhile, and the node goes on.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from typing import Final

import msgspec

from quartet.core.frame import Track
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.picture.local import LocalPicture, warm
from quartet.picture.plot import AnyPlot, RadarPlot
from quartet.picture.radar import USUAL_TURN_S, Radar, turn_of
from quartet.picture.tracker import Offsets

_LOG: Final = logging.getLogger("quartet.tracking")

MAX_WAITING: Final = 50_000
"""Plots of one feed that wait for a tick; beyond it the oldest are dropped: the newest are what a picture is of."""


PATIENCE: Final = 30 * SECOND
"""How long plots of a radar wait until they tell how fast it turns."""


class Feed:
    """One marking's radars, what waits to be tracked, and the tracks."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._waiting: deque[AnyPlot] = deque(maxlen=MAX_WAITING)
        self._said: dict[str, Radar] = {}
        self._radars: dict[str, Radar] = {}
        self._picture: LocalPicture | None = None
        self.tracks: tuple[Track, ...] = ()

    def add(self, radars: Iterable[Radar], plots: Iterable[AnyPlot]) -> None:
        """Let plots wait; a radar that is new to the feed, or is said to be another, begins its tracks anew."""
        for radar in radars:
            if self._said.get(radar.name) != radar:
                self._said[radar.name] = self._radars[radar.name] = radar
                self._picture = None
        self._waiting.extend(plots)

    def begin_anew(self) -> None:
        """Forget the tracks, and what waits."""
        self._picture, self.tracks = None, ()
        self._waiting.clear()

    def work(self, now: Micros) -> None:
        """Track what waits; takes as long as it takes."""
        if self._picture is None:
            self._measure()
            if any(radar.period_s is None for radar in self._radars.values()):
                return
            self._picture = LocalPicture(tuple(self._radars.values()), self._key)
        plots = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._picture.take(plots, now)
        self.tracks = self._picture.tracks(now)

    def _measure(self) -> None:
        """Find how long the turns take that nobody said, by what waits; after a while one that says too little counts
        as an approach radar's."""
        for name, radar in self._radars.items():
            if radar.period_s is None:
                mine = [p for p in self._waiting if isinstance(p, RadarPlot) and p.sensor == name]
                turn = turn_of(mine)
                if turn is None and mine and mine[-1].at - mine[0].at > PATIENCE:
                    turn = USUAL_TURN_S
                if turn is not None:
                    self._radars[name] = msgspec.structs.replace(radar, period_s=min(120.0, max(0.5, turn)))

    @property
    def offsets(self) -> dict[str, Offsets]:
        """What the radars' offsets seem to be, by name."""
        return {} if self._picture is None else self._picture.offsets()


class Tracking:
    """Keeps a tracker for each of our feeds that has a radar."""

    def __init__(self, key: bytes) -> None:
        """Begin with nothing; `key` is what tracks' names are drawn from."""
        self._key = key
        self._radars: dict[str, Radar] = {}
        self._feeds: dict[ItemId, Feed] = {}
        self._warming: asyncio.Task[None] | None = None

    def know(self, radar: Radar) -> None:
        """Know where a radar stands; what one sees that nobody knows is left out."""
        self._radars[radar.name] = radar

    def take(self, feed: ItemId, plots: Iterable[AnyPlot], stands: Iterable[Radar] = ()) -> bool:
        """Take a feed's plots, and return whether its tracks are made here: once a radar that we know spoke in it.

        `stands` says of radars of this feed alone where they stand.
        """
        known = {**self._radars, **{radar.name: radar for radar in stands}}
        taken = [p for p in plots if not isinstance(p, RadarPlot) or p.sensor in known]
        radars = [known[name] for name in sorted({p.sensor for p in taken if isinstance(p, RadarPlot)})]
        if not radars and feed not in self._feeds:
            return False
        self._feeds.setdefault(feed, Feed(self._key + feed.encode()[:32])).add(radars, taken)
        return True

    async def tracks(self, now: Micros) -> dict[ItemId, tuple[Track, ...]]:
        """Return each feed's tracks as of now; nothing before the tracker is ready."""
        if not self._feeds or not self._ready():
            return {}
        feeds = dict(self._feeds)
        await asyncio.to_thread(_work, tuple(feeds.values()), now)
        return {item: feed.tracks for item, feed in feeds.items()}

    def forget(self, feed: ItemId) -> None:
        """Forget a feed that was taken back."""
        self._feeds.pop(feed, None)

    def offsets(self) -> dict[str, Offsets]:
        """Return what each radar's offsets seem to be; one that speaks in several feeds has those of the last."""
        return {name: found for feed in self._feeds.values() for name, found in feed.offsets.items()}

    def _ready(self) -> bool:
        if self._warming is None:
            self._warming = asyncio.create_task(asyncio.to_thread(warm))
        return self._warming.done()


def _work(feeds: tuple[Feed, ...], now: Micros) -> None:
    """Let each feed work; what is wrong with one's tracks begins them anew, and ends neither others' nor the node."""
    for feed in feeds:
        try:
            feed.work(now)
        except Exception:
            _LOG.exception("the tracker of a feed failed: it begins anew")
            feed.begin_anew()
