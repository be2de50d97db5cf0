"""The tracker: plots of many sensors, look by look, become tracks.

Everything that is kept is in arrays that grow by doubling; a look costs what is near it. Nothing here is random: the
same looks in the same order give the same tracks. One tracker at a time may run in a thread: the steps are `nogil`.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from quartet.picture.tracker.bank import COUNT, Bank, Desk, grown, new_bank, new_desk
from quartet.picture.tracker.join import join
from quartet.picture.tracker.offsets import drift, prior
from quartet.picture.tracker.rules import (
    AZIMUTH_ALARM,
    AZIMUTH_PRIOR,
    COASTS,
    FITS,
    FITS_WITHIN,
    KNOWN,
    MANY_OUT,
    RANGE_ALARM,
    RANGE_PRIOR,
    SEEN_TOGETHER,
    TIME_PRIOR,
    Floats,
    Ints,
    motion,
)
from quartet.picture.tracker.sites import (
    COVER_RINGS,
    OFFSET_A,
    OFFSET_R,
    OFFSET_T,
    RANGE,
    RINGS,
    SITE_COLUMNS,
    SLICES,
    Site,
    row_of,
)
from quartet.picture.tracker.step import step

LOOPS: Final[tuple[Callable[..., object], ...]] = (step, join)
"""What is compiled of it and called from here."""
FIRST_SIZE: Final = 256
MAX_SIZE: Final = 2**16
"""Tracks that are kept, shown or not: what is new beyond it is left out until others end."""
JOINED_EVERY: Final = 2.0
"""Seconds between two looks for tracks that are one mover's."""
NEAREST: Final = 1_500.0
FARTHEST: Final = 8_000.0
"""Between these two, m, is how far apart tracks are looked at to be joined."""
WHOLE_TURN: Final = (0.0, 2 * np.pi)


class Look(NamedTuple):
    """What one sensor saw in one sweep, or a part of it: `first`, `second` (n,): range m and azimuth rad, or x, y m.

    `at` (n,) s. `sigma` (n,) m: of places that say their own; `address` (n,): -1 is none; `height` (n,) m: NaN is none.
    Left out, nothing is said. The sweep went from `begins` to `ends`, s, over the azimuths `sector`, rad.
    """

    sensor: int
    begins: float
    ends: float
    at: Floats
    first: Floats
    second: Floats
    sector: tuple[float, float] = WHOLE_TURN
    sigma: Floats | None = None
    address: Ints | None = None
    height: Floats | None = None


class Tracks(NamedTuple):
    """Tracks: `number` (n,), `state` (n, 4) m and m/s east and north, `covariance` (n, 4, 4), each as of its last plot.

    `age` (n,) s: since then; `address` (n,), -1 is none; `height` (n,) m, NaN is none; `seen` (n, sensors) s: since
    each sensor's last plot of it.
    """

    number: Ints
    state: Floats
    covariance: Floats
    age: Floats
    address: Ints
    height: Floats
    seen: Floats


class Offsets(NamedTuple):
    """A radar's offsets as they seem, and the standard deviation of each: m, rad, s; and whether they alarm.

    An alarm stands until enough was seen that fits offsets which do not alarm.
    """

    range_m: float
    azimuth_rad: float
    time_s: float
    sigma_range_m: float
    sigma_azimuth_rad: float
    sigma_time_s: float
    alarm: bool

    @property
    def known(self) -> tuple[bool, bool, bool]:
        """Whether what was seen says more of the range, the azimuth, the time than what may be of any radar."""
        sigmas = (self.sigma_range_m, self.sigma_azimuth_rad, self.sigma_time_s)
        range_known, azimuth_known, time_known = (
            sigma < KNOWN * before
            for sigma, before in zip(sigmas, (RANGE_PRIOR, AZIMUTH_PRIOR, TIME_PRIOR), strict=True)
        )
        return range_known, azimuth_known, time_known


