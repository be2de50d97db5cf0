"""What became of each warning, for one viewer; and in memory which are not done with, so that nobody searches for them.

A warning is done with when it is over: nobody can act on it any more. What was done about it, and what was not, stays.
"""

from datetime import datetime
from typing import Final

from msgspec import json, structs

from quartet.core.encoding import encode
from quartet.core.facts import controls_named, fact_of
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ControlId, ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said, form_of
from quartet.desk.protection import Episode, episode_of
from quartet.desk.site import Call, Site, SiteSeen, Warned
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.desk.siteshow import episode_view
from quartet.node.desk.siteviews import EpisodePage, EpisodeView, SiteRecord
from quartet.node.holdings import Holdings
from quartet.node.inforce import called
from quartet.node.parts import Parts
from quartet.node.publishing import NODE_OFFICER
from quartet.node.sitewords import counts
from quartet.node.statusviews import Alarm
from quartet.node.views import moment

LOOK_BACK: Final = 500
"""Of how many warnings, the newest, a node that starts learns besides whether they are done with."""
SHOWN: Final = 500
"""Of how many that are not done with, the newest, all is shown; of older ones how many there are."""
OPEN: Final = "site-warnings-open"
"""Under which name it is kept which are not done with."""
ALARM: Final = "site-warning"
READ_AGAIN: Final = 10 * SECOND
UNDONE: Final = frozenset({"recall", "cancel-recall", "narrow", "widen"})
"""Facts after which a warning, or a word about one, may count no more, or again."""


