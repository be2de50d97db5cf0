"""What a watch has before it: what waits for a word of ours, what is overdue, what stands; and the note to the next.

The note is a draft in words that the officer may change: it names items and repeats nothing of what they say.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import structs

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import Precedence
from quartet.desk import Said
from quartet.desk.site import LevelWord, Reached
from quartet.desk.threat import Standing, Threat, ThreatOver, standing
from quartet.node.asking import Query
from quartet.node.desk.actions import Actions
from quartet.node.desk.actionviews import ActionRow
from quartet.node.desk.consenting import ConsentRoom
from quartet.node.desk.consentviews import ConsentView
from quartet.node.desk.incidents import Incidents
from quartet.node.desk.incidentviews import IncidentRow
from quartet.node.desk.requests import Requests
from quartet.node.desk.requestviews import RequestRow
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
NEAREST: Final[tuple[LevelWord, ...]] = ("INSIDE", "PREDICTED", "ADVISORY", "OVER")
"""In which order sites stand that wait for no word, and for no call."""
URGENT: Final[tuple[Precedence, ...]] = ("FLASH", "IMMEDIATE")


class _Matter(NamedTuple):
    """A matter as a watch is told it; `waits` is for what it waits as a note says it, `near` how far behind it stands
    of those that have no time."""

    told: WatchMatter
    waits: str
    near: int = 0


class _Before(NamedTuple):
    """What a watch has before it, the most urgent first, and the threats as they came."""

    matters: tuple[_Matter, ...]
    threats: tuple[ThreatView, ...]
    more: bool
    items: list[Seen]


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
        seen = await self._before(viewer)
        await self._sayings.viewed(seen.items, viewer)
        return WatchList(matters=tuple(one.told for one in seen.matters), threats=seen.threats, more=seen.more)

    async def _before(self, viewer: Viewer) -> _Before:
        mine = await self._requests.page(viewer, "mine", "", MOST)
        late = await self._requests.page(viewer, "overdue", "", MOST)
        waiting = await self._actions.page(viewer, "waiting", "", MOST)
        incidents = await self._incidents.page(viewer, "open", "", MOST)
        consents = await self._consents.page(viewer, "mine", "", MOST)
        threats, items = await self._threats(viewer, whole=False)
        asked = (one for one in late.items if one.author == self._me)
        found = [
            *(self._site(one) for one in self._sites.left(viewer)),
            *(_request(one, one.author, "answer", "answer, by") for one in mine.items),
            *(_request(one, member, "overdue", "overdue since") for one in asked for member in one.overdue),
            *(self._consent(one) for one in consents.items),
            *(_proposal(one, word) for one in waiting.items for word in one.waits),
            *(_reopened(one) for one in incidents.items if one.reopened),
            *(_review(one) for one in threats if one.standing == Standing.REVIEW_DUE and one.member == self._me),
        ]
        more = any(page.next for page in (mine, late, waiting, incidents, consents))
        return _Before(tuple(sorted((self._known(one, viewer) for one in found), key=_urgency)), threats, more, items)

    def _known(self, one: _Matter, viewer: Viewer) -> _Matter:
        """Return a matter that says whether it is of an exercise."""
        exercise = one.told.exercise or self._drills(one.told.ref, viewer)
        return one._replace(told=structs.replace(one.told, exercise=exercise))

    def _drills(self, ref: str, viewer: Viewer) -> bool:
        """Return whether a matter is of an exercise; not of one that was taken back a moment ago."""
        try:
            return self._sayings.drills(self._reading.seen(viewer, ref)[0])
        except Unavailable:
            return False

    def _site(self, one: EpisodeView) -> _Matter:
        """Return what waits at a site: its time is the call's, and not the acknowledgement's."""
        word = ["acknowledge"] if one.waits else []
        why = "; ".join([*word, "call"] if one.call_due else word) or one.level.lower()
        title = "" if one.tlp == "RED" else one.name
        told = WatchMatter("site-warning", one.ref, self._me, title, one.tlp, why, one.call_due, one.exercise)
        waits = "; ".join([*word, f"call the site by {_minute(one.call_due)}"]) if one.call_due else why
        return _Matter(told, waits, near=0 if one.waits or one.call_due else 1 + NEAREST.index(one.level))

    def _consent(self, one: ConsentView) -> _Matter:
        due = next((share.due for share in one.shares if share.member == self._me), None)
        told = WatchMatter("consent", one.ref, one.author, one.title or "", one.tlp, "consent", due)
        return _timed(told, "consent, by")

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
        seen = await self._before(viewer)
        urgent = [
            row
            for word in URGENT
            for row in (await self._reading.read(viewer, Query(precedence=word, since=since, newest=True))).items
        ]
        warned, left = await self._sites.since(viewer, since), self._sites.left(viewer)
        lines = [
            *(
                (f"{_called(m.told, m.told.sort)} of {m.told.member}: {m.waits}", _rests(m.told, (*left, *warned)))
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


def _request(one: RequestRow, member: MemberId, why: str, waits: str) -> _Matter:
    return _timed(WatchMatter("request", one.ref, member, one.title, one.tlp, why, one.due), waits)


def _proposal(one: ActionRow, word: str) -> _Matter:
    told = WatchMatter("proposal", one.ref, one.author, one.aim, one.tlp, word, one.decide_by)
    return _timed(told, f"{word}; it is decided by")


def _reopened(one: IncidentRow) -> _Matter:
    return _Matter(WatchMatter("incident", one.ref, one.author, one.title, one.tlp, "reopened"), "reopened")


def _review(one: ThreatView) -> _Matter:
    title = "" if one.tlp == "RED" else one.danger
    return _timed(WatchMatter("threat", one.ref, one.member, title, one.tlp, "review", one.review_at), "review, by")


def _timed(told: WatchMatter, waits: str) -> _Matter:
    """Return a matter that waits for something, with the words before its time; what has none says why alone."""
    return _Matter(told, told.why if told.due is None else f"{waits} {_minute(told.due)}")


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%MZ}"


def _urgency(matter: _Matter) -> tuple[bool, float, int]:
    """Return where a matter stands: what is due first; of what has no time, what waits for a word, then the nearest."""
    due = matter.told.due
    return due is None, 0.0 if due is None else due.timestamp(), matter.near


def _by_kind(matters: Iterable[_Matter]) -> tuple[_Matter, ...]:
    """Return matters kind by kind, each in its order: what nears sites first, then the kind with the first of them."""
    kept = tuple(matters)
    kinds = list(dict.fromkeys(("site-warning", *(one.told.sort for one in kept))))
    return tuple(sorted(kept, key=lambda one: kinds.index(one.told.sort)))
