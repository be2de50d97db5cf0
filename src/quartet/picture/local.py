"""The local tracks of one set of sensors under one marking: their plots through a tracker of their own.

What is under another marking has no part in it, nor in the offsets: a better track would betray a sensor that its
reader may not know of. A mover keeps its number for as long as it is tracked, and its address gives it back for a
while after; numbers are drawn from a key, and tell nothing of how many there are.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from math import radians
from typing import Final, NamedTuple

import numpy as np
from msgspec import structs

from quartet.core.frame import MAX_LINEAGE, Track
from quartet.core.ids import SECOND, Micros
from quartet.picture.compiled import kept
from quartet.picture.plot import AnyPlot, Plot, RadarPlot, own_name
from quartet.picture.projection import Floats, Plane, radar_places
from quartet.picture.radar import Radar
from quartet.picture.track import DEGREE, MAX_AHEAD, SIGMAS_95
from quartet.picture.tracker import LOOPS, NO_ADDRESS, Look, Offsets, Site, Tracker, Tracks

PLACES: Final = "places"
"""All that tells its own place is one sensor to the tracker: without an offset, with one place in a look for each."""
PLACE_SIGMA_M: Final = 60.0
"""Standard deviation of a place that says none, m: NACp 6 to 8 of an aircraft's own."""
UNKNOWN_HEIGHT_M: Final = 3_000.0
"""Where a radar sees no height: half of what flies low enough to answer no Mode C is below it."""
SPEED_KNOWN_MPS: Final = 100.0
"""A velocity is told once its standard deviation is below this, m/s: half of what it is after one plot."""
PARTS_OF_A_TURN: Final = 4
"""A look of a radar is at most so much of its turn: what it passed longer ago is as old."""
SOON: Final = 1e-3
"""Less than this, s, is no part of a turn."""
WITNESS_FOR: Final = 60.0
"""How long a sensor counts as a root of what it saw, s."""
MAX_KNOWN: Final = 20_000
"""Addresses that are remembered; the one heard longest ago is forgotten for the next."""
MAX_LATE: Final = Micros(10 * SECOND)
"""A plot that is so much older than the newest is left out: the tracks have gone on."""


class _Swept(NamedTuple):
    """How far a radar has been followed: when, s, and to which azimuth, rad."""

    at: float
    azimuth: float


