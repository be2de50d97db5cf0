"""Handovers at a node: where each stands, and the alarm of both desks where nobody answers in time."""

from typing import Final

from quartet.core.ids import MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.identification import Identification, Offered, Stage, TrackAnswer, TrackOffer, offered
from quartet.node.identify.spoken import Spoken
from quartet.node.parts import Parts

UNANSWERED: Final = "handover-unanswered"


class Offers:
    """Follows the offers that this member made, and those that were made to it."""

    def __init__(self, parts: Parts, spoken: Spoken) -> None:
        self._parts = parts
        self._spoken = spoken

    def stands(self, offer: Said[TrackOffer], viewer: Viewer | None, now: Micros) -> Offered:
        """Return where an offer stands by what a viewer sees; by all that is held, for what the member does."""
        spoken = self._spoken
        if viewer is None:
            return offered(offer, spoken.held(TrackAnswer, now), spoken.held(Identification, now), now)
        return offered(offer, spoken.seen(TrackAnswer, viewer, now), spoken.seen(Identification, viewer, now), now)

    async def look(self, now: Micros) -> None:
        """Alarm of offers that nobody answered two minutes before the boundary, and end that; once a tick."""
        late = self._late(now)
        store = self._parts.store
        for member, items in late.items():
            text = f"nobody answered the handover {', '.join(sorted(items))}: call {member}"
            if not store.reader.has_alarm(UNANSWERED, member):
                await store.write(lambda tx, m=member, t=text: tx.put_alarm(UNANSWERED, m, t, now))  # type: ignore[misc]
        over = [a.subject for a in store.reader.alarms() if a.reason == UNANSWERED and a.subject not in late]
        for subject in over:
            await store.write(lambda tx, m=subject: tx.end_alarm(UNANSWERED, m, now))  # type: ignore[misc]

    def _late(self, now: Micros) -> dict[MemberId, list[str]]:
        """Return the offers that are late, by the other member."""
        me, late = self._parts.me, dict[MemberId, list[str]]()
        for said in self._spoken.held(TrackOffer, now):
            concerns = me in (said.member, said.form.to)
            if concerns and self.stands(said, None, now).stage is Stage.UNANSWERED:
                other = said.form.to if said.member == me else said.member
                late.setdefault(MemberId(other), []).append(said.id)
        return late
