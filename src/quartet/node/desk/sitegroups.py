"""The officers of this member who may hold the same: for each such class sites are looked after by what it may hold.

A warning made of what one officer may see alone would tell the others of it; one made of what all of them may see would
come too late for her. So each class has its own.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import Contained
from quartet.core.verify import VerifiedControl
from quartet.core.volume import Volume
from quartet.node.desk.sitebook import Protected
from quartet.node.frames import Frames
from quartet.node.pieces import Piece, Place
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, viewer_of
from quartet.picture.fusion import Fusion
from quartet.picture.proximity import NOTHING, Looked, Pair, State, look, of_site, together
from quartet.picture.proximity.movers import Mover

_LOG: Final = logging.getLogger("quartet.sites")


Doubts = Mapping[str, frozenset[str]]
"""Of sites, by their roots: the addresses that are in conflict."""


class Group(NamedTuple):
    """Officers who may see the same sites and hold the same tracks."""

    viewers: Mapping[OfficerName, Viewer]
    sites: tuple[Protected, ...]
    admitted: tuple[tuple[Place, Piece], ...]

    @property
    def names(self) -> frozenset[OfficerName]:
        """Who they are."""
        return frozenset(self.viewers)

    def of(self, names: Iterable[OfficerName]) -> "Group":
        """Return some of them."""
        return self._replace(viewers={name: self.viewers[name] for name in names})


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
        found[key] = Group({**({} if known is None else known.viewers), officer.name: viewer}, seen, admitted)
    return sorted(found.values(), key=lambda one: (len(one.admitted), sorted(one.names)))


def carried(group: Group, fusion: Fusion, mover: Mover) -> tuple[Contained, ...]:
    """Return the controls of what a mover's track was made of: what tells of it is for whom all of them admit.

    So it is with the tracks that give the same address: that there are two is told by its name, and exempts it no more.
    """
    return tuple({one.id: one.sealed for one in governing(group, fusion, mover)}.values())


def governing(group: Group, fusion: Fusion, mover: Mover) -> Iterator[VerifiedControl]:
    """Yield the controls of what a mover's track was made of, as often as they come."""
    pieces = {f"{place[0]} {' '.join(place[1])}": piece for place, piece in group.admitted}
    sources = {fusion.batches[part.source].key for part in (*mover.parts, *mover.twins)}
    for member, place in sorted(sources):
        for segment in pieces[f"{member} {place}"][1]:
            yield from segment.controls


def is_red(contains: Iterable[Contained], group: Group) -> bool:
    """Return whether any of these controls is for persons alone."""
    wanted = {one.control for one in contains}
    return any(
        one.sealed.control in wanted and one.control.marking.tlp == "RED"
        for _, piece in group.admitted
        for segment in piece[1]
        for one in segment.controls
    )


def doubts(groups: Iterable[Group], doubted: Callable[[Viewer], frozenset[str]]) -> Doubts:
    """Return, of each site, the addresses that everybody who sees it knows to be in conflict.

    One that some do not know of exempts for all of them: a warning in spite of it would tell them.
    """
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for viewer in group.viewers.values():
            known = doubted(viewer)
            found |= {site.root: found.get(site.root, known) & known for site in group.sites}
    return found


def passing(site: Protected, doubted: Doubts, now: Micros) -> frozenset[Pair]:
    """Return who may pass a site: nobody whose address is in conflict, for it may be anybody's."""
    return frozenset(pair for pair in site.exempt(now) if pair[2] not in doubted.get(site.root, frozenset()))


def look_at(
    state: State, fusion: Fusion, sites: Sequence[Protected], doubted: Doubts, now: Micros
) -> tuple[Looked, tuple[Protected, ...]]:
    """Look at the sites together; where that fails one by one, and return those at which it does: theirs stays."""
    try:
        return _looked(state, fusion, sites, doubted, now), ()
    except Exception as error:
        if len(sites) == 1:
            _LOG.exception("a site could not be looked after")
            return Looked(of_site(state, sites[0].root), ()), (sites[0],)
        _LOG.warning("sites are looked at one by one: %s", type(error).__name__)
    found = [look_at(of_site(state, one.root), fusion, [one], doubted, now) for one in sites]
    return together(looked for looked, _ in found), tuple(site for _, failed in found for site in failed)


def _looked(state: State, fusion: Fusion, sites: Iterable[Protected], doubted: Doubts, now: Micros) -> Looked:
    active: dict[str, tuple[Volume, ...]] = {site.root: site.active(now) for site in sites}
    exempt = frozenset(pair for site in sites for pair in passing(site, doubted, now))
    return look(state, fusion, active, exempt, now)


def alike(names: Iterable[OfficerName], states: Mapping[OfficerName, State]) -> list[tuple[State, list[OfficerName]]]:
    """Return the states that officers of a class have, with whose they are: once where they are equal, from then on."""
    found: list[tuple[State, list[OfficerName]]] = []
    for name in sorted(names):
        state = states.get(name, NOTHING)
        same = next((whose for known, whose in found if known is state or known == state), None)
        if same is None:
            found.append((state, [name]))
        else:
            same.append(name)
    return found
