"""What our radars see, under each marking by itself: plots wait for the tick, and are tracked in a thread.

The tracker's loops are compiled when the first radar speaks, which takes some seconds once on a machine; plots wait for
it meanwhile, and the node goes on.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from quartet.core.faults import Malformed
from quartet.core.frame import Track
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.node.loops import TRACKED, made_ready
from quartet.picture.local import LocalPicture
from quartet.picture.plot import AnyPlot, RadarPlot
from quartet.picture.radar import SHORTEST_S, USUAL_TURN_S, Radar, turn_of
from quartet.picture.tracker import Offsets

_LOG: Final = logging.getLogger("quartet.tracking")

MAX_WAITING: Final = 50_000
"""Plots of one feed that wait for a tick; beyond it the oldest are dropped: the newest are what a picture is of."""
MAX_RADARS: Final = 64
"""Radars under one marking: twice as many as EUROCONTROL's tracker takes."""
LONGEST_S: Final = 120.0
"""No radar turns slower."""
PATIENCE: Final = 30 * SECOND
"""How long plots of a radar wait until they tell how fast it turns."""


class Inbox(NamedTuple):
    """What came for a feed since the last tick: plots, and all radars that ever spoke in it, as they are said to be."""

    plots: tuple[AnyPlot, ...]
    radars: Mapping[str, Radar]


class Feed:
    """One marking's radars, and the tracks.

    Plots are added by the node's loop and worked at in a thread: what one of them touches, the other does not. Between
    them goes an `Inbox`, which nobody changes.
    """

    def __init__(self, key: bytes) -> None:
        self._waiting: deque[AnyPlot] = deque(maxlen=MAX_WAITING)
        self._said: Mapping[str, Radar] = MappingProxyType({})
        self._work = Work(key)

    def add(self, radars: Iterable[Radar], plots: Iterable[AnyPlot]) -> None:
        """Let plots wait; raise `Malformed("too-many-radars")` where the feed has as many radars as may be."""
        said = MappingProxyType({**self._said, **{radar.name: radar for radar in radars}})
        if len(said) > MAX_RADARS:
            raise Malformed("too-many-radars", f"{len(said)} radars where {MAX_RADARS} may speak under one marking")
        self._said = said
        self._waiting.extend(plots)

    def taken(self) -> "tuple[Work, Inbox]":
        """Return who works, and what came; it waits no longer."""
        came = tuple(self._waiting)
        self._waiting.clear()
        return self._work, Inbox(came, self._said)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that the last work found."""
        return self._work.tracks

    @property
    def offsets(self) -> dict[str, Offsets | None]:
        """What the last work found of each radar that ever spoke, by name; None while it is not tracked yet."""
        return {name: self._work.offsets.get(name) for name in self._said}


class Work:
    """A feed's tracker; used by one thread at a time."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._said: Mapping[str, Radar] = {}
        self._radars: dict[str, Radar] = {}
        self._held: deque[AnyPlot] = deque(maxlen=MAX_WAITING)
        self._picture: LocalPicture | None = None
        self.tracks: tuple[Track, ...] = ()
        self.offsets: Mapping[str, Offsets] = {}

    def begin_anew(self) -> None:
        """Forget the tracks, and what was held."""
        self._forget()
        self._held.clear()

    def do(self, inbox: Inbox, now: Micros) -> None:
        """Track what came; a radar that is new, or is said to be another, begins the tracks anew."""
        if inbox.radars != self._said:
            changed = {name: one for name, one in inbox.radars.items() if self._said.get(name) != one}
            self._said, self._radars = inbox.radars, {**self._radars, **changed}
            self._forget()
        self._held.extend(inbox.plots)
        if self._picture is None and not self._begun():
            return
        assert self._picture is not None
        self._picture.take(tuple(self._held), now)
        self._held.clear()
        self.tracks, self.offsets = self._picture.tracks(now), self._picture.offsets()

    def _forget(self) -> None:
        self._picture, self.tracks, self.offsets = None, (), {}

    def _begun(self) -> bool:
        """Begin once it is known of every radar how fast it turns; return whether that is so."""
        for name, radar in self._radars.items():
            turn = radar.period_s or self._turn(name)
            if turn is None:
                return False
            self._radars[name] = msgspec.structs.replace(radar, period_s=min(LONGEST_S, max(SHORTEST_S, turn)))
        self._picture = LocalPicture(tuple(self._radars.values()), self._key)
        return True

    def _turn(self, name: str) -> float | None:
        """Return how long a turn takes by what is held; one that says too little for a while counts as usual."""
        mine = [plot for plot in self._held if isinstance(plot, RadarPlot) and plot.sensor == name]
        waited = mine[-1].at - mine[0].at if mine else 0
        return turn_of(mine) or (USUAL_TURN_S if waited > PATIENCE else None)


class Tracking:
    """Keeps a tracker for each of our feeds that has a radar."""

    def __init__(self, key: bytes) -> None:
        """Begin with nothing; `key` is what tracks' names are drawn from."""
        self._key = key
        self._feeds: dict[ItemId, Feed] = {}
        self._warming: asyncio.Task[None] | None = None

    def take(self, feed: ItemId, plots: Iterable[AnyPlot], stands: Iterable[Radar] = ()) -> bool:
        """Take a feed's plots, and return whether its tracks are made here: once a radar that we know spoke in it.

        `stands` says of radars of this feed alone where they stand; what one sees of which that is not said is left
        out. No feed's plots are placed by where another's radar stands: that is for who may see the other.
        """
        known = {radar.name: radar for radar in stands}
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
        await asyncio.to_thread(_do, [feed.taken() for feed in self._feeds.values()], now)
        return {item: feed.tracks for item, feed in self._feeds.items()}

    def offsets(self, feed: ItemId) -> dict[str, Offsets | None]:
        """Return what the offsets of a feed's radars seem to be, by name; None of one while it is not tracked yet."""
        return self._feeds[feed].offsets if feed in self._feeds else {}

    def forget(self, feed: ItemId) -> None:
        """Forget a feed that was taken back."""
        self._feeds.pop(feed, None)

    def _ready(self) -> bool:
        if self._warming is None:
            self._warming = asyncio.create_task(made_ready(TRACKED))
        return self._warming.done()


def _do(came: Iterable[tuple[Work, Inbox]], now: Micros) -> None:
    """Let each feed work; what is wrong with one's tracks begins them anew, and ends neither others' nor the node."""
    for work, inbox in came:
        try:
            work.do(inbox, now)
        except Exception:
            _LOG.exception("the tracker of a feed failed: it begins anew")
            work.begin_anew()
