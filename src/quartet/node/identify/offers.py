"""Handovers at a node: where each stands, and the alarm of both desks where nobody answers in time."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import reference
from quartet.desk import Said
from quartet.desk.identification import UNANSWERED as BEFORE
from quartet.desk.identification import Identification, Offered, Stage, TrackAnswer, TrackOffer, all_offered
from quartet.node.identify.spoken import Spoken
from quartet.node.inforce import Drilled
from quartet.node.parts import Parts
from quartet.store import Tx

UNANSWERED: Final = "handover-unanswered"
NAMED: Final = 5
"""So many handovers an alarm names; of more it tells how many."""


class Offers:
    """Follows the offers that this member made, and those that were made to it."""

    def __init__(self, parts: Parts, spoken: Spoken) -> None:
        self._parts = parts
        self._spoken = spoken

    def stand(self, offers: Iterable[Said[TrackOffer]], viewer: Viewer, now: Micros) -> Mapping[ItemId, Offered]:
        """Return where offers stand by what a viewer sees."""
        spoken = self._spoken
        answers, statements = spoken.seen(TrackAnswer, viewer, now), spoken.seen(Identification, viewer, now)
        return self._offered(offers, answers, statements, now)

    def _offered(
        self,
        offers: Iterable[Said[TrackOffer]],
        answers: Iterable[Said[TrackAnswer]],
        statements: Iterable[Said[Identification]],
        now: Micros,
    ) -> dict[ItemId, Offered]:
        """Return where offers stand: nothing that is said in a drill answers one that is so, nor the other way."""
        drills = Drilled(self._spoken.holdings.verified, self._spoken.holdings.facts, now)

        def alike(said: Said[TrackAnswer] | Said[Identification]) -> bool:
            of = said.form.offer
            return of is not None and drills.any([of]) is drills.any([said.id])

        return all_offered(offers, filter(alike, answers), filter(alike, statements), now)

    async def look(self, now: Micros) -> None:
        """Alarm of offers that nobody answered two minutes before the boundary, and end that; once a tick.

        An alarm follows what is late now, and is as old as the oldest of it.
        """
        late = self._late(now)
        store = self._parts.store
        stand = {one.subject: one.detail for one in store.reader.alarms() if one.reason == UNANSWERED}
        for member, offers in late.items():
            text, since = self._text(member, offers, now), min(map(_late_since, offers))
            if stand.get(member) != text:
                await store.write(_renewed(member, text, since, now))
        for subject in stand.keys() - late.keys():
            await store.write(lambda tx, m=subject: tx.end_alarm(UNANSWERED, m, now))  # type: ignore[misc]

    def _text(self, member: MemberId, offers: Iterable[Said[TrackOffer]], now: Micros) -> str:
        """Return what an alarm says: what is real before what is of an exercise, which each reader is told of each."""
        holdings = self._spoken.holdings
        drilled = Drilled(holdings.verified, holdings.facts, now)
        named = [ref for _, ref in sorted((drilled.any([one.id]), reference(one.member, one.id)) for one in offers)]
        more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        return f"nobody answered the handover {', '.join(named[:NAMED])}{more}: call {member}"

    def _late(self, now: Micros) -> dict[MemberId, list[Said[TrackOffer]]]:
        """Return the offers that are late, by the other member: by all that is held, for what the member does."""
        me, late, spoken = self._parts.me, dict[MemberId, list[Said[TrackOffer]]](), self._spoken
        ours = [one for one in spoken.held(TrackOffer, now) if me in (one.member, one.form.to)]
        if not ours:
            return late
        stand = self._offered(ours, spoken.held(TrackAnswer, now), spoken.held(Identification, now), now)
        for said in ours:
            if stand[said.id].stage is Stage.UNANSWERED:
                other = said.form.to if said.member == me else said.member
                late.setdefault(MemberId(other), []).append(said)
        return late


def _late_since(offer: Said[TrackOffer]) -> Micros:
    """Return since when an offer that nobody answered is late: none is before it is made."""
    return max(offer.at, Micros(offer.form.crosses_at - BEFORE))


def _renewed(member: MemberId, text: str, since: Micros, now: Micros) -> Callable[[Tx], None]:
    def raised(tx: Tx) -> None:
        tx.end_alarm(UNANSWERED, member, now)
        tx.put_alarm(UNANSWERED, member, text, since)

    return raised
