"""This member's live sensors: each has a feed, whose marking governs what it sees, and a state that says how it is.

A sensor's feed is opened once, by the node, as the settings say, and is the same after a restart. What was recalled is
not opened again by itself: nothing of that sensor is taken until somebody changes its marking or title.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from math import degrees
from statistics import median
from typing import Final

import msgspec

from quartet.core.encoding import Value, digest64, encode
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.verify import Verified
from quartet.node.drafting import feed_item
from quartet.node.frames import Frames
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.sensorviews import OffsetsView
from quartet.node.views import FeedDraft
from quartet.picture.plot import AnyPlot, Counts, ServiceMessage
from quartet.picture.radar import Radar
from quartet.picture.tracker import Offsets
from quartet.store import Tx

SIGMAS_95: Final = 1.96
"""Standard deviations of one number that hold 95 %."""
_KEPT: Final = "sensor-feed:"
NORTHS: Final = 9
"""Passages of an aerial through north that its rotation is measured over."""
MIN_TURN: Final = 1 * SECOND
MAX_TURN: Final = 60 * SECOND
"""A radar turns in 2 to 15 s; further apart than this, passages were lost."""


class SensorState(Value, frozen=True):
    """How a sensor is: what it is, what it feeds, and what came of it; None is "not yet".

    `plots` counts what it saw since the node began, `taken` the records or lines that were understood since its way was
    opened last, `refused` those that were not, or gave nothing, by reason, and `mostly` the most frequent of those that
    speak against it. `trouble` is a reason word for why nothing comes of it now. `rotation_s` is measured from its
    north marks, else as it says. `in_use` is whether it says itself that its data may be used.
    """

    name: str
    format: str
    lat: float
    lon: float
    edition: str | None = None
    feed: ItemId | None = None
    last_heard: Micros | None = None
    plots: int = 0
    taken: int = 0
    refused: dict[str, int] = msgspec.field(default_factory=dict)
    mostly: str | None = None
    quarantined: bool = False
    trouble: str | None = None
    rotation_s: float | None = None
    in_use: bool | None = None


class Sensing:
    """Takes what live sensors saw, each under the marking of its feed, and keeps how each is."""

    def __init__(self, parts: Parts, holdings: Holdings, publisher: Publisher, frames: Frames) -> None:
        self._parts = parts
        self._holdings = holdings
        self._publisher = publisher
        self._frames = frames
        self._opening = asyncio.Lock()
        self._states: dict[str, SensorState] = {}
        self._norths: dict[str, deque[Micros]] = {}
        self._radars: dict[str, Radar] = {}
        self.on_heard: list[Callable[[str, Sequence[AnyPlot], Micros], None]] = []
        """Told of what each sensor saw, by its name, and when."""

    @property
    def states(self) -> tuple[SensorState, ...]:
        """How each sensor is, by name."""
        return tuple(self._states[name] for name in sorted(self._states))

    def offsets(self, state: SensorState) -> OffsetsView | None:
        """Return what a radar's offsets seem to be; None of what is no radar, or did not speak yet."""
        known = {} if state.feed is None else self._frames.tracking.offsets(state.feed)
        return offsets_view(known[state.name]) if state.name in known else None

    def know(self, sensor: SensorState, radar: Radar | None = None) -> None:
        """Know of a sensor from now on, and of how it stands and turns if it is a radar."""
        if radar is not None:
            self._radars[sensor.name] = radar
        self._states[sensor.name] = sensor
        self._norths[sensor.name] = deque(maxlen=NORTHS)

    async def open(self, name: str, draft: FeedDraft) -> ItemId:
        """Open the feed of a sensor, or find the one that was opened under the same words before a restart."""
        async with self._opening:
            feed = await self._opened(_KEPT + digest64("quartet/sensor-feed/v1", encode(draft)), draft)
        self._put(name, feed=feed)
        return feed

    async def _opened(self, key: str, draft: FeedDraft) -> ItemId:
        """Return the feed of these words, which is one for all sensors that share them: they are tracked together."""
        kept = self._parts.store.reader.meta(key)
        if kept is not None:
            return ItemId(kept)

        def note(tx: Tx, item: ItemId) -> None:
            tx.set_meta(key, item)

        return (await self._publisher.by_node(feed_item(draft), None, note)).id

    def heard(self, name: str, plots: Sequence[AnyPlot], counts: Counts, quarantined: bool, now: Micros) -> None:
        """Take what a sensor saw, and note what its door counted since it was opened; an unopened one is noted alone.

        Raise `Malformed("feed-recalled")` where its feed was taken back.
        """
        state = self._state(name)
        self._put(
            name,
            last_heard=now if counts.taken or counts.refused else state.last_heard,
            plots=state.plots + len(plots),
            taken=counts.taken,
            refused=dict(counts.refused),
            mostly=counts.mostly,
            quarantined=quarantined,
            trouble="quarantined" if quarantined else None,
        )
        if plots and state.feed is not None:
            stands = (self._radars[name],) if name in self._radars else ()
            self._frames.take(self._feed(name, state.feed), plots, stands)
        for told in self.on_heard:
            told(name, plots, now)

    def services(self, name: str, messages: Iterable[ServiceMessage], now: Micros) -> None:
        """Note what a sensor says of itself."""
        self._put(name, last_heard=now)
        for message in messages:
            if message.kind == "NORTH":
                self._north(name, message.at)
            elif message.rotation_s is not None and len(self._norths[name]) < 2:
                self._put(name, rotation_s=message.rotation_s)
            if message.in_use is not None:
                self._put(name, in_use=message.in_use)

    def troubled(self, name: str, reason: str | None) -> None:
        """Note why nothing comes of a sensor now, by a reason word; None that its way is open."""
        self._put(name, trouble=reason)

    def _north(self, name: str, at: Micros) -> None:
        norths = self._norths[name]
        if norths and not MIN_TURN <= at - norths[-1] <= MAX_TURN:
            norths.clear()
        norths.append(at)
        if len(norths) > 1:
            turns = [later - earlier for earlier, later in zip(norths, list(norths)[1:], strict=False)]
            self._put(name, rotation_s=median(turns) / SECOND)

    def _feed(self, name: str, item: ItemId) -> Verified:
        feed = self._holdings.verified(item)
        if feed is None:
            self._put(name, trouble="feed-recalled")
            raise Malformed("feed-recalled", f"the feed of {name} was taken back: change its marking or title")
        return feed

    def _state(self, name: str) -> SensorState:
        if name not in self._states:
            raise Malformed("unknown-sensor", f"{name} is no sensor of this member")
        return self._states[name]

    def _put(self, name: str, **changes: object) -> None:
        self._states[name] = msgspec.structs.replace(self._state(name), **changes)


def offsets_view(found: Offsets | None) -> OffsetsView:
    """Return a radar's offsets as an officer is told them; None of one that is not tracked yet."""
    if found is None:
        return OffsetsView(None, None, None, None, None, None, doubtful=False)
    ranges, azimuths, times = found.known
    return OffsetsView(
        *_told(found.range_m, found.sigma_range_m, 1, known=ranges),
        *_told(degrees(found.azimuth_rad), degrees(found.sigma_azimuth_rad), 3, known=azimuths),
        *_told(found.time_s, found.sigma_time_s, 3, known=times),
        doubtful=found.alarm,
    )


def _told(value: float, sigma: float, digits: int, *, known: bool) -> tuple[float | None, float | None]:
    return (round(value, digits), round(SIGMAS_95 * sigma, digits)) if known else (None, None)
