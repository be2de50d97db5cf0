"""The register of disseminations: what this member gave, to whom and by what right, when it came and was destroyed.

And measures of the desk: how a member marks, and how long whoever asks it waits. Nothing counts that the reader of it
may not know of: a number tells of what it counts.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from statistics import median
from typing import Final, TypeVar

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.core.release import Viewer
from quartet.core.statement import FACT_KINDS
from quartet.node.consents import Consents
from quartet.node.desk.consenting import ConsentRoom
from quartet.node.desk.consentviews import ConsentPage
from quartet.node.desk.requests import Requests
from quartet.node.desk.requestviews import RequestPage
from quartet.node.drafting import title_of
from quartet.node.paging import first
from quartet.node.parts import Parts
from quartet.node.reading import Reading
from quartet.node.registerviews import MAX_DAYS, MAX_ENTRIES, Entry, Got, Measures, Register, Waits
from quartet.node.seeing import Seeing
from quartet.node.shares import Shares
from quartet.node.views import moment
from quartet.store import ItemRow

SCAN: Final = 50
"""Items that are looked at in a run."""
DAY: Final = 24 * 3600 * SECOND
NEVER: Final = Micros(0)

P = TypeVar("P", RequestPage, ConsentPage)


class Dissemination:
    """Answers what was given to whom."""

    def __init__(
        self,
        parts: Parts,
        seeing: Seeing,
        reading: Reading,
        consents: Consents,
        requests: Requests,
        room: ConsentRoom,
    ) -> None:
        self._me = parts.me
        self._clock = parts.clock
        self._reader = parts.store.reader
        self._seeing = seeing
        self._reading = reading
        self._consents = consents
        self._requests = requests
        self._room = room
        self._shares = Shares()

    async def register(self, viewer: Viewer, after: str, limit: int) -> Register:
        """Return what this member gave to others, of what the viewer may know; raise `Malformed("bad-query")`."""
        begin, _ = self._reading.place(viewer, after)

        async def entries() -> AsyncIterator[list[tuple[int, Entry]]]:
            async for rows in self._own(viewer, begin):
                made = ((row.admission, self._entry(row, viewer)) for row in rows)
                yield [(admission, entry) for admission, entry in made if entry is not None and entry.given]

        page, last = await first(entries(), limit, MAX_ENTRIES)
        return Register(items=page, next=None if last is None else self._reading.cursor(viewer, last))

    async def measures(self, viewer: Viewer, days: int) -> Measures:
        """Return how this member marked and answered in some days; raise `Malformed("bad-query")`."""
        if not 1 <= days <= MAX_DAYS:
            raise Malformed("bad-query", f"days: {days} where 1 to {MAX_DAYS} may be")
        since = Micros(self._clock.now() - days * DAY)
        labels: dict[str, int] = {}
        async for rows in self._own(viewer, 0, since):
            for row in rows:
                labels[row.tlp] = labels.get(row.tlp, 0) + 1
        pages = [page async for page in _pages(since, partial(self._requests.page, viewer, "all"))]
        asked = [row for page in pages for row in page.items if row.at >= moment(since) and self._me in row.asked]
        late = sum(self._me in row.overdue for row in asked)
        return Measures(days, dict(sorted(labels.items())), len(asked), late, await self._waits(viewer, since))

    async def _own(self, viewer: Viewer, after: int, since: Micros = NEVER) -> AsyncIterator[list[ItemRow]]:
        """Look through the items of this member's, since a time, that a viewer may know of, the newest first."""
        while True:
            async with self._shares.slice(viewer):
                now = self._clock.now()
                rows = self._reader.items(after, SCAN, author=self._me, newest=True)
                own = [row for row in rows if row.kind not in FACT_KINDS and row.at >= since]
                known = [row for row in own if self._seeing.known(row.id, viewer, now) is not None]
            yield known
            if len(rows) < SCAN or rows[-1].at < since:
                return
            after = rows[-1].admission

    def _entry(self, row: ItemRow, viewer: Viewer) -> Entry | None:
        """Return an item's entry; None where the viewer may not know of it any more since it was looked up."""
        now = self._clock.now()
        known = self._seeing.known(row.id, viewer, now)
        if known is None:
            return None
        receipts = self._reading.receipts(viewer, row.id)
        owing = {*receipts.owed, *receipts.unreachable}
        members = sorted({*receipts.delivered, *receipts.purged, *owing} - {self._me})
        grants = self._consents.granted(row) if members else {}
        seen = self._seeing.see(row.id, viewer, now)
        given = tuple(
            Got(m, receipts.delivered.get(m), grants.get(m, ()), receipts.purged.get(m), m in owing) for m in members
        )
        title = None if seen is None else title_of(seen.item.statement)
        return Entry(row.id, row.ref, row.kind, known.tlp, title, moment(row.at), given)

    async def _waits(self, viewer: Viewer, since: Micros) -> Waits:
        """Return how long those waited who asked for this member's consent since a time."""
        pages = [page async for page in _pages(since, partial(self._room.page, viewer, "all"))]
        asked = [one for page in pages for one in page.items if one.at >= moment(since)]
        ours = [share for one in asked for share in one.shares if share.member == self._me]
        waited = [share.waited_s for share in ours if share.waited_s is not None]
        return Waits(len(ours), len(waited), median(waited) if waited else None)


async def _pages(since: Micros, ask: Callable[[str, int], Awaitable[P]]) -> AsyncIterator[P]:
    """Yield the pages of a list, the newest first, until one ends before a time."""
    after: str | None = ""
    while after is not None:
        page = await ask(after, MAX_ENTRIES)
        yield page
        after = page.next if page.items and page.items[-1].at >= moment(since) else None
