"""What aircraft say and sensors measure, as it is compared, and what is found: each with the feeds that told it."""

from typing import Final, Literal, NamedTuple

from quartet.core.ids import Micros

NOTHING: Final[frozenset[str]] = frozenset()

Sort = Literal["CONTRADICTED", "TWO_PLACES", "JUMP", "MOTION", "PLAN"]
"""Another sensor sees it elsewhere; one address is at two places; it jumped; it moves otherwise than it says; it says
that it is another than its plan names."""


class Said(NamedTuple):
    """What an aircraft says of itself at a time: degrees, metres, metres a second; `sigma_m` of its place.

    `feeds` are those that told it.
    """

    at: Micros
    lat: float
    lon: float
    sigma_m: float = 100.0
    alt_m: float | None = None
    speed_mps: float | None = None
    track_deg: float | None = None
    feeds: frozenset[str] = NOTHING


class Measured(NamedTuple):
    """What an independent sensor measured: `covariance` is east-east, east-north, north-north, m2; `feeds` as said."""

    at: Micros
    lat: float
    lon: float
    covariance: tuple[float, float, float]
    sensor: str
    feeds: frozenset[str] = NOTHING


class Finding(NamedTuple):
    """Evidence of a conflict: what sort, since when and until when it was seen, how far off, and in which words.

    `rests` are the feeds that made it, or the plan: who may not have one of them has no such evidence. `by` are those
    of them on which `sensor` measured otherwise.
    """

    sort: Sort
    since: Micros
    last: Micros
    off_m: float
    sigmas: float
    sensor: str
    here: tuple[float, float]
    there: tuple[float, float]
    rests: frozenset[str] = NOTHING
    by: frozenset[str] = NOTHING


class Standing(NamedTuple):
    """What is known of one address: whether it counts as verified and by whom, and what conflicts.

    `rests` are the feeds by which it is verified, `by_feeds` those of them on which the sensor measured it.
    """

    verified: bool
    by: str
    conflicts: tuple[Finding, ...]
    rests: frozenset[str] = NOTHING
    by_feeds: frozenset[str] = NOTHING