class SiteLog:
    """Follows warnings, acknowledgements and calls."""

    def __init__(self, parts: Parts, holdings: Holdings, sayings: Sayings) -> None:
        self._me = parts.me
        self._store = parts.store
        self._reader = parts.store.reader
        self._holdings = holdings
        self._sayings = sayings
        self._left: dict[ItemId, Micros] | None = None
        self._kept: str | None = None
        self._heard: set[ItemId] = set()
        self._undone: set[ControlId] = set()
        self._late: object = None
        self._read_at = Micros(0)
        holdings.on_news.append(self._news)

    # -- for one viewer

    async def page(self, viewer: Viewer, after: str, limit: int) -> EpisodePage:
        """Return warnings that a viewer may see, the newest first, each with what was done about it."""

        def told(said: Said[Warned], _: Seen, now: Micros) -> EpisodeView | None:
            return self._view(said, viewer, now) if said.form.first is None else None

        rows, more = await self._sayings.page(Asked(after, limit), Warned, viewer, told, lambda one: one is not None)
        return EpisodePage(items=tuple(one for one in rows if one is not None), next=more)

    def left(self, viewer: Viewer) -> tuple[EpisodeView, ...]:
        """Return the warnings that a viewer may see and that are not done with, the newest first."""
        return tuple(one for _, one in self.standing(viewer))

    def standing(self, viewer: Viewer) -> tuple[tuple[Said[Warned], EpisodeView], ...]:
        """Return the same, each with its first warning: it names the version of the site that was held then."""
        now = self._sayings.now()
        found = self._sayings.among(self._newest()[:SHOWN], Warned, viewer, now)
        views = [(said, one) for said, _ in found if (one := self._view(said, viewer, now)) is not None]
        views.sort(key=lambda pair: pair[1].warnings[0].at, reverse=True)
        told = [one for _, one in views]
        return tuple((said, structs.replace(one, unshown=_shown_none(one, told))) for said, one in views)

    def alarms(self, viewer: Viewer) -> tuple[Alarm, ...]:
        """Return an alarm for each warning that a viewer may see and that nobody has acknowledged.

        Of those that are older than what is shown there is one, which tells how many she may see.
        """
        now = self._sayings.now()
        older = self._sayings.among(self._newest()[SHOWN:], Warned, viewer, now)
        text = f"{len(older)} older ones are not done with: list them"
        beyond = (Alarm(at=moment(now), reason=ALARM, detail=text, member=self._me),) if older else ()
        newest = tuple(
            Alarm(
                at=one.warnings[-1].at,
                reason=ALARM,
                detail=_said(one),
                member=self._me,
            )
            for one in self.left(viewer)
            if one.waits
        )
        return newest + beyond

    def open(self) -> tuple[ItemId, ...]:
        """Return the first warnings of those that are not done with, whoever may see them."""
        return tuple(self._not_done())

    async def look(self, _: Micros) -> None:
        """Keep which warnings are not done with, so that a node that starts again knows the oldest of them too."""
        found = encode(sorted(self._not_done())).decode()
        if found != self._kept:
            await self._store.write(lambda tx: tx.set_meta(OPEN, found))
            self._kept = found

    async def bearing(self, control: ControlId, viewer: Viewer) -> SiteRecord:
        """Return how many warnings and calls bear a control, as far as a viewer may see them: they go with it.

        A warning counts of which any step bears it: one that began under another version of a site loses those.
        """
        rows = self._reader.rows(self._reader.items_carrying([control])).values()
        own = [row for row in rows if row.author == self._me and row.state != "PURGED"]
        warned = await self._sayings.many([row.id for row in own if row.kind == KIND_OF[Warned]], Warned, viewer)
        calls = await self._sayings.many([row.id for row in own if row.kind == KIND_OF[Call]], Call, viewer)
        firsts = sorted({ItemId(one.form.first or one.id) for one, _ in warned if one.officer == NODE_OFFICER})
        begun = {one.id for one, _ in await self._sayings.many(firsts, Warned, viewer) if self._begins(one)}
        return SiteRecord(warnings=len(begun), open=len(begun & set(self.open())), calls=len(calls))

    async def since(self, viewer: Viewer, since: datetime | None) -> tuple[EpisodeView, ...]:
        """Return the newest warnings that a viewer may see, those after a time if one is given."""
        page = await self.page(viewer, "", 50)
        return tuple(one for one in page.items if since is None or one.warnings[-1].at >= since)

    def warned(self, viewer: Viewer, ref: str) -> tuple[Episode, About]:
        """Return what became of a warning that a viewer names by any of its steps.

        Raise `Unavailable("unknown-item")`, and `Malformed("not-warned")` for what no node warned of, or another item.
        """
        now = self._sayings.now()
        try:
            said, seen = self._sayings.find(ref, Warned, viewer, now)
        except Unavailable as fault:
            kind = self._sayings.kind(ref, viewer, now)
            raise Malformed("not-warned", f"{ref[:64]} is a {kind} and no warning of a site") from fault
        if said.form.first is not None:
            said, seen = self._sayings.find(said.form.first, Warned, viewer, now)
        found = self._folded(said, self._sayings.about(said.id, viewer, now), viewer, now)
        if found is None:
            raise Malformed("not-warned", f"{seen[1].ref} is not what this member's node warned of")
        return found

    def _view(self, said: Said[Warned], viewer: Viewer, now: Micros) -> EpisodeView | None:
        found = self._folded(said, self._sayings.about(said.id, viewer, now), viewer, now)
        sites = self._sayings.among([ItemId(said.form.site)], Site, viewer, now)
        if found is None or not sites:
            return None
        episode, about = found
        drill = any(self._sayings.drills(about.seen[step.id][0]) for step in episode.warnings)
        view = episode_view(episode, about, sites[0], now, drill=drill)
        shut_out = () if episode.over else self._sayings.shut_out(sites[0][0].id, episode.newest.id)
        return structs.replace(view, unshown=shut_out)

    def _folded(self, said: Said[Warned], about: About, viewer: Viewer, now: Micros) -> tuple[Episode, About] | None:
        steps = [one for one in about.said(Warned) if one.form.first == said.id]
        more = (self._sayings.about(one.id, viewer, now) for one in steps)
        itself = About(self._sayings, (seen for _, seen in self._sayings.among([said.id], Warned, viewer, now)))
        both = about.plus([*more, itself])
        episode = self._fold(said, both)
        return None if episode is None else (episode, both)

    def _fold(self, said: Said[Warned], about: About) -> Episode | None:
        """Return what became of a warning of this member's node; None for anybody else's word."""
        if not self._own(said):
            return None
        steps = (one for one in about.said(Warned) if one.form.first == said.id and one.officer == NODE_OFFICER)
        own = [one for one in steps if one.member == self._me]
        seen = [one for one in about.said(SiteSeen) if self._counts(one, about)]
        calls = [one for one in about.said(Call) if self._counts(one, about)]
        return episode_of([said, *own], seen, calls)

    def _own(self, said: Said[Warned]) -> bool:
        return (said.member, said.officer) == (self._me, NODE_OFFICER)

    def _begins(self, said: Said[Warned]) -> bool:
        return said.form.first is None and self._own(said)

    def _counts(self, word: Said[SiteSeen] | Said[Call], about: About) -> bool:
        """Return whether a word about a warning is ours, and everybody has it who sees the warning."""
        warning = self._holdings.verified(ItemId(word.form.warning)) if word.member == self._me else None
        return warning is not None and counts(about.seen[word.id][0], warning, self._holdings, self._sayings.now())

    # -- what is not done with

    def _newest(self) -> list[ItemId]:
        left = self._not_done()
        return sorted(left, key=lambda item: (left[item], item), reverse=True)

    def _not_done(self) -> dict[ItemId, Micros]:
        """Return the first warnings of those that are not done with, for what this node holds; each with its time."""
        late, now = self._holdings.facts.late, self._sayings.now()
        turned = late is not self._late and not 0 <= now - self._read_at < READ_AGAIN
        if self._left is None or turned:  # a cancellation that came too late undoes nothing
            self._late, self._read_at = late, now
            rows = self._reader.items(0, LOOK_BACK, self._me, KIND_OF[Warned], newest=True)
            said = self._sayings.held_among([row.id for row in rows], Warned)
            self._kept = self._reader.meta(OPEN)
            before = () if self._kept is None else json.decode(self._kept, type=tuple[ItemId, ...])
            self._left = {}
            self._heard = {ItemId(one.form.first or one.id) for one in said} | set(before)
        for verified in self._carrying():
            self._note(verified)
        stand = self._sayings.held_among(sorted(self._heard), Warned)
        for item in self._heard - {one.id for one in stand}:
            self._left.pop(item, None)
        for one in stand:
            steps = self._sayings.held(one.id)
            later = (self._sayings.held(step.id) for step in steps.said(Warned) if step.form.first == one.id)
            if _done(self._fold(one, steps.plus(later))):
                self._left.pop(one.id, None)
            else:
                self._left[one.id] = one.at
        self._heard = set()
        return self._left

    def _news(self, verified: Verified) -> None:
        """Note that a warning is to be looked at again."""
        if verified.statement.kind in UNDONE:
            self._undone.update(controls_named(fact_of(verified).body))
        elif verified.statement.member == self._me:
            self._note(verified)

    def _note(self, verified: Verified) -> None:
        said = verified.statement
        warned, word = form_of(said, Warned), form_of(said, SiteSeen) or form_of(said, Call)
        if warned is not None:
            self._heard.add(ItemId(warned.first or verified.id))
        elif word is not None:
            kept = self._sayings.kept_among([ItemId(word.warning)], Warned)
            self._heard |= {ItemId(one.form.first or one.id) for one, _ in kept}

    def _carrying(self) -> list[Verified]:
        """Return what of ours carries a control by which something was taken back, or cancelled, or marked anew."""
        items = self._reader.items_carrying(self._undone) if self._undone else []
        rows, self._undone = self._reader.rows(items).values(), set()
        kinds = {KIND_OF[form] for form in (Warned, SiteSeen, Call)}
        own = (row.id for row in rows if row.author == self._me and row.kind in kinds and row.state != "PURGED")
        return [verified for item in own if (verified := self._holdings.verified(item)) is not None]


def _done(episode: Episode | None) -> bool:
    return episode is None or episode.over


def _said(one: EpisodeView) -> str:
    """Return what an alarm says of a warning, and which desks must be told of it by word of mouth, if they may be."""
    blind = f"; not shown to {', '.join(one.unshown)}" if one.unshown else ""
    name = called(one.ref, exercise=one.exercise)
    return f"{name}: {one.level.lower()}, {one.mover} at {one.name}{blind}"


def _shown_none(one: EpisodeView, told: list[EpisodeView]) -> tuple[OfficerName, ...]:
    """Return who is shown none of the warnings of one mover near one volume: each class of officers has its own."""
    same = [other.unshown for other in told if _pair(other) == _pair(one)]
    return tuple(name for name in one.unshown if all(name in unshown for unshown in same))


def _pair(one: EpisodeView) -> tuple[str, str, str]:
    return one.site, one.volume, one.mover
