"""Find events of reports by where they were and by who knew them first: by a name, as one viewer may know it.

A blinded root is found by a name only under a circle's key that she herself sees: without it, to guess right and to
guess wrong are answered alike. Nothing is kept: what she sees is read each time anew, and what is destroyed is gone.
"""

import asyncio
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.ids import HASH_PATTERN, ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import Statement
from quartet.core.verify import Verified
from quartet.desk import form_of
from quartet.desk.report import Report, ReportedEvent
from quartet.desk.roots import MAX_NAME, CircleKey, counts, folded, root_of
from quartet.intake.alike.placed import Placed, asked_for, is_at
from quartet.intake.names.led import unled
from quartet.node.aliases import AliasBook
from quartet.node.asking import Query
from quartet.node.drafting import circles_of
from quartet.node.gazetteer.called import PlaceNames
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.shares import Shares

SLICE: Final = 25
"""Keys of circles that are looked at in a run."""
MAX_KEYS: Final = 64
"""Keys under which a name is blinded, the newest that she sees: a circle has one, few have two."""
REPORT: Final = "report"


class Blinded(Value, frozen=True):
    """Ids that a source may have, and the item with the key that makes them; None: the id itself was asked for."""

    key: ItemId | None
    roots: frozenset[str]


class Wanted(NamedTuple):
    """What is looked for of an event: None where it may be anywhere, and known first by anybody."""

    place: Placed | None = None
    roots: tuple[Blinded, ...] | None = None

    def fits(self, said: Statement) -> bool:
        """Return whether one event of a report is all that is looked for."""
        if self == NOTHING:
            return True
        report = form_of(said, Report) if said.kind == REPORT else None
        return report is not None and any(self._is(event) for event in report.events)

    def _is(self, event: ReportedEvent) -> bool:
        if self.roots is not None and not any(one.roots & set(event.roots) for one in self.roots):
            return False
        return self.place is None or is_at(event.where, self.place)


NOTHING: Final = Wanted()
Circle = tuple[MemberId, ...]


class EventNames:
    """Makes of names what is looked for."""

    def __init__(self, parts: Parts, registry: Registry, seeing: Seeing, aliases: AliasBook) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._registry = registry
        self._seeing = seeing
        self._aliases = aliases
        self._places = PlaceNames(parts.places)
        self._shares = Shares()

    async def wanted(self, viewer: Viewer, query: Query, now: Micros) -> Wanted:
        """Return what a query looks for of an event; raise `Malformed("bad-places")` for a book that is damaged."""
        if not query.of_events:
            return NOTHING
        place = None if query.place is None else await asyncio.to_thread(self._placed, query.place)
        roots = None if query.root is None else await self._blinded(viewer, query.root, now)
        return Wanted(place, roots)

    def still(self, wanted: Wanted, viewer: Viewer, now: Micros) -> Wanted:
        """Return what is looked for, without what comes of a key that the viewer may see no more."""
        if wanted.roots is None:
            return wanted
        left = (one for one in wanted.roots if one.key is None or self._seeing.see(one.key, viewer, now) is not None)
        return wanted._replace(roots=tuple(left))

    def _placed(self, name: str) -> Placed:
        names = self._aliases.spellings(name)
        return asked_for(names, (other for one in names for other in self._places.of(one)))

    async def _blinded(self, viewer: Viewer, name: str, now: Micros) -> tuple[Blinded, ...]:
        """Return the ids of a source under each key that a viewer sees; what is an id already is one by itself."""
        said = self._aliases.spellings(name)
        names = sorted({one for spelt in said for one in (spelt, unled(spelt)) if 0 < len(folded(one)) <= MAX_NAME})
        itself = (Blinded(None, frozenset({name})),) if re.search(HASH_PATTERN, name) else ()
        keys = await self._keys(viewer, now)
        return (*itself, *(Blinded(item, frozenset(root_of(key, one) for one in names)) for item, key in keys))

    async def _keys(self, viewer: Viewer, now: Micros) -> list[tuple[ItemId, CircleKey]]:
        """Return the keys that a viewer sees, of circles that her member is in; those of others' making count too."""
        circles = {
            name: members for name, members in circles_of(self._registry.state.terms).items() if self._me in members
        }
        found: list[tuple[ItemId, CircleKey]] = []
        after = 0
        while circles and len(found) < MAX_KEYS:
            async with self._shares.slice(viewer):
                rows = self._reader.items(after, SLICE, kind="circle-key", newest=True)
                seen = (self._seeing.see(row.id, viewer, now) for row in rows if row.state != "PURGED")
                found += _made_for(circles, (one.item for one in seen if one is not None))
            if len(rows) < SLICE:
                break
            after = rows[-1].admission
        return found[:MAX_KEYS]


def _made_for(circles: dict[str, Circle], items: Iterable[Verified]) -> list[tuple[ItemId, CircleKey]]:
    """Return the keys among some items that a member of their circle made, for members of it alone."""
    found = list[tuple[ItemId, CircleKey]]()
    for item in items:
        said, form = item.statement, form_of(item.statement, CircleKey)
        members = circles.get(form.circle, ()) if form is not None else ()
        if form is not None and counts(said.member, said.marking, members):
            found.append((item.id, form))
    return found
