"""What this member's own sensors heard aircraft say, and measured of them: feed by feed, for whom may see that feed.

Frames tell where aircraft are; Flight ID, Mode 3/A code and single plots are in none. They stay here.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians, sin
from typing import Final, NamedTuple

import numpy as np

from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.units import NM_M
from quartet.picture.geodesy import distance_m
from quartet.picture.identify.evidence import Measured, Said
from quartet.picture.plot import AnyPlot, Plot, RadarPlot, own_name
from quartet.picture.projection import radar_places
from quartet.picture.radar import Radar
from quartet.picture.track import SIGMAS_95

MAX_LABELS: Final = 20_000
MAX_WAITING: Final = 50_000
"""Reports of one feed that wait to be looked at; the oldest go first."""
MAX_CODES: Final = 4_000
FRESH: Final = 300 * SECOND
"""For so long an aircraft counts as saying what it said."""
NEAR_M: Final = NM_M
NEAR: Final = 10 * SECOND
UNKNOWN_HEIGHT_M: Final = 3_000.0
SIGMA_M: Final = 60.0
_CELL: Final = 20.0


class Label(NamedTuple):
    """What an aircraft said of itself, and when last."""

    at: Micros
    flight_id: str | None = None
    code: str | None = None
    feeds: frozenset[str] = frozenset()


class Coded(NamedTuple):
    """What a radar saw at a place of one that told no address: its Mode 3/A code, or that it answered nothing."""

    at: Micros
    lat: float
    lon: float
    code: str | None
    silent: bool
    feeds: frozenset[str] = frozenset()


class Reports(NamedTuple):
    """What came of one feed since somebody looked: of each address, in the order in which it came."""

    said: list[tuple[str, Said]]
    measured: list[tuple[str, Measured]]


class Heard:
    """Remembers what was heard on each feed of ours."""

    def __init__(self) -> None:
        self._labels: dict[ItemId, dict[str, Label]] = {}
        self._codes: dict[ItemId, deque[Coded]] = {}
        self._said: dict[ItemId, deque[tuple[str, Said]]] = {}
        self._measured: dict[ItemId, deque[tuple[str, Measured]]] = {}

    @property
    def feeds(self) -> tuple[ItemId, ...]:
        """The feeds on which anything was heard."""
        return tuple(self._labels)

    def take(self, feed: ItemId, plots: Sequence[AnyPlot], radars: Mapping[str, Radar]) -> None:
        """Take what came on a feed."""
        labels = self._labels.setdefault(feed, {})
        for plot in plots:
            _label(labels, plot)
        while len(labels) > MAX_LABELS:
            del labels[next(iter(labels))]
        said = self._said.setdefault(feed, deque(maxlen=MAX_WAITING))
        by = frozenset({feed})
        said.extend((name, _said(p, by)) for p in plots if isinstance(p, Plot) and (name := own_name(p)) is not None)
        for name, radar in radars.items():
            mine = [plot for plot in plots if isinstance(plot, RadarPlot) and plot.sensor == name]
            if mine:
                self._take_radar(feed, radar, mine)

    def drained(self) -> dict[ItemId, Reports]:
        """Return what came since the last time, feed by feed; it waits no longer."""
        feeds = self._said.keys() | self._measured.keys()
        found = {feed: Reports(list(self._said.get(feed, ())), list(self._measured.get(feed, ()))) for feed in feeds}
        self._said.clear()
        self._measured.clear()
        return found

    def label(self, feeds: Iterable[ItemId], address: str, now: Micros) -> Label:
        """Return what an aircraft said last on some feeds; a Flight ID and a code for as long as they are fresh."""
        known = [(found, feed) for feed in feeds if (found := self._labels.get(feed, {}).get(address)) is not None]
        fresh = sorted((one for one in known if now - one[0].at <= FRESH), key=lambda one: -one[0].at)
        named, coded = (next((one for one in fresh if one[0][place]), None) for place in (1, 2))
        return Label(
            now,
            None if named is None else named[0].flight_id,
            None if coded is None else coded[0].code,
            frozenset(one[1] for one in (named, coded) if one is not None),
        )

    def coded(self, feeds: Iterable[ItemId], lat: float, lon: float, at: Micros) -> Coded | None:
        """Return what was seen nearest to a place of one that tells no address; None where nothing was."""
        near = [
            (distance_m((lat, lon), (one.lat, one.lon)), one)
            for feed in feeds
            for one in tuple(self._codes.get(feed, ()))
            if abs(one.at - at) <= NEAR and abs(one.lat - lat) < 1 / _CELL
        ]
        far, found = min(near, key=lambda one: one[0], default=(NEAR_M + 1, None))
        return found if far <= NEAR_M else None

    def forget(self, feed: ItemId) -> None:
        """Forget a feed that was taken back."""
        for held in (self._labels, self._codes, self._said, self._measured):
            held.pop(feed, None)

    def _take_radar(self, feed: ItemId, radar: Radar, plots: Sequence[RadarPlot]) -> None:
        heights = np.array([UNKNOWN_HEIGHT_M if p.alt_m is None else p.alt_m for p in plots])
        slant = np.array([p.range_m for p in plots])
        turned = np.radians([p.azimuth_deg for p in plots])
        lats, lons = radar_places(radar.lat, radar.lon, radar.height_m, slant, turned, heights)
        measured = self._measured.setdefault(feed, deque(maxlen=MAX_WAITING))
        codes, by = self._codes.setdefault(feed, deque(maxlen=MAX_CODES)), frozenset({feed})
        for plot, lat, lon in zip(plots, lats.tolist(), lons.tolist(), strict=True):
            name = own_name(plot)
            if name is not None:
                covariance = _covariance(plot, radar)
                measured.append((name, Measured(plot.at, lat, lon, covariance, radar.name, by)))
            else:
                codes.append(Coded(plot.at, lat, lon, plot.squawk, plot.seen == "PSR", by))


def _label(labels: dict[str, Label], plot: AnyPlot) -> None:
    name = own_name(plot)
    if name is None or not (plot.callsign or plot.squawk):
        return
    old = labels.pop(name, Label(plot.at))
    called = plot.callsign.strip().upper() if plot.callsign else old.flight_id
    labels[name] = Label(max(plot.at, old.at), called or None, plot.squawk or old.code)


def _said(plot: Plot, feeds: frozenset[str]) -> Said:
    sigma = SIGMA_M if plot.accuracy_m is None else max(1.0, plot.accuracy_m / SIGMAS_95)
    return Said(plot.at, plot.lat, plot.lon, sigma, plot.alt_m, plot.speed_mps, plot.track_deg, feeds)


def _covariance(plot: RadarPlot, radar: Radar) -> tuple[float, float, float]:
    """Return east-east, east-north, north-north, m2, of what a radar measured: long across its beam."""
    along = radar.sigma_range_m**2
    across = (plot.range_m * radians(radar.sigma_azimuth_deg)) ** 2
    east, north = sin(radians(plot.azimuth_deg)), cos(radians(plot.azimuth_deg))
    return (
        along * east * east + across * north * north,
        (along - across) * east * north,
        along * north * north + across * east * east,
    )
