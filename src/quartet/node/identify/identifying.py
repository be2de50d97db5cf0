"""Look at the picture of each class of viewers every two seconds: who concerns us, who that is, who crossed a boundary.

The gate is asked here, for each class; what is then computed from what it let through is computed in a thread, and
goes to nobody but the viewers of that class. No other member learns anything of it unless an officer says it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from quartet.core.category import IDENTIFIED, Category
from quartet.core.encoding import Value, encode
from quartet.core.faults import Fault
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said as Spoke
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Identification, in_force, known
from quartet.node.frames import Frames
from quartet.node.identify.classes import LINEAGE, Admitted, Class, Classes
from quartet.node.identify.heard import Reports
from quartet.node.identify.movers import movers_of, told_by_others
from quartet.node.identify.registered import Registered
from quartet.node.identify.spoken import Spoken
from quartet.node.parts import Parts
from quartet.node.pieces import Place
from quartet.node.registry import Registry
from quartet.node.seeing import viewer_of
from quartet.picture.fusion import Fusion
from quartet.picture.identify.airspace import Airspace
from quartet.picture.identify.bases import Plans, Words
from quartet.picture.identify.plan import Plan
from quartet.picture.identify.watch import Given, Identity, Movement, pressing
from quartet.picture.look import KINDS, Kind
from quartet.picture.scene import NO_KINDS
from quartet.picture.track import DEGREE
from quartet.store import NewMovement

_LOG: Final = logging.getLogger("quartet.identify")
EVERY: Final = 2 * SECOND
"""How often it is looked: five times within the ten seconds after which a new aircraft has to be PENDING."""
BETWEEN_S: Final = 0.5
ASKED_FOR: Final = 3_600 * SECOND
"""How long a viewer with a purpose of her own is looked for after she asked."""
WATCH_ROLE: Final = "watch"
"""Duty officers: to them alone is shown that an aircraft says that it is unlawfully interfered with."""
_CIVIL: Final[Category] = "IDENTIFIED_CIVIL"


class KeptMovement(Value, frozen=True):
    """An entry or exit as it is kept, with what it was computed from."""

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
    places: tuple[tuple[ControlId, ...], ...]


class _Job(NamedTuple):
    """All that one class is looked at with: made in the loop, worked at in a thread."""

    one: Class
    fusion: Fusion
    feeds: tuple[ItemId, ...]
    reports: tuple[Reports, ...]
    others: tuple[tuple[Place, object], ...]
    given: Given


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
        frames.kinds = self.kinds

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
        moved = await asyncio.to_thread(lambda: [_work(job, self._frames, now) for job in jobs])
        rows: list[NewMovement] = []
        for job, movements in zip(jobs, moved, strict=True):
            self._shown[job.one.name] = job.one.watch.identities(now)
            kinds = {one.mover.key: self._kind(one) for one in self._shown[job.one.name]}
            if kinds != self._kinds.get(job.one.name):  # the same ones stay the same value: what is shown is made of it
                self._kinds[job.one.name] = kinds
            rows += [self._kept(job.one, movement) for movement in movements]
        if rows:
            await asyncio.to_thread(self._parts.store.movements.put, rows)
        await self._remember({job.one.name for job in jobs})

    def identities(self, viewer: Viewer) -> tuple[Identity, ...]:
        """Return what a viewer's class knows, as she may be told it: in an order that tells her nothing more."""
        now = self._parts.clock.now()
        if viewer.purpose is not None or self._classes.of(viewer) is None:
            self._asked[viewer] = now
        one = self._classes.of(viewer)
        found = () if one is None else self._shown.get(one.name, ())
        words = words_of(self._parts.me, self._spoken.seen(Identification, viewer, now), now) if found else {}
        said = tuple(_as_said(each, words.get(each.mover.key)) for each in found)
        told = said if WATCH_ROLE in viewer.roles else map(_confided, said)
        return tuple(sorted(told, key=pressing))

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
        watched = [space for space in self.spaces if not self.watched or space.name in self.watched]
        plans = Plans(map(plan_of, self._spoken.seen(FlightPlan, viewer, now)))
        statements = self._spoken.seen(Identification, viewer, now)
        registry = {address: held.registration for address, held in self.registered.items()}
        words = words_of(self._parts.me, statements, now)
        given = Given(watched, plans, registry, words, one.checks.standing)
        reports = tuple(drained[feed] for feed in feeds if feed in drained)
        return _Job(one, self._frames.fused(pieces), feeds, reports, others, given)

    def _kind(self, one: Identity) -> Kind:
        """Return the symbol of an aircraft: our own, one that is identified, one that is pending, or unknown."""
        held = self.registered.get(one.mover.address or "")
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
            places=tuple(place[1] for place, _ in one.admitted.pieces),
        )
        feeds = tuple(item for place, _ in one.admitted.pieces for item in self._frames.feeds_of(place[1]))
        return NewMovement(at=crossed.at, whom=one.name, feeds=feeds, data=encode(kept))

    async def _remember(self, names: set[str]) -> None:
        for held in (self._shown, self._kinds):
            for name in held.keys() - names:
                held.pop(name, None)
        if self._classes.changed:
            kept = self._classes.kept
            await self._parts.store.write(lambda tx: tx.set_meta(LINEAGE, kept))


