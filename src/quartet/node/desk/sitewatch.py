"""Look after this member's sites once a tick: what nears one is warned of to whoever may see both, and to nobody else.

Each class of officers is looked after by the picture that it may hold (`sitegroups`). A warning is a signed item: it
says what the site's own marking admits, carries the controls of all tracks that it was made of, and goes to no other
member. So the one gate answers who may see it, and taking back a sensor's feed takes back what was made of that.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from math import isinf
from typing import Final

from msgspec import structs, to_builtins

from quartet.core.faults import Fault, Malformed
from quartet.core.ids import ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import MAX_CONTROLS, Contained, Precedence
from quartet.desk import KIND_OF
from quartet.desk.protection import name_of
from quartet.desk.site import Ended, LevelWord, Warned
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.sitebook import MAX_SITES, Protected, SiteBook
from quartet.node.desk.sitegroups import (
    Doubts,
    Group,
    alike,
    carried,
    doubts,
    governing,
    groups_of,
    is_red,
    look_at,
    passing,
)
from quartet.node.desk.sitelog import SiteLog
from quartet.node.desk.sitetold import Told, open_ones
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.frames import Frames
from quartet.node.holdings import Holdings
from quartet.node.inforce import called, drilling
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.registry import Registry
from quartet.node.seeing import WATCH, Seeing
from quartet.node.statusviews import Alarm
from quartet.node.views import moment
from quartet.picture.fusion import Fusion
from quartet.picture.proximity import Level, Looked, Near, Pair, State, is_exempt

MAX_A_LOOK: Final = 32
"""Warnings that are written in one look, the most urgent first; what is over waits for the next."""
MAX_CARRIED: Final = MAX_CONTROLS - 1
"""Controls that a warning may carry: what is said about it carries these, and its own."""
LEFT_OUT: Final = f"there are more than {MAX_SITES} versions of sites: the oldest are left out"
UNWARNED: Final = "site-unwarned"
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

NearBy = tuple[Near, bool]
"""What is near, and whether that is an exercise's."""
Job = tuple[str, Coroutine[None, None, None]]
"""What is written, as an alarm calls it where that fails."""


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
        log: SiteLog,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._frames = frames
        self._publisher = publisher
        self._sayings = sayings
        self._book = book
        self._log = log
        self._states: dict[OfficerName, State] = {}
        self._near: dict[OfficerName, tuple[NearBy, ...]] = {}
        self._told: dict[Pair, list[Told]] | None = None
        self._gone: set[ItemId] = set()
        """What was let go because nobody saw it any more, by the first warnings: a recall may be cancelled."""
        self._unsaid: dict[OfficerName, dict[str, Micros]] = {}
        self._doubted: Doubts = {}

    def near(self, viewer: Viewer) -> tuple[NearBy, ...]:
        """Return what was near the sites that a viewer sees at the last look, by her own picture; True of a drill."""
        return self._near.get(viewer.name, ())

    def alarms(self, viewer: Viewer) -> tuple[Alarm, ...]:
        """Return an alarm for all that a viewer is to be warned of and no item could say, or that is not looked at."""
        return tuple(
            Alarm(at=moment(since), reason=UNWARNED, detail=detail, member=self._parts.me)
            for detail, since in sorted(self._unsaid.get(viewer.name, {}).items())
        )

    async def look(self, now: Micros) -> None:
        """Look at what every class of officers may hold, and write what is to be warned of."""
        sites = self._book.sites()
        before, self._states, self._near = self._states, {}, {}
        unsaid, self._unsaid = self._unsaid, {}
        if not sites:
            self._forget(self._told or {}, (), now)
            return
        told = self._remembered(now)
        groups = groups_of(self._parts.me, self._registry, self._seeing, self._frames, sites, now)
        self._doubted = doubted = doubts(groups, self._frames.doubted)
        for group in groups:
            fusion = self._frames.fused(group.admitted)
            for state, names in alike(group.names, before):
                looked, failed = await asyncio.to_thread(look_at, state, fusion, group.sites, doubted, now)
                self._states |= dict.fromkeys(names, looked.state)
                drills = self._drills(group, fusion, looked, now)
                self._near |= dict.fromkeys(names, tuple((one, one.pair in drills) for one in looked.near))
                some = group.of(names)
                await self._tell(some, fusion, looked, drills, told, now)
                for site in failed:
                    name = called(site.said.form.name, exercise=self._sayings.drills(site.item))
                    self._note(some, f"{name} could not be looked after", now)
                if self._book.beyond:  # it counts sites that not every officer may see, as other totals do
                    on_watch = [name for name, viewer in some.viewers.items() if WATCH in viewer.roles]
                    self._note(some.of(on_watch), LEFT_OUT, now)
        self._forget(told, groups, now)
        self._unsaid = {
            name: {detail: unsaid.get(name, {}).get(detail, since) for detail, since in said.items()}
            for name, said in self._unsaid.items()
        }

    def _drills(self, group: Group, fusion: Fusion, looked: Looked, now: Micros) -> frozenset[Pair]:
        """Return what is near as an exercise has it: what its sensors see, or at a site that is of one."""
        facts, sites = self._holdings.facts, {one.root for one in group.sites if self._sayings.drills(one.item)}
        return frozenset(
            one.pair
            for one in looked.near
            if one.pair[0] in sites or drilling(governing(group, fusion, one.mover), facts, now)
        )

    def _forget(self, told: dict[Pair, list[Told]], groups: Sequence[Group], now: Micros) -> None:
        """Let go what was told and nobody sees any more: a sensor was taken back, or its officer left."""
        for pair in list(told):
            left = [
                one for one in told[pair] if now < one.until or any(self._seers(group, one, now) for group in groups)
            ]
            self._gone |= {one.first for one in told[pair]} - {one.first for one in left}
            told[pair] = left
            if not left:
                del told[pair]

    def _note(self, group: Group, detail: str, now: Micros) -> None:
        """Have a class of officers alarmed of what no item tells them."""
        for name in group.names:
            self._unsaid.setdefault(name, {})[detail] = now

    # -- what is told

    async def _tell(
        self,
        group: Group,
        fusion: Fusion,
        looked: Looked,
        drills: frozenset[Pair],
        told: dict[Pair, list[Told]],
        now: Micros,
    ) -> None:
        """Write what is new to a class of officers, so many at once, whatever others are told."""
        jobs: list[Job] = []
        for one in sorted(looked.near, key=lambda one: one.pair in drills):  # no drill keeps what is so waiting
            own, seen = self._known(group, told.get(one.pair, []), now)
            if own is not None and one.level > Level.NONE:  # it is seen near again: it may be over as any other is
                own.level, own.until = min(own.level, one.level), 0
            if one.level <= max(seen, Level.NONE if own is None else own.level):
                continue
            name = called(_called(group, one), exercise=one.pair in drills)
            if len(jobs) < MAX_A_LOOK:
                jobs.append((name, self._warn(group, fusion, one, own, told)))
            else:
                self._note(group, f"{name}: it waits for {MAX_A_LOOK} other warnings", now)
        near = {one.pair: one for one in looked.near}
        standing = {pair for pair, kept in looked.state.standing.items() if kept.level > Level.NONE}
        for pair in [pair for pair in told if pair not in standing]:
            for was in told[pair]:
                some = self._seers(group, was, now)
                if some and (was.names is None or was.names & some) and now >= was.until and len(jobs) < MAX_A_LOOK:
                    name = called(pair[2][:64], exercise=self._sayings.drilled().any([was.last]))
                    jobs.append((f"{name}: over", self._end(group.of(some), pair, was, near.get(pair), told, now)))
        await self._written(group, jobs, now)

    async def _written(self, group: Group, jobs: Sequence[Job], now: Micros) -> None:
        """Write warnings together, so that the disk is waited for once; what fails is tried again at the next look."""
        done = await asyncio.gather(*(job for _, job in jobs), return_exceptions=True)
        for (name, _), one in zip(jobs, done, strict=True):
            match one:
                case None:
                    pass
                case Fault(reason=reason):
                    self._note(group, f"{name}: no item can say it ({reason})", now)
                case BaseException():
                    raise one

    def _known(self, group: Group, told: Iterable[Told], now: Micros) -> tuple[Told | None, Level]:
        """Return the warning of a pair that is this class's to go on with, and the level that it sees in others'.

        Only what all of a class see says anything to it. Where a class parted, those who may hold the least go on.
        """
        own, level = None, Level.NONE
        for one in told:
            if self._seers(group, one, now) != group.names:
                continue
            if own is None and (one.names is None or one.names & group.names):
                own = one
                own.names = group.names
            else:
                level = max(level, one.level)
        return own, level

    def _seers(self, group: Group, one: Told, now: Micros) -> frozenset[OfficerName]:
        """Return who of a class sees all that was told."""
        see = self._seeing.see
        return frozenset(name for name, viewer in group.viewers.items() if see(one.last, viewer, now) is not None)

    async def _warn(
        self, group: Group, fusion: Fusion, one: Near, own: Told | None, told: dict[Pair, list[Told]]
    ) -> None:
        site = next(site for site in group.sites if site.root == one.pair[0])
        fresh = (*(control.sealed for control in site.item.controls), *carried(group, fusion, one.mover))
        before = () if own is None else own.contains
        contains = tuple({sealed.control: sealed for sealed in (*before, *fresh)}.values())
        if own is not None and len(contains) > MAX_CARRIED:  # it goes on from nothing, and says so all the same
            own.level, own, contains = one.level, None, tuple({sealed.control: sealed for sealed in fresh}.values())
        if len(contains) > MAX_CARRIED:  # without one of them too many would see it
            raise Malformed("too-large", f"{len(contains)} controls where {MAX_CARRIED} may be")
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
        item = await self._say(group, site, form, contains, own)
        if own is not None:
            own.level, own.contains, own.last = one.level, contains, item
        else:
            told.setdefault(one.pair, []).append(Told(item, item, one.level, contains, group.names))

    async def _end(
        self, group: Group, pair: Pair, own: Told, near: Near | None, told: dict[Pair, list[Told]], now: Micros
    ) -> None:
        site = next((site for site in group.sites if site.root == pair[0]), None)
        if site is not None:
            form = Warned(
                site=site.item.id,
                volume=pair[1],
                mover=pair[2][:64],
                level="OVER",
                seen=now if near is None else near.mover.seen,
                ended=_why(site, pair, near, self._doubted, now),
                first=own.first,
            )
            await self._say(group, site, form, own.contains, own)
        told[pair].remove(own)
        if not told[pair]:
            del told[pair]

    async def _say(
        self, group: Group, site: Protected, form: Warned, contains: tuple[Contained, ...], own: Told | None
    ) -> ItemId:
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
        before = None if own is None else self._holdings.verified(own.last)
        goes_on_red = before is not None and before.statement.marking.tlp == "RED"
        if draft.tlp != "RED" and (goes_on_red or is_red(contains, group)):
            draft = structs.replace(draft, tlp="RED", persons=self._persons(group))
        return (await self._publisher.by_node(draft, form, contains=contains)).id

    def _persons(self, group: Group) -> tuple[str, ...]:
        return tuple(f"{self._parts.me}/{name}" for name in sorted(group.names))

    def _remembered(self, now: Micros) -> dict[Pair, list[Told]]:
        """Return what was told and is not over: read once, from the newest warnings of the node before it stopped.

        What was let go and holds again is read back: one mover near one volume is not warned of twice.
        """
        if self._told is None:
            self._told, back = {}, set(self._log.open())
        else:
            back = self._gone.intersection(self._log.open()) if self._gone else set()
        self._gone -= back
        asked = sorted(back), self._parts.me, self._holdings, self._sayings, self._book.sites(), now
        for pair, one in open_ones(*asked) if back else ():
            self._told.setdefault(pair, []).append(one)
        return self._told


def _called(group: Group, one: Near) -> str:
    site = next(site for site in group.sites if site.root == one.pair[0])
    return f"{one.mover.id[:64]} at {name_of(site.said.form, one.pair[1])}: {WORDS[one.level].lower()}"


def _why(site: Protected, pair: Pair, near: Near | None, doubted: Doubts, now: Micros) -> Ended:
    if (near is not None and near.exempt) or is_exempt(pair, "", passing(site, doubted, now)):
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
