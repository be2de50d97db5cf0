"""Scenes: the fused tracks of one entitlement in the units of a live frame, what a look shows of them, what changed.

A track's number is drawn from a key and its name, never counted: it tells nothing of how many tracks there are besides.
Where two tracks of one scene draw the same number, the later in order draws again: the scene alone decides.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from quartet.core.frame import Track
from quartet.core.ids import MemberId, Micros
from quartet.picture.fusion import DRILL, Batch, Fusion, Part, batch_of, fuse
from quartet.picture.fusion.telling import id_of, is_drill, key_of, members_of, own_name_in, row_of
from quartet.picture.livewire import AGE_UNIT, MAX_AGE, MAX_NAME, MAX_SHOWN, NO_ALTITUDE, LiveFrame, Name, Row
from quartet.picture.look import KINDS, Kind, Look, Sieve
from quartet.picture.seen import STEP_M, Seen, flags_of

KEY_SIZE: Final = 16
NO_KINDS: Final[Mapping[str, Kind]] = MappingProxyType({})
"""Where nobody says what any mover is."""

_DEGREE: Final = 10_000_000


_Name = tuple[str, tuple[MemberId, ...]]
"""A track's own id, and the members whose tracks are in it, the best first."""


_Shown = tuple[Part, tuple[Part, ...], Seen, _Name]
"""The first part in order, all parts, what is shown of them, and how it is called."""


class Scene(msgspec.Struct, frozen=True):
    """Tracks by number, and what each number stands for: its own id, and the members whose tracks are in it."""

    tracks: Mapping[int, Seen] = MappingProxyType({})
    names: Mapping[int, _Name] = MappingProxyType({})
    cut: bool = False


class Source(NamedTuple):
    """Some tracks of one member under one set of controls, from a frame of time `at`.

    `tlp` is the place of their marking in `TLP_ORDER`, counted from one; `drill` is that an exercise's feed sees them.
    """

    member: MemberId
    place: str
    at: Micros
    tlp: int
    tracks: Iterable[Track]
    drill: bool = False


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
    """Return the scene of all these tracks; of two under one name in one place the newer one counts."""
    return scene_of_fused(fuse(map(partial(batched, me=me), sources)), numbers)


def batched(source: Source, me: MemberId) -> Batch:
    """Return a source ready to be fused and shown."""
    flags = flags_of(ours=source.member == me, tlp=source.tlp)
    return batch_of(source.member, source.place, source.at, source.tracks, flags, drill=source.drill)


def scene_of_fused(fusion: Fusion, numbers: Numbers, kinds: Mapping[str, Kind] = NO_KINDS) -> Scene:
    """Return the scene of what was fused for one viewer, each mover of the kind that it is said to be, by its key.

    A track is numbered by its mover's address, else by the first of its parts in the order of names: it keeps its
    number while others join it and leave. Of two movers of one address the one with the first part has its number.
    What an exercise has draws after all that is so.
    """
    shown: list[_Shown] = [(part, (part,), fusion.row(part), fusion.called(part)) for part in fusion.singles()]
    for one in fusion.fused():
        called = id_of(fusion, one), _fitting(members_of(fusion, one))
        shown.append((min(one.parts), one.parts, row_of(fusion, one), called))
    seen: dict[str, tuple[Seen, _Name]] = {}
    for first, parts, row, called in sorted(shown, key=_first):
        address = own_name_in(fusion, parts)
        if kinds:
            row = row._replace(kind=KINDS.index(kinds.get(address or key_of(fusion, parts), KINDS[row.kind])))
        name = f"{'~' if is_drill(fusion, parts) else ''}={address}"
        seen[name if address and name not in seen else _name_of(fusion, first)] = row, called
    taken = _numbered(seen, numbers)
    tracks = {number: seen[name][0] for name, number in taken.items()}
    names = {number: seen[name][1] for name, number in taken.items()}
    return Scene(MappingProxyType(tracks), MappingProxyType(names))


def _first(one: _Shown) -> Part:
    return one[0]


def _fitting(members: tuple[MemberId, ...]) -> tuple[MemberId, ...]:
    """Return as many members as a name has room for, the best first."""
    while len(" ".join(members).encode()) > MAX_NAME and len(members) > 1:
        members = members[:-1]
    return members


def _name_of(fusion: Fusion, part: Part) -> str:
    batch = fusion.batches[part.source]
    return f"{'~' if batch.drill else ''}{batch.member}/{batch.place}/{batch.ids[part.track]}"


def within(scene: Scene, look: Look) -> Scene:
    """Return the part of a scene that a look asks for: at most `MAX_SHOWN`, thinned evenly if there are more.

    What is of an exercise is left out first.
    """
    numbers = _inside(scene, look)
    if look.filter != Sieve():
        numbers = [n for n in numbers if _passes(scene.tracks[n], scene.names[n][1], look.filter)]
    cut = len(numbers) > MAX_SHOWN
    kept = sorted(numbers, key=lambda n: (scene.names[n][0].startswith(DRILL), n))[:MAX_SHOWN] if cut else numbers
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


def _passes(one: Seen, members: tuple[MemberId, ...], sieve: Sieve) -> bool:
    if sieve.sources and not any(member in sieve.sources for member in members):
        return False
    if sieve.kinds and KINDS[one.kind] not in sieve.kinds:
        return False
    if one.altitude == NO_ALTITUDE:
        return True
    height = one.altitude * STEP_M
    return (sieve.floor_m is None or height >= sieve.floor_m) and (sieve.ceiling_m is None or height <= sieve.ceiling_m)


def _row(number: int, one: Seen, epoch: Micros) -> Row:
    age = min(MAX_AGE, max(0, (epoch - one.at) // AGE_UNIT))
    return Row(number, one.lon, one.lat, one.course, one.speed, one.altitude, age, one.kind, one.flags)
