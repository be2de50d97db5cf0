"""Look at the picture of each class of viewers every two seconds: who concerns us, who that is, who crossed a boundary.

The gate is asked here, for each class; what is then computed from what it let through is computed in a thread, and
goes to nobody but the viewers of that class. No other member learns anything of it unless an officer says it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from quartet.core.category import IDENTIFIED
from quartet.core.encoding import Value, encode
from quartet.core.faults import Fault
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.release import Viewer
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import DUTY_ROLE, Identification, TrackOffer
from quartet.node.frames import Frames
from quartet.node.identify.classes import LINEAGE, Admitted, Class, Classes
from quartet.node.identify.heard import Reports
from quartet.node.identify.movers import Sources, movers_of, spelt, told_by_others
from quartet.node.identify.registered import Registered
from quartet.node.identify.spoken import Spoken
from quartet.node.identify.words import plan_of, words_of
from quartet.node.parts import DAY, Parts
from quartet.node.pieces import Place
from quartet.node.registry import Registry
from quartet.node.seeing import viewer_of
from quartet.picture.fusion import Fusion
from quartet.picture.identify.airspace import Airspace
from quartet.picture.identify.bases import Plans, Words
from quartet.picture.identify.watch import Given, Identity, Movement, Seen, Standings, pressing, words_for
from quartet.picture.look import KINDS, Kind
from quartet.picture.scene import NO_KINDS
from quartet.store import NewMovement

_LOG: Final = logging.getLogger("quartet.identify")
EVERY: Final = 2 * SECOND
"""How often it is looked: five times within the ten seconds after which a new aircraft has to be PENDING."""
MOVEMENTS_KEPT: Final = 92 * DAY
"""How long entries and exits are kept."""
PRUNE_EVERY: Final = 3_600 * SECOND
BETWEEN_S: Final = 0.5
ASKED_FOR: Final = 3_600 * SECOND
"""How long a viewer with a purpose of her own is looked for after she asked."""


class KeptMovement(Value, frozen=True):
    """An entry or exit as it is kept, with the items that it was computed from."""

    id: str
    address: str | None
    flight_id: str | None
    space: str
    way: str
    at: Micros
    lat: float
    lon: float
    alt_m: float | None
    seen: bool
    category: str
    bases: tuple[str, ...]
    rests: tuple[ItemId, ...]


class _Job(NamedTuple):
    """All that one class is looked at with: made in the loop, worked at in a thread."""

    one: Class
    fusion: Fusion
    by: Sources
    reports: tuple[tuple[str, Reports], ...]
    others: tuple[tuple[Place, object], ...]
    given: Given
    lost: frozenset[str]


class Identifying:
    """Keeps what is known of the aircraft that concern this member, for each class of its officers."""

    def __init__(self, parts: Parts, registry: Registry, frames: Frames, spoken: Spoken) -> None:
        self._parts = parts
        self._registry = registry
        self._frames = frames
        self._spoken = spoken
        self.spaces: tuple[Airspace, ...] = ()
        self.watched: tuple[str, ...] = ()
        self.registered: Mapping[str, Registered] = {}
        self._classes = Classes(parts.entropy, parts.store.reader.meta(LINEAGE))
        self._asked: dict[Viewer, Micros] = {}
        self._shown: dict[str, tuple[Identity, ...]] = {}
        self._kinds: dict[str, Mapping[str, Kind]] = {}
        self._looked = Micros(0)
        self._pruned = Micros(0)
        self._doubted: dict[str, frozenset[str]] = {}
        frames.kinds = self.kinds
        frames.doubted = self.doubted

    def know(self, spaces: Iterable[Airspace], watched: Iterable[str], registered: Mapping[str, Registered]) -> None:
        """Know the airspaces of which entries and exits are logged, and the aircraft of this member's registry."""
        self.spaces, self.watched, self.registered = tuple(spaces), tuple(watched), registered

    async def run(self, failed: Callable[[Exception, Micros], None]) -> None:
        """Look again and again, beside the ticks: a picture of thousands takes a while; tell who failed why."""
        while True:
            now = self._parts.clock.now()
            try:
                await self.look(now)
            except (Fault, sqlite3.Error) as error:
                failed(error, now)
            await asyncio.sleep(BETWEEN_S)

    async def look(self, now: Micros) -> None:
        """Look once, if it is time; keep what was crossed."""
        if 0 <= now - self._looked < EVERY:
            return
        self._looked = now
        drained = self._frames.heard.drained()
        jobs = [self._job(one, drained, now) for one in self._sorted(now)]
        moved = await asyncio.to_thread(lambda: [_work(job, now) for job in jobs])
        rows: list[NewMovement] = []
        for job, movements in zip(jobs, moved, strict=True):
            self._shown[job.one.name] = job.one.watch.identities(now)
            self._doubted[job.one.name] = job.one.checks.doubted(now)
            kinds = {one.mover.key: self._kind(one) for one in self._shown[job.one.name]}
            if kinds != self._kinds.get(job.one.name):  # the same ones stay the same value: what is shown is made of it
                self._kinds[job.one.name] = kinds
            rows += [self._kept(job.one, movement) for movement in movements]
        if rows:
            await asyncio.to_thread(self._parts.store.movements.put, rows)
        if not 0 <= now - self._pruned < PRUNE_EVERY:
            self._pruned = now
            await asyncio.to_thread(self._parts.store.movements.prune, Micros(now - MOVEMENTS_KEPT))
        await self._remember({job.one.name for job in jobs})

    def identities(self, viewer: Viewer) -> tuple[Identity, ...]:
        """Return what a viewer's class knows, as she may be told it: in an order that tells her nothing more."""
        now = self._parts.clock.now()
        if viewer.purpose is not None or self._classes.of(viewer) is None:
            self._asked[viewer] = now
        one = self._classes.of(viewer)
        found = () if one is None else self._shown.get(one.name, ())
        words = self._words(viewer, now) if found else {}
        said = tuple(_as_said(each, words_for(each.mover, words)) for each in found)
        return said if DUTY_ROLE in viewer.roles else confided(said)

    def doubted(self, viewer: Viewer) -> frozenset[str]:
        """Return whose address is in conflict by what a viewer's class may hold."""
        one = self._classes.of(viewer)
        return frozenset() if one is None else self._doubted.get(one.name, frozenset())

    def words(self, viewer: Viewer, one: Identity) -> Words:
        """Return what our officers said of an aircraft, as far as a viewer may see it."""
        return words_for(one.mover, self._words(viewer, self._parts.clock.now()))

    def remembered(self, viewer: Viewer, key: str) -> Seen | None:
        """Return what a viewer's class remembers of an aircraft."""
        one = self._classes.of(viewer)
        return None if one is None else one.watch.known(key)

    def sources(self, places: Iterable[Place], feeds: Sequence[ItemId]) -> Sources:
        """Return what aircraft said on some feeds, with the feeds that govern what lies at some places."""
        under = {spelt(place): frozenset[str](self._frames.feeds_of(place[1])) for place in places}
        drilled = frozenset(filter(self._frames.worlds.is_drill, {*feeds, *chain(*under.values())}))
        return Sources(self._frames.heard, feeds, under, drilled)

    def given(self, plans: Plans, words: Mapping[str, Words], standing: Standings) -> Given:
        """Return what an identification is made with, besides a picture: with the airspaces and registry of ours."""
        watched = [space for space in self.spaces if not self.watched or space.name in self.watched]
        registry = {address: held.registration for address, held in self.registered.items()}
        return Given(watched, plans, registry, words, standing)

    def kinds(self, viewer: Viewer) -> tuple[str, Mapping[str, Kind]]:
        """Return the name of a viewer's class, and which symbol each aircraft has for it, by key."""
        one = self._classes.of(viewer)
        return ("", NO_KINDS) if one is None else (one.name, self._kinds.get(one.name, NO_KINDS))

    def lines(self, viewer: Viewer) -> tuple[str, ...]:
        """Return the names of the classes that a viewer was in: under these her entries and exits are kept."""
        return self._classes.lines(viewer)

    # -- what a look is made with

    def _sorted(self, now: Micros) -> list[Class]:
        me = self._parts.me
        self._asked = {viewer: at for viewer, at in self._asked.items() if now - at <= ASKED_FOR}
        officers = [viewer_of(me, entry) for entry in self._registry.keyring.officers(me)]
        return self._classes.sorted([*self._asked, *officers], self._admitted)

    def _admitted(self, viewer: Viewer) -> Admitted:
        said = self._spoken.visible(viewer, self._parts.clock.now())
        return Admitted(self._frames.admitted(viewer), self._frames.own_feeds(viewer), said)

    def _job(self, one: Class, drained: Mapping[ItemId, Reports], now: Micros) -> _Job:
        viewer = next(iter(one.viewers.values()))
        pieces, feeds, _ = one.admitted
        others = tuple((place, piece) for place, piece in pieces if place[0] != self._parts.me)
        is_drill = self._frames.worlds.is_drill
        plans = Plans(plan_of(said, is_drill) for said in self._spoken.seen(FlightPlan, viewer, now))
        words = self._words(viewer, now)
        given = self.given(plans, words, one.checks.standing)
        by = self.sources((place for place, _ in pieces), feeds)
        reports = tuple((by.mark((feed,)), drained[feed]) for feed in feeds if feed in drained)
        lost = self._lost(one, now) | one.turned(by.drilled)
        return _Job(one, self._frames.fused(pieces), by, reports, others, given, lost)

    def _lost(self, one: Class, now: Micros) -> frozenset[str]:
        """Return from what that is remembered for a class which not all of it may have any more; asked of the gate
        unless it was for this look."""
        asked, see = one.rests - one.admitted.said - frozenset(one.admitted.feeds), self._spoken.seeing.see
        viewers = one.viewers.values()
        return frozenset(item for item in asked if any(see(ItemId(item), viewer, now) is None for viewer in viewers))

    def _words(self, viewer: Viewer, now: Micros) -> dict[str, Words]:
        statements, offers = (self._spoken.seen(form, viewer, now) for form in (Identification, TrackOffer))
        is_drill = self._frames.worlds.is_drill
        return words_of(self._parts.me, statements, offers, is_drill, now)  # type: ignore[arg-type]  # each of its own form

    def _kind(self, one: Identity) -> Kind:
        """Return the symbol of an aircraft: our own, one that is identified, one that is pending, or unknown."""
        held = None if one.mover.drill else self.registered.get(one.mover.address or "")
        if one.category in IDENTIFIED:
            return "own" if held is not None and held.own else "neutral"
        return "pending" if one.category == "PENDING" else KINDS[0]

    def _kept(self, one: Class, movement: Movement) -> NewMovement:
        crossed = movement.crossed
        kept = KeptMovement(
            id=movement.id,
            address=movement.address,
            flight_id=movement.flight_id,
            space=crossed.space,
            way=crossed.way,
            at=crossed.at,
            lat=crossed.spot.lat,
            lon=crossed.spot.lon,
            alt_m=crossed.spot.alt_m,
            seen=crossed.seen,
            category=movement.category,
            bases=movement.bases,
            rests=tuple(ItemId(item) for item in sorted(movement.rests)),
        )
        return NewMovement(at=crossed.at, whom=one.name, rests=kept.rests, data=encode(kept))

    async def _remember(self, names: set[str]) -> None:
        for held in (self._shown, self._kinds, self._doubted):
            for name in held.keys() - names:
                held.pop(name, None)
        if self._classes.changed:
            kept = self._classes.kept
            await self._parts.store.write(lambda tx: tx.set_meta(LINEAGE, kept))


