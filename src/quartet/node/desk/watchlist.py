"""What a watch has before it: what waits for a word of ours, what is overdue, what stands; and the note to the next.

The note is a draft in words that the officer may change: it names items and repeats nothing of what they say.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from msgspec import structs

from quartet.core.faults import Unavailable
from quartet.core.ids import Micros
from quartet.core.release import Viewer
from quartet.core.statement import Precedence
from quartet.desk import Said
from quartet.desk.site import Reached
from quartet.desk.threat import Standing, Threat, ThreatOver, standing
from quartet.node.asking import Query
from quartet.node.desk.actions import Actions
from quartet.node.desk.actionviews import ActionRow
from quartet.node.desk.consenting import ConsentRoom
from quartet.node.desk.consentviews import ConsentView
from quartet.node.desk.incidents import Incidents
from quartet.node.desk.incidentviews import IncidentRow
from quartet.node.desk.requests import Requests
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.sitelog import SiteLog
from quartet.node.desk.siteviews import EpisodeView
from quartet.node.desk.watchviews import ThreatView, WatchList, WatchMatter, WatchNote
from quartet.node.drafting import text_of
from quartet.node.inforce import called
from quartet.node.parts import Parts
from quartet.node.reading import Reading
from quartet.node.views import Row, moment

MOST: Final = 50
"""Matters of a sort that a watch is shown; beyond it she opens their own list."""
STANDS: Final = frozenset({Standing.HOLDS, Standing.REVIEW_DUE})
ANSWERS: Final[Mapping[Reached, str]] = {"REACHED": "reached", "NO_ANSWER": "no answer", "REFUSED": "refused"}
NOTHING: Final = "Nothing is open that every officer here may see."
"""What a note says that has no line: true for whoever reads it, and of what was left out it tells nothing."""
NEAREST: Final = ("acknowledge", "inside", "predicted", "advisory")
"""In which order sites stand whose calls have no time."""
URGENT: Final[tuple[Precedence, ...]] = ("FLASH", "IMMEDIATE")


class WatchRoom:
    """Answers what there is to do."""

    def __init__(
        self,
        parts: Parts,
        sayings: Sayings,
        reading: Reading,
        requests: Requests,
        actions: Actions,
        incidents: Incidents,
        consents: ConsentRoom,
        sites: SiteLog,
    ) -> None:
        self._me = parts.me
        self._sayings = sayings
        self._reading = reading
        self._requests = requests
        self._actions = actions
        self._incidents = incidents
        self._consents = consents
        self._sites = sites

    async def before(self, viewer: Viewer) -> WatchList:
        """Return what a person's watch has before it, of what she may see: each RED threat is a view."""
        seen, items = await self._before(viewer)
        await self._sayings.viewed(items, viewer)
        return seen

    async def _before(self, viewer: Viewer) -> tuple[WatchList, list[Seen]]:
        mine = await self._requests.page(viewer, "mine", "", MOST)
        late = await self._requests.page(viewer, "overdue", "", MOST)
        waiting = await self._actions.page(viewer, "waiting", "", MOST)
        incidents = await self._incidents.page(viewer, "open", "", MOST)
        consents = await self._consents.page(viewer, "mine", "", MOST)
        threats, items = await self._threats(viewer, whole=False)
        asked = (one for one in late.items if one.author == self._me)
        found = [
            *(self._site(one) for one in self._sites.left(viewer)),
            *(WatchMatter("request", one.ref, one.author, one.title, one.tlp, "answer", one.due) for one in mine.items),
            *(WatchMatter("request", r.ref, m, r.title, r.tlp, "overdue", r.due) for r in asked for m in r.overdue),
            *(self._consent(one) for one in consents.items),
            *(_proposal(one, word) for one in waiting.items for word in one.waits),
            *(_reopened(one) for one in incidents.items if one.reopened),
            *(_review(one) for one in threats if one.standing == Standing.REVIEW_DUE and one.member == self._me),
        ]
        more = any(page.next for page in (mine, late, waiting, incidents, consents))
        told = (structs.replace(one, exercise=one.exercise or self._drills(one.ref, viewer)) for one in found)
        return WatchList(matters=tuple(sorted(told, key=_urgency)), threats=threats, more=more), items

    def _drills(self, ref: str, viewer: Viewer) -> bool:
        """Return whether a matter is of an exercise; not of one that was taken back a moment ago."""
        try:
            return self._sayings.drills(self._reading.seen(viewer, ref)[0])
        except Unavailable:
            return False

    def _site(self, one: EpisodeView) -> WatchMatter:
        calls = ("call",) if one.call_due else ()
        why = "; ".join((*(("acknowledge",) if one.waits else ()), *calls)) or one.level.lower()
        title = "" if one.tlp == "RED" else one.name
        return WatchMatter("site-warning", one.ref, self._me, title, one.tlp, why, one.call_due, one.exercise)

    def _consent(self, one: ConsentView) -> WatchMatter:
        due = next((share.due for share in one.shares if share.member == self._me), None)
        return WatchMatter("consent", one.ref, one.author, one.title or "", one.tlp, "consent", due)

    async def threats(self, viewer: Viewer, *, whole: bool = False) -> tuple[ThreatView, ...]:
        """Return the threats that a person sees and that stand, or all, the likeliest first: each RED one is a view."""
        views, items = await self._threats(viewer, whole=whole)
        await self._sayings.viewed(items, viewer)
        return views

    async def _threats(self, viewer: Viewer, *, whole: bool) -> tuple[tuple[ThreatView, ...], list[Seen]]:
        views: list[tuple[ThreatView, Seen]] = []
        async for found in self._sayings.slices(Threat, viewer):
            now = self._sayings.now()
            views += [(self._threat(said, seen, viewer, now), seen) for said, seen in found]
        kept = [(one, seen) for one, seen in views if whole or one.standing in STANDS]
        kept.sort(key=lambda pair: (-pair[0].likelihood, pair[0].until))
        return tuple(one for one, _ in kept), [seen for _, seen in kept]

    async def note(self, viewer: Viewer, since: datetime | None) -> WatchNote:
        """Return a note to the next watch, as it would be written: what is open, what is overdue, what was urgent.

        It goes to every officer of the member: a line stands in it where each of them may see all that it rests on, and
        its author is told how many do not. It says the same where there is nothing, and where all was left out.
        """
        seen, _ = await self._before(viewer)
        urgent = [
            row
            for word in URGENT
            for row in (await self._reading.read(viewer, Query(precedence=word, since=since, newest=True))).items
        ]
        warned, left = await self._sites.since(viewer, since), self._sites.left(viewer)
        lines = [
            *(
                (f"{_called(m, m.sort)} of {m.member}: {_waits_for(m)}", _rests(m, (*left, *warned)))
                for m in _by_kind(seen.matters)
            ),
            *((_warned(one), _steps(one)) for one in warned if one.over or one.acknowledged or one.calls),
            *((f"{_called(t, 'threat')} of {t.member}: {_stands(t)}", (t.ref,)) for t in seen.threats),
            *((f"{_called(row, f'{row.precedence} {row.kind}')} of {row.author}", (row.ref,)) for row in urgent[:MOST]),
        ]
        told = [line for line, refs in lines if self._for_all(viewer, refs)]
        return WatchNote("\n".join(told) or NOTHING, left_out=len(lines) - len(told), lines=len(told))

    def _for_all(self, viewer: Viewer, refs: Iterable[str]) -> bool:
        """Return whether every officer of ours may see some items, which a viewer sees."""
        try:
            return all(self._sayings.for_all(self._reading.seen(viewer, ref)[0].id) for ref in refs)
        except Unavailable:  # taken back a moment ago
            return False

    def _threat(self, said: Said[Threat], seen: Seen, viewer: Viewer, now: Micros) -> ThreatView:
        form, (verified, row) = said.form, seen
        about = self._sayings.about(said.id, viewer, now)
        return ThreatView(
            id=said.id,
            ref=row.ref,
            member=said.member,
            officer=said.officer,
            tlp=row.tlp,
            at=moment(said.at),
            threatened=form.threatened,
            danger=form.danger,
            since=moment(Micros(form.since)),
            until=moment(Micros(form.until)),
            likelihood=form.likelihood,
            confidence=form.confidence,
            review_at=moment(Micros(form.review_at)),
            measures=form.measures,
            text=text_of(verified.statement),
            standing=standing(said, about.said(Threat), about.said(ThreatOver), now).value,
            exercise=self._sayings.drills(verified),
        )


