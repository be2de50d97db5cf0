"""What officers see of who is who: the page, the flight plans, and the log of entries and exits."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from msgspec import convert, json, structs

from quartet.core.category import Category
from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import UNANSWERED, Identification, Stage, TrackAnswer, TrackOffer
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.frames import Frames
from quartet.node.identify.identifying import Identifying, KeptMovement
from quartet.node.identify.offers import Offers
from quartet.node.identify.saying import IdentitySaying, unknown_aircraft
from quartet.node.identify.showing import Showing
from quartet.node.identify.spoken import Spoken
from quartet.node.identify.telling import IdentityTelling
from quartet.node.identify.views import (
    Answered,
    AnswerView,
    FlightPlanView,
    Handed,
    IdentityPage,
    IdentityView,
    MovementPage,
    OfferView,
    Stated,
    StatementView,
)
from quartet.node.identify.words import stated_now
from quartet.node.inforce import DRILL
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import Draft, Published, micros, moment
from quartet.picture.identify.watch import Identity
from quartet.store.movements import NEWEST, SLICE, After

MAX_MOVEMENTS: Final = 500
MAX_LOOKED: Final = 5_000
"""Rows of the log that are looked at for one page."""
SHOWN_AFTER: Final = 3_600 * SECOND
"""How long an offer that is done is shown."""
NAMED: Final = 12
"""So many airspaces are named to who asks for one that there is not."""

Shown = StatementView | OfferView | AnswerView | FlightPlanView


class IdentityRoom:
    """Answers who is who; `saying` drafts what officers say of it."""

    def __init__(
        self,
        parts: Parts,
        sayings: Sayings,
        threads: Threads,
        frames: Frames,
        identifying: Identifying,
        spoken: Spoken,
    ) -> None:
        self._parts = parts
        self._sayings = sayings
        self._frames = frames
        self._identifying = identifying
        self._spoken = spoken
        self.offers = Offers(parts, spoken)
        telling = IdentityTelling(spoken.holdings, frames, identifying, spoken)
        self.saying = IdentitySaying(parts, sayings, threads, identifying, telling)

    def page(self, viewer: Viewer) -> IdentityPage:
        """Return the aircraft that concern this member, as far as this viewer may know, and the handovers."""
        now = self._parts.clock.now()
        statements = self._spoken.seen(Identification, viewer, now)
        by_key = stated_now(statements, self._frames.worlds.is_drill, now)
        kinds, showing = self._identifying.kinds(viewer)[1], self._showing()
        aircraft = tuple(
            showing.aircraft(one, _of(one, by_key), kinds.get(one.mover.key, "unknown"), viewer, now)
            for one in self._identifying.identities(viewer)
        )
        spaces = tuple(space.name for space in self._identifying.spaces)
        return IdentityPage(now=moment(now), spaces=spaces, aircraft=aircraft, offers=self._offers(viewer, now))

    def one(self, viewer: Viewer, key: str) -> IdentityView:
        """Return one aircraft; raise `Unavailable("unknown-aircraft")`."""
        known = {one.mover.key for one in self._identifying.identities(viewer) if key in one.mover.called}
        found = next((one for one in self.page(viewer).aircraft if one.key in known), None)
        if found is None:
            raise unknown_aircraft(key)
        return found

    def plans(self, viewer: Viewer) -> tuple[FlightPlanView, ...]:
        """Return the flight plans in force that a viewer may see, by when they begin."""
        now = self._parts.clock.now()
        seen = sorted(self._spoken.seen(FlightPlan, viewer, now), key=lambda said: (said.form.off_block, said.id))
        showing = self._showing()
        return tuple(showing.plan(said, viewer, now) for said in seen)

    async def movements(
        self, viewer: Viewer, before: datetime | None, space: str | None, limit: int, after: str = ""
    ) -> MovementPage:
        """Return the entries and exits that a viewer may know of, the newest first, after a cursor of hers.

        They are read in slices, and `MAX_LOOKED` of them at most: a page may be short though there are more. Raise
        `Malformed("bad-cursor" | "unknown-airspace")`.
        """
        known = [one.name for one in self._identifying.spaces]
        if space is not None and space not in known:
            there = f"there are: {', '.join(known[:NAMED])}" if known else "none is named in the settings"
            raise Malformed("unknown-airspace", f"{space}: there is no such airspace; {there}")
        most, lines = max(1, min(limit, MAX_MOVEMENTS)), self._identifying.lines(viewer)
        place = self._sayings.log_place(viewer, after) if after else NEWEST
        if before is not None:
            place = min(place, After(micros(before), 0))
        found, looked, admitted = list[KeptMovement](), 0, dict[tuple[ItemId, ...], bool]()
        while lines:
            rows = await asyncio.to_thread(self._parts.store.movements.read, lines, place)
            for row in rows:
                one = json.decode(row.data, type=KeptMovement)
                new = not found or not _same(one, found)
                if new and space in (None, one.space) and self._admits(one, viewer, admitted):
                    if len(found) == most:
                        return self._page(viewer, found, place)
                    found.append(one)
                place = After(row.at, row.n)
            looked += len(rows)
            if len(rows) < SLICE:
                break
            if looked >= MAX_LOOKED:
                return self._page(viewer, found, place)
        return self._page(viewer, found, None)

    def _page(self, viewer: Viewer, found: Iterable[KeptMovement], place: After | None) -> MovementPage:
        more = None if place is None else self._sayings.log_cursor(viewer, place)
        return MovementPage(items=tuple(map(self._showing().movement, found)), next=more)

    # -- to a person: what is RED, and another member's, is shown to none who does not sign that she saw it

    async def view(self, viewer: Viewer) -> IdentityPage:
        """Return the page to a person: each RED statement, offer and answer of another member in it is a view."""
        page = self.page(viewer)
        said = [(Identification, one) for each in page.aircraft for one in each.statements]
        answers = [(TrackAnswer, one) for each in page.offers for one in each.answers]
        await self._viewed([*said, *((TrackOffer, one) for one in page.offers), *answers], viewer)
        return page

    def unanswered(self, viewer: Viewer) -> tuple[OfferView, ...]:
        """Return the handovers that alarm a person, for nobody answered them in time.

        It is no view, for a page asks it by itself, again and again: of what she would sign for, and has not opened, it
        says that it is there, of whom, and until when.
        """
        now = self._parts.clock.now()
        late = (one for one in self._offers(viewer, now) if one.stage == Stage.UNANSWERED)
        return tuple(self._outside(one, viewer, now) for one in late if self._parts.me in (one.member, one.to))

    def _outside(self, one: OfferView, viewer: Viewer, now: Micros) -> OfferView:
        """Return of an offer what may be told to who has not opened it."""
        answers = tuple(said for said in one.answers if not self._unviewed(TrackAnswer, said, viewer, now))
        if not self._unviewed(TrackOffer, one, viewer, now):
            return structs.replace(one, answers=answers)
        bare = structs.replace(one, key="", flight_id=None, category=None, boundary="", plan=None, accepted=None)
        return structs.replace(bare, bases=(), flags=(), answers=())

    def _unviewed(self, form: type[Value], one: Shown, viewer: Viewer, now: Micros) -> bool:
        """Return whether a person has yet to sign for something; what was taken back a moment ago she is not told."""
        try:
            return self._sayings.unviewed(self._sayings.find(one.ref, form, viewer, now)[1], viewer, now)
        except Unavailable:
            return True

    async def view_one(self, viewer: Viewer, key: str) -> IdentityView:
        """Return one aircraft to a person, as `view`; raise as `one`."""
        found = self.one(viewer, key)
        await self._viewed([(Identification, one) for one in found.statements], viewer)
        return found

    async def answered(self, viewer: Viewer, ref: str, draft: Draft, published: Published) -> Answered:
        """Return how an offer stands with the answer that a person just gave to it."""
        now, form = self._parts.clock.now(), draft.form or {}
        answer = Answered(id=published.id, ref=published.ref, stated=form.get("category"))
        with suppress(Unavailable):  # it was taken back a moment ago
            said, seen = self._sayings.find(ref, TrackOffer, viewer, now)
            (offer,) = self._shown([said], viewer, now)
            await self._sayings.viewed([seen] if said.member != self._parts.me else [], viewer)
            by = Micros(said.form.crosses_at - UNANSWERED)
            answer = structs.replace(answer, offer=offer, answer_by=moment(by), late=now >= by)
        return answer

    async def view_plans(self, viewer: Viewer) -> tuple[FlightPlanView, ...]:
        """Return the flight plans to a person: each RED one of another member is a view."""
        found = self.plans(viewer)
        await self._viewed([(FlightPlan, one) for one in found], viewer)
        return found

    async def _viewed(self, shown: Iterable[tuple[type[Value], Shown]], viewer: Viewer) -> None:
        now, items = self._parts.clock.now(), list[Seen]()
        for form, one in shown:
            with suppress(Unavailable):  # it was taken back a moment ago
                items += [self._sayings.find(one.ref, form, viewer, now)[1]] if one.member != self._parts.me else []
        await self._sayings.viewed(items, viewer)

    def _offers(self, viewer: Viewer, now: Micros) -> tuple[OfferView, ...]:
        seen = [said for said in self._spoken.seen(TrackOffer, viewer, now) if said.form.crosses_at > now - SHOWN_AFTER]
        return self._shown(seen, viewer, now)

    def _shown(self, offers: Sequence[Said[TrackOffer]], viewer: Viewer, now: Micros) -> tuple[OfferView, ...]:
        answers = {said.id: said for said in self._spoken.seen(TrackAnswer, viewer, now)}
        stand, showing = self.offers.stand(offers, viewer, now), self._showing()
        return tuple(
            showing.offer(said, stand[said.id], answers, viewer, now)
            for said in sorted(offers, key=lambda said: said.form.crosses_at)
        )

    def _showing(self) -> Showing:
        return Showing(self._parts.me, self._sayings)

    def _admits(self, one: KeptMovement, viewer: Viewer, asked: dict[tuple[ItemId, ...], bool]) -> bool:
        """Return whether a viewer may see all that a row rests on; `asked` is what was asked for this page."""
        if one.rests not in asked:
            now, see = self._parts.clock.now(), self._spoken.seeing.see
            asked[one.rests] = all(see(item, viewer, now) is not None for item in one.rests)
        return asked[one.rests]


def stated(draft: Draft, published: Published) -> Stated:
    """Return what an officer just stated of an aircraft."""
    form = convert(draft.form, Identification)
    category: Category = form.category  # type: ignore[assignment]  # one of ours, which was checked as it was drafted
    return Stated(
        id=published.id,
        ref=published.ref,
        category=category,
        valid_to=moment(Micros(form.valid_to)),
        exercise=DRILL in draft.caveats,
    )


def handed(draft: Draft, published: Published) -> Handed:
    """Return what an officer just offered."""
    form = convert(draft.form, TrackOffer)
    return Handed(
        id=published.id,
        ref=published.ref,
        boundary=form.boundary,
        crosses_at=moment(form.crosses_at),
        answer_by=moment(Micros(form.crosses_at - UNANSWERED)),
        exercise=DRILL in draft.caveats,
    )


def _same(one: KeptMovement, found: Sequence[KeptMovement]) -> bool:
    """Return whether a row tells what one before it told: an officer may have been in two classes at once."""
    told = (other for other in reversed(found) if other.at == one.at)
    return any((other.id, other.space, other.way) == (one.id, one.space, one.way) for other in told)


def _of(one: Identity, by_key: Mapping[str, list[Said[Identification]]]) -> list[Said[Identification]]:
    """Return what was said of an aircraft, by whichever of its names."""
    return [said for name in dict.fromkeys((one.mover.key, *one.mover.names)) for said in by_key.get(name, ())]