class LocalPicture:
    """Keeps the tracks of some radars, and of what tells its own place, under one marking."""

    def __init__(self, radars: Sequence[Radar], key: bytes) -> None:
        """Begin with nothing; `key` is what the names of tracks are drawn from."""
        self._radars = {radar.name: n + 1 for n, radar in enumerate(radars)}
        self._known = tuple(radars)
        self._key = key
        self._plane = Plane(*_middle(radars))
        self._tracker = Tracker((_places_site(), *(self._site(radar) for radar in radars)))
        self._swept: dict[str, _Swept] = {}
        self._began: Micros | None = None
        self._newest = Micros(0)
        self._count = 0
        self._addresses: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._calls: dict[str, Plot | RadarPlot] = {}

    def take(self, plots: Iterable[AnyPlot], now: Micros) -> None:
        """Take what the sensors saw since the last time; what comes much too late, or from the future, is left out."""
        fresh = [plot for plot in plots if self._newest - MAX_LATE <= plot.at <= now + MAX_AHEAD]
        if not fresh:
            return
        self._began = self._began or min(plot.at for plot in fresh)
        self._newest = max(self._newest, *(plot.at for plot in fresh))
        for look in sorted(self._looks(fresh), key=lambda look: look.ends):
            self._tracker.take(look)

    def tracks(self, now: Micros) -> tuple[Track, ...]:
        """Return the tracks that are believed, in a frame's integers, each as of its last plot."""
        if self._began is None:
            return ()
        found = self._tracker.tracks((now - self._began) / SECOND)
        if not len(found.number):
            return ()
        lat, lon = self._plane.place(found.state[:, 0], found.state[:, 1])
        turned = self._plane.north(found.state[:, 0], found.state[:, 1])
        made = (self._track(found, n, float(lat[n]), float(lon[n]), float(turned[n])) for n in range(len(lat)))
        return tuple(sorted(made, key=lambda track: track.id))

    def offsets(self) -> dict[str, Offsets]:
        """Return what the radars' offsets seem to be, by name."""
        return {name: self._tracker.offsets(n) for name, n in self._radars.items()}

    # -- plots become looks

    def _looks(self, plots: Sequence[AnyPlot]) -> Iterator[Look]:
        places = {plot.name: plot for plot in sorted(_places(plots), key=lambda plot: plot.at)}
        if places:
            yield self._placed(list(places.values()))
        for name in self._radars:
            mine = sorted((p for p in plots if isinstance(p, RadarPlot) and p.sensor == name), key=lambda p: p.at)
            if mine:
                yield from self._turns(name, mine)

    def _placed(self, plots: Sequence[Plot]) -> Look:
        at = self._times(plots)
        x, y = self._plane.flat(np.array([p.lat for p in plots]), np.array([p.lon for p in plots]))
        sigma = np.array([np.nan if p.accuracy_m is None else max(1.0, p.accuracy_m / SIGMAS_95) for p in plots])
        return Look(0, at[0], at[-1], at, x, y, sigma=sigma, address=self._numbered(plots), height=_heights(plots))

    def _turns(self, name: str, plots: Sequence[RadarPlot]) -> Iterator[Look]:
        """Yield the looks that a radar's plots are: a part of its turn each, from where it was followed to."""
        radar = self._known[self._radars[name] - 1]
        part = radar.turn_s / PARTS_OF_A_TURN
        at = self._times(plots)
        first, second = self._flat_polar(radar, plots)
        addresses, heights = self._numbered(plots), _heights(plots)
        begins = at[0] - part
        swept = self._swept.get(name)
        if swept is not None and 0 <= at[0] - swept.at < radar.turn_s:
            yield from self._nothing(name, radar, swept, begins)
            begins = max(begins, swept.at)
        piece = np.floor((at - begins) / part).astype(int)
        for n in np.unique(piece):
            rows = np.flatnonzero(piece == n)
            ends, last = float(at[rows[-1]]), float(second[rows[-1]])
            begins = max(begins, ends - part)
            width = min(2 * np.pi, 2 * np.pi * max(ends - begins, 1e-3) / radar.turn_s)
            look = at[rows], first[rows], second[rows]
            yield Look(
                self._radars[name],
                begins,
                ends,
                *look,
                sector=(last - width, last + 1e-6),
                address=addresses[rows],
                height=heights[rows],
            )
            begins = ends
            self._swept[name] = _Swept(ends, last)

    def _nothing(self, name: str, radar: Radar, swept: _Swept, until: float) -> Iterator[Look]:
        """Yield the looks in which a radar saw nothing until a time, s, in parts of a turn like all others.

        As one look they would end where the turn before did, and who is there would be looked for at its wrong end.
        """
        none, part = np.empty(0), radar.turn_s / PARTS_OF_A_TURN
        begins, azimuth = swept
        while until - begins > SOON:
            ends = min(until, begins + part)
            to = azimuth + 2 * np.pi * (ends - begins) / radar.turn_s
            yield Look(self._radars[name], begins, ends, none, none, none, sector=(azimuth, to))
            begins, azimuth = ends, to

    def _flat_polar(self, radar: Radar, plots: Sequence[RadarPlot]) -> tuple[Floats, Floats]:
        """Return range (m) and azimuth (rad) in the plane of what a radar sees."""
        slant = np.array([p.range_m for p in plots])
        azimuth = np.radians([p.azimuth_deg for p in plots])
        heights = _heights(plots)
        heights[np.isnan(heights)] = UNKNOWN_HEIGHT_M
        lat, lon = radar_places(radar.lat, radar.lon, radar.height_m, slant, azimuth, heights)
        x, y = self._plane.flat(lat, lon)
        px, py = self._plane.flat(np.array([radar.lat]), np.array([radar.lon]))
        return np.hypot(x - px, y - py), np.arctan2(x - px, y - py) % (2 * np.pi)

    def _times(self, plots: Sequence[AnyPlot]) -> Floats:
        began = self._began or Micros(0)
        return np.array([(plot.at - began) / SECOND for plot in plots])

    def _numbered(self, plots: Sequence[AnyPlot]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the number that stands for each mover's own address (n,); -1 where it gave none."""
        return np.array([self._number(plot) for plot in plots], dtype=np.int64)

    def _number(self, plot: AnyPlot) -> int:
        name = own_name(plot)
        if name is None:
            return NO_ADDRESS
        self._count += name not in self._addresses
        number = self._addresses[name] = self._addresses.pop(name, self._count)
        self._names[number], self._calls[name] = name, plot
        if len(self._addresses) > MAX_KNOWN:
            oldest = next(iter(self._addresses))
            del self._names[self._addresses.pop(oldest)], self._calls[oldest]
        return number

    def _site(self, radar: Radar) -> Site:
        x, y = self._plane.flat(np.array([radar.lat]), np.array([radar.lon]))
        return Site(
            radar.name,
            float(x[0]),
            float(y[0]),
            polar=True,
            sigma_range_m=radar.sigma_range_m,
            sigma_azimuth_rad=radians(radar.sigma_azimuth_deg),
            detects=radar.detects,
            period_s=radar.turn_s,
            range_m=radar.range_m,
        )

    # -- tracks become a frame's

    def _track(self, found: Tracks, n: int, lat: float, lon: float, turned: float) -> Track:
        name = self._names.get(int(found.address[n]))
        vx, vy = found.state[n, 2], found.state[n, 3]
        course = (np.degrees(np.arctan2(vx, vy) - turned)) % 360.0
        moves = found.covariance[n, 2, 2] + found.covariance[n, 3, 3] < SPEED_KNOWN_MPS**2
        xx, xy, yy = _turned(found.covariance[n], turned)
        return Track(
            id=(name or f"t-{self._drawn(f'track/{found.number[n]}')}").encode(),
            lat=round(lat * DEGREE),
            lon=round(lon * DEGREE),
            alt_m=None if np.isnan(found.height[n]) else round(float(found.height[n])),
            speed_cms=round(float(np.hypot(vx, vy)) * 100) if moves else None,
            track_cdeg=round(course * 100) % 36_000 if moves else None,
            covariance=(xx, xy, yy),
            lineage=self._lineage(found, n, name),
            age_ms=max(0, round(float(found.age[n]) * 1000)),
        )

    def _lineage(self, found: Tracks, n: int, name: str | None) -> tuple[bytes, ...]:
        roots = [
            f"radar:{self._drawn(r.name)}" for k, r in enumerate(self._known) if found.seen[n, k + 1] <= WITNESS_FOR
        ]
        said = self._calls.get(name) if name is not None else None
        if isinstance(said, Plot) and found.seen[n, 0] <= WITNESS_FOR:
            roots.append(said.root)
        return tuple(root.encode()[:32] for root in sorted(roots))[:MAX_LINEAGE]

    def _drawn(self, name: str) -> str:
        return hashlib.blake2b(name.encode(), digest_size=4, key=self._key).hexdigest()


def _places(plots: Iterable[AnyPlot]) -> Iterator[Plot]:
    return (plot for plot in plots if isinstance(plot, Plot))


def _heights(plots: Sequence[AnyPlot]) -> Floats:
    return np.array([np.nan if plot.alt_m is None else plot.alt_m for plot in plots])


def _middle(radars: Sequence[Radar]) -> tuple[float, float]:
    """Return the middle of the radars, degrees; the first one's longitude tells on which side of the date line."""
    first = radars[0].lon
    lons = [first + (radar.lon - first + 180.0) % 360.0 - 180.0 for radar in radars]
    return sum(radar.lat for radar in radars) / len(radars), (sum(lons) / len(lons) + 180.0) % 360.0 - 180.0


def _places_site() -> Site:
    return Site(
        PLACES, polar=False, sigma_range_m=PLACE_SIGMA_M, detects=0.9, period_s=1.0, range_m=2e7, false_plots=1e-3
    )


def _turned(covariance: Floats, angle: float) -> tuple[int, int, int]:
    """Return east-east, east-north, north-north of a covariance in the plane whose true north is at `angle`."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    place = turn @ covariance[:2, :2] @ turn.T
    limit = 2**31 - 1
    xx, xy, yy = (int(np.clip(round(float(v)), -limit, limit)) for v in (place[0, 0], place[0, 1], place[1, 1]))
    return max(1, xx), xy, max(1, yy)


def is_kept() -> bool:
    """Return whether the tracker is there as machine code."""
    return all(map(kept, LOOPS))


def warm() -> None:
    """Compile the tracker, or read what was compiled: seconds the first time on a machine, else less than one."""
    plot = RadarPlot(at=Micros(0), sensor="warm", range_m=50_000.0, azimuth_deg=10.0, seen="SSR")
    picture = LocalPicture([Radar("warm", 46.0, 7.0, period_s=4.0)], bytes(16))
    for second in range(0, 16, 4):
        at = Micros(second * SECOND)
        picture.take([structs.replace(plot, at=at)], at)
    picture.tracks(Micros(16 * SECOND))