def _warned(one: EpisodeView) -> str:
    """Return what was done about a warning: who had it before her, and the calls that were noted.

    It says of each call how it ended, and names nobody who was called.
    """
    by, nobody = one.acknowledged, "over, nobody acknowledged it" if one.over else "open"
    if by is None and one.seen:
        nobody += f" as {one.highest.lower()}, acknowledged before by {one.seen[-1].officer} {one.seen[-1].at:%H:%MZ}"
    seen = nobody if by is None else f"acknowledged by {by.officer} {by.at:%H:%MZ}"
    calls = [f"called {made.at:%H:%MZ}, {ANSWERS[made.outcome]} ({made.ref} by {made.officer})" for made in one.calls]
    if calls and all(made.outcome != "REACHED" for made in one.calls):
        calls.append("NOBODY REACHED")
    return f"{_called(one, 'site-warning')}: " + ", ".join([seen, *calls])


def _steps(one: EpisodeView) -> tuple[str, ...]:
    """Return all items of which a line about a warning tells."""
    return (one.ref, *(step.ref for step in one.warnings), *(made.ref for made in one.calls))


def _rests(matter: WatchMatter, warned: Iterable[EpisodeView]) -> tuple[str, ...]:
    """Return all items on which the line about a matter rests: of a warning, each step of it."""
    return next((_steps(one) for one in warned if one.ref == matter.ref), (matter.ref,))


