"""Which movers of a fused picture are near a field, and what they say of themselves, in the field's plane.

How a mover climbs no frame tells: it is taken from the heights that its plots told one after the other.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import numpy as np

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.picture.compiled import Floats
from quartet.picture.fusion import Fused, Fusion, Part
from quartet.picture.fusion.association import EAST, PLACE, STATE, VELOCITY
from quartet.picture.fusion.association import HEIGHT as STATE_HEIGHT
from quartet.picture.fusion.telling import height_from, id_of, members_of, motion_from, own_name_in
from quartet.picture.proximity.field import MARGIN_M, Field
from quartet.picture.proximity.levels import ADVISORY_S
from quartet.picture.proximity.within import CLIMB, HEIGHT, LEVEL, MOVER, REACH, REACH_UP, VX, VY, X, Y
from quartet.picture.track import DEGREE

SIGMAS: Final = 2.0
"""How many standard deviations of its place a mover must keep away besides."""
SIGMA_UNSAID_M: Final = 300.0
"""Standard deviation of a place whose sensor gave none, as in fusion: a radar's at middle range."""
SIGMA_UP_M: Final = 30.0
"""Standard deviation of a height: steps of 100 feet, or of 25, and an altimeter's error."""
CLIMB_OVER: Final = 8 * SECOND
"""A climb is told by two heights that are so far apart in time at least: nearer, it is made of their steps."""
CLIMB_UNTIL: Final = 60 * SECOND
WATER_M: Final = 0.0
"""How high the water is that a vessel is on, m above the sea. Nobody tells it of a lake: a volume that stands on one
is to have no floor."""
FASTEST_AFLOAT_MPS: Final = 55.0
"""What goes faster is no vessel, whatever it says: AIS tells 102.2 knots at most."""
_VESSEL: Final = b"ais:"
_RESCUE_AIRCRAFT: Final = b"ais:111"
"""How the roots of what speaks AIS begin; aircraft that search and rescue are 111 and their country's number."""


class Mover(NamedTuple):
    """A mover as its viewers are shown it: id, own address (empty for none), whose tracks are in it, the parts, place.

    `lat` and `lon` in degrees, `alt_m` None where nobody told it; `seen` when its newest plot was; `twins` are parts of
    others near the field that give the same address: its name and what is made of it tell of these too. `afloat` is
    that all it is made of is a vessel's own word.
    """

    id: str
    address: str
    members: tuple[MemberId, ...]
    parts: tuple[Part, ...]
    lat: float
    lon: float
    alt_m: int | None
    speed_mps: float | None
    track_deg: float | None
    sigma_m: float
    seen: Micros
    twins: tuple[Part, ...] = ()
    afloat: bool = False

    @property
    def moves(self) -> bool:
        """Whether its way is known. Where it is not, it may stand or come: what nobody knows says nothing."""
        return self.speed_mps is not None and self.track_deg is not None

    @property
    def doubled(self) -> bool:
        """Whether another near it gives the same address."""
        return bool(self.twins)


class Heights(NamedTuple):
    """A height and when it was told, the one that it is compared with, and the climb that follows (m/s)."""

    first: tuple[Micros, int]
    last: tuple[Micros, int]
    climb: float | None


class Sky:
    """A fused picture as the sites are looked at in it: where each track is and how it goes, once for all of them."""

    def __init__(self, fusion: Fusion, horizon_s: float = ADVISORY_S) -> None:
        """Take the tracks of a picture, and how far ahead is looked."""
        self._fusion = fusion
        self._horizon_s = horizon_s
        state = np.concatenate([batch.arrays.state for batch in fusion.batches] or [np.zeros((0, STATE))])
        self._place, self._speed = state[:, PLACE:EAST], np.nan_to_num(state[:, VELOCITY:STATE_HEIGHT])
        self._speed2 = np.maximum(np.einsum("ij,ij->i", self._speed, self._speed), 1e-9)
        self._group = np.repeat(np.arange(len(fusion.starts) - 1), np.diff(fusion.starts))
        self._fused: list[Fused] | None = None
        self._rows: dict[str, list[int]] | None = None
        self._movers: dict[int, Mover] = {}
        """Made once for all sites: of one track by its number, of several by theirs, counted down from -1."""

    def near(self, field: Field, also: Collection[str] = ()) -> list[Mover]:
        """Return the movers whose way leads near a field, and those of some ids wherever they are, by their parts.

        Near is a few kilometres more than too near: how near they come exactly is computed for these.
        """
        away = self._place - field.centre
        soonest = np.clip(-np.einsum("ij,ij->i", away, self._speed) / self._speed2, 0.0, self._horizon_s)
        least = away + soonest[:, None] * self._speed
        close = np.einsum("ij,ij->i", least, least) < (field.reach_m + MARGIN_M) ** 2
        for name in also:
            close[self._called(name)] = True
        if not close.any():
            return []
        fusion = self._fusion
        found = [self._single(number) for number in fusion.single[close[fusion.single]].tolist()]
        several = np.unique(self._group[close[fusion.parts]]).tolist()
        if several:
            if self._fused is None:
                self._fused = fusion.fused()
            found += [self._several(n, self._fused[n]) for n in several]
        return _told_apart(sorted(found, key=lambda mover: min(mover.parts)))

    def _single(self, number: int) -> Mover:
        known = self._movers.get(number)
        if known is None:
            known = self._movers[number] = _single(self._fusion, _part(self._fusion, number))
        return known

    def _several(self, number: int, fused: Fused) -> Mover:
        known = self._movers.get(-1 - number)
        if known is None:
            known = self._movers[-1 - number] = _mover(self._fusion, fused)
        return known

    def _called(self, name: str) -> list[int]:
        """Return the tracks of an id; of the second of two that give one address those of both."""
        if self._rows is None:
            self._rows = {}
            for first, batch in zip(self._fusion.first.tolist(), self._fusion.batches, strict=True):
                for n, known in enumerate(batch.ids):
                    self._rows.setdefault(known, []).append(first + n)
        return self._rows.get(name) or self._rows.get(name.rpartition("/")[0], [])


