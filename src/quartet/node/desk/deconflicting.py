"""Deconfliction at a node: outlines that go to the desk of their owner's choice, and what the desk tells of a clash.

The node finds what meets; the desk's officer tells it. Out of a node that answers by itself an owner could draw the
plans of others, one outline after the other.
"""

from datetime import datetime
from typing import Final

from msgspec import to_builtins

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said
from quartet.desk.cells import cells_of
from quartet.desk.deconflict import Activity, Clash, Conflict, clashes, telling, told
from quartet.desk.said import for_members
from quartet.node.desk.deconflictviews import (
    ActivityView,
    ClashView,
    ConflictView,
    Deconfliction,
    Outline,
    Telling,
)
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.drafting import title_of
from quartet.node.parts import Parts
from quartet.node.views import MAX_TITLE, Draft, moment

MOST: Final = 1000
"""Outlines that are looked at, the newest."""

Words = list[tuple[Said[Conflict], Seen]]
"""What desks told of one activity."""


class DeconflictionRoom:
    """Drafts outlines, finds what meets of those that a viewer sees, and drafts what the owners are told."""

    def __init__(self, parts: Parts, sayings: Sayings) -> None:
        self._me = parts.me
        self._sayings = sayings

    def outline(self, told: Outline) -> Draft:
        """Return the draft of an outline: for the chosen desk alone, and gone when its time is over."""
        form = Activity(
            desk=told.desk,
            cells=cells_of(told.box),
            floor_m=told.floor_m,
            ceiling_m=told.ceiling_m,
            begins=_micros(told.begins),
            ends=_micros(told.ends),
            contact=told.contact,
        )
        return Draft(
            kind=KIND_OF[Activity],
            tlp=told.tlp,
            title=told.title,
            text="",
            to=() if told.desk == self._me else (told.desk,),
            onward="NEVER",
            expires=moment(Micros(form.ends)),
            once=told.once,
            form=to_builtins(form),
        )

    async def view(self, viewer: Viewer) -> Deconfliction:
        """Return the newest outlines that a viewer sees, and what meets of those that chose this member's desk."""
        found: list[tuple[Said[Activity], Seen]] = []
        async for some in self._sayings.slices(Activity, viewer):
            found += some
            if len(found) >= MOST:
                break
        await self._sayings.viewed((held for _, held in found[:MOST]), viewer)
        now = self._sayings.now()
        seen = {said.id: (said, held) for said, held in found[:MOST]}
        met = clashes(self._me, (said for said, _ in seen.values()), now)
        words = {activity: self._words(activity, viewer, now) for activity in seen}
        return Deconfliction(
            activities=tuple(_activity(said, held, words[said.id], now) for said, held in seen.values()),
            clashes=tuple(self._clash(one, seen, words) for one in met),
        )

    def tell(self, viewer: Viewer, told_of: Telling) -> tuple[Draft, ...]:
        """Return what is to be told to each owner that was not told yet; raise `Malformed("no-conflict")`.

        Each draft is about its reader's own activity, and for that member alone.
        """
        now = self._sayings.now()
        pair = [self._sayings.find(ref, Activity, viewer, now) for ref in (told_of.first, told_of.second)]
        met = clashes(self._me, (said for said, _ in pair), now)
        if not met:
            raise Malformed("no-conflict", "these two do not meet at this desk, or no more")
        (clash,) = met
        words = {said.id: self._words(said.id, viewer, now) for said, _ in pair}
        untold = self._untold(clash, {said.id: said for said, _ in pair}, words)
        return tuple(self._draft(clash, seen[0], told_of.contact) for said, seen in pair if said.member in untold)

    def _draft(self, clash: Clash, subject: Verified, contact: str) -> Draft:
        owner = subject.statement.member
        form = to_builtins(telling(clash, subject.id, contact))
        title = f"Conflict in {clash.cell}: call {contact}"
        words = Speech(kind=KIND_OF[Conflict], form=form, title=title[:MAX_TITLE], to=(owner,))
        return beside(subject, self._sayings.marking(subject), [owner], words)

    def _words(self, activity: ItemId, viewer: Viewer, now: Micros) -> Words:
        about = self._sayings.about(activity, viewer, now)
        return [(one, about.seen[one.id]) for one in for_members(about.said(Conflict)) if one.form.activity == activity]

    def _untold(
        self, clash: Clash, activities: dict[ItemId, Said[Activity]], words: dict[ItemId, Words]
    ) -> tuple[MemberId, ...]:
        """Return whom the desk has not told yet; its own member needs no telling."""
        said = [one for told_of in (clash.first, clash.second) for one, _ in words[told_of]]
        knows = told(clash, said, self._me)
        members = (activities[one].member for one in (clash.first, clash.second) if one not in knows)
        return tuple(member for member in members if member != self._me)

    def _clash(
        self, clash: Clash, seen: dict[ItemId, tuple[Said[Activity], Seen]], words: dict[ItemId, Words]
    ) -> ClashView:
        first, second = (seen[one] for one in (clash.first, clash.second))
        return ClashView(
            first=first[1][1].ref,
            second=second[1][1].ref,
            members=(first[0].member, second[0].member),
            cell=clash.cell,
            begins=moment(clash.begins),
            ends=moment(clash.ends),
            untold=self._untold(clash, {one: said for one, (said, _) in seen.items()}, words),
        )


def _activity(said: Said[Activity], seen: Seen, words: Words, now: Micros) -> ActivityView:
    form = said.form
    return ActivityView(
        ref=seen[1].ref,
        member=said.member,
        officer=said.officer,
        tlp=seen[1].tlp,
        at=moment(said.at),
        title=title_of(seen[0].statement),
        desk=MemberId(form.desk),
        cells=form.cells,
        floor_m=form.floor_m,
        ceiling_m=form.ceiling_m,
        begins=moment(Micros(form.begins)),
        ends=moment(Micros(form.ends)),
        contact=form.contact,
        over=form.ends <= now,
        conflicts=tuple(_conflict(one, row.ref) for one, (_, row) in words if one.member == form.desk),
    )


def _conflict(one: Said[Conflict], ref: str) -> ConflictView:
    return ConflictView(
        ref=ref,
        desk=one.member,
        at=moment(one.at),
        cell=one.form.cell,
        begins=moment(Micros(one.form.begins)),
        ends=moment(Micros(one.form.ends)),
        contact=one.form.contact,
    )


def _micros(at: datetime) -> Micros:
    return Micros(int(at.timestamp() * 1000) * (SECOND // 1000))