def _stands(one: ThreatView) -> str:
    return one.standing.lower().replace("_", " ")


def _called(one: WatchMatter | ThreatView | EpisodeView | Row, sort: str) -> str:
    """Return what the note calls an item: what it is and its reference, and nothing of what it says."""
    return called(f"{sort} {one.ref}", exercise=one.exercise)


def _proposal(one: ActionRow, word: str) -> WatchMatter:
    return WatchMatter("proposal", one.ref, one.author, one.aim, one.tlp, word, one.decide_by)


def _reopened(one: IncidentRow) -> WatchMatter:
    return WatchMatter("incident", one.ref, one.author, one.title, one.tlp, "reopened")


def _review(one: ThreatView) -> WatchMatter:
    title = "" if one.tlp == "RED" else one.danger
    return WatchMatter("threat", one.ref, one.member, title, one.tlp, "review", one.review_at)


def _urgency(matter: WatchMatter) -> tuple[bool, float, int]:
    """Return where a matter stands: what is due first; of what has no time, what waits for a word, then the nearest."""
    near = NEAREST.index(matter.why) if matter.why in NEAREST else 0
    return matter.due is None, 0.0 if matter.due is None else matter.due.timestamp(), near


def _by_kind(matters: Iterable[WatchMatter]) -> tuple[WatchMatter, ...]:
    """Return matters kind by kind, each in its order: what nears sites first, then the kind with the first of them."""
    kept = tuple(matters)
    kinds = list(dict.fromkeys(("site-warning", *(one.sort for one in kept))))
    return tuple(sorted(kept, key=lambda one: kinds.index(one.sort)))


def _waits_for(matter: WatchMatter) -> str:
    """Return for what a matter waits, and of what its time is: of a site the call's, not the acknowledgement's."""
    if matter.due is None:
        return matter.why
    at = f"{matter.due:%Y-%m-%d %H:%MZ}"
    if matter.sort == "site-warning":
        return f"{matter.why.removesuffix('call')}call the site by {at}"
    if matter.sort == "proposal":
        return f"{matter.why}; it is decided by {at}"
    return f"overdue since {at}" if matter.why == "overdue" else f"{matter.why}, by {at}"
