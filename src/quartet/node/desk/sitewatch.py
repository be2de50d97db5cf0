"""Look after this member's sites once a tick: what nears one is warned of to whoever may see both, and to nobody else.

Each class of officers is looked after by the picture that it may hold (`sitegroups`). A warning is a signed item: it
says what the site's own marking admits, carries the controls of all tracks that it was made of, and goes to no other
member. So the one gate answers who may see it, and taking back a sensor's feed takes back what was made of that.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isinf
from typing import Final

from msgspec import structs, to_builtins

from quartet.core.ids import ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import MAX_CONTROLS, Contained, Precedence
from quartet.core.volume import Volume
from quartet.desk import KIND_OF
from quartet.desk.protection import HEIGHT_OF, name_of
from quartet.desk.site import Ended, LevelWord, Warned
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.sitebook import Protected, SiteBook
from quartet.node.desk.sitegroups import Group, carried, groups_of, is_red
from quartet.node.desk.speaking import Speech, beside
from quartet.node.frames import Frames
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import NODE_OFFICER, Publisher
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.picture.fusion import Fusion
from quartet.picture.proximity import NOTHING, Level, Looked, Near, Pair, State, is_exempt, look
from quartet.picture.proximity.look import KEPT

MAX_A_LOOK: Final = 32
"""Warnings that are written in one look, the most urgent first; what is over waits for the next."""
REMEMBERED: Final = 1_000
"""Of how many warnings, the newest, a node that starts learns which are not over."""
WORDS: Final[dict[Level, LevelWord]] = {
    Level.ADVISORY: "ADVISORY",
    Level.PREDICTED: "PREDICTED",
    Level.INSIDE: "INSIDE",
}
URGENCY: Final[dict[LevelWord, Precedence]] = {
    "INSIDE": "FLASH",
    "PREDICTED": "IMMEDIATE",
    "ADVISORY": "PRIORITY",
    "OVER": "ROUTINE",
}


@dataclass
class Told:
    """What was told of a mover near a volume: the first warning, how near it is believed to be since, and to whom.

    `names` is None until somebody who sees it takes it over: a node that started again knows the item alone. Nothing is
    over before `until`.
    """

    first: ItemId
    level: Level
    contains: tuple[Contained, ...]
    names: frozenset[OfficerName] | None = None
    until: int = 0


class SiteWatch:
    """Warns of what nears the member's sites."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        frames: Frames,
        publisher: Publisher,
        sayings: Sayings,
        book: SiteBook,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._frames = frames
        self._publisher = publisher
        self._sayings = sayings
        self._book = book
        self._states: dict[OfficerName, State] = {}
        self._near: dict[OfficerName, tuple[Near, ...]] = {}
        self._told: dict[Pair, list[Told]] | None = None

    def near(self, viewer: Viewer) -> tuple[Near, ...]:
        """Return what was near the sites that a viewer sees at the last look, by her own picture."""
        return self._near.get(viewer.name, ())

    async def look(self, now: Micros) -> None:
        """Look at what every class of officers may hold, and write what is to be warned of."""
        sites = self._book.sites()
        if not sites:
            self._states, self._near = {}, {}
            return
        told = self._remembered(now)
        groups = groups_of(self._parts.me, self._registry, self._seeing, self._frames, sites, now)
        before, self._states, self._near = self._states, {}, {}
        left = MAX_A_LOOK
        for group in groups:
            fusion = self._frames.fused(group.admitted)
            for state, names in _alike(group, before):
                doubted = self._frames.doubted(group.viewer)
                looked = await asyncio.to_thread(_look, state, fusion, group.sites, doubted, now)
                self._states |= dict.fromkeys(names, looked.state)
                self._near |= dict.fromkeys(names, looked.near)
                some = group._replace(names=names)
                left -= await self._tell(some, fusion, looked, told, left, now)

    # -- what is told

    async def _tell(
        self, group: Group, fusion: Fusion, looked: Looked, told: dict[Pair, list[Told]], left: int, now: Micros
    ) -> int:
        """Write what is new to a class of officers; return how many items that were."""
        written = 0
        for one in looked.near:
            own, seen = self._known(group, told.get(one.pair, []), now)
            if own is not None and Level.NONE < one.level < own.level:
                own.level = one.level
            if written < left and one.level > max(seen, Level.NONE if own is None else own.level):
                written += await self._warn(group, fusion, one, own, told)
        near = {one.pair: one for one in looked.near}
        standing = {pair for pair, kept in looked.state.standing.items() if kept.level > Level.NONE}
        for pair in [pair for pair in told if pair not in standing]:
            own, _ = self._known(group, told[pair], now)
            if own is not None and now >= own.until and written < left:
                written += await self._end(group, pair, own, near.get(pair), told, now)
        return written

    def _known(self, group: Group, told: Iterable[Told], now: Micros) -> tuple[Told | None, Level]:
        """Return the warning of a pair that is this class's to go on with, and the level that it sees in others'."""
        own, level = None, Level.NONE
        for one in told:
            if self._seeing.see(one.first, group.viewer, now) is None:
                continue
            if one.names is None:
                one.names = group.names
            if one.names & group.names:
                own = own or one
            else:
                level = max(level, one.level)
        return own, level

    async def _warn(
        self, group: Group, fusion: Fusion, one: Near, own: Told | None, told: dict[Pair, list[Told]]
    ) -> int:
        site = next(site for site in group.sites if site.root == one.pair[0])
        contains = (*(control.sealed for control in site.item.controls), *carried(group, fusion, one.mover))
        if len(contains) > MAX_CONTROLS:  # no item can carry so many; without one of them too many would see it
            return 0
        form = Warned(
            site=site.item.id,
            volume=one.pair[1],
            mover=one.mover.id[:64],
            level=WORDS[one.level],
            seen=one.mover.seen,
            within_s=None if isinf(one.seconds) else round(one.seconds),
            distance_m=round(one.distance_m),
            bearing_deg=round(one.bearing_deg),
            height_m=one.mover.alt_m,
            first=None if own is None else own.first,
        )
        item = await self._say(group, site, form, contains)
        if own is not None:
            own.level, own.contains = one.level, contains
        else:
            told.setdefault(one.pair, []).append(Told(item, one.level, contains, group.names))
        return 1

    async def _end(
        self, group: Group, pair: Pair, own: Told, near: Near | None, told: dict[Pair, list[Told]], now: Micros
    ) -> int:
        site = next((site for site in group.sites if site.root == pair[0]), None)
        told[pair].remove(own)
        if not told[pair]:
            del told[pair]
        if site is None:
            return 0
        form = Warned(
            site=site.item.id,
            volume=pair[1],
            mover=pair[2][:64],
            level="OVER",
            seen=now if near is None else near.mover.seen,
            ended=_why(site, pair, near, self._frames.doubted(group.viewer), now),
            first=own.first,
        )
        await self._say(group, site, form, own.contains)
        return 1

    async def _say(self, group: Group, site: Protected, form: Warned, contains: tuple[Contained, ...]) -> ItemId:
        marking = self._holdings.marking(site.item, self._parts.clock.now())
        words = Speech(
            kind=KIND_OF[Warned],
            form=to_builtins(form),
            title=f"{form.level}: {name_of(site.said.form, form.volume)}"[:300],
            text=_text(form),
            to=(),
            precedence=URGENCY[form.level],
        )
        draft = beside(site.item, marking, [], words)
        draft = structs.replace(draft, mode="DISPLAY", onward="NEVER")
        if draft.tlp != "RED" and is_red(contains, group):
            draft = structs.replace(draft, tlp="RED", persons=self._persons(group))
        return (await self._publisher.by_node(draft, form, contains=contains)).id

    def _persons(self, group: Group) -> tuple[str, ...]:
        return tuple(f"{self._parts.me}/{name}" for name in sorted(group.names))

    def _remembered(self, now: Micros) -> dict[Pair, list[Told]]:
        """Return what was told and is not over: read once, from the newest warnings of the node before it stopped."""
        if self._told is None:
            self._told = {}
            for pair, one in self._open(now):
                self._told.setdefault(pair, []).append(one)
        return self._told

    def _open(self, now: Micros) -> Iterator[tuple[Pair, Told]]:
        roots = {site.item.id: site.root for site in self._book.sites()}
        rows = self._parts.store.reader.items(0, REMEMBERED, self._parts.me, KIND_OF[Warned], newest=True)
        said = self._sayings.held_among([row.id for row in rows], Warned)
        later: dict[ItemId, LevelWord] = {}
        for one in sorted(said, key=lambda one: (one.at, one.id), reverse=True):
            if one.officer != NODE_OFFICER:
                continue
            first = ItemId(one.form.first or one.id)
            word = later.setdefault(first, one.form.level)
            if one.form.first is None and word != "OVER" and (item := self._holdings.verified(one.id)) is not None:
                pair = roots.get(ItemId(one.form.site), one.form.site), one.form.volume, one.form.mover
                contains = tuple(control.sealed for control in item.contained)
                yield pair, Told(one.id, Level(HEIGHT_OF[word]), contains, until=now + KEPT)


