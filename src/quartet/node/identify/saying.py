"""What officers say of aircraft: statements, handovers, answers to these; as drafts that are published as all others.

A statement about what only another member's sensors see carries that member's part, and with it its controls: then
it goes to nobody whom that member has not admitted. That an aircraft says it is unlawfully interfered with is for duty
officers alone: it stands in no statement.
"""

from collections.abc import Iterable

from msgspec import to_builtins

from quartet.core.category import CONFIDED, Basis, Flag
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Aircraft, Identification, TrackAnswer, TrackOffer, known
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.speaking import Speech, beside
from quartet.node.frames import Frames
from quartet.node.identify.identifying import Identifying
from quartet.node.identify.showing import key_of
from quartet.node.identify.views import Answering, Offering, Stating
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import Draft, micros, moment
from quartet.picture.identify.watch import Entry, Identity, predicted


class IdentitySaying:
    """Drafts what officers say of aircraft that they see."""

    def __init__(
        self, parts: Parts, sayings: Sayings, threads: Threads, frames: Frames, identifying: Identifying
    ) -> None:
        self._parts = parts
        self._sayings = sayings
        self._threads = threads
        self._frames = frames
        self._identifying = identifying

    def state(self, viewer: Viewer, said: Stating) -> Draft:
        """Return the draft of what an officer states of an aircraft that she sees.

        Raise `Malformed("no-reason")` where it is other than the bases carry and she does not say why.
        """
        one, now = self._find(viewer, said.aircraft), self._parts.clock.now()
        category = said.category or one.category
        bases: list[Basis] = [basis for basis in one.bases if basis != "PERSON"]
        if said.control and "ATC" not in bases:
            bases.append("ATC")
        if said.category is not None and said.category != one.category and not said.control:
            if not said.reason.strip():
                raise Malformed("no-reason", "the bases do not carry it: say why")
            bases.append("PERSON")
        form = Identification(
            aircraft=_aircraft(one),
            category=category,
            valid_to=Micros(now + said.minutes * 60 * SECOND),
            bases=tuple(bases),
            flags=_open(one.flags),
            control=said.control,
            informed=said.informed,
            reason=said.reason,
        )
        return self._draft(one, viewer, form, said.tlp, said.to, said.caveats, said.once)

    def offer(self, viewer: Viewer, offering: Offering) -> Draft:
        """Return the draft that hands an aircraft to a member.

        Raise `Malformed("no-boundary")` where it flies over none and it is not said which and when.
        """
        one = self._find(viewer, offering.aircraft)
        entry = self._leads(one, offering.boundary)
        boundary = offering.boundary or (None if entry is None else entry.space)
        at = offering.crosses_at or (None if entry is None else moment(entry.at))
        if boundary is None or at is None:
            raise Malformed("no-boundary", f"{one.mover.id} flies over no boundary within ten minutes: say which, when")
        plan = (
            None
            if offering.plan is None
            else self._sayings.find(offering.plan, FlightPlan, viewer, self._parts.clock.now())[0].id
        )
        form = TrackOffer(
            to=offering.to,
            aircraft=_aircraft(one),
            category=one.category,
            boundary=boundary,
            crosses_at=micros(at),
            bases=one.bases,
            flags=_open(one.flags),
            plan=plan,
        )
        return self._draft(one, viewer, form, offering.tlp, (offering.to,), offering.caveats, offering.once)

    def answer(self, viewer: Viewer, ref: str, answering: Answering) -> Draft:
        """Return the draft of what our member says to an offer: if it accepts, a statement of its own that names it.

        Raise `Malformed("not-offered")` for an offer to another member.
        """
        now = self._parts.clock.now()
        said, seen = self._sayings.find(ref, TrackOffer, viewer, now)
        if said.form.to != self._parts.me:
            raise Malformed("not-offered", f"{seen[1].ref} is offered to {said.form.to}")
        audience = self._threads.audience(seen[0])
        form = (
            self._accepted(viewer, said, now)
            if answering.word == "ACCEPT"
            else TrackAnswer(offer=said.id, word=answering.word, text=answering.text)
        )
        words = Speech(
            kind=KIND_OF[type(form)],
            form=to_builtins(form),
            title=f"{answering.word.capitalize()} {said.form.aircraft.flight_id or said.form.aircraft.address or ''}",
            to=(said.member,),
            once=answering.once,
        )
        return beside(seen[0], self._threads.marking(seen[0]), audience, words)

    def _find(self, viewer: Viewer, key: str) -> Identity:
        found = (one for one in self._identifying.identities(viewer) if key in _names(one))
        one = next(found, None)
        if one is None:
            raise unknown_aircraft(key)
        return one

    def _leads(self, one: Identity, boundary: str | None) -> Entry | None:
        """Return into which airspace of others, or into which that is named, an aircraft flies."""
        spaces = [s for s in self._identifying.spaces if s.name not in one.within and boundary in (None, s.name)]
        return predicted(one.mover, spaces)

    def _accepted(self, viewer: Viewer, offer: Said[TrackOffer], now: Micros) -> Identification:
        own = next((one for one in self._identifying.identities(viewer) if _offers(offer, one)), None)
        category = offer.form.category if known(offer.form.category) else "PENDING"
        ours: tuple[Basis, ...] = () if own is None else own.bases
        return Identification(
            aircraft=offer.form.aircraft if own is None else _aircraft(own),
            category=category,
            valid_to=Micros(now + 3_600 * SECOND),
            bases=tuple(dict.fromkeys((*(basis for basis in ours if basis != "PERSON"), "HANDOVER"))),
            flags=() if own is None else _open(own.flags),
            offer=offer.id,
        )

    def _draft(
        self,
        one: Identity,
        viewer: Viewer,
        form: Identification | TrackOffer,
        tlp: str,
        to: Iterable[MemberId],
        caveats: tuple[str, ...],
        once: str | None,
    ) -> Draft:
        called = one.mover.flight_id or one.mover.address or one.mover.id
        shown = {name: value for name, value in to_builtins(form).items() if value is not None}
        return Draft(
            kind=KIND_OF[type(form)],
            tlp=tlp,  # type: ignore[arg-type]  # a word that its own type let through
            title=f"{called}: {form.category}",
            text="",
            to=tuple(to),
            contains=self._carried(one, viewer),
            cites=() if isinstance(form, Identification) or form.plan is None else (form.plan,),
            caveats=caveats,
            once=once,
            form=shown,
        )

    def _carried(self, one: Identity, viewer: Viewer) -> tuple[str, ...]:
        """Return the feeds of others whose part a statement carries: none of what our own sensors see too."""
        if self._parts.me in one.mover.members:
            return ()
        places = [place for place, _ in self._frames.admitted(viewer) if place[0] in one.mover.members]
        return tuple(sorted({item for place in places for item in self._frames.feeds_of(place[1])}))


def unknown_aircraft(key: str) -> Unavailable:
    """Return the fault of an aircraft that does not concern this member, or that a viewer may not know of."""
    return Unavailable("unknown-aircraft", f"{key[:64]} is no aircraft that concerns you now")


def _names(one: Identity) -> tuple[str | None, ...]:
    return one.mover.key, one.mover.id, one.mover.flight_id


def _aircraft(one: Identity) -> Aircraft:
    mover = one.mover
    track = None if mover.address else mover.key.partition("/")[2]
    return Aircraft(address=mover.address, track=track, flight_id=mover.flight_id)


def _offers(offer: Said[TrackOffer], one: Identity) -> bool:
    return one.mover.key == key_of(offer.member, offer.form.aircraft)


def _open(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    return tuple(flag for flag in flags if flag not in CONFIDED)
