"""Alarm desks of warnings as they are stored: a stream of its own, which no backlog of other news holds up.

Each desk is told what she sees, and again whenever what is known of it may ring otherwise. Nothing is kept for one who
is away: she lists what is in force when she comes, and is told what comes then.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Final

from quartet.core.facts import fact_of
from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified
from quartet.core.warning import WARNING_KINDS
from quartet.desk import KIND_OF
from quartet.desk.warning import Ack, Check, Proposed
from quartet.node.desk.warnings import Warnings
from quartet.node.desk.warningviews import Alarmed, WarningRow
from quartet.node.holdings import Holdings

MAX_WAITING: Final = 256
"""Warnings that wait for one desk; of those beyond she is told to list anew."""
MAX_TOUCHED: Final = 4_096
"""Of what was touched so much is remembered for one desk; a page lists anew by itself in a few seconds."""
MAX_ROWS: Final = 64
LOOK_S: Final = 1.0
RECALLS: Final = frozenset({"recall", "cancel-recall"})
TOLD: Final = WARNING_KINDS | RECALLS | {KIND_OF[Ack], KIND_OF[Check], KIND_OF[Proposed]}
"""Warnings, and what may change how one stands."""


class WarningWatch:
    """Hands warnings to whoever watches for them."""

    def __init__(self, holdings: Holdings, warnings: Warnings) -> None:
        self._holdings = holdings
        self._warnings = warnings
        self._desks: set[_Desk] = set()
        self._rows: OrderedDict[ItemId, WarningRow | None] = OrderedDict()
        holdings.on_news.append(self._news)
        holdings.on_purged.append(self._purged)

    def _news(self, verified: Verified) -> None:
        kind = verified.statement.kind
        if kind in FACT_KINDS:  # whatever is known of a warning now, its row may be another, or none
            self._rows.clear()
        if not self._desks or kind not in TOLD:
            return
        items = self._touched(verified) if kind in RECALLS else (verified.id,)
        for desk in self._desks:
            for item in items:
                desk.put(item, came=kind in WARNING_KINDS)

    def _purged(self, item: ItemId) -> None:
        self._rows.pop(item, None)

    def _touched(self, verified: Verified) -> tuple[ItemId, ...]:
        """Return the warnings that a recall, or its cancellation, is about."""
        items = self._holdings.touched(fact_of(verified, None))
        rows = self._holdings.store.reader.rows(items).values()
        return tuple(row.id for row in rows if row.kind in WARNING_KINDS)

    async def hear(self, viewer: Viewer) -> AsyncIterator[Alarmed]:
        """Tell a viewer of each warning that comes and that she sees; `changed` without a row is: list anew.

        That something changed is told of what she may know of alone: else it would tell her that there is something.
        So is that a RED one came: its words are listed, where who reads them signs for it.
        """
        desk = _Desk()
        self._desks.add(desk)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await desk.bell.wait()
                came, touched = desk.taken()
                listed = False
                for item in dict.fromkeys(came):
                    sight = self._warnings.sees(viewer, item)
                    listed = listed or sight == "list"
                    row = self._row(item) if sight == "row" else None
                    if row is not None:
                        yield Alarmed(row=row)
                    row = None  # while she waits for the next, nothing of this one stays in memory
                if listed or any(self._warnings.knows(viewer, item) for item in touched):
                    yield Alarmed(changed=True)
        finally:
            self._desks.discard(desk)
            if not self._desks:
                self._rows.clear()

    def _row(self, item: ItemId) -> WarningRow | None:
        """Return the row of a warning; made once for all who see it."""
        if item not in self._rows:
            self._rows[item] = self._warnings.bare(item)
            while len(self._rows) > MAX_ROWS:
                self._rows.popitem(last=False)
        return self._rows[item]


class _Desk:
    """What waits for one desk: warnings that came, and items by which something may have changed."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self._came: list[ItemId] = []
        self._touched: set[ItemId] = set()

    def put(self, item: ItemId, *, came: bool) -> None:
        """Note an item. Of one too many its name stays: that it came is told to none who may not know of it."""
        if came and len(self._came) < MAX_WAITING:
            self._came.append(item)
        elif len(self._touched) < MAX_TOUCHED:
            self._touched.add(item)
        self.bell.set()

    def taken(self) -> tuple[list[ItemId], set[ItemId]]:
        """Return what waits, and forget it."""
        found = self._came, self._touched
        self._came, self._touched = [], set()
        self.bell.clear()
        return found
