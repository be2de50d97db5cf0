"""Warnings as one viewer sees them: what is in force, whose desk has acknowledged, and what waits for a second officer.

What was taken back is still told while it is in force, without its words: nobody is left thinking there was nothing.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import structs

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import ItemId, Micros
from quartet.core.marking import TLP_ORDER
from quartet.core.release import Viewer, named_alone
from quartet.desk import KIND_OF
from quartet.desk.warning import (
    Ack,
    Alert,
    AnyWarning,
    Check,
    Desk,
    Early,
    Stands,
)
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.desk.warningdrafts import ack_of, draft_of, row_of, told_of
from quartet.node.desk.warningrows import FORMS, MOST, WarningRows, role_of, standing_of
from quartet.node.desk.warningviews import (
    AckDraft,
    CheckDraft,
    WarningDraft,
    WarningList,
    WarningRow,
    WarningView,
    Which,
    order_of,
    wanted,
)
from quartet.node.holdings import Holdings
from quartet.node.inforce import DRILL, shared
from quartet.node.parts import Parts
from quartet.node.secondofficer import SecondOfficer, check_second
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads
from quartet.node.views import Draft

Sight = Literal["row", "list"]


class Warnings:
    """Answers which warnings there are, and drafts what is said about them."""

    def __init__(
        self,
        parts: Parts,
        holdings: Holdings,
        seeing: Seeing,
        sayings: Sayings,
        threads: Threads,
        second: SecondOfficer,
    ) -> None:
        self._me = parts.me
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings
        self._threads = threads
        self._second = second
        self._rows = WarningRows(parts, holdings, seeing, sayings, second)
        self._reader = parts.store.reader

    # -- what there is

    async def list(self, viewer: Viewer, which: Which) -> WarningList:
        """Return the warnings that a person sees, and what waits for a second officer: each RED one is a view."""
        found = [one async for one in self._rows.found(viewer, which)] + list(self._rows.withdrawn(viewer))
        listed = sorted((one for one in found if wanted(one[0], which)), key=lambda one: order_of(one[0]))
        kept = list(shared(listed, lambda one: one[0].exercise, MOST))
        await self._sayings.viewed((seen for _, seen in kept), viewer)
        return WarningList(items=tuple(row for row, _ in kept), waiting=tuple(self._rows.waiting(viewer)))

    async def view(self, viewer: Viewer, ref: str) -> WarningView:
        """Return one warning whole to a person; raise `Unavailable("unknown-item")`."""
        now = self._sayings.now()
        try:
            said, seen = self.find(viewer, ref)
        except Unavailable:
            taken = next((one for one in self._rows.withdrawn(viewer) if ref in (one[0].id, one[0].ref)), None)
            if taken is None:
                raise
            await self._sayings.viewed((taken[1],), viewer)
            return WarningView(row=taken[0], acks=())
        view, items = self._whole(said, seen, viewer, now)
        await self._sayings.viewed(items, viewer)
        return view

    def find(self, viewer: Viewer, ref: str) -> tuple[AnyWarning, Seen]:
        """Return a warning that a viewer sees; raise `Unavailable("unknown-item")`."""
        now = self._sayings.now()
        try:
            return self._sayings.find(ref, Alert, viewer, now)
        except Unavailable:
            return self._sayings.find(ref, Early, viewer, now)

    def sees(self, viewer: Viewer, item: ItemId) -> Sight | None:
        """Return how a viewer is told of a warning that came: its row, or to list, which is a view of a RED one.

        None for who does not see it.
        """
        now = self._sayings.now()
        seen = self._seeing.see(item, viewer, now)
        if seen is None:
            return None
        return "list" if named_alone(seen.item, self._holdings.facts, now) else "row"

    def knows(self, viewer: Viewer, item: ItemId) -> bool:
        """Return whether a viewer may know of an item: she sees it, or did before it was taken back."""
        return self._seeing.known(item, viewer, self._sayings.now()) is not None

    def bare(self, item: ItemId) -> WarningRow | None:
        """Return the row of a warning as it came, before anybody said anything to it: the same for all who see it."""
        verified, row = self._holdings.verified(item), self._reader.row(item)
        if verified is None or row is None:
            return None
        now = self._sayings.now()
        seen = (verified, self._holdings.labelled(row, verified, now))
        for form in FORMS:
            said = self._sayings.said(seen, form)
            if said is not None:
                known = standing_of(said, seen, None, {}, now)
                return row_of(said, seen[1], known, self._me, drill=self._sayings.drills(verified))
        return None

    # -- what is said

    def draft(self, viewer: Viewer, told: WarningDraft) -> Draft:
        """Return the draft of a warning; raise `Malformed("bad-form")` for what follows no warning of ours."""
        if told.previous is None:
            return draft_of(told, self._me, ())
        said, seen = self.find(viewer, told.previous)
        now = self._sayings.now()
        known = self._rows.stands(said, seen, self._sayings.about(said.id, viewer, now), now)
        if said.member != self._me or not isinstance(said.form, Alert):
            raise Malformed("bad-form", f"previous: {seen[1].ref} is not a warning of this member's officers")
        if self._sayings.drills(seen[0]) is not (DRILL in told.caveats):
            raise Malformed("bad-form", f"caveats: {DRILL}, if {seen[1].ref} has it: a drill ends nothing that is so")
        if known.followed_by is not None:
            by = self._sayings.ref(known.followed_by, viewer, now)
            raise Malformed("bad-form", f"previous: {seen[1].ref} has been followed already, by {by}: name that one")
        self._check_as_wide(told, seen)
        return draft_of(told, self._me, tuple(self._threads.audience(seen[0])))

    def _check_as_wide(self, told: WarningDraft, seen: Seen) -> None:
        """Raise `Malformed("bad-form")` for what ends a warning and would not reach all whom that reached."""
        marking = self._threads.marking(seen[0])
        was_public = marking.tlp == "CLEAR" and marking.onward_word == "TLP_RULE"
        if TLP_ORDER.index(told.tlp) > TLP_ORDER.index(marking.tlp) or (was_public and not told.public):
            raise Malformed("bad-form", f"tlp: {seen[1].ref} is {marking.tlp}: who had it must learn of its end")

    def check(self, viewer: Viewer, ref: str, told: CheckDraft) -> bytes:
        """Return the bytes by which a second officer confirms what waits, or reviews what went without her.

        Raise `Untrusted("same-officer")` for its author, `Malformed("bad-form")` where there is nothing to check.
        """
        now = self._sayings.now()
        waiting = next((one for one in self._rows.waiting(viewer) if ref.upper() == one.ref or ref == one.id), None)
        if waiting is not None:
            if told.word != "CONFIRMED":
                raise Malformed("bad-form", "word: what is wrong is not confirmed; tell its author beside it")
            alert = self._second.waiting(waiting.row.id, now)
            return self._second.check(alert, Check(alert=alert.id, text=told.text), viewer, now)
        said, seen = self.find(viewer, ref)
        known = self._rows.stands(said, seen, self._sayings.about(said.id, viewer, now), now)
        if said.member != self._me or not known.owes_review():
            raise Malformed("bad-form", f"{seen[1].ref} waits for no second officer")
        check_second(seen[0].statement, structs.replace(seen[0].statement, officer=viewer.name))
        words = Check(alert=said.id, word=told.word, text=told.text)
        return self._second.check(seen[0], words, viewer, now)

    def acknowledge(self, viewer: Viewer, ref: str, told: AckDraft) -> Draft:
        """Return the draft with which a desk of ours acknowledges; raise `Malformed("not-addressed")`.

        Raise `Untrusted("not-of-desk")` for an officer of another desk: this one has not got it before it yet.
        """
        said, seen = self.find(viewer, ref)
        if Desk(self._me, told.desk) not in said.form.desks:
            raise Malformed("not-addressed", f"{seen[1].ref} is not addressed to {told.desk or 'the watch'} here")
        if not self._rows.answers(viewer, told.desk):
            raise Untrusted("not-of-desk", f"{role_of(told.desk)} is the role of those who acknowledge for that desk")
        words = Speech(
            kind=KIND_OF[Ack],
            form={"alert": said.id, "desk": told.desk, "text": told.text},
            precedence="IMMEDIATE",
            once=told.once,
        )
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    # -- steps

    def _whole(self, said: AnyWarning, seen: Seen, viewer: Viewer, now: Micros) -> tuple[WarningView, tuple[Seen, ...]]:
        """Return a warning whole, and the items whose words it shows."""
        about = self._sayings.about(said.id, viewer, now)
        known = self._rows.stands(said, seen, about, now)
        row = self._rows.row(said, seen, viewer, now)
        form = said.form
        words = [one.item for one in known.acks] + ([] if known.checked is None else [known.checked.id])
        view = WarningView(
            row=row,
            acks=tuple(ack_of(one, about.seen[one.item][1].ref) for one in known.acks),
            check_text="" if known.checked is None else known.checked.form.text,
            previous=None if form.previous is None else self._sayings.ref(ItemId(form.previous), viewer, now),
            followed_by=None if known.followed_by is None else self._sayings.ref(known.followed_by, viewer, now),
            to=told_of(self._threads.marking(seen[0]), said.member, self._holdings.registry.state.members),
            public=self._threads.marking(seen[0]).onward_word == "TLP_RULE" and row.tlp == "CLEAR",
            may=tuple(self._may(said, row, known, viewer)),
            second=self._rows.seconds(seen[0], said) if said.member == self._me and known.owes_review() else None,
        )
        return view, (seen, *(about.seen[one] for one in words))

    def _may(
        self, said: AnyWarning, row: WarningRow, known: Stands, viewer: Viewer
    ) -> Iterator[Literal["acknowledge", "review", "follow"]]:
        ours = said.member == self._me
        if any(one.may for one in row.asked):
            yield "acknowledge"
        if ours and known.owes_review() and viewer.name != said.officer:
            yield "review"
        if ours and isinstance(said.form, Alert) and said.form.word != "CANCEL" and known.followed_by is None:
            yield "follow"