class Tracker:
    """Keeps the tracks of some sensors in one plane."""

    def __init__(self, sites: Sequence[Site], *, offsets: bool = True) -> None:
        """Begin with nothing; without `offsets` the sensors are believed to have none."""
        self._polar = [site.polar and offsets for site in sites]
        self._sites = np.zeros((len(sites), SITE_COLUMNS))
        self._clutter = np.zeros((len(sites), RINGS, SLICES))
        for n, site in enumerate(sites):
            row_of(site, self._sites[n])
            self._clutter[n] = site.false_plots / (np.pi * site.range_m**2)
        self._cover = np.zeros((len(sites), 2, COVER_RINGS, SLICES))
        self._motion = motion()
        self._models = len(self._motion.rates)
        self._spread = prior(self._polar)
        self._quality = np.zeros((len(sites), 3))
        self._fitted = np.zeros((len(sites), 2))
        self._doubted = np.zeros(len(sites), dtype=bool)
        self._bank: Bank = new_bank(FIRST_SIZE, self._models, len(sites))
        self._desk: Desk = new_desk(FIRST_SIZE, self._models, FIRST_SIZE)
        self._drifted: float | None = None

    def __len__(self) -> int:
        """Return how many tracks are kept, shown or not."""
        return int(self._bank.counts[COUNT])

    def take(self, look: Look) -> None:
        """Take what one sensor saw; looks come in the order of their ends, or nearly."""
        plots = len(look.at)
        self._room(plots)
        self._drift(float(look.ends))
        sigma = np.full(plots, np.nan) if look.sigma is None else look.sigma
        address = np.full(plots, -1, dtype=np.int64) if look.address is None else look.address
        height = np.full(plots, np.nan) if look.height is None else look.height
        step(
            self._bank,
            self._desk,
            self._sites,
            self._spread,
            self._quality,
            self._clutter,
            self._cover,
            self._motion,
            look.sensor,
            np.array((look.begins, look.ends, *look.sector), dtype=np.float64),
            look.at,
            look.first,
            look.second,
            sigma,
            address,
            height,
        )

    def tracks(self, at: float) -> Tracks:
        """Return the tracks that are believed at a time; none that had no plot for `COASTS`."""
        bank, count = self._bank, len(self)
        shown = (bank.born[:count] >= 0) & (at - bank.seen[:count] <= COASTS)
        rows = np.flatnonzero(shown)
        return Tracks(
            bank.number[rows],
            bank.cx[rows],
            _whole(bank.cp[rows]),
            at - bank.at[rows],
            bank.address[rows],
            bank.height[rows],
            at - bank.last[rows, :, 0],
        )

    def offsets(self, sensor: int) -> Offsets:
        """Return what a sensor's offsets seem to be."""
        row, sigma = self._sites[sensor], np.sqrt(np.diag(self._spread)[3 * sensor : 3 * sensor + 3])
        return Offsets(
            float(row[OFFSET_R]),
            float(row[OFFSET_A]),
            float(row[OFFSET_T]),
            float(sigma[0]),
            float(sigma[1]),
            float(sigma[2]),
            alarm=bool(self._doubted[sensor]) or self._wrong(sensor),
        )

    def _wrong(self, sensor: int) -> bool:
        row, (seen, out, _) = self._sites[sensor], self._quality[sensor]
        large = abs(row[OFFSET_R]) > RANGE_ALARM or abs(row[OFFSET_A]) > AZIMUTH_ALARM
        return bool(large or (seen >= SEEN_TOGETHER and out > MANY_OUT * seen))

    def _doubt(self, now: float) -> None:
        """Doubt the radars whose offsets are wrong, until enough fits others; learn those anew that nothing fits."""
        for sensor in map(int, np.flatnonzero(self._polar)):
            taken = self._quality[sensor, 2]
            if taken - self._fitted[sensor, 0] >= FITS or not self._doubted[sensor]:
                self._fitted[sensor] = taken, now
            if self._wrong(sensor):
                self._doubted[sensor] = True
            elif self._quality[sensor, 0] >= SEEN_TOGETHER:
                self._doubted[sensor] = False
            if self._doubted[sensor] and now - self._fitted[sensor, 1] > FITS_WITHIN:
                self._learn_anew(sensor)
                self._fitted[sensor] = 0.0, now

    def _learn_anew(self, sensor: int) -> None:
        """Forget what a sensor's offsets seemed to be; that they were wrong stays known."""
        own = slice(3 * sensor, 3 * sensor + 3)
        self._sites[sensor, [OFFSET_R, OFFSET_A, OFFSET_T]] = 0.0
        self._spread[own, :] = self._spread[:, own] = 0.0
        self._spread[own, own] = prior([True])
        self._quality[sensor] = 0.0

    def _apart(self) -> float:
        """Return how far apart two tracks of one mover may be, m: by the two sensors' offsets at far range."""
        variances = np.diag(self._spread).reshape(-1, 3)
        far = self._sites[:, RANGE] ** 2 / 4
        widest = float(np.max(variances[:, 0] + far * variances[:, 1]))
        return float(np.clip(NEAREST + 6.0 * np.sqrt(widest), NEAREST, FARTHEST))

    def _room(self, plots: int) -> None:
        size = len(self._bank.at)
        needed = len(self) + plots
        if needed > size and size < MAX_SIZE:
            while size < min(needed, MAX_SIZE):
                size *= 2
            self._bank = grown(self._bank, size)
        if len(self._desk.row) < size or len(self._desk.pair_next) < plots:
            self._desk = new_desk(size, self._models, max(plots, len(self._desk.pair_next) // 24))

    def _drift(self, now: float) -> None:
        since = now - (now if self._drifted is None else self._drifted)
        if self._drifted is None or since >= JOINED_EVERY:
            self._drifted = now
            join(self._bank, self._sites, self._spread, now, self._apart())
            self._spread += drift(self._polar, max(0.0, since))
            self._doubt(now)


def carried(tracks: Tracks) -> Tracks:
    """Return tracks carried on straight to the time that they were asked for."""
    state, moves = tracks.state.copy(), np.tile(np.eye(4), (len(tracks.age), 1, 1))
    state[:, :2] += tracks.age[:, None] * state[:, 2:]
    moves[:, 0, 2] = moves[:, 1, 3] = tracks.age
    return tracks._replace(state=state, covariance=moves @ tracks.covariance @ moves.transpose(0, 2, 1))


def _whole(packed: Floats) -> Floats:
    """Return covariances (n, 4, 4) from their ten elements (n, 10)."""
    order = np.array([[0, 1, 3, 4], [1, 2, 5, 6], [3, 5, 7, 8], [4, 6, 8, 9]])
    return np.asarray(packed[:, order])
