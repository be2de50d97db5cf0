"""What may be told of an aircraft, and to whom: computed anew from what all who are to have it may hold.

A basis tells of what it rests on: PLAN that there is a plan, IDENT_CONFLICT that a sensor sees the aircraft elsewhere.
So what is told rests on what every reader may have, carries the controls of that, and is the same whether or not there
is more. What every officer of ours may see now is ours to tell, as our own sensors' tracks are.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Released, Viewer
from quartet.core.terms import RED, Terms, terms_at
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Identification, TrackOffer
from quartet.node.drafting import circles_of, resolve
from quartet.node.frames import Frames
from quartet.node.holdings import Holdings
from quartet.node.identify.identifying import Identifying
from quartet.node.identify.movers import movers_of
from quartet.node.identify.spoken import Spoken
from quartet.node.identify.words import plan_of, words_of
from quartet.node.pieces import Piece, Place
from quartet.picture.identify.bases import Mover, Plans, Words
from quartet.picture.identify.evidence import Standing
from quartet.picture.identify.movements import Step, Trail
from quartet.picture.identify.watch import Identity, Seen, identified, predicted, words_for

HANDLING: Final = frozenset({"EXERCISE", "NO_GATEWAY"})
"""Caveats that say how an item is handled: what our own sensors see in an exercise stays ours to tell."""
Pieces = Sequence[tuple[Place, Piece]]


class Told(NamedTuple):
    """An aircraft as it may be told: by the bases alone, with what people said, and what has to be carried.

    `hidden` is that something contradicts it which may not be told.
    """

    identity: Identity
    words: Words
    carries: tuple[ItemId, ...]
    hidden: bool


class IdentityTelling:
    """Computes what may be told of aircraft."""

    def __init__(self, holdings: Holdings, frames: Frames, identifying: Identifying, spoken: Spoken) -> None:
        self._holdings = holdings
        self._frames = frames
        self._identifying = identifying
        self._spoken = spoken

    def told(self, viewer: Viewer, one: Identity, to: Iterable[str], *, world: bool, now: Micros) -> Told:
        """Return what a viewer may tell of an aircraft to some members and circles, or to the whole `world`."""
        readers = self._readers(to, world=world)
        mover, seen = self._seen(viewer, one, readers, now)
        plans = [said for said in self._spoken.seen(FlightPlan, viewer, now) if self._open(said.id, readers, now)]
        words = self._words(viewer, mover, readers, now)
        facts = [found for found in one.evidence if found.sort != "PLAN" and self._all_open(found.rests, readers, now)]
        given = self._identifying.given(
            Plans(plan_of(said, self._frames.worlds.is_drill) for said in plans),
            dict.fromkeys((mover.key, *mover.names), words._replace(person=None)),
            lambda *_: Standing(False, "", tuple(facts)),
        )
        within = tuple(space.name for space in given.spaces if space.in_use_at(mover.spot, mover.at))
        entry = None if within else predicted(mover, given.spaces)
        identity = identified(seen, given, now, within, entry)
        carries = tuple(sorted(ItemId(item) for item in identity.rests if not self._ours(ItemId(item), now)))
        hidden = "IDENT_CONFLICT" in one.flags and "IDENT_CONFLICT" not in identity.flags
        return Told(identity, words, carries, hidden)

    def check_open(self, item: ItemId, to: Iterable[str], now: Micros) -> None:
        """Raise `Malformed("basis-withheld")` for what not all may have who are to be told of it."""
        if not self._open(item, self._readers(to, world=False), now):
            raise withheld("what you name may not go to all of them")

    # -- what may be had

    def _readers(self, to: Iterable[str], *, world: bool) -> tuple[MemberId, ...]:
        registry, names = self._holdings.registry, tuple(to)
        if world and not names:
            return tuple(registry.others())
        found = resolve(names, registry.state.members, circles_of(registry.state.terms))
        return tuple(member for member in found if member != registry.me)

    def _ours(self, item: ItemId, now: Micros) -> bool:
        """Return whether an item is ours to tell of now: nobody else controls it, it was not taken back and has not
        expired, and as it is marked by now none of our officers is kept out."""
        verified, me, latest = self._holdings.verified(item), self._holdings.me, self._holdings.clock.latest(now)
        if verified is None or any(one.control.controller != me for one in verified.controls):
            return False
        on = self._holdings.facts.on
        terms = [(terms_at(one.control, on(one.id), at), at) for one in verified.controls for at in (now, latest)]
        return all(_for_all(each, at) for each, at in terms) and self._released(item, me, now)

    def _open(self, item: str, readers: Iterable[MemberId], now: Micros) -> bool:
        held = ItemId(item)
        if self._holdings.verified(held) is None:
            return False
        return self._ours(held, now) or all(self._released(held, one, now) for one in (self._holdings.me, *readers))

    def _released(self, item: ItemId, to: MemberId, now: Micros) -> bool:
        return isinstance(self._holdings.release(item, to, now), Released)

    def _all_open(self, items: Iterable[str], readers: Sequence[MemberId], now: Micros) -> bool:
        return all(self._open(item, readers, now) for item in items)

    # -- of what it is made

    def _seen(self, viewer: Viewer, one: Identity, readers: Sequence[MemberId], now: Micros) -> tuple[Mover, Seen]:
        """Return an aircraft as our own sensors see it; as those do that may be told; else as the viewer sees it.

        The last then carries what it rests on, and goes to nobody who may not have that.
        """
        pieces = self._frames.admitted(viewer)
        ours = [piece for piece in pieces if any(self._ours(feed, now) for feed in self._frames.feeds_of(piece[0][1]))]
        may = [piece for piece in pieces if self._may(piece[0], readers, now)]
        feeds = [feed for feed in self._frames.own_feeds(viewer) if self._open(feed, readers, now)]
        mover = self._among(ours, feeds, one, now) or self._among(may, feeds, one, now) or one.mover
        known = self._identifying.remembered(viewer, one.mover.key)
        since = one.clock.since
        if known is None or not self._all_open(known.began, readers, now):
            return mover, Seen(mover, (mover.at, mover.spot), Trail(Step(mover.at, mover.spot), {}), since)
        return mover, known._replace(mover=mover, since=since, late=False)

    def _may(self, place: Place, readers: Sequence[MemberId], now: Micros) -> bool:
        return any(self._open(feed, readers, now) for feed in self._frames.feeds_of(place[1]))

    def _among(self, pieces: Pieces, feeds: Sequence[ItemId], one: Identity, now: Micros) -> Mover | None:
        by = self._identifying.sources((place for place, _ in pieces), feeds)
        names = {one.mover.key, *one.mover.names}
        found = movers_of(self._frames.fused(pieces), by, now)
        return next((mover for mover in found if names & {mover.key, *mover.names}), None)

    def _words(self, viewer: Viewer, mover: Mover, readers: Sequence[MemberId], now: Micros) -> Words:
        seen = self._spoken.seen(Identification, viewer, now)
        may = [said for said in seen if self._all_open({said.id, said.form.offer or said.id}, readers, now)]
        offers = self._spoken.seen(TrackOffer, viewer, now)
        return words_for(mover, words_of(self._holdings.me, may, offers, self._frames.worlds.is_drill, now))


def _for_all(terms: Terms, now: Micros) -> bool:
    """Return whether a control is in force and keeps none of its member's own officers out."""
    in_force = terms.known and now < terms.expires and terms.tlp(now) < RED
    asks = terms.caveats - HANDLING or terms.purposes is not None or terms.persons == frozenset()
    return in_force and not asks


def withheld(why: str) -> Malformed:
    """Return the fault of telling what rests on what not all may have who are to be told."""
    return Malformed("basis-withheld", why)
