"""Lists: what a viewer may see and asked for, row by row, in the order of her own admissions.

Each row has passed the gate for her before it is looked at; so has whatever a row counts.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from quartet.core.facts import corrections
from quartet.core.ids import ItemId, Micros
from quartet.core.recall import recalled
from quartet.core.release import Viewer
from quartet.core.statement import FACT_KINDS
from quartet.core.terms import FOREVER, terms_at
from quartet.core.verify import Verified
from quartet.node.asking import Query
from quartet.node.cursor import Cursors
from quartet.node.drafting import title_of
from quartet.node.eventnames import NOTHING, REPORT, EventNames, Wanted
from quartet.node.holdings import Holdings
from quartet.node.inforce import drills
from quartet.node.portions import portions
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.shares import Shares
from quartet.node.threads import Beside, Threads
from quartet.node.views import Page, Row, micros, moment
from quartet.node.wordbook import Wordbook, says, sought
from quartet.store import ItemRow

Found = tuple[list[tuple[int, Row]], int | None, Wanted]


class Listing:
    """Makes pages and rows."""

    def __init__(
        self,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        threads: Threads,
        cursors: Cursors,
        book: Wordbook,
        names: EventNames,
    ) -> None:
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._threads = threads
        self._cursors = cursors
        self._book = book
        self._names = names
        self._shares = Shares()

    async def read(self, viewer: Viewer, query: Query) -> Page:
        """Return a page of what a viewer may see.

        However much lies here, whatever else the node has to do has its turn again and again; what she may see no more
        by then is not on the page.
        """
        found, more, wanted = await self.found(viewer, query)
        now = self._holdings.clock.now()
        stands = self.standing(wanted, viewer, now)
        page = [(at, row) for at, row in found if stands(row.id)]
        after = None if more is None else self._cursors.at(viewer, more)
        newest = max((admission for admission, _ in page), default=None)
        head = "" if newest is None else self._cursors.at(viewer, newest)
        return Page(items=tuple(row for _, row in page), next=after, head=head)

    async def found(self, viewer: Viewer, query: Query) -> Found:
        """Return the rows of a page with their admissions, that of the last if more follow, and what was looked for.

        Of all that one officer asks at once, one slice is looked at between two turns of whatever else there is to do.
        """
        rows: list[tuple[int, Row]] = []
        after: int | None = self._cursors.place(viewer, query.after)[0]
        terms = sought(query)
        wanted = await self._names.wanted(viewer, query, self._holdings.clock.now())
        while after is not None:
            async with self._shares.slice(viewer):
                found, after = self._book.slice(query, terms, after, _narrowed(query))
                rows += await self._of_events(await self._slice(found, viewer, query), wanted)
                if len(rows) > query.limit:
                    return rows[: query.limit], rows[query.limit - 1][0], wanted
        return rows, None, wanted

    def standing(self, wanted: Wanted, viewer: Viewer, now: Micros) -> Callable[[ItemId], bool]:
        """Return what tells of an item that was found whether it still is: a viewer sees it, and may know it by that.

        A name that was made of a key finds no longer than she sees the key.
        """
        left = self._names.still(wanted, viewer, now)

        def stands(item: ItemId) -> bool:
            seen = self._seeing.see(item, viewer, now)
            return seen is not None and (left is wanted or left == wanted or left.fits(seen.item.statement))

        return stands

    async def _of_events(self, rows: list[tuple[int, Row]], wanted: Wanted) -> list[tuple[int, Row]]:
        """Return the rows of reports that tell of what is looked for; to compare names takes a while."""
        if wanted == NOTHING or not rows:
            return rows
        items = {row.id: verified for _, row in rows if (verified := self._holdings.verified(row.id)) is not None}
        fit = await asyncio.to_thread(lambda: {item for item, one in items.items() if wanted.fits(one.statement)})
        return [(at, row) for at, row in rows if row.id in fit]

    async def _slice(self, found: list[ItemRow], viewer: Viewer, query: Query) -> list[tuple[int, Row]]:
        seen: list[tuple[int, Row]] = []
        for some in portions(found, self._size):
            now = self._holdings.clock.now()
            beside = self._threads.once(viewer, now)
            asked = ((row.admission, self._asked(row, viewer, query, now, beside)) for row in some)
            seen += [(admission, one) for admission, one in asked if one is not None]
            await asyncio.sleep(0)
        return seen

    def _size(self, row: ItemRow) -> int:
        """Return how many bytes an item is, which is how long it takes to look at; 0 for what is not held."""
        held = None if row.kind in FACT_KINDS or row.state == "PURGED" else self._holdings.verified(row.id)
        return 0 if held is None else len(held.signed)

    def row(self, row: ItemRow, viewer: Viewer, now: Micros) -> Row | None:
        """Return an item as a list shows it to a viewer; None where she may not see it."""
        return self._asked(row, viewer, Query(), now, self._threads.once(viewer, now))

    def view(self, verified: Verified, row: ItemRow, viewer: Viewer, now: Micros) -> Row:
        """Return an item that a viewer may see as a list shows it to her."""
        return self._view(verified, row, viewer, now, self._threads.once(viewer, now))

    def _view(self, verified: Verified, row: ItemRow, viewer: Viewer, now: Micros, conversations: Beside) -> Row:
        subject = self._threads.subject_seen(verified, viewer, now)
        beside = conversations.of(verified.id)
        return Row(
            id=verified.id,
            ref=row.ref,
            author=row.author,
            kind=row.kind,
            title=_title(verified, row),
            tlp=self._holdings.label(verified, now),
            at=moment(row.at),
            precedence=row.precedence,  # type: ignore[arg-type]  # one of the words of statements
            recalled=self._recalled(verified),
            thread=None if subject is None else subject[1].ref,
            messages=len(beside),
            spoken=moment(Micros(beside[-1][0].statement.at)) if beside else None,
            expires=self._expires(verified, viewer, now),
            corrected=bool(corrections(verified, self._holdings.facts)),
            exercise=drills(verified, self._holdings.facts, now),
        )

    def _asked(self, row: ItemRow, viewer: Viewer, query: Query, now: Micros, beside: Beside) -> Row | None:
        if row.kind in FACT_KINDS or row.state == "PURGED":
            return None
        seen = self._seeing.see(row.id, viewer, now)
        if seen is None:
            return None
        verified = seen.item
        if query.threads and not query.looks_inside:
            standing = self._stands_for(verified, row, viewer, now, beside)
            if standing is None:
                return None
            verified, row = standing
        return self._view(verified, row, viewer, now, beside) if self._fits(query, verified, row) else None

    def _stands_for(
        self, verified: Verified, row: ItemRow, viewer: Viewer, now: Micros, conversations: Beside
    ) -> tuple[Verified, ItemRow] | None:
        """Return the subject of the conversation whose newest admission this row is; None for all the others of it."""
        root = self._threads.subject_seen(verified, viewer, now) or (verified, row)
        beside = conversations.of(root[0].id)
        newest = max([root[1].admission, *(one.admission for _, one in beside)])
        return root if row.admission == newest else None

    def _recalled(self, verified: Verified) -> bool:
        return recalled(verified, self._holdings.facts, self._registry.membership)

    def _expires(self, verified: Verified, viewer: Viewer, now: Micros) -> Any:
        """Return when an item closes for a viewer, by what others control of it; None for never."""
        foreign = [c for c in verified.controls if c.control.controller != viewer.member]
        at = min((terms_at(c.control, self._holdings.facts.on(c.id), now).expires for c in foreign), default=FOREVER)
        return None if at == FOREVER else moment(at)

    def _fits(self, query: Query, verified: Verified, row: ItemRow) -> bool:
        """Return whether an item is as asked for."""
        said = verified.statement
        for asked, has in (
            (query.tlp, self._holdings.label(verified, self._holdings.clock.now())),
            (query.precedence, row.precedence),
            (query.author, row.author),
            (query.kind, row.kind),
        ):
            if asked not in (None, has):
                return False
        if query.since is not None and row.at < micros(query.since):
            return False
        if query.until is not None and row.at >= micros(query.until):
            return False
        if query.recalled and not self._recalled(verified):
            return False
        if query.files and not self._threads.files(verified):
            return False
        terms = sought(query)
        return not terms or says(self._book.told(said, row.ref, row.admission), terms)


def _narrowed(query: Query) -> dict[str, str | None]:
    """Return which items alone the store need look at; a conversation's row is found by its messages too.

    What label is in force no store knows: it was narrowed since, or came down by its own date.
    """
    names = () if query.threads else ("author", "kind", "precedence")
    narrowed: dict[str, str | None] = {name: getattr(query, name) for name in names}
    return narrowed if query.kind or not query.of_events else {**narrowed, "kind": REPORT}


def _title(verified: Verified, row: ItemRow) -> str:
    """Return what a list shows of an item, and whether FLASH was claimed for it once too often."""
    title = title_of(verified.statement)
    claimed = verified.statement.precedence == "FLASH" != row.precedence
    return f"(claimed FLASH) {title}"[:300] if claimed else title
