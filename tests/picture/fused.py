"""Tracks to be fused, and what is made of them in words that do not depend on order."""

import math
from typing import Final

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.picture.fusion import Batch, Fused, Fusion, batch_of, fuse

NOW: Final = Micros(1_800_000_000 * SECOND)
METRES_A_DEGREE: Final = 111_195.0
Covariance = tuple[int, int, int]


def track(
    name: str = "1",
    east_m: float = 0,
    north_m: float = 0,
    *,
    at: tuple[float, float] = (47.0, 8.0),
    covariance: Covariance | None = (2_500, 0, 2_500),
    roots: tuple[str, ...] = (),
    speed: float | None = None,
    course: float | None = None,
    height: int | None = None,
    age_s: float = 0,
) -> Track:
    """Return a track so many metres from a place."""
    lat = at[0] + north_m / METRES_A_DEGREE
    lon = at[1] + east_m / METRES_A_DEGREE / math.cos(math.radians(at[0]))
    return Track(
        id=name.encode(),
        lat=round(lat * 1e7),
        lon=round(((lon + 180) % 360 - 180) * 1e7),
        alt_m=height,
        speed_cms=None if speed is None else round(speed * 100),
        track_cdeg=None if course is None else round(course * 100) % 36_000,
        covariance=covariance,
        lineage=tuple(root.encode() for root in roots),
        age_ms=round(age_s * 1000),
    )


def of(member: str, *tracks: Track, place: str = "a", at: Micros = NOW) -> Batch:
    """Return a member's tracks under one set of controls."""
    return batch_of(MemberId(member), place, at, tracks)


def called(fusion: Fusion, one: Fused) -> frozenset[str]:
    """Return the parts of a fused track by name."""
    parts = [(fusion.batches[part.source], fusion.track(part)) for part in one.parts]
    return frozenset(f"{batch.member}/{batch.place}/{told.id.decode()}" for batch, told in parts)


def said(*batches: Batch) -> dict[frozenset[str], tuple[object, ...]]:
    """Return all movers by the names of their parts: place, covariance, time, roots of those that count."""
    fusion = fuse(batches)
    made: dict[frozenset[str], tuple[object, ...]] = {called(fusion, one): tuple(one[1:]) for one in fusion.fused()}
    for part in fusion.singles():
        told = fusion.track(part)
        one = Fused((part,), told.lat, told.lon, told.covariance, fusion.row(part).at)
        made[called(fusion, one)] = tuple(one[1:])
    return made


def movers(*batches: Batch) -> set[frozenset[str]]:
    """Return the movers that are found, by the names of their parts."""
    return set(said(*batches))


def only(*batches: Batch) -> tuple[Fusion, Fused]:
    """Return the one fused track of these."""
    fusion = fuse(batches)
    (one,) = fusion.fused()
    assert not fusion.singles()
    return fusion, one
