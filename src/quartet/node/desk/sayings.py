"""What was said in forms, as one viewer may see it: the input of every fold, and the gate before it.

What speaks about an item cites it, so it is found by the item. A fold over what a viewer sees gives her the state that
her items justify, and tells nothing of those that she may not see.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from quartet.core.encoding import Value
from quartet.core.facts import corrections
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.recall import evidence, hidden
from quartet.core.release import Viewer
from quartet.core.statement import DEADLINE_KINDS
from quartet.core.verify import Verified
from quartet.desk import FORMS, KIND_OF, Said, form_of
from quartet.node.cursor import Cursors
from quartet.node.drafting import sensor_of, title_of
from quartet.node.holdings import Holdings
from quartet.node.inforce import Drilled, drills
from quartet.node.paging import first
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.records import Records
from quartet.node.seeing import Seeing, unknown, viewer_of
from quartet.node.shares import Shares
from quartet.node.viewing import view_to_state
from quartet.node.views import MAX_PAGE
from quartet.store import ItemRow
from quartet.store.movements import After

F = TypeVar("F", bound=Value)
R = TypeVar("R")
Seen = tuple[Verified, ItemRow]

SLICE: Final = 25
"""Items that are looked at in a run, each with all that was said about it."""


class Asked(NamedTuple):
    """Which page of a list: after which cursor, and how many rows at most."""

    after: str = ""
    limit: int = MAX_PAGE


class Sayings:
    """Finds what was said."""

    def __init__(
        self,
        parts: Parts,
        holdings: Holdings,
        seeing: Seeing,
        records: Records,
        publisher: Publisher,
        cursors: Cursors,
    ) -> None:
        self._me = parts.me
        self._clock = parts.clock
        self._reader = parts.store.reader
        self._holdings = holdings
        self._seeing = seeing
        self._records = records
        self._publisher = publisher
        self._cursors = cursors
        self._shares = Shares()

    async def viewed(self, seen: Iterable[Seen], viewer: Viewer) -> None:
        """State what a person was shown: each RED item of another member in it is a view, which its author is told."""
        for verified, _ in seen:
            await self._publisher.viewed(verified, viewer)

    def unviewed(self, seen: Seen, viewer: Viewer, now: Micros) -> bool:
        """Return whether showing an item to a person would be a view that she has not signed for yet."""
        return view_to_state(seen[0], viewer, self._me, self._holdings.facts, now) is not None

    def log_cursor(self, viewer: Viewer, place: tuple[int, int]) -> str:
        """Return a place in a log, a time and a number, written so that it tells its viewer nothing."""
        return ".".join(self._cursors.seal(viewer, one) for one in place)

    def log_place(self, viewer: Viewer, cursor: str) -> After:
        """Return the place that such a cursor means; raise `Malformed("bad-cursor")`."""
        at, _, number = cursor.partition(".")
        return After(self._cursors.open(viewer, at), self._cursors.open(viewer, number))

    def now(self) -> Micros:
        """Return the time of this look."""
        return self._clock.now()

    def ref(self, item: ItemId, viewer: Viewer, now: Micros) -> str:
        """Return what people call an item that a viewer may know of; the id, as her own item names it, of any other."""
        row = self._seeing.known(item, viewer, now)
        return item if row is None else row.ref

    def row(self, item: ItemId, viewer: Viewer, now: Micros) -> tuple[str, str]:
        """Return what people call an item that a viewer sees, and its label in force."""
        row = self._seeing.known(item, viewer, now)
        return (item, "") if row is None else (row.ref, row.tlp)

    def marking(self, item: Verified) -> Marking:
        """Return how an item is marked now."""
        return self._holdings.marking(item, self.now())

    def drills(self, item: Verified) -> bool:
        """Return whether an item, or any part that it carries, is of an exercise."""
        return drills(item, self._holdings.facts, self.now())

    def drilled(self) -> Drilled:
        """Return who tells of the items on which a page rests whether they are of an exercise."""
        return Drilled(self._holdings.verified, self._holdings.facts, self.now())

    def shut_out(self, subject: ItemId, item: ItemId) -> tuple[OfficerName, ...]:
        """Return who of our officers sees one item and not another: who sees both may know, by what both bear."""
        now, officers = self.now(), self._holdings.registry.keyring.officers(self._me)
        viewers = [viewer_of(self._me, one) for one in officers]
        subjects = (one for one in viewers if self._seeing.see(subject, one, now) is not None)
        return tuple(sorted(one.name for one in subjects if self._seeing.see(item, one, now) is None))

    def readers(self, item: ItemId) -> tuple[OfficerName, ...]:
        """Return who of our officers sees an item: told to who sees it too."""
        return tuple(sorted(name for name, sees in self._officers(item) if sees))

    def for_all(self, item: ItemId) -> bool:
        """Return whether each of our officers sees an item."""
        return all(sees for _, sees in self._officers(item))

    def _officers(self, item: ItemId) -> Iterator[tuple[OfficerName, bool]]:
        """Yield our officers, each with whether she sees an item, as she is when she states no purpose."""
        now = self.now()
        for one in self._holdings.registry.keyring.officers(self._me):
            yield one.name, self._seeing.see(item, viewer_of(self._me, one), now) is not None

    def find(self, ref: str, form: type[F], viewer: Viewer, now: Micros) -> tuple[Said[F], Seen]:
        """Return an item that a viewer may see and that has this form; raise `Unavailable("unknown-item")`."""
        found, row = self._seeing.find(ref, viewer, now)
        said = self.said((found.item, row), form)
        if said is None:
            raise unknown()
        return said, (found.item, row)

    def kind(self, ref: str, viewer: Viewer, now: Micros) -> str:
        """Return of which kind an item is that a viewer may see; raise `Unavailable("unknown-item")`."""
        return self._seeing.find(ref, viewer, now)[1].kind

    def feed(self, item: ItemId, viewer: Viewer, now: Micros) -> tuple[str, str]:
        """Return the title of a feed that a viewer sees, and what sort of sensor it is of; nothing of any other."""
        seen = self._seeing.see(item, viewer, now)
        return ("", "") if seen is None else (title_of(seen.item.statement), sensor_of(seen.item.statement))

    def said(self, seen: Seen, form: type[F]) -> Said[F] | None:
        """Return what an item says in its form; None where it does not have this one."""
        verified, _ = seen
        found = form_of(verified.statement, form)
        if found is None:
            return None
        statement = verified.statement
        return Said(
            id=verified.id,
            member=statement.member,
            officer=statement.officer,
            at=Micros(statement.at),
            form=found,
            hat=statement.hat,
            timely=self._timely(seen),
        )

    def _timely(self, seen: Seen) -> Micros | None:
        """Return since when an item with a deadline is proven; None for one that could still be taken back.

        By who witnessed when it was said: who comes or goes afterwards makes nothing late.
        """
        verified, row = seen
        if row.kind not in DEADLINE_KINDS or not evidence(verified.controls):
            return None
        said = verified.statement
        return None if said.marking.expiry is not None else self._records.earliest(row, Micros(said.at))

    def replaced_by(self, item: Verified) -> tuple[ItemId, ...]:
        """Return what its author said in the place of an item; whoever was sent it is told, also who has that not."""
        return corrections(item, self._holdings.facts)

    def received(self, item: ItemId) -> dict[MemberId, Micros]:
        """Return when an item came to each member: of ours by their receipts, of another's our own time alone.

        Whoever HOLDS it did not understand it: there it alarms nobody and asks nothing, until an upgrade.
        """
        row = self._reader.row(item)
        if row is None:
            return {}
        receipts = self._reader.receipts(item) if row.mine else ()
        return {member: at for member, answer, at, _ in receipts if answer == "VERIFIED"} | {self._me: row.received}

    def about(self, item: ItemId, viewer: Viewer, now: Micros) -> "About":
        """Return what was said about an item, as far as a viewer may see it."""
        rows = self._reader.rows(self._reader.citing(item)).values()
        typed = (row for row in rows if row.kind in FORMS and row.state != "PURGED")
        seen = ((self._seeing.see(row.id, viewer, now), row) for row in typed)
        found = [(released.item, row) for released, row in seen if released is not None]
        return About(self, [(item, self._holdings.labelled(row, item, now)) for item, row in found])

    def held(self, item: ItemId) -> "About":
        """Return what stands of what was said about an item, for what the member does, not for any officer."""
        return About(self, [one for one in self.kept(item).seen.values() if self.stands(one[0])])

    def kept(self, item: ItemId) -> "About":
        """Return what this node holds of what was said about an item, taken back or not."""
        rows = self._reader.rows(self._reader.citing(item)).values()
        typed = (row for row in rows if row.kind in FORMS and row.state != "PURGED")
        held = ((self._holdings.verified(row.id), row) for row in typed)
        return About(self, [(verified, row) for verified, row in held if verified is not None])

    def stands(self, item: Verified) -> bool:
        """Return whether what is held counts: what was taken back does not, from the recall on and not from the purge.

        What `hold` leaves with its holders counts on.
        """
        return not hidden(item, self._holdings.facts, self._holdings.registry.membership, self.now())

    def among(self, items: Iterable[ItemId], form: type[F], viewer: Viewer, now: Micros) -> list[tuple[Said[F], Seen]]:
        """Return those of some items that have a form and that a viewer sees."""
        rows = self._reader.rows(items).values()
        return [one for row in rows if (one := self._seen(row, form, viewer, now)) is not None]

    async def many(self, items: Sequence[ItemId], form: type[F], viewer: Viewer) -> list[tuple[Said[F], Seen]]:
        """Return the same of however many items: others have their turn between slices."""
        found: list[tuple[Said[F], Seen]] = []
        for begin in range(0, len(items), SLICE):
            async with self._shares.slice(viewer):
                found += self.among(items[begin : begin + SLICE], form, viewer, self.now())
        return found

    def held_among(self, items: Iterable[ItemId], form: type[F]) -> list[Said[F]]:
        """Return those of some items that have a form and stand, for what the member does, not for any officer."""
        return [said for said, (verified, _) in self.kept_among(items, form) if self.stands(verified)]

    def kept_among(self, items: Iterable[ItemId], form: type[F]) -> list[tuple[Said[F], Seen]]:
        """Return those of some items that have a form and are held, taken back or not."""
        rows = self._reader.rows(items).values()
        held = ((self._holdings.verified(row.id), row) for row in rows if row.state != "PURGED")
        found = ((verified, row) for verified, row in held if verified is not None)
        return [(said, seen) for seen in found if (said := self.said(seen, form)) is not None]

    async def page(
        self,
        asked: Asked,
        form: type[F],
        viewer: Viewer,
        told: Callable[[Said[F], Seen, Micros], R],
        wanted: Callable[[R], bool],
    ) -> tuple[tuple[R, ...], str | None]:
        """Return what is told of the items of a form that a viewer sees, the newest first, where it is wanted.

        The second is the `after` of the next page, None at the end. Raise `Malformed("bad-query")`.
        """
        begin, _ = self._cursors.place(viewer, asked.after)

        async def rows() -> AsyncIterator[list[tuple[int, R]]]:
            async for found in self.slices(form, viewer, begin):
                now = self.now()
                made = ((seen[1].admission, told(said, seen, now)) for said, seen in found)
                yield [(admission, row) for admission, row in made if wanted(row)]

        page, last = await first(rows(), asked.limit, MAX_PAGE)
        return page, None if last is None else self._cursors.at(viewer, last)

    async def slices(self, form: type[F], viewer: Viewer, after: int = 0) -> AsyncIterator[list[tuple[Said[F], Seen]]]:
        """Look through all items of a form that a viewer sees, the newest first, a slice at a time."""
        while True:
            async with self._shares.slice(viewer):
                now = self.now()
                rows = self._reader.items(after, SLICE, kind=KIND_OF[form], newest=True)
                found = [one for row in rows if (one := self._seen(row, form, viewer, now)) is not None]
            yield found
            if len(rows) < SLICE:
                return
            after = rows[-1].admission

    def _seen(self, row: ItemRow, form: type[F], viewer: Viewer, now: Micros) -> tuple[Said[F], Seen] | None:
        released = None if row.state == "PURGED" else self._seeing.see(row.id, viewer, now)
        if released is None:
            return None
        seen = (released.item, self._holdings.labelled(row, released.item, now))
        said = self.said(seen, form)
        return None if said is None else (said, seen)


class About:
    """What was said about one item, by form; with the items themselves."""

    def __init__(self, sayings: Sayings, seen: Iterable[Seen]) -> None:
        self._sayings = sayings
        self.seen: dict[ItemId, Seen] = {one[0].id: one for one in seen}
        self._said: dict[str, tuple[Said[Any], ...]] = {}

    def plus(self, others: Iterable["About"]) -> "About":
        """Return this with what was said about other items."""
        found = dict(self.seen)
        for other in others:
            found |= other.seen
        return About(self._sayings, found.values())

    def alike(self, item: Verified, form: type[F]) -> tuple[Said[F], ...]:
        """Return what was said in one form in the world that an item is of: a drill's word counts for no other."""
        drills = self._sayings.drills
        return tuple(one for one in self.said(form) if drills(self.seen[one.id][0]) is drills(item))

    def said(self, form: type[F]) -> tuple[Said[F], ...]:
        """Return what was said in one form."""
        kind = KIND_OF[form]
        if kind not in self._said:
            found = (self._sayings.said(one, form) for one in self.seen.values() if one[1].kind == kind)
            self._said[kind] = tuple(one for one in found if one is not None)
        return self._said[kind]
