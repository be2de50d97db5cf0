"""Humanitarian notifications as one viewer sees them, and drafts of what is said about them."""

from typing import Final

from msgspec import structs, to_builtins

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.notification import CAVEATS, Known, Notified, standing
from quartet.node.desk.notificationviews import KnownDraft, KnowsView, NotificationDraft, NotificationView
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.desk.warningforms import area_of, time_of, view_of
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
        """Return the notifications that a person sees, what asks her member first: each RED item in it is a view.

        Raise `Untrusted("not-trained")` for who sees none because she is not trained for what each of them bears.
        """
        found: list[tuple[NotificationView, tuple[Seen, ...]]] = []
        async for some in self._sayings.slices(Notified, viewer):
            now = self._sayings.now()
            room = MOST - len(found)
            found += [self._view(said, seen, viewer, now) for said, seen in some[:room]]
            if len(found) == MOST:
                break
        if not found:
            check_trained(viewer)
        await self._sayings.viewed((seen for _, items in found for seen in items), viewer)
        return tuple(
            sorted((one for one, _ in found), key=lambda one: (not one.asks_me, one.over, -one.at.timestamp()))
        )

    def draft(self, viewer: Viewer, told: NotificationDraft) -> Draft:
        """Return the draft of a notification; raise `Malformed("bad-form")` for a place of one that is not ours.

        So it is for a place that another took already: of two that stand nobody would know which holds.

        The one whose place it takes is corrected by it: also a party that it names no more is told that it stands no
        more. Raise `Untrusted("not-trained")` for who could not read what she would send.
        """
        check_trained(viewer)
        form = Notified(
            sort=told.sort,
            what=told.what,
            areas=tuple(area_of(one) for one in told.areas),
            begins=time_of("begins", told.begins),
            ends=time_of("ends", told.ends),
            contact=told.contact,
            parties=told.parties,
        )
        if told.previous is not None:
            self._check_last(viewer, told.previous, form)
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
            corrects=told.previous,
            form=to_builtins(form) | {"previous": told.previous},
        )

    def _check_last(self, viewer: Viewer, previous: str, form: Notified) -> None:
        """Raise `Malformed("bad-form")` unless a notification is ours and the last; the same said again is let through:
        it may be the second try of who does not know that the first was heard."""
        now = self._sayings.now()
        said, seen = self._sayings.find(previous, Notified, viewer, now)
        if said.member != self._me:
            raise Malformed("bad-form", f"previous: {seen[1].ref} is another member's")
        about = self._sayings.about(said.id, viewer, now)
        after = standing(said, about.said(Notified), ()).followed_by
        if after is None:
            return
        newer = next(one for one in about.said(Notified) if one.id == after)
        if newer.form != structs.replace(form, previous=said.id):
            newest = self._sayings.ref(after, viewer, now)
            raise Malformed("bad-form", f"previous: {seen[1].ref} was replaced already, by {newest}: replace that one")

    def acknowledge(self, viewer: Viewer, ref: str, told: KnownDraft) -> Draft:
        """Return the draft with which our member says that it knows; raise `Malformed("not-addressed")`.

        Raise `Untrusted("not-trained")` for who is not shown any.
        """
        check_trained(viewer)
        said, seen = self._sayings.find(ref, Notified, viewer, self._sayings.now())
        if self._me not in said.form.parties:
            raise Malformed("not-addressed", f"{seen[1].ref} does not name {self._me}")
        form = {"notification": said.id, "text": told.text}
        words = Speech(kind=KIND_OF[Known], form=form, once=told.once)
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    def _view(
        self, said: Said[Notified], seen: Seen, viewer: Viewer, now: Micros
    ) -> tuple[NotificationView, tuple[Seen, ...]]:
        """Return a notification as it stands, and the items whose words it shows."""
        form, (verified, row) = said.form, seen
        about = self._sayings.about(said.id, viewer, now)
        known = standing(said, about.said(Notified), about.said(Known))
        replaced = known.followed_by is not None or bool(self._sayings.replaced_by(verified))
        ended = replaced or now >= form.ends
        view = NotificationView(
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
            dropped=replaced and known.followed_by is None,
            asks_me=self._me in known.missing and not ended,
        )
        return view, (seen, *(about.seen[one.item] for one in known.knows))


def check_trained(viewer: Viewer) -> None:
    """Raise `Untrusted("not-trained")` for an officer who is not trained for what every notification bears."""
    missing = [caveat for caveat in CAVEATS if caveat not in viewer.trained]
    if missing:
        roles = ", ".join(f"trained:{caveat}" for caveat in missing)
        raise Untrusted("not-trained", f"{viewer.name} reads and writes no notification: your root gives you {roles}")