def _work(job: _Job, now: Micros) -> tuple[Movement, ...]:
    """Look at the picture of one class; what is wrong with it begins it anew, and ends neither others' nor the node."""
    try:
        return _looked(job, now)
    except Exception:
        _LOG.exception("the identification of a class failed: it begins anew")
        job.one.begin_anew()
        return ()


def _looked(job: _Job, now: Micros) -> tuple[Movement, ...]:
    checks = job.one.checks
    if job.lost:
        job.one.forget(job.lost)
    for mark, reports in job.reports:
        for address, said in reports.said:
            checks.said(mark + address, said)
        for address, plot in reports.measured:
            checks.measured(mark + address, plot)
    told_by_others(checks, job.others, job.by)  # type: ignore[arg-type]
    checks.look(now)
    return job.one.watch.look(movers_of(job.fusion, job.by, now), job.given, now)


def _as_said(one: Identity, words: Words) -> Identity:
    """Return an identity with what an officer said since the last look."""
    if words.person is None or words.person == one.category:
        return one
    return one._replace(category=words.person, bases=tuple(dict.fromkeys((*one.bases, "PERSON"))))


def confided(found: Iterable[Identity]) -> tuple[Identity, ...]:
    """Return identities without what is for duty officers alone: neither a flag nor a place in the list tells of it."""
    return tuple(sorted(map(_confided, found), key=pressing))


def _confided(one: Identity) -> Identity:
    if "UNLAWFUL" not in one.flags:
        return one
    mover = one.mover._replace(code=None)
    return one._replace(mover=mover, flags=tuple(flag for flag in one.flags if flag != "UNLAWFUL"))
