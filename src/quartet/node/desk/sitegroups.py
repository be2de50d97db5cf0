"""The officers of this member who may hold the same: for each such class sites are looked after by what it may hold.

A warning made of what one officer may see alone would tell the others of it; one made of what all of them may see would
come too late for her. So each class has its own.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import Contained
from quartet.node.desk.sitebook import Protected
from quartet.node.frames import Frames
from quartet.node.pieces import Piece, Place
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, viewer_of
from quartet.picture.fusion import Fusion
from quartet.picture.proximity.movers import Mover


class Group(NamedTuple):
    """Officers who may see the same sites and hold the same tracks; `viewer` is one of them."""

    viewer: Viewer
    names: frozenset[OfficerName]
    sites: tuple[Protected, ...]
    admitted: tuple[tuple[Place, Piece], ...]


def groups_of(
    me: MemberId, registry: Registry, seeing: Seeing, frames: Frames, sites: Sequence[Protected], now: Micros
) -> list[Group]:
    """Return the classes of officers that see any site, first those who may hold the least."""
    found: dict[tuple[tuple[Place, ...], tuple[ItemId, ...]], Group] = {}
    for officer in registry.keyring.officers(me):
        viewer = viewer_of(me, officer)
        seen = tuple(one for one in sites if seeing.see(one.item.id, viewer, now) is not None)
        if not seen:
            continue
        admitted = tuple(frames.admitted(viewer))
        key = tuple(place for place, _ in admitted), tuple(one.root for one in seen)
        known = found.get(key)
        names = frozenset({officer.name}) | (frozenset() if known is None else known.names)
        found[key] = Group(viewer if known is None else known.viewer, names, seen, admitted)
    return sorted(found.values(), key=lambda one: (len(one.admitted), sorted(one.names)))


def carried(group: Group, fusion: Fusion, mover: Mover) -> tuple[Contained, ...]:
    """Return the controls of what a mover's track was made of: what tells of it is for whom all of them admit."""
    pieces = {f"{place[0]} {' '.join(place[1])}": piece for place, piece in group.admitted}
    sources = {fusion.batches[part.source].key for part in mover.parts}
    controls = (
        (one.id, one.sealed)
        for member, place in sorted(sources)
        for segment in pieces[f"{member} {place}"][1]
        for one in segment.controls
    )
    return tuple(dict(controls).values())


def is_red(contains: Iterable[Contained], group: Group) -> bool:
    """Return whether any of these controls is for persons alone."""
    wanted = {one.control for one in contains}
    return any(
        one.sealed.control in wanted and one.control.marking.tlp == "RED"
        for _, piece in group.admitted
        for segment in piece[1]
        for one in segment.controls
    )
