"""What is known and said of aircraft in the shapes in which a viewer is told it."""

from collections.abc import Iterable, Mapping

from quartet.core.category import BASES, FLAGS, Basis, Category, Flag
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Identification, Offered, TrackAnswer, TrackOffer, known
from quartet.node.desk.sayings import Sayings
from quartet.node.identify.identifying import KeptMovement
from quartet.node.identify.views import (
    AnswerView,
    DoubtView,
    EntryView,
    FlightPlanView,
    IdentityView,
    MovementView,
    OfferView,
    StatementView,
)
from quartet.node.identify.words import key_of
from quartet.node.sensor import NAMELESS
from quartet.node.views import moment
from quartet.picture.identify.evidence import Finding
from quartet.picture.identify.watch import Entry, Identity


class Showing:
    """Names items as a viewer may know them, for one look at them; `me` is this member."""

    def __init__(self, me: MemberId, sayings: Sayings) -> None:
        self._me = me
        self._sayings = sayings
        self._drilled = sayings.drilled()

    def offer(
        self,
        said: Said[TrackOffer],
        stands: Offered,
        answers: Mapping[ItemId, Said[TrackAnswer]],
        viewer: Viewer,
        now: Micros,
    ) -> OfferView:
        """Return an offer as a viewer is told it."""
        form = said.form
        row = self._sayings.row(said.id, viewer, now)
        return OfferView(
            ref=row[0],
            member=said.member,
            to=MemberId(form.to),
            tlp=row[1],
            at=moment(said.at),
            key=key_of(said.member, form.aircraft, drill=self._drilled.any([said.id])),
            flight_id=form.aircraft.flight_id,
            category=_category(form.category),
            bases=_bases(form.bases),
            flags=_flags(form.flags),
            boundary=form.boundary,
            crosses_at=moment(Micros(form.crosses_at)),
            plan=None if form.plan is None else self._sayings.ref(form.plan, viewer, now),
            stage=stands.stage,
            answers=tuple(
                AnswerView(
                    ref=self._sayings.ref(item, viewer, now),
                    member=answers[item].member,
                    at=moment(answers[item].at),
                    word=answers[item].form.word,
                    text=answers[item].form.text,
                )
                for item in stands.answers
            ),
            accepted=None if stands.accepted is None else self._sayings.ref(stands.accepted, viewer, now),
            mine=form.to == self._me,
            exercise=self._drilled.any([said.id]),
        )

    def aircraft(
        self, one: Identity, statements: Iterable[Said[Identification]], kind: str, viewer: Viewer, now: Micros
    ) -> IdentityView:
        """Return one aircraft, with what each member states of it."""
        mover, clock = one.mover, one.clock
        return IdentityView(
            key=mover.key,
            id=mover.id,
            address=mover.address,
            flight_id=mover.flight_id,
            code=mover.code,
            lat=mover.spot.lat,
            lon=mover.spot.lon,
            alt_m=mover.spot.alt_m,
            speed_mps=mover.speed_mps,
            track_deg=mover.track_deg,
            at=moment(mover.at),
            members=mover.members,
            category=one.category,
            kind=kind,  # type: ignore[arg-type]  # one of the four
            bases=one.bases,
            flags=one.flags,
            phase=clock.phase,
            since=moment(clock.since),
            ask_at=moment(clock.ask_at),
            unidentified_at=moment(clock.unidentified_at),
            plan=None if one.plan is None else self._sayings.ref(ItemId(one.plan), viewer, now),
            within=one.within,
            entry=None if one.entry is None else _entry(one.entry),
            verified=None if one.verified is None else self._sensor(one.verified, one.measured_by, viewer, now),
            evidence=tuple(self._evidence(found, viewer, now) for found in one.evidence),
            statements=tuple(self.statement(said, viewer, now) for said in statements),
            exercise=self._drilled.any(mover.rests),
            said_in_exercise=self._drilled.any(one.rests - mover.rests),
            plan_in_exercise=one.plan is not None and self._drilled.any([ItemId(one.plan)]),
        )

    def statement(self, said: Said[Identification], viewer: Viewer, now: Micros) -> StatementView:
        """Return what one member states."""
        form, row = said.form, self._sayings.row(said.id, viewer, now)
        ours = known(form.category)
        return StatementView(
            ref=row[0],
            member=said.member,
            officer=said.officer,
            tlp=row[1],
            at=moment(said.at),
            valid_to=moment(Micros(form.valid_to)),
            category=_category(form.category),
            otherwise=not ours,
            bases=_bases(form.bases),
            flags=_flags(form.flags),
            control=form.control,
            informed=form.informed,
            reason=form.reason if ours else "",
            accepts=None if form.offer is None else self._sayings.ref(form.offer, viewer, now),
            exercise=self._drilled.any([said.id]),
        )

    def plan(self, said: Said[FlightPlan], viewer: Viewer, now: Micros) -> FlightPlanView:
        """Return a flight plan."""
        form, row = said.form, self._sayings.row(said.id, viewer, now)
        return FlightPlanView(
            id=said.id,
            ref=row[0],
            member=said.member,
            tlp=row[1],
            flight_id=form.flight_id,
            origin=form.origin,
            off_block=moment(Micros(form.off_block)),
            destination=form.destination,
            lasts_s=form.lasts_s,
            address=form.address,
            code=form.code,
            sort=form.sort,
            route=form.route,
            unplaced=tuple(point.name for point in form.points if point.lat is None),
            exercise=self._drilled.any([said.id]),
        )

    def movement(self, one: KeptMovement) -> MovementView:
        """Return an entry or exit as it is told."""
        feeds = self._drilled.feeds(one.rests)
        return MovementView(
            id=one.id,
            address=one.address,
            flight_id=one.flight_id,
            space=one.space,
            way=one.way,  # type: ignore[arg-type]  # as it was kept
            at=moment(one.at),
            lat=one.lat,
            lon=one.lon,
            alt_m=one.alt_m,
            seen=one.seen,
            category=one.category,  # type: ignore[arg-type]
            bases=one.bases,  # type: ignore[arg-type]
            exercise=self._drilled.any(feeds),
            said_in_exercise=self._drilled.any(set(one.rests) - set(feeds)),
        )

    def _evidence(self, found: Finding, viewer: Viewer, now: Micros) -> DoubtView:
        planned = found.sort == "PLAN"
        return DoubtView(
            sort=found.sort,
            since=moment(found.since),
            last=moment(found.last),
            off_m=round(found.off_m, 1),
            sigmas=round(found.sigmas, 1),
            sensor=self._sayings.ref(ItemId(found.sensor), viewer, now)
            if planned
            else self._sensor(found.sensor, found.by, viewer, now),
            here=found.here,
            there=found.there,
        )

    def _sensor(self, name: str, feeds: Iterable[str], viewer: Viewer, now: Micros) -> str:
        """Return what people call a sensor: by its name; one that has none but its format, by its feed's title."""
        known = (self._sayings.feed(ItemId(one), viewer, now) for one in sorted(feeds))
        sort, nameless, _ = name.partition(NAMELESS)
        titles = (title for title, of in known if of == name or (nameless and of.startswith(sort)))
        return ", ".join(dict.fromkeys(titles)) or name


def _entry(entry: Entry) -> EntryView:
    return EntryView(space=entry.space, at=moment(entry.at), lat=entry.spot.lat, lon=entry.spot.lon)


def _category(word: str) -> Category | None:
    return word if known(word) else None  # type: ignore[return-value]


def _bases(words: Iterable[str]) -> tuple[Basis, ...]:
    return tuple(word for word in words if word in BASES)


def _flags(words: Iterable[str]) -> tuple[Flag, ...]:
    return tuple(word for word in words if word in FLAGS)
