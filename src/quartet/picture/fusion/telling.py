"""What a fused track says, and which of its parts says it: nothing is averaged but the place.

Its parts begin with the best (`Fused`): the first that knows a height tells the height, the first that knows both speed
and course tells these.
"""

from functools import reduce
from typing import Literal

from quartet.core.frame import MAX_LINEAGE
from quartet.core.ids import MemberId
from quartet.picture.fusion.fusing import Fused, Fusion, Part
from quartet.picture.seen import UNKNOWN, Seen, both

Word = Literal["PLACE", "HEIGHT", "MOTION"]
"""What of a fused track is from a part."""


def height_from(fusion: Fusion, one: Fused) -> Part:
    """Return the part that tells the height, the best one if none does."""
    return next((part for part in one.parts if fusion.track(part).alt_m is not None), one.parts[0])


def motion_from(fusion: Fusion, one: Fused) -> Part:
    """Return the part that tells speed and course: both if one knows both, else either."""
    told = [(fusion.track(part).speed_cms, fusion.track(part).track_cdeg) for part in one.parts]
    known = [sum(value is not None for value in values) for values in told]
    return one.parts[known.index(max(known))]


def gives(fusion: Fusion, one: Fused, part: Part) -> tuple[Word, ...]:
    """Return what of a fused track is from a part; that of a place may be mixed with another's."""
    given: list[tuple[Word, bool]] = [
        ("PLACE", part.counts),
        ("HEIGHT", part == height_from(fusion, one) and fusion.track(part).alt_m is not None),
        ("MOTION", part == motion_from(fusion, one) and _moves(fusion, part)),
    ]
    return tuple(word for word, is_so in given if is_so)


def address_in(fusion: Fusion, parts: tuple[Part, ...]) -> str:
    """Return the address that a mover gives of itself, empty for none; no two parts give two."""
    return next((found for part in parts if (found := fusion.batches[part.source].addresses[part.track])), "")


def own_name_in(fusion: Fusion, parts: tuple[Part, ...]) -> str:
    """Return the address that a mover gives of itself as names have it: of an exercise's it says so."""
    address = address_in(fusion, parts)
    return fusion.batches[parts[0].source].mark + address if address else ""


def is_drill(fusion: Fusion, parts: tuple[Part, ...]) -> bool:
    """Return whether a mover is an exercise's: all of its parts are, or none."""
    return fusion.batches[parts[0].source].drill


def key_of(fusion: Fusion, parts: tuple[Part, ...]) -> str:
    """Return under which name a mover is followed: its own address, else whose track it is and what that is called.

    What an exercise has is followed under another: of one address there may be a real aircraft and a simulated one.
    """
    address = own_name_in(fusion, parts)
    if address:
        return address
    first = min(parts)
    name, members = fusion.called(first)
    return f"{members[0]}/{name}"


def id_of(fusion: Fusion, one: Fused) -> str:
    """Return what a fused track is called: by its part that names the mover's own address, else by the best."""
    named = (part for part in one.parts if fusion.batches[part.source].addresses[part.track])
    part = next(named, one.parts[0])
    return fusion.batches[part.source].ids[part.track]


def names_of(fusion: Fusion, one: Fused) -> tuple[str, ...]:
    """Return what each part is called, with whose it is, in the order of their sources."""
    called = (fusion.called(part) for part in sorted(one.parts))
    return tuple(f"{members[0]}/{name}" for name, members in called)


def members_of(fusion: Fusion, one: Fused) -> tuple[MemberId, ...]:
    """Return whose tracks are in a fused one, each once, first the one that placed it best."""
    return tuple(dict.fromkeys(fusion.batches[part.source].member for part in one.parts))


def roots_of(fusion: Fusion, one: Fused) -> tuple[str, ...]:
    """Return the roots of all parts, each once; beyond `MAX_LINEAGE` the last in order are left out."""
    named = {root for part in one.parts for root in fusion.track(part).lineage}
    return tuple(root.decode("ascii", "replace") for root in sorted(named)[:MAX_LINEAGE])


def row_of(fusion: Fusion, one: Fused) -> Seen:
    """Return a fused track as scenes hold it."""
    rows = {part: fusion.batches[part.source].rows[part.track] for part in one.parts}
    height, motion = rows[height_from(fusion, one)], rows[motion_from(fusion, one)]
    flags = reduce(both, (row.flags for row in rows.values()))
    return Seen(one.lon, one.lat, motion.course, motion.speed, height.altitude, one.seen, UNKNOWN, flags)


def _moves(fusion: Fusion, part: Part) -> bool:
    track = fusion.track(part)
    return track.speed_cms is not None or track.track_cdeg is not None
