"""Incidents as one viewer sees them: the file, and the ladder over what she sees of it."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec

from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, Micros
from quartet.core.recall import recalled
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.evidence import Effect, Evidence, Incident, IncidentStep, Moment, Status, status
from quartet.desk.incident import (
    Assessment,
    Concurrence,
    Dissent,
    Finding,
    Hypothesis,
    Ladder,
    Question,
    Rejection,
    Stand,
    ladder,
)
from quartet.node.desk.incidentshow import File, view_of
from quartet.node.desk.incidentviews import IncidentPage, IncidentRow, IncidentView, WhichIncident
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.drafting import title_of
from quartet.node.holdings import Holdings
from quartet.node.seeing import Seeing
from quartet.node.views import moment


class Incidents:
    """Answers how incidents stand."""

    def __init__(self, holdings: Holdings, seeing: Seeing, sayings: Sayings) -> None:
        self._me = holdings.me
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings

    async def page(self, viewer: Viewer, which: WhichIncident, after: str, limit: int) -> IncidentPage:
        """Return incidents that a viewer may see and asks for, the newest first."""

        def told(said: Said[Incident], seen: Seen, now: Micros) -> IncidentRow:
            return self._row(said, seen, viewer, now)

        asked = Asked(after, limit)
        rows, more = await self._sayings.page(asked, Incident, viewer, told, lambda row: _wanted(row, which))
        return IncidentPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> IncidentView:
        """Return one incident whole to a person: each RED item in it, of another member, is a view."""
        file = self._found(viewer, ref)
        await self._sayings.viewed((file.seen, *file.about.seen.values()), viewer)
        return view_of(self._me, self._told(file), file)

    def show(self, viewer: Viewer, ref: str) -> IncidentView:
        """Return one incident whole; raise `Unavailable("unknown-item")`."""
        file = self._found(viewer, ref)
        return view_of(self._me, self._told(file), file)

    def _found(self, viewer: Viewer, ref: str) -> File:
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Incident, viewer, now)
        return self.file(said, seen, viewer, now)

    def file(self, said: Said[Incident], seen: Seen, viewer: Viewer, now: Micros) -> File:
        """Return everything that a viewer sees of an incident, gathered from what names it, and what names that."""
        about = self._sayings.about(said.id, viewer, now)
        second = about.plus(self._beside((*about.said(Question), *about.said(Evidence)), viewer, now))
        third = second.plus(self._beside((*second.said(Hypothesis), *second.said(Finding)), viewer, now))
        known = Ladder(
            questions=third.said(Question),
            hypotheses=third.said(Hypothesis),
            rejections=third.said(Rejection),
            assessments=third.said(Assessment),
            findings=third.said(Finding),
            concurrences=third.said(Concurrence),
            dissents=third.said(Dissent),
        )
        withdrawn = frozenset(self._withdrawn(known, third, viewer, now))
        answers = ladder(said.id, known, withdrawn)
        whole = third.plus([self._rests_on(known, viewer, now)])
        return File(said=said, seen=seen, about=whole, ladder=known, answers=answers, withdrawn=withdrawn)

    def _beside(self, items: Iterable[Said[Any]], viewer: Viewer, now: Micros) -> list[About]:
        return [self._sayings.about(one.id, viewer, now) for one in items]

    def _rests_on(self, known: Ladder, viewer: Viewer, now: Micros) -> About:
        """Return what assessments rest on, be it in no file: a report names no incident, and has roots of its own."""
        found: list[Seen] = []
        for item in sorted({item for one in known.assessments for item in one.form.evidence}):
            with suppress(Unavailable):
                released, row = self._seeing.find(item, viewer, now)
                found.append((released.item, row))
        return About(self._sayings, found)

    def _withdrawn(self, known: Ladder, file: About, viewer: Viewer, now: Micros) -> list[ItemId]:
        """Return which items that judgements and the file rest on were taken back, those kept as evidence too."""
        resting: tuple[Said[Any], ...] = (*known.assessments, *file.said(Effect), *file.said(Moment))
        named = {item for one in resting for item in one.form.evidence} | {one.id for one in file.said(Evidence)}
        named |= {one.form.assessment for one in known.concurrences}
        return [item for item in sorted(named) if self._gone(item, viewer, now)]

    def _gone(self, item: ItemId, viewer: Viewer, now: Micros) -> bool:
        if self._seeing.withdrawn(item, viewer, now):
            return True
        seen = self._seeing.see(item, viewer, now)
        facts, membership = self._holdings.facts, self._holdings.registry.membership
        return seen is not None and recalled(seen.item, facts, membership)

    def _row(self, said: Said[Incident], seen: Seen, viewer: Viewer, now: Micros) -> IncidentRow:
        """Return an incident as a list shows it: of a RED one the title alone, for who reads more is noted."""
        row = self._told(self.file(said, seen, viewer, now))
        return msgspec.structs.replace(row, area="") if row.tlp == "RED" else row

    def _told(self, file: File) -> IncidentRow:
        said, (verified, row) = file.said, file.seen
        return IncidentRow(
            id=said.id,
            ref=row.ref,
            author=said.member,
            officer=said.officer,
            title=title_of(verified.statement),
            tlp=row.tlp,
            at=moment(said.at),
            since=moment(Micros(said.form.since)),
            until=moment(Micros(said.form.until)),
            area=said.form.area,
            status=status(said, file.about.said(IncidentStep)).value,
            facts=any(one.rung == "EVENT" and one.stand is Stand.FOUND for one in file.answers),
            reopened=sum(one.stand is Stand.REOPENED for one in file.answers),
        )


def _wanted(row: IncidentRow, which: WhichIncident) -> bool:
    closed = row.status == Status.CLOSED
    return which == "all" or closed == (which == "closed")
