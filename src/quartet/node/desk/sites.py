"""Sites as one viewer may see them, and the drafts of what is said of them and of what nears them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import structs, to_builtins

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.geojson import volumes_of
from quartet.desk.protection import holds, is_active, lifted, runs
from quartet.desk.site import Call, Exemption, Lifted, Notice, Site, SiteSeen, Warned, called
from quartet.node.desk.sayings import About, Sayings, Seen
from quartet.node.desk.sitebook import SiteBook
from quartet.node.desk.sitelog import SiteLog
from quartet.node.desk.siteorder import known_now, urgent_first
from quartet.node.desk.siteshow import exemption_view, near_view, notice_view, volume_view
from quartet.node.desk.siteviews import (
    CallDraft,
    Closing,
    EpisodeView,
    ExemptionDraft,
    Lifting,
    NearView,
    NoticeDraft,
    Seeing,
    SiteDraft,
    SiteRecord,
    SitesView,
    SiteView,
)
from quartet.node.desk.sitewatch import SiteWatch
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.drafting import text_of
from quartet.node.parts import Parts
from quartet.node.seeing import unknown
from quartet.node.statusviews import Alarm
from quartet.node.views import Draft, micros, moment
from quartet.picture.proximity import Pair

LAST: Final = 2**53
"""The first time that an item cannot say."""


class SiteRoom:
    """Answers what is protected and what is near, and drafts what is said."""

    def __init__(self, parts: Parts, sayings: Sayings, book: SiteBook, watch: SiteWatch, log: SiteLog) -> None:
        self._me = parts.me
        self._sayings = sayings
        self._book = book
        self._watch = watch
        self.log = log

    async def view(self, viewer: Viewer, *, opened: bool = True) -> SitesView:
        """Return the sites that a viewer may see, what is near them, and the warnings that are not done with.

        Each RED site of another member is a view, and each RED word about one. What a page asks by itself, `opened` by
        nobody, is none: what she would sign for is left out.
        """
        sites = [one async for one in self._sites(viewer)]
        now = self._sayings.now()
        told = {said.id: self._told(said, viewer, now) for said, _ in sites}
        rests = {said.id: (seen, *_words(told[said.id])) for said, seen in sites}
        if opened:
            await self._sayings.viewed((seen for items in rests.values() for seen in items), viewer)
        else:
            sites = [one for one in sites if not self._unviewed(rests[one[0].id], viewer, now)]
        shown = {said.id: (said, seen) for said, seen in sites}
        roots = {one.root: shown[one.item.id] for one in self._book.sites() if one.item.id in shown}
        near = {
            one.pair: near_view(one, roots[ItemId(one.pair[0])], now, drill=drill)
            for one, drill in self._watch.near(viewer)
            if one.pair[0] in roots
        }
        return SitesView(
            at=moment(now),
            sites=tuple(self._site(said, seen, told[said.id], now) for said, seen in sites),
            near=tuple(near.values()),
            warnings=self._warnings(viewer, near, now),
        )

    def _warnings(self, viewer: Viewer, near: Mapping[Pair, NearView], now: Micros) -> tuple[EpisodeView, ...]:
        """Return the warnings that are not done with, each with what is near now: by its site, whichever version."""
        root = {version: site.root for site in self._book.sites() for version in site.versions}

        def pair(one: Warned) -> Pair:
            return root.get(ItemId(one.site), ItemId(one.site)), one.volume, one.mover

        found = self.log.standing(viewer)
        return urgent_first(known_now(view, near.get(pair(said.form)), moment(now)) for said, view in found)

    def _unviewed(self, items: Iterable[Seen], viewer: Viewer, now: Micros) -> bool:
        return any(self._sayings.unviewed(seen, viewer, now) for seen in items)

    async def record(self, viewer: Viewer, ref: str) -> SiteRecord:
        """Return what goes with a site of ours that is recalled; raise `Unavailable("unknown-item")` for all else."""
        said, (item, _) = self._sayings.find(ref, Site, viewer, self._sayings.now())
        if said.member != self._me:
            raise unknown()
        return await self.log.bearing(item.controls[0].id, viewer)

    def alarms(self, viewer: Viewer) -> tuple[Alarm, ...]:
        """Return an alarm for each warning that a viewer may see and nobody acknowledged, and for what none can say."""
        return (*self.log.alarms(viewer), *self._watch.alarms(viewer))

    # -- what is said

    def register(self, draft: SiteDraft) -> Draft:
        """Return the draft of a site; raise `Malformed` as `volumes_of`, and for a label that is too wide later."""
        form = Site(
            name=draft.name,
            sort=draft.sort,
            custodian=draft.custodian,
            phones=draft.phones,
            volumes=volumes_of(draft.geojson.encode()),
        )
        return Draft(
            kind=KIND_OF[Site],
            tlp=draft.tlp,
            title=draft.name,
            text=draft.text,
            to=draft.to,
            persons=draft.persons,
            onward="NEVER",
            mode="DISPLAY",
            corrects=draft.corrects,
            once=draft.once,
            form=to_builtins(form),
        )

    def notice(self, viewer: Viewer, ref: str, draft: NoticeDraft) -> Draft:
        """Return the draft of a notice that a volume is active; raise `Malformed("no-volume")` or `("site-closed")`."""
        now = self._sayings.now()
        said, seen = self._open(ref, viewer, now, draft.volume)
        begins = now if draft.begins is None else _time(draft.begins)
        form = Notice(site=said.id, volume=draft.volume, begins=begins, ends=_time(draft.ends))
        return self._beside(seen, form, once=draft.once)

    def exemption(self, viewer: Viewer, ref: str, draft: ExemptionDraft) -> Draft:
        """Return the draft of an exemption of one flight and one volume; raise as `notice` does."""
        said, seen = self._open(ref, viewer, self._sayings.now(), draft.volume)
        form = Exemption(
            site=said.id,
            volume=draft.volume,
            flight=called(draft.flight),
            reason=draft.reason,
            person=draft.person,
            ends=_time(draft.ends),
        )
        return self._beside(seen, form, text=draft.reason, once=draft.once)

    def lift(self, viewer: Viewer, ref: str, lifting: Lifting) -> Draft:
        """Return the draft that ends a notice or an exemption now; raise `Malformed("not-lifted")` for all else."""
        now = self._sayings.now()
        said, seen = self._own(ref, viewer, now)
        found = self._sayings.about(said.id, viewer, now).plus(self._older(said.id, viewer, now))
        ends = {one.id for form in (Notice, Exemption) for one in found.said(form) if one.member == self._me}
        of = next((item for item in ends if lifting.of in (item, found.seen[item][1].ref)), None)
        if of is None:
            raise Malformed("not-lifted", f"{lifting.of} is no notice and no exemption of {seen[1].ref}")
        return self._beside(seen, Lifted(site=said.id, of=of), once=lifting.once)

    def close(self, viewer: Viewer, ref: str, told: Closing) -> Draft:
        """Return the draft after which a site is looked after no more and its record stays.

        Raise `Malformed("site-closed")` for one that is closed already.
        """
        said, seen = self._open(ref, viewer, self._sayings.now())
        return self._beside(seen, Lifted(site=said.id, of=said.id), once=told.once)

    def seen(self, viewer: Viewer, ref: str, told: Seeing) -> Draft:
        """Return the draft of an officer's acknowledgement of a warning, up to its newest step."""
        episode, about = self.log.warned(viewer, ref)
        newest = episode.newest.id
        return self._beside(about.seen[newest], SiteSeen(warning=newest), once=told.once)

    def call(self, viewer: Viewer, ref: str, draft: CallDraft) -> Draft:
        """Return the draft of a call that was made about a warning."""
        episode, about = self.log.warned(viewer, ref)
        form = Call(
            warning=episode.first,
            called=draft.called,
            at=self._sayings.now() if draft.at is None else _time(draft.at),
            outcome=draft.outcome,
            phone=draft.phone,
        )
        return self._beside(about.seen[episode.first], form, text=draft.text, once=draft.once)

    # -- in parts

    def _beside(self, seen: Seen, form: Value, *, text: str = "", once: str | None = None) -> Draft:
        """Return the draft of a word about a site or a warning: marked as that, and for no other member."""
        fields: dict[str, Any] = to_builtins(form)
        words = Speech(kind=KIND_OF[type(form)], form=fields, text=text, to=(), once=once)
        draft = beside(seen[0], self._sayings.marking(seen[0]), [], words)
        return structs.replace(draft, contains=(seen[0].id,))

    def _own(self, ref: str, viewer: Viewer, now: Micros, volume: str | None = None) -> tuple[Said[Site], Seen]:
        try:
            said, seen = self._sayings.find(ref, Site, viewer, now)
        except Unavailable as fault:
            kind = self._sayings.kind(ref, viewer, now)
            raise Malformed("not-a-site", f"{ref[:64]} is a {kind} and no site") from fault
        if said.member != self._me:
            raise Malformed("not-owner", f"{seen[1].ref} is {said.member}'s: its owner alone says how it is protected")
        if volume is not None and volume not in {one.name for one in said.form.volumes}:
            known = ", ".join(one.name for one in said.form.volumes)
            raise Malformed("no-volume", f"{seen[1].ref} has no volume {volume!r}; it has {known}")
        return said, seen

    def _open(self, ref: str, viewer: Viewer, now: Micros, volume: str | None = None) -> tuple[Said[Site], Seen]:
        """Return as `_own` a site that is looked after: what is said of one that is closed does nothing."""
        said, seen = self._own(ref, viewer, now, volume)
        if any(one.closed for one in self._book.sites() if said.id in one.versions):
            raise Malformed("site-closed", f"{seen[1].ref} is closed: register it anew with --corrects {seen[1].ref}")
        return said, seen

    async def _sites(self, viewer: Viewer) -> AsyncIterator[tuple[Said[Site], Seen]]:
        """Yield the sites that a viewer sees: of her own member's the newest versions alone."""
        newest = {site.item.id for site in self._book.sites()}
        async for found in self._sayings.slices(Site, viewer):
            for said, seen in found:
                if said.member != self._me or said.id in newest:
                    yield said, seen

    def _told(self, said: Said[Site], viewer: Viewer, now: Micros) -> "_Told":
        """Return what is said of a site by its owner, as far as a viewer sees it; of ours what counts, and no more."""
        about = self._sayings.about(said.id, viewer, now).plus(self._older(said.id, viewer, now))
        ours = next((site for site in self._book.sites() if site.item.id == said.id), None)
        notices = [one for one in about.said(Notice) if one.member == said.member]
        exemptions = [one for one in about.said(Exemption) if one.member == said.member]
        if ours is None:
            ended = lifted(one for one in about.said(Lifted) if one.member == said.member)
            return _Told(notices, exemptions, ended, about)
        known = {one.id for one in (*ours.notices, *ours.exemptions)}
        exempt = [one for one in exemptions if one.id in known]
        return _Told([one for one in notices if one.id in known], exempt, ours.ended, about)

    def _older(self, item: ItemId, viewer: Viewer, now: Micros) -> list[About]:
        """Return what was said about the versions of a site before this one, as far as a viewer sees it."""
        versions = next((site.versions for site in self._book.sites() if site.item.id == item), ())
        return [self._sayings.about(one, viewer, now) for one in versions if one != item]

    def _site(self, said: Said[Site], seen: Seen, told: "_Told", now: Micros) -> SiteView:
        form, about, ended, closed = said.form, told.about, told.ended, said.id in told.ended
        return SiteView(
            id=said.id,
            ref=seen[1].ref,
            member=said.member,
            officer=said.officer,
            tlp=seen[1].tlp,
            at=moment(said.at),
            name=form.name,
            sort=form.sort,
            custodian=form.custodian,
            phones=form.phones,
            text=text_of(seen[0].statement),
            volumes=tuple(
                volume_view(one, active=not closed and is_active(one, told.notices, ended, now)) for one in form.volumes
            ),
            notices=tuple(
                notice_view(one, about.seen[one.id][1].ref, runs=runs(one, ended, now))
                for one in told.notices
                if not closed and one.id not in ended and one.form.ends > now
            ),
            exemptions=tuple(
                exemption_view(one, about.seen[one.id][1].ref)
                for one in told.exemptions
                if not closed and holds(one, ended, now)
            ),
            own=said.member == self._me,
            closed=closed,
        )


class _Told(NamedTuple):
    """What was said of a site, which notices and exemptions were ended, and the items themselves."""

    notices: list[Said[Notice]]
    exemptions: list[Said[Exemption]]
    ended: frozenset[ItemId]
    about: About


def _words(told: _Told) -> tuple[Seen, ...]:
    """Return what was said of a site as it came."""
    return tuple(told.about.seen[word.id] for word in (*told.notices, *told.exemptions))


def _time(at: datetime) -> Micros:
    """Return a time as an item says it; raise `Malformed("bad-form")` for one that none can say."""
    found = micros(at)
    if not 0 <= found < LAST:
        raise Malformed("bad-form", "ends: a time before 1970 or after 2255")
    return found