def _look(state: State, fusion: Fusion, sites: Iterable[Protected], doubted: frozenset[str], now: Micros) -> Looked:
    active: dict[str, tuple[Volume, ...]] = {site.root: site.active(now) for site in sites}
    exempt = frozenset(pair for site in sites for pair in _exempt(site, doubted, now))
    return look(state, fusion, active, exempt, now)


def _alike(group: Group, states: dict[OfficerName, State]) -> Iterator[tuple[State, frozenset[OfficerName]]]:
    """Yield the states that officers of a class have, with whose they are: mostly one, once they had the same."""
    found: dict[int, tuple[State, set[OfficerName]]] = {}
    for name in sorted(group.names):
        state = states.get(name, NOTHING)
        found.setdefault(id(state), (state, set()))[1].add(name)
    return ((state, frozenset(names)) for state, names in found.values())


def _exempt(site: Protected, doubted: frozenset[str], now: Micros) -> frozenset[Pair]:
    """Return who may pass a site: nobody whose address is in conflict, for it may be anybody's."""
    return frozenset(pair for pair in site.exempt(now) if pair[2] not in doubted)


def _why(site: Protected, pair: Pair, near: Near | None, doubted: frozenset[str], now: Micros) -> Ended:
    if (near is not None and near.exempt) or is_exempt(pair, "", _exempt(site, doubted, now)):
        return "EXEMPT"
    if pair[1] not in {volume.name for volume in site.active(now)}:
        return "NOT_ACTIVE"
    return "LOST" if near is None else "CLEAR"


def _text(form: Warned) -> str:
    """Return a warning in words, for where only the text of an item is read."""
    if form.level == "OVER":
        return f"{form.mover}: over ({(form.ended or 'CLEAR').lower().replace('_', ' ')})"
    away = "" if form.distance_m is None else f", {form.distance_m / 1852:.1f} NM off the volume"
    if form.level == "INSIDE":
        return f"{form.mover} is nearer than it must keep away{away}"
    return f"{form.mover} is too near in {form.within_s or 0} s{away}"
