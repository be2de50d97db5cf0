"""What officers see of who is who: the page, the flight plans, and the log of entries and exits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import json

from quartet.core.ids import SECOND, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Identification, TrackAnswer, TrackOffer, in_force
from quartet.node.desk.sayings import Sayings
from quartet.node.frames import Frames
from quartet.node.identify.identifying import Identifying, KeptMovement
from quartet.node.identify.offers import Offers
from quartet.node.identify.saying import IdentitySaying, unknown_aircraft
from quartet.node.identify.showing import Showing, movement_of
from quartet.node.identify.spoken import Spoken
from quartet.node.identify.telling import Telling
from quartet.node.identify.views import FlightPlanView, IdentityPage, IdentityView, MovementPage, OfferView
from quartet.node.identify.words import key_of
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import micros, moment
from quartet.picture.identify.watch import Identity

MAX_MOVEMENTS: Final = 500
SHOWN_AFTER: Final = 3_600 * SECOND
"""How long an offer that is done is shown."""


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
        self._frames = frames
        self._identifying = identifying
        self._spoken = spoken
        self._showing = Showing(parts.me, sayings)
        self.offers = Offers(parts, spoken)
        telling = Telling(spoken.holdings, frames, identifying, spoken)
        self.saying = IdentitySaying(parts, sayings, threads, identifying, telling)

    def page(self, viewer: Viewer) -> IdentityPage:
        """Return the aircraft that concern this member, as far as this viewer may know, and the handovers."""
        now = self._parts.clock.now()
        statements = self._spoken.seen(Identification, viewer, now)
        by_key: dict[str, list[Said[Identification]]] = {}
        for said in in_force(statements, now):
            by_key.setdefault(key_of(said.member, said.form.aircraft), []).append(said)
        kinds = self._identifying.kinds(viewer)[1]
        aircraft = tuple(
            self._showing.aircraft(one, _of(one, by_key), kinds.get(one.mover.key, "unknown"), viewer, now)
            for one in self._identifying.identities(viewer)
        )
        spaces = tuple(space.name for space in self._identifying.spaces)
        return IdentityPage(now=moment(now), spaces=spaces, aircraft=aircraft, offers=self._offers(viewer, now))

    def one(self, viewer: Viewer, key: str) -> IdentityView:
        """Return one aircraft; raise `Unavailable("unknown-aircraft")`."""
        found = next((one for one in self.page(viewer).aircraft if key in (one.key, one.id, one.flight_id)), None)
        if found is None:
            raise unknown_aircraft(key)
        return found

    def plans(self, viewer: Viewer) -> tuple[FlightPlanView, ...]:
        """Return the flight plans in force that a viewer may see, by when they begin."""
        now = self._parts.clock.now()
        seen = sorted(self._spoken.seen(FlightPlan, viewer, now), key=lambda said: (said.form.off_block, said.id))
        return tuple(self._showing.plan(said, viewer, now) for said in seen)

    def movements(self, viewer: Viewer, before: datetime | None, space: str | None, limit: int) -> MovementPage:
        """Return the entries and exits that a viewer may know of, the newest first."""
        most = max(1, min(limit, MAX_MOVEMENTS))
        at = Micros(2**53) if before is None else micros(before)
        found: list[KeptMovement] = []
        lines = self._identifying.lines(viewer)
        while lines and len(found) <= most:
            rows = self._parts.store.movements.read(lines, at, MAX_MOVEMENTS)
            kept = [json.decode(row.data, type=KeptMovement) for row in rows]
            found += [one for one in kept if space in (None, one.space) and self._admits(one, viewer)]
            if len(rows) < MAX_MOVEMENTS:
                break
            at = rows[-1].at
        more = moment(found[most - 1].at) if len(found) > most else None
        return MovementPage(items=tuple(map(movement_of, found[:most])), next=more)

    def _offers(self, viewer: Viewer, now: Micros) -> tuple[OfferView, ...]:
        seen = [said for said in self._spoken.seen(TrackOffer, viewer, now) if said.form.crosses_at > now - SHOWN_AFTER]
        answers = {said.id: said for said in self._spoken.seen(TrackAnswer, viewer, now)}
        stand = self.offers.stand(seen, viewer, now)
        return tuple(
            self._showing.offer(said, stand[said.id], answers, viewer, now)
            for said in sorted(seen, key=lambda said: said.form.crosses_at)
        )

    def _admits(self, one: KeptMovement, viewer: Viewer) -> bool:
        return all(self._frames.admits(place, viewer) for place in one.places)


def _of(one: Identity, by_key: Mapping[str, list[Said[Identification]]]) -> list[Said[Identification]]:
    """Return what was said of an aircraft, by whichever of its names."""
    return [said for name in dict.fromkeys((one.mover.key, *one.mover.names)) for said in by_key.get(name, ())]