def _work(job: _Job, frames: Frames, now: Micros) -> tuple[Movement, ...]:
    """Look at the picture of one class; what is wrong with it begins it anew, and ends neither others' nor the node."""
    try:
        return _looked(job, frames, now)
    except Exception:
        _LOG.exception("the identification of a class failed: it begins anew")
        job.one.begin_anew()
        return ()


def _looked(job: _Job, frames: Frames, now: Micros) -> tuple[Movement, ...]:
    checks = job.one.checks
    for reports in job.reports:
        for address, said in reports.said:
            checks.said(address, said)
        for address, plot in reports.measured:
            checks.measured(address, plot)
    told_by_others(checks, job.others)  # type: ignore[arg-type]
    checks.look(now)
    return job.one.watch.look(movers_of(job.fusion, frames.heard, job.feeds, now), job.given, now)


def words_of(me: MemberId, statements: Sequence[Spoke[Identification]], now: Micros) -> dict[str, Words]:
    """Return what our officers' statements in force say of each aircraft, by its key; others' stand beside."""
    words: dict[str, Words] = {}
    for one in in_force([said for said in statements if said.member == me], now):
        form = one.form
        if not known(form.category):
            continue
        category: Category = form.category  # type: ignore[assignment]
        key = form.aircraft.address or f"{me}/{form.aircraft.track}"
        words[key] = Words(
            control=category if form.control else None,
            neighbour=category if form.offer is not None else None,
            person=category if "PERSON" in form.bases else None,
            informed=bool(form.informed),
        )
    return words


def plan_of(said: Spoke[FlightPlan]) -> Plan:
    """Return a filed plan as it is compared: its way where every point of it has a place, else none."""
    form = said.form
    way = tuple(
        (point.lat / DEGREE, point.lon / DEGREE)
        for point in form.points
        if point.lat is not None and point.lon is not None
    )
    return Plan(
        ref=said.id,
        flight_id=form.flight_id,
        begins=Micros(form.off_block),
        lasts=form.lasts_s * SECOND,
        way=way if form.complete else (),
        complete=form.complete,
        taken_off=None if form.taken_off is None else Micros(form.taken_off),
        address=form.address,
        registration=form.registration,
        code=form.code,
        speed_mps=None if form.speed_cms is None else form.speed_cms / 100,
        level_m=None if form.level_m is None else float(form.level_m),
        sort=form.sort,
    )


def _as_said(one: Identity, words: Words | None) -> Identity:
    """Return an identity with what an officer said since the last look."""
    if words is None or words.person is None or words.person == one.category:
        return one
    return one._replace(category=words.person, bases=tuple(dict.fromkeys((*one.bases, "PERSON"))))


def _confided(one: Identity) -> Identity:
    """Return an identity without what is for duty officers alone."""
    if "UNLAWFUL" not in one.flags:
        return one
    mover = one.mover._replace(code=None)
    return one._replace(mover=mover, flags=tuple(flag for flag in one.flags if flag != "UNLAWFUL"))
