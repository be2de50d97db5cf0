"""Humanitarian notifications as one viewer sees them, and drafts of what is said about them."""

from typing import Final

from msgspec import to_builtins

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.notification import CAVEATS, Known, Notified, standing
from quartet.node.desk.notificationviews import KnownDraft, KnowsView, NotificationDraft, NotificationView
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.speaking import Speech, beside
from quartet.node.desk.warningdrafts import area_of, time_of, view_of
from quartet.node.drafting import text_of
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import Draft, moment

MOST: Final = 500
"""Notifications that are listed, the newest."""


class Notifications:
    """Lists notifications, and drafts them and their acknowledgements."""

    def __init__(self, parts: Parts, sayings: Sayings, threads: Threads) -> None:
        self._me = parts.me
        self._sayings = sayings
        self._threads = threads

    async def list(self, viewer: Viewer) -> tuple[NotificationView, ...]:
        """Return the notifications that a person sees, what asks her member first: each RED one is a view."""
        found: list[tuple[NotificationView, Seen]] = []
        async for some in self._sayings.slices(Notified, viewer):
            now = self._sayings.now()
            room = MOST - len(found)
            found += [(self._view(said, seen, viewer, now), seen) for said, seen in some[:room]]
            if len(found) == MOST:
                break
        await self._sayings.viewed((seen for _, seen in found), viewer)
        return tuple(
            sorted((one for one, _ in found), key=lambda one: (not one.asks_me, one.over, -one.at.timestamp()))
        )

    def draft(self, viewer: Viewer, told: NotificationDraft) -> Draft:
        """Return the draft of a notification; raise `Malformed("bad-form")` for a place of one that is not ours."""
        if told.previous is not None:
            said, seen = self._sayings.find(told.previous, Notified, viewer, self._sayings.now())
            if said.member != self._me:
                raise Malformed("bad-form", f"previous: {seen[1].ref} is another member's")
        form = Notified(
            sort=told.sort,
            what=told.what,
            areas=tuple(area_of(one) for one in told.areas),
            begins=time_of("begins", told.begins),
            ends=time_of("ends", told.ends),
            contact=told.contact,
            parties=told.parties,
        )
        return Draft(
            kind=KIND_OF[Notified],
            tlp=told.tlp,
            title=told.what,
            text=told.text,
            to=tuple(party for party in told.parties if party != self._me),
            caveats=CAVEATS,
            onward="NEVER",
            precedence="PRIORITY",
            once=told.once,
            form=to_builtins(form) | {"previous": told.previous},
        )

    def acknowledge(self, viewer: Viewer, ref: str, told: KnownDraft) -> Draft:
        """Return the draft with which our member says that it knows; raise `Malformed("not-addressed")`."""
        said, seen = self._sayings.find(ref, Notified, viewer, self._sayings.now())
        if self._me not in said.form.parties:
            raise Malformed("not-addressed", f"{seen[1].ref} does not name {self._me}")
        form = {"notification": said.id, "text": told.text}
        words = Speech(kind=KIND_OF[Known], form=form, once=told.once)
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    def _view(self, said: Said[Notified], seen: Seen, viewer: Viewer, now: Micros) -> NotificationView:
        form, (verified, row) = said.form, seen
        about = self._sayings.about(said.id, viewer, now)
        known = standing(said, about.said(Notified), about.said(Known))
        ended = known.followed_by is not None or now >= form.ends
        return NotificationView(
            id=said.id,
            ref=row.ref,
            author=said.member,
            officer=said.officer,
            tlp=row.tlp,
            at=moment(said.at),
            sort=form.sort,
            what=form.what,
            areas=tuple(view_of(one) for one in form.areas),
            begins=moment(form.begins),
            ends=moment(form.ends),
            contact=form.contact,
            text=text_of(verified.statement),
            knows=tuple(
                KnowsView(one.member, one.officer, moment(one.at), about.seen[one.item][1].ref, one.text)
                for one in known.knows
            ),
            missing=known.missing,
            over=ended,
            short_notice=known.short_notice,
            followed_by=None if known.followed_by is None else self._sayings.ref(known.followed_by, viewer, now),
            asks_me=self._me in known.missing and not ended,
        )
