"""How many sources an event has, over what a viewer sees: roots counted once, circular reports and denials shown."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

from quartet.core.encoding import Value, b64
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.corroboration import Matter, credibility, matters
from quartet.desk.report import EventRef, Independent, Report, SameAs
from quartet.desk.roots import CircleKey, circle_key, counts, root_of
from quartet.node.aliases import AliasBook
from quartet.node.desk.matterviews import EventView, MatterPage, Sources, ToldEvent
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.drafting import circles_of, title_of
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.views import Draft, Published

MAX_REPORTS: Final = 256
"""Reports that are linked, however far round; beyond it an officer is told that there are more."""
F = TypeVar("F", bound=Value)
Publish = Callable[[Draft, Viewer], Awaitable[Published]]


class Matters:
    """Answers how often something was known first."""

    def __init__(self, parts: Parts, registry: Registry, sayings: Sayings, aliases: AliasBook) -> None:
        self._parts = parts
        self._aliases = aliases
        self._registry = registry
        self._sayings = sayings

    async def of(self, viewer: Viewer, ref: str) -> MatterPage:
        """Return how each event of a report is corroborated; raise `Unavailable("unknown-item")`.

        What other reports say of it is shown: each RED one of another member is a view.
        """
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Report, viewer, now)
        reports, links, more = self._linked(said, seen, viewer, now)
        await self._sayings.viewed((held for _, held in reports.values()), viewer)
        reviews = [one async for one in self._every(Independent, viewer)]
        found = matters([one for one, _ in reports.values()], links, reviews)
        mine = [(matter, place) for matter in found for place in matter.events if place.report == said.id]
        events = (_event(place, matter, reports) for matter, place in sorted(mine, key=lambda one: one[1].number))
        return MatterPage(events=tuple(events), more=more)

    def _linked(
        self, said: Said[Report], seen: Seen, viewer: Viewer, now: Micros
    ) -> tuple[dict[ItemId, tuple[Said[Report], Seen]], list[Said[SameAs]], bool]:
        """Return the reports that are linked with one, however far round, and the links."""
        reports = {said.id: (said, seen)}
        links: dict[ItemId, Said[SameAs]] = {}
        left = [said.id]
        while left:
            fresh = {one.id: one for item in left for one in self._sayings.about(item, viewer, now).said(SameAs)}
            links |= fresh
            named = {place.report for one in fresh.values() for place in one.form.events} - reports.keys()
            found = {item: one for item in sorted(named) if (one := self._report(item, viewer, now)) is not None}
            if len(reports) + len(found) > MAX_REPORTS:
                return reports, list(links.values()), True
            reports |= found
            left = list(found)
        return reports, list(links.values()), False

    def _report(self, item: ItemId, viewer: Viewer, now: Micros) -> tuple[Said[Report], Seen] | None:
        try:
            return self._sayings.find(item, Report, viewer, now)
        except Unavailable:
            return None

    async def _every(self, form: type[F], viewer: Viewer) -> AsyncIterator[Said[F]]:
        async for found in self._sayings.slices(form, viewer):
            for said, _ in found:
                yield said

    # -- naming sources

    async def blinded(self, viewer: Viewer, sources: Sources, publish: Publish) -> tuple[str, ...]:
        """Return the blinded ids of sources, each by the member's own name for it where an officer said what it means.

        Make the circle's key where it has none that this officer sees.
        """
        circle = sources.circle
        members = circles_of(self._registry.state.terms).get(circle, ())
        if self._parts.me not in members:
            raise Malformed("unknown-circle", f"{circle!r} is no circle of {self._parts.me}")
        key = circle_key(circle, await self._keys(members, viewer))
        form = await self._made(viewer, circle, members, publish) if key is None else key.form
        return tuple(root_of(form, self._aliases.means(name) or name) for name in sources.names)

    async def _keys(self, members: tuple[MemberId, ...], viewer: Viewer) -> list[Said[CircleKey]]:
        """Return the keys that members of a circle made for members of it: any other names its sources to outsiders."""
        keys: list[Said[CircleKey]] = []
        async for found in self._sayings.slices(CircleKey, viewer):
            keys += [said for said, (verified, _) in found if counts(said.member, verified.statement.marking, members)]
        return keys

    async def _made(self, viewer: Viewer, circle: str, members: tuple[MemberId, ...], publish: Publish) -> CircleKey:
        form = CircleKey(circle=circle, key=b64(self._parts.entropy(32)))
        to = tuple(member for member in members if member != self._parts.me)
        text = f"The key under which the circle {circle} names its sources."
        made = {"circle": form.circle, "key": form.key}
        draft = Draft(kind="circle-key", tlp="AMBER+STRICT", title=circle, text=text, to=to, form=made)
        await publish(draft, viewer)
        return form


def _event(place: EventRef, matter: Matter, reports: dict[ItemId, tuple[Said[Report], Seen]]) -> EventView:
    event = reports[ItemId(place.report)][0].form.events[place.number]
    return EventView(
        number=place.number,
        event=event,
        credibility=credibility(matter, event),
        at_most=matter.at_most,
        denied_by=len(matter.denying),
        unknown=matter.unknown,
        independent=matter.independent,
        confirmed=matter.confirmed,
        disputed=matter.disputed,
        circular=place in matter.circular,
        same=tuple(_told(other, reports) for other in matter.events if other != place),
    )


def _told(place: EventRef, reports: dict[ItemId, tuple[Said[Report], Seen]]) -> ToldEvent:
    said, (verified, row) = reports[ItemId(place.report)]
    event = said.form.events[place.number]
    return ToldEvent(
        ref=row.ref,
        member=said.member,
        title=title_of(verified.statement),
        number=place.number,
        what=event.what,
        how=event.how,
        polarity=event.polarity,
    )
