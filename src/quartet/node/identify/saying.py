"""What officers say of aircraft: statements, handovers, answers to these; as drafts that are published as all others.

What is said rests on what those may have to whom it goes (`telling`), and carries the controls of that: so what only
another member's sensors see goes to nobody whom that member has not admitted. That an aircraft says it is unlawfully
interfered with is for duty officers alone: it stands in no statement.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import convert, structs, to_builtins

from quartet.core.category import CONFIDED, IDENTIFIED, Basis, Category, Flag
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Aircraft, Identification, TrackAnswer, TrackOffer
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.identify.identifying import Identifying
from quartet.node.identify.telling import IdentityTelling, Told, withheld
from quartet.node.identify.views import Answering, Crossing, Offering, Stating
from quartet.node.identify.words import key_of
from quartet.node.inforce import DRILL
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import Draft, micros, moment
from quartet.picture.identify.bases import Words
from quartet.picture.identify.score import category
from quartet.picture.identify.watch import Entry, Identity, predicted

SAME_TIME: Final = 30 * SECOND
"""By how much the time at which an aircraft crosses may be another than she read who signs it."""
_PERSON: Final[tuple[Basis, ...]] = ("PERSON",)


class IdentitySaying:
    """Drafts what officers say of aircraft that they see."""

    def __init__(
        self, parts: Parts, sayings: Sayings, threads: Threads, identifying: Identifying, telling: IdentityTelling
    ) -> None:
        self._parts = parts
        self._sayings = sayings
        self._threads = threads
        self._identifying = identifying
        self._telling = telling

    def state(self, viewer: Viewer, said: Stating) -> Draft:
        """Return the draft of what an officer states of an aircraft that she sees, as it may be told to whom it is for.

        Raise `Malformed("no-reason")` where it is other than these bases carry and she does not say why, and
        `("basis-withheld")` where they identify it and what she sees beside them, and they may not have, does not. Who
        says it as it is keeps what was said before: another officer's word with its reason, and control's.
        """
        one, now = self._find(viewer, said.aircraft), self._parts.clock.now()
        told = self._told(viewer, one, said.to, said.tlp, now)
        word = self._word(told, said, self._identifying.words(viewer, one))
        form = Identification(
            aircraft=self._aircraft(told.identity),
            category=word.category,
            valid_to=Micros(now + said.minutes * 60 * SECOND),
            bases=word.bases,
            flags=_open(told.identity.flags),
            control=word.control,
            informed=said.informed,
            reason=word.reason,
            offer=None if told.words.offer is None else ItemId(told.words.offer),
        )
        return self._draft(form, told, said)

    def _word(self, told: Told, said: Stating, standing: Words) -> "_Word":
        """Return what is stated: as the bases carry it, by control's word, or by a person's, who says why.

        Who names a category with a reason says it herself, whatever the bases are: they may not have what she sees.
        Control's word is one basis, and identifies nobody alone.
        """
        words, computed, reason = told.words, told.identity.category, said.reason.strip()
        conflict = (
            "IDENT_CONFLICT" in told.identity.flags
        )  # what is hidden sets nothing aside: they would see that it did
        control = None if conflict else words.control
        want = said.category or standing.person or control or computed
        by_control = said.control or (words.control is not None and want == words.control)
        bases: list[Basis] = [basis for basis in told.identity.bases if basis not in ("PERSON", "ATC")]
        bases += ["ATC"] if by_control else []
        if said.category is None and standing.person is not None:
            reason = reason or (words.reason if words.person == want else "")
            by_person = True
        else:
            again = said.category is None and not said.control
            enough = again or want not in IDENTIFIED or category(bases, want, conflict=conflict) == want
            carried = want == computed or (by_control and not conflict and enough)
            by_person = not carried or (said.category is not None and bool(reason))
        if by_person and not reason:
            raise Malformed("no-reason", "the bases that they may have do not carry it: say why")
        if told.hidden and want in IDENTIFIED and not by_person:
            raise withheld("what contradicts it may not go to them: name its category, and say why in your own words")
        return _Word(want, (*bases, *_PERSON[:by_person]), by_control, reason)

    def offer(self, viewer: Viewer, offering: Offering, *, again: bool = False) -> Draft:
        """Return the draft that hands an aircraft to a member; `again` where it went already, and is only told anew.

        Raise `Malformed("no-boundary")` where it flies into no airspace but ours and it is not said which and when, and
        `("crossing-changed")` where it flies otherwise by now than she read.
        """
        one, now = self._find(viewer, offering.aircraft), self._parts.clock.now()
        told = self._told(viewer, one, (offering.to,), offering.tlp, now)
        crosses = self._read(told, offering, again=again) or self._crosses(told, offering)
        plan = None if offering.plan is None else self._sayings.find(offering.plan, FlightPlan, viewer, now)[0].id
        if plan is not None:
            self._telling.check_open(plan, (offering.to,), now)
        if told.hidden and told.identity.category in IDENTIFIED:
            raise withheld(f"what contradicts it may not go to {offering.to}: call them")
        person = told.words.person
        form = TrackOffer(
            to=offering.to,
            aircraft=self._aircraft(told.identity),
            category=person or told.identity.category,
            boundary=crosses.boundary,
            crosses_at=micros(crosses.crosses_at),
            bases=(*told.identity.bases, *_PERSON[: person is not None]),
            flags=_open(told.identity.flags),
            plan=plan,
        )
        return self._draft(form, told, offering)

    def foreseen(self, viewer: Viewer, offering: Offering) -> Crossing:
        """Return what an offer would say of boundary and time, for her to read before she signs; raise as `offer`."""
        form = convert(self.offer(viewer, offering).form, TrackOffer)
        return Crossing(form.boundary, moment(form.crosses_at))

    def _read(self, told: Told, offering: Offering, *, again: bool) -> Crossing | None:
        """Return what she read of boundary and time before she signed, while that is so; None where she says it."""
        read = offering.foreseen
        if read is None or again:
            return read
        entry = self._leads(told.identity, offering.boundary)
        if entry is None or entry.space != read.boundary or abs(entry.at - micros(read.crosses_at)) > SAME_TIME:
            raise Malformed(
                "crossing-changed", f"{told.identity.mover.id} flies otherwise by now: look again, and sign"
            )
        return read

    def _crosses(self, told: Told, offering: Offering) -> Crossing:
        entry = self._leads(told.identity, offering.boundary)
        boundary = offering.boundary or (None if entry is None else entry.space)
        at = offering.crosses_at or (None if entry is None else moment(entry.at))
        if boundary is None or at is None:
            said = (
                f"{told.identity.mover.id} flies into no airspace but our own within ten minutes: say which and when,"
            )
            raise Malformed("no-boundary", f"{said} --boundary and --at")
        return Crossing(boundary, at)

    def answer(self, viewer: Viewer, ref: str, answering: Answering) -> Draft:
        """Return the draft of what our member says to an offer: if it accepts, a statement of its own that names it.

        Raise `Malformed("not-offered")` for an offer to another member.
        """
        now = self._parts.clock.now()
        said, seen = self._sayings.find(ref, TrackOffer, viewer, now)
        if said.form.to != self._parts.me:
            raise Malformed("not-offered", f"{seen[1].ref} is offered to {said.form.to}")
        audience = self._threads.audience(seen[0])
        form: Identification | TrackAnswer
        carries: tuple[ItemId, ...] = ()
        rests: frozenset[str] = frozenset()
        if answering.word == "ACCEPT":
            form, carries, rests = self._accepted(viewer, said, answering.text, now)
        else:
            form = TrackAnswer(offer=said.id, word=answering.word, text=answering.text)
        words = Speech(
            kind=KIND_OF[type(form)],
            form=to_builtins(form),
            title=f"{answering.word.capitalize()} {said.form.aircraft.flight_id or said.form.aircraft.address or ''}",
            to=(said.member,),
            once=answering.once,
        )
        draft = beside(seen[0], self._threads.marking(seen[0]), audience, words)
        return structs.replace(draft, contains=carries, caveats=self._caveats(draft.caveats, rests))

    def _find(self, viewer: Viewer, key: str) -> Identity:
        found = (one for one in self._identifying.identities(viewer) if key in one.mover.called)
        one = next(found, None)
        if one is None:
            raise unknown_aircraft(key)
        return one

    def _leads(self, one: Identity, boundary: str | None) -> Entry | None:
        """Return into which airspace an aircraft flies that is not ours and in which it is not yet, or into the named.

        Who is still to fly through ours is handed over at its far side: nobody takes over what enters ours.
        """
        mover, ours = one.mover, self._identifying.watched
        meant = (s for s in self._identifying.spaces if (s.name == boundary if boundary else s.name not in ours))
        return predicted(mover, [space for space in meant if not space.in_use_at(mover.spot, mover.at)])

    def _accepted(
        self, viewer: Viewer, offer: Said[TrackOffer], text: str, now: Micros
    ) -> tuple[Identification, tuple[ItemId, ...], frozenset[str]]:
        """Return the statement of who takes an aircraft over, what it carries, and what it rests on: what the bases
        carry with the offer, and PENDING while anything contradicts it, or what an officer of ours said for a reason.

        Raise `Malformed("basis-withheld")` where what contradicts it may not be told and she says nothing of her own.
        """
        until, form = Micros(now + 3_600 * SECOND), offer.form
        called = key_of(offer.member, offer.form.aircraft, drill=self._sayings.drilled().any([offer.id]))
        seen = self._identifying.identities(viewer)
        one = next((one for one in seen if called in (one.mover.key, *one.mover.names)), None)
        if one is None:
            named = form.category if form.category == "UNIDENTIFIED" else "PENDING"
            return (
                Identification(form.aircraft, named, until, ("HANDOVER",), reason=text, offer=offer.id),
                (),
                frozenset(),
            )
        told = self._told(viewer, one, (offer.member,), "", now)
        identity, words = told.identity, told.words
        bases: tuple[Basis, ...] = tuple(dict.fromkeys((*identity.bases, "HANDOVER")))
        conflict = told.hidden or "IDENT_CONFLICT" in identity.flags
        if told.hidden and not text.strip():
            raise withheld(f"what contradicts it may not go to {offer.member}: say in your own words why it is pending")
        found = self._taken(offer, told, bases, conflict=conflict)
        person = words.person if words.reason else None
        taken = Identification(
            aircraft=self._aircraft(identity),
            category=person or found,
            valid_to=until,
            bases=(*bases, *_PERSON[: person is not None or told.hidden]),
            flags=_open(identity.flags),
            control=words.control is not None,
            reason=words.reason if person else text,
            offer=offer.id,
        )
        return taken, told.carries, identity.rests

    def _taken(self, offer: Said[TrackOffer], told: Told, bases: tuple[Basis, ...], *, conflict: bool) -> Category:
        """Return what an aircraft counts as with its neighbour's word: as ours is computed where that identifies it."""
        computed, offered = told.identity.category, offer.form.category
        if computed in IDENTIFIED and not conflict:
            return computed
        named: Category = offered if offered in IDENTIFIED else "PENDING"
        carried = category(bases, named, conflict=conflict)
        return "UNIDENTIFIED" if carried == "PENDING" and "UNIDENTIFIED" in (computed, offered) else carried

    def _told(self, viewer: Viewer, one: Identity, to: Iterable[str], tlp: str, now: Micros) -> Told:
        return self._telling.told(viewer, one, to, world=tlp == "CLEAR", now=now)

    def _aircraft(self, one: Identity) -> Aircraft:
        """Return how an aircraft is named: by its address, by our own track of it, or by another's with whose it is.

        An exercise's is never named by its address: what is said of it is of no real one.
        """
        mover = one.mover
        if mover.drill:
            return Aircraft(None, mover.key, mover.flight_id)
        names = [name for name in (*mover.names, mover.key) if name.startswith(f"{self._parts.me}/")]
        track = names[0].partition("/")[2] if names else mover.key
        return Aircraft(mover.address, None if mover.address else track, mover.flight_id)

    def _draft(self, form: Identification | TrackOffer, told: Told, asked: Stating | Offering) -> Draft:
        called = form.aircraft  # as the form names it: the title goes where the form goes
        shown = {name: value for name, value in to_builtins(form).items() if value is not None}
        return Draft(
            kind=KIND_OF[type(form)],
            tlp=asked.tlp,
            title=f"{called.flight_id or called.address or called.track}: {form.category}",
            text="",
            to=asked.to if isinstance(asked, Stating) else (asked.to,),
            contains=told.carries,
            cites=() if isinstance(form, Identification) or form.plan is None else (form.plan,),
            caveats=self._caveats(asked.caveats, told.identity.rests),
            once=asked.once,
            form=shown,
        )

    def _caveats(self, given: tuple[str, ...], rests: frozenset[str]) -> tuple[str, ...]:
        """Return the caveats of what is told: who has it knows a drill from the truth, whoever may have our feed."""
        drill = (DRILL,) if self._sayings.drilled().any(rests) else ()
        return tuple(dict.fromkeys((*given, *drill)))


class _Word(NamedTuple):
    """What is stated: the category, the bases it has, whether control says so, and why."""

    category: Category
    bases: tuple[Basis, ...]
    control: bool
    reason: str


def unknown_aircraft(key: str) -> Unavailable:
    """Return the fault of an aircraft that does not concern this member, or that a viewer may not know of."""
    return Unavailable("unknown-aircraft", f"{key[:64]} is no aircraft that concerns you now")


def _open(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    return tuple(flag for flag in flags if flag not in CONFIDED)
