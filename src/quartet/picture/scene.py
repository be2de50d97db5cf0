"""Scenes: the tracks of one entitlement in the units of a live frame, what of them a look shows, and what changed.

A track's number is drawn from a key and its name, never counted: it tells nothing of how many tracks there are besides.
Where two tracks of one scene draw the same number, the later in order draws again: the scene alone decides.
"""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from quartet.core.frame import Track
from quartet.core.ids import MemberId, Micros
from quartet.picture.livewire import (
    AGE_UNIT,
    MAX_AGE,
    MAX_SHOWN,
    NO_ALTITUDE,
    NO_ANGLE,
    NO_SPEED,
    LiveFrame,
    Name,
    Row,
)
from quartet.picture.look import KINDS, Look, Sieve

UNKNOWN: Final = 0
PENDING: Final = 1
NEUTRAL: Final = 2
OWN: Final = 3
"""What a track is said to be, as its place in `KINDS`. Nobody says it yet, so that every track is unknown."""
OURS: Final = 1
"""A flag of a track: a sensor of this node's own member saw it."""
TLP_SHIFT: Final = 1
"""From which bit on its flags hold the place of its marking in `TLP_ORDER`, counted from one."""
KEY_SIZE: Final = 16

_DEGREE: Final = 10_000_000
_FOOT_M: Final = 0.3048
_STEP_M: Final = 25 * _FOOT_M
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


class Scene(msgspec.Struct, frozen=True):
    """Tracks by number, and what each number stands for."""

    tracks: Mapping[int, Seen] = MappingProxyType({})
    names: Mapping[int, tuple[str, MemberId]] = MappingProxyType({})
    cut: bool = False


class Source(NamedTuple):
    """Some tracks of one member under one set of controls, from a frame of time `at`.

    `tlp` is the place of their marking in `TLP_ORDER`, counted from one.
    """

    member: MemberId
    place: str
    at: Micros
    tlp: int
    tracks: Iterable[Track]


class Numbers:
    """Draws the numbers of tracks; remembers what it drew, for most tracks are there again a second later."""

    MAX_KEPT: Final = 200_000

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._drawn: dict[str, int] = {}

    def draw(self, name: str, again: int = 0) -> int:
        """Return the number of a name, or the one that it draws after so many were taken."""
        if again:
            return self._hash(f"{again}/{name}")
        number = self._drawn.get(name)
        if number is None:
            if len(self._drawn) >= self.MAX_KEPT:
                self._drawn.clear()
            number = self._drawn[name] = self._hash(f"0/{name}")
        return number

    def _hash(self, text: str) -> int:
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4, key=self._key).digest(), "little")


def scene_of(sources: Iterable[Source], me: MemberId, numbers: Numbers) -> Scene:
    """Return the scene of all these tracks; of two under one name in one place the later one counts."""
    seen: dict[str, tuple[Seen, str, MemberId]] = {}
    for source in sources:
        flags = (OURS if source.member == me else 0) | source.tlp << TLP_SHIFT
        for track in source.tracks:
            text = track.id.decode("ascii", "replace")
            name = f"{source.member}/{source.place}/{text}"
            seen[name] = (_seen(track, source.at, flags), text, source.member)
    taken = _numbered(seen, numbers)
    tracks = {number: seen[name][0] for name, number in taken.items()}
    names = {number: (seen[name][1], seen[name][2]) for name, number in taken.items()}
    return Scene(MappingProxyType(tracks), MappingProxyType(names))


def within(scene: Scene, look: Look) -> Scene:
    """Return the part of a scene that a look asks for: at most `MAX_SHOWN`, thinned evenly if there are more."""
    numbers = _inside(scene, look)
    if look.filter != Sieve():
        numbers = [n for n in numbers if _passes(scene.tracks[n], scene.names[n][1], look.filter)]
    cut = len(numbers) > MAX_SHOWN
    kept = sorted(numbers)[:MAX_SHOWN] if cut else numbers
    tracks = {number: scene.tracks[number] for number in kept}
    return Scene(MappingProxyType(tracks), MappingProxyType({n: scene.names[n] for n in kept}), cut)


def frame_of(scene: Scene, seq: int, epoch: Micros, before: tuple[int, Scene] | None = None) -> LiveFrame:
    """Return the keyframe of a scene, or what is other than in the scene of the frame `before`."""
    base, old = (None, Scene()) if before is None else before
    renamed = {n for n, name in scene.names.items() if old.names.get(n) != name}
    rows = tuple(
        _row(number, one, epoch)
        for number, one in scene.tracks.items()
        if number in renamed or old.tracks.get(number) != one
    )
    removed = tuple(number for number in old.tracks if number not in scene.tracks)
    names = tuple(Name(number, *scene.names[number]) for number in scene.names if number in renamed)
    return LiveFrame(seq, base, epoch, rows, removed, names, scene.cut)


def _numbered(names: Iterable[str], numbers: Numbers) -> dict[str, int]:
    """Return the number of each name, in the order of the names; no two alike."""
    ordered = sorted(names)
    drawn = {name: numbers.draw(name) for name in ordered}
    if len(set(drawn.values())) == len(drawn):
        return drawn
    taken: dict[int, str] = {}
    for name in ordered:
        number, again = drawn[name], 0
        while number in taken:
            again += 1
            number = numbers.draw(name, again)
        taken[number] = name
    return {name: number for number, name in taken.items()}


def _inside(scene: Scene, look: Look) -> list[int]:
    """Return the numbers of the tracks in a look's box."""
    west, south, east, north = (side * _DEGREE for side in look.bbox)
    if west <= east:
        return [n for n, one in scene.tracks.items() if west <= one[0] <= east and south <= one[1] <= north]
    return [n for n, one in scene.tracks.items() if (one[0] >= west or one[0] <= east) and south <= one[1] <= north]


def _passes(one: Seen, source: MemberId, sieve: Sieve) -> bool:
    if sieve.sources and source not in sieve.sources:
        return False
    if sieve.kinds and KINDS[one.kind] not in sieve.kinds:
        return False
    if one.altitude == NO_ALTITUDE:
        return True
    height = one.altitude * _STEP_M
    return (sieve.floor_m is None or height >= sieve.floor_m) and (sieve.ceiling_m is None or height <= sieve.ceiling_m)


def _seen(track: Track, at: Micros, flags: int) -> Seen:
    speed = NO_SPEED if track.speed_cms is None else min(round(track.speed_cms / _CM_A_UNIT), NO_SPEED - 1)
    height = NO_ALTITUDE if track.alt_m is None else max(-0x7FFF, min(0x7FFF, round(track.alt_m / _STEP_M)))
    course = NO_ANGLE if track.track_cdeg is None else track.track_cdeg
    moment = Micros(at - track.age_ms * 1000)
    return Seen(track.lon, track.lat, course, speed, height, moment, UNKNOWN, flags)


def _row(number: int, one: Seen, epoch: Micros) -> Row:
    age = min(MAX_AGE, max(0, (epoch - one.at) // AGE_UNIT))
    return Row(number, one.lon, one.lat, one.course, one.speed, one.altitude, age, one.kind, one.flags)
