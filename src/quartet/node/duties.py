"""The duty board as one viewer may see it: who is on watch at each member, and what our last watch left to the next.

It is folded from the items that she sees and from no others; a board that shows nobody does not tell whether there is
a watch that she is not told of.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from quartet.core.ids import MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import OnWatch, Watch, board, form_of
from quartet.node.dutyviews import Board, NoteView, WatchView
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.shares import Shares
from quartet.node.views import moment
from quartet.store import ItemRow

LOOK_BACK: Final = 32
"""Of how many items of each member that she sees, the newest first, the board is folded."""
SLICE: Final = 100
"""Items that are looked at in a run."""
MAX_NOTES: Final = 5


class Duties:
    """Answers who is on watch."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, seeing: Seeing) -> None:
        self._parts = parts
        self._holdings = holdings
        self._registry = registry
        self._seeing = seeing
        self._shares = Shares()

    async def board(self, viewer: Viewer) -> Board:
        """Return the board as a viewer may see it; what was taken back meanwhile is not on it."""
        found = [one for member in self._members() for one in await self._seen(member, "duty", viewer)]
        left = await self._seen(self._parts.me, "handover", viewer)
        now = self._parts.clock.now()
        seen = {v.id: (v, row) for v, row in found if self._seeing.see(v.id, viewer, now) is not None}
        told = [one for verified, _ in seen.values() for one in _told(verified)]
        watches = (_watch(one, seen[one.item][1], now) for _, one in sorted(board(told).items()))
        notes = [_note(v, row) for v, row in left if self._seeing.see(v.id, viewer, now) is not None]
        return Board(watches=tuple(watches), notes=tuple(notes[:MAX_NOTES]))

    def _members(self) -> list[MemberId]:
        return [self._parts.me, *self._registry.others()]

    async def _seen(self, author: MemberId, kind: str, viewer: Viewer) -> list[tuple[Verified, ItemRow]]:
        """Return the newest items of a kind that a viewer sees: those that she does not take no place of theirs."""
        found: list[tuple[Verified, ItemRow]] = []
        after = 0
        while len(found) < LOOK_BACK:
            async with self._shares.slice(viewer):
                now = self._parts.clock.now()
                rows = self._parts.store.reader.items(after, SLICE, author, kind, newest=True)
                held = ((self._seeing.see(row.id, viewer, now), row) for row in rows if row.state != "PURGED")
                seen = [(released.item, row) for released, row in held if released is not None]
                found += [(item, self._holdings.labelled(row, item, now)) for item, row in seen]
            if len(rows) < SLICE:
                break
            after = rows[-1].admission
        return found[:LOOK_BACK]


def _told(verified: Verified) -> Iterator[OnWatch]:
    said = verified.statement
    form = form_of(said, Watch)
    if form is not None:
        yield OnWatch(item=verified.id, member=said.member, officer=said.officer, at=said.at, watch=form)


def _watch(one: OnWatch, row: ItemRow, now: Micros) -> WatchView:
    return WatchView(
        member=one.member,
        ref=row.ref,
        tlp=row.tlp,
        officer=one.officer,
        name=one.watch.name,
        role=one.watch.role,
        phones=one.watch.phones,
        at=moment(one.at),
        until=moment(Micros(one.watch.until)),
        over=one.over(now),
    )


def _note(verified: Verified, row: ItemRow) -> NoteView:
    said = verified.statement
    text = msgspec.json.decode(said.body).get("text", "")
    return NoteView(ref=row.ref, tlp=row.tlp, officer=said.officer, at=moment(said.at), text=text)