def _told_apart(movers: list[Mover]) -> list[Mover]:
    """Return movers so that no two have one id: of several that give one address the second is told from the first."""
    alike: dict[str, list[Mover]] = {}
    for one in movers:
        alike.setdefault(one.id, []).append(one)
    found: list[Mover] = []
    given: Counter[str] = Counter()
    for one in movers:
        given[one.id] += 1
        name = one.id if given[one.id] == 1 else f"{one.id}/{given[one.id]}"
        twins = tuple(part for other in alike[one.id] if other is not one for part in other.parts)
        found.append(one._replace(id=name, twins=twins))
    return found


def rows_of(movers: list[Mover], climbs: Mapping[str, Heights], field: Field) -> Floats:
    """Return movers as `within` reads them (n, 9), in a field's plane."""
    rows = np.full((len(movers), MOVER), np.nan)
    lat, lon = (np.array([getattr(one, name) for one in movers], float) for name in ("lat", "lon"))
    rows[:, X], rows[:, Y] = field.plane.flat(lat, lon)
    turned = field.plane.north(rows[:, X], rows[:, Y])
    for n, one in enumerate(movers):
        if (speed := one.speed_mps) is not None and one.track_deg is not None:
            along = np.radians(one.track_deg) + turned[n]
            rows[n, VX], rows[n, VY] = speed * np.sin(along), speed * np.cos(along)
        if one.alt_m is not None or one.afloat:
            rows[n, HEIGHT] = WATER_M if one.alt_m is None else one.alt_m
        told = climbs.get(one.id)
        rows[n, CLIMB] = np.nan if told is None or told.climb is None else told.climb
        rows[n, LEVEL] = np.nan
        rows[n, REACH], rows[n, REACH_UP] = SIGMAS * one.sigma_m, SIGMAS * SIGMA_UP_M
    return rows


def climbs_of(before: Mapping[str, Heights], movers: list[Mover]) -> dict[str, Heights]:
    """Return what the heights of these movers say of their climbs, after what they said before."""
    found: dict[str, Heights] = {}
    for one in movers:
        if one.alt_m is not None:
            found[one.id] = _heights(before.get(one.id), (one.seen, one.alt_m))
    return found


def _heights(before: Heights | None, told: tuple[Micros, int]) -> Heights:
    if before is None or told[0] - before.last[0] > CLIMB_UNTIL:
        return Heights(told, told, None)
    if told[0] <= before.last[0]:
        return before
    apart = told[0] - before.first[0]
    if apart < CLIMB_OVER:
        return Heights(before.first, told, before.climb)
    return Heights(before.last, told, (told[1] - before.first[1]) / (apart / SECOND))


def _part(fusion: Fusion, number: int) -> Part:
    source = int(np.searchsorted(fusion.first, number, side="right")) - 1
    return Part(source, number - int(fusion.first[source]))


def _single(fusion: Fusion, part: Part) -> Mover:
    track = fusion.track(part)
    return _mover(fusion, Fused((part,), track.lat, track.lon, track.covariance, fusion.row(part).at))


def _mover(fusion: Fusion, one: Fused) -> Mover:
    height, motion = fusion.track(height_from(fusion, one)), fusion.track(motion_from(fusion, one))
    return Mover(
        id=id_of(fusion, one),
        address=own_name_in(fusion, one.parts),
        members=members_of(fusion, one),
        parts=one.parts,
        lat=one.lat / DEGREE,
        lon=one.lon / DEGREE,
        alt_m=height.alt_m,
        speed_mps=None if motion.speed_cms is None else motion.speed_cms / 100,
        track_deg=None if motion.track_cdeg is None else motion.track_cdeg / 100,
        sigma_m=_sigma(one.covariance),
        seen=Micros(one.seen),
        afloat=all(_is_vessel(fusion.track(part)) for part in one.parts),
    )


def _is_vessel(track: Track) -> bool:
    """Return whether a track is of a vessel by its own word, and goes like one.

    Another's word that there is a vessel says nothing of what a radar sees there: each track is asked by itself.
    """
    said = any(root.startswith(_VESSEL) and not root.startswith(_RESCUE_AIRCRAFT) for root in track.lineage)
    return said and (track.speed_cms or 0) <= 100 * FASTEST_AFLOAT_MPS


def _sigma(covariance: tuple[float, float, float] | None) -> float:
    """Return the standard deviation of a place in the direction in which it is known least, m."""
    if covariance is None:
        return SIGMA_UNSAID_M
    ee, en, nn = covariance
    half = (ee + nn) / 2
    return float(np.sqrt(max(1.0, half + np.hypot((ee - nn) / 2, en))))
