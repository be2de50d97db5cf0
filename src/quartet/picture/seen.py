"""A track as scenes hold it: in the units of a live frame, with the moment when it was seen in the place of its age."""

from typing import Final, NamedTuple

from quartet.core.frame import Track
from quartet.core.ids import Micros
from quartet.core.units import FOOT_M
from quartet.picture.livewire import NO_ALTITUDE, NO_ANGLE, NO_SPEED

UNKNOWN: Final = 0
PENDING: Final = 1
NEUTRAL: Final = 2
OWN: Final = 3
"""What a track is said to be, as its place in `KINDS`. Nobody says it yet, so that every track is unknown."""
OURS: Final = 1
"""A flag of a track: a sensor of this node's own member saw it."""
TLP_SHIFT: Final = 1
"""From which bit on its flags hold the place of its marking in `TLP_ORDER`, counted from one."""
STEP_M: Final = 25 * FOOT_M
"""Metres of a step of height: 25 feet."""

_CM_A_UNIT: Final = 10


class Seen(NamedTuple):
    """A track as a scene holds it: as a `Row`, with the moment when it was seen in the place of its age."""

    lon: int
    lat: int
    course: int
    speed: int
    altitude: int
    at: Micros
    kind: int
    flags: int


def seen_of(track: Track, at: Micros, flags: int) -> Seen:
    """Return a track of a frame of time `at` as scenes hold it."""
    speed = NO_SPEED if track.speed_cms is None else min(round(track.speed_cms / _CM_A_UNIT), NO_SPEED - 1)
    height = NO_ALTITUDE if track.alt_m is None else max(-0x7FFF, min(0x7FFF, round(track.alt_m / STEP_M)))
    course = NO_ANGLE if track.track_cdeg is None else track.track_cdeg
    moment = Micros(at - track.age_ms * 1000)
    return Seen(track.lon, track.lat, course, speed, height, moment, UNKNOWN, flags)


def flags_of(*, ours: bool, tlp: int) -> int:
    """Return the flags of a track: whether a sensor of this member saw it, and its marking's place, from one on."""
    return (OURS if ours else 0) | tlp << TLP_SHIFT


def both(one: int, other: int) -> int:
    """Return the flags of what is made of two tracks: ours if one is, and under the narrower marking."""
    return flags_of(ours=bool((one | other) & OURS), tlp=max(one >> TLP_SHIFT, other >> TLP_SHIFT))
