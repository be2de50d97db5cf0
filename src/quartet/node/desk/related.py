"""Items that have names, places or days in common with one, as far as a viewer may see: suggestions, with why.

All of it comes from items that passed the gate for her, in her own order, and it is asked again when it answers: at
one of few times, as a search does. How much is looked at follows from what she sees, never from what was read before.
"""

import asyncio
from typing import Final

from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.intake.names import Aliases
from quartet.intake.pages import read
from quartet.intake.related import Named, Shared, named, shared
from quartet.node.aliases import AliasBook
from quartet.node.asking import Query
from quartet.node.beat import Beat
from quartet.node.desk.readonce import ReadOnce
from quartet.node.desk.relatedviews import Common, RelatedItem, RelatedPage
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.drafting import text_of, title_of
from quartet.node.holdings import Holdings
from quartet.node.reading import Reading
from quartet.node.seeing import Seeing
from quartet.node.views import Row

MAX_ITEMS: Final = 150
"""Items that are looked at, the newest that she sees."""
MAX_LETTERS: Final = 4_000
"""Letters of an item, from its title on, that are read."""
MAX_READ: Final = 200_000
"""Letters of all of them: some seconds where none was read before."""
MAX_SHOWN: Final = 50


class Relations:
    """Answers what is related."""

    def __init__(
        self, holdings: Holdings, seeing: Seeing, reading: Reading, sayings: Sayings, aliases: AliasBook
    ) -> None:
        self._holdings = holdings
        self._seeing = seeing
        self._reading = reading
        self._sayings = sayings
        self._aliases = aliases
        self.reading = ReadOnce[Named | None](holdings)

    async def of(self, viewer: Viewer, ref: str) -> RelatedPage:
        """Return what is related to an item; raise `Unavailable("unknown-item")`.

        What is shown of a RED item of another member is a view.
        """
        beat = Beat()
        released, _ = self._seeing.find(ref, viewer, self._sayings.now())
        mine = await self._named(released.item)
        found, more = await self._found(released.item.id, mine, viewer) if mine else ([], False)
        await beat.wait()
        now = self._sayings.now()
        released, row = self._seeing.find(released.item.id, viewer, now)
        left = [(one, seen) for one in found if (seen := self._seen(one.item, viewer)) is not None]
        shown = left[:MAX_SHOWN]
        await self._sayings.viewed([(released.item, row), *(seen for _, seen in shown)], viewer)
        return RelatedPage(
            items=tuple(one for one, _ in shown), read=mine is not None, more=more or len(left) > MAX_SHOWN
        )

    async def _found(self, item: ItemId, mine: Named, viewer: Viewer) -> tuple[list[RelatedItem], bool]:
        page = await self._reading.read(viewer, Query(newest=True, limit=MAX_ITEMS))
        said = self._aliases.said()
        found: list[RelatedItem] = []
        letters = 0
        for row in page.items:
            verified = self._holdings.verified(row.id)
            if row.id == item or verified is None:
                continue
            letters += len(_text(verified))
            if letters > MAX_READ:
                return _ordered(found), True
            its = await self._named(verified)
            common = await asyncio.to_thread(_shared, mine, its, said) if its else ()
            if common:
                found.append(RelatedItem(row, tuple(Common(one.kind, one.mine, one.its) for one in common)))
        return _ordered(found), page.next is not None

    async def _named(self, verified: Verified) -> Named | None:
        """Return whom and what an item names; None where its language is not read."""
        return await self.reading.of(verified.id, lambda: _read(_text(verified)))

    def _seen(self, row: Row, viewer: Viewer) -> Seen | None:
        now = self._sayings.now()
        released = self._seeing.see(row.id, viewer, now)
        found = self._seeing.known(row.id, viewer, now)
        return None if released is None or found is None else (released.item, found)


def _text(verified: Verified) -> str:
    said = verified.statement
    return f"{title_of(said)}\n\n{text_of(said)}"[:MAX_LETTERS]


def _read(text: str) -> Named | None:
    page = read(text.encode(), "txt")
    return None if page.language is None else named(page)


def _shared(mine: Named, its: Named, said: Aliases) -> tuple[Shared, ...]:
    return shared(mine, its, said)


def _ordered(found: list[RelatedItem]) -> list[RelatedItem]:
    return sorted(found, key=lambda one: -len(one.why))
