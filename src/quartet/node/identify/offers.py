"""Handovers at a node: where each stands, and the alarm of both desks where nobody answers in time."""

from collections.abc import Iterable, Mapping
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import reference
from quartet.desk import Said
from quartet.desk.identification import Identification, Offered, Stage, TrackAnswer, TrackOffer, all_offered
from quartet.node.identify.spoken import Spoken
from quartet.node.parts import Parts

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
        return all_offered(offers, answers, statements, now)

    async def look(self, now: Micros) -> None:
        """Alarm of offers that nobody answered two minutes before the boundary, and end that; once a tick."""
        late = self._late(now)
        store = self._parts.store
        for member, items in late.items():
            more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
            text = f"nobody answered the handover {', '.join(sorted(items)[:NAMED])}{more}: call {member}"
            if not store.reader.has_alarm(UNANSWERED, member):
                await store.write(lambda tx, m=member, t=text: tx.put_alarm(UNANSWERED, m, t, now))  # type: ignore[misc]
        over = [a.subject for a in store.reader.alarms() if a.reason == UNANSWERED and a.subject not in late]
        for subject in over:
            await store.write(lambda tx, m=subject: tx.end_alarm(UNANSWERED, m, now))  # type: ignore[misc]

    def _late(self, now: Micros) -> dict[MemberId, list[str]]:
        """Return the offers that are late, by the other member: by all that is held, for what the member does."""
        me, late, spoken = self._parts.me, dict[MemberId, list[str]](), self._spoken
        ours = [one for one in spoken.held(TrackOffer, now) if me in (one.member, one.form.to)]
        if not ours:
            return late
        stand = all_offered(ours, spoken.held(TrackAnswer, now), spoken.held(Identification, now), now)
        for said in ours:
            if stand[said.id].stage is Stage.UNANSWERED:
                other = said.form.to if said.member == me else said.member
                late.setdefault(MemberId(other), []).append(reference(said.member, said.id))
        return late
