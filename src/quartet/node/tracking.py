"""What our radars see, under each marking by itself: plots wait for the tick, and are tracked in a thread.

The tracker's loops are compiled when the first radar speaks, which takes some seconds once on a machine; plots wait for
it meanwhile, and the node goes on.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Final

from quartet.core.frame import Track
from quartet.core.ids import ItemId, Micros
from quartet.picture.local import LocalPicture, Radar, warm
from quartet.picture.plot import AnyPlot, RadarPlot
from quartet.picture.tracker import Offsets

MAX_WAITING: Final = 50_000
"""Plots of one feed that wait for a tick; beyond it the oldest are dropped: the newest are what a picture is of."""


class Feed:
    """One marking's radars, what waits to be tracked, and the tracks."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._waiting: deque[AnyPlot] = deque(maxlen=MAX_WAITING)
        self._radars: dict[str, Radar] = {}
        self._picture: LocalPicture | None = None
        self.tracks: tuple[Track, ...] = ()

    def add(self, radars: Iterable[Radar], plots: Iterable[AnyPlot]) -> None:
        """Let plots wait; a radar that is new to the feed begins its tracks anew."""
        known = {**self._radars, **{radar.name: radar for radar in radars}}
        if known != self._radars:
            self._radars, self._picture = known, None
        self._waiting.extend(plots)

    def work(self, now: Micros) -> None:
        """Track what waits; takes as long as it takes."""
        if self._picture is None:
            self._picture = LocalPicture(tuple(self._radars.values()), self._key)
        plots = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._picture.take(plots, now)
        self.tracks = self._picture.tracks(now)

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

    def take(self, feed: ItemId, plots: Iterable[AnyPlot]) -> bool:
        """Take a feed's plots, and return whether its tracks are made here: once a radar that we know spoke in it."""
        taken = [p for p in plots if not isinstance(p, RadarPlot) or p.sensor in self._radars]
        radars = [self._radars[name] for name in {p.sensor for p in taken if isinstance(p, RadarPlot)}]
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
    for feed in feeds:
        feed.work(now)
